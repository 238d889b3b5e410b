"""What the demo shop told its customers: arrivals, a few reminders, one that did not get through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from domain.model.card import Purpose
from domain.model.customer import Customer
from domain.model.message import (
    Kept,
    Language,
    Message,
    MessageChannel,
    MessageEvent,
    MessageState,
    Recipient,
    Subject,
    told_key,
)
from domain.model.reservation import Reservation, State
from domain.model.values import CustomerId, MessageId
from domain.model.wording import DEFAULTS, worded
from infra.demo.days import Days
from infra.directory import Directory

TOLD = 0.8
"""How many heard of an arrival: the others have no address, or were there."""


@dataclass(slots=True, kw_only=True)
class MessageWriter:
    """Fills ``messages`` for the copies that wait, one for each customer and day."""

    shop: str
    customers: Iterable[Customer]
    reservations: Iterable[Reservation]
    days: Days
    by: str
    messages: list[Message] = field(default_factory=list)

    def write(self) -> None:
        cards = {customer.id: customer for customer in self.customers}
        waiting = [
            kept
            for kept in self.reservations
            if kept.state is State.SET_ASIDE and kept.customer_id is not None and not kept.digital
        ]
        waiting.sort(key=lambda kept: (kept.set_aside_at.date(), str(kept.customer_id), kept.id))
        for (_, customer_id), group in groupby(waiting, key=lambda kept: (kept.set_aside_at.date(), kept.customer_id)):
            copies = list(group)
            recipient = _recipient(cards, customer_id)
            if recipient is None or self.days.rng.random() > TOLD:
                continue
            at = copies[0].set_aside_at + timedelta(minutes=15)
            self._tell(recipient, copies, MessageEvent.ARRIVAL, at)
            week = at + timedelta(days=7)
            if week < self.days.now and self.days.rng.random() < TOLD:
                self._tell(recipient, copies, MessageEvent.REMINDER_1, week)
        if self.messages:
            last = max(self.messages, key=lambda message: message.created_at)
            last.state, last.attempts = MessageState.DEAD, 1
            last.error = "550 5.1.1 Adresse inconnue"

    def _tell(self, recipient: Recipient, copies: list[Reservation], event: MessageEvent, at: datetime) -> None:
        channel = MessageChannel.EMAIL if recipient.email else MessageChannel.SMS
        day = at.astimezone(self.days.zone).date()
        key = told_key(recipient, channel, event, day=day, order_id=None)
        if at > self.days.now or any(message.key == key for message in self.messages):
            return
        subject = Subject(
            shop=self.shop,
            name=recipient.name,
            kept=[
                Kept(reservation_id=kept.id, title=kept.title, quantity=kept.quantity, deadline=kept.pickup_deadline)
                for kept in copies
            ],
        )
        self.messages.append(
            Message(
                id=MessageId(self.days.new_id(at)),
                customer_id=recipient.customer_id,
                name=recipient.name,
                channel=channel,
                address=recipient.address(channel) or "",
                language=Language.FRENCH,
                purpose=Purpose.ORDER_ARRIVAL,
                event=event,
                key=key,
                day=day,
                words=worded(DEFAULTS[event, Language.FRENCH], subject, channel),
                reservation_ids=tuple(kept.id for kept in copies),
                order_id=None,
                created_at=at,
                send_after=at,
                by=self.by,
                state=MessageState.SENT,
                attempts=1,
                ended_at=at + timedelta(seconds=2),
            )
        )


def _recipient(cards: Mapping[CustomerId, Customer], customer_id: CustomerId | None) -> Recipient | None:
    """The customer, where a message would have reached him."""
    card = cards[customer_id].details if customer_id else None
    mobile = Directory().mobile(card.phone) if card and not card.no_sms else None
    if card is None or not (card.email or mobile):
        return None
    return Recipient(
        customer_id=customer_id,
        name=" ".join(filter(None, (card.first_name, card.name))),
        email=card.email,
        phone=card.phone,
        mobile=mobile,
    )
