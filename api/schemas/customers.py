"""Customers on the wire."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, StringConstraints

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
    prefixed,
    wire_id,
)
from domain.model.customer import CustomerDetails, Kind, Light
from domain.model.values import PostalAddress
from domain.queries.customers import CustomerView

CustomerKey = prefixed("cus")
Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
Code = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9]{1,8}$")]
Barcode = Annotated[str, StringConstraints(pattern="^[0-9A-Za-z-]{1,40}$")]


class Address(Open):
    """Where post goes; every part but the country may be unknown."""

    street: str | None = Field(examples=["12 rue des Lilas"])
    complement: str | None = Field(examples=[None])
    postal_code: str | None = Field(examples=["44000"])
    town: str | None = Field(examples=["NANTES"])
    country: str = Field(examples=["FR"])

    @classmethod
    def of(cls, address: PostalAddress) -> "Address":
        return cls(
            street=address.street,
            complement=address.complement,
            postal_code=address.postal_code,
            town=address.town,
            country=address.country,
        )


class AddressInput(Closed):
    """An address as given; ISO 3166-1 alpha-2 country."""

    street: Line | None = Field(default=None, examples=["12 rue des Lilas"])
    complement: Line | None = Field(default=None, examples=[None])
    postal_code: Word | None = Field(default=None, examples=["44000"])
    town: Line | None = Field(default=None, examples=["NANTES"])
    country: Country = Field(default="FR", examples=["FR"])

    def meant(self) -> PostalAddress:
        return PostalAddress(**self.model_dump())


class CustomerCreate(Closed):
    """A new card; without ``code`` the next automatic one (C0000042)."""

    code: Code | None = Field(default=None, examples=[None])
    name: Line = Field(examples=["MARTIN"])
    kind: chosen(Kind) = Field(default=Kind.PERSON, examples=["person"])  # type: ignore[valid-type]
    title: Word | None = Field(default=None, examples=["Mme"])
    first_name: Line | None = Field(default=None, examples=["Claire"])
    barcode: Barcode | None = None
    email: Email | None = Field(default=None, examples=["claire.martin@example.org"])
    phone: Word | None = Field(default=None, examples=["0240000000"])
    fax: Word | None = None
    no_sms: bool = False
    address: AddressInput = Field(default_factory=AddressInput)
    mail_order: bool = False
    collectivity: bool = False
    lending_library: bool = False
    vat_exempt: bool = False
    on_account: bool = False
    comment: Text | None = None
    birth_date: Day | None = None
    fidelity_active: bool = False
    fidelity_started_on: Day | None = None
    light: chosen(Light) = Light.GREEN  # type: ignore[valid-type]
    light_message: Line | None = None
    closed_on: Day | None = None

    def meant(self) -> CustomerDetails:
        given = {name: getattr(self, name) for name in type(self).model_fields if name not in {"code", "address"}}
        return CustomerDetails(**given, address=self.address.meant())


class CustomerPatch(Closed):
    """A merge patch (RFC 7396): an absent field stays, a null empties."""

    name: Line = Field(default="", examples=["MARTIN"])
    kind: chosen(Kind) = Kind.PERSON  # type: ignore[valid-type]
    title: Word | None = None
    first_name: Line | None = None
    barcode: Barcode | None = None
    email: Email | None = Field(default=None, examples=["claire.martin@example.org"])
    phone: Word | None = None
    fax: Word | None = None
    no_sms: bool = False
    address: AddressInput | None = None
    mail_order: bool = False
    collectivity: bool = False
    lending_library: bool = False
    vat_exempt: bool = False
    on_account: bool = False
    comment: Text | None = None
    birth_date: Day | None = None
    fidelity_active: bool = False
    fidelity_started_on: Day | None = None
    light: chosen(Light) = Light.GREEN  # type: ignore[valid-type]
    light_message: Line | None = None
    closed_on: Day | None = None

    def edit(self, card: CustomerDetails) -> CustomerDetails:
        """``card`` with the fields that were sent."""
        sent: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "address" in sent:
            sent["address"] = self._address(card.address)
        return replace(card, **sent)

    def _address(self, before: PostalAddress) -> PostalAddress:
        if self.address is None:
            return PostalAddress()
        return replace(before, **{name: getattr(self.address, name) for name in self.address.model_fields_set})


class Customer(Open):
    """A card of the customer file."""

    id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    code: str = Field(examples=["C0000042"])
    version: int = Field(examples=[1])
    kind: open_choice(Kind)  # type: ignore[valid-type]
    title: str | None
    name: str = Field(examples=["MARTIN"])
    first_name: str | None
    short_name: str = Field(examples=["MARTIN"])
    barcode: str | None
    email: str | None
    phone: str | None
    fax: str | None
    no_sms: bool
    address: Address
    mail_order: bool
    collectivity: bool
    lending_library: bool
    vat_exempt: bool
    on_account: bool
    comment: str | None
    birth_date: str | None
    fidelity_active: bool
    fidelity_started_on: str | None
    light: open_choice(Light)  # type: ignore[valid-type]
    light_message: str | None
    closed_on: str | None
    approved: bool
    origin: str = Field(examples=["counter"])
    created_at: UtcInstant
    updated_at: UtcInstant

    @classmethod
    def of(cls, view: CustomerView) -> "Customer":
        return cls(
            id=wire_id("cus", view.id),
            code=view.code,
            version=view.version,
            kind=view.kind.value,
            title=view.title,
            name=view.name,
            first_name=view.first_name,
            short_name=view.short_name,
            barcode=view.barcode,
            email=view.email,
            phone=view.phone,
            fax=view.fax,
            no_sms=view.no_sms,
            address=Address.of(view.address),
            mail_order=view.mail_order,
            collectivity=view.collectivity,
            lending_library=view.lending_library,
            vat_exempt=view.vat_exempt,
            on_account=view.on_account,
            comment=view.comment,
            birth_date=view.birth_date.isoformat() if view.birth_date else None,
            fidelity_active=view.fidelity_active,
            fidelity_started_on=view.fidelity_started_on.isoformat() if view.fidelity_started_on else None,
            light=view.light.value,
            light_message=view.light_message,
            closed_on=view.closed_on.isoformat() if view.closed_on else None,
            approved=view.approved,
            origin=view.origin,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


class CustomerPage(Listing[Customer]):
    """One page of customers."""
