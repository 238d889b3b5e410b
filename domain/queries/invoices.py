"""Invoices from outside, read (A52): searched, counted, and those unpaid of a selection of customers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from domain.model.dunning import Reminder
from domain.model.invoice import Invoice, InvoiceState
from domain.model.values import CustomerId, DossierId, InvoiceId
from domain.queries.customers import CustomerFilter
from domain.queries.pages import Count, Page, PageRequest

SORTS = ("due_on", "issued_on", "number", "unpaid")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceParty:
    """A card as an invoice tells of it."""

    id: CustomerId
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """The last step of which a reminder told, and when."""

    step: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    """An invoice as it stands; ``payer`` is who pays it as the cards say now (B22)."""

    id: InvoiceId
    number: str
    customer: InvoiceParty
    billed: InvoiceParty
    payer: InvoiceParty
    issued_on: date
    due_on: date
    total: Decimal
    paid: Decimal
    unpaid: Decimal
    state: InvoiceState
    overdue_days: int
    reminded: Reminded | None
    comment: str | None
    updated_at: datetime
    version: int


def invoice_view(
    invoice: Invoice,
    *,
    customer: InvoiceParty,
    billed: InvoiceParty,
    payer: InvoiceParty,
    last: Reminder | Reminded | None,
    today: date,
) -> InvoiceView:
    """The invoice as its reader would answer it; ``last`` is the last reminder of it."""
    told = invoice.details
    reminded = last
    if isinstance(last, Reminder):
        step = next(each.step for each in last.invoices if each.id == invoice.id)
        reminded = Reminded(step=step, at=last.at)
    return InvoiceView(
        id=invoice.id,
        number=invoice.number,
        customer=customer,
        billed=billed,
        payer=payer,
        issued_on=told.issued_on,
        due_on=told.due_on,
        total=told.total,
        paid=told.paid,
        unpaid=told.unpaid,
        state=told.state,
        overdue_days=told.overdue_days(today),
        reminded=reminded if isinstance(reminded, Reminded) else None,
        comment=told.comment,
        updated_at=invoice.updated_at,
        version=invoice.version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFilter:
    """What to search; None means: whatever. ``due_to`` is excluded. ``clearance`` are the codes of cards he may see (B30)."""

    today: date
    clearance: Collection[str] | None
    customer_id: CustomerId | None = None
    payer_id: CustomerId | None = None
    unpaid: bool | None = None
    overdue: bool | None = None
    due_from: date | None = None
    due_to: date | None = None
    states: tuple[InvoiceState, ...] = ()
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpaidSum:
    """How many invoices are not paid, and euros still to be paid of them; credit notes take away."""

    count: int
    unpaid: Decimal


class InvoiceReader(Protocol):
    """Reads the committed invoices of one dossier."""

    async def by_number(
        self, dossier: DossierId, number: str, *, clearance: Collection[str] | None, today: date
    ) -> InvoiceView:
        """Raises ``NotFound``, also for one of a card that he may not see (B30)."""
        ...

    async def search(self, dossier: DossierId, wanted: InvoiceFilter, page: PageRequest) -> Page[InvoiceView]: ...

    async def count(self, dossier: DossierId, wanted: InvoiceFilter) -> Count: ...

    async def unpaid_of(self, dossier: DossierId, selection: CustomerFilter, page: PageRequest) -> Page[InvoiceView]:
        """Unpaid invoices of the customers that the search finds ("Factures NR")."""
        ...

    async def unpaid_sum(self, dossier: DossierId, selection: CustomerFilter) -> UnpaidSum: ...
