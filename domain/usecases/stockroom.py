"""Setting copies aside: the one way in which scans, receptions and manual reservations keep a copy for someone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.errors import TryAgain
from domain.events import EventType
from domain.model.access import Caller
from domain.model.article import Cause, Movement
from domain.model.order import CustomerOrder
from domain.model.reservation import Reservation, State, deadline
from domain.model.values import CustomerId, LineId, OrderId, ReservationId
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
class Stockroom:
    """Moves between available stock, reserve and the customer's hands, within one unit of work."""

    around: Surroundings
    work: UnitOfWork
    by: Caller
    now: datetime

    def keep_for_line(self, shelf: Shelf, order: CustomerOrder, line_id: LineId, quantity: int) -> Reservation:
        """Available stock to the reserve, for an order line (A27). Raises ``OutOfStock``."""
        shelf.stock.need(quantity)
        line = order.set_aside(line_id, quantity, now=self.now)
        shelf.stock.keep(quantity)
        shelf.waiting -= quantity
        reservation = self._reservation(
            shelf,
            quantity,
            customer_id=order.customer_id,
            name=order.contact.name,
            order=order,
            line_id=line.id,
        )
        self.work.orders.save(order)
        return reservation

    def keep_by_hand(
        self, shelf: Shelf, quantity: int, *, customer_id: CustomerId | None, name: str, place: str | None
    ) -> Reservation:
        """Available stock to the reserve, for a person without an order (A34). Raises ``OutOfStock``."""
        shelf.stock.keep(quantity)
        return self._reservation(shelf, quantity, customer_id=customer_id, name=name, place=place)

    def end(self, shelf: Shelf, reservation: Reservation, state: State, *, reason: str | None) -> None:
        """The reserve gives copies up: sold, back to the shelf, or written off. Raises ``ReservationEnded``."""
        reservation.end(state, reason=reason, now=self.now)
        quantity = reservation.quantity
        if state is State.RETURNED:
            shelf.stock.release(quantity)
        else:
            shelf.stock.hand_over(quantity)
        cause, event = _ENDS[state]
        available = quantity if state is State.RETURNED else 0
        self.move(shelf, cause, available=available, set_aside=-quantity, reason=reason, reservation=reservation)
        self.work.reservations.save(reservation)
        self.work.emit(self.around.reservation_event(event, reservation, self.by, self.now))

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
        place: str | None = None,
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
            place=place,
            set_aside_at=self.now,
            pickup_deadline=deadline(self.around.today(self.by.dossier)),
        )
        self.move(shelf, Cause.SET_ASIDE, available=-quantity, set_aside=quantity, reservation=reservation)
        self.work.reservations.add(reservation)
        self.work.emit(self.around.reservation_event(EventType.RESERVATION_SET_ASIDE, reservation, self.by, self.now))
        return reservation


_ENDS = {
    State.COLLECTED: (Cause.SALE, EventType.RESERVATION_COLLECTED),
    State.RETURNED: (Cause.RELEASE, EventType.RESERVATION_RETURNED),
    State.WRITTEN_OFF: (Cause.WRITE_OFF, EventType.RESERVATION_WRITTEN_OFF),
}
