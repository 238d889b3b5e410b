"""Who hears what, in which words, and which rule withholds it: one function for the preview, the button and the pass alike."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.events import Event, EventType
from domain.model.access import Caller
from domain.model.card import Purpose
from domain.model.message import (
    Kept,
    Language,
    Message,
    MessageChannel,
    MessageEvent,
    MessageState,
    Recipient,
    Subject,
    Template,
    Withheld,
    Words,
    told_key,
)
from domain.model.reservation import Reservation
from domain.model.values import MessageId, OrderId
from domain.model.wording import filled, worded
from domain.ports.messages import Job, JobKind
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.messages import Composition, HeldBack, message_view
from domain.usecases.unsubscribing import unsubscribe_url
from domain.usecases.work import Surroundings

WAY_OUT = {
    Language.FRENCH: "\n\nPour ne plus recevoir nos messages : {url}",
    Language.ENGLISH: "\n\nTo hear from us no more: {url}",
}
"""What ends an advertisement that does not name the way out itself (trade R23)."""
PLACE_OF_WAY_OUT = "{desabonnement}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeText:
    """Words for the occasion; an SMS has no subject."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What one person is to hear; ``words`` where they are made already."""

    recipient: Recipient
    event: MessageEvent
    purpose: Purpose = Purpose.ORDER_ARRIVAL
    kept: tuple[Kept, ...] = ()
    order_id: OrderId | None = None
    order_number: int | None = None
    text: FreeText | None = None
    words: Words | None = None

    def held(self, reason: Withheld) -> HeldBack:
        return held_back(self.recipient, reason, self.kept)


def held_back(recipient: Recipient, reason: Withheld, kept: Sequence[Kept] = ()) -> HeldBack:
    return HeldBack(
        customer_id=recipient.customer_id,
        customer_code=recipient.code,
        name=recipient.name,
        reason=reason,
        reservation_ids=tuple(each.reservation_id for each in kept),
    )


def kept_of(reservation: Reservation) -> Kept:
    """A reservation as a message speaks of it."""
    return Kept(
        reservation_id=reservation.id,
        title=reservation.title,
        quantity=reservation.quantity,
        deadline=reservation.pickup_deadline,
    )


