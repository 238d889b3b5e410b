"""What the counter asks of customer orders, on the wire: taken, changed, priced."""

from dataclasses import replace
from typing import Annotated, Any, cast

from pydantic import ConfigDict, Field

from api.schemas.base import Closed, Day, EanCode, Line, Money, Quantity, Text, chosen
from api.schemas.identities import (
    AddressKey,
    BankAccountKey,
    ContactKey,
    CustomerKey,
    Percent,
    ThirdPartyKey,
)
from api.schemas.orders import ContactInput
from domain.model.order import Origin
from domain.usecases.orders import LineChanges, NewOrder
from domain.usecases.placing import Choices
from domain.usecases.pricing import WantedLine
from domain.usecases.reheading import HeaderChanges


class OrderLineInput(Closed):
    """An article and how many copies. A typed price goes before a typed discount, which goes before the permanent ones.

    Without either the customer's discounts and tariff decide, else the publisher's price holds. The law on book prices caps
    them all, and the line's `ruling` then says so (C8).
    """

    ean: EanCode
    quantity: Quantity = Field(examples=[1])
    unit_price: Money | None = Field(default=None, examples=[None])
    discount_percent: Percent | None = Field(
        default=None, description="A typed discount; null: the rules decide.", examples=["5.00"]
    )
    sales_rep_id: ThirdPartyKey | None = Field(
        default=None, description="Of this line; null: those of the customer's card (B16).", examples=[None]
    )

    def meant(self) -> WantedLine:
        return WantedLine(
            ean=self.ean,
            quantity=self.quantity,
            unit_price=self.unit_price.amount if self.unit_price else None,
            discount=self.discount_percent,
            sales_rep=self.sales_rep_id,
        )


OrderLines = Annotated[list[OrderLineInput], Field(min_length=1, max_length=500)]

_WHO = ConfigDict(
    json_schema_extra={
        "if": {"required": ["customer_id"], "properties": {"customer_id": {"type": "string"}}},
        "else": {"required": ["contact"], "properties": {"contact": {"type": "object"}}},
    }
)


class SavedListOrderCreate(Closed):
    """An order made of a saved list, for a customer of the file or for a free name.

    What is absent or null is what the customer's card says for orders: his comment, whom he is billed to, his addresses,
    contact and bank account, his rule for back-orders.
    """

    model_config = _WHO

    customer_id: CustomerKey | None = Field(default=None, examples=[None])
    contact: ContactInput | None = None
    customer_reference: Line | None = Field(default=None, examples=["BC-2026-118"])
    comment: Text | None = Field(default=None, examples=["Prévenir le soir"])
    mail_order: bool = False
    vat_exempt: bool | None = None
    delivery_charge: Money | None = Field(
        default=None, description="Null: the least that the law allows.", examples=[None]
    )
    billed_to_id: CustomerKey | None = Field(
        default=None, description="Who is invoiced; null: whom the customer is billed to (A22).", examples=[None]
    )
    billing_address_id: AddressKey | None = Field(
        default=None, description="An address of whoever is invoiced.", examples=[None]
    )
    delivery_address_id: AddressKey | None = Field(
        default=None, description="An address of the customer that orders may use (B40).", examples=[None]
    )
    contact_id: ContactKey | None = Field(default=None, description="A contact of the customer.", examples=[None])
    bank_account_id: BankAccountKey | None = Field(
        default=None, description="A bank account of the customer (B43).", examples=[None]
    )
    back_orders: bool | None = Field(
        default=None, description="Whether what a delivery leaves is waited for (B27).", examples=[None]
    )

    def meant(self) -> NewOrder:
        return NewOrder(
            customer_id=self.customer_id,
            contact=self.contact.meant() if self.contact else None,
            customer_reference=self.customer_reference,
            comment=self.comment,
            mail_order=self.mail_order,
            vat_exempt=self.vat_exempt,
            delivery_charge=self.delivery_charge.amount if self.delivery_charge else None,
            back_orders=self.back_orders,
            choices=Choices(
                billed_to=self.billed_to_id,
                billing_address_id=self.billing_address_id,
                delivery_address_id=self.delivery_address_id,
                contact_id=self.contact_id,
                bank_account_id=self.bank_account_id,
            ),
        )


