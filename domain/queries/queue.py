"""The queues of articles as they are read (C5)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from domain.model.order import Status
from domain.model.values import DossierId, Ean, LineId, OrderId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """A line that waits for an article; ``rank`` 1 is served next.

    ``begun``: copies were set aside for it or delivered already, and nobody passes it any more. ``suspended_until``: it is passed
    over until that day and keeps its place (P6).
    """

    rank: int
    line_id: LineId
    order_id: OrderId
    order_number: int
    order_status: Status
    name: str
    outstanding: int
    set_aside: int
    begun: bool
    created_at: datetime
    suspended_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePlaceView:
    """Where a line of an order stands: ``ahead`` copies are waited for before it, ``available`` are on the shelf.

    Suspended lines keep their places and so count in ``rank``, but not in ``ahead``: copies pass them over (P6).

    ``priority`` is 0 where the order's date alone places it, below where a person did.
    """

    line_id: LineId
    ean: Ean
    rank: int
    ahead: int
    outstanding: int
    available: int
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChangeView:
    """A queue put in another order: who, when, why, and all its lines before and after."""

    id: UUID
    ean: Ean
    before: tuple[LineId, ...]
    after: tuple[LineId, ...]
    reason: str
    at: datetime
    by: str


class QueueReader(Protocol):
    async def of_article(self, dossier: DossierId, ean: Ean, page: PageRequest) -> Page[QueueEntry]:
        """Who waits for an article, next served first. Raises ``UnknownArticle``."""
        ...

    async def of_order(self, dossier: DossierId, order_id: OrderId) -> list[LinePlaceView]:
        """The places of the lines of an order that wait, by position. Raises ``NotFound``."""
        ...

    async def changes(self, dossier: DossierId, ean: Ean, page: PageRequest) -> Page[QueueChangeView]:
        """How people put the queue in order, newest first. Raises ``UnknownArticle``."""
        ...
