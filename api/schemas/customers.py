"""Customers on the wire."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, StringConstraints, WithJsonSchema

from api.schemas.base import (
    Closed,
    Day,
    Email,
    Line,
    Listing,
    Money,
    Open,
    Sum,
    Text,
    UtcInstant,
    Word,
    chosen,
    euros,
    open_choice,
    percent,
    wire_id,
)
from api.schemas.identities import (
    Barcode,
    Code,
    Country,
    CustomerKey,
    Percent,
    Siret,
    StatCode,
    TableCode,
    ThirdPartyKey,
    UserKey,
    VatNumber,
)
from domain.model import postal
from domain.model.customer import (
    BackOrderRules,
    BackOrders,
    CardOrigin,
    ChorusProfile,
    CustomerDetails,
    Kind,
    Light,
    SalesShare,
)
from domain.model.values import CustomerId, PostalAddress, ThirdPartyId
from domain.queries.customers import CustomerView

FieldText = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Questionnaire = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern="^[A-Za-z0-9_.-]+$")]
_NAMES = {"type": "string", "pattern": "^[A-Za-z0-9_.-]{1,40}$"}
Fields = Annotated[
    dict[Questionnaire, dict[Questionnaire, FieldText | None]],
    # pydantic would say which names have which values, and not that there are no others
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": _NAMES,
            "additionalProperties": {
                "type": "object",
                "propertyNames": _NAMES,
                "additionalProperties": {
                    "anyOf": [{"type": "string", "maxLength": 500, "pattern": r"^[^\x00]*$"}, {"type": "null"}]
                },
            },
        }
    ),
]
"""Values of the shop's own fields (rubriques) by questionnaire and code, both case-sensitive; a flag is true or false."""


class Address(Open):
    """Where post goes, after NF Z10-011; every part but the country may be unknown."""

    recipient: str | None = Field(default=None, description="Line 1, when it is not the name.", examples=[None])
    complement: str | None = Field(description="Line 2: flat, floor, c/o.", examples=[None])
    building: str | None = Field(default=None, description="Line 3: entrance, building.", examples=[None])
    street: str | None = Field(description="Line 4: number and street.", examples=["12 rue des Lilas"])
    locality: str | None = Field(default=None, description="Line 5: lieu-dit, BP.", examples=[None])
    postal_code: str | None = Field(examples=["44000"])
    town: str | None = Field(examples=["NANTES"])
    country: str = Field(examples=["FR"])

    @classmethod
    def of(cls, address: PostalAddress) -> "Address":
        return cls(
            recipient=address.recipient,
            complement=address.complement,
            building=address.building,
            street=address.street,
            locality=address.locality,
            postal_code=address.postal_code,
            town=address.town,
            country=address.country,
        )


class AddressInput(Closed):
    """An address as given; ISO 3166-1 alpha-2 country."""

    recipient: Line | None = Field(default=None, examples=[None])
    complement: Line | None = Field(default=None, examples=[None])
    building: Line | None = Field(default=None, examples=[None])
    street: Line | None = Field(default=None, examples=["12 rue des Lilas"])
    locality: Line | None = Field(default=None, examples=[None])
    postal_code: Word | None = Field(default=None, examples=["44000"])
    town: Line | None = Field(default=None, examples=["NANTES"])
    country: Country = Field(default="FR", examples=["FR"])

    def meant(self) -> PostalAddress:
        return PostalAddress(**self.model_dump())

    def patched(self, before: PostalAddress) -> PostalAddress:
        """``before`` with the parts that were sent."""
        return replace(before, **{name: getattr(self, name) for name in self.model_fields_set})


class AddressAdvice(Open):
    """What the post would rather have (NF Z10-011); nothing is refused for it."""

    code: str = Field(examples=["line-too-long"])
    part: str = Field(examples=["street"])
    facts: dict[str, str] = Field(examples=[{"length": "41"}])


def advice(address: PostalAddress, name: str) -> list[AddressAdvice]:
    return [
        AddressAdvice(code=each.code, part=each.part, facts={key: str(value) for key, value in each.facts})
        for each in postal.address_warnings(address, name=name)
    ]


