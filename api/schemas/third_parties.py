"""Third parties on the wire."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from api.schemas.base import (
    Closed,
    Day,
    Email,
    Line,
    Listing,
    Open,
    Text,
    UtcInstant,
    Word,
    chosen,
    open_choice,
    percent,
    wire_id,
)
from api.schemas.customers import Address, AddressAdvice, AddressInput, Fields, advice, merged_answers
from api.schemas.identities import Code, Percent, Siret, TableCode, VatNumber
from domain.model import postal
from domain.model.customer import CardOrigin, Kind
from domain.model.third_party import ThirdPartyDetails, ThirdPartyType
from domain.model.values import PostalAddress
from domain.queries.third_parties import ThirdPartyView


class _ThirdPartyWritten(Closed):
    """What a person may write on a card beside its name and address."""

    kind: chosen(Kind) = Field(default=Kind.ORGANISATION, examples=["organisation"])  # type: ignore[valid-type]
    title: TableCode | None = Field(default=None, examples=[None])
    first_name: Line | None = None
    short_name: Line | None = Field(default=None, description="Null: follows the name (B11).", examples=[None])
    email: Email | None = Field(default=None, examples=["contact@example.org"])
    phone: Word | None = Field(default=None, examples=["0240000000"])
    fax: Word | None = None
    siret: Siret | None = None
    vat_number: VatNumber | None = None
    language: TableCode | None = Field(default=None, examples=["fr"])
    account_number: Word | None = Field(default=None, examples=["401NATHAN"])
    our_code: Word | None = Field(default=None, description="Our code at the third party (B24).", examples=[None])
    commission: Percent | None = Field(default=None, description="Of a sales rep, in percent.", examples=[None])
    comment: Text | None = None
    custom_fields: Fields = Field(default_factory=dict, examples=[{}])
    closed_on: Day | None = None


WRITTEN = frozenset(_ThirdPartyWritten.model_fields)


def _written(body: Closed, names: "set[str] | frozenset[str]") -> dict[str, Any]:
    return {"given_short_name" if name == "short_name" else name: getattr(body, name) for name in names}


class ThirdPartyCreate(_ThirdPartyWritten):
    """A new card; without ``code`` the next automatic one of its type. From the CRM it waits for its visa (B10)."""

    type: chosen(ThirdPartyType) = Field(examples=["supplier"])  # type: ignore[valid-type]
    code: Code | None = Field(default=None, examples=[None])
    origin: Annotated[CardOrigin, Field(strict=False)] = Field(default=CardOrigin.COUNTER, examples=["counter"])
    name: Line = Field(examples=["NATHAN"])
    address: AddressInput = Field(default_factory=AddressInput)

    def meant(self) -> ThirdPartyDetails:
        return ThirdPartyDetails(**_written(self, WRITTEN), name=self.name, address=self.address.meant())


class ThirdPartyPatch(_ThirdPartyWritten):
    """A merge patch (RFC 7396): an absent field stays, a null empties."""

    name: Line = Field(default="", examples=["NATHAN"])
    address: AddressInput | None = None

    def edit(self, card: ThirdPartyDetails) -> ThirdPartyDetails:
        """``card`` with the fields that were sent."""
        sent = _written(self, self.model_fields_set - {"address"})
        if "address" in self.model_fields_set:
            sent["address"] = self.address.patched(card.address) if self.address else PostalAddress()
        if "custom_fields" in sent:
            sent["custom_fields"] = merged_answers(card.custom_fields, sent["custom_fields"])
        return replace(card, **sent)


class ThirdParty(Open):
    """A prospect, a supplier, a sales rep or another third party."""

    id: str = Field(examples=["tpa_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    type: open_choice(ThirdPartyType)  # type: ignore[valid-type]
    code: str = Field(examples=["F0000007"])
    version: int = Field(examples=[1])
    kind: open_choice(Kind)  # type: ignore[valid-type]
    title: str | None
    name: str = Field(examples=["NATHAN"])
    first_name: str | None
    short_name: str = Field(examples=["NATHAN"])
    email: str | None
    phone: str | None
    fax: str | None
    address: Address
    address_lines: list[str] = Field(description="As printed (NF Z10-011).", examples=[["NATHAN", "75013 PARIS"]])
    address_advice: list[AddressAdvice]
    siret: str | None
    vat_number: str | None
    language: str | None
    account_number: str | None
    our_code: str | None
    commission: str | None
    comment: str | None
    custom_fields: dict[str, dict[str, str | None]] = Field(examples=[{}])
    closed_on: str | None
    approved: bool
    approved_at: UtcInstant | None
    origin: str = Field(examples=["counter"])
    customer_id: str | None = Field(description="The customer that the prospect became.", examples=[None])
    created_at: UtcInstant
    updated_at: UtcInstant

    @classmethod
    def of(cls, view: ThirdPartyView) -> "ThirdParty":
        card = view.details
        named = " ".join(filter(None, (card.title, card.first_name, card.name)))
        blank = PostalAddress(country=card.address.country)
        return cls(
            id=wire_id("tpa", view.id),
            type=view.type.value,
            code=view.code,
            version=view.version,
            kind=card.kind.value,
            title=card.title,
            name=card.name,
            first_name=card.first_name,
            short_name=card.short_name,
            email=card.email,
            phone=card.phone,
            fax=card.fax,
            address=Address.of(card.address),
            address_lines=postal.address_lines(card.address, name=named) if card.address != blank else [],
            address_advice=advice(card.address, named),
            siret=card.siret,
            vat_number=card.vat_number,
            language=card.language,
            account_number=card.account_number,
            our_code=card.our_code,
            commission=percent(card.commission) if card.commission is not None else None,
            comment=card.comment,
            custom_fields={name: dict(answers) for name, answers in card.custom_fields.items()},
            closed_on=card.closed_on.isoformat() if card.closed_on else None,
            approved=view.approved_at is not None,
            approved_at=view.approved_at,
            origin=view.origin.value,
            customer_id=wire_id("cus", view.customer_id) if view.customer_id else None,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


class ThirdPartyPage(Listing[ThirdParty]):
    """One page of third parties."""


class ConvertRequest(Closed):
    """A prospect becomes a customer; without ``code`` the next automatic one."""

    code: Code | None = Field(default=None, examples=[None])
