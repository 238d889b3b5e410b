"""Invoices that other programs made, what they come to, and who was reminded of them (A52, B15, B28)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.model.credit import Owed
from domain.model.dunning import Reminder, UnpaidInvoice
from domain.model.invoice import Invoice
from domain.model.values import CustomerId, InvoiceId, MessageId, OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCard:
    """A card as an invoice needs it, the kept one where a merged one was named."""

    id: CustomerId
    code: str
    name: str
    confidentiality: str | None
    billed_to: CustomerId | None
    payment_party: CustomerId | None
    anonymised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCards:
    """Cards found by id and by code; what is not in the file is not there."""

    by_id: Mapping[CustomerId, NamedCard]
    by_code: Mapping[str, NamedCard]


class Invoices(Protocol):
    async def numbered(self, numbers: Collection[str]) -> dict[str, Invoice]:
        """Those of ``numbers`` that are known."""
        ...

    async def cards(self, ids: Collection[CustomerId], codes: Collection[str]) -> NamedCards:
        """The cards named, in one look; codes in capitals."""
        ...

    async def reminded(self, invoice_ids: Collection[InvoiceId]) -> dict[InvoiceId, Reminder]:
        """The last reminder of each that has one."""
        ...

    async def owed(self, customer_id: CustomerId, *, besides: OrderId | None = None) -> Owed:
        """What the customer owes and will owe (O13), without the order ``besides``."""
        ...

    def add(self, invoice: Invoice) -> None:
        """The commit raises ``TryAgain`` when somebody else added the number at this moment."""
        ...

    def save(self, invoice: Invoice) -> None:
        """The commit raises ``StaleVersion``."""
        ...

    async def unpaid(self, *, due_by: date) -> list[UnpaidInvoice]:
        """Invoices of which money is awaited and that were due by that day; none of a person who was blanked."""
        ...

    async def of_message(self, message_id: MessageId) -> Reminder | None:
        """The reminder that a message carries, of what is unpaid of its invoices by now; those that are paid are left out."""
        ...

    def remind(self, reminder: Reminder) -> None:
        """The commit raises ``TryAgain`` when an invoice was told of at the same step at this moment."""
        ...
