"""Messages to customers: an arrived copy, reminders, advertising; by e-mail, SMS, or told by telephone (A38, A51, C11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.errors import Fault, Inconsistent, MessageGone
from domain.model.card import Channel, Purpose
from domain.model.consents import NO_SMS, Standing
from domain.model.values import CustomerId, MessageId, OrderId, ReservationId


class MessageChannel(StrEnum):
    """How it goes out; ``phone`` is a call that a person made and wrote down."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"


class MessageEvent(StrEnum):
    """What a message is about. Reminders follow each other as the settings say.

    Each has its template but ``free``, and ``invoice_reminder`` whose words are those of a scenario (B28).
    """

    ARRIVAL = "arrival"
    REMINDER_1 = "reminder_1"
    REMINDER_2 = "reminder_2"
    REMINDER_3 = "reminder_3"
    LAST_CALL = "last_call"
    CANCELLED = "cancelled"
    ORDER_CONFIRMED = "order_confirmed"
    INVOICE_REMINDER = "invoice_reminder"
    FREE = "free"

    @property
    def of_pickup(self) -> bool:
        """Whether it is about copies that wait to be picked up, and so is void once they are gone."""
        return self in PICKUP_EVENTS


PICKUP_EVENTS = (
    MessageEvent.ARRIVAL,
    MessageEvent.REMINDER_1,
    MessageEvent.REMINDER_2,
    MessageEvent.REMINDER_3,
    MessageEvent.LAST_CALL,
)
"""In the order in which one customer hears them."""


class MessageState(StrEnum):
    """``queued`` -> ``sending`` -> ``sent``; ``withheld`` when a rule forbids it at that moment; ``dead`` when it was refused

    for good or too often; ``uncertain`` when the line broke after all was said, so that only a person can know.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    WITHHELD = "withheld"
    DEAD = "dead"
    UNCERTAIN = "uncertain"


class Withheld(StrEnum):
    """Why a message does not go out."""

    NO_ADDRESS = "no_address"
    NO_SMS = "no_sms"
    REFUSED = "refused"
    NO_CONSENT = "no_consent"
    TOLD_TODAY = "told_today"
    ALREADY_TOLD = "already_told"
    ENDED = "ended"
    ANONYMISED = "anonymised"
    DROPPED = "dropped"


class Language(StrEnum):
    FRENCH = "fr"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the escalation: ``event`` from ``after_days`` days after the copy was set aside on (J+0, J+7, J+14)."""

    event: MessageEvent
    after_days: int


