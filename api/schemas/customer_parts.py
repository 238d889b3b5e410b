"""What hangs on a customer's card only, on the wire: consents, discounts, credit, and what his documents start with."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from api.schemas.base import (
    Closed,
    Day,
    Line,
    Listing,
    Open,
    Rate,
    Sum,
    UtcInstant,
    chosen,
    euros,
    open_choice,
    percent,
    wire_id,
)
from api.schemas.cards import party_id
from api.schemas.customers import Address, SalesRep
from api.schemas.identities import Percent, TableCode
from domain.model import card as cards
from domain.model import consents, postal
from domain.model.card import Channel, DiscountDetails, DiscountScope, Purpose
from domain.model.credit import Credit as CreditStanding
from domain.model.defaults import Chosen, DocumentDefaults, Source
from domain.model.values import DocumentType, PostalAddress
from domain.queries import cards as queries
from domain.queries.cards import DiscountView


class ConsentCreate(Closed):
    """What a customer allows or refuses from now on (A58)."""

    # written out: the contract knows another Channel, a web shop's
    channel: Literal["sms", "email", "post"] = Field(examples=["email"])
    purpose: Literal["order_arrival", "marketing", "receipt"] = Field(examples=["order_arrival"])
    granted: bool = Field(examples=[True])
    source: Line | None = Field(default=None, description="How it was said.", examples=["Bulletin signé"])


class Consent(Open):
    """An entry of the ledger: it is never changed, a later one takes its place."""

    id: str = Field(examples=["cst_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    channel: open_choice(Channel)  # type: ignore[valid-type]
    purpose: open_choice(Purpose)  # type: ignore[valid-type]
    granted: bool
    source: str | None
    at: UtcInstant
    by: str = Field(examples=["staff:1"])

    @classmethod
    def of(cls, entry: cards.Consent) -> "Consent":
        return cls(
            id=wire_id("cst", entry.id),
            channel=entry.channel.value,
            purpose=entry.purpose.value,
            granted=entry.granted,
            source=entry.source,
            at=entry.at,
            by=entry.by,
        )


class ConsentStanding(Open):
    """What holds now for a channel and a purpose; ``reason`` says why when it is not the ledger's word."""

    channel: open_choice(Channel)  # type: ignore[valid-type]
    purpose: open_choice(Purpose)  # type: ignore[valid-type]
    granted: bool
    at: UtcInstant | None
    reason: str | None = Field(examples=["no_sms"], json_schema_extra={"x-extensible-enum": [consents.NO_SMS]})


class ConsentPage(Listing[Consent]):
    """One page of the ledger, newest first, and what all of it comes to; what was never said is not granted."""

    current: list[ConsentStanding]

    @classmethod
    def of(cls, found: queries.Consents, following: str | None) -> "ConsentPage":
        current = [
            ConsentStanding(
                channel=each.channel.value,
                purpose=each.purpose.value,
                granted=each.granted,
                at=each.at,
                reason=each.reason,
            )
            for each in found.current
        ]
        return cls(items=[Consent.of(each) for each in found.page.items], next=following, current=current)


class _DiscountWritten(Closed):
    """What may be written on a discount beside its scope and rate."""

    vat_rate: Rate | None = Field(
        default=None, description="With the scope `vat_rate`, and only then.", examples=[None]
    )
    category: TableCode | None = Field(
        default=None, description="With the scope `category`, and only then.", examples=[None]
    )
    starts_on: Day | None = None
    ends_on: Day | None = Field(default=None, description="The first day on which it holds no more.", examples=[None])
    basis: Line | None = Field(default=None, description="Its legal basis.", examples=["Loi du 10 août 1981, art. 3"])


class DiscountCreate(_DiscountWritten):
    """A permanent discount (A63), or that of school books (A64)."""

    scope: chosen(DiscountScope) = Field(examples=["all"])  # type: ignore[valid-type]
    percent: Percent = Field(examples=["5.00"])

    def meant(self) -> DiscountDetails:
        return DiscountDetails(**{name: getattr(self, name) for name in type(self).model_fields})


class DiscountPatch(_DiscountWritten):
    """A merge patch (RFC 7396): an absent field stays, a null empties."""

    scope: chosen(DiscountScope) = Field(default=DiscountScope.ALL, examples=["all"])  # type: ignore[valid-type]
    percent: Percent = Field(default=Decimal(0), examples=["5.00"])

    def edit(self, rule: DiscountDetails) -> DiscountDetails:
        """``rule`` with the fields that were sent."""
        sent: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        return replace(rule, **sent)


