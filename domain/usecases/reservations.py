"""Reservations: made by hand, collected by the customer, or released."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.errors import Fault, Inconsistent, Invalid, OutOfStock, UnknownArticle
from domain.events import EventType
from domain.model.access import Caller
from domain.model.purchase import PurchaseSource
from domain.model.reservation import EndCause, Reservation, State
from domain.model.values import Contact, CustomerId, Ean, ReservationId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.reservations import ReservationView
from domain.usecases.deposits import settle
from domain.usecases.purchases import bought, bought_by_hand
from domain.usecases.reserving import Locked, lock_reservations, views_of
from domain.usecases.rulebook import visible
from domain.usecases.stockroom import Stockroom, Wish, categories_of
from domain.usecases.views import reservation_view
from domain.usecases.work import Surroundings, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """A reservation without an order (A34), for a customer of the file or a free name."""

    ean: Ean
    quantity: int
    customer_id: CustomerId | None
    contact: Contact | None
    wish: Wish


GONE = frozenset({EndCause.NOT_FOUND, EndCause.DAMAGED})
"""Causes for which no copy goes back to the shelf."""


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
                categories = await categories_of(work, by, [wanted.customer_id])
                room = Stockroom(around=self.around, work=work, by=by, now=now, categories=categories)
                kept = room.keep_by_hand(
                    shelf, wanted.quantity, customer=customer, contact=wanted.contact, wish=wanted.wish
                )
                code = customer.code if customer else None
                view = reservation_view(kept, None, weight_g=shelf.article.weight_g, customer_code=code)
                return await told(work, once, replace(view, warnings=tuple(warnings)))

        return await until_done(attempt)

    async def collect(
        self,
        *,
        by: Caller,
        ids: Sequence[ReservationId],
        once: Once[list[ReservationView]],
        parts: Mapping[ReservationId, int] | None = None,
    ) -> Told:
        """The customers take their copies, which take their part of a deposit: all of the list, or none of it.

        ``parts`` says of which fewer copies are taken: those are answered as reservations of their own, and after all others
        what stays set aside of them. What their orders still wait for stays waited for. Raises ``NotFound``,
        ``ReservationEnded``, ``OrderClosed``, ``OutOfStock`` for a part larger than what is kept, ``Inconsistent`` for a part
        of what is not collected.
        """
        taken = parts or {}
        if strangers := [Fault("not-collected", "/parts") for each in taken if each not in ids]:
            raise Inconsistent(faults=strangers)

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                locked = await lock_reservations(work, ids)
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                ended = [self._part(work, kept, taken.get(kept.id, kept.quantity)) for kept in locked.reservations]
                for kept in ended:
                    await _hand_over(room, locked, kept)
                for order in locked.orders.values():
                    settle(work, order, around=self.around, by=by, now=now)
                self._save_orders(work, locked, by, EventType.ORDER_DELIVERED)
                stay = [kept for kept in locked.reservations if kept not in ended]
                return await told(work, once, await views_of(work, locked, [*ended, *stay]))

        return await until_done(attempt, retry_stale=True)

    def _part(self, work: UnitOfWork, kept: Reservation, copies: int) -> Reservation:
        """All of ``kept``, or so many of its copies as a reservation of their own; the rest keeps place and deadline."""
        kept.need_kept()
        if copies > kept.quantity:
            facts = (("ean", kept.ean), ("wanted", copies), ("available", kept.quantity))
            raise OutOfStock(faults=[Fault("short", "/parts", facts)])
        if copies == kept.quantity:
            return kept
        part = kept.split(copies, new_id=ReservationId(self.around.new_id()))
        work.reservations.save(kept)
        work.reservations.add(part)
        return part

    async def release(
        self,
        *,
        by: Caller,
        ids: Sequence[ReservationId],
        restock: bool,
        reason: str | None,
        once: Once[list[ReservationView]],
        cause: EndCause | None = None,
    ) -> Told:
        """The shop gives the copies up: back to stock, or, with a reason, written off as not found (A40).

        Without a ``cause`` (P4, P7) the customer who asked to cancel cancelled, else the deadline tells it. Raises ``Invalid``
        without that reason, ``Inconsistent`` for copies put back that are said to be gone, ``NotFound``,
        ``ReservationEnded``.
        """
        if not restock and not (reason or "").strip():
            raise Invalid(faults=[Fault("reason-needed", "/reason")])
        if restock and cause in GONE:
            raise Inconsistent(faults=[Fault("copies-gone", "/cause")])
        state = State.RETURNED if restock else State.WRITTEN_OFF

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                locked = await lock_reservations(work, ids)
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                for kept in locked.reservations:
                    asked = EndCause.CANCELLED if kept.cancel_request and restock else None
                    room.end(locked.shelves[kept.ean], kept, state, reason=reason, cause=cause or asked)
                    if (order := locked.order_of(kept)) is not None and kept.line_id is not None:
                        order.release(kept.line_id, kept.quantity, now=now)
                self._save_orders(work, locked, by, EventType.ORDER_UPDATED)
                return await told(work, once, await views_of(work, locked))

        return await until_done(attempt, retry_stale=True)

    def _save_orders(self, work: UnitOfWork, locked: Locked, by: Caller, kind: EventType) -> None:
        for order in locked.orders.values():
            work.orders.save(order)
            work.emit(self.around.order_event(kind, order, by, order.updated_at))


async def _hand_over(room: Stockroom, locked: Locked, kept: Reservation) -> None:
    """The customer takes the copies of a reservation: a purchase, by which its order is delivered (A68)."""
    shelf, order = locked.shelves[kept.ean], locked.order_of(kept)
    room.end(shelf, kept, State.COLLECTED, reason=None)
    if order is None or kept.line_id is None:
        await bought_by_hand(room, shelf.article, kept)
        return
    copies = {kept.line_id: kept.quantity}
    order.deliver(copies, now=room.now)
    await bought(room, order, copies, source=PurchaseSource.RESERVATION, kept=kept)
