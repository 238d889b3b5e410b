"""The law on book prices, case by case (C8, trade R1-R13)."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.article import ArticleKind
from domain.model.booklaw import BOOK_LAW, BookLaw, Buyer, Earns, Goods, LawKey, LawValue, buyer_of
from domain.model.card import DiscountDetails, DiscountRule, DiscountScope
from domain.model.customer import CustomerDetails, Kind
from domain.model.values import CustomerId, DiscountId

LAW = BookLaw()
ANYONE, PUBLIC, LIBRARY, ASSOCIATION = Buyer.PRIVATE, Buyer.PUBLIC_BODY, Buyer.LIBRARY, Buyer.SCHOOL_ASSOCIATION
TODAY = date(2025, 3, 14)
BEFORE_DARCOS, DARCOS = date(2023, 10, 6), date(2023, 10, 7)
BEFORE_SHIPPING, SHIPPING = date(2014, 7, 9), date(2014, 7, 10)
SHOP, POST = False, True


@dataclass(frozen=True)
class Line:
    kind: ArticleKind = ArticleKind.BOOK
    digital: bool = False
    school_book: bool = False


BOOK = Line()
SCHOOL = Line(school_book=True)
USED = Line(kind=ArticleKind.USED_BOOK)
USED_SCHOOL = Line(kind=ArticleKind.USED_BOOK, school_book=True)
DIGITAL = Line(digital=True)
DIGITAL_SCHOOL = Line(digital=True, school_book=True)
OTHER = Line(kind=ArticleKind.OTHER)
DIGITAL_OTHER = Line(kind=ArticleKind.OTHER, digital=True)


@dataclass(frozen=True)
class Case:
    """A line sold to someone, and what the law says of it: the cap, its rule, and whether it earns with an active card."""

    name: str
    line: Goods
    buyer: Buyer
    shipped: bool
    on: date
    cap: str | None
    rule: str | None
    earns: bool
    earns_rule: str | None


CASES = [
    Case("a new book in the shop", BOOK, ANYONE, SHOP, TODAY, "5.00", "R1", True, "R11"),
    Case("a new book shipped", BOOK, ANYONE, POST, TODAY, "0.00", "R2", False, "R11"),
    Case("a new book shipped the day before R2", BOOK, ANYONE, POST, BEFORE_SHIPPING, "5.00", "R1", True, "R11"),
    Case("a new book shipped on the first day of R2", BOOK, ANYONE, POST, SHIPPING, "0.00", "R2", False, "R11"),
    Case("a new book collected on the first day of R2", BOOK, ANYONE, SHOP, SHIPPING, "5.00", "R1", True, "R11"),
    Case("a new book on the first day of R1", BOOK, ANYONE, SHOP, date(1982, 1, 1), "5.00", "R1", True, "R11"),
    Case("a new book before any law", BOOK, ANYONE, SHOP, date(1981, 12, 31), None, None, True, None),
    Case("a new book to a public body", BOOK, PUBLIC, SHOP, TODAY, "9.00", "R8", False, "R11"),
    Case("a new book shipped to a public body", BOOK, PUBLIC, POST, TODAY, "9.00", "R8", False, "R11"),
    Case("a new book to a library", BOOK, LIBRARY, SHOP, TODAY, "9.00", "R8", False, "R11"),
    Case("a new book shipped to a library", BOOK, LIBRARY, POST, TODAY, "9.00", "R8", False, "R11"),
    Case("to a public body on the first day of R8", BOOK, PUBLIC, SHOP, date(2003, 8, 1), "9.00", "R8", False, "R11"),
    Case("to a public body the day before R8", BOOK, PUBLIC, SHOP, date(2003, 7, 31), "5.00", "R1", False, "R11"),
    Case("to a library the day before R8", BOOK, LIBRARY, SHOP, date(2003, 7, 31), "5.00", "R1", False, "R11"),
    Case("shipped to a public body before R2", BOOK, PUBLIC, POST, BEFORE_SHIPPING, "9.00", "R8", False, "R11"),
    Case("a new book to a school association", BOOK, ASSOCIATION, SHOP, TODAY, "5.00", "R1", False, "R11"),
    Case("a new book shipped to a school association", BOOK, ASSOCIATION, POST, TODAY, "0.00", "R2", False, "R11"),
    Case("a school book to a private person", SCHOOL, ANYONE, SHOP, TODAY, "5.00", "R1", True, "R11"),
    Case("a school book shipped to a private person", SCHOOL, ANYONE, POST, TODAY, "0.00", "R2", False, "R11"),
    Case("a school book to a public body", SCHOOL, PUBLIC, SHOP, TODAY, None, "R9", False, "R11"),
    Case("a school book shipped to a public body", SCHOOL, PUBLIC, POST, TODAY, None, "R9", False, "R11"),
    Case("a school book to a library", SCHOOL, LIBRARY, SHOP, TODAY, None, "R9", False, "R11"),
    Case("a school book to a school association", SCHOOL, ASSOCIATION, SHOP, TODAY, None, "R9", False, "R11"),
    Case("a school book shipped to an association", SCHOOL, ASSOCIATION, POST, TODAY, None, "R9", False, "R11"),
    Case("a used book", USED, ANYONE, SHOP, TODAY, None, "R10", True, "R10"),
    Case("a used book shipped", USED, ANYONE, POST, TODAY, None, "R10", True, "R10"),
    Case("a used book to a public body", USED, PUBLIC, SHOP, TODAY, None, "R10", True, "R10"),
    Case("a used school book to an association", USED_SCHOOL, ASSOCIATION, SHOP, TODAY, None, "R10", True, "R10"),
    Case("a digital book", DIGITAL, ANYONE, SHOP, TODAY, "0.00", "PNB", False, "PNB"),
    Case("a digital book sent", DIGITAL, ANYONE, POST, TODAY, "0.00", "PNB", False, "PNB"),
    Case("a digital book to a public body", DIGITAL, PUBLIC, SHOP, TODAY, "0.00", "PNB", False, "PNB"),
    Case("a digital book to a library", DIGITAL, LIBRARY, SHOP, TODAY, "0.00", "PNB", False, "PNB"),
    Case("a digital school book", DIGITAL_SCHOOL, ASSOCIATION, SHOP, TODAY, "0.00", "PNB", False, "PNB"),
    Case("digital on the first day of PNB", DIGITAL, ANYONE, SHOP, date(2011, 11, 11), "0.00", "PNB", False, "PNB"),
    Case("digital the day before PNB", DIGITAL, ANYONE, SHOP, date(2011, 11, 10), None, None, True, None),
    Case("another article", OTHER, ANYONE, SHOP, TODAY, None, None, True, None),
    Case("another article shipped", OTHER, ANYONE, POST, TODAY, None, None, True, None),
    Case("another article to a public body", OTHER, PUBLIC, POST, TODAY, None, None, True, None),
    Case("a digital article that is no book", DIGITAL_OTHER, ANYONE, SHOP, TODAY, None, None, True, None),
]


def earnings(case: Case, *, loyalty: bool, discounted: bool) -> Earns:
    return LAW.earns_loyalty(
        article=case.line,
        buyer=case.buyer,
        shipped=case.shipped,
        loyalty=loyalty,
        discount_granted=discounted,
        on=case.on,
    )


@pytest.mark.row("C8")
class TestALine:
    @pytest.mark.parametrize("loyalty", [True, False], ids=["with a loyalty card", "without"])
    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_is_capped_by_its_rule(self, case: Case, loyalty: bool) -> None:
        cap = LAW.cap(article=case.line, buyer=case.buyer, shipped=case.shipped, loyalty=loyalty, on=case.on)
        assert cap.percent == (None if case.cap is None else Decimal(case.cap))
        assert cap.rule == case.rule
        assert cap.fixed == (case.cap is not None or case.rule == "R9")
        sentence(cap.reason, cap.reason_en)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_earns_loyalty_only_where_the_law_leaves_room(self, case: Case) -> None:
        earns = earnings(case, loyalty=True, discounted=False)
        assert (earns.earns, earns.rule) == (case.earns, case.earns_rule)
        assert earns.most == (Decimal(0) if not case.earns else None if case.cap is None else Decimal(case.cap))
        sentence(earns.reason, earns.reason_en)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_earns_nothing_without_an_active_card(self, case: Case) -> None:
        earns = earnings(case, loyalty=False, discounted=False)
        assert (earns.earns, earns.rule, earns.most) == (False, None, Decimal(0))
        sentence(earns.reason, earns.reason_en)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_of_a_book_under_the_law_earns_nothing_once_discounted(self, case: Case) -> None:
        earns = earnings(case, loyalty=True, discounted=True)
        free = case.cap is None and case.rule != "R9"
        assert earns.earns == free
        assert earns.rule == case.earns_rule

    @pytest.mark.parametrize(
        ("line", "buyer", "shipped", "top"),
        [
            (BOOK, ANYONE, SHOP, "R1"),
            (BOOK, ANYONE, POST, "R2"),
            (BOOK, PUBLIC, SHOP, "R1"),
            (SCHOOL, ASSOCIATION, SHOP, "R1"),
            (DIGITAL, ANYONE, SHOP, "PNB"),
        ],
    )
    def test_is_not_sold_above_the_publishers_price(self, line: Line, buyer: Buyer, shipped: bool, top: str) -> None:
        assert LAW.cap(article=line, buyer=buyer, shipped=shipped, loyalty=False, on=TODAY).top_rule == top

    def test_has_loyalty_within_its_five_percent(self) -> None:
        cap = LAW.cap(article=BOOK, buyer=ANYONE, shipped=SHOP, loyalty=True, on=TODAY)
        assert cap.reason == "Un livre neuf ne peut pas être remisé de plus de 5\u00a0%, fidélité comprise."
        assert cap.reason_en == "A new book may not be discounted by more than 5%, loyalty included."

    def test_that_is_shipped_is_said_to_stand_at_the_publishers_price(self) -> None:
        cap = LAW.cap(article=BOOK, buyer=ANYONE, shipped=POST, loyalty=False, on=TODAY)
        assert cap.reason == "Un livre neuf expédié se vend au prix fixé par l'éditeur, sans remise."
        assert (
            cap.reason_en == "A new book that is shipped is sold at the price set by the publisher, without discount."
        )

    @given(
        line=st.builds(Line, st.sampled_from(ArticleKind), st.booleans(), st.booleans()),
        buyer=st.sampled_from(Buyer),
        shipped=st.booleans(),
        loyalty=st.booleans(),
        percent=st.decimals(0, 100, places=2),
        on=st.dates(date(1975, 1, 1), date(2040, 1, 1)),
    )
    def test_never_has_discount_and_loyalty_above_its_cap(
        self, line: Line, buyer: Buyer, shipped: bool, loyalty: bool, percent: Decimal, on: date
    ) -> None:
        cap = LAW.cap(article=line, buyer=buyer, shipped=shipped, loyalty=loyalty, on=on)
        granted = percent if cap.percent is None else min(percent, cap.percent)
        earns = LAW.earns_loyalty(
            article=line, buyer=buyer, shipped=shipped, loyalty=loyalty, discount_granted=granted > 0, on=on
        )
        if cap.percent is not None:
            assert earns.most is not None
            assert granted + earns.most <= cap.percent
        if not earns.earns:
            assert earns.most == 0


@dataclass(frozen=True)
class Parcel:
    """A parcel, or an order handed over in the shop, with what is charged for it and the rule that made it so."""

    name: str
    asked: str | None
    charge: str
    rule: str | None
    new_books: str = "20.00"
    shipped: bool = POST
    buyer: Buyer = ANYONE
    has_new_books: bool = True
    copies: int = 2
    on: date = TODAY


PARCELS = [
    Parcel("books under 35 euros, nothing asked", None, "3.00", "R4"),
    Parcel("books under 35 euros, nil asked", "0.00", "3.00", "R4"),
    Parcel("books under 35 euros, a cent too little", "2.99", "3.00", "R4"),
    Parcel("books under 35 euros, the least asked", "3.00", "3.00", None),
    Parcel("books under 35 euros, more asked", "6.90", "6.90", None),
    Parcel("books a cent under 35 euros", None, "3.00", "R4", new_books="34.99"),
    Parcel("books of 35 euros, nothing asked", None, "0.01", "R4", new_books="35.00"),
    Parcel("books of 35 euros, nil asked", "0.00", "0.01", "R4", new_books="35.00"),
    Parcel("books of 35 euros, a cent asked", "0.01", "0.01", None, new_books="35.00"),
    Parcel("books of 80 euros, more asked", "5.00", "5.00", None, new_books="80.00"),
    Parcel("a parcel of a split order, its own books count", None, "3.00", "R4", new_books="12.20", copies=9),
    Parcel("a single copy shipped", "0.00", "3.00", "R4", copies=1),
    Parcel("a free book shipped", None, "3.00", "R4", new_books="0.00"),
    Parcel("the day before R4", "0.00", "0.00", None, on=BEFORE_DARCOS),
    Parcel("the day before R4, nothing asked", None, "0.00", None, on=BEFORE_DARCOS),
    Parcel("the first day of R4", "0.00", "3.00", "R4", on=DARCOS),
    Parcel("the first day of R4, 35 euros", "0.00", "0.01", "R4", new_books="35.00", on=DARCOS),
    Parcel("to a public body", "0.00", "0.00", None, buyer=PUBLIC),
    Parcel("to a public body, nothing asked", None, "0.00", None, buyer=PUBLIC),
    Parcel("to a public body that is charged", "4.00", "4.00", None, buyer=PUBLIC),
    Parcel("to a library", None, "0.00", None, buyer=LIBRARY),
    Parcel("to a school association", None, "3.00", "R4", buyer=ASSOCIATION),
    Parcel("used books and other articles", None, "0.00", None, new_books="0.00", has_new_books=False),
    Parcel("used books, charged", "2.00", "2.00", None, new_books="0.00", has_new_books=False),
    Parcel("collected", None, "0.00", None, shipped=SHOP),
    Parcel("collected, with a charge", "1.50", "1.50", None, shipped=SHOP),
    Parcel("one copy collected, with a charge", "1.50", "0.00", "R12", shipped=SHOP, copies=1),
    Parcel("one copy collected, nil asked", "0.00", "0.00", None, shipped=SHOP, copies=1),
    Parcel("one copy collected, nothing asked", None, "0.00", None, shipped=SHOP, copies=1),
    Parcel("one copy collected by a library", "1.50", "0.00", "R12", shipped=SHOP, copies=1, buyer=LIBRARY),
    Parcel("one used book collected", "1.50", "1.50", None, shipped=SHOP, copies=1, has_new_books=False),
    Parcel("one copy collected before R4", "1.50", "0.00", "R12", shipped=SHOP, copies=1, on=BEFORE_DARCOS),
]


def charge(parcel: Parcel, law: BookLaw = LAW) -> tuple[Decimal, str | None, str]:
    charged, ruling = law.delivery_charge(
        asked=None if parcel.asked is None else Decimal(parcel.asked),
        shipped=parcel.shipped,
        buyer=parcel.buyer,
        new_books=Decimal(parcel.new_books),
        has_new_books=parcel.has_new_books,
        copies=parcel.copies,
        on=parcel.on,
    )
    if ruling is None:
        return charged, None, ""
    assert ruling.asked == Decimal(parcel.asked or 0)
    sentence(ruling.reason, ruling.reason_en)
    return charged, ruling.rule, ruling.reason


@pytest.mark.row("C8")
class TestAParcel:
    @pytest.mark.parametrize("parcel", PARCELS, ids=lambda parcel: parcel.name)
    def test_is_charged_what_the_law_asks(self, parcel: Parcel) -> None:
        assert charge(parcel)[:2] == (Decimal(parcel.charge), parcel.rule)

    @pytest.mark.parametrize(
        ("parcel", "reason"),
        [
            (
                PARCELS[0],
                "La livraison de livres neufs pour moins de 35,00\u00a0€ est facturée au moins 3,00\u00a0€ par colis.",
            ),
            (PARCELS[7], "La livraison de livres neufs est facturée au moins 0,01\u00a0€ par colis."),
            (PARCELS[26], "La commande d'un livre retiré en librairie est un service gratuit."),
        ],
        ids=["under 35 euros", "35 euros and more", "a single copy"],
    )
    def test_is_explained(self, parcel: Parcel, reason: str) -> None:
        assert charge(parcel)[2] == reason

    @given(
        asked=st.none() | st.decimals(0, 100, places=2),
        new_books=st.decimals(0, 100, places=2),
        buyer=st.sampled_from(Buyer),
        shipped=st.booleans(),
        has_new_books=st.booleans(),
        copies=st.integers(1, 5),
        on=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    )
    def test_is_never_shipped_for_less_than_the_law_asks(
        self,
        asked: Decimal | None,
        new_books: Decimal,
        buyer: Buyer,
        shipped: bool,
        has_new_books: bool,
        copies: int,
        on: date,
    ) -> None:
        charged, ruling = LAW.delivery_charge(
            asked=asked,
            shipped=shipped,
            buyer=buyer,
            new_books=new_books,
            has_new_books=has_new_books,
            copies=copies,
            on=on,
        )
        if shipped and has_new_books and buyer in {ANYONE, ASSOCIATION} and on >= DARCOS:
            assert charged >= (Decimal("3.00") if new_books < 35 else Decimal("0.01"))
        assert (ruling is not None) == (charged != (asked or 0))


@pytest.mark.row("C8")
class TestTheLaw:
    @pytest.mark.parametrize("key", LawKey)
    def test_holds_each_value_from_its_day_until_the_next(self, key: LawKey) -> None:
        old, new = LawValue(key=key, since=date(2030, 1, 1), value=Decimal(7)), date(2031, 1, 1)
        law = BookLaw((LawValue(key=key, since=new, value=Decimal(8)), old))
        assert law.value(key, date(2029, 12, 31)) is None
        assert law.value(key, date(2030, 1, 1)) == Decimal(7)
        assert law.value(key, date(2030, 12, 31)) == Decimal(7)
        assert law.value(key, new) == Decimal(8)

    def test_is_changed_by_a_dossier(self) -> None:
        def since(year: int, key: LawKey, value: str) -> LawValue:
            return LawValue(key=key, since=date(year, 1, 1), value=Decimal(value))

        law = BookLaw(
            (
                *BOOK_LAW,
                since(2030, LawKey.BOOK_DISCOUNT_CAP, "4.50"),
                since(2030, LawKey.SHIPPED_DISCOUNT_CAP, "1.00"),
                since(2030, LawKey.CHARGE_THRESHOLD, "40.00"),
                since(2030, LawKey.LEAST_CHARGE, "3.50"),
                since(2030, LawKey.FREE_ORDER_COPIES, "2"),
            )
        )
        later = date(2030, 1, 1)
        there = law.cap(article=BOOK, buyer=ANYONE, shipped=SHOP, loyalty=False, on=later)
        assert there.percent == Decimal("4.50")
        assert there.reason == "Un livre neuf ne peut pas être remisé de plus de 4,5\u00a0%."
        shipped = law.cap(article=BOOK, buyer=ANYONE, shipped=POST, loyalty=False, on=later)
        assert (shipped.percent, shipped.rule) == (Decimal("1.00"), "R2")
        assert law.cap(article=BOOK, buyer=ANYONE, shipped=SHOP, loyalty=False, on=TODAY).percent == Decimal("5.00")
        dearer = replace(PARCELS[0], new_books="39.99", on=later)
        assert charge(dearer, law)[:2] == (Decimal("3.50"), "R4")
        two_collected = Parcel("two copies collected", "1.50", "0.00", "R12", shipped=SHOP, copies=2, on=later)
        assert charge(two_collected, law)[:2] == (Decimal("0.00"), "R12")

    def test_takes_the_later_of_two_values_of_one_day(self) -> None:
        own = LawValue(key=LawKey.BOOK_DISCOUNT_CAP, since=date(1982, 1, 1), value=Decimal("2.00"))
        assert BookLaw((*BOOK_LAW, own)).value(LawKey.BOOK_DISCOUNT_CAP, TODAY) == Decimal("2.00")
        assert BookLaw((own, *BOOK_LAW)).value(LawKey.BOOK_DISCOUNT_CAP, TODAY) == Decimal("5.00")


def discount(basis: str | None, scope: DiscountScope = DiscountScope.SCHOOL_BOOKS) -> DiscountRule:
    now = datetime(2025, 1, 1, tzinfo=UTC)
    return DiscountRule(
        id=DiscountId(UUID(int=1)),
        customer_id=CustomerId(UUID(int=2)),
        details=DiscountDetails(scope=scope, percent=Decimal(20), basis=basis),
        created_at=now,
        updated_at=now,
    )


def card(*, organisation: bool = True, collectivity: bool = False, library: bool = False) -> CustomerDetails:
    return CustomerDetails(
        name="Les amis du lycée",
        kind=Kind.ORGANISATION if organisation else Kind.PERSON,
        collectivity=collectivity,
        lending_library=library,
    )


@pytest.mark.row("C8")
class TestABuyer:
    @pytest.mark.parametrize(
        ("details", "rules", "buyer"),
        [
            pytest.param(None, [], ANYONE, id="a free name"),
            pytest.param(card(organisation=False), [], ANYONE, id="a person"),
            pytest.param(card(), [], ANYONE, id="an organisation"),
            pytest.param(card(collectivity=True), [], PUBLIC, id="a collectivity"),
            pytest.param(card(library=True), [], LIBRARY, id="a lending library"),
            pytest.param(card(collectivity=True, library=True), [], LIBRARY, id="a town's lending library"),
            pytest.param(card(), [discount("R9")], ASSOCIATION, id="an association"),
            pytest.param(card(), [discount(None), discount(" R9 ")], ASSOCIATION, id="an association, second rule"),
            pytest.param(card(organisation=False), [discount("R9")], ANYONE, id="a person with that basis"),
            pytest.param(card(), [discount("R8")], ANYONE, id="another basis"),
            pytest.param(card(), [discount(None)], ANYONE, id="no basis"),
            pytest.param(card(), [discount("R9", DiscountScope.ALL)], ANYONE, id="that basis, another scope"),
            pytest.param(card(collectivity=True), [discount("R9")], PUBLIC, id="a school with that basis"),
        ],
    )
    def test_is_known_from_the_card(
        self, details: CustomerDetails | None, rules: list[DiscountRule], buyer: Buyer
    ) -> None:
        assert buyer_of(details, rules) is buyer


def sentence(french: str, english: str) -> None:
    """Both are one sentence, and not the same."""
    for text in (french, english):
        assert text[0].isupper()
        assert text.endswith(".")
        assert ". " not in text
    assert french != english
