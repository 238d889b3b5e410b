"""Customer orders in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from domain.errors import NotFound, UnknownChannel
from domain.model.access import Dossier
from domain.model.article import Article
from domain.model.order import (
    Answer,
    AnswerSource,
    CustomerOrder,
    External,
    OrderLine,
    Origin,
    Payment,
    PaymentState,
)
from domain.model.values import (
    ChannelId,
    Contact,
    CustomerId,
    Ean,
    LineId,
    OrderId,
    PostalAddress,
    folded,
)
from domain.ports.unit_of_work import PushContext, Waiting
from domain.queries.orders import name_key
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.articles import ARTICLE_COLUMNS, article_of
from infra.repositories.pending import Begin, Pending, octets
from infra.sql import sql

LOAD = sql("order_load")
LOCK = sql("order_lock")
WAITING = sql("order_waiting")
PUSH_CONTEXT = sql("push_context").replace("{article_columns}", ARTICLE_COLUMNS)


class SqlOrders:
    """``Orders`` of one dossier on one connection."""

    def __init__(
        self,
        dossier: Dossier,
        connection: ShopConnection,
        pending: Pending,
        *,
        begin: Begin,
    ) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[OrderId, tuple[int, Row, dict[LineId, Row]]] = {}
        self._begin = begin
        self._new: dict[OrderId, CustomerOrder] = {}
        self._changed: dict[OrderId, CustomerOrder] = {}

    async def get(self, order_id: OrderId) -> CustomerOrder:
        (order,) = await self._load([order_id])
        return order

    async def lock(self, order_ids: Sequence[OrderId]) -> list[CustomerOrder]:
        await self._begin()
        await self._connection.fetch(LOCK, self._dossier.id, sorted(set(order_ids)))
        return await self._load(order_ids)

    async def push_context(self, *, channel: str, external_ids: Sequence[str], eans: Sequence[Ean]) -> PushContext:
        row = await self._connection.fetchrow(
            PUSH_CONTEXT,
            self._dossier.id,
            channel,
            external_ids,
            list(set(eans)),
            self._dossier.order_sequence,
        )
        if row is None:
            raise UnknownChannel
        return PushContext(
            channel_id=ChannelId(row["channel_id"]),
            known={external: OrderId(order_id) for external, order_id in row["known"]},
            articles={article.ean: article for article in map(_positional_article, row["articles"])},
            numbers=row["numbers"],
        )

    async def next_number(self) -> int:
        number: int = await self._connection.fetchval(
            "SELECT nextval($1::text::regclass)", self._dossier.order_sequence
        )
        return number

    async def waiting(self, ean: Ean, copies: int) -> list[Waiting]:
        rows = await self._connection.fetch(WAITING, self._dossier.id, ean, copies)
        return [
            Waiting(order_id=OrderId(row["order_id"]), line_id=LineId(row["line_id"]), outstanding=row["outstanding"])
            for row in rows
        ]

    def add(self, order: CustomerOrder) -> None:
        self._new[order.id] = order

    def save(self, order: CustomerOrder) -> None:
        self._changed[order.id] = order

    def settle(self) -> None:
        """Put new and changed orders, as they are by now, among what is to be written."""
        for order in self._new.values():
            self._insert(order)
        for order in self._changed.values():
            self._update(order)

    def _insert(self, order: CustomerOrder) -> None:
        row = order_row(self._dossier.id, order)
        self._pending.add(parts.NEW_ORDER, row)
        self._pending.add(parts.NEW_ORDER_TOKEN, {name: row[name] for name in ("dossier_id", "order_id", "name_key")})
        self._pending.add(parts.NEW_LINE, *(line_row(self._dossier.id, order, line) for line in order.lines))

    def _update(self, order: CustomerOrder) -> None:
        version, before, lines = self._loaded[order.id]
        row = order_row(self._dossier.id, order)
        self._pending.add(parts.CHANGED_ORDER, {**row, "loaded_version": version})
        if row["name_key"] != before["name_key"]:
            self._pending.add(parts.GONE_ORDER_TOKEN, row)
            self._pending.add(parts.NEW_ORDER_TOKEN, row)
        for line in order.lines:
            new = line_row(self._dossier.id, order, line)
            if line.id not in lines:
                self._pending.add(parts.NEW_LINE, new)
            elif new != lines[line.id]:
                self._pending.add(parts.CHANGED_LINE, new)
        for line_id in order.removed:
            if line_id in lines:
                self._pending.add(parts.GONE_LINE, {"dossier_id": self._dossier.id, "line_id": line_id})

    def add_payment(self, payment: Payment) -> None:
        self._pending.add(
            parts.NEW_PAYMENT,
            {
                "dossier_id": self._dossier.id,
                "payment_id": payment.id,
                "order_id": payment.order_id,
                "amount": payment.amount,
                "kind": payment.kind,
                "method": payment.method,
                "reference": payment.reference,
                "at": payment.at,
            },
        )

    async def _load(self, order_ids: Sequence[OrderId]) -> list[CustomerOrder]:
        rows = await self._connection.fetch(LOAD, self._dossier.id, list(set(order_ids)))
        found = {order.id: order for order in map(order_of, rows)}
        if len(found) != len(set(order_ids)):
            raise NotFound(what="order")
        for order in found.values():
            lines = {line.id: line_row(self._dossier.id, order, line) for line in order.lines}
            self._loaded[order.id] = (order.version, order_row(self._dossier.id, order), lines)
        return [found[order_id] for order_id in dict.fromkeys(order_ids)]


def _positional_article(row: Record) -> Article:
    return article_of(dict(zip(ARTICLE_COLUMNS.replace("a.", "").split(", "), row, strict=True)))


def order_row(dossier_id: UUID, order: CustomerOrder) -> Row:
    contact, address, external = order.contact, order.contact.address, order.external
    return {
        "dossier_id": dossier_id,
        "order_id": order.id,
        "number": order.number,
        "customer_id": order.customer_id,
        "customer_code": order.customer_code,
        "name": contact.name,
        "name_key": name_key(contact.name),
        "title": contact.title,
        "first_name": contact.first_name,
        "email": contact.email,
        "phone": contact.phone,
        "recipient": address.recipient,
        "complement": address.complement,
        "building": address.building,
        "street": address.street,
        "locality": address.locality,
        "postal_code": address.postal_code,
        "town": address.town,
        "country": address.country,
        "customer_reference": order.customer_reference,
        "reference_key": folded(order.customer_reference or ""),
        "comment": order.comment,
        "origin": order.origin,
        "mail_order": order.mail_order,
        "vat_exempt": order.vat_exempt,
        "channel_id": external.channel_id if external else None,
        "channel": external.channel if external else None,
        "external_id": external.id if external else None,
        "fingerprint": octets(external.fingerprint) if external else None,
        "sent_at": external.updated_at if external else None,
        "payment_state": order.payment_state,
        "paid": order.paid,
        "deposit": order.deposit,
        "delivery_charge": order.delivery_charge,
        "status": order.status,
        "quantity": order.quantity,
        "reserved": order.reserved,
        "has_digital": order.has_digital,
        "warnings": order.warnings,
        "cancelled_at": order.cancelled_at,
        "cancel_reason": order.cancel_reason,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
        "version": order.version,
    }


def line_row(dossier_id: UUID, order: CustomerOrder, line: OrderLine) -> Row:
    answer = line.answer
    return {
        "dossier_id": dossier_id,
        "line_id": line.id,
        "order_id": order.id,
        "position": line.position,
        "ean": line.ean,
        "title": line.title,
        "author": line.author,
        "publisher": line.publisher,
        "digital": line.digital,
        "ordered": line.ordered,
        "cancelled": line.cancelled,
        "set_aside": line.set_aside,
        "delivered": line.delivered,
        "unit_price": line.unit_price,
        "list_price": line.list_price,
        "vat_rate": line.vat_rate,
        "answer_code": answer.code if answer else None,
        "answer_label": answer.label if answer else None,
        "answer_source": answer.source if answer else None,
        "answer_at": answer.at if answer else None,
        "queued_at": order.created_at,
        "number": order.number,
    }


def order_of(row: Record) -> CustomerOrder:
    """The aggregate of one row of ``order_load.sql``."""
    external = None
    if row["channel_id"] is not None:
        external = External(
            channel_id=ChannelId(row["channel_id"]),
            channel=row["channel"],
            id=row["external_id"],
            fingerprint=row["fingerprint"],
            updated_at=row["sent_at"],
        )
    return CustomerOrder(
        id=OrderId(row["order_id"]),
        number=row["number"],
        customer_id=CustomerId(row["customer_id"]) if row["customer_id"] else None,
        customer_code=row["customer_code"],
        contact=Contact(
            name=row["name"],
            title=row["title"],
            first_name=row["first_name"],
            email=row["email"],
            phone=row["phone"],
            address=PostalAddress(
                recipient=row["recipient"],
                complement=row["complement"],
                building=row["building"],
                street=row["street"],
                locality=row["locality"],
                postal_code=row["postal_code"],
                town=row["town"],
                country=row["country"],
            ),
        ),
        customer_reference=row["customer_reference"],
        comment=row["comment"],
        origin=Origin(row["origin"]),
        mail_order=row["mail_order"],
        vat_exempt=row["vat_exempt"],
        external=external,
        payment_state=PaymentState(row["payment_state"]),
        delivery_charge=row["delivery_charge"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        lines=[_line_of(line) for line in row["lines"]],
        paid=row["paid"],
        deposit=row["deposit"],
        cancelled_at=row["cancelled_at"],
        cancel_reason=row["cancel_reason"],
        version=row["version"],
        warnings=list(row["warnings"]),
    )


def _line_of(row: Record) -> OrderLine:
    (
        line_id,
        position,
        ean,
        title,
        author,
        publisher,
        digital,
        ordered,
        cancelled,
        set_aside,
        delivered,
        unit_price,
        list_price,
        vat_rate,
        answer_code,
        answer_label,
        answer_source,
        answer_at,
    ) = row
    return OrderLine(
        id=LineId(line_id),
        position=position,
        ean=Ean(ean),
        title=title,
        author=author,
        publisher=publisher,
        digital=digital,
        ordered=ordered,
        cancelled=cancelled,
        set_aside=set_aside,
        delivered=delivered,
        unit_price=unit_price,
        list_price=list_price,
        vat_rate=vat_rate,
        answer=answer_of(answer_code, answer_label, answer_source, answer_at),
    )


def answer_of(code: str | None, label: str | None, source: str | None, at: datetime | None) -> Answer | None:
    """The answer kept on a line, if any."""
    if code is None or label is None or source is None:
        return None
    return Answer(code=code, label=label, source=AnswerSource(source), at=at)
