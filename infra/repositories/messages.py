"""Messages, their templates and whom they are for, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from domain.errors import NotFound
from domain.model.access import Dossier
from domain.model.card import Channel, Consent, Purpose
from domain.model.consents import standing
from domain.model.message import (
    Language,
    Message,
    MessageChannel,
    MessageEvent,
    MessageRules,
    MessageState,
    Recipient,
    Template,
    Withheld,
    Words,
)
from domain.model.reservation import Reservation
from domain.model.values import CustomerId, MessageId, OrderId, ReservationId
from domain.model.wording import DEFAULTS
from infra.db import flush
from infra.db.flush import Part, Row
from infra.db.pools import ShopConnection
from infra.directory import Directory
from infra.repositories.pending import Begin, Fields, Pending
from infra.sql import sql

NEW = flush.insert("message")
CHANGED = flush.update("message", versioned=True)
NEW_RESERVATION = flush.insert("message_reservation")
PUT_TEMPLATE = Part(
    "changed_message_template",
    "INSERT INTO message_template AS t (dossier_id, event, language, subject, body, sms, updated_at, version) "
    "SELECT r.* FROM json_to_recordset({rows}::json) AS r(dossier_id uuid, event text, language text, subject text, "
    "body text, sms text, updated_at timestamptz, version integer) "
    "ON CONFLICT (dossier_id, event, language) DO UPDATE SET subject = excluded.subject, body = excluded.body, "
    "sms = excluded.sms, updated_at = excluded.updated_at, version = excluded.version "
    "WHERE t.version = excluded.version - 1 RETURNING 1",
    guarded=True,
)
GONE_TEMPLATE = flush.delete("message_template", versioned=True)

LOCK = (
    "SELECT m.*, ARRAY(SELECT r.reservation_id FROM message_reservation r WHERE r.dossier_id = m.dossier_id "
    "AND r.message_id = m.message_id ORDER BY 1) AS reservation_ids "
    "FROM message m WHERE m.dossier_id = $1 AND m.message_id = $2 FOR UPDATE"
)
TAKEN = "SELECT told_key FROM message WHERE dossier_id = $1 AND told_key = ANY ($2::text[])"
TOLD = (
    "SELECT t.reservation_id, m.event FROM message_reservation t JOIN message m USING (dossier_id, message_id) "
    "JOIN reservation r USING (dossier_id, reservation_id) WHERE t.dossier_id = $1 "
    "AND t.reservation_id = ANY ($2::uuid[]) AND (m.state <> 'withheld' OR m.reason = 'dropped') "
    "AND m.created_at >= r.set_aside_at"
)
DUE = sql("reservations_due")
CARDS = sql("message_recipients")
ORDERS = "SELECT order_id, name, email, phone, customer_id FROM customer_order WHERE dossier_id = $1 AND order_id = ANY ($2::uuid[])"
TEMPLATE = "SELECT * FROM message_template WHERE dossier_id = $1 AND event = $2 AND language = $3 FOR UPDATE"


DIRECTORY = Directory()


class SqlMessages:
    """``Messages`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._begin = begin
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[MessageId, int] = {}

    async def lock(self, message_id: MessageId) -> Message:
        await self._begin()
        row = await self._connection.fetchrow(LOCK, self._dossier.id, message_id)
        if row is None:
            raise NotFound(what="message")
        message = message_of(row)
        self._loaded[message.id] = message.version
        return message

    async def taken(self, keys: Collection[str]) -> set[str]:
        rows = await self._connection.fetch(TAKEN, self._dossier.id, list(keys))
        return {row["told_key"] for row in rows}

    async def told(self, ids: Collection[ReservationId]) -> Mapping[ReservationId, Collection[MessageEvent]]:
        found: dict[ReservationId, set[MessageEvent]] = {each: set() for each in ids}
        for row in await self._connection.fetch(TOLD, self._dossier.id, list(ids)):
            found[ReservationId(row["reservation_id"])].add(MessageEvent(row["event"]))
        return found

    async def due(self, rules: MessageRules, *, today: date, before: datetime) -> list[ReservationId]:
        rows = await self._connection.fetch(
            DUE,
            self._dossier.id,
            [step.event.value for step in rules.steps],
            [step.after_days for step in rules.steps],
            today,
            before,
            self._dossier.time_zone,
        )
        return [ReservationId(row["reservation_id"]) for row in rows]

    async def recipients(self, customers: Collection[CustomerId]) -> dict[CustomerId, Recipient]:
        rows = await self._connection.fetch(CARDS, self._dossier.id, list(customers))
        return {CustomerId(row["asked_id"]): recipient_of(row) for row in rows}

    async def for_reservations(self, reservations: Sequence[Reservation]) -> dict[ReservationId, Recipient]:
        cards = await self.recipients({each.customer_id for each in reservations if each.customer_id is not None})
        strangers = {each.order_id for each in reservations if each.customer_id is None and each.order_id is not None}
        orders = {}
        if strangers:
            rows = await self._connection.fetch(ORDERS, self._dossier.id, list(strangers))
            orders = {row["order_id"]: _stranger(row) for row in rows}
        found = {}
        for each in reservations:
            if each.customer_id is not None:
                found[each.id] = cards[each.customer_id]
            elif each.order_id is not None:
                found[each.id] = orders[each.order_id]
            else:
                found[each.id] = _stranger({"name": each.name, "email": each.email, "phone": each.phone})
        return found

    async def for_order(self, order_id: OrderId) -> Recipient:
        row = await self._connection.fetchrow(ORDERS, self._dossier.id, [order_id])
        if row is None:
            raise NotFound(what="order")
        if row["customer_id"] is None:
            return _stranger(row)
        return (await self.recipients([row["customer_id"]]))[row["customer_id"]]

    async def template(self, event: MessageEvent, language: Language) -> Template:
        await self._begin()
        row = await self._connection.fetchrow(TEMPLATE, self._dossier.id, event, language)
        return template_of(row) if row else DEFAULTS[event, language]

    def add(self, message: Message) -> None:
        self._pending.add(NEW, message_row(self._dossier.id, message))
        self._pending.add(
            NEW_RESERVATION,
            *(
                {"dossier_id": self._dossier.id, "message_id": message.id, "reservation_id": each}
                for each in message.reservation_ids
            ),
        )

    def save(self, message: Message) -> None:
        loaded = self._loaded.pop(message.id)
        self._pending.add(CHANGED, {**message_row(self._dossier.id, message), "loaded_version": loaded})

    def put_template(self, template: Template, *, now: datetime) -> None:
        self._pending.add(PUT_TEMPLATE, {**_template_row(self._dossier.id, template), "updated_at": now})

    def remove_template(self, template: Template) -> None:
        row = {**_template_row(self._dossier.id, template), "loaded_version": template.version}
        self._pending.add(GONE_TEMPLATE, row)


def recipient_of(row: Fields) -> Recipient:
    """The customer of a row that ``message_recipients.sql`` made."""
    ledger = [
        Consent(
            id=entry,
            customer_id=CustomerId(row["customer_id"]),
            channel=Channel(channel),
            purpose=Purpose(purpose),
            granted=granted,
            source=None,
            at=at,
            by="",
        )
        for entry, channel, purpose, granted, at in zip(
            row["consent_ids"],
            row["consent_channels"],
            row["consent_purposes"],
            row["consents_granted"],
            row["consents_at"],
            strict=True,
        )
    ]
    return Recipient(
        customer_id=CustomerId(row["customer_id"]),
        name=" ".join(filter(None, (row["first_name"], row["name"]))),
        email=row["email"],
        phone=row["phone"],
        mobile=DIRECTORY.mobile(row["phone"]),
        code=row["code"],
        confidentiality=row["confidentiality_code"],
        language=Language.ENGLISH if row["language"] == Language.ENGLISH else Language.FRENCH,
        consents=tuple(standing(ledger, no_sms=row["no_sms"])),
        anonymised=row["anonymised_at"] is not None,
    )


def _stranger(row: Fields) -> Recipient:
    return Recipient(
        customer_id=None,
        name=row["name"],
        email=row["email"],
        phone=row["phone"],
        mobile=DIRECTORY.mobile(row["phone"]),
    )


def message_row(dossier_id: UUID, message: Message) -> Row:
    return {
        "dossier_id": dossier_id,
        "message_id": message.id,
        "customer_id": message.customer_id,
        "name": message.name,
        "channel": message.channel,
        "address": message.address,
        "language": message.language,
        "purpose": message.purpose,
        "event": message.event,
        "told_key": message.key,
        "day": message.day,
        "subject": message.words.subject,
        "body": message.words.body,
        "order_id": message.order_id,
        "created_at": message.created_at,
        "send_after": message.send_after,
        "by": message.by,
        "state": message.state,
        "reason": message.reason,
        "attempts": message.attempts,
        "error": message.error,
        "provider_id": message.provider_id,
        "ended_at": message.ended_at,
        "version": message.version,
    }


def message_of(row: Fields) -> Message:
    return Message(
        id=MessageId(row["message_id"]),
        customer_id=CustomerId(row["customer_id"]) if row["customer_id"] else None,
        name=row["name"],
        channel=MessageChannel(row["channel"]),
        address=row["address"],
        language=Language(row["language"]),
        purpose=Purpose(row["purpose"]),
        event=MessageEvent(row["event"]),
        key=row["told_key"],
        day=row["day"],
        words=Words(subject=row["subject"], body=row["body"]),
        reservation_ids=tuple(ReservationId(each) for each in row["reservation_ids"]),
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        created_at=row["created_at"],
        send_after=row["send_after"],
        by=row["by"],
        state=MessageState(row["state"]),
        reason=Withheld(row["reason"]) if row["reason"] else None,
        attempts=row["attempts"],
        error=row["error"],
        provider_id=row["provider_id"],
        ended_at=row["ended_at"],
        version=row["version"],
    )


def template_of(row: Fields) -> Template:
    return Template(
        event=MessageEvent(row["event"]),
        language=Language(row["language"]),
        subject=row["subject"],
        body=row["body"],
        sms=row["sms"],
        version=row["version"],
    )


def _template_row(dossier_id: UUID, template: Template) -> Row:
    return {
        "dossier_id": dossier_id,
        "event": template.event,
        "language": template.language,
        "subject": template.subject,
        "body": template.body,
        "sms": template.sms,
        "version": template.version,
    }
