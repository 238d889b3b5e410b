"""What the use cases of reservations share: how they are locked, and how they are answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import TryAgain
from domain.events import EventType
from domain.model.access import Caller
from domain.model.order import CustomerOrder
from domain.model.reservation import Reservation
from domain.model.values import Ean, OrderId, ReservationId
from domain.ports.stock import Shelf
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.reservations import ReservationView
from domain.usecases.views import reservation_view
from domain.usecases.work import Surroundings


@dataclass(slots=True, kw_only=True)
class Locked:
    """Reservations with the orders behind them, and with the shelves of their articles where copies move."""

    orders: dict[OrderId, CustomerOrder]
    reservations: list[Reservation]
    shelves: dict[Ean, Shelf]

    def order_of(self, kept: Reservation) -> CustomerOrder | None:
        return self.orders[kept.order_id] if kept.order_id else None


async def lock_reservations(work: UnitOfWork, ids: Sequence[ReservationId], *, shelves: bool = True) -> Locked:
    """Locked stock first as everyone does; without ``shelves`` no copy is to move. Raises ``NotFound``, ``TryAgain``."""
    seen = await work.reservations.peek(ids)
    locked = await work.stock.lock([kept.ean for kept in seen]) if shelves else {}
    wanted = sorted({kept.order_id for kept in seen if kept.order_id is not None})
    orders = {order.id: order for order in (await work.orders.lock(wanted) if wanted else [])}
    reservations = await work.reservations.lock(ids)
    if any(kept.order_id is not None and kept.order_id not in orders for kept in reservations):
        raise TryAgain  # given to another order between the two
    return Locked(orders=orders, reservations=reservations, shelves=locked)


async def views_of(
    work: UnitOfWork, locked: Locked, reservations: Sequence[Reservation] | None = None
) -> list[ReservationView]:
    """All that were locked, or ``reservations`` in their place."""
    wanted = locked.reservations if reservations is None else reservations
    articles = {ean: shelf.article for ean, shelf in locked.shelves.items()}
    articles = articles or await work.articles.many([kept.ean for kept in wanted])
    views = []
    for kept in wanted:
        order = locked.order_of(kept)
        code = None
        if order is None and kept.customer_id is not None:
            code = (await work.customers.get(kept.customer_id)).code
        views.append(reservation_view(kept, order, weight_g=articles[kept.ean].weight_g, customer_code=code))
    return views


def keep_reservation(
    work: UnitOfWork,
    kept: Reservation,
    *,
    around: Surroundings,
    by: Caller,
    kind: EventType = EventType.RESERVATION_UPDATED,
) -> None:
    """Save a changed reservation and tell of it."""
    work.reservations.save(kept)
    work.emit(around.reservation_event(kind, kept, by, around.clock()))