class BackOrdersInput(Closed):
    """Back-orders (reliquats) of each kind of document; ``inherit`` is the dossier's rule (B27)."""

    quotes: chosen(BackOrders) = BackOrders.INHERIT  # type: ignore[valid-type]
    orders: chosen(BackOrders) = BackOrders.INHERIT  # type: ignore[valid-type]
    delivery_notes: chosen(BackOrders) = BackOrders.INHERIT  # type: ignore[valid-type]


class BackOrdersRules(Open):
    """Back-orders (reliquats) of each kind of document."""

    quotes: open_choice(BackOrders)  # type: ignore[valid-type]
    orders: open_choice(BackOrders)  # type: ignore[valid-type]
    delivery_notes: open_choice(BackOrders)  # type: ignore[valid-type]


class ChorusInput(Closed):
    """Dematerialisation to Chorus Pro (A71); without ``siret`` the card's own holds."""

    enabled: bool = False
    siret: Siret | None = None
    service_code: Word | None = Field(default=None, examples=["ACHATS"])
    engagement_number: Word | None = None
    service_required: bool = False
    engagement_required: bool = False


class Chorus(Open):
    """Dematerialisation to Chorus Pro (A71)."""

    enabled: bool
    siret: str | None
    service_code: str | None
    engagement_number: str | None
    service_required: bool
    engagement_required: bool


class SalesRepInput(Closed):
    """A sales rep of the customer and his share of the commission, in percent (B16)."""

    third_party_id: ThirdPartyKey
    share: Percent


