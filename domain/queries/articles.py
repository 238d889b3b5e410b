"""Articles, their stock and their queue, as they are read."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.model.article import Cause
from domain.model.order import Status
from domain.model.values import DossierId, Ean, LineId, OrderId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """``waiting`` counts the copies that order lines still wait for."""

    ean: Ean
    title: str
    author: str | None
    publisher: str | None
    list_price: Decimal
    vat_rate: Decimal
    digital: bool
    available: int
    set_aside: int
    waiting: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementView:
    id: UUID
    ean: Ean
    available: int
    set_aside: int
    cause: Cause
    reason: str | None
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """A line that waits for an article; ``rank`` 1 is served next."""

    rank: int
    line_id: LineId
    order_id: OrderId
    order_number: int
    order_status: Status
    name: str
    outstanding: int
    created_at: datetime


class ArticleReader(Protocol):
    async def by_ean(self, dossier: DossierId, ean: Ean) -> ArticleView:
        """Raises ``UnknownArticle``."""
        ...

    async def search(self, dossier: DossierId, q: str | None, page: PageRequest) -> Page[ArticleView]:
        """``q`` starts words of title or author in any order, or, all digits, the EAN."""
        ...

    async def movements(self, dossier: DossierId, ean: Ean, page: PageRequest) -> Page[MovementView]:
        """Newest first. Raises ``UnknownArticle``."""
        ...

    async def queue(self, dossier: DossierId, ean: Ean, limit: int) -> list[QueueEntry]:
        """The first ``limit`` waiting lines, next served first. Raises ``UnknownArticle``."""
        ...
