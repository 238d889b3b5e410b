"""What happens to an order: delivered, with a note or without, brought back, given up, opened again; all on stock and queue."""

from datetime import timedelta

import pytest

from domain.errors import (
    AlreadyRefunded,
    NotFound,
    NothingToCancel,
    NothingToReturn,
    OrderClosed,
    OutOfStock,
    StaleVersion,
)
from domain.events import EventType
from domain.model.article import Cause
from domain.model.order import Status
from domain.model.payment import PaymentKind, PaymentState
from domain.model.reservation import State
from domain.model.supply import SupplierLine, SupplierOrder, SupplyLink, SupplyState
from domain.model.values import LineId, OrderId, SupplierLineId, SupplierOrderId, ThirdPartyId
from domain.queries.orders import OrderView, view_of
from domain.usecases.cancelling import LAPSED
from domain.usecases.fulfilment import NO_BACK_ORDER
from tests.contracts.books import audit
from tests.contracts.samples import EANS, EBOOK, NOW, committed
from tests.usecases.shop import Shop

RUE, CHUT, NUIT = EANS[:3]


async def now_of(shop: Shop, order_id: OrderId) -> OrderView:
    """The order as it is kept; every rule of the shop holds."""
    books = await shop.house.books()
    audit(books)
    return view_of(books.orders[order_id])


async def causes(shop: Shop, ean: str = RUE) -> list[tuple[str, int, int]]:
    books = await shop.house.books()
    return [(each.cause.value, each.available, each.set_aside) for each in books.movements if each.ean == ean]


async def ask_for(shop: Shop, order: OrderView, copies: int, *, sent: bool = False, more: int = 0) -> SupplierOrderId:
    """A supplier order with ``copies`` of the first line, and ``more`` for the shelf."""
    line = order.lines[0]
    supply_id = SupplierOrderId(shop.house.new_id())
    async with committed(shop.house) as work:
        (taken,) = await work.orders.lock([order.id])
        taken.note_supply(line.id, copies, now=NOW)
        work.orders.save(taken)
        link = SupplyLink(order_id=order.id, line_id=line.id, quantity=copies)
        asked = SupplierLine(
            id=SupplierLineId(shop.house.new_id()),
            position=1,
            ean=line.ean,
            title=line.title,
            ordered=copies + more,
            links=[link],
        )
        work.supplier_orders.add(
            SupplierOrder(
                id=supply_id,
                number=await work.supplier_orders.next_number(),
                supplier_id=ThirdPartyId(shop.house.new_id()),
                supplier_name="DILICOM",
                reference=None,
                comment=None,
                created_at=NOW,
                updated_at=NOW,
                lines=[asked],
                validated_at=NOW if sent else None,
            )
        )
    return supply_id


async def asked_of(shop: Shop, supply_id: SupplierOrderId) -> tuple[SupplyState, list[int], int]:
    """State, copies of each line, copies meant for customers."""
    supply = (await shop.house.books()).supplier_orders[supply_id]
    return supply.state, [line.ordered for line in supply.lines], sum(line.linked for line in supply.lines)


