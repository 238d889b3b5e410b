"""Pages that stay stable while rows come and go: keyset, never offset (C20)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")

Sortable = str | int | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """Where the page before ended: the sort value of its last row and, as tie-breaker, that row's id."""

    value: Sortable
    id: UUID | str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """``limit`` rows from 1 to 200, sorted by one listed column."""

    sort: str
    descending: bool = False
    limit: int = 50
    after: After | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """``last`` is where the next page starts; None when this was the last one."""

    items: list[T]
    last: After | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Number of records (Nombre de fiches), exact up to 10,000 and ``capped`` there beyond."""

    count: int
    capped: bool
