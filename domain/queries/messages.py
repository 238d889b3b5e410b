"""Messages and their templates as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.model.card import Purpose
from domain.model.message import (
    Language,
    Message,
    MessageChannel,
    MessageEvent,
    MessageState,
    Template,
    Withheld,
)
from domain.model.values import CustomerId, DossierId, MessageId, OrderId, ReservationId
from domain.model.wording import segments
from domain.queries.pages import Count, Page, PageRequest

SORTS = ("created_at", "day", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """What to search; None means: whatever. ``name`` is the start of words of the recipient's name."""

    states: tuple[MessageState, ...] = ()
    channel: MessageChannel | None = None
    event: MessageEvent | None = None
    customer_id: CustomerId | None = None
    order_id: OrderId | None = None
    reservation_id: ReservationId | None = None
    day_from: date | None = None
    day_to: date | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message as it stands. ``customer_code`` and ``order_number`` are None without a card or an order."""

    id: MessageId
    created_at: datetime
    send_after: datetime
    day: date
    customer_id: CustomerId | None
    customer_code: str | None
    name: str
    channel: MessageChannel
    address: str
    purpose: Purpose
    event: MessageEvent
    language: Language
    subject: str
    body: str
    state: MessageState
    reason: Withheld | None
    attempts: int
    error: str | None
    provider_id: str | None
    ended_at: datetime | None
    reservation_ids: tuple[ReservationId, ...]
    order_id: OrderId | None
    order_number: int | None
    by: str
    version: int


def message_view(message: Message, *, customer_code: str | None, order_number: int | None) -> MessageView:
    """The message as its reader would answer it."""
    return MessageView(
        id=message.id,
        created_at=message.created_at,
        send_after=message.send_after,
        day=message.day,
        customer_id=message.customer_id,
        customer_code=customer_code,
        name=message.name,
        channel=message.channel,
        address=message.address,
        purpose=message.purpose,
        event=message.event,
        language=message.language,
        subject=message.words.subject,
        body=message.words.body,
        state=message.state,
        reason=message.reason,
        attempts=message.attempts,
        error=message.error,
        provider_id=message.provider_id,
        ended_at=message.ended_at,
        reservation_ids=message.reservation_ids,
        order_id=message.order_id,
        order_number=order_number,
        by=message.by,
        version=message.version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """Who is not written to, and which rule forbids it. ``reservation_ids`` are the copies he would have heard of."""

    customer_id: CustomerId | None
    customer_code: str | None
    name: str
    reason: Withheld
    reservation_ids: tuple[ReservationId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """Messages that go out, or would, and who is not written to."""

    messages: tuple[MessageView, ...]
    withheld: tuple[HeldBack, ...]

    @property
    def segments(self) -> int:
        """How many SMS the provider will count."""
        return sum(segments(each.body) for each in self.messages if each.channel is MessageChannel.SMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateView:
    """The words in force; ``own`` when the shop wrote them."""

    template: Template
    own: bool


def template_view(template: Template) -> TemplateView:
    """A template as its reader would answer it; the words that every shop starts with have the version 0."""
    return TemplateView(template=template, own=template.version > 0)


class MessageReader(Protocol):
    async def by_id(self, dossier: DossierId, message_id: MessageId) -> MessageView:
        """Raises ``NotFound``."""
        ...

    async def search(self, dossier: DossierId, wanted: MessageFilter, page: PageRequest) -> Page[MessageView]: ...

    async def count(self, dossier: DossierId, wanted: MessageFilter) -> Count: ...

    async def templates(self, dossier: DossierId) -> Sequence[TemplateView]:
        """Those of every event and language, the shop's own before the house's."""
        ...
