"""Whether the stock tells the truth (C19), what is missing and why (démarque, A41), and what a person counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from domain.model.article import Cause
from domain.model.reservation import EndCause
from domain.model.values import Ean, StockCheckId

MOST_FINDINGS = 1000
"""A check keeps no more: where so much disagrees, the list is not what helps."""


class FindingKind(StrEnum):
    """Two numbers that must be the same, and are not (domain.md, "Quantities on a line").

    ``reservations``: the copies that the stock has set aside, and its reservations. ``lines``: those of an order line, and
    its reservations. ``movements_…``: what the stock has, and the sum of all that ever moved it. ``supplied``: what an
    order line waits for from suppliers, and what their orders promise it.
    """

    RESERVATIONS = "reservations"
    LINES = "lines"
    MOVEMENTS_AVAILABLE = "movements_available"
    MOVEMENTS_SET_ASIDE = "movements_set_aside"
    SUPPLIED = "supplied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Copies of one article: ``expected`` is what the records add up to, ``found`` the sum that is kept.

    ``order_number`` and ``position`` name the order line of those kinds that are about one.
    """

    kind: FindingKind
    ean: Ean
    title: str
    expected: int
    found: int
    order_number: int | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """All stock at one moment: how many articles there are, and at most ``MOST_FINDINGS`` findings by EAN."""

    articles: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCheck:
    """One look at all stock, and what disagreed in it."""

    id: StockCheckId
    at: datetime
    by: str
    articles: int
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        return not self.findings


class CountCause(StrEnum):
    """Why a person who counts finds another number than the shop believes."""

    COUNT_ERROR = "count_error"
    THEFT = "theft"
    DAMAGED = "damaged"
    FOUND = "found"
    OTHER = "other"

    def of(self, difference: int) -> "CountCause":
        """The cause that a line can have: nothing stolen or spoilt makes copies more, nothing found makes them fewer."""
        if difference > 0 and self in {CountCause.THEFT, CountCause.DAMAGED}:
            return CountCause.FOUND
        if difference < 0 and self is CountCause.FOUND:
            return CountCause.COUNT_ERROR
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLine:
    """``counted`` copies stood on the shelf where the shop believed in ``available``.

    ``value`` is the difference at the publisher's price, in euros, VAT included; negative for copies that are missing.
    """

    ean: Ean
    title: str
    counted: int
    available: int
    cause: CountCause
    value: Decimal

    @property
    def difference(self) -> int:
        return self.counted - self.available


class LossCause(StrEnum):
    """What became of copies that nobody bought (démarque)."""

    NOT_FOUND = "not_found"
    DAMAGED = "damaged"
    RETURNED = "returned"
    COUNT_ERROR = "count_error"
    THEFT = "theft"
    OTHER = "other"
    CORRECTION = "correction"


WORDS: Mapping[CountCause, str] = MappingProxyType(
    {
        CountCause.COUNT_ERROR: "écart de comptage",
        CountCause.THEFT: "vol",
        CountCause.DAMAGED: "abîmé",
        CountCause.FOUND: "retrouvé",
        CountCause.OTHER: "autre",
    }
)
"""How a cause stands in the reason of a movement, which people read in the article's history."""
_COUNT, _THEN = "Inventaire : ", " — "


def counted_for(cause: CountCause, reason: str | None) -> str:
    """The reason of a movement that a count made; ``loss_of`` reads it again.

    >>> counted_for(CountCause.THEFT, "rayon jeunesse")
    'Inventaire : vol — rayon jeunesse'
    """
    return _COUNT + WORDS[cause] + (_THEN + reason if reason else "")


def loss_of(
    cause: Cause, reason: str | None, ended: EndCause | None, *, reserved: bool
) -> tuple[LossCause, str | None]:
    """Why copies were lost by such a movement, and the reason in a person's own words.

    ``ended`` is why the reservation ended that was written off; ``reserved`` False: a customer brought the copies back.
    """
    if cause is Cause.WRITE_OFF:
        if not reserved:
            return LossCause.RETURNED, reason
        return (LossCause.DAMAGED if ended is EndCause.DAMAGED else LossCause.NOT_FOUND), reason
    for known, word in WORDS.items():
        start = _COUNT + word
        if reason is not None and (reason == start or reason.startswith(start + _THEN)):
            losses = {each.value: each for each in LossCause}
            return losses.get(known.value, LossCause.OTHER), reason[len(start + _THEN) :] or None
    return LossCause.CORRECTION, reason
