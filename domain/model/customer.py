"""The customer (fiche client). The whole card of both seeds comes with step 2; this is what orders need of it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.errors import CustomerBlocked, CustomerClosed, CustomerNotApproved, Fault, Invalid
from domain.model.values import CustomerId, PostalAddress, short_name


class Kind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class Light(StrEnum):
    """Code feu (B31): orange warns at each entry, red blocks every entry."""

    GREEN = "green"
    ORANGE = "orange"
    RED = "red"


def customer_code(text: str) -> str:
    """A customer code as kept: capitals, at most 8 letters and digits (B6). Raises ``Invalid``."""
    code = text.strip().upper()
    if re.fullmatch(r"[A-Z0-9]{1,8}", code) is None:
        raise Invalid(faults=[Fault("code-format", "/code")])
    return code


def automatic_code(counter: int) -> str:
    """The code of the ``counter``-th automatic customer: C and seven digits (B3, B7, O1)."""
    return f"C{counter:07d}"


@dataclass(slots=True, kw_only=True)
class CustomerDetails:
    """What a person writes on the card; the rest is kept by the shop."""

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
    fidelity_active: bool = False
    fidelity_started_on: date | None = None
    light: Light = Light.GREEN
    light_message: str | None = None
    closed_on: date | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise Invalid(faults=[Fault("blank", "/name")])


@dataclass(slots=True, kw_only=True, eq=False)
class Customer:
    """A customer of the file. Raises its reasons from ``admit`` when no new document may name it."""

    id: CustomerId
    code: str
    details: CustomerDetails
    origin: str
    approved_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int = 1

    @property
    def short_name(self) -> str:
        return short_name(self.details.name)

    def change(self, details: CustomerDetails, *, now: datetime) -> bool:
        """Replace the card's details; False when nothing differs, and then the version stays."""
        if details == self.details:
            return False
        self.details = details
        self.updated_at = now
        self.version += 1
        return True

    def admit(self, *, today: date) -> list[str]:
        """Let a new document name this customer; the warnings to show (B8, B31, B32).

        Raises ``CustomerNotApproved``, ``CustomerBlocked`` or ``CustomerClosed``. A card is closed from its closing date on.
        """
        if self.approved_at is None:
            raise CustomerNotApproved(name=self.details.name)
        if self.details.light is Light.RED:
            raise CustomerBlocked(name=self.details.name, message=self.details.light_message or "")
        if self.details.closed_on is not None and self.details.closed_on <= today:
            raise CustomerClosed(name=self.details.name, closed_on=self.details.closed_on.isoformat())
        if self.details.light is Light.ORANGE:
            return [self.details.light_message or "Code feu orange"]
        return []