@dataclass(slots=True, kw_only=True)
class Writer:
    """Words messages in one unit of work; each template is read once."""

    work: UnitOfWork
    by: Caller
    public_url: str
    _templates: dict[tuple[MessageEvent, Language], Template] = field(default_factory=dict)

    async def words(self, occasion: Occasion, channel: MessageChannel) -> Words:
        if occasion.words is not None:
            return occasion.words
        recipient = occasion.recipient
        subject = Subject(
            shop=self.by.dossier.name,
            name=recipient.name,
            kept=occasion.kept,
            order_number=occasion.order_number,
            unsubscribe_url=self.way_out(recipient, channel, occasion.purpose),
        )
        if (said := occasion.text) is not None:
            text = said.text
            if occasion.purpose is Purpose.MARKETING and PLACE_OF_WAY_OUT not in text:
                text = text.rstrip() + WAY_OUT[recipient.language].format(url=PLACE_OF_WAY_OUT)
            headline = filled(said.subject, subject, recipient.language, channel)
            return Words(
                subject="" if channel is MessageChannel.SMS else " ".join(headline.split()),
                body=filled(text, subject, recipient.language, channel),
            )
        key = (occasion.event, recipient.language)
        if key not in self._templates:
            self._templates[key] = await self.work.messages.template(*key)
        return worded(self._templates[key], subject, channel)

    def way_out(self, recipient: Recipient, channel: MessageChannel, purpose: Purpose) -> str | None:
        """Where he says that he wants to hear no more of that; None for a free name, who is written about his order only."""
        if recipient.customer_id is None or channel is MessageChannel.PHONE:
            return None
        return unsubscribe_url(self.public_url, self.by.dossier, recipient.customer_id, channel, purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Messages not yet kept, and what is withheld."""

    messages: Sequence[Message]
    withheld: Sequence[HeldBack]
    codes: Mapping[MessageId, str | None]
    numbers: Mapping[MessageId, int | None]

    def told(self) -> Composition:
        return Composition(
            messages=tuple(
                message_view(each, customer_code=self.codes[each.id], order_number=self.numbers[each.id])
                for each in self.messages
            ),
            withheld=tuple(self.withheld),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Composes for one caller at one moment. ``public_url`` is where customers reach this server."""

    around: Surroundings
    work: UnitOfWork
    by: Caller
    now: datetime
    public_url: str

    async def compose(
        self,
        occasions: Sequence[Occasion],
        *,
        channel: MessageChannel | None,
        held: Sequence[HeldBack] = (),
        most: int | None = None,
    ) -> Composed:
        """A message for each occasion that no rule forbids; ``channel`` None is the first that may be used,
        ``most`` how many messages are made at most.

        A person hears one message by a channel on a day: what a second one would say is withheld until the next day.
        """
        withheld, meant = list(held), []
        for occasion in occasions:
            chosen = self._channel(occasion, channel)
            if isinstance(chosen, Withheld):
                withheld.append(occasion.held(chosen))
            else:
                meant.append((occasion, chosen, self._send_after(chosen)))
        keys = [self._key(*each) for each in meant]
        taken = Counter(await self.work.messages.taken(keys)) if keys else Counter()
        writer = Writer(work=self.work, by=self.by, public_url=self.public_url)
        messages: list[Message] = []
        codes: dict[MessageId, str | None] = {}
        numbers: dict[MessageId, int | None] = {}
        for (occasion, chosen, after), key in zip(meant, keys, strict=True):
            if taken[key]:
                withheld.append(occasion.held(Withheld.TOLD_TODAY))
                continue
            if len(messages) == most:
                break
            taken[key] += 1
            message = self._message(occasion, chosen, after, key, await writer.words(occasion, chosen))
            messages.append(message)
            codes[message.id] = occasion.recipient.code
            numbers[message.id] = occasion.order_number
        return Composed(messages=messages, withheld=withheld, codes=codes, numbers=numbers)

    def keep(self, composed: Composed) -> None:
        """Keep the messages, and have them sent. A call that was made is told of only."""
        for message in composed.messages:
            self.work.messages.add(message)
            kind = EventType.MESSAGE_SENT
            if message.in_hand:
                kind = EventType.MESSAGE_QUEUED
                self.work.later(sending(message))
            self.work.emit(message_event(self.around, kind, message, self.by, self.now))

    def _channel(self, occasion: Occasion, asked: MessageChannel | None) -> MessageChannel | Withheld:
        if asked is not None:
            return occasion.recipient.forbids(asked, occasion.purpose) or asked
        reasons = []
        for channel in self.by.dossier.messages.channels:
            if channel is MessageChannel.PHONE:
                continue  # nobody telephones by himself
            reason = occasion.recipient.forbids(channel, occasion.purpose)
            if reason is None:
                return channel
            reasons.append(reason)
        return next((each for each in reasons if each is not Withheld.NO_ADDRESS), Withheld.NO_ADDRESS)

    def _send_after(self, channel: MessageChannel) -> datetime:
        if channel is MessageChannel.PHONE:
            return self.now
        return self.by.dossier.messages.next_opening(self.now, self._zone)

    def _key(self, occasion: Occasion, channel: MessageChannel, after: datetime) -> str:
        day = after.astimezone(self._zone).date()
        return told_key(occasion.recipient, channel, occasion.event, day=day, order_id=occasion.order_id)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.by.dossier.time_zone)

    def _message(self, occasion: Occasion, channel: MessageChannel, after: datetime, key: str, words: Words) -> Message:
        recipient = occasion.recipient
        made = Message(
            id=MessageId(self.around.new_id()),
            customer_id=recipient.customer_id,
            name=recipient.name,
            channel=channel,
            address=recipient.address(channel) or "",
            language=recipient.language,
            purpose=occasion.purpose,
            event=occasion.event,
            key=key,
            day=after.astimezone(self._zone).date(),
            words=words,
            reservation_ids=tuple(each.reservation_id for each in occasion.kept),
            order_id=occasion.order_id,
            created_at=self.now,
            send_after=after,
            by=self.by.client,
        )
        if channel is MessageChannel.PHONE:
            made.state, made.ended_at = MessageState.SENT, self.now
        return made


def sending(message: Message) -> Job:
    """The job that sends it, not before its time.

    Without a key: the job of a message that failed may still be on its way out when a person has it tried again.
    """
    return Job(kind=JobKind.SEND, subject=message.id.hex, after=message.send_after)


def message_event(around: Surroundings, kind: EventType, message: Message, by: Caller, at: datetime) -> Event:
    """What listeners hear of a message: who it is for, never what it says."""
    return around.event(
        kind,
        message.id,
        message.version,
        by,
        at,
        message_id=message.id.hex,
        customer_id=message.customer_id.hex if message.customer_id else None,
        order_id=message.order_id.hex if message.order_id else None,
        name=message.name,
    )
