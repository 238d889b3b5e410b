"""Copies that nobody bought: written off, or missing when they were counted (démarque, A41, C19)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.model.stocktaking import LossCause
from domain.model.values import DossierId, Ean
from domain.queries.pages import Page, PageRequest

MOST_GROUPS = 500
"""Causes with their reasons, the most copies first: people write reasons as they like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Business days of the shop, ``until`` left out."""

    start: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One movement that took copies away. ``value`` is at the publisher's price of today, in euros, VAT included."""

    id: UUID
    at: datetime
    ean: Ean
    title: str
    copies: int
    value: Decimal
    cause: LossCause
    reason: str | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LossGroup:
    """What was lost for one cause and reason."""

    cause: LossCause
    reason: str | None
    copies: int
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrinkage:
    """What was lost in a period. ``found_…``: copies that corrections of the stock brought back, not taken off."""

    copies: int
    value: Decimal
    found_copies: int
    found_value: Decimal
    groups: tuple[LossGroup, ...]
    page: Page[Loss]


class ShrinkageReader(Protocol):
    async def of(self, dossier: DossierId, period: Period, page: PageRequest) -> Shrinkage:
        """The sums of the whole period, and one page of what they are made of, by date (``at``)."""
        ...
