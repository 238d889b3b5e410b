"""Addresses for mailings on the wire."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from api.schemas.base import Listing, Open, text_only, wire_id
from domain.queries.labels import EmailCount as CountView
from domain.queries.labels import EmailView

Millimetres = Annotated[
    Decimal,
    Field(strict=False),
    BeforeValidator(text_only(r"[0-9]{1,3}(\.[0-9]{1,2})?", "millimetres")),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,2})?$", "examples": ["63.5"]}),
]


class CustomerEmail(Open):
    """Somebody who may be written to."""

    customer_id: str
    code: str
    name: str
    email: str

    @classmethod
    def of(cls, view: EmailView) -> "CustomerEmail":
        return cls(customer_id=wire_id("cus", view.customer_id), code=view.code, name=view.name, email=view.email)


class CustomerEmailPage(Listing[CustomerEmail]):
    """One page of addresses, each once."""


class CustomerEmailCount(Open):
    """Addresses that may be written to; customers without one, and customers with one, but who may not be written to."""

    count: int
    without_address: int
    without_consent: int

    @classmethod
    def of(cls, view: CountView) -> "CustomerEmailCount":
        return cls(count=view.count, without_address=view.without_address, without_consent=view.without_consent)
