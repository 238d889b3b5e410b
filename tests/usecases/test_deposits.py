"""Deposits (acomptes) as deliveries, returns, cancellings and refunds change them; the ledger is their sum (R26, A25)."""

from decimal import Decimal

import pytest

from domain.errors import OrderClosed, RefundTooLarge
from domain.events import EventType
from domain.model.order import Status
from domain.model.payment import DepositCause, DepositEntry, PaymentKind, PaymentMethod
from domain.model.values import NOTHING, OrderId
from domain.queries.orders import OrderView, view_of
from domain.usecases.payments import Received
from tests.contracts.books import audit
from tests.contracts.samples import EANS
from tests.usecases.shop import Shop

RUE, CHUT = EANS[:2]
DEPOSIT, REFUND = PaymentKind.DEPOSIT, PaymentKind.REFUND


async def ledger(shop: Shop, order_id: OrderId) -> list[tuple[str, str]]:
    """Cause and amount of each entry; every rule of the shop holds."""
    books = await shop.house.books()
    audit(books)
    return [(each.cause.value, f"{each.amount:.2f}") for each in books.deposits if each.order_id == order_id]


async def entries(shop: Shop, order_id: OrderId) -> list[DepositEntry]:
    return [each for each in (await shop.house.books()).deposits if each.order_id == order_id]


async def payments(shop: Shop, order_id: OrderId) -> list[tuple[str, str]]:
    books = await shop.house.books()
    return [(each.kind, f"{each.amount:.2f}") for each in books.payments if each.order_id == order_id]


async def now_of(shop: Shop, order_id: OrderId) -> OrderView:
    return view_of((await shop.house.books()).orders[order_id])


async def paid(shop: Shop, order: OrderView, amount: str, kind: PaymentKind, method: PaymentMethod) -> OrderView:
    received = Received(amount=Decimal(amount), kind=kind, method=method)
    paying = shop.payments.pay(
        by=shop.staff, order_id=order.id, version=order.version, received=received, once=shop.once()
    )
    await paying
    return await now_of(shop, order.id)


class TestTheDeposit:
    async def test_is_taken_in_proportion_by_each_delivery_and_whole_by_the_last(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 2, CHUT: 1}), "10.00", kind=DEPOSIT)
        await shop.adjust(RUE, 2)
        await shop.adjust(CHUT, 1)
        order = await shop.deliver(order, {order.lines[0].id: 1})
        assert await ledger(shop, order.id) == [("received", "10.00"), ("used", "-3.33")]
        written = await shop.note(order, {order.lines[0].id: 1})
        assert (await ledger(shop, order.id))[-1] == ("used", "-3.34")
        assert written.order_version == (await now_of(shop, order.id)).version
        order = await shop.deliver(await now_of(shop, order.id), {order.lines[1].id: 1})
        assert (await ledger(shop, order.id))[-1] == ("used", "-3.33")
        assert (order.status, order.deposit, order.deposit_used) == (Status.DELIVERED, Decimal(10), Decimal(10))

    async def test_is_taken_by_a_collection_too(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 1, CHUT: 1}), "10.00", kind=DEPOSIT)
        received = await shop.receive((RUE, 1))
        await shop.collect(*(kept.id for line in received.lines for kept in line.reservations))
        assert await ledger(shop, order.id) == [("received", "10.00"), ("used", "-5.00")]

    async def test_can_be_used_again_after_a_return(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 2}), "10.00", kind=DEPOSIT)
        await shop.adjust(RUE, 2)
        order = await shop.deliver(order, {order.lines[0].id: 2})
        order = await shop.take_back(order, {order.lines[0].id: 1})
        assert await ledger(shop, order.id) == [("received", "10.00"), ("used", "-10.00"), ("unused", "5.00")]
        assert order.deposit_used == Decimal("5.00")

    async def test_is_used_whole_once_the_remainder_is_cancelled(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 2}), "8.00", kind=DEPOSIT)
        await shop.adjust(RUE, 1)
        order = await shop.deliver(order, {order.lines[0].id: 1})
        await shop.cancel_remainder(order)
        assert await ledger(shop, order.id) == [("received", "8.00"), ("used", "-4.00"), ("used", "-4.00")]

    @pytest.mark.row("B27")
    async def test_is_used_whole_by_a_delivery_that_leaves_no_back_order(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 2}, back_orders=False), "8.00", kind=DEPOSIT)
        await shop.adjust(RUE, 1)
        await shop.deliver(order, {order.lines[0].id: 1})
        assert await ledger(shop, order.id) == [("received", "8.00"), ("used", "-8.00")]

    async def test_that_comes_after_the_goods_is_used_at_once(self, shop: Shop) -> None:
        order = await shop.create({RUE: 1})
        await shop.adjust(RUE, 1)
        order = await shop.deliver(order, {order.lines[0].id: 1})
        await shop.pay(order, "10.00", kind=DEPOSIT)
        assert await ledger(shop, order.id) == [("received", "10.00"), ("used", "-10.00")]

    async def test_of_a_refused_delivery_stays_as_it_is(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 1}), "5.00", kind=DEPOSIT)
        with pytest.raises(Exception, match="out-of-stock"):
            await shop.deliver(order, {order.lines[0].id: 1})
        assert await ledger(shop, order.id) == [("received", "5.00")]


