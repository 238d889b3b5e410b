"""A line of a customer order: an article as it was when ordered, its four quantities, its price."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.model.answers import AVAILABLE, Answer
from domain.model.article import Article, ArticleKind
from domain.model.prices import Amount, PriceSource, Ruling, amount
from domain.model.values import NOTHING, Ean, LineId, ThirdPartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePrice:
    """What one copy costs, VAT included, where that comes from, and what the law made of it (C8)."""

    unit_price: Decimal
    source: PriceSource
    ruling: Ruling | None = None
    earns_loyalty: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class OrderLine:
    """One article of an order, as it was when ordered. Quantities are copies, prices euros VAT included per copy.

    ordered >= 1; cancelled, set_aside, delivered >= 0; set_aside + delivered + cancelled <= ordered. ``supplied`` copies are
    still to come on supplier orders for this line. ``sales_rep`` None: those of the customer's card (B16). ``dropped`` of the
    cancelled copies went with the order as a whole, and come back when it is opened again. ``suspended_until``: scans and
    receptions pass the line over until that day; it keeps its place, and never has a copy set aside meanwhile (P6).
    """

    id: LineId
    position: int
    ean: Ean
    title: str
    author: str | None
    publisher: str | None
    digital: bool
    ordered: int
    unit_price: Decimal
    list_price: Decimal
    vat_rate: Decimal
    cancelled: int = 0
    set_aside: int = 0
    delivered: int = 0
    supplied: int = 0
    dropped: int = 0
    cancel_reason: str | None = None
    answer: Answer | None = None
    kind: ArticleKind = ArticleKind.BOOK
    school_book: bool = False
    exempt: bool = False
    price_source: PriceSource = PriceSource.PUBLISHER
    ruling: Ruling | None = None
    earns_loyalty: bool = False
    sales_rep: ThirdPartyId | None = None
    suspended_until: date | None = None

    @property
    def reserved(self) -> int:
        """The rsvé of the screens: copies received for the line (A12, O3)."""
        return self.set_aside + self.delivered

    @property
    def outstanding(self) -> int:
        """Copies still waited for."""
        return self.ordered - self.cancelled - self.set_aside - self.delivered

    @property
    def unsupplied(self) -> int:
        """Copies waited for that no supplier order will bring (A30)."""
        return 0 if self.digital else max(0, self.outstanding - self.supplied)

    @property
    def surplus(self) -> int:
        """Copies that supplier orders will bring and the line no longer waits for (C7, O4)."""
        return max(0, self.supplied - self.outstanding)

    @property
    def closed(self) -> bool:
        return self.delivered + self.cancelled == self.ordered

    @property
    def new_book(self) -> bool:
        """A new printed book, which the least delivery charge counts (trade R4)."""
        return self.kind is ArticleKind.BOOK and not self.digital

    @property
    def owed(self) -> Amount:
        """What the copies not cancelled cost."""
        return self.owed_for(self.ordered - self.cancelled)

    @property
    def amount(self) -> Decimal:
        """What the customer owes for the copies not cancelled, VAT included unless he is exempt."""
        return self.owed.due

    @property
    def price(self) -> LinePrice:
        return LinePrice(
            unit_price=self.unit_price,
            source=self.price_source,
            ruling=self.ruling,
            earns_loyalty=self.earns_loyalty,
        )

    @price.setter
    def price(self, price: LinePrice) -> None:
        self.unit_price, self.price_source = price.unit_price, price.source
        self.ruling, self.earns_loyalty = price.ruling, price.earns_loyalty

    def owed_for(self, copies: int) -> Amount:
        return amount(self.unit_price * copies, self.vat_rate, exempt=self.exempt)

    @property
    def discount(self) -> Decimal:
        """What the copies not cancelled cost less than at the publisher's price; never below zero."""
        return max((self.list_price - self.unit_price) * (self.ordered - self.cancelled), NOTHING)

    @property
    def shown_answer(self) -> Answer | None:
        """Disponible once nothing is waited for and something was received, else what the distributor said (A13, O11)."""
        return AVAILABLE if self.reserved and not self.outstanding else self.answer


def line_of(
    article: Article,
    *,
    line_id: LineId,
    quantity: int,
    price: LinePrice,
    exempt: bool,
    sales_rep: ThirdPartyId | None = None,
) -> OrderLine:
    """A line with its article's snapshot, at this price."""
    return OrderLine(
        id=line_id,
        position=0,
        ean=article.ean,
        title=article.title,
        author=article.author,
        publisher=article.publisher,
        digital=article.digital,
        kind=article.kind,
        school_book=article.school_book,
        ordered=quantity,
        list_price=article.list_price,
        vat_rate=article.vat_rate,
        exempt=exempt,
        unit_price=price.unit_price,
        price_source=price.source,
        ruling=price.ruling,
        earns_loyalty=price.earns_loyalty,
        sales_rep=sales_rep,
    )


def number_lines(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """``lines`` with positions from 1."""
    numbered = list(lines)
    for position, line in enumerate(numbered, start=1):
        line.position = position
    return numbered
