"""Logging in, and who one is."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.schemas.base import TEXT, Closed, Listing, Open, UtcInstant, Word, prefixed, wire_id
from api.schemas.users import Grant
from domain.model.access import Caller
from domain.queries.channels import ApiKeyView, ChannelView

Secret = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=TEXT)]
ApiKeyId = prefixed("key")


class SessionCreate(Closed):
    """A staff login. ``dossier`` is the shop's code; without it, the installation's only or first shop."""

    login: Word = Field(examples=["libraire"])
    password: Secret = Field(examples=["a-long-password"])
    dossier: Word | None = Field(default=None, examples=["demo"])


class DossierName(Open):
    code: str = Field(examples=["demo"])
    name: str = Field(examples=["Librairie du Comptoir"])


class Me(Open):
    """Who the credentials belong to, and what they allow."""

    kind: str = Field(examples=["staff"])
    name: str = Field(examples=["Camille"])
    login: str | None = Field(examples=["libraire"])
    user_id: str | None = Field(default=None, description="Null for a key.", examples=[None])
    dossier: DossierName
    scopes: list[str] = Field(examples=[["orders:*"]])
    channel: str | None = Field(examples=[None])
    csrf_token: str | None = Field(examples=[None])

    @classmethod
    def of(cls, caller: Caller, *, csrf_token: str | None) -> "Me":
        return cls(
            kind=caller.kind,
            name=caller.name,
            login=caller.login,
            user_id=wire_id("usr", caller.staff_id) if caller.staff_id else None,
            dossier=DossierName(code=caller.dossier.code, name=caller.dossier.name),
            scopes=sorted(caller.scopes),
            channel=caller.channel,
            csrf_token=csrf_token,
        )


class Channel(Open):
    """A web shop that pushes orders."""

    code: str = Field(examples=["boutique"])
    name: str = Field(examples=["Boutique en ligne"])
    kind: str = Field(examples=["native"])

    @classmethod
    def of(cls, view: ChannelView) -> "Channel":
        return cls(code=view.code, name=view.name, kind=view.kind)


class ChannelPage(Listing[Channel]):
    """Every web shop of the dossier."""


class ApiKeyCreate(Closed):
    """A key for a web shop (with its ``channel``) or a script (without)."""

    label: Word = Field(examples=["Ma boutique"])
    scopes: list[Grant] = Field(min_length=1, max_length=20, examples=[["orders:write", "orders:read"]])
    channel: Word | None = Field(default=None, examples=["boutique"])


class ApiKey(Open):
    """A key as it may be shown: its secret never again."""

    id: str = Field(examples=["key_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    label: str
    scopes: list[str]
    channel: str | None
    created_at: UtcInstant
    revoked_at: UtcInstant | None

    @classmethod
    def of(cls, view: ApiKeyView) -> "ApiKey":
        return cls(
            id=wire_id("key", view.id),
            label=view.label,
            scopes=list(view.scopes),
            channel=view.channel,
            created_at=view.created_at,
            revoked_at=view.revoked_at,
        )


class ApiKeyPage(Listing[ApiKey]):
    """Every key of the dossier, revoked ones too."""


class ApiKeyCreated(Open):
    """A new key; ``secret`` is shown this once, and null when the request is repeated."""

    id: str = Field(examples=["key_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    secret: str | None
