"""Messages, their templates, purchases and jobs in memory."""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.errors import MessageTold, NotFound, StaleVersion
from domain.model.access import Dossier
from domain.model.consents import standing
from domain.model.message import (
    Language,
    Message,
    MessageEvent,
    MessageRules,
    MessageState,
    Recipient,
    Template,
    Withheld,
)
from domain.model.reservation import Reservation, State
from domain.model.values import Contact, CustomerId, MessageId, OrderId, ReservationId
from domain.model.wording import DEFAULTS
from infra.directory import Directory
from tests.fakes.base import Base, Impossible, Tables
from tests.fakes.held import Held

DIRECTORY = Directory()


class FakeMessages:
    """``Messages`` of one dossier in one unit of work."""

    def __init__(self, base: Base, held: Held, dossier: Dossier) -> None:
        self._base = base
        self._held = held
        self._dossier = dossier
        self._loaded: dict[MessageId, int] = {}
        self._new: list[Message] = []
        self._changed: list[Message] = []
        self._templates: list[Template] = []
        self._gone: list[Template] = []

    async def lock(self, message_id: MessageId) -> Message:
        await self._held.take(("message", message_id))
        if message_id not in self._base.tables.messages:
            raise NotFound(what="message")
        message = deepcopy(self._base.tables.messages[message_id])
        self._loaded[message.id] = message.version
        return message

    async def taken(self, keys: Collection[str]) -> set[str]:
        return {each.key for each in self._base.tables.messages.values() if each.key in keys and each.key is not None}

    async def told(self, ids: Collection[ReservationId]) -> Mapping[ReservationId, Collection[MessageEvent]]:
        return {each: self._told(self._base.tables.reservations[each]) for each in ids}

    async def due(self, rules: MessageRules, *, today: date, before: datetime) -> list[ReservationId]:
        zone = ZoneInfo(self._dossier.time_zone)
        events = [step.event for step in rules.steps]
        found = []
        for kept in self._base.tables.reservations.values():
            order = self._base.tables.orders.get(kept.order_id) if kept.order_id else None
            step = rules.step_on(kept.set_aside_at.astimezone(zone).date(), today)
            if kept.state is not State.SET_ASIDE or kept.set_aside_at >= before or step is None:
                continue
            if order is not None and order.mail_order:
                continue
            if not self._told(kept) & set(events[events.index(step) :]):
                found.append(kept)
        return [each.id for each in sorted(found, key=lambda each: (each.set_aside_at, each.id))]

    async def recipients(self, customers: Collection[CustomerId]) -> dict[CustomerId, Recipient]:
        found = {}
        for each in customers:
            if (card := self._base.tables.customers.get(each)) is None:
                continue
            card = self._base.tables.customers[card.merged_into or card.id]
            ledger = [entry for entry in self._base.tables.consents if entry.customer_id == card.id]
            details = card.details
            found[each] = Recipient(
                customer_id=card.id,
                name=" ".join(filter(None, (details.first_name, details.name))),
                email=details.email,
                phone=details.phone,
                mobile=DIRECTORY.mobile(details.phone),
                code=card.code,
                confidentiality=details.confidentiality_code,
                language=Language.ENGLISH if details.language == Language.ENGLISH else Language.FRENCH,
                consents=tuple(standing(ledger, no_sms=details.no_sms)),
                anonymised=card.anonymised_at is not None,
            )
        return found

    async def for_reservations(self, reservations: Sequence[Reservation]) -> dict[ReservationId, Recipient]:
        found = {}
        for each in reservations:
            if each.customer_id is not None:
                found[each.id] = (await self.recipients([each.customer_id]))[each.customer_id]
            elif each.order_id is not None:
                found[each.id] = _stranger(self._base.tables.orders[each.order_id].contact)
            else:
                found[each.id] = _stranger(Contact(name=each.name, email=each.email, phone=each.phone))
        return found

    async def for_order(self, order_id: OrderId) -> Recipient:
        if (order := self._base.tables.orders.get(order_id)) is None:
            raise NotFound(what="order")
        if order.customer_id is None:
            return _stranger(order.contact)
        return (await self.recipients([order.customer_id]))[order.customer_id]

    async def template(self, event: MessageEvent, language: Language) -> Template:
        await self._held.take(("template", event, language))
        return self._base.tables.templates.get((event, language), DEFAULTS[event, language])

    def add(self, message: Message) -> None:
        self._new.append(message)

    def save(self, message: Message) -> None:
        self._changed.append(message)

    def put_template(self, template: Template, *, now: datetime) -> None:
        self._templates.append(template)

    def remove_template(self, template: Template) -> None:
        self._gone.append(template)

    def _told(self, kept: Reservation) -> set[MessageEvent]:
        return {
            each.event
            for each in self._base.tables.messages.values()
            if kept.id in each.reservation_ids
            and (each.state is not MessageState.WITHHELD or each.reason is Withheld.DROPPED)
            and each.created_at >= kept.set_aside_at
        }

    async def settle(self, tables: Tables) -> None:
        for message in self._changed:
            if tables.messages[message.id].version != self._loaded[message.id]:
                raise StaleVersion
        for message in [*self._new, *self._changed]:
            standing_in = {each.key for each in tables.messages.values() if each.id != message.id}
            if message.key is not None and message.key in standing_in:
                raise MessageTold
            if (message.state in {MessageState.QUEUED, MessageState.SENDING}) != (message.ended_at is None):
                raise Impossible(f"such a message: {message}")
            tables.messages[message.id] = deepcopy(message)
        for template in self._templates:
            there = tables.templates.get((template.event, template.language))
            if (there.version if there else 0) != template.version - 1:
                raise StaleVersion
            tables.templates[template.event, template.language] = replace(template)
        for template in self._gone:
            there = tables.templates.get((template.event, template.language))
            if there is None or there.version != template.version:
                raise StaleVersion
            del tables.templates[template.event, template.language]


def _stranger(contact: Contact) -> Recipient:
    return Recipient(
        customer_id=None,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        mobile=DIRECTORY.mobile(contact.phone),
    )