class OrderCreate(SavedListOrderCreate):
    """An order taken at the counter, for a customer of the file or for a free name."""

    model_config = _WHO

    lines: OrderLines
    origin: chosen(Origin) = Origin.COUNTER  # type: ignore[valid-type]
    quote_reference: Line | None = Field(
        default=None, description="The quote that the order comes from (A26).", examples=["DEV-2026-031"]
    )

    def meant(self) -> NewOrder:
        return replace(
            super().meant(),
            lines=[line.meant() for line in self.lines],
            origin=self.origin,
            quote_reference=self.quote_reference,
        )


RENAMED = {"billed_to_id": "billed_to"}
"""Fields of the header that the wire says otherwise."""


class OrderPatch(Closed):
    """A merge patch (RFC 7396): an absent field stays, a null empties.

    Null is the main address, nobody in particular, or what rules say: `vat_exempt` and `back_orders` those of the customer,
    `delivery_charge` the least that the law allows, `billed_to_id` the customer himself.
    """

    customer_reference: Line | None = Field(default=None, examples=["BC-2026-118"])
    comment: Text | None = Field(default=None, examples=["Prévenir le soir"])
    contact: ContactInput = Field(
        default_factory=lambda: ContactInput(name="-"), description="Whole: who the order is for, and where."
    )
    billed_to_id: CustomerKey | None = Field(default=None, examples=[None])
    billing_address_id: AddressKey | None = Field(default=None, examples=[None])
    delivery_address_id: AddressKey | None = Field(default=None, examples=[None])
    contact_id: ContactKey | None = Field(default=None, examples=[None])
    bank_account_id: BankAccountKey | None = Field(default=None, examples=[None])
    back_orders: bool | None = Field(default=None, examples=[True])
    mail_order: bool = Field(default=False, examples=[False])
    vat_exempt: bool | None = Field(default=None, examples=[False])
    delivery_charge: Money | None = Field(default=None, examples=[None])

    def changes(self) -> HeaderChanges:
        sent: dict[str, Any] = {RENAMED.get(name, name): getattr(self, name) for name in self.model_fields_set}
        if "contact" in sent:
            sent["contact"] = self.contact.meant()
        if self.delivery_charge is not None:
            sent["delivery_charge"] = self.delivery_charge.amount
        return cast("HeaderChanges", sent)


class LinePatch(Closed):
    """Another quantity, price or sales rep of a line; what is absent stays.

    A price or a discount sent is held against the law anew; both null, the permanent discounts decide again.
    """

    ordered: Quantity = Field(default=1, examples=[2])
    unit_price: Money | None = Field(default=None, examples=[None])
    discount_percent: Percent | None = Field(default=None, examples=["5.00"])
    sales_rep_id: ThirdPartyKey | None = Field(default=None, examples=[None])

    def changes(self) -> LineChanges:
        names = {"discount_percent": "discount", "sales_rep_id": "sales_rep"}
        sent: dict[str, Any] = {names.get(name, name): getattr(self, name) for name in self.model_fields_set}
        if self.unit_price is not None:
            sent["unit_price"] = self.unit_price.amount
        return cast("LineChanges", sent)


class SuspensionPut(Closed):
    """Until when a line is passed over: from that day on it waits again. A day after today."""

    until: Day = Field(examples=["2026-12-20"])


class PriceQuery(Closed):
    """What would be bought, by whom and how it leaves the shop."""

    customer_id: CustomerKey | None = Field(default=None, examples=[None])
    lines: OrderLines
    mail_order: bool = False
    vat_exempt: bool | None = None
    delivery_charge: Money | None = Field(
        default=None, description="Null: the least that the law allows.", examples=[None]
    )

    def meant(self) -> NewOrder:
        return NewOrder(
            customer_id=self.customer_id,
            lines=[line.meant() for line in self.lines],
            mail_order=self.mail_order,
            vat_exempt=self.vat_exempt,
            delivery_charge=self.delivery_charge.amount if self.delivery_charge else None,
        )
