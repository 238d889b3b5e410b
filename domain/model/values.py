"""Values: small, frozen, valid from birth."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NewType
from uuid import UUID

from stdnum import ean as _ean

from domain.errors import Fault, Invalid

DossierId = NewType("DossierId", UUID)
CustomerId = NewType("CustomerId", UUID)
OrderId = NewType("OrderId", UUID)
LineId = NewType("LineId", UUID)
ReservationId = NewType("ReservationId", UUID)
ReceptionId = NewType("ReceptionId", UUID)
ChannelId = NewType("ChannelId", UUID)
ThirdPartyId = NewType("ThirdPartyId", UUID)
StaffId = NewType("StaffId", UUID)
AddressId = NewType("AddressId", UUID)
ContactId = NewType("ContactId", UUID)
BankAccountId = NewType("BankAccountId", UUID)
NoteId = NewType("NoteId", UUID)
DiscountId = NewType("DiscountId", UUID)
MergeId = NewType("MergeId", UUID)
DeliveryNoteId = NewType("DeliveryNoteId", UUID)
SupplierOrderId = NewType("SupplierOrderId", UUID)
SupplierLineId = NewType("SupplierLineId", UUID)
SavedListId = NewType("SavedListId", UUID)
MessageId = NewType("MessageId", UUID)
PurchaseId = NewType("PurchaseId", UUID)
StockCheckId = NewType("StockCheckId", UUID)
InvoiceId = NewType("InvoiceId", UUID)
InvoiceReminderId = NewType("InvoiceReminderId", UUID)
Ean = NewType("Ean", str)

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


def ean13(text: str, *, pointer: str = "/ean") -> Ean:
    """The EAN-13 of ``text``: exactly 13 digits with the right check digit. Raises ``Invalid`` (ISO/IEC 15420)."""
    if (fault := _fault(text)) is not None:
        raise Invalid(faults=[Fault(fault, pointer)])
    return Ean(text)


@lru_cache(maxsize=50_000)
def _fault(text: str) -> str | None:
    """What is wrong with an EAN-13; remembered, because a shop sees the same books all day."""
    if re.fullmatch(r"[0-9]{13}", text) is None:
        return "ean-format"
    return None if _ean.is_valid(text) else "ean-check-digit"


def cents(amount: Decimal) -> Decimal:
    """``amount`` in euros rounded to the cent, halves up: the one place where money is rounded."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)


def in_french(amount: Decimal) -> str:
    """1 234,56, its space unbreakable: an amount in a text that people read."""
    return f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")


def folded(text: str) -> str:
    """``text`` without accents and ligatures, in capitals; letters and digits of words, one space between (O2).

    >>> folded("  Œuvre-complète, l'été ")
    'OEUVRE COMPLETE L ETE'
    """
    apart = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter)).upper()
    return " ".join(re.findall(r"[A-Z0-9]+", plain))


def short_name(name: str) -> str:
    """The nom abrégé: accents folded, capitals, A-Z and 0-9 only (B11, O2)."""
    return folded(name).replace(" ", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """Where someone receives post, after NF Z10-011. ``country`` is ISO 3166-1 alpha-2; every other part may be unknown.

    Line 1 is who (``recipient``; the name of the card when None), line 2 ``complement`` (flat, floor, c/o), line 3
    ``building`` (entrance, building, residence), line 4 ``street`` (number and street), line 5 ``locality`` (lieu-dit, BP),
    line 6 ``postal_code`` and ``town``; abroad the country is line 7.
    """

    recipient: str | None = None
    complement: str | None = None
    building: str | None = None
    street: str | None = None
    locality: str | None = None
    postal_code: str | None = None
    town: str | None = None
    country: str = "FR"


class DocumentType(StrEnum):
    """The documents for which a card names an address (B40) and a contact (B36, O10)."""

    QUOTE = "quote"
    ORDER = "order"
    DELIVERY_NOTE = "delivery_note"
    INVOICE = "invoice"
    REMINDER = "reminder"


class PartyKind(StrEnum):
    CUSTOMER = "customer"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True)
class Party:
    """Whoever has a card: a customer or a third party."""

    kind: PartyKind
    id: UUID

    @classmethod
    def customer(cls, customer_id: UUID) -> "Party":
        return cls(PartyKind.CUSTOMER, customer_id)

    @classmethod
    def third_party(cls, third_party_id: UUID) -> "Party":
        return cls(PartyKind.THIRD_PARTY, third_party_id)

    @property
    def customer_id(self) -> "CustomerId | None":
        return CustomerId(self.id) if self.kind is PartyKind.CUSTOMER else None

    @property
    def third_party_id(self) -> "ThirdPartyId | None":
        return ThirdPartyId(self.id) if self.kind is PartyKind.THIRD_PARTY else None


def party(customer_id: UUID | None, third_party_id: UUID | None) -> Party | None:
    """The party that two columns name; None when neither does."""
    if customer_id is not None:
        return Party.customer(customer_id)
    return Party.third_party(third_party_id) if third_party_id is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who an order or a reservation is for, as written on it: in the customer file or not (A3)."""

    name: str
    title: str | None = None
    first_name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: PostalAddress = PostalAddress()

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise Invalid(faults=[Fault("blank", "/contact/name")])
