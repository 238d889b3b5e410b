"""Setting copies aside: the one way in which scans, receptions and manual reservations keep a copy for someone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from domain.errors import TryAgain
from domain.events import EventType
from domain.model.access import Caller
from domain.model.article import Cause, Movement
from domain.model.customer import Customer
from domain.model.message import MessageEvent
from domain.model.order import CustomerOrder
from domain.model.reservation import EndCause, Reservation, State
from domain.model.values import Contact, CustomerId, LineId, OrderId, ReservationId
from domain.ports.messages import Job, JobKind
from domain.ports.orders import Waiting
from domain.ports.stock import Shelf
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.work import Surroundings


def expect_places(queue: Iterable[Waiting], orders: Mapping[OrderId, CustomerOrder]) -> None:
    """Raises ``TryAgain`` when a place of the queue, read before its order was locked, is no longer as it was read.

    Whoever waits behind it may not be in ``queue``, and must not be passed over.
    """
    for place in queue:
        lines = orders[place.order_id].lines
        if not any(line.id == place.line_id and line.outstanding == place.outstanding for line in lines):
            raise TryAgain


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is wanted of a reservation by hand: where it lies, and the customer's own last day (P5)."""

    place: str | None = None
    until: date | None = None


async def categories_of(
    work: UnitOfWork, by: Caller, customers: Iterable[CustomerId | None]
) -> Mapping[CustomerId, str]:
    """The category of each customer, where pick-up times depend on it; nothing is asked where they do not."""
    wanted = sorted({each for each in customers if each is not None})
    return await work.customers.categories(wanted) if by.dossier.pickup.by_category and wanted else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stockroom:
    """Moves between available stock, reserve and the customer's hands, within one unit of work.

    ``categories`` are those of the customers for whom copies may be kept, as ``categories_of`` answers them.
    """

    around: Surroundings
    work: UnitOfWork
    by: Caller
    now: datetime
    categories: Mapping[CustomerId, str] = field(default_factory=dict)

    def keep_for_line(
        self, shelf: Shelf, order: CustomerOrder, line_id: LineId, quantity: int, *, reason: str | None = None
    ) -> Reservation:
        """Available stock to the reserve, for an order line (A27); ``reason``: why for this one. Raises ``OutOfStock``."""
        shelf.stock.need(quantity)
        suspended = order.line(line_id).suspended_until is not None
        line = order.set_aside(line_id, quantity, now=self.now)
        shelf.stock.keep(quantity)
        # a suspended line was not counted among those who wait; what it lacks still is waited for from now on
        shelf.waiting += line.outstanding if suspended else -quantity
        reservation = self._reservation(
            shelf,
            quantity,
            customer_id=order.customer_id,
            name=order.contact.name,
            order=order,
            line_id=line.id,
            reason=reason,
        )
        self.work.orders.save(order)
        return reservation

    def keep_by_hand(
        self, shelf: Shelf, quantity: int, *, customer: Customer | None, contact: Contact | None, wish: Wish
    ) -> Reservation:
        """Available stock to the reserve, for a person without an order (A34). Raises ``OutOfStock``."""
        shelf.stock.keep(quantity)
        return self._reservation(
            shelf,
            quantity,
            customer_id=customer.id if customer else None,
            name=customer.details.name if customer else (contact.name if contact else ""),
            email=contact.email if contact and not customer else None,
            phone=contact.phone if contact and not customer else None,
            wish=wish,
        )

    def deadline(self, customer_id: CustomerId | None, *, wanted: date | None = None) -> date:
        """The last day of a pick-up time that begins today (P5)."""
        category = self.categories.get(customer_id) if customer_id else None
        return self.by.dossier.pickup.deadline(self.today, category=category, wanted=wanted)

    @property
    def today(self) -> date:
        return self.around.today(self.by.dossier)

    def end(
        self,
        shelf: Shelf,
        reservation: Reservation,
        state: State,
        *,
        reason: str | None,
        cause: EndCause | None = None,
    ) -> None:
        """The reserve gives copies up: sold, back to the shelf, or written off. Raises ``ReservationEnded``."""
        reservation.end(state, reason=reason, now=self.now, today=self.today, by=self.by.client, cause=cause)
        quantity = reservation.quantity
        if state is State.RETURNED:
            shelf.stock.release(quantity)
        else:
            shelf.stock.hand_over(quantity)
        why, event = _ENDS[state]
        available = quantity if state is State.RETURNED else 0
        self.move(shelf, why, available=available, set_aside=-quantity, reason=reason, reservation=reservation)
        self.work.reservations.save(reservation)
        self.work.emit(self.around.reservation_event(event, reservation, self.by, self.now))

    def pass_on(
        self,
        kept: Reservation,
        *,
        shelf: Shelf,
        name: str,
        reason: str,
        customer_id: CustomerId | None = None,
        order: CustomerOrder | None = None,
        line_id: LineId | None = None,
        contact: Contact | None = None,
    ) -> None:
        """Kept copies are for somebody else from now on, whose pick-up time begins.

        They stay in the reserve: the movement moves none, and says why. Raises ``ReservationEnded``.
        """
        kept.move(
            customer_id=customer_id,
            name=name,
            order_id=order.id if order else None,
            line_id=line_id,
            email=contact.email if contact else None,
            phone=contact.phone if contact else None,
            deadline=self.deadline(customer_id),
            now=self.now,
        )
        self.move(shelf, Cause.SET_ASIDE, reason=reason, reservation=kept)
        self.work.reservations.save(kept)
        self.work.emit(self.around.reservation_event(EventType.RESERVATION_MOVED, kept, self.by, self.now))
        self._remind()

    def sell(self, shelf: Shelf, quantity: int) -> None:
        """Copies go from the shelf into the customer's hands. Raises ``OutOfStock``."""
        shelf.stock.take(quantity)
        self.move(shelf, Cause.SALE, available=-quantity)

    def take_back(self, shelf: Shelf, quantity: int, *, restock: bool, reason: str | None) -> None:
        """A customer brought copies back: to the shelf, or written off. Raises ``TooManyCopies``."""
        shelf.stock.receive(quantity)
        self.move(shelf, Cause.RETURN, available=quantity, reason=reason)
        if not restock:
            shelf.stock.take(quantity)
            self.move(shelf, Cause.WRITE_OFF, available=-quantity, reason=reason)

    def receive(self, shelf: Shelf, quantity: int, *, reason: str | None) -> None:
        shelf.stock.receive(quantity)
        self.move(shelf, Cause.RECEIPT, available=quantity, reason=reason)

    def move(
        self,
        shelf: Shelf,
        cause: Cause,
        *,
        available: int = 0,
        set_aside: int = 0,
        reason: str | None = None,
        reservation: Reservation | None = None,
    ) -> None:
        """Write the movement down and save the stock it changed."""
        self.work.stock.save(shelf.stock)
        self.work.stock.add_movement(
            Movement(
                id=self.around.new_id(),
                ean=shelf.stock.ean,
                available=available,
                set_aside=set_aside,
                cause=cause,
                reason=reason,
                reservation_id=reservation.id if reservation else None,
                at=self.now,
                by=self.by.client,
            )
        )

    def _reservation(
        self,
        shelf: Shelf,
        quantity: int,
        *,
        customer_id: CustomerId | None,
        name: str,
        order: CustomerOrder | None = None,
        line_id: LineId | None = None,
        email: str | None = None,
        phone: str | None = None,
        wish: Wish | None = None,
        reason: str | None = None,
    ) -> Reservation:
        reservation = Reservation(
            id=ReservationId(self.around.new_id()),
            ean=shelf.article.ean,
            title=shelf.article.title,
            digital=shelf.article.digital,
            quantity=quantity,
            customer_id=customer_id,
            name=name,
            order_id=order.id if order else None,
            line_id=line_id,
            place=wish.place if wish else None,
            set_aside_at=self.now,
            pickup_deadline=self.deadline(customer_id, wanted=wish.until if wish else None),
            email=email,
            phone=phone,
        )
        self.move(
            shelf, Cause.SET_ASIDE, available=-quantity, set_aside=quantity, reason=reason, reservation=reservation
        )
        self.work.reservations.add(reservation)
        self.work.emit(self.around.reservation_event(EventType.RESERVATION_SET_ASIDE, reservation, self.by, self.now))
        self._remind()
        return reservation

    def _remind(self) -> None:
        """Have customers told once the pause is over in which books scanned one after another become one message.

        Asked for each copy, done once: while the job waits, no second one of its key is made.
        """
        rules = self.by.dossier.messages
        if MessageEvent.ARRIVAL in rules.automatic:
            self.work.later(Job(kind=JobKind.REMIND, key="remind", after=self.now + timedelta(minutes=rules.grace)))


_ENDS = {
    State.COLLECTED: (Cause.SALE, EventType.RESERVATION_COLLECTED),
    State.RETURNED: (Cause.RELEASE, EventType.RESERVATION_RETURNED),
    State.WRITTEN_OFF: (Cause.WRITE_OFF, EventType.RESERVATION_WRITTEN_OFF),
}
