"""What hangs on cards, as it is read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from domain.errors import Invalid
from domain.model.bank import Rib
from domain.model.card import (
    Address,
    AddressDetails,
    BankAccount,
    BankDetails,
    Consent,
    ContactDetails,
    ContactPerson,
    DiscountDetails,
    DiscountRule,
    Note,
)
from domain.model.consents import Standing
from domain.model.credit import Credit
from domain.model.defaults import DocumentDefaults, roles_of
from domain.model.settings import DossierSettings
from domain.model.values import CustomerId, DocumentType, DossierId, Party
from domain.queries.pages import Page, PageRequest

PART_SORTS = ("created_at",)
CONSENT_SORTS = ("at",)

Clearance = frozenset[str] | None
"""The confidentiality codes that the reader may see; None is all of them (B30)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressView:
    """``named`` is what its card is called: it stands in for a missing recipient."""

    id: UUID
    owner: Party
    named: str
    code: str
    version: int
    details: AddressDetails
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """``roles`` follow from the function code (B36)."""

    id: UUID
    owner: Party
    code: str
    version: int
    details: ContactDetails
    roles: tuple[DocumentType, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccountView:
    """``rib`` None: an account of a country that knows none. ``bank_name`` None: a bank of no register."""

    id: UUID
    owner: Party
    code: str
    version: int
    details: BankDetails
    rib: Rib | None
    bank_name: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    id: UUID
    owner: Party
    version: int
    text: str
    by: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountView:
    id: UUID
    customer_id: CustomerId
    version: int
    details: DiscountDetails
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """One page of the ledger, newest first, and what the whole of it comes to."""

    page: Page[Consent]
    current: list[Standing]


def address_view(address: Address, *, named: str) -> AddressView:
    return AddressView(
        id=address.id,
        owner=address.owner,
        named=named,
        code=address.code,
        version=address.version,
        details=address.details,
        created_at=address.created_at,
        updated_at=address.updated_at,
    )


def contact_view(contact: ContactPerson, settings: DossierSettings) -> ContactView:
    return ContactView(
        id=contact.id,
        owner=contact.owner,
        code=contact.code,
        version=contact.version,
        details=contact.details,
        roles=roles_of(contact.details.function, settings),
        created_at=contact.created_at,
        updated_at=contact.updated_at,
    )


def bank_account_view(account: BankAccount, *, bank_name: str | None) -> BankAccountView:
    return BankAccountView(
        id=account.id,
        owner=account.owner,
        code=account.code,
        version=account.version,
        details=account.details,
        rib=_rib(account.details.iban),
        bank_name=bank_name,
        created_at=account.created_at,
        updated_at=account.updated_at,
    )


def _rib(iban: str) -> Rib | None:
    """An IBAN that was blanked when the person was anonymised has none either."""
    try:
        return Rib.of_iban(iban)
    except Invalid:
        return None


def note_view(note: Note) -> NoteView:
    return NoteView(
        id=note.id,
        owner=note.owner,
        version=note.version,
        text=note.text,
        by=note.by,
        created_at=note.created_at,
        updated_at=note.updated_at,
    )


def discount_view(rule: DiscountRule) -> DiscountView:
    return DiscountView(
        id=rule.id,
        customer_id=rule.customer_id,
        version=rule.version,
        details=rule.details,
        created_at=rule.created_at,
        updated_at=rule.updated_at,
    )


V = TypeVar("V")


class PartReader(Protocol[V]):
    """One kind of what hangs on cards."""

    async def one(self, dossier: DossierId, owner: Party, part_id: UUID, clearance: Clearance) -> V:
        """Raises ``NotFound``: no such card, one that may not be seen, or nothing of this id hangs on it."""
        ...

    async def of(self, dossier: DossierId, owner: Party, clearance: Clearance, page: PageRequest) -> Page[V]:
        """Raises ``NotFound`` for a card that is not there or may not be seen."""
        ...


class CardReader(Protocol):
    @property
    def addresses(self) -> PartReader[AddressView]: ...
    @property
    def contacts(self) -> PartReader[ContactView]: ...
    @property
    def bank_accounts(self) -> PartReader[BankAccountView]: ...
    @property
    def notes(self) -> PartReader[NoteView]: ...
    @property
    def discounts(self) -> PartReader[DiscountView]: ...

    async def consents(
        self, dossier: DossierId, customer_id: CustomerId, clearance: Clearance, page: PageRequest
    ) -> Consents:
        """Raises ``NotFound``."""
        ...

    async def document_defaults(
        self,
        dossier: DossierId,
        customer_id: CustomerId,
        document: DocumentType,
        clearance: Clearance,
        today: date,
    ) -> DocumentDefaults:
        """Raises ``NotFound``."""
        ...

    async def credit(self, dossier: DossierId, customer_id: CustomerId, clearance: Clearance) -> Credit:
        """Raises ``NotFound``."""
        ...
