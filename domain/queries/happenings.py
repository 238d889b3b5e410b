"""The live feed: events in an order in which none is lost under concurrent commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.model.values import DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A committed event. ``position`` is where a listener resumes: transaction id, then sequence within it."""

    position: tuple[int, int]
    id: UUID
    type: str
    subject: UUID
    version: int
    at: datetime
    data: dict[str, str | int | None]


class HappeningReader(Protocol):
    async def after(self, dossier: DossierId, position: tuple[int, int], limit: int) -> list[Happening]:
        """Events after ``position``, only of transactions below every one still running."""
        ...

    async def now(self, dossier: DossierId) -> tuple[int, int]:
        """The position after which all is yet to come."""
        ...
