"""Articles and their stock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.errors import Fault, OutOfStock, TooManyCopies
from domain.model.values import Ean, ReservationId, ThirdPartyId

MOST_COPIES = 1_000_000
"""Copies of one article on the shelf: more is a slip of the keyboard."""
MOST_GRAMS = 100_000
"""Grams of one copy: more is a slip of the keyboard."""


class ArticleKind(StrEnum):
    """What the law on book prices looks at: it is for new books only (trade R1, R10)."""

    BOOK = "book"
    USED_BOOK = "used_book"
    OTHER = "other"


@dataclass(slots=True, kw_only=True, eq=False)
class Article:
    """A book or anything else with an EAN. ``list_price`` is the publisher's price, VAT included, in euros.

    ``category`` is a node of the shop's tree of categories (catégorie, secteur or magasin), ``supplier_id`` who is asked for
    copies, ``availability`` the code of the trade's file (FEL) as text. ``weight_g``: grams of one copy, None where nobody said (P33).
    """

    ean: Ean
    title: str
    author: str | None
    publisher: str | None
    list_price: Decimal
    vat_rate: Decimal
    digital: bool
    updated_at: datetime
    kind: ArticleKind = ArticleKind.BOOK
    school_book: bool = False
    category: str | None = None
    supplier_id: ThirdPartyId | None = None
    availability: str | None = None
    published_on: date | None = None
    weight_g: int | None = None

    @property
    def new_book(self) -> bool:
        """Whether it is a new printed book, the one thing that the least delivery charge counts (trade R4, R5)."""
        return self.kind is ArticleKind.BOOK and not self.digital


BOOKLAND = ("978", "979")
PRINTED_MUSIC = "9790"


def kind_of(ean: Ean) -> ArticleKind:
    """What an article is when nobody says: an ISBN is a book's, an ISMN or any other number is not."""
    return ArticleKind.BOOK if ean.startswith(BOOKLAND) and not ean.startswith(PRINTED_MUSIC) else ArticleKind.OTHER


class Cause(StrEnum):
    """Why stock moved; ``return`` is a copy that a customer brought back."""

    RECEIPT = "receipt"
    SET_ASIDE = "set_aside"
    RELEASE = "release"
    SALE = "sale"
    RETURN = "return"
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