STEPS = (
    Step(event=MessageEvent.ARRIVAL, after_days=0),
    Step(event=MessageEvent.REMINDER_1, after_days=7),
    Step(event=MessageEvent.LAST_CALL, after_days=14),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRules:
    """What the shop decided. ``channels`` in order of preference; ``automatic`` events go out without a button.

    A pick-up message waits ``grace`` minutes, so that books scanned one after another make one message. Nothing goes out
    before ``from_hour`` or from ``to_hour`` on, in the dossier's time zone. Raises ``Inconsistent`` for steps out of order.
    """

    channels: tuple[MessageChannel, ...] = (MessageChannel.EMAIL, MessageChannel.SMS)
    steps: tuple[Step, ...] = STEPS
    automatic: frozenset[MessageEvent] = frozenset({*PICKUP_EVENTS, MessageEvent.CANCELLED})
    grace: int = 15
    from_hour: int = 9
    to_hour: int = 19

    def __post_init__(self) -> None:
        faults = []
        order = [PICKUP_EVENTS.index(step.event) if step.event.of_pickup else -1 for step in self.steps]
        days = [step.after_days for step in self.steps]
        if -1 in order or order != sorted(set(order)) or days != sorted(set(days)):
            faults.append(Fault("steps-in-order", "/messages/steps"))
        if self.from_hour >= self.to_hour:
            faults.append(Fault("period", "/messages/to_hour"))
        if faults:
            raise Inconsistent(faults=faults)

    def step_on(self, set_aside_on: date, today: date) -> MessageEvent | None:
        """The last step whose day has come; None before the first."""
        passed = [step.event for step in self.steps if set_aside_on + timedelta(days=step.after_days) <= today]
        return passed[-1] if passed else None

    def from_step(self, event: MessageEvent) -> frozenset[MessageEvent]:
        """The steps from ``event`` on: who heard one of them has heard of ``event`` too."""
        events = [step.event for step in self.steps]
        return frozenset(events[events.index(event) :]) if event in events else frozenset({event})

    def next_opening(self, now: datetime, zone: ZoneInfo) -> datetime:
        """``now``, or the next moment at which messages may go out."""
        here = now.astimezone(zone)
        if here.hour < self.from_hour:
            return datetime.combine(here.date(), time(self.from_hour), zone).astimezone(now.tzinfo)
        if here.hour >= self.to_hour:
            return datetime.combine(here.date() + timedelta(days=1), time(self.from_hour), zone).astimezone(now.tzinfo)
        return now


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who hears it: a customer of the file, or the free name of an order or a reservation by hand.

    ``phone`` is as written, ``mobile`` the same in E.164 where it is a mobile number, which alone takes an SMS. ``code`` and
    ``confidentiality`` are those of the card (B30).
    """

    customer_id: CustomerId | None
    name: str
    email: str | None
    phone: str | None
    mobile: str | None = None
    code: str | None = None
    confidentiality: str | None = None
    language: Language = Language.FRENCH
    consents: tuple[Standing, ...] = ()
    anonymised: bool = False

    @property
    def key(self) -> str:
        """The same for all that is meant for this person: the card, else the address, else the name."""
        return self.customer_id.hex if self.customer_id else (self.email or self.phone or self.name).casefold()

    def address(self, channel: MessageChannel) -> str | None:
        """Where the channel reaches him."""
        match channel:
            case MessageChannel.EMAIL:
                return self.email
            case MessageChannel.SMS:
                return self.mobile
            case MessageChannel.PHONE:
                return self.phone

    def forbids(self, channel: MessageChannel, purpose: Purpose) -> Withheld | None:
        """Why nothing may be sent to him that way; None when it may.

        A message about his own order is service and needs no consent, but is not sent against a refusal; advertising needs
        a consent given (trade R23, A58). "Pas de SMS" refuses every SMS (A59).
        """
        if self.anonymised:
            return Withheld.ANONYMISED
        if not self.address(channel):
            return Withheld.NO_ADDRESS
        if channel is MessageChannel.PHONE:
            return None
        wire = Channel(channel.value)
        said = next((each for each in self.consents if (each.channel, each.purpose) == (wire, purpose)), None)
        if said is not None and not said.granted:
            return Withheld.NO_SMS if said.reason == NO_SMS else Withheld.REFUSED
        if said is None and purpose is Purpose.MARKETING:
            return Withheld.NO_CONSENT
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The words of one event in one language, as the shop wrote them. ``subject`` and ``body`` are for e-mails."""

    event: MessageEvent
    language: Language
    subject: str
    body: str
    sms: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message, worded. An SMS has no subject."""

    subject: str
    body: str


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """One message to one person. ``key`` is unique while it stands: nobody hears the same twice (``told_key``).

    ``day`` is the business day it is meant for, ``address`` an e-mail address or a number in E.164. ``error`` is what the
    other side said last.
    """

    id: MessageId
    customer_id: CustomerId | None
    name: str
    channel: MessageChannel
    address: str
    language: Language
    purpose: Purpose
    event: MessageEvent
    key: str | None
    day: date
    words: Words
    reservation_ids: tuple[ReservationId, ...]
    order_id: OrderId | None
    created_at: datetime
    send_after: datetime
    by: str
    state: MessageState = MessageState.QUEUED
    reason: Withheld | None = None
    attempts: int = 0
    error: str | None = None
    provider_id: str | None = None
    ended_at: datetime | None = None
    version: int = 1

    @property
    def in_hand(self) -> bool:
        """Whether it is still to go out; one that is found ``sending`` was begun by a worker that did not end it."""
        return self.state in {MessageState.QUEUED, MessageState.SENDING}

    def aim(self, recipient: Recipient, *, key: str | None, day: date) -> None:
        """Whom it reaches, where and on which day, as it is at this moment: cards are merged, addresses change."""
        self.customer_id, self.name = recipient.customer_id, recipient.name
        self.address = recipient.address(self.channel) or self.address
        self.key, self.day = key, day

    def begin(self, words: Words) -> None:
        """It goes out now, in these words. Raises ``MessageGone`` when it is no longer on its way."""
        if not self.in_hand:
            raise MessageGone(state=self.state.value)
        self.state = MessageState.SENDING
        self.words = words
        self.attempts += 1
        self.version += 1

    def sent(self, *, provider_id: str | None, now: datetime) -> None:
        self._end(MessageState.SENT, now)
        self.provider_id, self.error = provider_id, None

    def withhold(self, reason: Withheld, *, now: datetime) -> None:
        """A rule forbids it; its key is free for another."""
        self._end(MessageState.WITHHELD, now)
        self.reason, self.key = reason, None

    def fail(self, error: str, *, state: MessageState, now: datetime) -> None:
        """``dead`` or ``uncertain``, until a person decides."""
        self._end(state, now)
        self.error = error

    def put_off(self, error: str | None, *, until: datetime) -> None:
        """It cannot go out now, which ``error`` explains; it is tried again from ``until`` on."""
        self.state, self.send_after = MessageState.QUEUED, until
        self.error = error or self.error
        self.version += 1

    def retry(self, *, now: datetime) -> None:
        """A person has it sent after all. Raises ``MessageGone`` unless it is dead or uncertain."""
        self._expect_failed()
        self.state, self.attempts, self.ended_at, self.send_after = MessageState.QUEUED, 0, None, now
        self.version += 1

    def drop(self, *, now: datetime) -> None:
        """A person gives it up. Raises ``MessageGone`` when it was sent, or was withheld before."""
        if self.state in {MessageState.SENT, MessageState.WITHHELD, MessageState.SENDING}:
            raise MessageGone(state=self.state.value)
        self.withhold(Withheld.DROPPED, now=now)

    def _expect_failed(self) -> None:
        if self.state not in {MessageState.DEAD, MessageState.UNCERTAIN}:
            raise MessageGone(state=self.state.value)

    def _end(self, state: MessageState, now: datetime) -> None:
        self.state, self.ended_at = state, now
        self.version += 1


def told_key(
    recipient: Recipient, channel: MessageChannel, event: MessageEvent, *, day: date, order_id: OrderId | None
) -> str:
    """What may be there once only: one message to a person by a channel on a day.

    The confirmation or cancellation of an order answers what the customer did himself: one for each order.
    """
    if event in {MessageEvent.ORDER_CONFIRMED, MessageEvent.CANCELLED} and order_id is not None:
        return f"{order_id.hex}:{event.value}:{channel.value}"
    return f"{recipient.key}:{channel.value}:{day.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A copy that waits, as a message speaks of it."""

    reservation_id: ReservationId
    title: str
    quantity: int
    deadline: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a message has to say: facts that fill the placeholders of its template."""

    shop: str
    name: str
    kept: Sequence[Kept] = ()
    order_number: int | None = None
    unsubscribe_url: str | None = None
    more: Mapping[str, str] = field(default_factory=dict)

    def without(self, gone: frozenset[ReservationId]) -> "Subject":
        return replace(self, kept=tuple(each for each in self.kept if each.reservation_id not in gone))
