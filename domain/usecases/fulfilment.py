"""Copies handed over: set-asides first, then the shelf; digital lines need none."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import Fault, OutOfStock
from domain.events import EventType
from domain.model.access import Caller
from domain.model.order import CustomerOrder
from domain.model.purchase import PurchaseSource
from domain.model.reservation import State
from domain.model.values import Ean, LineId, OrderId, ReservationId
from domain.ports.answers import Once, Told
from domain.ports.stock import Shelf
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.orders import OrderView, view_of
from domain.usecases.deposits import settle
from domain.usecases.purchases import bought
from domain.usecases.stockroom import Stockroom
from domain.usecases.supplying import trim
from domain.usecases.work import Surroundings, expect, told, until_done

NO_BACK_ORDER = "Sans reliquat"
"""Why copies are cancelled that a delivery left, where the order is not to wait for them (B27)."""


@dataclass(frozen=True, slots=True)
class Fulfilment:
    around: Surroundings

    async def deliver(
        self,
        *,
        by: Caller,
        order_id: OrderId,
        version: int,
        quantities: Mapping[LineId, int] | None,
        once: Once[OrderView],
    ) -> Told:
        """Hand copies over or ship them; None is all that is set aside, and the digital lines.

        Raises ``StaleVersion``, ``OrderClosed``, ``NothingToDeliver``, ``OutOfStock`` naming every short line.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                order, shelves = await lock_with_stock(work, order_id)
                expect(order.version, version)
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                await deliver(room, order, shelves, quantities, back_orders=order.back_orders)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_DELIVERED, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)


async def deliver(
    room: Stockroom,
    order: CustomerOrder,
    shelves: Mapping[Ean, Shelf],
    quantities: Mapping[LineId, int] | None,
    *,
    back_orders: bool,
) -> dict[LineId, int]:
    """Hand copies of a locked order over, and let them take their part of its deposit; answers the copies per line.

    None is all that is set aside, and the digital lines. Without ``back_orders`` what is still waited for is cancelled.
    Raises ``OrderClosed``, ``NothingToDeliver``, ``OutOfStock`` naming every short line.
    """
    handed = order.deliver(order.deliverable() if quantities is None else quantities, now=room.now)
    left = [line.id for line in order.lines if line.outstanding]
    if left and not back_orders:
        order.cancel_remainder(left, reason=NO_BACK_ORDER, now=room.now)
        # supplier orders are locked before reservations
        await trim(room.work, [order], around=room.around, by=room.by, now=room.now, lines=left)
    await _hand_over(room, order, shelves, handed)
    settle(room.work, order, around=room.around, by=room.by, now=room.now)
    copies = {line_id: kept + fresh for line_id, (kept, fresh) in handed.items() if kept + fresh}
    await bought(room, order, copies, source=PurchaseSource.DELIVERY)
    return copies


async def _hand_over(
    room: Stockroom,
    order: CustomerOrder,
    shelves: Mapping[Ean, Shelf],
    handed: Mapping[LineId, tuple[int, int]],
) -> None:
    """Kept copies end their reservations, oldest first, the last one split if need be; the rest leaves the shelf."""
    owed = {line_id: kept for line_id, (kept, _) in handed.items() if kept}
    for reservation in await room.work.reservations.kept_for(list(owed)):
        if reservation.line_id is None or not (wanted := owed[reservation.line_id]):
            continue
        part = reservation
        if reservation.quantity > wanted:
            part = reservation.split(wanted, new_id=ReservationId(room.around.new_id()))
            room.work.reservations.save(reservation)
            room.work.reservations.add(part)
        owed[reservation.line_id] -= part.quantity
        room.end(shelves[part.ean], part, State.COLLECTED, reason=None)
    faults: list[Fault] = []
    for line_id, (_, fresh) in handed.items():
        line = order.line(line_id)
        if fresh and not line.digital:
            try:
                room.sell(shelves[line.ean], fresh)
            except OutOfStock as refusal:
                faults.extend(Fault(fault.code, "/lines", fault.facts) for fault in refusal.faults)
    if faults:
        raise OutOfStock(faults=faults)


async def lock_with_stock(work: UnitOfWork, order_id: OrderId) -> tuple[CustomerOrder, dict[Ean, Shelf]]:
    """An order and the shelves of its articles, locked stock first as everyone does, so that nobody waits in a ring."""
    seen = await work.orders.get(order_id)
    shelves = await work.stock.lock([line.ean for line in seen.lines if not line.digital])
    (order,) = await work.orders.lock([order_id])
    return order, shelves
