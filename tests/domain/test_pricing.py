"""The price of a line: which discount wins, and what the law leaves of it (C8)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.article import Article, ArticleKind
from domain.model.booklaw import BookLaw, Buyer
from domain.model.card import DiscountDetails, DiscountRule, DiscountScope
from domain.model.prices import PriceSource, Ruling
from domain.model.pricing import Priced, TariffRule, choose, least_price, price, tariff_of
from domain.model.values import CustomerId, DiscountId, Ean, cents

LAW = BookLaw()
TODAY = date(2025, 3, 14)
NOW = datetime(2025, 3, 14, tzinfo=UTC)
SCHOOL, CATEGORY, VAT, ALL = (
    DiscountScope.SCHOOL_BOOKS,
    DiscountScope.CATEGORY,
    DiscountScope.VAT_RATE,
    DiscountScope.ALL,
)
TREE = ["BD-JEUNESSE", "BD", "LIVRES"]


def article(
    list_price: str | Decimal = "20.00",
    kind: ArticleKind = ArticleKind.BOOK,
    *,
    digital: bool = False,
    school_book: bool = False,
) -> Article:
    return Article(
        ean=Ean("9782211217088"),
        title="Un titre",
        author=None,
        publisher=None,
        list_price=Decimal(list_price),
        vat_rate=Decimal("5.50"),
        digital=digital,
        school_book=school_book,
        kind=kind,
        updated_at=NOW,
    )


def details(
    percent: str | Decimal = "5.00",
    scope: DiscountScope = ALL,
    *,
    category: str | None = None,
    vat_rate: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> DiscountDetails:
    return DiscountDetails(
        scope=scope,
        percent=Decimal(percent),
        category=category,
        vat_rate=None if vat_rate is None else Decimal(vat_rate),
        starts_on=starts_on,
        ends_on=ends_on,
    )


def own(*each: DiscountDetails) -> list[DiscountRule]:
    """The customer's own discounts; the id of the first is 1."""
    return [
        DiscountRule(
            id=DiscountId(UUID(int=number)),
            customer_id=CustomerId(UUID(int=9)),
            details=rule,
            created_at=NOW,
            updated_at=NOW,
        )
        for number, rule in enumerate(each, 1)
    ]


def tariff(*each: DiscountDetails) -> tuple[TariffRule, ...]:
    return tuple(TariffRule(tariff_code="T2", details=rule) for rule in each)


def priced(
    of: Article | None = None,
    *,
    rules: list[DiscountRule] | None = None,
    rates: tuple[TariffRule, ...] = (),
    buyer: Buyer = Buyer.PRIVATE,
    typed: str | Decimal | None = None,
    percent: str | Decimal | None = None,
    shipped: bool = False,
    loyalty: bool = False,
    on: date = TODAY,
) -> Priced:
    return price(
        article=of or article(),
        categories=TREE,
        buyer=buyer,
        rules=rules or [],
        tariff=rates,
        typed=None if typed is None else Decimal(typed),
        percent=None if percent is None else Decimal(percent),
        shipped=shipped,
        loyalty=loyalty,
        on=on,
        law=LAW,
    )


def winner(
    rules: list[DiscountDetails],
    of_tariff: list[DiscountDetails],
    of: Article,
    categories: list[str] = TREE,
    on: date = TODAY,
) -> tuple[str, int] | None:
    chosen = choose(article=of, categories=categories, rules=own(*rules), tariff=tariff(*of_tariff), on=on)
    return (chosen.source.value, int(chosen.details.percent)) if chosen else None


