"""What the lines of an order cost, under the law on book prices (A63-A65, C8)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from domain.model.article import ArticleKind
from domain.model.card import DiscountDetails, DiscountRule, DiscountScope
from domain.model.category import Category, Level
from domain.model.customer import CustomerDetails, Kind
from domain.model.prices import PriceSource
from domain.model.reference import ReferenceValue, Table
from domain.model.values import CustomerId, DiscountId, Ean
from domain.queries.orders import LineView, OrderView
from domain.queries.prices import PricesView
from domain.usecases.orders import NewOrder
from domain.usecases.prices import Prices
from domain.usecases.pricing import WantedLine
from domain.usecases.tariffs import Tariffs
from tests.contracts.samples import EANS, EBOOK, NOW, committed
from tests.usecases.shop import NAME, Shop

D = Decimal
BOOK, OTHER = EANS[0], EANS[1]
"""Two new books at 10.00 each."""


def rule(percent: str, *, scope: DiscountScope = DiscountScope.ALL, **more: Any) -> DiscountDetails:
    return DiscountDetails(scope=scope, percent=D(percent), **more)


async def card(shop: Shop, *rules: DiscountDetails, **details: Any) -> CustomerId:
    """A customer with discounts of his own."""
    customer = await shop.customer(code=None, details=CustomerDetails(name="Durand", **details))
    async with committed(shop.house) as work:
        for each in rules:
            work.discounts.add(
                DiscountRule(
                    id=DiscountId(shop.house.new_id()),
                    customer_id=customer.id,
                    details=each,
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
    return customer.id


async def file_under(shop: Shop, ean: Ean, *path: str) -> None:
    """The article stands in the first node of ``path``, which lies under the next, and so on."""
    levels = (Level.CATEGORY, Level.SECTOR, Level.SHOP)
    async with committed(shop.house) as work:
        for index in reversed(range(len(path))):
            parent = path[index + 1] if index + 1 < len(path) else None
            work.categories.add(
                Category(code=path[index], label=path[index], level=levels[index], parent=parent, updated_at=NOW)
            )
    shop.house.base.tables.articles[ean].category = path[0]  # type: ignore[attr-defined]


async def tariff(shop: Shop, code: str, *rules: DiscountDetails) -> None:
    async with committed(shop.house) as work:
        work.references.add(
            ReferenceValue(
                table=Table.TARIFFS, code=code, label=code, label_en=None, position=1, active=True, updated_at=NOW
            )
        )
    await Tariffs(shop.around).replace(by=shop.staff, code=code, rules=rules)


async def take(shop: Shop, *lines: WantedLine, **more: Any) -> OrderView:
    who: dict[str, Any] = {} if "customer_id" in more else {"contact": NAME}
    return await shop.take(NewOrder(lines=lines or (WantedLine(ean=BOOK, quantity=1),), **who, **more))


def price(line: LineView) -> tuple[str, PriceSource, str | None]:
    return f"{line.unit_price:.2f}", line.price_source, line.ruling.rule if line.ruling else None


def prices(order: OrderView) -> list[tuple[str, PriceSource, str | None]]:
    return [price(line) for line in order.lines]


class TestAPrice:
    @pytest.mark.row("A63", "C8")
    async def test_without_discount_is_the_publishers(self, shop: Shop) -> None:
        (line,) = (await take(shop)).lines
        assert price(line) == ("10.00", PriceSource.PUBLISHER, None)
        assert not line.earns_loyalty

    @pytest.mark.row("C8")
    @pytest.mark.parametrize(
        ("typed", "unit_price", "ruling"),
        [
            ({"unit_price": D("9.50")}, "9.50", None),
            ({"unit_price": D("9.49")}, "9.50", "R1"),
            ({"unit_price": D("10.01")}, "10.00", "R1"),
            ({"discount": D("5.00")}, "9.50", None),
            ({"discount": D("20.00")}, "9.50", "R1"),
            ({"discount": D("20.00"), "unit_price": D("9.80")}, "9.80", None),
        ],
    )
    async def test_typed_is_capped_and_says_what_was_asked(
        self, shop: Shop, typed: dict[str, Any], unit_price: str, ruling: str | None
    ) -> None:
        order = await take(shop, WantedLine(ean=BOOK, quantity=2, **typed))
        (line,) = order.lines
        assert price(line) == (unit_price, PriceSource.TYPED, ruling)
        if line.ruling is not None:
            assert line.ruling.asked == typed.get("unit_price", D("8.00"))
            assert line.ruling.reason
            assert line.ruling.reason_en
        assert order.total == 2 * D(unit_price)

    @pytest.mark.row("C8")
    @pytest.mark.parametrize(
        ("ean", "details", "mail_order", "unit_price", "ruling"),
        [
            (BOOK, {}, False, "9.50", "R1"),
            (BOOK, {}, True, "10.00", "R2"),
            (BOOK, {"collectivity": True}, False, "9.10", "R8"),
            (BOOK, {"collectivity": True}, True, "9.10", "R8"),
            (BOOK, {"lending_library": True}, False, "9.10", "R8"),
            (EBOOK, {}, False, "5.99", "PNB"),
        ],
    )
    async def test_is_capped_by_who_buys_what_and_how_it_leaves(
        self, shop: Shop, ean: Ean, details: dict[str, Any], mail_order: bool, unit_price: str, ruling: str
    ) -> None:
        customer_id = await card(shop, **details)
        lines = [WantedLine(ean=ean, quantity=1, discount=D("15.00"))]
        order = await take(shop, *lines, customer_id=customer_id, mail_order=mail_order)
        assert prices(order) == [(unit_price, PriceSource.TYPED, ruling)]

    @pytest.mark.row("C8", "A64")
    async def test_of_a_school_book_is_free_for_an_association_of_r9(self, shop: Shop) -> None:
        shop.house.base.tables.articles[BOOK].school_book = True  # type: ignore[attr-defined]
        school = rule("25.00", scope=DiscountScope.SCHOOL_BOOKS, basis="R9")
        association = await card(shop, school, kind=Kind.ORGANISATION)
        person = await card(shop, school)
        taken = [await take(shop, customer_id=each) for each in (association, person)]
        assert [prices(order) for order in taken] == [
            [("7.50", PriceSource.DISCOUNT, None)],
            [("9.50", PriceSource.DISCOUNT, "R1")],
        ]

    @pytest.mark.row("A63", "A65")
    async def test_is_of_the_customers_own_discount_before_his_tariffs(self, shop: Shop) -> None:
        await tariff(shop, "T1", rule("3.00"), rule("4.00", scope=DiscountScope.VAT_RATE, vat_rate=D("5.50")))
        of_tariff = await card(shop, tariff_code="T1")
        both = await card(shop, rule("2.00", scope=DiscountScope.VAT_RATE, vat_rate=D("5.50")), tariff_code="T1")
        assert prices(await take(shop, customer_id=of_tariff)) == [("9.60", PriceSource.TARIFF, None)]
        assert prices(await take(shop, customer_id=both)) == [("9.80", PriceSource.DISCOUNT, None)]

    @pytest.mark.row("A63", "A65")
    async def test_is_of_the_nearest_category_above_the_article(self, shop: Shop) -> None:
        await file_under(shop, BOOK, "ALBUMS", "JEUNESSE", "MAGASIN")
        wide = rule("1.00", scope=DiscountScope.CATEGORY, category="MAGASIN")
        near = rule("3.00", scope=DiscountScope.CATEGORY, category="JEUNESSE")
        customer_id = await card(shop, wide, near)
        order = await take(
            shop, WantedLine(ean=BOOK, quantity=1), WantedLine(ean=OTHER, quantity=1), customer_id=customer_id
        )
        assert prices(order) == [("9.70", PriceSource.DISCOUNT, None), ("10.00", PriceSource.PUBLISHER, None)]

    @pytest.mark.row("C8")
    async def test_earns_loyalty_or_is_discounted_never_both(self, shop: Shop) -> None:
        customer_id = await card(shop, fidelity_active=True)
        lines = [WantedLine(ean=BOOK, quantity=1), WantedLine(ean=OTHER, quantity=1, discount=D("5.00"))]
        collected = await take(shop, *lines, customer_id=customer_id)
        shipped = await take(shop, *lines, customer_id=customer_id, mail_order=True)
        assert [line.earns_loyalty for line in collected.lines] == [True, False]
        assert [line.earns_loyalty for line in shipped.lines] == [False, False]


class TestTheCharge:
    @pytest.mark.row("C8")
    @pytest.mark.parametrize(
        ("copies", "asked", "charge", "rule_of"),
        [
            (1, None, "3.00", "R4"),
            (1, D("2.99"), "3.00", "R4"),
            (1, D("3.00"), "3.00", None),
            (4, None, "0.01", "R4"),
            (4, D("6.50"), "6.50", None),
        ],
    )
    async def test_of_a_parcel_is_at_least_what_the_law_asks(
        self, shop: Shop, copies: int, asked: Decimal | None, charge: str, rule_of: str | None
    ) -> None:
        lines = [WantedLine(ean=BOOK, quantity=copies)]
        order = await take(shop, *lines, mail_order=True, delivery_charge=asked)
        assert (order.delivery_charge, order.charge_ruling and order.charge_ruling.rule) == (D(charge), rule_of)
        assert order.total == 10 * copies + D(charge)

    @pytest.mark.row("C8")
    async def test_is_free_for_one_book_collected_in_the_shop(self, shop: Shop) -> None:
        one = await take(shop, delivery_charge=D("2.00"))
        two = await take(shop, WantedLine(ean=BOOK, quantity=2), delivery_charge=D("2.00"))
        assert (one.delivery_charge, one.charge_ruling and one.charge_ruling.rule) == (D("0.00"), "R12")
        assert (two.delivery_charge, two.charge_ruling) == (D("2.00"), None)

    @pytest.mark.row("C8")
    async def test_counts_new_printed_books_alone(self, shop: Shop) -> None:
        shop.house.base.tables.articles[OTHER].kind = ArticleKind.USED_BOOK  # type: ignore[attr-defined]
        used = WantedLine(ean=OTHER, quantity=4, unit_price=D("30.00"))
        mixed = await take(shop, WantedLine(ean=BOOK, quantity=1), used, mail_order=True)
        assert (mixed.delivery_charge, mixed.total) == (D("3.00"), D("133.00"))
        without = await take(shop, used, WantedLine(ean=EBOOK, quantity=1), mail_order=True)
        assert (without.delivery_charge, without.charge_ruling) == (D("0.00"), None)

    @pytest.mark.row("C8")
    async def test_is_free_to_a_public_body(self, shop: Shop) -> None:
        customer_id = await card(shop, collectivity=True)
        order = await take(shop, customer_id=customer_id, mail_order=True)
        assert (order.delivery_charge, order.charge_ruling) == (D("0.00"), None)

    @pytest.mark.row("C8")
    async def test_follows_the_lines(self, shop: Shop) -> None:
        order = await take(shop, WantedLine(ean=BOOK, quantity=4), mail_order=True)
        assert order.delivery_charge == D("0.01")
        order = await shop.change_line(order, order.lines[0].id, 3)
        assert order.delivery_charge == D("3.00")
        order = await shop.add_line(order, OTHER)
        assert order.delivery_charge == D("0.01")
        order = await shop.remove_line(order, order.lines[1].id)
        assert order.delivery_charge == D("3.00")


class TestAnOrderThatLeavesOtherwise:
    @pytest.mark.row("C8")
    async def test_loses_its_discount_when_shipped_and_has_it_back(self, shop: Shop) -> None:
        customer_id = await card(shop, rule("4.00"), fidelity_active=True)
        lines = [
            WantedLine(ean=BOOK, quantity=1),
            WantedLine(ean=OTHER, quantity=1, unit_price=D("9.60")),
            WantedLine(ean=EANS[2], quantity=1, discount=D("0.00")),
        ]
        order = await take(shop, *lines, customer_id=customer_id)
        before = prices(order)
        assert before == [
            ("9.60", PriceSource.DISCOUNT, None),
            ("9.60", PriceSource.TYPED, None),
            ("10.00", PriceSource.TYPED, None),
        ]
        shipped = await shop.annotate(order, mail_order=True)
        assert prices(shipped) == [
            ("10.00", PriceSource.DISCOUNT, "R2"),
            ("10.00", PriceSource.TYPED, "R2"),
            ("10.00", PriceSource.TYPED, None),
        ]
        assert [line.ruling and line.ruling.asked for line in shipped.lines] == [D("9.60"), D("9.60"), None]
        assert not any(line.earns_loyalty for line in shipped.lines)
        assert (shipped.delivery_charge, shipped.total) == (D("3.00"), D("33.00"))
        collected = await shop.annotate(shipped, mail_order=False)
        assert prices(collected) == before
        assert [line.earns_loyalty for line in collected.lines] == [False, False, True]
        assert (collected.delivery_charge, collected.total) == (D("0.00"), D("29.20"))

    @pytest.mark.row("C8")
    async def test_keeps_the_price_of_what_was_delivered(self, shop: Shop) -> None:
        lines = [WantedLine(ean=ean, quantity=1, discount=D("5.00")) for ean in (BOOK, OTHER)]
        order = await take(shop, *lines)
        await shop.adjust(BOOK, 1)
        order = await shop.deliver(order, {order.lines[0].id: 1})
        shipped = await shop.annotate(order, mail_order=True)
        assert [line.unit_price for line in shipped.lines] == [D("9.50"), D("10.00")]

    @pytest.mark.row("C8")
    async def test_asks_for_the_charge_anew_only_where_something_of_it_changed(self, shop: Shop) -> None:
        order = await take(shop, mail_order=True, delivery_charge=D("5.00"))
        assert (await shop.annotate(order, mail_order=True, vat_exempt=False)).delivery_charge == D("5.00")
        order = await shop.annotate(order, delivery_charge=D("1.00"))
        assert (order.delivery_charge, order.charge_ruling and order.charge_ruling.asked) == (D("3.00"), D("1.00"))
        order = await shop.annotate(order, delivery_charge=None)
        assert (order.delivery_charge, order.charge_ruling and order.charge_ruling.asked) == (D("3.00"), D("0.00"))

    async def test_owes_no_vat_once_it_is_exempt(self, shop: Shop) -> None:
        order = await take(shop)
        exempt = await shop.annotate(order, vat_exempt=True)
        assert (order.total, exempt.total, exempt.lines[0].amount) == (D("10.00"), D("9.48"), D("9.48"))
        assert (await shop.annotate(exempt, vat_exempt=None)).total == D("10.00")


class TestALineChanged:
    @pytest.mark.row("A16", "C8")
    async def test_to_another_price_is_capped_and_can_go_back_to_the_rules(self, shop: Shop) -> None:
        customer_id = await card(shop, rule("4.00"))
        order = await take(shop, customer_id=customer_id)
        line_id = order.lines[0].id

        async def change(seen: OrderView, **changes: Any) -> OrderView:
            return await shop.orders.change_line(
                by=shop.staff,
                order_id=seen.id,
                line_id=line_id,
                version=seen.version,
                changes=changes,  # type: ignore[arg-type]
            )

        order = await change(order, unit_price=D("8.00"))
        assert prices(order) == [("9.50", PriceSource.TYPED, "R1")]
        order = await change(order, ordered=2)
        assert prices(order) == [("9.50", PriceSource.TYPED, "R1")]
        order = await change(order, discount=D("1.00"))
        assert prices(order) == [("9.90", PriceSource.TYPED, None)]
        await shop.catalogue(EANS, price="99.00")
        order = await change(order, unit_price=None)
        assert prices(order) == [("9.60", PriceSource.DISCOUNT, None)]


class TestAWebShopsPrice:
    async def push(self, shop: Shop, *lines: tuple[Ean, int, str | None], charge: str = "3.00") -> OrderView:
        wanted: Sequence[WantedLine] = [
            WantedLine(ean=ean, quantity=copies, unit_price=D(sold) if sold else None) for ean, copies, sold in lines
        ]
        return (await shop.push("W-1", {}, lines=wanted, delivery_charge=D(charge))).order

    @pytest.mark.row("C8")
    async def test_is_taken_as_sold_and_a_warning_says_which_rule_it_breaks(self, shop: Shop) -> None:
        order = await self.push(shop, (BOOK, 1, "9.00"), (OTHER, 1, "11.00"), (EANS[2], 1, "10.00"), charge="1.00")
        assert prices(order) == [
            ("9.00", PriceSource.CHANNEL, None),
            ("11.00", PriceSource.CHANNEL, None),
            ("10.00", PriceSource.CHANNEL, None),
        ]
        assert (order.delivery_charge, order.charge_ruling, order.total) == (D("1.00"), None, D("31.00"))
        assert order.warnings == (
            (
                f"« Livre {BOOK} » vendu 9,00\u00a0€ : "
                "Un livre neuf expédié se vend au prix fixé par l'éditeur, sans remise."
            ),
            (
                f"« Livre {OTHER} » vendu 11,00\u00a0€ : "
                "Ce livre ne peut pas être vendu plus cher que le prix fixé par l'éditeur."
            ),
            (
                "Livraison facturée 1,00\u00a0€ : "
                "La livraison de livres neufs pour moins de 35,00\u00a0€ est facturée au moins 3,00\u00a0€ par colis."
            ),
        )

    @pytest.mark.row("C8")
    async def test_that_keeps_the_law_is_not_warned_of(self, shop: Shop) -> None:
        order = await self.push(shop, (BOOK, 1, None), (EBOOK, 1, None))
        assert (order.warnings, order.total) == ((), D("18.99"))

    @pytest.mark.row("C8")
    async def test_stays_when_the_order_is_collected_after_all(self, shop: Shop) -> None:
        order = await self.push(shop, (BOOK, 1, "9.00"))
        collected = await shop.annotate(order, mail_order=False)
        assert prices(collected) == [("9.00", PriceSource.CHANNEL, None)]

    @pytest.mark.row("C8")
    async def test_sent_anew_is_judged_anew(self, shop: Shop) -> None:
        await self.push(shop, (BOOK, 1, "9.00"))
        wanted = [WantedLine(ean=BOOK, quantity=1, unit_price=D("10.00"))]
        again = await shop.push("W-1", {}, lines=wanted, comment="corrigé")
        assert again.order.warnings == ()


class TestAPreview:
    async def see(self, shop: Shop, *lines: WantedLine, **more: Any) -> PricesView:
        asked = NewOrder(lines=lines, **more)
        view: PricesView = await shop._result(Prices(shop.around).preview(by=shop.staff, order=asked, once=shop.once()))
        return view

    @pytest.mark.row("C8", "A63")
    async def test_says_what_the_order_would_cost_and_leaves_nothing(self, shop: Shop) -> None:
        customer_id = await card(shop, rule("4.00"))
        lines = [WantedLine(ean=BOOK, quantity=2), WantedLine(ean=OTHER, quantity=1, discount=D("9.00"))]
        seen = await self.see(shop, *lines, customer_id=customer_id)
        order = await take(shop, *lines, customer_id=customer_id)
        assert [each.priced.unit_price for each in seen.lines] == [line.unit_price for line in order.lines]
        assert [each.priced.percent for each in seen.lines] == [D("4.00"), D("9.00")]
        assert [each.priced.ruling and each.priced.ruling.rule for each in seen.lines] == [None, "R1"]
        assert (seen.total, seen.discount, seen.vat_totals) == (order.total, order.discount, order.vat_totals)
        assert list((await shop.house.books()).orders) == [order.id]
