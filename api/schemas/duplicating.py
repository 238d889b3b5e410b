"""Duplicating a customer, on the wire."""

from typing import Annotated

from pydantic import AfterValidator, Field

from api.schemas.base import Closed, Line
from api.schemas.identities import Code
from api.schemas.tables import distinct
from domain.usecases.duplicating import CardPart

Parts = Annotated[
    list[Annotated[CardPart, Field(strict=False)]],
    AfterValidator(distinct),
    Field(max_length=len(CardPart), json_schema_extra={"uniqueItems": True}),
]


class DuplicateRequest(Closed):
    """A copy of a card with the sub-cards named (B47); without ``code`` the next automatic one, without ``name`` the same."""

    code: Code | None = Field(default=None, examples=[None])
    name: Line | None = Field(default=None, examples=["MARTIN FILS"])
    parts: Parts = Field(default_factory=list, examples=[["addresses", "contacts"]])
