"""Types every request and response is made of; each refuses what FastAPI's defaults would let through (api.md, rules 7 and 8)."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from domain.errors import Invalid
from domain.model.values import Ean, ean13

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

LINE = r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000][^\x00-\x1f\x7f-\x9f]*$"
"""One line with something to see in it; no control characters."""
TEXT = r"^[^\x00]*$"
"""Any text a database can hold."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
Email = Annotated[
    str,
    StringConstraints(
        max_length=200, pattern=r"^[^@\x00-\x20\x7f-\xa0]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$"
    ),
]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=LINE)]
Text = Annotated[str, StringConstraints(max_length=4000, pattern=TEXT)]


class Closed(BaseModel):
    """A request: strict types, unknown fields refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Open(BaseModel):
    """A response: clients must expect more fields later."""

    model_config = ConfigDict(frozen=True)


def whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def text_only(pattern: str, kind: str) -> Callable[[object], object]:
    exact = re.compile(pattern)

    def check(value: object) -> object:
        if not isinstance(value, str) or exact.fullmatch(value) is None:
            raise PydanticCustomError(kind, "not in the form asked for")
        return value

    return check


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("instant", "out of range") from None


def _ean(value: object) -> Ean:
    if not isinstance(value, str):
        raise PydanticCustomError("ean-format", "not an EAN")
    try:
        return ean13(value)
    except Invalid as refusal:
        raise PydanticCustomError(refusal.faults[0].code, "not an EAN") from None


# bounds before the validator: after it they would not reach the JSON schema
Quantity = Annotated[int, Field(ge=1, le=9999), BeforeValidator(whole)]
"""Copies."""

EanCode = Annotated[
    Ean,
    BeforeValidator(_ean),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{13}$", "format": "ean13", "examples": ["9782211217088"]}),
]

Instant = Annotated[
    datetime,
    Field(strict=False),
    BeforeValidator(
        text_only(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})",
            "instant",
        )
    ),
    AfterValidator(_utc),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-21T10:00:00Z"]}),
]
"""RFC 3339 with an offset in, UTC with Z out."""

Day = Annotated[
    date,
    Field(strict=False),
    BeforeValidator(text_only(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "date")),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-21"]}),
]

Amount = Annotated[
    Decimal,
    Field(strict=False),
    BeforeValidator(text_only(r"[0-9]{1,8}(\.[0-9]{1,2})?", "amount")),
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,8}(\.[0-9]{1,2})?$", "examples": ["12.30"]}),
]

SignedAmount = Annotated[
    Decimal,
    Field(strict=False),
    BeforeValidator(text_only(r"-?[0-9]{1,8}(\.[0-9]{1,2})?", "signed-amount")),
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,8}(\.[0-9]{1,2})?$", "examples": ["-12.30"]}),
]

Rate = Annotated[
    Decimal,
    Field(strict=False),
    BeforeValidator(text_only(r"[0-9]{1,2}(\.[0-9]{1,2})?", "rate")),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,2}(\.[0-9]{1,2})?$", "examples": ["5.50"]}),
]


def utc_text(at: datetime) -> str:
    """RFC 3339, four digits of the year also for one before 1000, which ``strftime`` has not."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


UtcInstant = Annotated[
    datetime,
    PlainSerializer(utc_text, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-21T10:00:00.000000Z"]}),
]


class Money(Closed):
    """An amount of money, VAT included; a string, because a float is no money."""

    amount: Amount
    currency: Literal["EUR"] = "EUR"


class SignedMoney(Closed):
    """An amount of money, VAT included, negative where it goes back."""

    amount: SignedAmount
    currency: Literal["EUR"] = "EUR"


class Sum(Open):
    """An amount of money as answered: always two places."""

    amount: Annotated[str, Field(pattern=r"^-?[0-9]+\.[0-9]{2}$", examples=["12.30"])]
    currency: Literal["EUR"] = "EUR"


def euros(amount: Decimal) -> Sum:
    return Sum(amount=f"{amount:.2f}")


def percent(rate: Decimal) -> str:
    return f"{rate:.2f}"


def prefixed(prefix: str) -> Any:
    """The type of an opaque id on the wire: ``prefix_`` and 32 hexadecimal digits; a UUID inside."""
    exact = re.compile(rf"{prefix}_([0-9a-f]{{32}})")

    def parse(value: object) -> UUID:
        found = exact.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise PydanticCustomError("id", "not an id of this kind")
        return UUID(hex=found[1])

    example = f"{prefix}_019301a2b3c47d5e8f90a1b2c3d4e5f6"
    return Annotated[
        UUID,
        BeforeValidator(parse),
        WithJsonSchema({"type": "string", "pattern": f"^{prefix}_[0-9a-f]{{32}}$", "examples": [example]}),
    ]


def wire_id(prefix: str, value: UUID) -> str:
    return f"{prefix}_{value.hex}"


def chosen(enum: type[E]) -> Any:
    """A closed choice in a request, given by its text."""
    return Annotated[enum, Field(strict=False)]


def open_choice(enum: type[StrEnum]) -> Any:
    """A choice in a response; clients must expect new values."""
    return Annotated[
        str,
        WithJsonSchema(
            {"type": "string", "x-extensible-enum": [each.value for each in enum], "examples": [next(iter(enum)).value]}
        ),
    ]


def _digits(value: object) -> object:
    if isinstance(value, str):
        if re.fullmatch(r"-?[0-9]{1,12}", value) is None:
            raise PydanticCustomError("int_parsing", "not a whole number")
        return int(value)
    return value


def _flag(value: object) -> object:
    if isinstance(value, str):
        if value not in {"true", "false"}:
            raise PydanticCustomError("bool_parsing", "true or false")
        return value == "true"
    return value


Rows = Annotated[int, Field(ge=1, le=200), BeforeValidator(_digits)]
"""Rows of a page, in a query."""
Number = Annotated[int, Field(ge=1, le=2_000_000_000), BeforeValidator(_digits)]
"""An order's number, in a query."""
QueryFlag = Annotated[bool, BeforeValidator(_flag)]


class Listing(Open, Generic[T]):
    """One page: ``next`` is where the following one is, null on the last."""

    items: list[T]
    next: str | None = Field(examples=[None])


class Counted(Open):
    """Number of records (Nombre de fiches): exact up to 10,000, ``capped`` there beyond."""

    count: int = Field(examples=[20])
    capped: bool = Field(examples=[False])


class FieldProblem(Open):
    """One thing wrong with one field: ``pointer`` is RFC 6901 into the body, or names a parameter."""

    detail: str
    pointer: str


class Problem(Open):
    """What went wrong, after RFC 9457, in French or English."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldProblem]
