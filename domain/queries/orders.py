"""Orders as they are read: the list of A8 and the order of A10 to A13."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.model.answers import Answer
from domain.model.article import ArticleKind
from domain.model.order import Billing, CustomerOrder, Origin, Status
from domain.model.payment import PaymentState
from domain.model.prices import PriceSource, Ruling, VatTotal
from domain.model.values import (
    AddressId,
    BankAccountId,
    Contact,
    ContactId,
    CustomerId,
    DossierId,
    Ean,
    LineId,
    OrderId,
    ThirdPartyId,
    folded,
)
from domain.queries.pages import Count, Page, PageRequest

SORTS = ("created_at", "number", "customer_code", "customer_reference", "name", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """The criteria of A3, A4 and A7; None leaves a criterion out. Dates are half-open instants."""

    name: str | None = None
    number: int | None = None
    statuses: tuple[Status, ...] = ()
    created_from: datetime | None = None
    created_to: datetime | None = None
    customer_id: CustomerId | None = None
    customer_reference: str | None = None
    ean: Ean | None = None
    channel: str | None = None
    deposit: bool | None = None
    vat_exempt: bool | None = None
    digital: bool | None = None
    mail_order: bool | None = None
    in_file: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSummary:
    """A row of the order list (A8)."""

    id: OrderId
    number: int
    customer_code: str | None
    customer_reference: str | None
    name: str
    status: Status
    created_at: datetime
    quantity: int
    reserved: int
    mail_order: bool
    channel: str | None
    has_digital: bool
    vat_exempt: bool
    deposit: Decimal
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line of the order screen (A11)."""

    id: LineId
    position: int
    ean: Ean
    title: str
    author: str | None
    publisher: str | None
    digital: bool
    ordered: int
    set_aside: int
    delivered: int
    cancelled: int
    outstanding: int
    supplied: int
    unsupplied: int
    surplus: int
    cancel_reason: str | None
    kind: ArticleKind
    school_book: bool
    unit_price: Decimal
    list_price: Decimal
    price_source: PriceSource
    ruling: Ruling | None
    earns_loyalty: bool
    vat_rate: Decimal
    net: Decimal
    amount: Decimal
    sales_rep: ThirdPartyId | None
    suspended_until: date | None
    answer: Answer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    id: UUID
    amount: Decimal
    kind: str
    method: str
    reference: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order whole, as one screen shows it."""

    id: OrderId
    number: int
    customer_id: CustomerId | None
    customer_code: str | None
    contact: Contact
    customer_reference: str | None
    comment: str | None
    origin: Origin
    quote_reference: str | None
    mail_order: bool
    channel: str | None
    external_id: str | None
    vat_exempt: bool
    billing: Billing | None
    delivery_address_id: AddressId | None
    contact_id: ContactId | None
    bank_account_id: BankAccountId | None
    back_orders: bool
    payment_state: PaymentState
    paid: Decimal
    deposit: Decimal
    deposit_used: Decimal
    refunded: Decimal
    delivery_charge: Decimal
    charge_ruling: Ruling | None
    total: Decimal
    due: Decimal
    vat_totals: tuple[VatTotal, ...]
    discount: Decimal
    status: Status
    quantity: int
    reserved: int
    has_digital: bool
    cancelled_at: datetime | None
    cancel_reason: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    warnings: tuple[str, ...]
    lines: tuple[LineView, ...]


def view_of(order: CustomerOrder) -> OrderView:
    """The order as its reader would answer it."""
    return OrderView(
        id=order.id,
        number=order.number,
        customer_id=order.customer_id,
        customer_code=order.customer_code,
        contact=order.contact,
        customer_reference=order.customer_reference,
        comment=order.comment,
        origin=order.origin,
        quote_reference=order.quote_reference,
        mail_order=order.mail_order,
        channel=order.external.channel if order.external else None,
        external_id=order.external.id if order.external else None,
        vat_exempt=order.vat_exempt,
        billing=order.billing,
        delivery_address_id=order.delivery_address_id,
        contact_id=order.contact_id,
        bank_account_id=order.bank_account_id,
        back_orders=order.back_orders,
        payment_state=order.payment_state,
        paid=order.paid,
        deposit=order.deposit,
        deposit_used=order.deposit_used,
        refunded=order.refunded,
        delivery_charge=order.delivery_charge,
        charge_ruling=order.charge_ruling,
        total=order.total,
        due=order.due,
        vat_totals=order.vat_totals,
        discount=order.discount,
        status=order.status,
        quantity=order.quantity,
        reserved=order.reserved,
        has_digital=order.has_digital,
        cancelled_at=order.cancelled_at,
        cancel_reason=order.cancel_reason,
        created_at=order.created_at,
        updated_at=order.updated_at,
        version=order.version,
        warnings=tuple(order.warnings),
        lines=tuple(
            LineView(
                id=line.id,
                position=line.position,
                ean=line.ean,
                title=line.title,
                author=line.author,
                publisher=line.publisher,
                digital=line.digital,
                ordered=line.ordered,
                set_aside=line.set_aside,
                delivered=line.delivered,
                cancelled=line.cancelled,
                outstanding=line.outstanding,
                supplied=line.supplied,
                unsupplied=line.unsupplied,
                surplus=line.surplus,
                cancel_reason=line.cancel_reason,
                kind=line.kind,
                school_book=line.school_book,
                unit_price=line.unit_price,
                list_price=line.list_price,
                price_source=line.price_source,
                ruling=line.ruling,
                earns_loyalty=line.earns_loyalty,
                vat_rate=line.vat_rate,
                net=owed.net,
                amount=owed.due,
                sales_rep=line.sales_rep,
                suspended_until=line.suspended_until,
                answer=line.shown_answer,
            )
            for line in sorted(order.lines, key=lambda each: each.position)
            for owed in (line.owed,)
        ),
    )


def summary_of(order: CustomerOrder) -> OrderSummary:
    """The order as a row of the list."""
    return OrderSummary(
        id=order.id,
        number=order.number,
        customer_code=order.customer_code,
        customer_reference=order.customer_reference,
        name=order.contact.name,
        status=order.status,
        created_at=order.created_at,
        quantity=order.quantity,
        reserved=order.reserved,
        mail_order=order.mail_order,
        channel=order.external.channel if order.external else None,
        has_digital=order.has_digital,
        vat_exempt=order.vat_exempt,
        deposit=order.deposit,
        version=order.version,
    )


def name_key(name: str) -> str:
    """What the order list is searched and sorted by: the folded name, whether or not it is in the file (A3)."""
    return folded(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDocument:
    """An order as the contract words it, in JSON; ``version`` is its ETag."""

    version: int
    json: bytes


class OrderReader(Protocol):
    """Reads committed orders of one dossier."""

    async def document(self, dossier: DossierId, order_id: OrderId) -> OrderDocument:
        """The same order as ``by_id``, ready to be sent. Raises ``NotFound``."""
        ...

    async def by_id(self, dossier: DossierId, order_id: OrderId) -> OrderView:
        """Raises ``NotFound``."""
        ...

    async def search(self, dossier: DossierId, wanted: OrderFilter, page: PageRequest) -> Page[OrderSummary]:
        """``wanted.name`` is the start of the name or of any word of it."""
        ...

    async def count(self, dossier: DossierId, wanted: OrderFilter) -> Count: ...

    async def payments(self, dossier: DossierId, order_id: OrderId) -> list[PaymentView]:
        """Oldest first. Raises ``NotFound``."""
        ...