@pytest.mark.row("A24", "A25")
class TestAnAnnulledOrder:
    async def test_gives_the_deposit_back_the_way_it_came(self, shop: Shop) -> None:
        order = await shop.create({RUE: 3})
        order = await paid(shop, order, "6.00", DEPOSIT, PaymentMethod.CASH)
        order = await paid(shop, order, "4.00", DEPOSIT, PaymentMethod.CARD)
        order = await shop.cancel(order)
        assert (order.deposit, order.paid, order.refunded) == (NOTHING, NOTHING, Decimal("10.00"))
        assert await payments(shop, order.id) == [
            ("deposit", "6.00"),
            ("deposit", "4.00"),
            ("refund", "4.00"),
            ("refund", "6.00"),
        ]
        found = await entries(shop, order.id)
        assert [(each.cause, each.method, each.by) for each in found[2:]] == [
            (DepositCause.REFUNDED, PaymentMethod.CARD, "staff:camille"),
            (DepositCause.REFUNDED, PaymentMethod.CASH, "staff:camille"),
        ]
        await ledger(shop, order.id)

    async def test_without_a_deposit_gives_nothing_back_of_itself(self, shop: Shop) -> None:
        order = await shop.cancel(await shop.pay(await shop.create({RUE: 1}), "4.00"))
        assert (order.paid, order.refunded) == (Decimal("4.00"), NOTHING)
        after = await shop.pay(order, "4.00", kind=REFUND)
        assert (after.paid, after.refunded) == (NOTHING, Decimal("4.00"))
        await ledger(shop, order.id)

    async def test_gives_only_back_what_is_left_of_it(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 1}), "8.00", kind=DEPOSIT)
        order = await shop.pay(order, "3.00", kind=REFUND)
        order = await shop.cancel(order)
        assert await ledger(shop, order.id) == [("received", "8.00"), ("refunded", "-3.00"), ("refunded", "-5.00")]
        assert order.refunded == Decimal("8.00")

    async def test_line_by_line_gives_it_back_too(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 1}), "8.00", kind=DEPOSIT)
        order = await shop.cancel_remainder(order, order.lines[0].id)
        assert order.status is Status.CANCELLED
        assert await ledger(shop, order.id) == [("received", "8.00"), ("refunded", "-8.00")]

    async def test_by_a_return_of_all_for_good_gives_it_back_too(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 1}), "8.00", kind=DEPOSIT)
        await shop.adjust(RUE, 1)
        order = await shop.deliver(order, {order.lines[0].id: 1})
        order = await shop.take_back(order, {order.lines[0].id: 1}, replace=False)
        assert order.status is Status.CANCELLED
        assert [cause for cause, _ in await ledger(shop, order.id)] == ["received", "used", "unused", "refunded"]

    async def test_whose_payment_lapsed_gives_back_what_had_come(self, shop: Shop) -> None:
        pushed = await shop.push("W-1", {RUE: 1})
        order = await shop.lapse(await shop.pay(pushed.order, "4.00", kind=DEPOSIT))
        assert (order.deposit, order.refunded) == (NOTHING, Decimal("4.00"))
        await ledger(shop, order.id)


class TestARefund:
    async def test_goes_out_of_the_deposit_first(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 2}), "5.00", kind=DEPOSIT)
        order = await shop.pay(order, "4.00")
        order = await shop.pay(order, "7.00", kind=REFUND)
        assert (order.paid, order.deposit, order.refunded) == (Decimal("2.00"), NOTHING, Decimal("7.00"))
        assert await ledger(shop, order.id) == [("received", "5.00"), ("refunded", "-5.00")]
        assert (await payments(shop, order.id))[-1] == ("refund", "7.00")

    async def test_is_told_as_a_change_not_as_a_payment(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 2}), "5.00")
        before = await shop.happened()
        await shop.pay(order, "1.00", kind=REFUND)
        told = await shop.happened() - before
        assert told == {EventType.ORDER_UPDATED: 1}

    async def test_is_never_of_more_than_was_paid_and_not_delivered(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 2}), "15.00", kind=DEPOSIT)
        await shop.adjust(RUE, 1)
        order = await shop.deliver(order, {order.lines[0].id: 1})
        before = repr(await shop.house.books())
        with pytest.raises(RefundTooLarge):
            await shop.pay(order, "5.01", kind=REFUND)
        assert repr(await shop.house.books()) == before
        after = await shop.pay(order, "5.00", kind=REFUND)
        assert (after.paid, after.deposit) == (Decimal("10.00"), Decimal("10.00"))
        await ledger(shop, order.id)

    async def test_asked_for_twice_with_one_key_is_one_refund(self, shop: Shop) -> None:
        order = await shop.pay(await shop.create({RUE: 2}), "5.00")
        await shop.pay(order, "1.00", kind=REFUND, key="same")
        await shop.pay(order, "1.00", kind=REFUND, key="same")
        assert await payments(shop, order.id) == [("payment", "5.00"), ("refund", "1.00")]

    async def test_is_possible_after_the_order_was_annulled_but_no_payment_is(self, shop: Shop) -> None:
        order = await shop.cancel(await shop.pay(await shop.create({RUE: 1}), "4.00"))
        with pytest.raises(OrderClosed):
            await shop.pay(order, "1.00")
        assert (await shop.pay(order, "1.00", kind=REFUND)).paid == Decimal("3.00")
