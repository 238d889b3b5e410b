"""Saved lists as they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from domain.model.article import Article
from domain.model.saved_list import SavedList
from domain.model.values import DossierId, Ean, SavedListId
from domain.queries.pages import Page, PageRequest

SORTS = ("name", "updated_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedLineView:
    """A line with what its article is called and costs today."""

    ean: Ean
    title: str
    author: str | None
    list_price: Decimal
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedListView:
    id: SavedListId
    name: str
    lines: tuple[SavedLineView, ...]
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedListSummary:
    """A row of the list of lists; ``titles`` are its lines, ``quantity`` their copies."""

    id: SavedListId
    name: str
    titles: int
    quantity: int
    updated_at: datetime
    version: int


def saved_list_view(saved: SavedList, articles: Mapping[Ean, Article]) -> SavedListView:
    """The list as its reader would answer it."""
    return SavedListView(
        id=saved.id,
        name=saved.name,
        lines=tuple(
            SavedLineView(
                ean=line.ean,
                title=article.title,
                author=article.author,
                list_price=article.list_price,
                quantity=line.quantity,
            )
            for line in saved.lines
            for article in (articles[line.ean],)
        ),
        created_at=saved.created_at,
        updated_at=saved.updated_at,
        version=saved.version,
    )


class SavedListReader(Protocol):
    """Reads the saved lists of one dossier."""

    async def by_id(self, dossier: DossierId, list_id: SavedListId) -> SavedListView:
        """Raises ``NotFound``."""
        ...

    async def search(self, dossier: DossierId, name: str | None, page: PageRequest) -> Page[SavedListSummary]:
        """``name`` is the start of the name."""
        ...
