"""Orders that a web shop pushes: one order for ever, however often it is sent (C2)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.errors import CustomerBlocked, Invalid, NotFound, OrderLocked, TryAgain, UnknownChannel
from domain.events import EventType
from domain.model.customer import CustomerDetails, Light
from domain.model.order import Origin, Status
from domain.model.payment import PaymentState
from domain.model.values import Contact, Ean
from domain.usecases.pushes import Pushed
from tests.contracts.books import audit
from tests.contracts.house import FakeHouse
from tests.contracts.samples import EANS, NOW
from tests.usecases.shop import Shop

pytestmark = pytest.mark.row("C2")


class TestAPush:
    @pytest.mark.row("A1", "A6")
    async def test_of_an_unpaid_order_makes_one_that_is_blocked(self, shop: Shop) -> None:
        pushed = await shop.push("W-1", {EANS[0]: 2})
        order = pushed.order
        assert pushed.created
        assert (order.status, order.payment_state) == (Status.BLOCKED, PaymentState.AWAITED)
        assert (order.origin, order.mail_order, order.channel, order.external_id) == (
            Origin.WEB,
            True,
            "boutique",
            "W-1",
        )
        assert (order.total, order.paid, order.version) == (Decimal("23.00"), Decimal(0), 1)
        assert await shop.happened() == {EventType.ORDER_CREATED: 1}

    async def test_of_a_paid_order_makes_one_that_is_open_and_paid_in_full(self, shop: Shop) -> None:
        order = (await shop.push("W-1", {EANS[0]: 2}, paid=True)).order
        assert (order.status, order.paid, order.version) == (Status.OPEN, Decimal("23.00"), 1)
        assert await shop.happened() == {EventType.ORDER_CREATED: 1}
        audit(await shop.house.books())

    async def test_of_the_same_changes_nothing(self, shop: Shop) -> None:
        first = await shop.push("W-1", {EANS[0]: 2})
        for _ in range(3):
            again = await shop.push("W-1", {EANS[0]: 2})
            assert (again.created, again.order) == (False, first.order)
        assert await shop.happened() == {EventType.ORDER_CREATED: 1}

    async def test_of_another_content_takes_it_over(self, shop: Shop) -> None:
        first = (await shop.push("W-1", {EANS[0]: 2, EANS[1]: 1})).order
        changed = (await shop.push("W-1", {EANS[2]: 1, EANS[0]: 5}, contact=Contact(name="AUTRE"))).order
        assert (changed.id, changed.number, changed.version) == (first.id, first.number, 2)
        assert [(line.ean, line.ordered) for line in changed.lines] == [(EANS[2], 1), (EANS[0], 5)]
        assert changed.lines[1].id == first.lines[0].id
        assert changed.contact.name == "AUTRE"
        assert await shop.happened() == {EventType.ORDER_CREATED: 1, EventType.ORDER_UPDATED: 1}

    @pytest.mark.row("A6")
    async def test_of_the_payment_opens_the_order_once(self, shop: Shop) -> None:
        await shop.push("W-1", {EANS[0]: 2})
        for _ in range(2):
            paid = (await shop.push("W-1", {EANS[0]: 2}, paid=True)).order
            assert (paid.status, paid.paid, paid.version) == (Status.OPEN, Decimal("23.00"), 2)
        withdrawn = (await shop.push("W-1", {EANS[0]: 2}, paid=False)).order
        assert withdrawn == paid
        assert await shop.happened() == {EventType.ORDER_CREATED: 1, EventType.ORDER_PAID: 1}
        audit(await shop.house.books())

    async def test_of_content_and_payment_together_tells_once(self, shop: Shop) -> None:
        await shop.push("W-1", {EANS[0]: 2})
        paid = (await shop.push("W-1", {EANS[0]: 3}, paid=True)).order
        assert (paid.status, paid.paid, paid.total) == (Status.OPEN, Decimal("33.00"), Decimal("33.00"))
        assert await shop.happened() == {EventType.ORDER_CREATED: 1, EventType.ORDER_PAID: 1}

    async def test_older_than_what_is_known_changes_nothing(self, shop: Shop) -> None:
        newer = (await shop.push("W-1", {EANS[0]: 2}, sent_at=NOW)).order
        older = await shop.push("W-1", {EANS[0]: 9}, sent_at=NOW - timedelta(microseconds=1), paid=True)
        assert (older.created, older.order) == (False, newer)
        same_moment = await shop.push("W-1", {EANS[0]: 9}, sent_at=NOW)
        assert same_moment.order.quantity == 9

    async def test_of_another_content_is_refused_once_picking_has_begun(self, shop: Shop) -> None:
        first = (await shop.push("W-1", {EANS[0]: 2})).order
        await shop.receive((EANS[0], 1))
        with pytest.raises(OrderLocked):
            await shop.push("W-1", {EANS[0]: 3})
        same = await shop.push("W-1", {EANS[0]: 2})
        assert (same.order.id, same.order.reserved) == (first.id, 1)
        paid = await shop.push("W-1", {EANS[0]: 2}, paid=True)
        assert paid.order.status is Status.OPEN

    async def test_names_a_customer_of_the_file_who_may_be_named(self, shop: Shop) -> None:
        details = CustomerDetails(name="Durand", light=Light.ORANGE, light_message="Chèque")
        await shop.customer(code="DURAND", details=details)
        order = (await shop.push("W-1", {EANS[0]: 1}, customer_code="durand")).order
        assert (order.customer_code, order.warnings) == ("DURAND", ("Chèque",))
        await shop.customer(code="ROUGE", details=CustomerDetails(name="Rouge", light=Light.RED))
        with pytest.raises(CustomerBlocked):
            await shop.push("W-2", {EANS[0]: 1}, customer_code="ROUGE")
        with pytest.raises(NotFound):
            await shop.push("W-3", {EANS[0]: 1}, customer_code="PERSONNE")
        assert len((await shop.house.books()).orders) == 1

    async def test_of_an_unknown_article_or_shop_is_refused(self, shop: Shop) -> None:
        with pytest.raises(Invalid):
            await shop.push("W-1", {Ean("9780000000002"): 1})
        with pytest.raises(UnknownChannel):
            await shop.pushes.push(replace(shop.push_of("W-1", {EANS[0]: 1}), channel="autre"))
        assert await shop.happened() == {}


class TestAGroupOfPushes:
    async def test_of_one_order_twice_serves_the_twin_alone(self, shop: Shop) -> None:
        twins = [
            shop.push_of("W-1", {EANS[0]: 1}),
            shop.push_of("W-1", {EANS[0]: 1}),
            shop.push_of("W-2", {EANS[1]: 1}),
        ]
        first, twin, other = await shop.pushes._together(twins)
        assert isinstance(first, Pushed)
        assert first.created
        assert isinstance(twin, TryAgain)
        assert isinstance(other, Pushed)
        assert len((await shop.house.books()).orders) == 2

    async def test_answers_the_refused_and_serves_the_others(self, shop: Shop) -> None:
        bad, good = await shop.pushes._together(
            [shop.push_of("W-1", {Ean("9780000000002"): 1}), shop.push_of("W-2", {EANS[0]: 1})]
        )
        assert isinstance(bad, Invalid)
        assert isinstance(good, Pushed)
        assert [order.external and order.external.id for order in (await shop.house.books()).orders.values()] == ["W-2"]

    async def test_sent_at_once_makes_one_order_of_twenty(self) -> None:
        class Crowd:
            """Company that keeps twenty waiting and then serves them together, the refused ones alone."""

            def __init__(self) -> None:
                self.waiting: list[tuple[object, asyncio.Future[object]]] = []

            async def join(self, key: object, item: object, serve: object) -> object:
                future = asyncio.get_running_loop().create_future()
                self.waiting.append((item, future))
                if len(self.waiting) == 20:
                    waiting, self.waiting = self.waiting, []
                    results: Sequence[object] = await serve([each for each, _ in waiting])  # type: ignore[operator]
                    for (each, waiter), result in zip(waiting, results, strict=True):
                        (alone,) = await serve([each]) if isinstance(result, TryAgain) else (result,)  # type: ignore[operator]
                        waiter.set_result(alone)
                return await future

        house = FakeHouse()
        house.company = Crowd()  # type: ignore[assignment]
        shop = Shop(house)
        await shop.catalogue(EANS)
        pushed = await asyncio.gather(*(shop.push("W-1", {EANS[0]: 1}) for _ in range(20)))
        assert sorted(each.created for each in pushed) == [False] * 19 + [True]
        assert len({each.order.id for each in pushed}) == 1
        assert await shop.happened() == {EventType.ORDER_CREATED: 1}