@pytest.mark.row("C8")
class TestTheDiscountOfALine:
    """What A63-A65 choose; the rows themselves are proven where shops use them."""

    @pytest.mark.parametrize(
        ("rules", "of_tariff", "expected"),
        [
            pytest.param([], [], None, id="no rule"),
            pytest.param([details("3")], [], ("discount", 3), id="for all"),
            pytest.param([details("3"), details("2", VAT, vat_rate="5.5")], [], ("discount", 2), id="VAT before all"),
            pytest.param(
                [details("3", VAT, vat_rate="5.50"), details("2", CATEGORY, category="LIVRES")],
                [],
                ("discount", 2),
                id="category before VAT",
            ),
            pytest.param(
                [details("3", CATEGORY, category="BD-JEUNESSE"), details("2", SCHOOL)],
                [],
                ("discount", 2),
                id="school books before category",
            ),
            pytest.param(
                [
                    details("5", CATEGORY, category="LIVRES"),
                    details("1", CATEGORY, category="BD-JEUNESSE"),
                    details("4", CATEGORY, category="BD"),
                ],
                [],
                ("discount", 1),
                id="the nearest category",
            ),
            pytest.param(
                [details("5", CATEGORY, category="LIVRES"), details("4", CATEGORY, category="BD")],
                [],
                ("discount", 4),
                id="the nearest ancestor",
            ),
            pytest.param([details("3")], [details("4")], ("discount", 3), id="his own before the tariff's"),
            pytest.param([], [details("4")], ("tariff", 4), id="the tariff's alone"),
            pytest.param(
                [details("5")], [details("1", VAT, vat_rate="5.5")], ("tariff", 1), id="a more specific tariff"
            ),
            pytest.param(
                [details("5", CATEGORY, category="BD")],
                [details("1", CATEGORY, category="BD-JEUNESSE")],
                ("tariff", 1),
                id="a nearer category of the tariff",
            ),
            pytest.param([details("3"), details("4"), details("2")], [], ("discount", 4), id="the higher percent"),
            pytest.param([], [details("3"), details("4")], ("tariff", 4), id="the tariff's higher percent"),
            pytest.param([details("9", VAT, vat_rate="20")], [], None, id="another VAT rate"),
            pytest.param([details("9", CATEGORY, category="JEUX")], [], None, id="another category"),
        ],
    )
    def test_is_the_most_specific(
        self,
        rules: list[DiscountDetails],
        of_tariff: list[DiscountDetails],
        expected: tuple[str, int] | None,
    ) -> None:
        assert winner(rules, of_tariff, article(school_book=True)) == expected

    def test_for_school_books_is_for_them_alone(self) -> None:
        assert winner([details("3", SCHOOL)], [], article()) is None

    def test_for_a_category_needs_one(self) -> None:
        assert winner([details("3", CATEGORY, category="BD")], [], article(), categories=[]) is None

    @pytest.mark.parametrize(
        ("on", "holds"),
        [
            (date(2025, 2, 28), False),
            (date(2025, 3, 1), True),
            (date(2025, 3, 31), True),
            (date(2025, 4, 1), False),
        ],
    )
    def test_holds_from_its_first_day_until_before_its_last_bound(self, on: date, holds: bool) -> None:
        march = details("3", starts_on=date(2025, 3, 1), ends_on=date(2025, 4, 1))
        assert (winner([march], [], article(), on=on) is not None) == holds
        assert (winner([], [march], article(), on=on) is not None) == holds

    def test_is_told_with_the_price(self) -> None:
        line = priced(rules=own(details("1"), details("3", CATEGORY, category="BD")))
        assert (line.unit_price, line.source, line.percent) == (Decimal("19.40"), PriceSource.DISCOUNT, Decimal(3))
        assert line.rule_id == UUID(int=2)
        assert line.ruling is None

    def test_of_a_tariff_is_told_with_its_code(self) -> None:
        line = priced(rates=tariff(details("4")))
        assert (line.unit_price, line.source, line.rule_id) == (Decimal("19.20"), PriceSource.TARIFF, None)
        assert line.chosen is not None
        assert line.chosen.tariff_code == "T2"

    def test_of_another_tariff_is_not_his(self) -> None:
        mine, other = tariff(details("4"))[0], TariffRule(tariff_code="T3", details=details("5"))
        assert tariff_of("T2", [other, mine]) == (mine,)
        assert tariff_of(None, [other, mine]) == ()

    def test_gives_way_to_what_is_typed(self) -> None:
        rules, rates = own(details("5")), tariff(details("5"))
        line = priced(rules=rules, rates=rates, percent="2")
        assert (line.unit_price, line.source, line.percent) == (Decimal("19.60"), PriceSource.TYPED, Decimal(2))
        assert (line.chosen, line.rule_id) == (None, None)
        line = priced(rules=rules, rates=rates, percent="2", typed="19.50")
        assert (line.unit_price, line.source, line.percent) == (Decimal("19.50"), PriceSource.TYPED, None)
        line = priced(rules=rules, percent="0")
        assert (line.unit_price, line.source, line.percent) == (Decimal("20.00"), PriceSource.TYPED, Decimal(0))

    def test_is_none_without_any(self) -> None:
        line = priced()
        assert (line.unit_price, line.list_price) == (Decimal("20.00"), Decimal("20.00"))
        assert (line.source, line.percent, line.rule_id) == (PriceSource.PUBLISHER, None, None)


