"""Customer orders on the wire."""

import hashlib
from typing import Annotated, Literal

from pydantic import Field

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
from domain.model.answers import Answer, AnswerSource, Effect
from domain.model.article import ArticleKind
from domain.model.order import Billing, Origin, Status
from domain.model.payment import PaymentKind, PaymentMethod, PaymentState
from domain.model.prices import PriceSource
from domain.model.prices import Ruling as RulingView
from domain.model.values import Contact
from domain.queries.orders import LineView, OrderView, PaymentView
from domain.queries.orders import OrderSummary as SummaryView
from domain.usecases.payments import Received
from domain.usecases.pricing import WantedLine
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


class PaymentCreate(Closed):
    """Money received; a deposit is an acompte (trade.md, R26)."""

    amount: Money = Field(examples=[{"amount": "24.40", "currency": "EUR"}])
    kind: chosen(PaymentKind) = Field(default=PaymentKind.PAYMENT, examples=["payment"])  # type: ignore[valid-type]
    method: Literal["cheque", "card", "cash", "transfer", "other"] = Field(examples=["cheque"])
    reference: Line | None = None

    def meant(self) -> Received:
        return Received(
            amount=self.amount.amount, kind=self.kind, method=PaymentMethod(self.method), reference=self.reference
        )


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
    """The Réponse: "Disponible", or what the distributor said (A13); ``effect`` is what it means for the line."""

    code: str = Field(examples=["available"])
    label: str = Field(examples=["Disponible"])
    source: open_choice(AnswerSource)  # type: ignore[valid-type]
    at: UtcInstant | None
    effect: open_choice(Effect)  # type: ignore[valid-type]
    new_ean: str | None

    @classmethod
    def of(cls, said: Answer) -> "LineAnswer":
        return cls(
            code=said.code,
            label=said.label,
            source=said.source.value,
            at=said.at,
            effect=said.effect.value,
            new_ean=said.new_ean,
        )


class Ruling(Open):
    """What the law on book prices made of a price or a charge (C8): the rule, what was asked for, and why."""

    rule: str = Field(examples=["R1"])
    asked: Sum
    reason: str = Field(examples=["Livre neuf : la remise est limitée à 5 % du prix de l'éditeur."])
    reason_en: str

    @classmethod
    def of(cls, ruling: RulingView) -> "Ruling":
        return cls(rule=ruling.rule, asked=euros(ruling.asked), reason=ruling.reason, reason_en=ruling.reason_en)


class VatTotal(Open):
    """What is owed at one VAT rate: the rates' net and VAT sum to the order's total."""

    rate: str = Field(examples=["5.50"])
    net: Sum
    vat: Sum


class BilledParty(Open):
    """Who is invoiced (client facturé), where it is not the customer himself where the order is delivered (A22)."""

    customer_id: str
    customer_code: str
    name: str
    address: Address
    address_id: str | None

    @classmethod
    def of(cls, billing: Billing) -> "BilledParty":
        return cls(
            customer_id=wire_id("cus", billing.customer_id),
            customer_code=billing.customer_code,
            name=billing.name,
            address=Address.of(billing.address),
            address_id=wire_id("adr", billing.address_id) if billing.address_id else None,
        )


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
    supplied: int = Field(description="Copies still to come on supplier orders for the line.")
    unsupplied: int
    surplus: int = Field(description="Copies to come that the line no longer waits for (C7).")
    cancel_reason: str | None
    kind: open_choice(ArticleKind)  # type: ignore[valid-type]
    school_book: bool
    unit_price: Sum
    list_price: Sum
    price_source: open_choice(PriceSource)  # type: ignore[valid-type]
    ruling: Ruling | None
    earns_loyalty: bool
    vat_rate: str
    net: Sum
    amount: Sum
    sales_rep_id: str | None
    suspended_until: str | None = Field(
        description="Scans and receptions pass the line over until that day (P6).", examples=[None]
    )
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
            supplied=line.supplied,
            unsupplied=line.unsupplied,
            surplus=line.surplus,
            cancel_reason=line.cancel_reason,
            kind=line.kind.value,
            school_book=line.school_book,
            unit_price=euros(line.unit_price),
            list_price=euros(line.list_price),
            price_source=line.price_source.value,
            ruling=Ruling.of(line.ruling) if line.ruling else None,
            earns_loyalty=line.earns_loyalty,
            vat_rate=percent(line.vat_rate),
            net=euros(line.net),
            amount=euros(line.amount),
            sales_rep_id=wire_id("tpa", line.sales_rep) if line.sales_rep else None,
            suspended_until=line.suspended_until.isoformat() if line.suspended_until else None,
            answer=LineAnswer.of(said) if said else None,
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
    quote_reference: str | None
    mail_order: bool
    channel: str | None
    external_id: str | None
    vat_exempt: bool
    billed_to: BilledParty | None
    delivery_address_id: str | None
    contact_id: str | None
    bank_account_id: str | None
    back_orders: bool
    payment_state: open_choice(PaymentState)  # type: ignore[valid-type]
    paid: Sum
    deposit: Sum
    deposit_used: Sum
    refunded: Sum
    delivery_charge: Sum
    charge_ruling: Ruling | None
    total: Sum
    due: Sum
    vat_totals: list[VatTotal]
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
            quote_reference=view.quote_reference,
            mail_order=view.mail_order,
            channel=view.channel,
            external_id=view.external_id,
            vat_exempt=view.vat_exempt,
            billed_to=BilledParty.of(view.billing) if view.billing else None,
            delivery_address_id=wire_id("adr", view.delivery_address_id) if view.delivery_address_id else None,
            contact_id=wire_id("con", view.contact_id) if view.contact_id else None,
            bank_account_id=wire_id("rib", view.bank_account_id) if view.bank_account_id else None,
            back_orders=view.back_orders,
            payment_state=view.payment_state.value,
            paid=euros(view.paid),
            deposit=euros(view.deposit),
            deposit_used=euros(view.deposit_used),
            refunded=euros(view.refunded),
            delivery_charge=euros(view.delivery_charge),
            charge_ruling=Ruling.of(view.charge_ruling) if view.charge_ruling else None,
            total=euros(view.total),
            due=euros(view.due),
            vat_totals=[
                VatTotal(rate=percent(each.rate), net=euros(each.net), vat=euros(each.vat)) for each in view.vat_totals
            ],
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
