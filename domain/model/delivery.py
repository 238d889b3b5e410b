"""The delivery note (bon de livraison, BL): what left with one parcel or over the counter, as a document (A18)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.model.prices import Amount, Ruling, VatTotal, amount, by_rate
from domain.model.values import NOTHING, Contact, DeliveryNoteId, Ean, LineId, OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """Copies of one line that this note delivers; prices in euros, VAT included, per copy.

    ``line_id`` None: the copies all came back, and the line was taken off the order. ``left``: copies still to come.
    """

    line_id: LineId | None
    position: int
    ean: Ean
    title: str
    quantity: int
    unit_price: Decimal
    vat_rate: Decimal
    exempt: bool
    left: int

    @property
    def owed(self) -> Amount:
        return amount(self.unit_price * self.quantity, self.vat_rate, exempt=self.exempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryNote:
    """A note is written once and stays. ``left`` on a line: copies still to come after it (reliquat).

    ``delivery_charge`` is what this parcel costs the customer, ``charge_ruling`` what the law made of it (trade R4, R5).
    """

    id: DeliveryNoteId
    number: int
    order_id: OrderId
    contact: Contact
    shipped: bool
    delivery_charge: Decimal
    charge_ruling: Ruling | None
    created_at: datetime
    by: str
    lines: tuple[NoteLine, ...]

    @property
    def charge(self) -> Amount:
        """The delivery charge, taxed as the highest taxed article of the parcel."""
        rate = max((line.vat_rate for line in self.lines), default=NOTHING)
        return amount(self.delivery_charge, rate, exempt=any(line.exempt for line in self.lines))

    @property
    def total(self) -> Decimal:
        """What the customer owes for what this note delivers, its delivery charge included, in euros."""
        return sum((line.owed.due for line in self.lines), self.charge.due)

    @property
    def vat_totals(self) -> tuple[VatTotal, ...]:
        """The same, by VAT rate."""
        charge = [self.charge] if self.charge.due else []
        return by_rate([*(line.owed for line in self.lines), *charge])