@pytest.mark.row("C8")
class TestThePriceOfABook:
    def test_keeps_within_five_percent_and_says_so(self) -> None:
        line = priced(rules=own(details("10")), loyalty=True)
        assert line.unit_price == Decimal("19.00")
        assert line.percent == 10
        assert line.ruling == Ruling(
            rule="R1",
            asked=Decimal("18.00"),
            reason="Un livre neuf ne peut pas être remisé de plus de 5\u00a0%, fidélité comprise.",
            reason_en="A new book may not be discounted by more than 5%, loyalty included.",
        )

    @pytest.mark.parametrize(
        ("typed", "unit_price", "rule"),
        [
            ("18.99", "19.00", "R1"),
            ("19.00", "19.00", None),
            ("20.00", "20.00", None),
            ("20.01", "20.00", "R1"),
            ("0.00", "19.00", "R1"),
        ],
    )
    def test_typed_stays_between_cap_and_publishers_price(self, typed: str, unit_price: str, rule: str | None) -> None:
        line = priced(typed=typed)
        assert line.unit_price == Decimal(unit_price)
        assert line.source is PriceSource.TYPED
        assert (line.ruling and line.ruling.rule) == rule
        assert line.ruling is None or line.ruling.asked == Decimal(typed)

    def test_typed_above_is_explained(self) -> None:
        ruling = priced(typed="25.00").ruling
        assert ruling is not None
        assert ruling.reason == "Ce livre ne peut pas être vendu plus cher que le prix fixé par l'éditeur."

    @pytest.mark.parametrize(
        ("buyer", "shipped", "of", "percent", "unit_price", "rule"),
        [
            pytest.param(Buyer.PRIVATE, True, article(), "5", "20.00", "R2", id="shipped"),
            pytest.param(Buyer.PUBLIC_BODY, False, article(), "12", "18.20", "R8", id="to a public body"),
            pytest.param(Buyer.LIBRARY, True, article(), "9", "18.20", None, id="shipped to a library"),
            pytest.param(
                Buyer.SCHOOL_ASSOCIATION, True, article(school_book=True), "25", "15.00", None, id="school books"
            ),
            pytest.param(Buyer.PRIVATE, False, article(school_book=True), "25", "19.00", "R1", id="a pupil's"),
            pytest.param(Buyer.PUBLIC_BODY, False, article(digital=True), "5", "20.00", "PNB", id="digital"),
            pytest.param(Buyer.PRIVATE, True, article(kind=ArticleKind.USED_BOOK), "40", "12.00", None, id="used"),
            pytest.param(Buyer.PRIVATE, True, article(kind=ArticleKind.OTHER), "40", "12.00", None, id="a game"),
        ],
    )
    def test_follows_the_law_of_its_buyer(
        self, buyer: Buyer, shipped: bool, of: Article, percent: str, unit_price: str, rule: str | None
    ) -> None:
        for line in (
            priced(of, buyer=buyer, shipped=shipped, percent=percent),
            priced(of, buyer=buyer, shipped=shipped, rules=own(details(percent))),
            priced(of, buyer=buyer, shipped=shipped, rates=tariff(details(percent))),
        ):
            assert line.unit_price == Decimal(unit_price)
            assert (line.ruling and line.ruling.rule) == rule

    @pytest.mark.parametrize(
        ("of", "unit_price", "rule"),
        [
            (article(kind=ArticleKind.USED_BOOK), "25.00", None),
            (article(kind=ArticleKind.OTHER), "25.00", None),
            (article(digital=True), "20.00", "PNB"),
        ],
    )
    def test_typed_above_is_free_outside_the_law(self, of: Article, unit_price: str, rule: str | None) -> None:
        line = priced(of, typed="25.00")
        assert line.unit_price == Decimal(unit_price)
        assert (line.ruling and line.ruling.rule) == rule

    def test_that_is_shipped_typed_above_is_the_publishers_price_by_r2(self) -> None:
        line = priced(typed="20.50", shipped=True)
        assert line.unit_price == Decimal("20.00")
        assert line.ruling is not None
        assert line.ruling.rule == "R2"

    def test_of_a_school_book_to_an_association_is_not_raised_above_the_publishers(self) -> None:
        line = priced(article(school_book=True), buyer=Buyer.SCHOOL_ASSOCIATION, typed="20.50")
        assert line.unit_price == Decimal("20.00")
        assert line.ruling is not None
        assert line.ruling.rule == "R1"

    def test_is_rounded_up_where_rounding_down_would_pass_the_cap(self) -> None:
        # 95 % of 9.99 is 9.4905: at 9.49 the discount would be 5.005 %
        line = priced(article("9.99"), percent="5.00")
        assert line.unit_price == Decimal("9.50")
        assert line.ruling is None
        assert least_price(Decimal("9.99"), Decimal("5.00")) == Decimal("9.50")
        assert least_price(Decimal("12.90"), Decimal("5.00")) == Decimal("12.26")
        assert least_price(Decimal("20.00"), Decimal("5.00")) == Decimal("19.00")

    def test_is_rounded_half_up_once(self) -> None:
        assert priced(article("12.30"), percent="1.50").unit_price == Decimal("12.12")  # 12.1155
        assert priced(article("0.10", ArticleKind.OTHER), percent="25.00").unit_price == Decimal("0.08")  # 0.075

    def test_is_that_of_its_day(self) -> None:
        assert priced(percent="5", shipped=True, on=date(2014, 7, 9)).unit_price == Decimal("19.00")
        assert priced(percent="5", shipped=True, on=date(2014, 7, 10)).unit_price == Decimal("20.00")


