"""The demo's articles and how many copies of each are on the shelf."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from stdnum import ean as _ean

from domain.model.article import Article, kind_of
from domain.model.values import Ean, cents, ean13
from infra.demo import seed, titles

BOOK_VAT = Decimal("5.50")
FULL_VAT = Decimal("20.00")
SCARCE_COPIES = (2, 1, 0, 1, 0, 2, 1)
MISSING = 45
"""How many articles have no copy on the shelf and may be waited for."""
FREE = 3
"""How many articles nobody orders, so that a push of them is served at the next scan."""
PLENTY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Articles by what the demo does with them; ``copies`` are those on the shelf when the shop opens."""

    articles: dict[Ean, Article] = field(default_factory=dict)
    copies: dict[Ean, int] = field(default_factory=dict)
    scarce: list[Ean] = field(default_factory=list)
    missing: list[Ean] = field(default_factory=list)
    stocked: list[Ean] = field(default_factory=list)
    digital: list[Ean] = field(default_factory=list)
    youth: list[Ean] = field(default_factory=list)
    missing_youth: list[Ean] = field(default_factory=list)
    free: list[Ean] = field(default_factory=list)


def catalogue(*, at: datetime) -> Catalogue:
    """The same articles and copies every time; ``at`` is when they were last updated."""
    rng = Random(10_107)
    made = Catalogue()
    eans = _eans(rng)

    def add(
        ean: Ean,
        title: str,
        author: str | None,
        publisher: str,
        price: Decimal,
        *,
        copies: int,
        vat: Decimal = BOOK_VAT,
        digital: bool = False,
    ) -> Ean:
        made.articles[ean] = Article(
            ean=ean,
            title=title,
            author=author,
            publisher=publisher,
            list_price=price,
            vat_rate=vat,
            digital=digital,
            kind=kind_of(ean),
            weight_g=None if digital else _grams(price),
            published_on=_published(ean),
            updated_at=at,
        )
        made.copies[ean] = copies
        return ean

    for code, title, author, publisher, _ in seed.LINES:
        add(ean13(code), title, author, publisher, Decimal("12.20"), copies=int(code == seed.FOUND_AGAIN))
    code, title, author, publisher = seed.INDES_FOURBES
    add(ean13(code), title, author, publisher, Decimal("34.90"), copies=0)

    books = list(_parsed(titles.BOOKS))
    missing = set(rng.sample(range(len(books)), MISSING))
    for index, (title, author, publisher, price) in enumerate(books):
        copies = 0 if index in missing else rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8, 12))
        ean = add(next(eans), title, author, publisher, Decimal(price), copies=copies)
        for_youth = publisher == "LE PETIT LAMPION"
        if index in missing:
            (made.missing_youth if for_youth else made.missing).append(ean)
        elif copies >= PLENTY and len(made.free) < FREE:
            made.free.append(ean)
        else:
            made.stocked.append(ean)
            made.youth.extend([ean] if for_youth else [])
        if title in titles.DIGITAL:
            add_price = cents(Decimal(price) * 2 / 3)
            made.digital.append(
                add(next(eans), f"{title} (EBOOK)", author, publisher, add_price, copies=0, digital=True)
            )
        if title in titles.LARGE_PRINT:
            large = add(next(eans), f"{title} (GRANDS CARACTÈRES)", author, "VOIR LARGE", Decimal("19.00"), copies=2)
            made.stocked.append(large)
    for (title, author, publisher, price), copies in zip(_parsed(titles.SCARCE), SCARCE_COPIES, strict=True):
        made.scarce.append(add(next(eans), title, author, publisher, Decimal(price), copies=copies))
    things = _eans(rng, prefixes=("376011",))
    for title, maker, price in (line.split("|") for line in titles.STATIONERY.strip().splitlines()):
        add(next(things), title, None, maker, Decimal(price), copies=rng.randint(1, 10), vat=FULL_VAT)
    return made


def _published(ean: Ean) -> date:
    """Some day of the last decades, the same at each loading."""
    return date(1998, 1, 1) + timedelta(days=int(ean[6:12]) % 9800)


def _grams(price: Decimal) -> int:
    """What a copy may well weigh: a paperback of 8.90 EUR 290 g, a comic album of 34.90 EUR a kilogram."""
    return 10 * round(4 + price * Decimal("2.8"))


def _parsed(lines: str) -> Iterator[list[str]]:
    return (line.split("|") for line in lines.strip().splitlines())


def _eans(rng: Random, *, prefixes: tuple[str, ...] = ("9782", "9782", "97910")) -> Iterator[Ean]:
    """Valid numbers that are drawn, not any publisher's."""
    drawn: set[str] = set()
    while True:
        prefix = rng.choice(prefixes)
        body = prefix + "".join(rng.choices("0123456789", k=12 - len(prefix)))
        if body not in drawn:
            drawn.add(body)
            yield ean13(body + str(_ean.calc_check_digit(body)))
