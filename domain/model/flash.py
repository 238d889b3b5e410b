"""Flashes: colleagues are told of a new card (B9)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.model.values import Party, StaffId


@dataclass(slots=True, kw_only=True, eq=False)
class Flash:
    """One colleague is told of one new card; ``approved`` False: the card waits for its visa."""

    id: UUID
    staff_id: StaffId
    card: Party
    name: str
    approved: bool
    by: str
    at: datetime
    read_at: datetime | None = None
