"""Third parties (tiers) that are no customers: prospects, suppliers, sales reps and others."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.errors import Fault, Invalid, NotAProspect
from domain.model.customer import CardOrigin, CustomFields, Kind
from domain.model.values import CustomerId, PostalAddress, ThirdPartyId, short_name


class ThirdPartyType(StrEnum):
    """PRO, FOU, VRP and TIA of the old program's files (B53)."""

    PROSPECT = "prospect"
    SUPPLIER = "supplier"
    SALES_REP = "sales_rep"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyDetails:
    """What a person writes on the card. ``commission`` is a sales rep's, in percent."""

    name: str
    kind: Kind = Kind.ORGANISATION
    title: str | None = None
    first_name: str | None = None
    given_short_name: str | None = None
    email: str | None = None
    phone: str | None = None
    fax: str | None = None
    address: PostalAddress = field(default_factory=PostalAddress)
    siret: str | None = None
    vat_number: str | None = None
    language: str | None = None
    account_number: str | None = None
    our_code: str | None = None
    commission: Decimal | None = None
    comment: str | None = None
    custom_fields: CustomFields = field(default_factory=dict)
    closed_on: date | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise Invalid(faults=[Fault("blank", "/name")])

    @property
    def short_name(self) -> str:
        """What was typed for it, else the name, always converted (B11, B12)."""
        return short_name(self.given_short_name or self.name)


@dataclass(slots=True, kw_only=True, eq=False)
class ThirdParty:
    """A card that is no customer's. ``customer_id``: the customer that a prospect became."""

    id: ThirdPartyId
    type: ThirdPartyType
    code: str
    details: ThirdPartyDetails
    origin: CardOrigin
    approved_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int = 1
    approved_by: str | None = None
    customer_id: CustomerId | None = None

    def change(self, details: ThirdPartyDetails, *, now: datetime) -> bool:
        """Replace the card's details; False when nothing differs, and then the version stays."""
        if details == self.details:
            return False
        self.details = details
        self._touch(now)
        return True

    def approve(self, *, by: str, now: datetime) -> bool:
        """Give the administrative visa (B9); False when it was given before."""
        if self.approved_at is not None:
            return False
        self.approved_at, self.approved_by = now, by
        self._touch(now)
        return True

    def withdraw_approval(self, *, now: datetime) -> bool:
        """Take the visa back; False when there was none."""
        if self.approved_at is None:
            return False
        self.approved_at = self.approved_by = None
        self._touch(now)
        return True

    def become(self, customer_id: CustomerId, *, now: datetime) -> None:
        """The prospect is a customer from now on. Raises ``NotAProspect`` for another type, and the second time."""
        if self.type is not ThirdPartyType.PROSPECT or self.customer_id is not None:
            raise NotAProspect(code=self.code, type="customer" if self.customer_id else self.type.value)
        self.customer_id = customer_id
        self._touch(now)

    def _touch(self, now: datetime) -> None:
        self.updated_at = now
        self.version += 1
