"""Invoices that another program made (factures, A52): what is still to be paid of them, and since when."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.errors import Fault, Inconsistent, InvoiceOverpaid
from domain.model.values import NOTHING, CustomerId, InvoiceId


class InvoiceState(StrEnum):
    """What is known of the awaited payment (B28): ``bill`` is a bill of exchange on its way (traite)."""

    AWAITED = "awaited"
    PROMISED = "promised"
    DISPUTED = "disputed"
    BILL = "bill"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDetails:
    """What the other program tells of an invoice, in euros; ``total`` of a credit note is negative, and so is its ``paid``.

    ``billed_to`` is who is invoiced (A60). Raises ``Inconsistent`` for more paid than it is for, and for a due date before
    the day it was issued.
    """

    customer_id: CustomerId
    billed_to: CustomerId
    issued_on: date
    due_on: date
    total: Decimal
    paid: Decimal = NOTHING
    state: InvoiceState = InvoiceState.AWAITED
    comment: str | None = None

    def __post_init__(self) -> None:
        faults = []
        if self.due_on < self.issued_on:
            faults.append(Fault("period", "/due_on"))
        if not min(self.total, NOTHING) <= self.paid <= max(self.total, NOTHING):
            faults.append(Fault("paid-beyond", "/paid"))
        if faults:
            raise Inconsistent(faults=faults)

    @property
    def unpaid(self) -> Decimal:
        """What is still to be paid, or negative to be given back."""
        return self.total - self.paid

    def overdue_days(self, today: date) -> int:
        """Days since the money was due; 0 when it is not, or nothing is to be paid."""
        return max((today - self.due_on).days, 0) if self.unpaid > 0 else 0


@dataclass(slots=True, kw_only=True, eq=False)
class Invoice:
    """An invoice, found by its ``number``. ``updated_at`` is the instant of which the last change told."""

    id: InvoiceId
    number: str
    details: InvoiceDetails
    created_at: datetime
    updated_at: datetime
    version: int = 1

    def take_over(self, details: InvoiceDetails, *, told_at: datetime | None, now: datetime) -> bool:
        """Make it as the other program says; False when that says nothing new, or is older than what is known."""
        if told_at is not None and told_at < self.updated_at:
            return False
        if details == self.details:
            return False
        self.details = details
        self._touch(told_at or now)
        return True

    def pay(self, amount: Decimal, *, now: datetime) -> None:
        """Money received for it, or given back of a credit note, never negative. Raises ``InvoiceOverpaid``."""
        unpaid = self.details.unpaid
        if amount > abs(unpaid):
            raise InvoiceOverpaid(number=self.number, most=abs(unpaid))
        signed = amount if unpaid > 0 else -amount
        self.details = replace(self.details, paid=self.details.paid + signed)
        # an older telling that is still on its way must not undo the payment
        self._touch(max(now, self.updated_at))

    def _touch(self, at: datetime) -> None:
        self.updated_at = at
        self.version += 1
