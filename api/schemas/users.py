"""The people of the shop on the wire."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.schemas.base import TEXT, Closed, Line, Listing, Open, UtcInstant, Word, wire_id
from api.schemas.tables import distinct
from domain.model.access import Caller, Scope, grantable
from domain.queries.users import UserView
from domain.usecases.users import UserCard


def _grantable(value: object) -> object:
    if isinstance(value, str) and not grantable(value):
        raise PydanticCustomError("scope", "unknown right")
    return value


Grant = Annotated[
    str,
    BeforeValidator(_grantable),
    WithJsonSchema({"type": "string", "format": "scope", "examples": ["customers:*"]}),
]
"""A right: one of the scopes, ``customers:*`` for all of an area, ``confidential:DIR`` or ``confidential:*`` for cards (B30)."""
Password = Annotated[str, StringConstraints(min_length=10, max_length=200, pattern=TEXT)]
Rights = Annotated[list[Grant], AfterValidator(distinct), Field(max_length=50, json_schema_extra={"uniqueItems": True})]


class User(Open):
    """A person of the shop. ``scopes`` are told to administrators only: all others read an empty list."""

    id: str = Field(examples=["usr_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    login: str = Field(examples=["libraire"])
    name: str = Field(examples=["Camille"])
    scopes: list[str] = Field(examples=[["customers:*", "orders:*"]])
    created_at: UtcInstant
    version: int = Field(examples=[1])

    @classmethod
    def of(cls, view: UserView, by: Caller) -> "User":
        return cls(
            id=wire_id("usr", view.id),
            login=view.login,
            name=view.name,
            scopes=sorted(view.scopes) if Scope.ADMIN.value in by.scopes else [],
            created_at=view.created_at,
            version=view.version,
        )


class UserPage(Listing[User]):
    """One page of the shop's people."""


class UserCreate(Closed):
    """A person who can log in; the password is kept as an Argon2 hash only."""

    login: Word = Field(examples=["claire"])
    name: Line = Field(examples=["Claire"])
    password: Password = Field(examples=["quatre-mots-faciles-a-dire"])
    scopes: Rights = Field(default_factory=list, examples=[["customers:*", "orders:*"]])


class UserPatch(Closed):
    """A merge patch (RFC 7396). A new password ends the sessions opened with the old one."""

    name: Line = Field(default="", examples=["Claire M."])
    password: Password = Field(default="", examples=["quatre-autres-mots-a-dire"])
    scopes: Rights = Field(default_factory=list, examples=[["customers:read"]])

    def edit(self, card: UserCard) -> UserCard:
        sent: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "scopes" in sent:
            sent["scopes"] = tuple(sent["scopes"])
        return replace(card, **sent)
