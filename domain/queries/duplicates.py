"""Cards that may be one person's (C9)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.model.values import CustomerId, DossierId
from domain.queries.pages import After, Page


class Reason(StrEnum):
    """Why two cards may be one person's, the strongest first; ``name`` is a near name in the same town."""

    EMAIL = "email"
    SIRET = "siret"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortCard:
    """What tells two cards apart at a glance."""

    id: CustomerId
    code: str
    version: int
    name: str
    first_name: str | None
    postal_code: str | None
    town: str | None
    phone: str | None
    email: str | None
    siret: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatePair:
    """Two cards, the older first; ``score`` from 0 to 100 is how likely they are one person's."""

    reason: Reason
    score: int
    first: ShortCard
    second: ShortCard


class DuplicateReader(Protocol):
    async def pairs(
        self,
        dossier: DossierId,
        *,
        clearance: Collection[str] | None,
        reason: Reason | None,
        limit: int,
        after: After | None,
    ) -> Page[DuplicatePair]:
        """The likeliest pairs first, each pair once, for its strongest reason; with ``reason`` those it holds for.

        Merged and anonymised cards, and those the caller may not see (B30), are left out.
        """
        ...
