"""Deposits by name: left at the counter, used for orders, given back by name; no cent in two ledgers or in none (A66, P25)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest

from domain.errors import (
    AlreadyRefunded,
    CustomerAnonymised,
    DepositTooLow,
    NotFound,
    OrderClosed,
    OrderWithoutCustomer,
    RefundTooLarge,
    StaleVersion,
)
from domain.events import EventType
from domain.model.named_deposit import NamedDepositCause, NamedDepositEntry
from domain.model.order import Status
from domain.model.payment import PaymentKind, PaymentMethod
from domain.model.values import NOTHING, CustomerId
from domain.queries.orders import OrderView, view_of
from tests.contracts.house import FakeHouse, House, postgres_house, until_blocked
from tests.contracts.samples import EANS
from tests.support.database import MakeDatabase
from tests.usecases.purse import Purse
from tests.usecases.shop import at_once

pytestmark = [pytest.mark.row("A66", "P25")]
RUE, CHUT = EANS[:2]


@pytest.fixture(params=["fake", "postgres"])
async def purse(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Purse]:
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        purse = Purse(house)
        await purse.catalogue(EANS)
        yield purse


@pytest.fixture
async def martin(purse: Purse) -> CustomerId:
    """A customer who left 30 euros."""
    card = await purse.card()
    assert await purse.leave(card, "30.00") == Decimal("30.00")
    return card


async def now_of(purse: Purse, order: OrderView) -> OrderView:
    return view_of((await purse.house.books()).orders[order.id])


class TestTheLedger:
    async def test_adds_up_what_is_left_and_taken_back(self, purse: Purse, martin: CustomerId) -> None:
        assert await purse.leave(martin, "12.50") == Decimal("42.50")
        assert await purse.leave(martin, "2.50", back=True) == Decimal("40.00")
        assert await purse.purse(martin) == [("received", "30.00"), ("received", "12.50"), ("refunded", "-2.50")]

    async def test_is_never_below_nil(self, purse: Purse, martin: CustomerId) -> None:
        with pytest.raises(DepositTooLow) as refused:
            await purse.leave(martin, "30.01", back=True)
        assert refused.value.facts == {"asked": Decimal("30.01"), "most": Decimal("30.00")}
        assert await purse.leave(martin, "30.00", back=True) == NOTHING

    async def test_hears_one_key_once(self, purse: Purse, martin: CustomerId) -> None:
        await purse.leave(martin, "5.00", key="same")
        await purse.leave(martin, "5.00", key="same")
        assert await purse.balance(martin) == Decimal("35.00")

    async def test_is_of_a_card_that_stands(self, purse: Purse, martin: CustomerId) -> None:
        with pytest.raises(NotFound):
            await purse.leave(CustomerId(purse.house.new_id()), "5.00")
        async with purse.house.begin(purse.house.dossier) as work:
            (card,) = await work.customers.lock([martin])
            card.anonymised_at = purse.house.clock()
            card.version += 1
            work.customers.save(card)
            await work.commit()
        with pytest.raises(CustomerAnonymised):
            await purse.leave(martin, "5.00")

    async def test_is_told_of(self, purse: Purse, martin: CustomerId) -> None:
        before = await purse.happened()
        await purse.leave(martin, "1.00")
        assert await purse.happened() - before == {EventType.CUSTOMER_UPDATED: 1}


class TestAnOrder:
    async def test_takes_of_it_as_a_deposit_of_its_own(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.use(await purse.create({RUE: 2}, customer_id=martin), "12.00")
        assert (order.deposit, order.paid, order.due) == (Decimal("12.00"), Decimal("12.00"), Decimal("8.00"))
        assert await purse.purse(martin) == [("received", "30.00"), ("used", "-12.00")]
        assert await purse.balance(martin) == Decimal("18.00")

    async def test_takes_no_more_than_there_is(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.create({RUE: 5}, customer_id=martin)
        before = repr(await purse.house.books())
        with pytest.raises(DepositTooLow):
            await purse.use(order, "30.01")
        assert repr(await purse.house.books()) == before

    async def test_of_a_free_name_has_none(self, purse: Purse) -> None:
        with pytest.raises(OrderWithoutCustomer):
            await purse.use(await purse.create({RUE: 1}), "1.00")

    async def test_is_changed_as_it_was_read(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.create({RUE: 2}, customer_id=martin)
        await purse.use(order, "1.00")
        with pytest.raises(StaleVersion):
            await purse.use(order, "1.00")
        assert await purse.balance(martin) == Decimal("29.00")

    async def test_gives_back_by_name_what_no_delivery_took(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.use(await purse.create({RUE: 2}, customer_id=martin), "20.00")
        await purse.adjust(RUE, 1)
        order = await purse.deliver(order, {order.lines[0].id: 1})
        assert order.deposit_used == Decimal("10.00")
        with pytest.raises(RefundTooLarge) as refused:
            await purse.use(order, "10.01", back=True)
        assert refused.value.facts["most"] == Decimal("10.00")
        order = await purse.use(order, "10.00", back=True)
        assert (order.deposit, order.paid, order.refunded) == (Decimal("10.00"), Decimal("10.00"), Decimal("10.00"))
        assert await purse.purse(martin) == [("received", "30.00"), ("used", "-20.00"), ("returned", "10.00")]

    async def test_gives_back_by_name_only_what_came_by_name(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.pay(await purse.create({RUE: 3}, customer_id=martin), "10.00", kind=PaymentKind.DEPOSIT)
        order = await purse.use(order, "5.00")
        with pytest.raises(RefundTooLarge) as refused:
            await purse.use(order, "5.01", back=True)
        assert refused.value.facts["most"] == Decimal("5.00")
        await purse.use(order, "5.00", back=True)
        assert await purse.balance(martin) == Decimal("30.00")

    async def test_cannot_give_back_what_was_refunded_in_money(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.use(await purse.create({RUE: 3}, customer_id=martin), "20.00")
        order = await purse.pay(order, "15.00", kind=PaymentKind.REFUND)
        with pytest.raises(RefundTooLarge) as refused:
            await purse.use(order, "5.01", back=True)
        assert refused.value.facts["most"] == Decimal("5.00")
        await purse.use(order, "5.00", back=True)
        assert await purse.balance(martin) == Decimal("15.00")
        await purse.purse(martin)

    async def test_annulled_gives_back_each_deposit_the_way_it_came(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.pay(await purse.create({RUE: 3}, customer_id=martin), "6.00", kind=PaymentKind.DEPOSIT)
        order = await purse.cancel(await purse.use(order, "9.00"))
        assert (order.deposit, order.paid, order.refunded) == (NOTHING, NOTHING, Decimal("15.00"))
        assert await purse.purse(martin) == [("received", "30.00"), ("used", "-9.00"), ("returned", "9.00")]
        books = await purse.house.books()
        back = [(each.method, each.amount) for each in books.deposits if each.amount < 0]
        assert back == [
            (PaymentMethod.NAMED_DEPOSIT, Decimal("-9.00")),
            (PaymentMethod.CHEQUE, Decimal("-6.00")),
        ]
        with pytest.raises(OrderClosed):
            await purse.use(order, "1.00")
        with pytest.raises(AlreadyRefunded):
            await purse.reopen(order)

    async def test_brought_back_for_good_gives_it_back_by_name(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.use(await purse.create({RUE: 1}, customer_id=martin), "10.00")
        await purse.adjust(RUE, 1)
        order = await purse.deliver(order, {order.lines[0].id: 1})
        order = await purse.take_back(order, {order.lines[0].id: 1}, replace=False)
        assert order.status is Status.CANCELLED
        assert await purse.balance(martin) == Decimal("30.00")
        await purse.purse(martin)


class TestAtOnce:
    async def test_two_orders_take_one_deposit_once(self, purse: Purse, martin: CustomerId) -> None:
        orders = [await purse.create({RUE: 3}, customer_id=martin) for _ in range(2)]
        assert await at_once(*(purse.use(each, "20.00") for each in orders)) == ["deposit-too-low", "done"]
        assert await purse.balance(martin) == Decimal("10.00")
        await purse.purse(martin)

    async def test_who_takes_waits_for_who_holds_the_card(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.create({RUE: 3}, customer_id=martin)
        gone = NamedDepositEntry(
            id=purse.house.new_id(),
            customer_id=martin,
            order_id=None,
            amount=Decimal("-20.00"),
            cause=NamedDepositCause.REFUNDED,
            method=PaymentMethod.CASH,
            reference=None,
            at=purse.house.clock(),
            by="staff:1",
        )
        async with purse.house.begin(purse.house.dossier) as work:
            await work.customers.lock([martin])
            using = asyncio.create_task(purse.use(order, "20.00"))
            await until_blocked(purse.house, 1, beside=using)
            work.named_deposits.add(gone)
            await work.commit()
        with pytest.raises(DepositTooLow):
            await using

    async def test_a_refund_and_an_order_do_not_both_get_it(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.create({RUE: 3}, customer_id=martin)
        ends = await at_once(purse.leave(martin, "20.00", back=True), purse.use(order, "20.00"))
        assert ends == ["deposit-too-low", "done"]
        await purse.purse(martin)

    async def test_attaching_and_using_end(self, purse: Purse, martin: CustomerId) -> None:
        order = await purse.create({RUE: 3}, customer_id=martin)
        free = await purse.create({CHUT: 1})
        async with asyncio.timeout(20):
            ends = await at_once(
                purse.use(order, "5.00"),
                purse.orders.attach(
                    by=purse.staff, order_id=free.id, version=free.version, customer_id=martin, once=purse.once()
                ),
            )
        assert ends == ["done", "done"]
