"""Receptions: copies that came in."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.values import Ean, ReceptionId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionLine:
    """Copies of one article: ``set_aside`` for waiting customers, the rest to the shelf."""

    ean: Ean
    quantity: int
    set_aside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    id: ReceptionId
    reference: str | None
    received_at: datetime
    by: str
    lines: tuple[ReceptionLine, ...]
