"""Customers as they are read (A42 to A48)."""

from calendar import isleap
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.model.customer import CardOrigin, Customer, CustomerDetails, Light
from domain.model.values import CustomerId, DossierId, Ean
from domain.queries.pages import Count, Page, PageRequest

SORTS = (
    "name",
    "code",
    "first_name",
    "postal_code",
    "town",
    "phone",
    "email",
    "birthday",
    "fidelity_active",
    "fidelity_started_on",
    "created_at",
)
"""The columns of A48, and the date of creation."""

NEW_YEARS_DAY, NEW_YEARS_EVE = 101, 1231
END_OF_FEBRUARY, LEAP_DAY = 228, 229


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """None leaves a criterion out; no criterion is all customers (A47), merged cards apart.

    ``q`` starts any words of the name and first name, in any order, or is a code. ``code`` and ``gencod`` (barcode or
    number of the loyalty card) find the card that an older one was merged into. ``phone`` and ``email`` are the customer's
    or a contact's; a phone is one of ``country``, else of France. ``postal_code``, ``town`` and ``siret`` may be
    beginnings. Birthdays are month * 100 + day. ``no_contact_since``: nothing was heard of the customer from that day on
    (trade R22). ``purchased_*``: bought such a thing in that time (to excluded) and did not bring it wholly back, so and so
    many times with ``purchases_min`` and ``purchases_max``; without a least number nothing bought counts as none (A44).
    ``loyalty_under_way`` purchases lie in the unfinished round of an active loyalty card, or ``loyalty_short`` of them are
    missing to its reward, or at most so many euros where its program counts these (A45). ``last_but_one_*``: bought the last
    title but one, by its date, of an author or of a series. ``today`` is the shop's business day; ``clearance`` the confidentiality codes that may be seen (B30), None
    all of them.
    """

    today: date
    clearance: Collection[str] | None
    q: str | None = None
    code: str | None = None
    gencod: str | None = None
    email: str | None = None
    phone: str | None = None
    postal_code: str | None = None
    town: str | None = None
    siret: str | None = None
    category: str | None = None
    country: str | None = None
    light: Light | None = None
    mail_order: bool | None = None
    collectivity: bool | None = None
    lending_library: bool | None = None
    accepts_mail: bool | None = None
    on_account: bool | None = None
    vat_exempt: bool | None = None
    chorus: bool | None = None
    fidelity_active: bool | None = None
    approved: bool | None = None
    closed: bool | None = None
    group_id: CustomerId | None = None
    billed_to_id: CustomerId | None = None
    birthday_from: int | None = None
    birthday_to: int | None = None
    no_contact_since: date | None = None
    purchased_from: date | None = None
    purchased_to: date | None = None
    purchased_ean: Ean | None = None
    purchased_author: str | None = None
    purchased_categories: Collection[str] = ()
    purchases_min: int | None = None
    purchases_max: int | None = None
    loyalty_under_way: int | None = None
    loyalty_short: int | None = None
    last_but_one_author: str | None = None
    last_but_one_series: str | None = None

    @property
    def birthdays(self) -> tuple[int, int] | None:
        """The first and the last birthday wanted; the first is after the last when New Year is between them (A46).

        A year without 29 February keeps that birthday on the 28th, so that week after week nobody is forgotten.
        """
        if self.birthday_from is None and self.birthday_to is None:
            return None
        last = self.birthday_to or NEW_YEARS_EVE
        if last == END_OF_FEBRUARY:
            past = (self.today.month, self.today.day) > (2, 28)
            if not isleap(self.today.year + past):
                last = LEAP_DAY
        return self.birthday_from or NEW_YEARS_DAY, last


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """A card as it is read: what a person wrote (``details``) and what the shop keeps."""

    id: CustomerId
    code: str
    version: int
    details: CustomerDetails
    approved_at: datetime | None
    approved_by: str | None
    origin: CardOrigin
    merged_into: CustomerId | None
    anonymised_at: datetime | None
    created_at: datetime
    updated_at: datetime


def view_of(customer: Customer) -> CustomerView:
    """The card as its reader would answer it."""
    return CustomerView(
        id=customer.id,
        code=customer.code,
        version=customer.version,
        details=customer.details,
        approved_at=customer.approved_at,
        approved_by=customer.approved_by,
        origin=customer.origin,
        merged_into=customer.merged_into,
        anonymised_at=customer.anonymised_at,
        created_at=customer.created_at,
        updated_at=customer.updated_at,
    )


class CustomerReader(Protocol):
    async def by_id(
        self, dossier: DossierId, customer_id: CustomerId, *, clearance: Collection[str] | None
    ) -> CustomerView:
        """The very card, merged or not. Raises ``NotFound``, also for a card that the caller may not see (B30)."""
        ...

    async def search(self, dossier: DossierId, wanted: CustomerFilter, page: PageRequest) -> Page[CustomerView]: ...

    async def count(self, dossier: DossierId, wanted: CustomerFilter) -> Count: ...
