"""Reservations as they are read (A33, A35 to A37)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.model.access import Dossier
from domain.model.message import Step
from domain.model.order import Status
from domain.model.reservation import CancelRequest, EndCause, State
from domain.model.values import CustomerId, DossierId, Ean, LineId, OrderId, ReservationId
from domain.queries.pages import Count, Page, PageRequest

SORTS = ("set_aside_at", "title", "order_number", "customer_code", "customer_name", "pickup_deadline", "place")


class SlipFormat(StrEnum):
    """The paper of a bon de réserve: 80 mm till roll, or a sheet of A6."""

    TILL = "till"
    A6 = "a6"


def old_before(dossier: Dossier, today: date) -> datetime:
    """The instant before which a copy was set aside that is old by now (P32): more than so many of the shop's days ago."""
    day = today - timedelta(days=dossier.old_after_days)
    return datetime.combine(day, time(), ZoneInfo(dossier.time_zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The steps of which customers hear, and the business day on which they are counted."""

    steps: tuple[Step, ...]
    today: date
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationFilter:
    """None leaves a criterion out; no criterion is all reservations (A33). Instants are half-open, days are not.

    ``name`` and ``title`` are starts of words, ``place`` is the start of the place. ``old_before``: kept, and set aside
    before. ``to_remind``: kept, and nobody was told of the step reached. ``cancel_requested``: kept, and asked to be given up.
    """

    name: str | None = None
    title: str | None = None
    customer_code: str | None = None
    place: str | None = None
    digital: bool | None = None
    by_hand: bool | None = None
    deadline_from: date | None = None
    deadline_to: date | None = None
    old_before: datetime | None = None
    to_remind: Steps | None = None
    cancel_requested: bool | None = None
    end_causes: tuple[EndCause, ...] = ()
    states: tuple[State, ...] = ()
    expired_on: date | None = None
    set_aside_from: datetime | None = None
    set_aside_to: datetime | None = None
    order_number: int | None = None
    ean: Ean | None = None
    customer_id: CustomerId | None = None
    mail_order: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationView:
    """A row of the reservation list; order number, status, mail_order and paid are None without an order (A37).

    ``warnings`` are for whoever makes it by hand, and are not kept. ``weight_g``: grams of one copy, as the article has it now
    (P33).
    """

    id: ReservationId
    ean: Ean
    title: str
    digital: bool
    quantity: int
    state: State
    customer_id: CustomerId | None
    customer_code: str | None
    customer_name: str
    order_id: OrderId | None
    order_number: int | None
    order_status: Status | None
    mail_order: bool | None
    line_id: LineId | None
    place: str | None
    set_aside_at: datetime
    pickup_deadline: date
    ended_at: datetime | None
    end_reason: str | None
    version: int
    ended_by: str | None = None
    end_cause: EndCause | None = None
    slip_printed_at: datetime | None = None
    cancel_request: CancelRequest | None = None
    paid: bool | None = None
    weight_g: int | None = None
    warnings: tuple[str, ...] = ()


class ReservationReader(Protocol):
    async def by_ids(self, dossier: DossierId, ids: list[ReservationId]) -> list[ReservationView]:
        """In the order asked. Raises ``NotFound`` when one does not exist."""
        ...

    async def search(
        self, dossier: DossierId, wanted: ReservationFilter, page: PageRequest
    ) -> Page[ReservationView]: ...

    async def count(self, dossier: DossierId, wanted: ReservationFilter) -> Count: ...
