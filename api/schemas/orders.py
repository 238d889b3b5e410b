"""Customer orders on the wire."""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field
from pydantic_core import to_json

from api.schemas.base import (
    Closed,
    EanCode,
    Email,
    Instant,
    Line,
    Listing,
    Money,
    Open,
    Quantity,
    Sum,
    Text,
    UtcInstant,
    Word,
    chosen,
    euros,
    open_choice,
    percent,
    prefixed,
    wire_id,
)
from api.schemas.customers import Address, AddressInput
from api.schemas.identities import Code, CustomerKey
from domain.model.access import Caller
from domain.model.order import AnswerSource, Origin, PaymentKind, PaymentMethod, PaymentState, Status
from domain.model.values import Contact
from domain.queries.orders import LineView, OrderView, PaymentView
from domain.queries.orders import OrderSummary as SummaryView
from domain.usecases.orders import NewOrder, Received, WantedLine
from domain.usecases.pushes import Push

OrderKey = prefixed("ord")
LineKey = prefixed("lin")


class ContactInput(Closed):
    """Who the order is for, in the customer file or not (A3)."""

    name: Line = Field(examples=["MARTIN"])
    title: Word | None = Field(default=None, examples=["Mme"])
    first_name: Line | None = Field(default=None, examples=["Claire"])
    email: Email | None = Field(default=None, examples=["claire.martin@example.org"])
    phone: Word | None = Field(default=None, examples=["0240000000"])
    address: AddressInput = Field(default_factory=AddressInput)

    def meant(self) -> Contact:
        return Contact(
            name=self.name,
            title=self.title,
            first_name=self.first_name,
            email=self.email,
            phone=self.phone,
            address=self.address.meant(),
        )


class WantedLineInput(Closed):
    """An article and how many copies; without ``unit_price`` the publisher's price holds."""

    ean: EanCode
    quantity: Quantity = Field(examples=[1])
    unit_price: Money | None = Field(default=None, examples=[{"amount": "12.20", "currency": "EUR"}])

    def meant(self) -> WantedLine:
        price = self.unit_price.amount if self.unit_price else None
        return WantedLine(ean=self.ean, quantity=self.quantity, unit_price=price)


Lines = Annotated[list[WantedLineInput], Field(min_length=1, max_length=500)]