@pytest.mark.row("A5")
class TestADelivery:
    async def test_takes_what_is_set_aside_first_then_the_shelf_and_digital_lines_need_none(self, shop: Shop) -> None:
        order = await shop.create({RUE: 3, EBOOK: 1})
        await shop.receive((RUE, 1))
        await shop.adjust(RUE, 5)
        order = await now_of(shop, order.id)
        after = await shop.deliver(order, {line.id: line.ordered for line in order.lines})
        assert (after.status, [line.delivered for line in after.lines]) == (Status.DELIVERED, [3, 1])
        assert await shop.stock(RUE) == (3, 0)
        assert (await causes(shop))[-2:] == [("sale", 0, -1), ("sale", -2, 0)]
        told = await shop.happened()
        assert (told[EventType.ORDER_DELIVERED], told[EventType.RESERVATION_COLLECTED]) == (1, 1)
        await now_of(shop, order.id)

    async def test_that_the_shelf_cannot_serve_names_every_short_line_and_moves_nothing(self, shop: Shop) -> None:
        order = await shop.create({RUE: 2, CHUT: 1, NUIT: 1})
        await shop.receive((RUE, 1))
        await shop.adjust(NUIT, 1)
        order = await now_of(shop, order.id)
        before = repr(await shop.house.books())
        with pytest.raises(OutOfStock) as refusal:
            await shop.deliver(order, {line.id: line.ordered for line in order.lines})
        assert [dict(fault.facts)["ean"] for fault in refusal.value.faults] == [RUE, CHUT]
        assert repr(await shop.house.books()) == before

    async def test_keeps_waiting_for_what_it_leaves(self, shop: Shop) -> None:
        order = await shop.create({RUE: 2, CHUT: 1})
        await shop.adjust(RUE, 1)
        after = await shop.deliver(order, {order.lines[0].id: 1})
        assert (after.status, [line.outstanding for line in after.lines]) == (Status.PARTLY_DELIVERED, [1, 1])

    @pytest.mark.row("B27")
    async def test_without_back_orders_cancels_what_it_leaves_and_its_supply(self, shop: Shop) -> None:
        order = await shop.create({RUE: 3, CHUT: 1}, back_orders=False)
        supply_id = await ask_for(shop, order, 3)
        await shop.adjust(RUE, 1)
        after = await shop.deliver(await now_of(shop, order.id), {order.lines[0].id: 1})
        assert after.status is Status.DELIVERED
        assert [(line.cancelled, line.cancel_reason, line.supplied) for line in after.lines] == [
            (2, NO_BACK_ORDER, 0),
            (1, NO_BACK_ORDER, 0),
        ]
        assert (await asked_of(shop, supply_id))[0] is SupplyState.CANCELLED
        await now_of(shop, order.id)

    @pytest.mark.row("B27")
    async def test_without_back_orders_leaves_what_is_set_aside_to_be_collected(self, shop: Shop) -> None:
        order = await shop.create({RUE: 2, CHUT: 2}, back_orders=False)
        await shop.receive((RUE, 2), (CHUT, 1))
        after = await shop.deliver(await now_of(shop, order.id), {order.lines[0].id: 2})
        assert [(line.set_aside, line.cancelled) for line in after.lines] == [(0, 0), (1, 1)]
        assert (await shop.deliver(after)).status is Status.DELIVERED

    async def test_of_a_stale_picture_is_refused(self, shop: Shop) -> None:
        order = await shop.create({RUE: 2})
        await shop.adjust(RUE, 2)
        await shop.deliver(order, {order.lines[0].id: 1})
        with pytest.raises(StaleVersion):
            await shop.deliver(order, {order.lines[0].id: 1})
        assert await shop.stock(RUE) == (1, 0)


