"""Articles and their stock."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.errors import Fault, OutOfStock, TooManyCopies
from domain.model.values import Ean, ReservationId

MOST_COPIES = 1_000_000
"""Copies of one article on the shelf: more is a slip of the keyboard."""


@dataclass(slots=True, kw_only=True, eq=False)
class Article:
    """A book or anything else with an EAN. ``list_price`` is the publisher's price, VAT included, in euros."""

    ean: Ean
    title: str
    author: str | None
    publisher: str | None
    list_price: Decimal
    vat_rate: Decimal
    digital: bool
    updated_at: datetime


class Cause(StrEnum):
    """Why stock moved."""

    RECEIPT = "receipt"
    SET_ASIDE = "set_aside"
    RELEASE = "release"
    SALE = "sale"
    WRITE_OFF = "write_off"
    ADJUST = "adjust"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One change of one article's stock, never altered afterwards. Quantities are copies, signed."""

    id: UUID
    ean: Ean
    available: int
    set_aside: int
    cause: Cause
    reason: str | None
    reservation_id: ReservationId | None
    at: datetime
    by: str


@dataclass(slots=True, kw_only=True, eq=False)
class StockLevel:
    """The copies of one article on the shop's site: ``available`` to anyone, ``set_aside`` for someone; never negative."""

    ean: Ean
    available: int
    set_aside: int

    def take(self, quantity: int) -> None:
        """Sell ``quantity`` copies out of available stock. Raises ``OutOfStock``."""
        self.need(quantity)
        self.available -= quantity

    def receive(self, quantity: int) -> None:
        """Raises ``TooManyCopies`` above what a shop can hold."""
        if self.available + quantity > MOST_COPIES:
            raise TooManyCopies(ean=self.ean, most=MOST_COPIES)
        self.available += quantity

    def adjust(self, quantity: int) -> None:
        """Correct available stock by a signed ``quantity``. Raises ``OutOfStock`` below zero, ``TooManyCopies``."""
        self.need(-quantity)
        self.receive(quantity)

    def keep(self, quantity: int) -> None:
        """Move ``quantity`` copies from available to set aside. Raises ``OutOfStock``."""
        self.need(quantity)
        self.available -= quantity
        self.set_aside += quantity

    def release(self, quantity: int) -> None:
        """Put ``quantity`` kept copies back on the shelf."""
        self.hand_over(quantity)
        self.available += quantity

    def hand_over(self, quantity: int) -> None:
        """Kept copies leave the shop: sold, or found missing."""
        if quantity > self.set_aside:
            raise OutOfStock(faults=[short(self.ean, quantity, self.set_aside)])
        self.set_aside -= quantity

    def need(self, quantity: int) -> None:
        """Raises ``OutOfStock`` unless ``quantity`` copies are available."""
        if quantity > self.available:
            raise OutOfStock(faults=[short(self.ean, quantity, self.available)])


def short(ean: Ean, wanted: int, there: int) -> Fault:
    return Fault("short", "/ean", (("ean", ean), ("wanted", wanted), ("available", there)))