class OrderCreate(Closed):
    """An order taken at the counter, for a customer of the file or for a free name."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["customer_id"], "properties": {"customer_id": {"type": "string"}}},
            "else": {"required": ["contact"], "properties": {"contact": {"type": "object"}}},
        }
    )

    customer_id: CustomerKey | None = Field(default=None, examples=[None])
    contact: ContactInput | None = None
    lines: Lines
    customer_reference: Line | None = Field(default=None, examples=["BC-2026-118"])
    comment: Text | None = Field(default=None, examples=["Prévenir le soir"])
    mail_order: bool = False
    vat_exempt: bool | None = None
    delivery_charge: Money = Field(default_factory=lambda: Money(amount="0.00"))  # type: ignore[arg-type]
    origin: chosen(Origin) = Origin.COUNTER  # type: ignore[valid-type]

    def meant(self) -> NewOrder:
        return NewOrder(
            lines=[line.meant() for line in self.lines],
            customer_id=self.customer_id,
            contact=self.contact.meant() if self.contact else None,
            customer_reference=self.customer_reference,
            comment=self.comment,
            origin=self.origin,
            mail_order=self.mail_order,
            vat_exempt=self.vat_exempt,
            delivery_charge=self.delivery_charge.amount,
        )


class OrderPush(Closed):
    """A web shop's order under the shop's own number. ``updated_at`` keeps an old delivery from undoing a newer one."""

    contact: ContactInput
    lines: Lines
    paid: bool = Field(examples=[True])
    placed_at: Instant | None = None
    updated_at: Instant | None = None
    customer_code: Code | None = None
    customer_reference: Line | None = None
    comment: Text | None = Field(default=None, examples=["Paquet cadeau"])
    delivery_charge: Money = Field(default_factory=lambda: Money(amount="0.00"))  # type: ignore[arg-type]
    vat_exempt: bool = False

    def meant(self, *, by: Caller, channel: str, external_id: str) -> Push:
        return Push(
            by=by,
            channel=channel,
            external_id=external_id,
            contact=self.contact.meant(),
            lines=[line.meant() for line in self.lines],
            paid=self.paid,
            delivery_charge=self.delivery_charge.amount,
            vat_exempt=self.vat_exempt,
            customer_code=self.customer_code,
            customer_reference=self.customer_reference,
            comment=self.comment,
            sent_at=self.updated_at,
            fingerprint=self._fingerprint(),
        )

    def _fingerprint(self) -> bytes:
        """The content that makes two pushes the same; whether it is paid, and when it was sent, are no content."""
        return hashlib.sha256(self.__pydantic_serializer__.to_json(self, exclude={"paid", "updated_at"})).digest()


class OrderPatch(Closed):
    """A merge patch (RFC 7396): an absent field stays, a null empties."""

    customer_reference: Line | None = Field(default=None, examples=["BC-2026-118"])
    comment: Text | None = Field(default=None, examples=["Prévenir le soir"])

    def changes(self) -> dict[str, str | None]:
        return {name: getattr(self, name) for name in self.model_fields_set}


class LinePatch(Closed):
    """Another quantity for a line."""

    ordered: Quantity = Field(examples=[2])


class PaymentCreate(Closed):
    """Money received; a deposit is an acompte (trade.md, R26)."""

    amount: Money = Field(examples=[{"amount": "24.40", "currency": "EUR"}])
    kind: chosen(PaymentKind) = Field(default=PaymentKind.PAYMENT, examples=["payment"])  # type: ignore[valid-type]
    method: chosen(PaymentMethod) = Field(examples=["cheque"])  # type: ignore[valid-type]
    reference: Line | None = None

    def meant(self) -> Received:
        return Received(amount=self.amount.amount, kind=self.kind, method=self.method, reference=self.reference)


class DeliveredLine(Closed):
    """Copies of one line handed over."""

    line_id: LineKey  # type: ignore[valid-type]
    quantity: Quantity


class DeliveryCreate(Closed):
    """What is handed over or shipped; without ``lines`` all that is set aside, and the digital lines."""

    lines: Annotated[list[DeliveredLine], Field(min_length=1, max_length=500)] | None = None


class CancelRequest(Closed):
    """Why the order is annulled."""

    reason: Line = Field(examples=["Le client renonce"])


class AttachRequest(Closed):
    """The card that an order taken for a free name turns out to be for (C12)."""

    customer_id: CustomerKey


class ContactCard(Open):
    """Who the order is for, as written on it."""

    title: str | None
    name: str = Field(examples=["MARTIN"])
    first_name: str | None
    email: str | None
    phone: str | None
    address: Address

    @classmethod
    def of(cls, contact: Contact) -> "ContactCard":
        return cls(
            title=contact.title,
            name=contact.name,
            first_name=contact.first_name,
            email=contact.email,
            phone=contact.phone,
            address=Address.of(contact.address),
        )


class LineAnswer(Open):
    """The Réponse: "Disponible", or what the distributor said (A13)."""

    code: str = Field(examples=["available"])
    label: str = Field(examples=["Disponible"])
    source: open_choice(AnswerSource)  # type: ignore[valid-type]
    at: UtcInstant | None


class OrderLine(Open):
    """A line: ``ordered`` is cdé, ``reserved`` is rsvé (copies set aside and delivered). ``version`` is the order's."""

    id: str = Field(examples=["lin_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    position: int
    ean: str
    title: str
    author: str | None
    publisher: str | None
    digital: bool
    ordered: int
    reserved: int
    set_aside: int
    delivered: int
    cancelled: int
    outstanding: int
    unit_price: Sum
    list_price: Sum
    vat_rate: str
    amount: Sum
    answer: LineAnswer | None
    version: int

    @classmethod
    def of(cls, line: LineView, version: int) -> "OrderLine":
        said = line.answer
        return cls(
            id=wire_id("lin", line.id),
            position=line.position,
            ean=line.ean,
            title=line.title,
            author=line.author,
            publisher=line.publisher,
            digital=line.digital,
            ordered=line.ordered,
            reserved=line.set_aside + line.delivered,
            set_aside=line.set_aside,
            delivered=line.delivered,
            cancelled=line.cancelled,
            outstanding=line.outstanding,
            unit_price=euros(line.unit_price),
            list_price=euros(line.list_price),
            vat_rate=percent(line.vat_rate),
            amount=euros(line.amount),
            answer=LineAnswer(code=said.code, label=said.label, source=said.source.value, at=said.at) if said else None,
            version=version,
        )


class OrderSummary(Open):
    """A row of the order list (A8)."""

    id: str = Field(examples=["ord_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    number: int = Field(examples=[46407])
    customer_code: str | None
    customer_reference: str | None
    name: str = Field(examples=["MAISON DES TOUT PETITS"])
    status: open_choice(Status)  # type: ignore[valid-type]
    created_at: UtcInstant
    quantity: int
    reserved: int
    mail_order: bool
    channel: str | None
    has_digital: bool
    vat_exempt: bool
    deposit: Sum
    version: int

    @classmethod
    def of(cls, view: SummaryView) -> "OrderSummary":
        return cls(
            id=wire_id("ord", view.id),
            number=view.number,
            customer_code=view.customer_code,
            customer_reference=view.customer_reference,
            name=view.name,
            status=view.status.value,
            created_at=view.created_at,
            quantity=view.quantity,
            reserved=view.reserved,
            mail_order=view.mail_order,
            channel=view.channel,
            has_digital=view.has_digital,
            vat_exempt=view.vat_exempt,
            deposit=euros(view.deposit),
            version=view.version,
        )


class Order(Open):
    """A customer order whole."""

    id: str = Field(examples=["ord_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    number: int = Field(examples=[46407])
    customer_id: str | None
    customer_code: str | None
    customer_reference: str | None
    name: str
    status: open_choice(Status)  # type: ignore[valid-type]
    contact: ContactCard
    comment: str | None
    origin: open_choice(Origin)  # type: ignore[valid-type]
    mail_order: bool
    channel: str | None
    external_id: str | None
    vat_exempt: bool
    payment_state: open_choice(PaymentState)  # type: ignore[valid-type]
    paid: Sum
    deposit: Sum
    delivery_charge: Sum
    total: Sum
    discount: Sum
    quantity: int
    reserved: int
    has_digital: bool
    cancelled_at: UtcInstant | None
    cancel_reason: str | None
    created_at: UtcInstant
    updated_at: UtcInstant
    version: int
    warnings: list[str]
    lines: list[OrderLine]

    @classmethod
    def of(cls, view: OrderView) -> "Order":
        return cls(
            id=wire_id("ord", view.id),
            number=view.number,
            customer_id=wire_id("cus", view.customer_id) if view.customer_id else None,
            customer_code=view.customer_code,
            customer_reference=view.customer_reference,
            name=view.contact.name,
            status=view.status.value,
            contact=ContactCard.of(view.contact),
            comment=view.comment,
            origin=view.origin.value,
            mail_order=view.mail_order,
            channel=view.channel,
            external_id=view.external_id,
            vat_exempt=view.vat_exempt,
            payment_state=view.payment_state.value,
            paid=euros(view.paid),
            deposit=euros(view.deposit),
            delivery_charge=euros(view.delivery_charge),
            total=euros(view.total),
            discount=euros(view.discount),
            quantity=view.quantity,
            reserved=view.reserved,
            has_digital=view.has_digital,
            cancelled_at=view.cancelled_at,
            cancel_reason=view.cancel_reason,
            created_at=view.created_at,
            updated_at=view.updated_at,
            version=view.version,
            warnings=list(view.warnings),
            lines=[OrderLine.of(line, view.version) for line in view.lines],
        )


class OrderPage(Listing[OrderSummary]):
    """One page of orders."""


class OrderLinePage(Listing[OrderLine]):
    """The lines of an order, all of them."""


class Payment(Open):
    """Money received for an order."""

    id: str = Field(examples=["pay_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    amount: Sum
    kind: open_choice(PaymentKind)  # type: ignore[valid-type]
    method: open_choice(PaymentMethod)  # type: ignore[valid-type]
    reference: str | None
    at: UtcInstant

    @classmethod
    def of(cls, view: PaymentView) -> "Payment":
        return cls(
            id=wire_id("pay", view.id),
            amount=euros(view.amount),
            kind=view.kind,
            method=view.method,
            reference=view.reference,
            at=view.at,
        )


class PaymentPage(Listing[Payment]):
    """The payments of an order, oldest first."""


def order_document(view: OrderView) -> bytes:
    """The ``Order`` of ``view`` as JSON, written without making the models: they took a quarter of a read (a test holds both equal)."""
    contact, address, version = view.contact, view.contact.address, view.version
    return to_json(
        {
            "id": wire_id("ord", view.id),
            "number": view.number,
            "customer_id": wire_id("cus", view.customer_id) if view.customer_id else None,
            "customer_code": view.customer_code,
            "customer_reference": view.customer_reference,
            "name": contact.name,
            "status": view.status._value_,
            "contact": {
                "title": contact.title,
                "name": contact.name,
                "first_name": contact.first_name,
                "email": contact.email,
                "phone": contact.phone,
                "address": {
                    "recipient": address.recipient,
                    "complement": address.complement,
                    "building": address.building,
                    "street": address.street,
                    "locality": address.locality,
                    "postal_code": address.postal_code,
                    "town": address.town,
                    "country": address.country,
                },
            },
            "comment": view.comment,
            "origin": view.origin._value_,
            "mail_order": view.mail_order,
            "channel": view.channel,
            "external_id": view.external_id,
            "vat_exempt": view.vat_exempt,
            "payment_state": view.payment_state._value_,
            "paid": _sum(view.paid),
            "deposit": _sum(view.deposit),
            "delivery_charge": _sum(view.delivery_charge),
            "total": _sum(view.total),
            "discount": _sum(view.discount),
            "quantity": view.quantity,
            "reserved": view.reserved,
            "has_digital": view.has_digital,
            "cancelled_at": _at(view.cancelled_at),
            "cancel_reason": view.cancel_reason,
            "created_at": _at(view.created_at),
            "updated_at": _at(view.updated_at),
            "version": version,
            "warnings": view.warnings,
            "lines": [_line_document(line, version) for line in view.lines],
        }
    )


def _line_document(line: LineView, version: int) -> dict[str, Any]:
    said = line.answer
    return {
        "id": wire_id("lin", line.id),
        "position": line.position,
        "ean": line.ean,
        "title": line.title,
        "author": line.author,
        "publisher": line.publisher,
        "digital": line.digital,
        "ordered": line.ordered,
        "reserved": line.set_aside + line.delivered,
        "set_aside": line.set_aside,
        "delivered": line.delivered,
        "cancelled": line.cancelled,
        "outstanding": line.outstanding,
        "unit_price": _sum(line.unit_price),
        "list_price": _sum(line.list_price),
        "vat_rate": percent(line.vat_rate),
        "amount": _sum(line.amount),
        "answer": {"code": said.code, "label": said.label, "source": said.source._value_, "at": _at(said.at)}
        if said
        else None,
        "version": version,
    }


def _sum(amount: Decimal) -> dict[str, str]:
    return {"amount": f"{amount:.2f}", "currency": "EUR"}


def _at(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None
