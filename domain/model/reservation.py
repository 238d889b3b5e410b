"""Reservations: copies that exist and are kept for someone (mise de côté)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.errors import DeadlinePast, ReservationEnded
from domain.model.values import CustomerId, Ean, LineId, OrderId, ReservationId


class State(StrEnum):
    SET_ASIDE = "set_aside"
    COLLECTED = "collected"
    RETURNED = "returned"
    WRITTEN_OFF = "written_off"


class EndCause(StrEnum):
    """Why a reservation ended (P4, P7): the customer has it, gave it up, did not come, or it was not there."""

    COLLECTED = "collected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NOT_FOUND = "not_found"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequest:
    """A customer asked, from a web shop or at the counter, to give up a copy that is aside already (P7)."""

    at: datetime
    by: str
    reason: str | None


@dataclass(slots=True, kw_only=True, eq=False)
class Reservation:
    """``quantity`` copies of one article kept for a customer or a free name, for an order line or by hand.

    ``email`` and ``phone`` are those of a free name by hand; orders and cards have their own. ``ended_by`` is who ended it.
    """

    id: ReservationId
    ean: Ean
    title: str
    digital: bool
    quantity: int
    customer_id: CustomerId | None
    name: str
    order_id: OrderId | None
    line_id: LineId | None
    place: str | None
    set_aside_at: datetime
    pickup_deadline: date
    email: str | None = None
    phone: str | None = None
    slip_printed_at: datetime | None = None
    cancel_request: CancelRequest | None = None
    state: State = State.SET_ASIDE
    ended_at: datetime | None = None
    ended_by: str | None = None
    end_cause: EndCause | None = None
    end_reason: str | None = None
    version: int = 1

    def end(
        self,
        state: State,
        *,
        reason: str | None,
        now: datetime,
        today: date,
        by: str,
        cause: EndCause | None = None,
    ) -> None:
        """Close the reservation. Without a ``cause`` the state and the deadline tell it.

        Raises ``ReservationEnded`` when it was closed before.
        """
        self.need_kept()
        self.state = state
        self.ended_at, self.ended_by = now, by
        self.end_cause = cause or self._cause_of(state, today)
        self.end_reason = reason
        self.version += 1

    def attach(self, customer_id: CustomerId) -> None:
        """It is for this card, whether or not it has ended (C12); the name stays as written."""
        self.customer_id = customer_id
        self.version += 1

    def split(self, quantity: int, *, new_id: ReservationId) -> "Reservation":
        """Part ``quantity`` copies off into a reservation of their own, so that each can end in its own way."""
        part = replace(self, id=new_id, quantity=quantity, version=1)
        self.quantity -= quantity
        self.version += 1
        return part

    def postpone(self, until: date, *, today: date) -> None:
        """Keep it until another day. Raises ``DeadlinePast`` for a day gone by, ``ReservationEnded``."""
        self.need_kept()
        if until < today:
            raise DeadlinePast(today=today.isoformat())
        self.pickup_deadline = until
        self.version += 1

    def put(self, place: str | None) -> None:
        """It lies in another place. Raises ``ReservationEnded``."""
        self.need_kept()
        self.place = place
        self.version += 1

    def printed(self, at: datetime) -> None:
        """Its slip was printed."""
        self.slip_printed_at = at
        self.version += 1

    def ask_to_cancel(self, request: CancelRequest) -> None:
        """Somebody asks to give it up; a person decides. Raises ``ReservationEnded``."""
        self.need_kept()
        self.cancel_request = request
        self.version += 1

    def keep_after_all(self) -> None:
        """Nobody asks to give it up any more. Raises ``ReservationEnded``."""
        self.need_kept()
        self.cancel_request = None
        self.version += 1

    def move(
        self,
        *,
        customer_id: CustomerId | None,
        name: str,
        order_id: OrderId | None = None,
        line_id: LineId | None = None,
        email: str | None = None,
        phone: str | None = None,
        deadline: date,
        now: datetime,
    ) -> None:
        """It is for somebody else from now on, whose pick-up time begins. Raises ``ReservationEnded``."""
        self.need_kept()
        self.customer_id, self.name = customer_id, name
        self.order_id, self.line_id = order_id, line_id
        self.email, self.phone = email, phone
        self.set_aside_at, self.pickup_deadline = now, deadline
        self.slip_printed_at = self.cancel_request = None
        self.version += 1

    def need_kept(self) -> None:
        """Raises ``ReservationEnded``."""
        if self.state is not State.SET_ASIDE:
            raise ReservationEnded(title=self.title, state=self.state.value)

    def _cause_of(self, state: State, today: date) -> EndCause:
        match state:
            case State.COLLECTED:
                return EndCause.COLLECTED
            case State.WRITTEN_OFF:
                return EndCause.NOT_FOUND
            case _:
                return EndCause.EXPIRED if self.pickup_deadline < today else EndCause.CANCELLED