@pytest.mark.row("A5")
class TestAReturn:
    async def delivered(self, shop: Shop, copies: int = 2) -> OrderView:
        order = await shop.create({RUE: copies, EBOOK: 1})
        await shop.adjust(RUE, copies)
        return await shop.deliver(order, {line.id: line.ordered for line in order.lines})

    async def test_goes_to_the_shelf_with_a_movement_of_its_own_and_the_line_waits_again(self, shop: Shop) -> None:
        order = await self.delivered(shop)
        after = await shop.take_back(order, {order.lines[0].id: 1})
        assert (after.status, after.lines[0].outstanding) == (Status.PARTLY_DELIVERED, 1)
        assert await shop.stock(RUE) == (1, 0)
        movement = (await shop.house.books()).movements[-1]
        assert (movement.cause, movement.available, movement.reason) == (Cause.RETURN, 1, "Défaut d'impression")
        assert (await shop.happened())[EventType.ORDER_RETURNED] == 1
        await now_of(shop, order.id)

    async def test_that_is_not_restocked_is_written_off(self, shop: Shop) -> None:
        order = await self.delivered(shop)
        await shop.take_back(order, {order.lines[0].id: 2}, restock=False)
        assert await shop.stock(RUE) == (0, 0)
        assert (await causes(shop))[-2:] == [("return", 2, 0), ("write_off", -2, 0)]
        await now_of(shop, order.id)

    async def test_without_replacement_is_waited_for_no_more(self, shop: Shop) -> None:
        order = await self.delivered(shop)
        after = await shop.take_back(order, {order.lines[0].id: 1}, replace=False)
        assert (after.status, after.lines[0].cancelled, after.lines[0].cancel_reason) == (
            Status.DELIVERED,
            1,
            "Défaut d'impression",
        )
        await now_of(shop, order.id)

    async def test_of_a_digital_copy_moves_no_stock(self, shop: Shop) -> None:
        order = await self.delivered(shop)
        after = await shop.take_back(order, {order.lines[1].id: 1})
        assert (after.lines[1].delivered, after.lines[1].outstanding) == (0, 1)
        assert await causes(shop, EBOOK) == []

    async def test_of_copies_that_were_not_delivered_is_refused_and_keeps_nothing(self, shop: Shop) -> None:
        order = await self.delivered(shop)
        before = repr(await shop.house.books())
        with pytest.raises(NothingToReturn):
            await shop.take_back(order, {order.lines[0].id: 3})
        with pytest.raises(NotFound):
            await shop.take_back(order, {LineId(shop.house.new_id()): 1})
        assert repr(await shop.house.books()) == before

    async def test_sets_the_line_where_it_was_in_the_queue(self, shop: Shop) -> None:
        order = await self.delivered(shop)
        later = await shop.create({RUE: 1})
        await shop.take_back(order, {order.lines[0].id: 1})
        scanned = await shop.scan(RUE)
        assert scanned.reservation is not None
        assert scanned.reservation.order_id == order.id
        assert scanned.reservation.order_id != later.id


@pytest.mark.row("A24")
class TestACancelledOrder:
    async def test_takes_its_copies_off_a_draft_and_gives_the_kept_ones_back(self, shop: Shop) -> None:
        order = await shop.create({RUE: 3})
        await shop.receive((RUE, 1))
        supply_id = await ask_for(shop, await now_of(shop, order.id), 2, more=4)
        after = await shop.cancel(await now_of(shop, order.id))
        assert (after.status, after.lines[0].supplied, await shop.stock(RUE)) == (Status.CANCELLED, 0, (1, 0))
        assert await asked_of(shop, supply_id) == (SupplyState.DRAFT, [4], 0)
        assert (await shop.happened())[EventType.SUPPLIER_ORDER_UPDATED] == 1
        await now_of(shop, order.id)

    async def test_leaves_a_validated_order_as_it_was_sent(self, shop: Shop) -> None:
        order = await shop.create({RUE: 3})
        supply_id = await ask_for(shop, order, 3, sent=True)
        after = await shop.cancel(await now_of(shop, order.id))
        assert after.lines[0].supplied == 0
        assert await asked_of(shop, supply_id) == (SupplyState.VALIDATED, [3], 0)
        await now_of(shop, order.id)


