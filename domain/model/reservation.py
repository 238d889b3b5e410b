"""Reservations: copies that exist and are kept for someone (mise de côté)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.errors import ReservationEnded
from domain.model.values import CustomerId, Ean, LineId, OrderId, ReservationId

PICKUP_DAYS = 14
"""Days a copy is kept before it shows as expired; by customer category from step 4 on (P5)."""


class State(StrEnum):
    SET_ASIDE = "set_aside"
    COLLECTED = "collected"
    RETURNED = "returned"
    WRITTEN_OFF = "written_off"


@dataclass(slots=True, kw_only=True, eq=False)
class Reservation:
    """``quantity`` copies of one article kept for a customer or a free name, for an order line or by hand."""

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
    state: State = State.SET_ASIDE
    ended_at: datetime | None = None
    end_reason: str | None = None
    version: int = 1

    def end(self, state: State, *, reason: str | None, now: datetime) -> None:
        """Close the reservation. Raises ``ReservationEnded`` when it was closed before."""
        if self.state is not State.SET_ASIDE:
            raise ReservationEnded(title=self.title, state=self.state.value)
        self.state = state
        self.ended_at = now
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


def deadline(today: date) -> date:
    return today + timedelta(days=PICKUP_DAYS)
