"""What articles would cost someone, and why."""

from dataclasses import dataclass
from decimal import Decimal

from domain.model.booklaw import Buyer
from domain.model.prices import Ruling, VatTotal
from domain.model.pricing import Priced
from domain.model.values import Ean


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLineView:
    """A line priced; ``net`` and ``amount`` are for all its copies."""

    ean: Ean
    title: str
    quantity: int
    vat_rate: Decimal
    priced: Priced
    net: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesView:
    """``buyer`` is who the customer is to the law on book prices."""

    buyer: Buyer
    lines: tuple[PricedLineView, ...]
    delivery_charge: Decimal
    charge_ruling: Ruling | None
    total: Decimal
    discount: Decimal
    vat_totals: tuple[VatTotal, ...]
