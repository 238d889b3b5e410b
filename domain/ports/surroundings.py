"""Time, identifiers, company and paper: what even the smallest shop needs from the world."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from domain.model.access import Caller, Dossier
from domain.queries.delivery_notes import NoteSheet
from domain.queries.documents import OrderSheet
from domain.queries.dunning import ReminderSheet
from domain.queries.labels import Label, LabelSheet
from domain.queries.reservations import ReservationView, SlipFormat

Item = TypeVar("Item")
Result = TypeVar("Result")

Clock = Callable[[], datetime]
"""Now, in UTC."""

NewId = Callable[[], UUID]
"""A fresh UUIDv7: unique, and later ones sort later."""


class Company(Protocol):
    """Requests that wait at the same moment are served together (group commit)."""

    async def join(
        self,
        key: Hashable,
        item: Item,
        serve: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]],
    ) -> Result:
        """``serve`` is called with the items of one ``key`` that wait now, and answers each with a result or its exception.

        When the whole call fails, or answers an item with ``TryAgain``, the item is served again alone. The caller never
        sees that it had company.
        """
        ...


class KnownBank(Protocol):
    """A bank of the published registers; ``bic`` is None where they give none."""

    @property
    def name(self) -> str: ...
    @property
    def bic(self) -> str | None: ...


class Banks(Protocol):
    """The published registers of banks."""

    def bank(self, iban: str) -> KnownBank | None:
        """The bank that keeps this account; None when it is not known."""
        ...


class Papers(Protocol):
    """Printed papers, French."""

    async def slip(
        self, dossier: Dossier, reservation: ReservationView, *, paper: SlipFormat = SlipFormat.TILL
    ) -> bytes:
        """The bon de réserve as a PDF: title, EAN as a barcode, customer, order, place, date, deadline (A29)."""
        ...

    async def order(self, sheet: OrderSheet) -> bytes:
        """The customer order as a PDF on A4, its comment before its lines (A17, A21)."""
        ...

    async def delivery_note(self, sheet: NoteSheet) -> bytes:
        """The bon de livraison as a PDF on A4 (A18)."""
        ...

    async def labels(self, sheet: LabelSheet, labels: Sequence[Label], *, start: int) -> bytes:
        """Addresses as a PDF on A4 sheets of labels, the first on label ``start`` (A53)."""
        ...

    async def reminders(self, sheet: ReminderSheet) -> bytes:
        """Reminders of unpaid invoices as a PDF of letters on A4, each on a sheet of its own (B28)."""
        ...


class Identities(Protocol):
    """Credentials. Secrets are kept as digests only."""

    async def by_api_key(self, secret: str) -> Caller:
        """Raises ``NotAuthenticated``. A revoked key stops within two seconds."""
        ...

    async def by_session(self, token: str) -> Caller:
        """Raises ``NotAuthenticated``."""
        ...

    async def log_in(self, *, dossier: str | None, login: str, password: str) -> tuple[Caller, str]:
        """The staff member and a session token. Raises ``NotAuthenticated``."""
        ...

    async def log_out(self, token: str) -> None: ...

    async def password_hash(self, password: str) -> str:
        """What is kept of a password."""
        ...

    def new_secret(self, dossier: Dossier) -> tuple[str, bytes]:
        """The secret of a new key of this dossier, and the digest to keep of it."""
        ...
