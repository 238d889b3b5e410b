"""What the lines of an order cost and what its delivery is charged, under the law on book prices (A63-A65, C8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from domain.errors import Fault, Invalid
from domain.model.article import Article
from domain.model.booklaw import BookLaw, Buyer, buyer_of
from domain.model.card import DiscountRule, DiscountScope
from domain.model.customer import Customer
from domain.model.order import CustomerOrder
from domain.model.order_line import LinePrice, OrderLine, line_of, number_lines
from domain.model.prices import PriceSource, Ruling
from domain.model.pricing import Priced, TariffRule, price
from domain.model.settings import DossierSettings
from domain.model.values import NOTHING, Ean, LineId, Party, ThirdPartyId
from domain.ports.surroundings import NewId
from domain.ports.unit_of_work import UnitOfWork

Paths = Mapping[str, Sequence[str]]
"""Each category of some articles with its ancestors, nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLine:
    """What someone asks for. ``unit_price`` is typed in euros, VAT included, per copy; ``discount`` typed in percent.

    Without either the permanent discounts decide, else the publisher's price holds. ``sales_rep`` None: those of the card.
    """

    ean: Ean
    quantity: int
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    sales_rep: ThirdPartyId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What decides someone's prices on a day: who he is to the law, his own discounts and his tariff's, his loyalty card."""

    buyer: Buyer
    rules: Sequence[DiscountRule]
    tariff: Sequence[TariffRule]
    loyalty: bool
    law: BookLaw
    on: date

    def price(
        self,
        article: Article,
        *,
        shipped: bool,
        paths: Paths,
        typed: Decimal | None = None,
        percent: Decimal | None = None,
    ) -> Priced:
        """What a copy costs; see ``domain.model.pricing.price``."""
        return price(
            article=article,
            categories=paths.get(article.category, ()) if article.category else (),
            buyer=self.buyer,
            rules=self.rules,
            tariff=self.tariff,
            typed=typed,
            percent=percent,
            shipped=shipped,
            loyalty=self.loyalty,
            on=self.on,
            law=self.law,
        )

    def charge(
        self, lines: Iterable[OrderLine], *, asked: Decimal | None, shipped: bool
    ) -> tuple[Decimal, Ruling | None]:
        """The delivery charge of an order of these lines in one parcel, and what the law made of ``asked``; None: the least."""
        wanted = [(line, line.ordered - line.cancelled) for line in lines]
        new = [line.unit_price * copies for line, copies in wanted if line.new_book and copies]
        return self.law.delivery_charge(
            asked=asked,
            shipped=shipped,
            buyer=self.buyer,
            new_books=sum(new, NOTHING),
            has_new_books=bool(new),
            copies=sum(copies for _, copies in wanted),
            on=self.on,
        )

    @property
    def by_category(self) -> bool:
        """Whether the category of an article matters."""
        details = [*(rule.details for rule in self.rules), *(rule.details for rule in self.tariff)]
        return any(each.scope is DiscountScope.CATEGORY for each in details)


async def terms_of(work: UnitOfWork, customer: Customer | None, settings: DossierSettings, *, on: date) -> Terms:
    """The terms of a customer, or of a name that is not in the file."""
    if customer is None:
        return free_terms(settings, on=on)
    rules = await work.discounts.of(Party.customer(customer.id))
    code = customer.details.tariff_code
    tariff = [TariffRule(tariff_code=code, details=each) for each in await work.tariffs.rules(code)] if code else []
    return Terms(
        buyer=buyer_of(customer.details, rules),
        rules=rules,
        tariff=tariff,
        loyalty=customer.details.fidelity_active,
        law=settings.book_law,
        on=on,
    )


def free_terms(settings: DossierSettings, *, on: date) -> Terms:
    """The terms of anyone."""
    return Terms(buyer=Buyer.PRIVATE, rules=(), tariff=(), loyalty=False, law=settings.book_law, on=on)


async def paths_of(work: UnitOfWork, terms: Terms, articles: Iterable[Article]) -> Paths:
    """The categories of ``articles`` that ``terms`` look at; not asked for where none does."""
    if not terms.by_category:
        return {}
    return await work.categories.ancestry({article.category for article in articles if article.category})


def need_articles(eans: Sequence[Ean], articles: Mapping[Ean, Article], *, pointer: str = "/lines/{index}/ean") -> None:
    """Raises ``Invalid`` naming every line whose article is unknown."""
    faults = [
        Fault("unknown-article", pointer.format(index=index), (("ean", ean),))
        for index, ean in enumerate(eans)
        if ean not in articles
    ]
    if faults:
        raise Invalid(faults=faults)


def line_price(priced: Priced) -> LinePrice:
    """A price as a line keeps it."""
    return LinePrice(
        unit_price=priced.unit_price,
        source=priced.source,
        ruling=priced.ruling,
        earns_loyalty=priced.earns_loyalty,
    )


async def price_lines(
    work: UnitOfWork,
    wanted: Sequence[WantedLine],
    *,
    terms: Terms,
    shipped: bool,
    exempt: bool,
    new_id: NewId,
    pointer: str = "/lines/{index}/ean",
) -> list[tuple[OrderLine, Priced]]:
    """The lines with their article's snapshot and how each price came about. Raises ``Invalid`` for unknown articles."""
    articles = await work.articles.many([line.ean for line in wanted])
    need_articles([line.ean for line in wanted], articles, pointer=pointer)
    paths = await paths_of(work, terms, articles.values())
    made: list[tuple[OrderLine, Priced]] = []
    for each in wanted:
        article = articles[each.ean]
        priced = terms.price(article, shipped=shipped, paths=paths, typed=each.unit_price, percent=each.discount)
        line = line_of(
            article,
            line_id=LineId(new_id()),
            quantity=each.quantity,
            price=line_price(priced),
            exempt=exempt,
            sales_rep=each.sales_rep,
        )
        made.append((line, priced))
    number_lines(line for line, _ in made)
    return made


