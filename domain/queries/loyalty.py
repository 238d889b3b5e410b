"""Loyalty cards as they are read (A62)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from domain.model.customer import Customer
from domain.model.loyalty import LoyaltyCause, LoyaltyEntryId, LoyaltyProgram, Standing
from domain.model.values import CustomerId, DossierId, PurchaseId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyView:
    """A card, its program (None: the shop has none) and how its ledger stands."""

    customer_id: CustomerId
    active: bool
    number: str | None
    started_on: date | None
    program: LoyaltyProgram | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyEntryView:
    """One step of a ledger, and the balance after it."""

    id: LoyaltyEntryId
    at: datetime
    cause: LoyaltyCause
    amount: Decimal
    purchases: int
    base: Decimal
    purchase_id: PurchaseId | None
    reference: str
    reason: str | None
    by: str
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherLine:
    """What a voucher takes off a line, the most that it might, and the rule that says so (None: no law does)."""

    reference: str
    amount: Decimal
    most: Decimal
    rule: str | None
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionView:
    """A voucher spent on the lines of a ticket; its id is that of its first entry."""

    id: LoyaltyEntryId
    amount: Decimal
    lines: Sequence[VoucherLine]
    loyalty: LoyaltyView


def view_of(card: Customer, program: LoyaltyProgram | None, standing: Standing) -> LoyaltyView:
    """The card as its reader would answer it."""
    return LoyaltyView(
        customer_id=card.id,
        active=card.details.fidelity_active,
        number=card.details.fidelity_number,
        started_on=card.details.fidelity_started_on,
        program=program,
        standing=standing,
    )


class LoyaltyReader(Protocol):
    """Both answer for the card, or for the one it was merged into; ``zone`` is the shop's, by its name.

    Both raise ``NotFound``, also for a card that the caller may not see (B30).
    """

    async def of_customer(
        self, dossier: DossierId, customer_id: CustomerId, *, zone: str, clearance: Collection[str] | None
    ) -> LoyaltyView: ...

    async def entries(
        self, dossier: DossierId, customer_id: CustomerId, page: PageRequest, *, clearance: Collection[str] | None
    ) -> Page[LoyaltyEntryView]:
        """The ledger, sorted by ``at``."""
        ...
