"""What hangs on the card of a customer or of a third party: addresses, contacts, bank accounts, notes, consents, discounts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.errors import Fault, Inconsistent, Invalid
from domain.model.values import (
    AddressId,
    BankAccountId,
    ContactId,
    CustomerId,
    DiscountId,
    DocumentType,
    NoteId,
    Party,
    PostalAddress,
)

EVERY_DOCUMENT = frozenset(DocumentType)


class AddressRole(StrEnum):
    """The main address is on the card itself (B39); one of delivery and one of billing at most (A57)."""

    DELIVERY = "delivery"
    BILLING = "billing"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressDetails:
    """``use_main_of``: documents take the main address of that party instead of ``postal`` (B41).

    ``default_for`` are the documents that start with this address (B40); each must be in ``allowed_for``.
    """

    role: AddressRole = AddressRole.OTHER
    postal: PostalAddress = field(default_factory=PostalAddress)
    siret: str | None = None
    phone: str | None = None
    email: str | None = None
    allowed_for: frozenset[DocumentType] = EVERY_DOCUMENT
    default_for: frozenset[DocumentType] = frozenset()
    use_main_of: Party | None = None

    def __post_init__(self) -> None:
        if not self.default_for <= self.allowed_for:
            raise Inconsistent(faults=[Fault("not-allowed-for", "/default_for")])


@dataclass(slots=True, kw_only=True, eq=False)
class Address:
    """An address beside the main one. ``code`` is unique on its card."""

    id: AddressId
    owner: Party
    code: str
    details: AddressDetails
    created_at: datetime
    updated_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails:
    """A natural person (B34). ``function`` is a code of the shop's table; the roles follow from it (B36)."""

    name: str
    title: str | None = None
    first_name: str | None = None
    function: str | None = None
    phone: str | None = None
    mobile: str | None = None
    email: str | None = None
    fax: str | None = None
    address_id: AddressId | None = None
    comment: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise Invalid(faults=[Fault("blank", "/name")])


@dataclass(slots=True, kw_only=True, eq=False)
class ContactPerson:
    """A contact of a card. ``code`` is unique on its card."""

    id: ContactId
    owner: Party
    code: str
    details: ContactDetails
    created_at: datetime
    updated_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDetails:
    """``iban`` compact. A closed account is not used any more, and so is not the main one (B43, B44)."""

    iban: str
    bic: str | None = None
    domiciliation: str | None = None
    main: bool = False
    closed_on: date | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class BankAccount:
    """A bank account (RIB) of a card. ``code`` is unique on its card; at most one is the main one."""

    id: BankAccountId
    owner: Party
    code: str
    details: BankDetails
    created_at: datetime
    updated_at: datetime
    version: int = 1

    def open_on(self, day: date) -> bool:
        """Whether it may be used on ``day``: an account is closed from its closing date on."""
        return self.details.closed_on is None or day < self.details.closed_on


@dataclass(slots=True, kw_only=True, eq=False)
class Note:
    """A note on a card (B64)."""

    id: NoteId
    owner: Party
    text: str
    by: str
    created_at: datetime
    updated_at: datetime
    version: int = 1


class Channel(StrEnum):
    """How a message reaches a customer."""

    SMS = "sms"
    EMAIL = "email"
    POST = "post"


class Purpose(StrEnum):
    """What for: arrival of his orders, advertising (information mail), till receipt (A58).

    ``service`` is what a customer cannot refuse to hear, such as that an invoice is due.
    """

    ORDER_ARRIVAL = "order_arrival"
    MARKETING = "marketing"
    RECEIPT = "receipt"
    SERVICE = "service"


CONSENTED = (Purpose.ORDER_ARRIVAL, Purpose.MARKETING, Purpose.RECEIPT)
"""What a customer allows or refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """An entry of the ledger of authorisations: the last one of a channel and purpose holds (A58, trade R23)."""

    id: UUID
    customer_id: CustomerId
    channel: Channel
    purpose: Purpose
    granted: bool
    source: str | None
    at: datetime
    by: str


class DiscountScope(StrEnum):
    """What a discount is for (A63, A64)."""

    ALL = "all"
    VAT_RATE = "vat_rate"
    CATEGORY = "category"
    SCHOOL_BOOKS = "school_books"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountDetails:
    """``percent`` off the publisher's price, from ``starts_on`` until before ``ends_on``; the law still caps it (step 3)."""

    scope: DiscountScope
    percent: Decimal
    vat_rate: Decimal | None = None
    category: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    basis: str | None = None

    def __post_init__(self) -> None:
        faults = []
        if (self.vat_rate is not None) != (self.scope is DiscountScope.VAT_RATE):
            faults.append(Fault("scope-vat-rate", "/vat_rate"))
        if (self.category is not None) != (self.scope is DiscountScope.CATEGORY):
            faults.append(Fault("scope-category", "/category"))
        if self.starts_on and self.ends_on and self.ends_on <= self.starts_on:
            faults.append(Fault("period", "/ends_on"))
        if faults:
            raise Inconsistent(faults=faults)


@dataclass(slots=True, kw_only=True, eq=False)
class DiscountRule:
    """A permanent discount of a customer."""

    id: DiscountId
    customer_id: CustomerId
    details: DiscountDetails
    created_at: datetime
    updated_at: datetime
    version: int = 1