def as_ordered(line: OrderLine, *, category: str | None, now: datetime) -> Article:
    """The article as the line kept it: what the publisher asks by now has no part in a price that was agreed."""
    return Article(
        ean=line.ean,
        title=line.title,
        author=line.author,
        publisher=line.publisher,
        list_price=line.list_price,
        vat_rate=line.vat_rate,
        digital=line.digital,
        kind=line.kind,
        school_book=line.school_book,
        category=category,
        updated_at=now,
    )


def hold_to_law(order: CustomerOrder, terms: Terms, *, shipped: bool, now: datetime) -> None:
    """Hold the prices of an order against the law anew, because it leaves the shop otherwise.

    Of every line of which nothing was delivered the price that was asked for (before a ruling, if there was one) is asked for
    again: a collected order that becomes shipped loses its 5 % (R2), and has it back when it is collected after all. A price
    that a web shop sold at stays.
    """
    for line in order.lines:
        if line.delivered or line.price_source is PriceSource.CHANNEL:
            continue
        asked = line.ruling.asked if line.ruling else line.unit_price
        priced = terms.price(as_ordered(line, category=None, now=now), shipped=shipped, paths={}, typed=asked)
        line.price = replace(line_price(priced), source=line.price_source)


def asked_charge(order: CustomerOrder) -> Decimal:
    """The delivery charge that was asked for, before the law."""
    return order.charge_ruling.asked if order.charge_ruling else order.delivery_charge


def recharge(order: CustomerOrder, terms: Terms) -> None:
    """Hold the delivery charge against the law anew after a change of the lines (R4, R12).

    A charge that a web shop took stays, and so does that of an order of which something was delivered.
    """
    if order.external is not None or any(line.delivered for line in order.lines):
        return
    charged = terms.charge(order.lines, asked=asked_charge(order), shipped=order.mail_order)
    order.delivery_charge, order.charge_ruling = charged
