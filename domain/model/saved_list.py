"""The saved list (liste mémorisée): a kept basket that becomes an order (A1)."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.values import Ean, SavedListId


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedLine:
    ean: Ean
    quantity: int


@dataclass(slots=True, kw_only=True, eq=False)
class SavedList:
    """Articles and copies under a name; making an order of it leaves it as it is."""

    id: SavedListId
    name: str
    lines: tuple[SavedLine, ...]
    created_at: datetime
    updated_at: datetime
    version: int = 1
