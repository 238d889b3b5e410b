"""Numbers that carry a check, and the ids of cards and what hangs on them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.schemas.base import prefixed, text_only
from domain.errors import Invalid
from domain.model import bank, identifiers

CustomerKey = prefixed("cus")
ThirdPartyKey = prefixed("tpa")
UserKey = prefixed("usr")
AddressKey = prefixed("adr")
ContactKey = prefixed("con")
BankAccountKey = prefixed("rib")
NoteKey = prefixed("not")
DiscountKey = prefixed("dis")
FlashKey = prefixed("fls")
FieldKey = prefixed("fld")
MergeKey = prefixed("mrg")

Code = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9]{1,8}$")]
"""The code of a card (B6)."""
PartCode = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9]{1,20}$")]
"""The code of an address, a contact or a bank account on its card."""
TABLE_CODE = r"[0-9A-Za-zÀ-ÖØ-öø-ÿŒœ]([0-9A-Za-zÀ-ÖØ-öø-ÿŒœ_. -]{0,18}[0-9A-Za-zÀ-ÖØ-öø-ÿŒœ_.-])?"
TableCode = Annotated[str, StringConstraints(pattern=f"^{TABLE_CODE}$")]
"""A code of one of the shop's own tables: no slash, so that it is one segment of a path."""
Barcode = Annotated[str, StringConstraints(pattern="^[0-9A-Za-z-]{1,40}$")]
Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]


def _checked(check: Callable[[str], str]) -> Callable[[object], object]:
    """``check`` of the domain as a validator: its fault is the field's."""

    def parse(value: object) -> object:
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "not a text")
        try:
            return check(value)
        except Invalid as refusal:
            raise PydanticCustomError(refusal.faults[0].code, "the check fails") from None

    return parse


Siret = Annotated[
    str,
    BeforeValidator(_checked(identifiers.siret)),
    WithJsonSchema({"type": "string", "maxLength": 30, "format": "siret", "examples": ["73282932000074"]}),
]
VatNumber = Annotated[
    str,
    BeforeValidator(_checked(identifiers.vat_number)),
    WithJsonSchema({"type": "string", "maxLength": 30, "format": "vat-number", "examples": ["FR44732829320"]}),
]
Iban = Annotated[
    str,
    BeforeValidator(_checked(bank.iban)),
    WithJsonSchema({"type": "string", "maxLength": 60, "format": "iban", "examples": ["FR1420041010050500013M02606"]}),
]
RibText = Annotated[
    str,
    BeforeValidator(_checked(bank.iban_of_rib)),
    WithJsonSchema({"type": "string", "maxLength": 40, "format": "rib", "examples": ["20041010050500013M02606"]}),
]
"""A RIB as 23 characters; read as its IBAN."""
Bic = Annotated[
    str,
    BeforeValidator(_checked(bank.bic)),
    WithJsonSchema({"type": "string", "maxLength": 20, "format": "bic", "examples": ["PSSTFRPPPAR"]}),
]
Gln = Annotated[
    str,
    BeforeValidator(_checked(identifiers.gln)),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{13}$", "format": "ean13", "examples": ["3014567890124"]}),
]
StatCode = Annotated[str, StringConstraints(pattern="^[A-Z0-9]{1,8}$")]
"""A statistics code: 8 positions (B82)."""

Percent = Annotated[
    Decimal,
    Field(strict=False),
    BeforeValidator(text_only(r"(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)", "rate")),
    PlainSerializer(lambda rate: f"{rate:.2f}", return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)$", "examples": ["5.00"]}
    ),
]
"""From 0 to 100 percent."""
