"""The customer (fiche client): the card itself. What hangs on it is in ``card``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.errors import (
    CustomerAnonymised,
    CustomerBlocked,
    CustomerClosed,
    CustomerMerged,
    CustomerNotApproved,
    Fault,
    Inconsistent,
    Invalid,
)
from domain.model.values import NOTHING, CustomerId, PostalAddress, StaffId, ThirdPartyId, short_name


class Kind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class Light(StrEnum):
    """Code feu (B31): orange warns at each entry, red blocks every entry."""

    GREEN = "green"
    ORANGE = "orange"
    RED = "red"


class CardOrigin(StrEnum):
    """Where a card was made; one from the CRM waits for its visa (B10)."""

    COUNTER = "counter"
    CRM = "crm"
    IMPORT = "import"
    WEB = "web"


class BackOrders(StrEnum):
    """Reliquats for one kind of document; ``inherit`` is the general rule of the dossier (B27)."""

    INHERIT = "inherit"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOrderRules:
    """Back-orders of quotes, orders and delivery notes, each apart (B27)."""

    quotes: BackOrders = BackOrders.INHERIT
    orders: BackOrders = BackOrders.INHERIT
    delivery_notes: BackOrders = BackOrders.INHERIT


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesShare:
    """A sales rep of a customer and his part of the commission, in percent (B16)."""

    sales_rep: ThirdPartyId
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChorusProfile:
    """Dematerialisation of invoices to the public sector (A71, trade R19). ``siret`` None: the card's own."""

    enabled: bool = False
    siret: str | None = None
    service_code: str | None = None
    engagement_number: str | None = None
    service_required: bool = False
    engagement_required: bool = False


MOST_SALES_REPS = 3
WHOLE = Decimal(100)
FieldValue = str | None
CustomFields = Mapping[str, Mapping[str, FieldValue]]
"""Values of the shop's own fields (rubriques) by questionnaire and code; all as text: a flag is "true" or "false"."""


@dataclass(slots=True, kw_only=True)
class CustomerDetails:
    """What a person writes on the card; the rest is kept by the shop.

    ``given_short_name`` None: the short name follows the name (B11). Codes (title, category, language, …) are those of the
    shop's own tables. Ceilings are euros; a nil ceiling means that credit is not controlled (B15).
    """

    name: str
    kind: Kind = Kind.PERSON
    title: str | None = None
    first_name: str | None = None
    barcode: str | None = None
    email: str | None = None
    phone: str | None = None
    fax: str | None = None
    no_sms: bool = False
    address: PostalAddress = field(default_factory=PostalAddress)
    mail_order: bool = False
    collectivity: bool = False
    lending_library: bool = False
    vat_exempt: bool = False
    on_account: bool = False
    comment: str | None = None
    birth_date: date | None = None
    given_short_name: str | None = None
    category: str | None = None
    language: str | None = None
    siret: str | None = None
    vat_number: str | None = None
    tariff_code: str | None = None
    account_number: str | None = None
    our_code: str | None = None
    payment_mode: str | None = None
    print_mode: str | None = None
    reminder_family: str | None = None
    confidentiality_code: str | None = None
    billed_to: CustomerId | None = None
    group: CustomerId | None = None
    statistics_party: CustomerId | None = None
    payment_party: CustomerId | None = None
    sales_admin: StaffId | None = None
    sales_reps: tuple[SalesShare, ...] = ()
    management_ceiling: Decimal = NOTHING
    insurance_ceiling: Decimal = NOTHING
    back_orders: BackOrderRules = BackOrderRules()
    stat_1: str | None = None
    stat_2: str | None = None
    stat_3: str | None = None
    chorus: ChorusProfile = ChorusProfile()
    custom_fields: CustomFields = field(default_factory=dict)
    fidelity_number: str | None = None
    fidelity_program: str | None = None
    fidelity_active: bool = False
    fidelity_started_on: date | None = None
    light: Light = Light.GREEN
    light_message: str | None = None
    closed_on: date | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise Invalid(faults=[Fault("blank", "/name")])
        faults = []
        if len(self.sales_reps) > MOST_SALES_REPS:
            faults.append(Fault("too_long", "/sales_reps"))
        if sum(rep.share for rep in self.sales_reps) > WHOLE:
            faults.append(Fault("shares", "/sales_reps"))
        if len({rep.sales_rep for rep in self.sales_reps}) < len(self.sales_reps):
            faults.append(Fault("twice", "/sales_reps"))
        if faults:
            raise Inconsistent(faults=faults)

    @property
    def short_name(self) -> str:
        """The nom abrégé: what was typed for it, else the name, always converted (B11, B12)."""
        return short_name(self.given_short_name or self.name)


@dataclass(slots=True, kw_only=True, eq=False)
class Customer:
    """A customer of the file. Raises its reasons from ``admit`` when no new document may name it."""

    id: CustomerId
    code: str
    details: CustomerDetails
    origin: CardOrigin
    approved_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int = 1
    approved_by: str | None = None
    merged_into: CustomerId | None = None
    anonymised_at: datetime | None = None

    @property
    def short_name(self) -> str:
        return self.details.short_name

    def change(self, details: CustomerDetails, *, now: datetime) -> bool:
        """Replace the card's details; False when nothing differs, and then the version stays.

        Raises ``CustomerMerged`` or ``CustomerAnonymised``: such a card is history.
        """
        self.stand()
        if details == self.details:
            return False
        self.details = details
        self._touch(now)
        return True

    def approve(self, *, by: str, now: datetime) -> bool:
        """Give the administrative visa (B8, B9); False when it was given before."""
        self.stand()
        if self.approved_at is not None:
            return False
        self.approved_at, self.approved_by = now, by
        self._touch(now)
        return True

    def withdraw_approval(self, *, now: datetime) -> bool:
        """Take the visa back; False when there was none."""
        self.stand()
        if self.approved_at is None:
            return False
        self.approved_at = self.approved_by = None
        self._touch(now)
        return True

    def stand(self) -> None:
        """Raises ``CustomerMerged`` or ``CustomerAnonymised`` when the card is no more than history."""
        if self.merged_into is not None:
            raise CustomerMerged(code=self.code, kept=f"cus_{self.merged_into.hex}")
        if self.anonymised_at is not None:
            raise CustomerAnonymised(code=self.code)

    def touch(self, *, now: datetime) -> None:
        """Something that hangs on the card and shows on it was changed."""
        self.stand()
        self._touch(now)

    def _touch(self, now: datetime) -> None:
        self.updated_at = now
        self.version += 1

    def admit(self, *, today: date) -> list[str]:
        """Let a new document name this customer; the warnings to show (B8, B31, B32).

        Raises ``CustomerNotApproved``, ``CustomerBlocked`` or ``CustomerClosed``. A card is closed from its closing date on.
        """
        self.stand()
        if self.approved_at is None:
            raise CustomerNotApproved(name=self.details.name)
        if self.details.light is Light.RED:
            raise CustomerBlocked(name=self.details.name, message=self.details.light_message or "")
        if self.details.closed_on is not None and self.details.closed_on <= today:
            raise CustomerClosed(name=self.details.name, closed_on=self.details.closed_on)
        if self.details.light is Light.ORANGE:
            return [self.details.light_message or "Code feu orange"]
        return []
