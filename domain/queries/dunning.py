"""Reminders of unpaid invoices, read: proposals, runs, what was told, letters."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.model.dunning import RemindedInvoice, Reminder
from domain.model.message import Language
from domain.model.values import CustomerId, DossierId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderView:
    """A reminder with the code of the card reminded; a proposal's ids lead nowhere."""

    reminder: Reminder
    customer_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run as it was made just now."""

    id: UUID
    reminders: tuple[ReminderView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """A run: how many e-mails and letters it made, and euros that they ask for."""

    id: UUID
    at: datetime
    by: str
    emails: int
    letters: int
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedReminder:
    """A letter: ``lines`` are who it goes to, the name first; ``body`` holds the list of ``invoices``."""

    lines: tuple[str, ...]
    customer_code: str
    language: Language
    subject: str
    body: str
    invoices: tuple[RemindedInvoice, ...]
    total: Decimal
    at: datetime
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSheet:
    """The letters of a run under the shop's heading; ``address`` as typed, several lines."""

    shop: str
    address: str
    time_zone: str
    letters: tuple[PrintedReminder, ...]


class DunningReader(Protocol):
    """Reads the committed reminders of one dossier; of cards that may not be seen (B30) it tells nothing."""

    async def reminders(
        self,
        dossier: DossierId,
        page: PageRequest,
        *,
        customer_id: CustomerId | None,
        run_id: UUID | None,
        clearance: Collection[str] | None,
    ) -> Page[ReminderView]: ...

    async def runs(
        self, dossier: DossierId, page: PageRequest, *, clearance: Collection[str] | None
    ) -> Page[RunSummary]: ...

    async def letters(self, dossier: DossierId, run_id: UUID, *, clearance: Collection[str] | None) -> ReminderSheet:
        """Raises ``NotFound`` for a run that made nothing, ``NoLetters`` for one that made e-mails only."""
        ...
