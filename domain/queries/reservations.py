"""Reservations as they are read (A33, A35 to A37)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.model.order import Status
from domain.model.reservation import State
from domain.model.values import CustomerId, DossierId, Ean, LineId, OrderId, ReservationId
from domain.queries.pages import Count, Page, PageRequest

SORTS = ("set_aside_at", "title", "order_number", "customer_code", "customer_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationFilter:
    """None leaves a criterion out; no criterion is all reservations (A33). Instants are half-open."""

    name: str | None = None
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
    """A row of the reservation list; order number, status and mail_order are None without an order (A37).

    ``warnings`` are for whoever makes it by hand, and are not kept.
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
    warnings: tuple[str, ...] = ()


class ReservationReader(Protocol):
    async def by_ids(self, dossier: DossierId, ids: list[ReservationId]) -> list[ReservationView]:
        """In the order asked. Raises ``NotFound`` when one does not exist."""
        ...

    async def search(
        self, dossier: DossierId, wanted: ReservationFilter, page: PageRequest
    ) -> Page[ReservationView]: ...

    async def count(self, dossier: DossierId, wanted: ReservationFilter) -> Count: ...
