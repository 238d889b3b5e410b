"""Checks of the stock as they are read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.model.stocktaking import StockCheck
from domain.model.values import DossierId, StockCheckId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCheckSummary:
    """A row of the list: ``found`` counts what disagreed; ``by_name`` is the person, the label of the key, or "system"."""

    id: StockCheckId
    at: datetime
    by: str
    by_name: str
    articles: int
    found: int


class StockCheckReader(Protocol):
    async def by_id(self, dossier: DossierId, check_id: StockCheckId) -> StockCheck:
        """Raises ``NotFound``."""
        ...

    async def search(self, dossier: DossierId, page: PageRequest) -> Page[StockCheckSummary]:
        """By date (``at``)."""
        ...
