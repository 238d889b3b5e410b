"""The dossier's own settings: what the shop decided for all of its cards and documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.model.booklaw import BOOK_LAW, BookLaw, LawValue
from domain.model.dunning import DunningRules
from domain.model.loyalty import LoyaltyProgram
from domain.model.message import MessageRules
from domain.model.pickup import PickupRules
from domain.model.statcodes import StatAxis
from domain.model.values import DocumentType, StaffId

CONTACT_ROLES: Mapping[DocumentType, str] = {
    DocumentType.ORDER: "CDE",
    DocumentType.DELIVERY_NOTE: "LIV",
    DocumentType.INVOICE: "FAC",
    DocumentType.REMINDER: "REL",
    DocumentType.QUOTE: "DEV",
}
STAT_AXES = (
    StatAxis(number=1, label="Statistique 1", segments=(2, 4, 6, 8)),
    StatAxis(number=2, label="Statistique 2", segments=(8,)),
    StatAxis(number=3, label="Statistique 3", segments=(8,)),
)


class CodePadding(StrEnum):
    """Whether a code that ends in a digit is filled with zeros on the right (B6, O1)."""

    NONE = "none"
    RIGHT_ZEROS = "right_zeros"


class CreditPolicy(StrEnum):
    """What an order above the management ceiling meets (B15, O13)."""

    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSettings:
    """``contact_roles`` gives each document the function code of who receives it (B36, O10); ``back_orders`` is the general

    rule (B27); ``flash_customers`` and ``flash_third_parties`` are told of every new card (B9); ``fiscal_month`` is the first
    month of the yearly statistics (B18); ``retention_years`` without contact make a card one to anonymise (trade R22).
    ``law`` are the shop's own dated values of the law on book prices: of the same key and day they go before the known ones.
    ``loyalty`` are the programs of the loyalty cards, the first of them for cards that name none (A62).
    ``gln`` and ``siret`` are the shop's own, as it declares them (R14).
    ``pickup`` is until when copies are kept (P5), a copy kept for more than ``old_after_days`` is marked (P32), ``messages``
    who hears of it and when (C11); ``reminders`` are the scenarios by which unpaid invoices are reminded of (B28).
    """

    code_padding: CodePadding = CodePadding.NONE
    customer_prefix: str = "C"
    contact_roles: Mapping[DocumentType, str] = field(default_factory=lambda: dict(CONTACT_ROLES))
    stat_axes: tuple[StatAxis, StatAxis, StatAxis] = STAT_AXES
    back_orders_quotes: bool = False
    back_orders_orders: bool = True
    back_orders_delivery_notes: bool = True
    credit_policy: CreditPolicy = CreditPolicy.WARN
    flash_customers: tuple[StaffId, ...] = ()
    flash_third_parties: tuple[StaffId, ...] = ()
    fiscal_month: int = 1
    retention_years: int = 3
    law: tuple[LawValue, ...] = ()
    pickup: PickupRules = field(default_factory=PickupRules)
    old_after_days: int = 14
    messages: MessageRules = field(default_factory=MessageRules)
    loyalty: tuple[LoyaltyProgram, ...] = ()
    reminders: DunningRules = field(default_factory=DunningRules)
    gln: str | None = None
    siret: str | None = None

    @property
    def book_law(self) -> BookLaw:
        """The law on book prices as the shop applies it (C8)."""
        return BookLaw((*BOOK_LAW, *self.law))


@dataclass(slots=True, kw_only=True, eq=False)
class DossierCard:
    """The company file (fiche dossier) as the shop edits it; ``code`` and ``time_zone`` were given when it was opened."""

    code: str
    name: str
    address: str
    time_zone: str
    settings: DossierSettings
    version: int = 1
