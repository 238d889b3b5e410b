"""Customers as they are read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.model.customer import Customer, Kind, Light
from domain.model.values import CustomerId, DossierId, PostalAddress
from domain.queries.pages import Count, Page, PageRequest

SORTS = ("name", "code", "postal_code", "town", "created_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """None leaves a criterion out. ``q`` starts any words of the name, in any order, or is a code."""

    q: str | None = None
    code: str | None = None
    email: str | None = None
    phone: str | None = None
    postal_code: str | None = None
    town: str | None = None
    mail_order: bool | None = None
    collectivity: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    id: CustomerId
    code: str
    version: int
    kind: Kind
    title: str | None
    name: str
    first_name: str | None
    short_name: str
    barcode: str | None
    email: str | None
    phone: str | None
    fax: str | None
    no_sms: bool
    address: PostalAddress
    mail_order: bool
    collectivity: bool
    lending_library: bool
    vat_exempt: bool
    on_account: bool
    comment: str | None
    birth_date: date | None
    fidelity_active: bool
    fidelity_started_on: date | None
    light: Light
    light_message: str | None
    closed_on: date | None
    approved: bool
    origin: str
    created_at: datetime
    updated_at: datetime


def view_of(customer: Customer) -> CustomerView:
    """The card as its reader would answer it."""
    card = customer.details
    return CustomerView(
        id=customer.id,
        code=customer.code,
        version=customer.version,
        kind=card.kind,
        title=card.title,
        name=card.name,
        first_name=card.first_name,
        short_name=customer.short_name,
        barcode=card.barcode,
        email=card.email,
        phone=card.phone,
        fax=card.fax,
        no_sms=card.no_sms,
        address=card.address,
        mail_order=card.mail_order,
        collectivity=card.collectivity,
        lending_library=card.lending_library,
        vat_exempt=card.vat_exempt,
        on_account=card.on_account,
        comment=card.comment,
        birth_date=card.birth_date,
        fidelity_active=card.fidelity_active,
        fidelity_started_on=card.fidelity_started_on,
        light=card.light,
        light_message=card.light_message,
        closed_on=card.closed_on,
        approved=customer.approved_at is not None,
        origin=customer.origin,
        created_at=customer.created_at,
        updated_at=customer.updated_at,
    )


class CustomerReader(Protocol):
    async def by_id(self, dossier: DossierId, customer_id: CustomerId) -> CustomerView:
        """Raises ``NotFound``."""
        ...

    async def search(self, dossier: DossierId, wanted: CustomerFilter, page: PageRequest) -> Page[CustomerView]: ...

    async def count(self, dossier: DossierId, wanted: CustomerFilter) -> Count: ...
