"""What a customer ordered and what was kept for him (A69)."""

from calendar import isleap
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from domain.model.order import Status
from domain.model.reservation import State
from domain.model.values import CustomerId, DossierId, Ean, OrderId, ReservationId


def a_year_before(day: date) -> date:
    """The same day twelve months earlier; 28 February stands in for a 29 that its year does not have.

    >>> a_year_before(date(2028, 2, 29))
    datetime.date(2027, 2, 28)
    """
    year = max(day.year - 1, 1)
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) and not isleap(year) else day.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityOrder:
    """An order of the customer: copies ordered (cdé) and received (rsvé), euros with the delivery charge."""

    id: OrderId
    number: int
    status: Status
    customer_reference: str | None
    created_at: datetime
    quantity: int
    reserved: int
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityReservation:
    """A copy kept for the customer; without an order it was kept by hand. ``ended_at`` is the sale when it was collected."""

    id: ReservationId
    ean: Ean
    title: str
    quantity: int
    state: State
    order_id: OrderId | None
    order_number: int | None
    set_aside_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """The newest orders and reservations since a day, newest first; capped when there are more."""

    customer_id: CustomerId
    since: date
    orders: tuple[ActivityOrder, ...]
    orders_capped: bool
    reservations: tuple[ActivityReservation, ...]
    reservations_capped: bool


class ActivityReader(Protocol):
    async def activity(
        self,
        dossier: DossierId,
        customer_id: CustomerId,
        *,
        clearance: Collection[str] | None,
        since: date,
        limit: int,
    ) -> Activity:
        """Of the card, or of the one it was merged into: at most ``limit`` orders and as many reservations.

        Orders were taken, reservations set aside or ended on ``since`` or later, in the shop's own days. Raises
        ``NotFound``, also for a card that the caller may not see (B30).
        """
        ...
