"""Delivery notes (A18): what left and what is to come, the charge of each parcel, and whether a reliquat is left (B27)."""

from decimal import Decimal
from typing import Any

import pytest

from domain.errors import Invalid, NotFound, NothingToDeliver, OrderClosed, OutOfStock, StaleVersion
from domain.events import EventType
from domain.model.customer import BackOrderRules, BackOrders, CustomerDetails, Kind
from domain.model.order import Status
from domain.model.values import LineId
from domain.queries.orders import OrderView
from tests.contracts.house import FakeHouse
from tests.contracts.samples import EANS, EBOOK
from tests.usecases.office import Office
from tests.usecases.shop import Shop
from tests.usecases.test_fulfilment import now_of

RUE, CHUT = EANS[:2]


@pytest.fixture
async def office() -> Office:
    office = Office(FakeHouse())
    await office.catalogue(EANS)
    await office.catalogue([EBOOK], digital=True, price="5.99")
    return office


@pytest.mark.row("A18")
class TestADeliveryNote:
    async def test_says_what_left_and_what_is_to_come(self, shop: Shop) -> None:
        order = await shop.create({RUE: 3, CHUT: 1, EBOOK: 1})
        await shop.receive((RUE, 2))
        written = await shop.note(await now_of(shop, order.id))
        note = written.note
        assert (note.order_id, note.contact, note.by, note.shipped) == (
            order.id,
            order.contact,
            shop.staff.client,
            False,
        )
        assert [(line.ean, line.quantity, line.left) for line in note.lines] == [(RUE, 2, 1), (EBOOK, 1, 0)]
        after = await now_of(shop, order.id)
        assert (written.order_number, written.order_version) == (order.number, after.version)
        assert (after.status, note.total) == (Status.PARTLY_DELIVERED, Decimal("25.99"))
        assert (await shop.happened())[EventType.ORDER_DELIVERED] == 1

    async def test_has_a_number_of_its_own_that_rises(self, shop: Shop) -> None:
        order = await shop.create({RUE: 2})
        await shop.adjust(RUE, 2)
        first = await shop.note(order, {order.lines[0].id: 1})
        second = await shop.note(await now_of(shop, order.id), {order.lines[0].id: 1})
        assert first.note.number < second.note.number
        assert (await shop.house.books()).notes == [(first.note.number, order.id), (second.note.number, order.id)]

    async def test_asked_for_twice_with_one_key_is_one_note(self, shop: Shop) -> None:
        order = await shop.create({RUE: 2})
        await shop.adjust(RUE, 2)
        first = await shop.note(order, {order.lines[0].id: 1}, key="same")
        assert await shop.note(order, {order.lines[0].id: 1}, key="same") == first
        assert len((await shop.house.books()).notes) == 1

    @pytest.mark.parametrize("refusal", [NothingToDeliver, OutOfStock, StaleVersion, NotFound])
    async def test_that_is_refused_is_no_note(self, shop: Shop, refusal: type[Exception]) -> None:
        order = await shop.create({RUE: 2})
        wanted: dict[LineId, int] | None = {order.lines[0].id: 1}
        if refusal is StaleVersion:
            await shop.annotate(order, comment="changée")
        elif refusal is NotFound:
            wanted = {LineId(shop.house.new_id()): 1}
        elif refusal is NothingToDeliver:
            wanted = None
        before = repr(await shop.house.books())
        with pytest.raises(refusal):
            await shop.note(order, wanted)
        assert repr(await shop.house.books()) == before

    async def test_is_not_of_a_cancelled_order(self, shop: Shop) -> None:
        order = await shop.cancel(await shop.create({RUE: 1}))
        with pytest.raises(OrderClosed):
            await shop.note(order, {order.lines[0].id: 1})