@pytest.mark.row("C8")
class TestTheLoyaltyOfALine:
    @pytest.mark.parametrize(
        ("line", "earns", "rule"),
        [
            pytest.param(priced(loyalty=True), True, "R11", id="full price"),
            pytest.param(priced(loyalty=False), False, None, id="no card"),
            pytest.param(priced(loyalty=True, percent="1"), False, "R11", id="discounted"),
            pytest.param(priced(loyalty=True, rules=own(details("3"))), False, "R11", id="his own discount"),
            pytest.param(priced(loyalty=True, rates=tariff(details("3"))), False, "R11", id="his tariff"),
            pytest.param(priced(loyalty=True, typed="19.99"), False, "R11", id="a cent less typed"),
            pytest.param(priced(loyalty=True, typed="20.00"), True, "R11", id="the full price typed"),
            pytest.param(priced(loyalty=True, percent="0"), True, "R11", id="no discount typed"),
            pytest.param(priced(loyalty=True, shipped=True, percent="5"), False, "R11", id="shipped"),
            pytest.param(priced(loyalty=True, buyer=Buyer.LIBRARY), False, "R11", id="a library"),
            pytest.param(priced(article(digital=True), loyalty=True), False, "PNB", id="digital"),
            pytest.param(priced(article(kind=ArticleKind.OTHER), loyalty=True, percent="10"), True, None, id="a game"),
        ],
    )
    def test_takes_the_place_of_a_discount(self, line: Priced, earns: bool, rule: str | None) -> None:
        assert (line.earns_loyalty, line.loyalty_rule) == (earns, rule)


PRICES = st.decimals("0.00", "999.99", places=2)
PERCENTS = st.decimals(0, 100, places=2)
RULES = st.lists(st.builds(details, PERCENTS), max_size=3)


@pytest.mark.row("C8")
class TestNoPrice:
    @given(
        of=st.builds(article, PRICES, st.sampled_from(ArticleKind), digital=st.booleans(), school_book=st.booleans()),
        buyer=st.sampled_from(Buyer),
        shipped=st.booleans(),
        loyalty=st.booleans(),
        typed=st.none() | PRICES,
        percent=st.none() | PERCENTS,
        rules=RULES,
        rates=RULES,
        on=st.dates(date(1980, 1, 1), date(2040, 1, 1)),
    )
    def test_breaks_the_law(
        self,
        of: Article,
        buyer: Buyer,
        shipped: bool,
        loyalty: bool,
        typed: Decimal | None,
        percent: Decimal | None,
        rules: list[DiscountDetails],
        rates: list[DiscountDetails],
        on: date,
    ) -> None:
        line = priced(
            of,
            rules=own(*rules),
            rates=tariff(*rates),
            buyer=buyer,
            typed=typed,
            percent=percent,
            shipped=shipped,
            loyalty=loyalty,
            on=on,
        )
        cap = LAW.cap(article=of, buyer=buyer, shipped=shipped, loyalty=loyalty, on=on)
        unit, full = line.unit_price, line.list_price
        assert unit == cents(unit)
        assert unit >= 0
        if cap.fixed:
            assert unit <= full
        if cap.percent is not None:
            assert unit >= full * (100 - cap.percent) / 100
            given_away = (full - unit) * 100
            assert line.loyalty.most is not None
            assert given_away + line.loyalty.most * full <= cap.percent * full
        if line.ruling is not None:
            assert unit != line.ruling.asked
        else:
            asked = typed if typed is not None else cents(full * (100 - (line.percent or 0)) / 100)
            assert abs(unit - asked) <= (Decimal("0.01") if typed is None else 0)

    @given(full=st.decimals("0.01", "999.99", places=2), percent=st.decimals(0, 5, places=2))
    def test_of_a_lawful_discount_is_ruled(self, full: Decimal, percent: Decimal) -> None:
        assert priced(article(full), percent=percent).ruling is None
