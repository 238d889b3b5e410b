"""What a line costs: where its price comes from, what the law made of it, and amounts that always add up.

Prices are euros per copy, VAT included; a line's amount is rounded to the cent once, its net amount too, and every total is
a sum of those.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.model.values import NOTHING, cents

WHOLE = Decimal(100)


class PriceSource(StrEnum):
    """Where the price of a line comes from (A63-A65); ``channel`` is what a web shop sold it at."""

    PUBLISHER = "publisher"
    DISCOUNT = "discount"
    TARIFF = "tariff"
    TYPED = "typed"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the law on book prices made of something (C8): the rule of ``trade.md``, what was asked for in euros, and why.

    ``rule`` is "R1", "R2", …; ``reason`` and ``reason_en`` are sentences for the page and the papers.
    """

    rule: str
    asked: Decimal
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VatTotal:
    """What is owed at one VAT rate (percent): euros without VAT, and the VAT on them."""

    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What is owed for a line or a charge: ``due`` = ``net`` + ``vat``."""

    rate: Decimal
    net: Decimal
    vat: Decimal

    @property
    def due(self) -> Decimal:
        return self.net + self.vat


def amount(gross: Decimal, vat_rate: Decimal, *, exempt: bool) -> Amount:
    """What is owed of ``gross`` euros, VAT of ``vat_rate`` percent included: an exempt buyer owes the net amount alone."""
    net = cents(gross * WHOLE / (WHOLE + vat_rate))
    return Amount(rate=vat_rate, net=net, vat=NOTHING if exempt else gross - net)


def by_rate(amounts: Iterable[Amount]) -> tuple[VatTotal, ...]:
    """The amounts gathered by VAT rate, lowest first."""
    totals: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for each in amounts:
        net, vat = totals.get(each.rate, (NOTHING, NOTHING))
        totals[each.rate] = (net + each.net, vat + each.vat)
    return tuple(VatTotal(rate=rate, net=net, vat=vat) for rate, (net, vat) in sorted(totals.items()))