@pytest.mark.row("A5", "A24")
class TestTheRemainder:
    async def partly(self, shop: Shop) -> OrderView:
        order = await shop.create({RUE: 3, CHUT: 1})
        await shop.adjust(RUE, 1)
        return await shop.deliver(order, {order.lines[0].id: 1})

    async def test_goes_with_its_supply_and_the_order_is_wholly_delivered(self, shop: Shop) -> None:
        order = await self.partly(shop)
        supply_id = await ask_for(shop, order, 2)
        after = await shop.cancel_remainder(await now_of(shop, order.id))
        assert after.status is Status.DELIVERED
        assert [(line.cancelled, line.cancel_reason, line.supplied) for line in after.lines] == [
            (2, "Epuisé", 0),
            (1, "Epuisé", 0),
        ]
        assert (await asked_of(shop, supply_id))[0] is SupplyState.CANCELLED
        await now_of(shop, order.id)

    async def test_of_one_line_leaves_the_others(self, shop: Shop) -> None:
        order = await self.partly(shop)
        after = await shop.cancel_remainder(order, order.lines[1].id)
        assert ([line.outstanding for line in after.lines], after.status) == ([2, 0], Status.PARTLY_DELIVERED)
        with pytest.raises(NothingToCancel):
            await shop.cancel_remainder(after, order.lines[1].id)

    async def test_of_an_open_order_as_a_whole_is_refused(self, shop: Shop) -> None:
        order = await shop.create({RUE: 1})
        with pytest.raises(OrderClosed):
            await shop.cancel_remainder(order)


@pytest.mark.row("A5", "A6")
class TestALapsedPayment:
    async def test_annuls_a_blocked_order_frees_its_copies_and_its_supply(self, shop: Shop) -> None:
        pushed = await shop.push("W-1", {RUE: 2})
        await shop.receive((RUE, 1))
        supply_id = await ask_for(shop, await now_of(shop, pushed.order.id), 1)
        after = await shop.lapse(await now_of(shop, pushed.order.id))
        assert (after.status, after.payment_state) == (Status.CANCELLED, PaymentState.LAPSED)
        assert await shop.stock(RUE) == (1, 0)
        (ended,) = (await shop.house.books()).reservations.values()
        assert (ended.state, ended.end_reason) == (State.RETURNED, LAPSED)
        assert (await asked_of(shop, supply_id))[0] is SupplyState.CANCELLED
        assert (await shop.happened())[EventType.ORDER_CANCELLED] == 1
        await now_of(shop, after.id)

    async def test_is_of_a_blocked_order_only(self, shop: Shop) -> None:
        with pytest.raises(OrderClosed):
            await shop.lapse(await shop.create({RUE: 1}))
        paid = await shop.push("W-1", {RUE: 1}, paid=True)
        with pytest.raises(OrderClosed):
            await shop.lapse(paid.order)


@pytest.mark.row("A5")
class TestAReopenedOrder:
    async def test_waits_again_at_its_old_place(self, shop: Shop) -> None:
        order = await shop.create({RUE: 1})
        shop.house.clock.now += timedelta(hours=1)
        await shop.create({RUE: 1})
        cancelled = await shop.cancel(order)
        after = await shop.reopen(cancelled)
        assert (after.status, after.cancelled_at, after.lines[0].outstanding) == (Status.OPEN, None, 1)
        assert (await shop.happened())[EventType.ORDER_REOPENED] == 1
        scanned = await shop.receive((RUE, 1))
        assert [kept.order_id for line in scanned.lines for kept in line.reservations] == [order.id]
        await now_of(shop, order.id)

    async def test_whose_payment_had_lapsed_is_blocked_again(self, shop: Shop) -> None:
        pushed = await shop.push("W-1", {RUE: 1})
        after = await shop.reopen(await shop.lapse(pushed.order))
        assert (after.status, after.payment_state) == (Status.BLOCKED, PaymentState.AWAITED)
        paid = await shop.pay(after, f"{after.total:.2f}")
        assert paid.status is Status.OPEN

    async def test_may_not_have_been_refunded(self, shop: Shop) -> None:
        order = await shop.create({RUE: 1})
        cancelled = await shop.cancel(await shop.pay(order, "4.00", kind=PaymentKind.DEPOSIT))
        with pytest.raises(AlreadyRefunded):
            await shop.reopen(cancelled)

    async def test_was_annulled(self, shop: Shop) -> None:
        with pytest.raises(OrderClosed):
            await shop.reopen(await shop.create({RUE: 1}))
