"""Flashes as their recipient reads them (B9)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.model.access import Caller
from domain.model.values import Party
from domain.queries.pages import Page, PageRequest

SORTS = ("at",)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlashView:
    """A colleague is told of a new card. ``approved`` is whether the card had its visa then, ``waiting`` whether it lacks it now.

    ``by`` is the client that made the card, ``by_name`` that person's name, None where no person is known.
    """

    id: UUID
    card: Party
    code: str
    name: str
    approved: bool
    waiting: bool
    by: str
    by_name: str | None
    at: datetime
    read_at: datetime | None


class FlashReader(Protocol):
    async def mine(self, by: Caller, *, unread: bool | None, page: PageRequest) -> Page[FlashView]:
        """Flashes sent to the caller, of cards that he may see (B30); a key is nobody of the staff and has none."""
        ...
