"""Orders as they are read: the list of A8 and the order of A10 to A13."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.model.order import Answer, CustomerOrder, Origin, PaymentState, Status
from domain.model.values import NOTHING, Contact, CustomerId, DossierId, Ean, LineId, OrderId, folded
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
    unit_price: Decimal
    list_price: Decimal
    vat_rate: Decimal
    amount: Decimal
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
    mail_order: bool
    channel: str | None
    external_id: str | None
    vat_exempt: bool
    payment_state: PaymentState
    paid: Decimal
    deposit: Decimal
    delivery_charge: Decimal
    total: Decimal
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
        mail_order=order.mail_order,
        channel=order.external.channel if order.external else None,
        external_id=order.external.id if order.external else None,
        vat_exempt=order.vat_exempt,
        payment_state=order.payment_state,
        paid=order.paid,
        deposit=order.deposit,
        delivery_charge=order.delivery_charge,
        total=order.total,
        discount=sum((line.discount for line in order.lines), NOTHING),
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
                unit_price=line.unit_price,
                list_price=line.list_price,
                vat_rate=line.vat_rate,
                amount=line.amount,
                answer=line.shown_answer,
            )
            for line in sorted(order.lines, key=lambda each: each.position)
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