@pytest.mark.row("A18", "C8")
class TestAParcel:
    async def ordered(self, shop: Shop, copies: int = 3, **more: Any) -> OrderView:
        await shop.adjust(RUE, copies)
        return await shop.create({RUE: copies}, mail_order=True, **more)

    async def test_bears_the_orders_charge_when_it_is_the_first_and_the_least_one_later(self, shop: Shop) -> None:
        order = await self.ordered(shop)
        line = order.lines[0].id
        assert (order.delivery_charge, order.charge_ruling is not None) == (Decimal("3.00"), True)
        first = await shop.note(order, {line: 1})
        assert (first.note.shipped, first.note.delivery_charge) == (True, Decimal("3.00"))
        assert first.note.charge_ruling == order.charge_ruling
        second = await shop.note(await now_of(shop, order.id), {line: 1})
        assert second.note.delivery_charge == Decimal("3.00")
        assert second.note.charge_ruling is not None
        assert second.note.charge_ruling.rule == "R4"
        after = await now_of(shop, order.id)
        assert (after.delivery_charge, after.total) == (Decimal("6.00"), Decimal("36.00"))

    async def test_of_less_than_the_threshold_is_raised_where_the_order_was_above_it(self, shop: Shop) -> None:
        order = await self.ordered(shop, 4)
        assert order.delivery_charge == Decimal("0.01")
        first = await shop.note(order, {order.lines[0].id: 2})
        assert first.note.delivery_charge == Decimal("3.00")
        assert (await now_of(shop, order.id)).delivery_charge == Decimal("3.00")

    @pytest.mark.parametrize(
        ("typed", "borne", "rule"), [("1.00", "3.00", "R4"), ("3.00", "3.00", None), ("7.50", "7.50", None)]
    )
    async def test_bears_what_is_typed_but_never_less_than_the_law_asks(
        self, shop: Shop, typed: str, borne: str, rule: str | None
    ) -> None:
        order = await self.ordered(shop)
        first = await shop.note(order, {order.lines[0].id: 1})
        second = await shop.note(await now_of(shop, order.id), {order.lines[0].id: 1}, charge=typed)
        assert second.note.delivery_charge == Decimal(borne)
        assert (second.note.charge_ruling.rule if second.note.charge_ruling else None) == rule
        charge = (await now_of(shop, order.id)).delivery_charge
        assert charge == first.note.delivery_charge + second.note.delivery_charge

    async def test_of_a_digital_copy_is_no_parcel_and_leaves_the_charge_to_the_first_that_goes(
        self, shop: Shop
    ) -> None:
        await shop.adjust(RUE, 1)
        order = await shop.create({EBOOK: 1, RUE: 1}, mail_order=True)
        digital = await shop.note(order, {order.lines[0].id: 1})
        assert (digital.note.shipped, digital.note.delivery_charge) == (False, Decimal("0.00"))
        book = await shop.note(await now_of(shop, order.id), {order.lines[1].id: 1})
        assert (book.note.shipped, book.note.delivery_charge) == (True, Decimal("3.00"))
        assert (await now_of(shop, order.id)).delivery_charge == Decimal("3.00")

    async def test_sent_anew_after_all_came_back_is_charged_anew(self, shop: Shop) -> None:
        order = await self.ordered(shop, 1)
        await shop.note(order, {order.lines[0].id: 1})
        after = await shop.take_back(await now_of(shop, order.id), {order.lines[0].id: 1})
        again = await shop.note(after, {order.lines[0].id: 1})
        assert again.note.delivery_charge == Decimal("3.00")
        assert (await now_of(shop, order.id)).delivery_charge == Decimal("6.00")

    async def test_of_a_web_shops_order_bears_first_what_the_web_shop_took(self, shop: Shop) -> None:
        await shop.adjust(RUE, 2)
        pushed = await shop.push("W-1", {RUE: 2}, paid=True, delivery_charge=Decimal("2.50"))
        line = pushed.order.lines[0].id
        first = await shop.note(pushed.order, {line: 1})
        assert first.note.delivery_charge == Decimal("2.50")
        second = await shop.note(await now_of(shop, pushed.order.id), {line: 1})
        assert second.note.delivery_charge == Decimal("3.00")

    async def test_to_a_public_body_is_charged_as_the_shop_likes(self, shop: Shop) -> None:
        card = await shop.customer(
            code=None, details=CustomerDetails(name="Mairie", kind=Kind.ORGANISATION, collectivity=True)
        )
        order = await self.ordered(shop, 2, customer_id=card.id)
        for _ in range(2):
            order = await now_of(shop, order.id)
            assert (await shop.note(order, {order.lines[0].id: 1})).note.delivery_charge == Decimal("0.00")

    async def test_is_never_charged_more_than_an_order_can_hold(self, shop: Shop) -> None:
        order = await self.ordered(shop, 2)
        await shop.note(order, {order.lines[0].id: 1}, charge="9999999999.99")
        with pytest.raises(Invalid):
            await shop.note(await now_of(shop, order.id), {order.lines[0].id: 1})

    async def test_collected_one_copy_order_bears_no_charge(self, shop: Shop) -> None:
        await shop.adjust(RUE, 1)
        order = await shop.create({RUE: 1})
        written = await shop.note(order, {order.lines[0].id: 1}, charge="2.00")
        assert (written.note.delivery_charge, written.note.shipped) == (Decimal("0.00"), False)
        assert written.note.charge_ruling is not None
        assert written.note.charge_ruling.rule == "R12"


@pytest.mark.row("B27")
class TestTheReliquatOfANote:
    @pytest.mark.parametrize(
        ("ordered", "card", "dossier", "left"),
        [
            (True, BackOrders.INHERIT, True, 1),
            (True, BackOrders.INHERIT, False, 0),
            (True, BackOrders.NO, True, 0),
            (True, BackOrders.YES, False, 1),
            (False, BackOrders.YES, True, 0),
        ],
    )
    async def test_is_as_order_card_and_company_file_say(
        self, office: Office, ordered: bool, card: BackOrders, dossier: bool, left: int
    ) -> None:
        await office.decide(back_orders_delivery_notes=dossier)
        rules = BackOrderRules(delivery_notes=card)
        customer = await office.customer(code=None, details=CustomerDetails(name="Durand", back_orders=rules))
        order = await office.create({RUE: 2}, customer_id=customer.id, back_orders=ordered)
        await office.adjust(RUE, 1)
        written = await office.note(order, {order.lines[0].id: 1})
        after = await now_of(office, order.id)
        assert [line.left for line in written.note.lines] == [left]
        assert (after.lines[0].outstanding, after.lines[0].cancelled) == (left, 1 - left)
        assert after.status is (Status.PARTLY_DELIVERED if left else Status.DELIVERED)