class SalesRep(Open):
    third_party_id: str = Field(examples=["tpa_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    share: str = Field(examples=["100.00"])


class _Written(Closed):
    """What a person may write on a card beside its name."""

    kind: chosen(Kind) = Field(default=Kind.PERSON, examples=["person"])  # type: ignore[valid-type]
    title: Word | None = Field(default=None, examples=["Mme"])
    first_name: Line | None = Field(default=None, examples=["Claire"])
    short_name: Line | None = Field(default=None, description="Null: follows the name (B11).", examples=[None])
    barcode: Barcode | None = None
    email: Email | None = Field(default=None, examples=["claire.martin@example.org"])
    phone: Word | None = Field(default=None, examples=["0240000000"])
    fax: Word | None = None
    no_sms: bool = False
    mail_order: bool = False
    collectivity: bool = False
    lending_library: bool = False
    vat_exempt: bool = False
    on_account: bool = False
    comment: Text | None = None
    birth_date: Day | None = None
    category: TableCode | None = None
    language: TableCode | None = Field(default=None, examples=["fr"])
    siret: Siret | None = None
    vat_number: VatNumber | None = None
    tariff_code: TableCode | None = None
    account_number: Word | None = Field(default=None, examples=["411MARTIN"])
    our_code: Word | None = None
    payment_mode: TableCode | None = None
    print_mode: TableCode | None = None
    reminder_family: TableCode | None = None
    confidentiality_code: TableCode | None = None
    billed_to_id: CustomerKey | None = None
    group_id: CustomerKey | None = None
    statistics_party_id: CustomerKey | None = None
    payment_party_id: CustomerKey | None = None
    sales_admin_id: UserKey | None = None
    sales_reps: list[SalesRepInput] = Field(default_factory=list, max_length=3)
    stat_1: StatCode | None = None
    stat_2: StatCode | None = None
    stat_3: StatCode | None = None
    custom_fields: Fields = Field(default_factory=dict, examples=[{}])
    fidelity_active: bool = False
    fidelity_started_on: Day | None = None
    fidelity_number: Barcode | None = None
    fidelity_program: TableCode | None = None
    light: chosen(Light) = Light.GREEN  # type: ignore[valid-type]
    light_message: Line | None = None
    closed_on: Day | None = None


RENAMED: Mapping[str, str] = {
    "short_name": "given_short_name",
    "billed_to_id": "billed_to",
    "group_id": "group",
    "statistics_party_id": "statistics_party",
    "payment_party_id": "payment_party",
    "sales_admin_id": "sales_admin",
}
"""Names on the wire, and in the shop where they differ."""


def _written(body: Closed, names: "set[str] | frozenset[str]") -> dict[str, Any]:
    """The plain fields ``names`` of ``body``, under their names in the shop."""
    written: dict[str, Any] = {RENAMED.get(name, name): getattr(body, name) for name in names}
    if "sales_reps" in written:
        written["sales_reps"] = tuple(
            SalesShare(sales_rep=ThirdPartyId(rep.third_party_id), share=rep.share) for rep in written["sales_reps"]
        )
    for name in ("management_ceiling", "insurance_ceiling"):
        if name in written:
            written[name] = written[name].amount if written[name] else Decimal("0.00")
    return written


NESTED = frozenset({"code", "origin", "address", "back_orders", "chorus"})


class CustomerCreate(_Written):
    """A new card; without ``code`` the next automatic one (C0000042). From the CRM it waits for its visa (B10)."""

    code: Code | None = Field(default=None, examples=[None])
    origin: Annotated[CardOrigin, Field(strict=False)] = Field(default=CardOrigin.COUNTER, examples=["counter"])
    name: Line = Field(examples=["MARTIN"])
    address: AddressInput = Field(default_factory=AddressInput)
    management_ceiling: Money | None = Field(default=None, description="Plafond de direction; 0 or null: no control.")
    insurance_ceiling: Money | None = None
    back_orders: BackOrdersInput = Field(default_factory=BackOrdersInput)
    chorus: ChorusInput = Field(default_factory=ChorusInput)

    def meant(self) -> CustomerDetails:
        return CustomerDetails(
            **_written(self, frozenset(type(self).model_fields) - NESTED),
            address=self.address.meant(),
            back_orders=BackOrderRules(**{name: getattr(self.back_orders, name) for name in BACK_ORDERS}),
            chorus=ChorusProfile(**{name: getattr(self.chorus, name) for name in CHORUS}),
        )


BACK_ORDERS = tuple(BackOrdersInput.model_fields)
CHORUS = tuple(ChorusInput.model_fields)


class CustomerPatch(_Written):
    """A merge patch (RFC 7396): an absent field stays, a null empties; the list of sales reps is replaced whole."""

    name: Line = Field(default="", examples=["MARTIN"])
    address: AddressInput | None = None
    management_ceiling: Money | None = None
    insurance_ceiling: Money | None = None
    back_orders: BackOrdersInput | None = None
    chorus: ChorusInput | None = None

    def edit(self, card: CustomerDetails) -> CustomerDetails:
        """``card`` with the fields that were sent."""
        sent = _written(self, self.model_fields_set - NESTED)
        if "address" in self.model_fields_set:
            sent["address"] = self.address.patched(card.address) if self.address else PostalAddress()
        if "back_orders" in self.model_fields_set:
            sent["back_orders"] = _merged(card.back_orders, self.back_orders) if self.back_orders else BackOrderRules()
        if "chorus" in self.model_fields_set:
            sent["chorus"] = _merged(card.chorus, self.chorus) if self.chorus else ChorusProfile()
        if "custom_fields" in sent:
            sent["custom_fields"] = merged_answers(card.custom_fields, sent["custom_fields"])
        return replace(card, **sent)


def _merged(before: Any, sent: Closed) -> Any:
    return replace(before, **{name: getattr(sent, name) for name in sent.model_fields_set})


def merged_answers(before: Mapping[str, Mapping[str, Any]], sent: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The answers kept with those sent over them; a null takes an answer away (RFC 7396)."""
    merged = {questionnaire: dict(answers) for questionnaire, answers in before.items()}
    for questionnaire, answers in sent.items():
        merged.setdefault(questionnaire, {}).update(answers)
    kept = {
        questionnaire: {code: value for code, value in answers.items() if value is not None}
        for questionnaire, answers in merged.items()
    }
    return {questionnaire: answers for questionnaire, answers in kept.items() if answers}


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
    address_lines: list[str] = Field(
        description="As printed (NF Z10-011).", examples=[["MME CLAIRE MARTIN", "12 RUE DES LILAS", "44000 NANTES"]]
    )
    address_advice: list[AddressAdvice]
    mail_order: bool
    collectivity: bool
    lending_library: bool
    vat_exempt: bool
    on_account: bool
    comment: str | None
    birth_date: str | None
    category: str | None
    language: str | None
    siret: str | None
    vat_number: str | None
    tariff_code: str | None
    account_number: str | None
    our_code: str | None
    payment_mode: str | None
    print_mode: str | None
    reminder_family: str | None
    confidentiality_code: str | None
    billed_to_id: str | None
    group_id: str | None
    statistics_party_id: str | None
    payment_party_id: str | None
    sales_admin_id: str | None
    sales_reps: list[SalesRep]
    management_ceiling: Sum
    insurance_ceiling: Sum
    back_orders: BackOrdersRules
    stat_1: str | None
    stat_2: str | None
    stat_3: str | None
    chorus: Chorus
    custom_fields: dict[str, dict[str, str | None]] = Field(examples=[{}])
    fidelity_active: bool
    fidelity_started_on: str | None
    fidelity_number: str | None
    fidelity_program: str | None
    light: open_choice(Light)  # type: ignore[valid-type]
    light_message: str | None
    closed_on: str | None
    approved: bool
    approved_at: UtcInstant | None
    origin: str = Field(examples=["counter"])
    merged_into_id: str | None
    anonymised_at: UtcInstant | None
    created_at: UtcInstant
    updated_at: UtcInstant

    @classmethod
    def of(cls, view: CustomerView) -> "Customer":
        card = view.details
        named = " ".join(filter(None, (card.title, card.first_name, card.name)))
        same = {name: getattr(card, name) for name in SAME}
        return cls(
            **same,
            id=wire_id("cus", view.id),
            code=view.code,
            version=view.version,
            kind=card.kind.value,
            address=Address.of(card.address),
            address_lines=postal.address_lines(card.address, name=named) if card.address != PostalAddress() else [],
            address_advice=advice(card.address, named),
            birth_date=card.birth_date.isoformat() if card.birth_date else None,
            billed_to_id=_link(card.billed_to),
            group_id=_link(card.group),
            statistics_party_id=_link(card.statistics_party),
            payment_party_id=_link(card.payment_party),
            sales_admin_id=wire_id("usr", card.sales_admin) if card.sales_admin else None,
            sales_reps=[
                SalesRep(third_party_id=wire_id("tpa", rep.sales_rep), share=percent(rep.share))
                for rep in card.sales_reps
            ],
            management_ceiling=euros(card.management_ceiling),
            insurance_ceiling=euros(card.insurance_ceiling),
            back_orders=BackOrdersRules(**{name: getattr(card.back_orders, name).value for name in BACK_ORDERS}),
            chorus=Chorus(**{name: getattr(card.chorus, name) for name in CHORUS}),
            custom_fields={name: dict(answers) for name, answers in card.custom_fields.items()},
            fidelity_started_on=card.fidelity_started_on.isoformat() if card.fidelity_started_on else None,
            light=card.light.value,
            closed_on=card.closed_on.isoformat() if card.closed_on else None,
            approved=view.approved_at is not None,
            approved_at=view.approved_at,
            origin=view.origin.value,
            merged_into_id=_link(view.merged_into),
            anonymised_at=view.anonymised_at,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


SAME = (
    "title",
    "name",
    "first_name",
    "short_name",
    "barcode",
    "email",
    "phone",
    "fax",
    "no_sms",
    "mail_order",
    "collectivity",
    "lending_library",
    "vat_exempt",
    "on_account",
    "comment",
    "category",
    "language",
    "siret",
    "vat_number",
    "tariff_code",
    "account_number",
    "our_code",
    "payment_mode",
    "print_mode",
    "reminder_family",
    "confidentiality_code",
    "stat_1",
    "stat_2",
    "stat_3",
    "fidelity_active",
    "fidelity_number",
    "fidelity_program",
    "light_message",
)
"""What the wire says as the shop does."""


def _link(customer_id: CustomerId | None) -> str | None:
    return wire_id("cus", customer_id) if customer_id else None


class ApprovalRequest(Closed):
    """The administrative visa: given, or taken back (B8)."""

    approved: bool = Field(default=True, examples=[True])


class CustomerPage(Listing[Customer]):
    """One page of customers."""
