"""What binds customer orders to supplier orders: copies asked for, given back, counted on both sides alike."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from domain.errors import TryAgain
from domain.events import Event, EventType
from domain.model.access import Caller
from domain.model.order import CustomerOrder
from domain.model.supply import SupplierOrder, SupplyState
from domain.model.values import Ean, LineId
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.work import Surroundings


async def trim(
    work: UnitOfWork,
    orders: Sequence[CustomerOrder],
    *,
    around: Surroundings,
    by: Caller,
    now: datetime,
    lines: Collection[LineId] | None = None,
    gone: Collection[LineId] = (),
) -> None:
    """Give back what supplier orders bring for lines of ``orders`` beyond what they wait for (A24).

    ``lines`` names those that wait for less now, None is all: a surplus that a scan left on another is released by a person
    (A28, C7). ``gone`` are lines that wait for nothing any more though they are still on their order: about to be removed, or
    to become another article. Whoever calls saves ``orders`` afterwards.
    """
    changed = None if lines is None and not gone else {*(lines or ()), *gone}
    spare = {
        line.id: line.supplied - waited
        for order in orders
        for line in order.lines
        if changed is None or line.id in changed
        if line.supplied > (waited := 0 if line.id in gone else line.outstanding)
    }
    if spare:
        await give_back(work, orders, spare, around=around, by=by, now=now)


async def give_back(
    work: UnitOfWork,
    orders: Sequence[CustomerOrder],
    spare: Mapping[LineId, int],
    *,
    around: Surroundings,
    by: Caller,
    now: datetime,
) -> None:
    """So many copies per line of ``orders``, all locked, are no longer meant for it: drafts ask for fewer, the newest first.

    What was sent stays asked for, and is for the shelf when it comes.
    """
    holder = {line.id: order for order in orders for line in order.lines}
    left = dict(spare)
    found = await work.supplier_orders.for_lines(list(left))
    for supply in sorted(found, key=lambda each: each.state is not SupplyState.DRAFT):
        touched = False
        for line_id in list(left):
            for supplier_line, link in list(supply.links_of(line_id)):
                copies = min(link.open, left[line_id])
                if copies:
                    supply.untie(supplier_line, line_id, copies, now=now)
                    holder[line_id].note_supply(line_id, -copies, now=now)
                    left[line_id] -= copies
                    touched = True
        if touched:
            keep(work, supply, around=around, by=by, now=now)


def keep(
    work: UnitOfWork,
    supply: SupplierOrder,
    *,
    around: Surroundings,
    by: Caller,
    now: datetime,
    kind: EventType = EventType.SUPPLIER_ORDER_UPDATED,
) -> None:
    """Save a changed supplier order and tell of it."""
    work.supplier_orders.save(supply)
    work.emit(supply_event(kind, supply, around=around, by=by, now=now))


def supply_event(kind: EventType, supply: SupplierOrder, *, around: Surroundings, by: Caller, now: datetime) -> Event:
    return around.event(
        kind,
        supply.id,
        supply.version,
        by,
        now,
        supplier_order_id=supply.id.hex,
        number=supply.number,
        supplier_name=supply.supplier_name,
        state=supply.state.value,
    )


def expect_people(
    supplies: Iterable[SupplierOrder], orders: Iterable[CustomerOrder], *, eans: Collection[Ean] | None = None
) -> None:
    """Raises ``TryAgain`` when copies to come are meant for an order that was not locked, because it was not known then.

    ``eans`` names the only articles that matter.
    """
    held = {order.id for order in orders}
    for supply in supplies:
        for line in supply.lines:
            if eans is not None and line.ean not in eans:
                continue
            if any(link.open and link.order_id not in held for link in line.links):
                raise TryAgain


def withdraw(
    work: UnitOfWork,
    orders: Iterable[CustomerOrder],
    freed: Mapping[LineId, int],
    *,
    around: Surroundings,
    by: Caller,
    now: datetime,
) -> None:
    """So many copies per line of ``orders``, all locked, come no more; each order that loses some is saved and told of."""
    for order in orders:
        lost = {line.id: freed[line.id] for line in order.lines if freed.get(line.id)}
        for line_id, copies in lost.items():
            order.note_supply(line_id, -copies, now=now)
        if lost:
            work.orders.save(order)
            work.emit(around.order_event(EventType.ORDER_UPDATED, order, by, now))
