"""Reservations: made by hand, collected by the customer, or released."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.errors import Fault, Invalid, UnknownArticle
from domain.events import EventType
from domain.model.access import Caller
from domain.model.order import CustomerOrder
from domain.model.reservation import Reservation, State
from domain.model.values import Contact, CustomerId, Ean, OrderId, ReservationId
from domain.ports.answers import Once, Told
from domain.ports.stock import Shelf
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.reservations import ReservationView
from domain.usecases.deposits import settle
from domain.usecases.rulebook import visible
from domain.usecases.stockroom import Stockroom
from domain.usecases.views import reservation_view
from domain.usecases.work import Surroundings, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """A reservation without an order (A34), for a customer of the file or a free name."""

    ean: Ean
    quantity: int
    customer_id: CustomerId | None
    contact: Contact | None
    place: str | None


@dataclass(slots=True, kw_only=True)
class _Locked:
    shelves: dict[Ean, Shelf]
    orders: dict[OrderId, CustomerOrder]
    reservations: list[Reservation]


@dataclass(frozen=True, slots=True)
class Reservations:
    around: Surroundings

    async def make(self, *, by: Caller, wanted: ByHand, once: Once[ReservationView]) -> Told:
        """Keep copies by hand; the warnings of an orange card are answered with them (B31).

        Raises ``NotFound``, ``UnknownArticle``, ``OutOfStock``, ``Invalid``, and what ``Customer.admit`` raises.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                customer, warnings = None, []
                if wanted.customer_id:
                    customer = visible(await work.customers.get(wanted.customer_id), by)
                    warnings = customer.admit(today=self.around.today(by.dossier))
                elif wanted.contact is None:
                    raise Invalid(faults=[Fault("name-or-customer", "/contact")])
                shelf = (await work.stock.lock([wanted.ean])).get(wanted.ean)
                if shelf is None:
                    raise UnknownArticle(ean=wanted.ean)
                if shelf.article.digital:
                    raise Invalid(faults=[Fault("digital-article", "/ean", (("ean", wanted.ean),))])
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                name = customer.details.name if customer else (wanted.contact.name if wanted.contact else "")
                kept = room.keep_by_hand(
                    shelf,
                    wanted.quantity,
                    customer_id=customer.id if customer else None,
                    name=name,
                    place=wanted.place,
                )
                code = customer.code if customer else None
                view = reservation_view(kept, None, customer_code=code)
                return await told(work, once, replace(view, warnings=tuple(warnings)))

        return await until_done(attempt)

    async def collect(self, *, by: Caller, ids: Sequence[ReservationId], once: Once[list[ReservationView]]) -> Told:
        """The customers take their copies, which take their part of a deposit: all of the list, or none of it.

        What their orders still wait for stays waited for. Raises ``NotFound``, ``ReservationEnded``, ``OrderClosed``.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                locked = await _lock(work, ids)
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                for kept in locked.reservations:
                    room.end(locked.shelves[kept.ean], kept, State.COLLECTED, reason=None)
                    if kept.order_id is not None and kept.line_id is not None:
                        locked.orders[kept.order_id].deliver({kept.line_id: kept.quantity}, now=now)
                for order in locked.orders.values():
                    settle(work, order, around=self.around, by=by, now=now)
                self._save_orders(work, locked, by, EventType.ORDER_DELIVERED)
                return await told(work, once, await _views(work, locked))

        return await until_done(attempt, retry_stale=True)

    async def release(
        self,
        *,
        by: Caller,
        ids: Sequence[ReservationId],
        restock: bool,
        reason: str | None,
        once: Once[list[ReservationView]],
    ) -> Told:
        """The shop gives the copies up: back to stock, or, with a reason, written off as not found (A40).

        Raises ``Invalid`` without that reason, ``NotFound``, ``ReservationEnded``.
        """
        if not restock and not (reason or "").strip():
            raise Invalid(faults=[Fault("reason-needed", "/reason")])
        state = State.RETURNED if restock else State.WRITTEN_OFF

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                locked = await _lock(work, ids)
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                for kept in locked.reservations:
                    room.end(locked.shelves[kept.ean], kept, state, reason=reason)
                    if kept.order_id is not None and kept.line_id is not None:
                        locked.orders[kept.order_id].release(kept.line_id, kept.quantity, now=now)
                self._save_orders(work, locked, by, EventType.ORDER_UPDATED)
                return await told(work, once, await _views(work, locked))

        return await until_done(attempt, retry_stale=True)

    def _save_orders(self, work: UnitOfWork, locked: _Locked, by: Caller, kind: EventType) -> None:
        for order in locked.orders.values():
            work.orders.save(order)
            work.emit(self.around.order_event(kind, order, by, order.updated_at))


async def _lock(work: UnitOfWork, ids: Sequence[ReservationId]) -> _Locked:
    """The reservations with their shelves and orders, locked stock first as everyone does."""
    seen = await work.reservations.peek(ids)
    shelves = await work.stock.lock([kept.ean for kept in seen])
    wanted = sorted({kept.order_id for kept in seen if kept.order_id is not None})
    orders = {order.id: order for order in (await work.orders.lock(wanted) if wanted else [])}
    return _Locked(shelves=shelves, orders=orders, reservations=await work.reservations.lock(ids))


async def _views(work: UnitOfWork, locked: _Locked) -> list[ReservationView]:
    views = []
    for kept in locked.reservations:
        order = locked.orders[kept.order_id] if kept.order_id else None
        code = None
        if order is None and kept.customer_id is not None:
            code = (await work.customers.get(kept.customer_id)).code
        views.append(reservation_view(kept, order, customer_code=code))
    return views
