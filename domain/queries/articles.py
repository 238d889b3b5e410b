"""Articles and their stock as they are read."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.model.article import ArticleKind, Cause
from domain.model.values import DossierId, Ean, ThirdPartyId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """``waiting`` counts the copies that order lines still wait for, suspended ones left out (P6), ``on_order`` those that suppliers still have to bring.

    ``category_path`` are the labels of its node of the tree and of those above, from the top down.
    """

    ean: Ean
    title: str
    author: str | None
    publisher: str | None
    list_price: Decimal
    vat_rate: Decimal
    digital: bool
    kind: ArticleKind
    school_book: bool
    category: str | None
    category_path: tuple[str, ...]
    supplier_id: ThirdPartyId | None
    supplier_name: str | None
    availability: str | None
    published_on: date | None
    weight_g: int | None
    available: int
    set_aside: int
    waiting: int
    on_order: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """Criteria of the search; None leaves one out.

    ``q`` starts words of title or author in any order, or, all digits, the EAN; ``category`` is a node of the tree with all
    below it.
    """

    q: str | None = None
    category: str | None = None
    kind: ArticleKind | None = None
    supplier_id: ThirdPartyId | None = None


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


class ArticleReader(Protocol):
    async def by_ean(self, dossier: DossierId, ean: Ean) -> ArticleView:
        """Raises ``UnknownArticle``."""
        ...

    async def search(self, dossier: DossierId, wanted: ArticleFilter, page: PageRequest) -> Page[ArticleView]:
        """By title."""
        ...

    async def movements(self, dossier: DossierId, ean: Ean, page: PageRequest) -> Page[MovementView]:
        """Newest first. Raises ``UnknownArticle``."""
        ...
