"""Customer orders in PostgreSQL."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from asyncpg import Record

from domain.errors import NotFound, UnknownChannel
from domain.model.access import Dossier
from domain.model.answers import Answer, AnswerSource, Effect, LineAnswer
from domain.model.article import Article, ArticleKind
from domain.model.order import Billing, CustomerOrder, External, Origin
from domain.model.order_line import OrderLine
from domain.model.payment import DepositCause, DepositEntry, Payment, PaymentMethod, PaymentState
from domain.model.prices import PriceSource, Ruling
from domain.model.settings import DossierSettings
from domain.model.values import (
    AddressId,
    BankAccountId,
    ChannelId,
    Contact,
    ContactId,
    CustomerId,
    Ean,
    LineId,
    OrderId,
    PostalAddress,
    ThirdPartyId,
    folded,
)
from domain.ports.orders import Place, PushContext, QueueChange, Waiting
from domain.queries.orders import name_key
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.articles import ARTICLE_COLUMNS, article_of
from infra.repositories.dossier_settings import settings_of
from infra.repositories.pending import Begin, Pending, octets
from infra.sql import sql

LOAD = sql("order_load")
LOCK = sql("order_lock")
WAITING = sql("order_waiting")
QUEUE = (
    "SELECT order_id, line_id, set_aside + delivered > 0 AS begun, suspended_until IS NOT NULL AS suspended FROM order_line "
    "WHERE dossier_id = $1 AND ean = $2 AND outstanding > 0 AND NOT digital "
    "ORDER BY priority, queued_at, number, position"
)
SUSPENDED = (
    "SELECT DISTINCT order_id FROM order_line "
    "WHERE dossier_id = $1 AND suspended_until IS NOT NULL AND suspended_until <= $2 ORDER BY order_id"
)
DEPOSITS = "SELECT * FROM deposit_entry WHERE dossier_id = $1 AND order_id = $2 ORDER BY at, deposit_entry_id"
HOLDERS = "SELECT line_id, order_id FROM order_line WHERE dossier_id = $1 AND line_id = ANY ($2::uuid[])"
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
            settings=_settings(row["settings"]),
        )

    async def next_number(self) -> int:
        number: int = await self._connection.fetchval(
            "SELECT nextval($1::text::regclass)", self._dossier.order_sequence
        )
        return number

    async def waiting(
        self, ean: Ean, copies: int, *, behind: int = 0, resumed: Collection[LineId] = ()
    ) -> list[Waiting]:
        rows = await self._connection.fetch(WAITING, self._dossier.id, ean, copies, behind, list(resumed))
        return [
            Waiting(
                order_id=OrderId(row["order_id"]),
                line_id=LineId(row["line_id"]),
                outstanding=row["outstanding"],
                order_number=row["number"],
                name=row["name"],
            )
            for row in rows
        ]

    async def suspended(self, *, until: date) -> list[OrderId]:
        rows = await self._connection.fetch(SUSPENDED, self._dossier.id, until)
        return [OrderId(row["order_id"]) for row in rows]

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
            elif new["ean"] != lines[line.id]["ean"]:
                self._pending.add(parts.MOVED_LINE, new)
            elif new != lines[line.id]:
                self._pending.add(parts.CHANGED_LINE, new)
        for line_id in order.removed:
            if line_id in lines:
                self._pending.add(parts.GONE_LINE, {"dossier_id": self._dossier.id, "line_id": line_id})

    async def deposits(self, order_id: OrderId) -> list[DepositEntry]:
        rows = await self._connection.fetch(DEPOSITS, self._dossier.id, order_id)
        return [deposit_of(row) for row in rows]

    def add_deposit(self, entry: DepositEntry) -> None:
        self._pending.add(
            parts.NEW_DEPOSIT,
            {
                "dossier_id": self._dossier.id,
                "deposit_entry_id": entry.id,
                "order_id": entry.order_id,
                "amount": entry.amount,
                "cause": entry.cause,
                "method": entry.method,
                "at": entry.at,
                "by": entry.by,
            },
        )

    def add_answer(self, answer: LineAnswer) -> None:
        said = answer.answer
        self._pending.add(
            parts.NEW_LINE_ANSWER,
            {
                "dossier_id": self._dossier.id,
                "line_answer_id": answer.id,
                "order_id": answer.order_id,
                "line_id": answer.line_id,
                "code": said.code,
                "label": said.label,
                "source": said.source,
                "effect": said.effect,
                "new_ean": said.new_ean,
                "at": said.at,
                "by": answer.by,
            },
        )

    async def place(self, ean: Ean) -> list[Place]:
        rows = await self._connection.fetch(QUEUE, self._dossier.id, ean)
        return [
            Place(
                order_id=OrderId(row["order_id"]),
                line_id=LineId(row["line_id"]),
                begun=row["begun"],
                suspended=row["suspended"],
            )
            for row in rows
        ]

    def put_in_order(self, change: QueueChange) -> None:
        last = len(change.after)
        self._pending.add(
            parts.LINE_PRIORITY,
            *(
                {"dossier_id": self._dossier.id, "line_id": line_id, "priority": position - last}
                for position, line_id in enumerate(change.after)
            ),
        )
        self._pending.add(
            parts.NEW_QUEUE_CHANGE,
            {
                "dossier_id": self._dossier.id,
                "queue_change_id": change.id,
                "ean": change.ean,
                "before": list(change.before),
                "after": list(change.after),
                "reason": change.reason,
                "at": change.at,
                "by": change.by,
            },
        )

    async def holders(self, line_ids: Collection[LineId]) -> dict[LineId, OrderId]:
        rows = await self._connection.fetch(HOLDERS, self._dossier.id, list(set(line_ids)))
        return {LineId(row["line_id"]): OrderId(row["order_id"]) for row in rows}

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


@lru_cache(maxsize=100)
def _settings(kept: str) -> DossierSettings:
    """The settings, read once for all pushes until they change."""
    return settings_of(json.loads(kept))


def _positional_article(row: Record) -> Article:
    return article_of(dict(zip(ARTICLE_COLUMNS.replace("a.", "").split(", "), row, strict=True)))


def order_row(dossier_id: UUID, order: CustomerOrder) -> Row:
    contact, address, external, billing = order.contact, order.contact.address, order.external, order.billing
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
        "quote_reference": order.quote_reference,
        "billed_to_id": billing.customer_id if billing else None,
        "billing": _billing(billing) if billing else None,
        "delivery_address_id": order.delivery_address_id,
        "contact_id": order.contact_id,
        "bank_account_id": order.bank_account_id,
        "back_orders": order.back_orders,
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
        "deposit_used": order.deposit_used,
        "refunded": order.refunded,
        "delivery_charge": order.delivery_charge,
        "charge_ruling": ruling_json(order.charge_ruling),
        "total": order.total,
        "discount": order.discount,
        "vat_totals": [
            {"rate": f"{each.rate:.2f}", "net": f"{each.net:.2f}", "vat": f"{each.vat:.2f}"}
            for each in order.vat_totals
        ],
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
    answer, owed = line.answer, line.owed
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
        "supplied": line.supplied,
        "dropped": line.dropped,
        "cancel_reason": line.cancel_reason,
        "kind": line.kind,
        "school_book": line.school_book,
        "unit_price": line.unit_price,
        "list_price": line.list_price,
        "vat_rate": line.vat_rate,
        "price_source": line.price_source,
        "ruling": ruling_json(line.ruling),
        "earns_loyalty": line.earns_loyalty,
        "amount": owed.due,
        "net": owed.net,
        "sales_rep_id": line.sales_rep,
        "suspended_until": line.suspended_until,
        "answer_code": answer.code if answer else None,
        "answer_label": answer.label if answer else None,
        "answer_source": answer.source if answer else None,
        "answer_at": answer.at if answer else None,
        "answer_effect": answer.effect if answer else None,
        "answer_new_ean": answer.new_ean if answer else None,
        "queued_at": order.created_at,
        "number": order.number,
    }


def deposit_of(row: Record) -> DepositEntry:
    return DepositEntry(
        id=row["deposit_entry_id"],
        order_id=OrderId(row["order_id"]),
        amount=row["amount"],
        cause=DepositCause(row["cause"]),
        method=PaymentMethod(row["method"]) if row["method"] else None,
        at=row["at"],
        by=row["by"],
    )


def _billing(billing: Billing) -> dict[str, object]:
    return {
        "code": billing.customer_code,
        "name": billing.name,
        "address": asdict(billing.address),
        "address_id": billing.address_id,
    }


def _billing_of(customer_id: UUID | None, written: str | None) -> Billing | None:
    if customer_id is None or written is None:
        return None
    facts = json.loads(written)
    address_id = facts["address_id"]
    return Billing(
        customer_id=CustomerId(customer_id),
        customer_code=facts["code"],
        name=facts["name"],
        address=PostalAddress(**facts["address"]),
        address_id=AddressId(UUID(address_id)) if address_id else None,
    )


def ruling_json(ruling: Ruling | None) -> dict[str, str] | None:
    """What the law made of a price or a charge, as it is kept."""
    if ruling is None:
        return None
    return {
        "rule": ruling.rule,
        "asked": f"{ruling.asked:.2f}",
        "reason": ruling.reason,
        "reason_en": ruling.reason_en,
    }


def ruling_of(written: str | None) -> Ruling | None:
    if written is None:
        return None
    facts = json.loads(written)
    return Ruling(
        rule=facts["rule"], asked=Decimal(facts["asked"]), reason=facts["reason"], reason_en=facts["reason_en"]
    )


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
        lines=[_line_of(line, exempt=row["vat_exempt"]) for line in row["lines"]],
        billing=_billing_of(row["billed_to_id"], row["billing"]),
        delivery_address_id=AddressId(row["delivery_address_id"]) if row["delivery_address_id"] else None,
        contact_id=ContactId(row["contact_id"]) if row["contact_id"] else None,
        bank_account_id=BankAccountId(row["bank_account_id"]) if row["bank_account_id"] else None,
        back_orders=row["back_orders"],
        charge_ruling=ruling_of(row["charge_ruling"]),
        quote_reference=row["quote_reference"],
        paid=row["paid"],
        deposit=row["deposit"],
        deposit_used=row["deposit_used"],
        refunded=row["refunded"],
        cancelled_at=row["cancelled_at"],
        cancel_reason=row["cancel_reason"],
        version=row["version"],
        warnings=list(row["warnings"]),
    )


def _line_of(row: Record, *, exempt: bool) -> OrderLine:
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
        supplied,
        dropped,
        cancel_reason,
        kind,
        school_book,
        unit_price,
        list_price,
        vat_rate,
        price_source,
        ruling,
        earns_loyalty,
        sales_rep_id,
        suspended_until,
        answer_code,
        answer_label,
        answer_source,
        answer_at,
        answer_effect,
        answer_new_ean,
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
        supplied=supplied,
        dropped=dropped,
        cancel_reason=cancel_reason,
        kind=ArticleKind(kind),
        school_book=school_book,
        exempt=exempt,
        unit_price=unit_price,
        list_price=list_price,
        vat_rate=vat_rate,
        price_source=PriceSource(price_source),
        ruling=ruling_of(ruling),
        earns_loyalty=earns_loyalty,
        sales_rep=ThirdPartyId(sales_rep_id) if sales_rep_id else None,
        suspended_until=suspended_until,
        answer=answer_of(answer_code, answer_label, answer_source, answer_at, answer_effect, answer_new_ean),
    )


def answer_of(
    code: str | None,
    label: str | None,
    source: str | None,
    at: datetime | None,
    effect: str | None,
    new_ean: str | None,
) -> Answer | None:
    """The answer kept on a line, if any."""
    if code is None or label is None or source is None:
        return None
    return Answer(
        code=code,
        label=label,
        source=AnswerSource(source),
        at=at,
        effect=Effect(effect) if effect else Effect.WAIT,
        new_ean=Ean(new_ean) if new_ean else None,
    )
