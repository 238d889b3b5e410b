"""Kept copies given to somebody else: another line that waits for the article, another customer, or a free name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.errors import Fault, Invalid, LineInUse, NotFound, QueueBegun, TryAgain
from domain.events import EventType
from domain.model.access import Caller
from domain.model.customer import Customer
from domain.model.order import CustomerOrder
from domain.model.reservation import Reservation
from domain.model.values import Contact, CustomerId, LineId, OrderId, ReservationId
from domain.ports.answers import Once, Told
from domain.ports.orders import Place
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.reservations import ReservationView
from domain.usecases.rulebook import visible
from domain.usecases.stockroom import Stockroom, categories_of
from domain.usecases.views import reservation_view
from domain.usecases.work import Surroundings, expect, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """For whom the copies are to be: a line of an order, else a customer of the file, else a free name."""

    order_id: OrderId | None = None
    line_id: LineId | None = None
    customer_id: CustomerId | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class ReservationMoves:
    around: Surroundings

    async def move(
        self,
        *,
        by: Caller,
        reservation_id: ReservationId,
        version: int,
        target: Target,
        reason: str,
        once: Once[ReservationView],
    ) -> Told:
        """The line that had the copies waits again at its old place; whoever has them now has a fresh pick-up time.

        ``reason`` is kept with the movement. Raises ``NotFound``, ``StaleVersion``, ``ReservationEnded``; ``LineInUse`` unless
        the other line waits for so many copies of the article; ``QueueBegun`` when a line that is being served waits before
        it; and what ``Customer.admit`` raises.
        """
        if target.order_id is not None and target.line_id is None:
            raise NotFound(what="line")
        if target.line_id is None and target.customer_id is None and target.contact is None:
            raise Invalid(faults=[Fault("name-or-customer", "/contact")])

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                customer, warnings = await self._customer(work, by, target)
                (seen,) = await work.reservations.peek([reservation_id])
                shelves = await work.stock.lock([seen.ean])
                wanted = sorted({each for each in (seen.order_id, target.order_id) if each is not None})
                orders = {order.id: order for order in (await work.orders.lock(wanted) if wanted else [])}
                queue = await work.orders.place(seen.ean) if target.line_id else []
                (kept,) = await work.reservations.lock([reservation_id])
                expect(kept.version, version)
                if kept.order_id is not None and kept.order_id not in orders:
                    raise TryAgain  # given to another order between the two
                kept.need_kept()
                other = orders[target.order_id] if target.order_id else None
                owner = customer.id if customer else other.customer_id if other else None
                categories = await categories_of(work, by, [owner])
                room = Stockroom(around=self.around, work=work, by=by, now=now, categories=categories)
                if other is not None and target.line_id is not None:
                    _take_over(other, target.line_id, kept, queue, room)
                if kept.order_id is not None and kept.line_id is not None:
                    orders[kept.order_id].release(kept.line_id, kept.quantity, now=now)
                room.pass_on(
                    kept,
                    shelf=shelves[kept.ean],
                    name=_name(target, customer, other),
                    customer_id=owner,
                    order=other,
                    line_id=target.line_id,
                    contact=target.contact if other is None and customer is None else None,
                    reason=reason,
                )
                for order in orders.values():
                    work.orders.save(order)
                    work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
                weight = shelves[kept.ean].article.weight_g
                code = customer.code if customer else None
                view = reservation_view(kept, other, weight_g=weight, customer_code=code)
                return await told(work, once, replace(view, warnings=tuple(warnings)))

        return await until_done(attempt)

    async def _customer(self, work: UnitOfWork, by: Caller, target: Target) -> tuple[Customer | None, Sequence[str]]:
        """The card named, held so that it is not merged meanwhile, and its warnings (B31)."""
        if target.customer_id is None or target.order_id is not None:
            return None, ()
        found = await work.customers.get(target.customer_id)
        (customer,) = await work.customers.lock([found.id])
        if customer.merged_into is not None:
            raise TryAgain  # merged between the two: the next attempt follows it
        return customer, visible(customer, by).admit(today=self.around.today(by.dossier))


def _take_over(
    order: CustomerOrder, line_id: LineId, kept: Reservation, queue: Sequence[Place], room: Stockroom
) -> None:
    line = order.line(line_id)
    if line.ean != kept.ean or line.id == kept.line_id:
        raise LineInUse(title=line.title, served=line.reserved)
    for place in queue:
        if place.line_id == line_id:
            break
        if place.begun and not place.suspended and place.line_id != kept.line_id:
            raise QueueBegun(faults=[Fault("passed", "/line_id")])
    order.set_aside(line_id, kept.quantity, now=room.now)


def _name(target: Target, customer: Customer | None, order: CustomerOrder | None) -> str:
    if order is not None:
        return order.contact.name
    if customer is not None:
        return customer.details.name
    return target.contact.name if target.contact else ""