class Discount(Open):
    """A permanent discount of a customer."""

    id: str = Field(examples=["dis_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    version: int = Field(examples=[1])
    scope: open_choice(DiscountScope)  # type: ignore[valid-type]
    vat_rate: str | None
    category: str | None
    percent: str = Field(examples=["5.00"])
    starts_on: str | None
    ends_on: str | None
    basis: str | None
    created_at: UtcInstant
    updated_at: UtcInstant

    @classmethod
    def of(cls, view: DiscountView) -> "Discount":
        rule = view.details
        return cls(
            id=wire_id("dis", view.id),
            version=view.version,
            scope=rule.scope.value,
            vat_rate=percent(rule.vat_rate) if rule.vat_rate is not None else None,
            category=rule.category,
            percent=percent(rule.percent),
            starts_on=rule.starts_on.isoformat() if rule.starts_on else None,
            ends_on=rule.ends_on.isoformat() if rule.ends_on else None,
            basis=rule.basis,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


class DiscountPage(Listing[Discount]):
    """One page of a customer's discounts, oldest first."""


class Credit(Open):
    """Credit (encours, B15). ``active`` false: a nil ceiling of the management, credit is not controlled.

    What he owes and will owe is `outstanding` = `unpaid` + `open_orders` (O13).
    """

    management_ceiling: Sum
    insurance_ceiling: Sum
    unpaid: Sum = Field(description="Of his invoices; credit notes take away.")
    open_orders: Sum = Field(description="Ordered and not delivered yet (CO, LP, BL), less what was paid ahead.")
    outstanding: Sum
    left: Sum | None = Field(description="Below the management ceiling, negative above; null when not controlled.")
    over: bool
    risk: Sum = Field(description="What the management allows beyond the insurance.")
    active: bool

    @classmethod
    def of(cls, credit: CreditStanding) -> "Credit":
        return cls(
            management_ceiling=euros(credit.management_ceiling),
            insurance_ceiling=euros(credit.insurance_ceiling),
            unpaid=euros(credit.owed.unpaid),
            open_orders=euros(credit.owed.open_orders),
            outstanding=euros(credit.owed.outstanding),
            left=euros(credit.left) if credit.left is not None else None,
            over=credit.over,
            risk=euros(credit.risk),
            active=credit.controlled,
        )


class DocumentAddress(Open):
    """An address that a document starts with, and where it comes from.

    ``code``: an address of the card named for this document; ``role``: its delivery or billing address; ``main``: the
    card's own; ``party``: the main one of another card. ``address`` is null where that card is not for you to see.
    """

    source: open_choice(Source)  # type: ignore[valid-type]
    address_id: str | None
    code: str | None
    party_id: str | None
    address: Address | None
    address_lines: list[str] = Field(examples=[["12 RUE DES LILAS", "44000 NANTES"]])

    @classmethod
    def of(cls, chosen_address: Chosen) -> "DocumentAddress":
        where = chosen_address.postal
        is_written = where is not None and where != PostalAddress(country=where.country)
        return cls(
            source=chosen_address.source.value,
            address_id=wire_id("adr", chosen_address.address_id) if chosen_address.address_id else None,
            code=chosen_address.code,
            party_id=party_id(chosen_address.party) if chosen_address.party else None,
            address=Address.of(where) if where else None,
            address_lines=postal.address_lines(where, name=chosen_address.name or "") if where and is_written else [],
        )


class DocumentStart(Open):
    """What a new document of this customer starts with; all of it may be changed on the document (B42)."""

    document: open_choice(DocumentType)  # type: ignore[valid-type]
    customer_id: str
    billed_to_id: str = Field(description="Who is invoiced: the customer's billed customer, else himself (A60).")
    payment_party_id: str = Field(description="On whom payment runs: the payment party of whoever is billed (B22).")
    reminded_id: str = Field(description="Who is reminded: the central of whoever is billed, else who pays (B29).")
    statistics_party_id: str = Field(description="Whose statistics it enters (B21).")
    delivery: DocumentAddress
    billing: DocumentAddress = Field(description="Of whoever is billed.")
    contact_id: str | None = Field(description="Who receives this document, by the function's role (B36).")
    bank_account_id: str | None = Field(description="The main account, when it is open (B43).")
    back_orders: bool | None = Field(
        description="The customer's rule, else the dossier's; null: not for this document."
    )
    language: str | None
    languages: list[str] = Field(description="To print in, the shop's own first (B26).", examples=[["fr", "de"]])
    payment_mode: str | None
    print_mode: str | None
    sales_reps: list[SalesRep]
    comment: str | None
    blocked: str | None = Field(
        description="The problem that a new document would meet now; null: it would be admitted.",
        examples=[None],
    )
    warnings: list[str] = Field(examples=[["Chèques refusés"]])

    @classmethod
    def of(cls, start: DocumentDefaults) -> "DocumentStart":
        return cls(
            document=start.document.value,
            customer_id=wire_id("cus", start.customer_id),
            billed_to_id=wire_id("cus", start.billed_to),
            payment_party_id=wire_id("cus", start.payer),
            reminded_id=wire_id("cus", start.reminded),
            statistics_party_id=wire_id("cus", start.counted_for),
            delivery=DocumentAddress.of(start.delivery),
            billing=DocumentAddress.of(start.billing),
            contact_id=wire_id("con", start.contact_id) if start.contact_id else None,
            bank_account_id=wire_id("rib", start.bank_account_id) if start.bank_account_id else None,
            back_orders=start.back_orders,
            language=start.language,
            languages=list(start.languages),
            payment_mode=start.payment_mode,
            print_mode=start.print_mode,
            sales_reps=[
                SalesRep(third_party_id=wire_id("tpa", rep.sales_rep), share=percent(rep.share))
                for rep in start.sales_reps
            ],
            comment=start.comment,
            blocked=start.blocked,
            warnings=start.warnings,
        )
