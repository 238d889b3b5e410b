"""Messages on the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.base import (
    LINE,
    TEXT,
    Closed,
    Listing,
    Open,
    UtcInstant,
    open_choice,
    prefixed,
    wire_id,
)
from api.schemas.identities import CustomerKey
from api.schemas.reservations import ReservationKey
from domain.model.card import Purpose
from domain.model.message import (
    Language,
    MessageChannel,
    MessageEvent,
    MessageState,
    Withheld,
)
from domain.model.values import CustomerId, ReservationId
from domain.queries.messages import Composition, HeldBack, MessageView
from domain.usecases.messaging import Mailing
from domain.usecases.reminding import Reminder

MessageKey = prefixed("msg")
MOST = 200
"""Persons or copies named in one request."""
Written = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=TEXT)]
Headline = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
PickupEvent = Literal["arrival", "reminder_1", "reminder_2", "reminder_3", "last_call"]


class Message(Open):
    """One message to one person.

    `day` is the business day it is meant for; `reason` why it was withheld; `error` what the other side said last; `address`
    an e-mail address, or a telephone number. A preview's messages have ids that lead nowhere.
    """

    id: str = Field(examples=["msg_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    created_at: UtcInstant
    send_after: UtcInstant
    day: date = Field(examples=["2026-11-21"])
    customer_id: str | None = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    customer_code: str | None = Field(examples=["C000123"])
    name: str = Field(examples=["Claire MARTIN"])
    channel: open_choice(MessageChannel)  # type: ignore[valid-type]
    address: str = Field(examples=["claire.martin@example.org"])
    purpose: open_choice(Purpose)  # type: ignore[valid-type]
    event: open_choice(MessageEvent)  # type: ignore[valid-type]
    language: open_choice(Language)  # type: ignore[valid-type]
    subject: str = Field(examples=["Votre livre est arrivé"])
    body: str
    state: open_choice(MessageState)  # type: ignore[valid-type]
    reason: open_choice(Withheld) | None  # type: ignore[valid-type]
    attempts: int = Field(examples=[1])
    error: str | None
    provider_id: str | None
    ended_at: UtcInstant | None
    reservation_ids: list[str]
    order_id: str | None
    order_number: int | None = Field(examples=[46407])
    by: str = Field(examples=["staff:019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    version: int = Field(examples=[1])

    @classmethod
    def of(cls, view: MessageView) -> "Message":
        return cls(
            id=wire_id("msg", view.id),
            created_at=view.created_at,
            send_after=view.send_after,
            day=view.day,
            customer_id=wire_id("cus", view.customer_id) if view.customer_id else None,
            customer_code=view.customer_code,
            name=view.name,
            channel=view.channel.value,
            address=view.address,
            purpose=view.purpose.value,
            event=view.event.value,
            language=view.language.value,
            subject=view.subject,
            body=view.body,
            state=view.state.value,
            reason=view.reason.value if view.reason else None,
            attempts=view.attempts,
            error=view.error,
            provider_id=view.provider_id,
            ended_at=view.ended_at,
            reservation_ids=[wire_id("rsv", each) for each in view.reservation_ids],
            order_id=wire_id("ord", view.order_id) if view.order_id else None,
            order_number=view.order_number,
            by=view.by,
            version=view.version,
        )


class MessagePage(Listing[Message]):
    """A page of messages."""


class WithheldMessage(Open):
    """Who is not written to, and why."""

    customer_id: str | None
    customer_code: str | None
    name: str = Field(examples=["Claire MARTIN"])
    reason: open_choice(Withheld)  # type: ignore[valid-type]
    reservation_ids: list[str]

    @classmethod
    def of(cls, held: HeldBack) -> "WithheldMessage":
        return cls(
            customer_id=wire_id("cus", held.customer_id) if held.customer_id else None,
            customer_code=held.customer_code,
            name=held.name,
            reason=held.reason.value,
            reservation_ids=[wire_id("rsv", each) for each in held.reservation_ids],
        )


class MessageCounts(Open):
    """How many messages, how many persons who are not written to, and how many SMS the provider will count."""

    messages: int = Field(examples=[1])
    withheld: int = Field(examples=[0])
    segments: int = Field(examples=[1])


class Messages(Open):
    """What goes out, or would, and who is not written to."""

    messages: list[Message]
    withheld: list[WithheldMessage]
    counts: MessageCounts

    @classmethod
    def of(cls, composition: Composition) -> "Messages":
        return cls(
            messages=[Message.of(each) for each in composition.messages],
            withheld=[WithheldMessage.of(each) for each in composition.withheld],
            counts=MessageCounts(
                messages=len(composition.messages),
                withheld=len(composition.withheld),
                segments=composition.segments,
            ),
        )


class MessageCreate(Closed):
    """Words for customers of the file. `subject` is for e-mails, which need one; both may have the places of templates.

    `marketing` goes to those who consented, and always says how to hear no more of it; `order_arrival` to those who did not
    refuse.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"channel": {"const": "email"}}},
            "then": {"required": ["subject"], "properties": {"subject": {"type": "string"}}},
        }
    )

    customer_ids: Annotated[list[CustomerKey], Field(min_length=1, max_length=MOST)]
    channel: Literal["email", "sms"]
    purpose: Literal["marketing", "order_arrival"]
    subject: Headline | None = Field(default=None, examples=["Rencontre samedi"])
    text: Written = Field(examples=["Bonjour {client}, une rencontre a lieu samedi à {librairie}."])

    def meant(self) -> Mailing:
        return Mailing(
            customer_ids=[CustomerId(each) for each in self.customer_ids],
            channel=MessageChannel(self.channel),
            purpose=Purpose(self.purpose),
            subject=self.subject,
            text=self.text,
        )


class ReminderRequest(Closed):
    """Copies whose customers are to hear of them: one message a person.

    `channel` null is the first by which he may be reached, `phone` a call that was made; `event` null the present step of
    each copy, and named it is said again.
    """

    reservation_ids: Annotated[list[ReservationKey], Field(min_length=1, max_length=MOST)]
    channel: Literal["email", "sms", "phone"] | None = Field(default=None, examples=["email"])
    event: PickupEvent | None = Field(default=None, examples=["reminder_1"])

    def meant(self) -> Reminder:
        return Reminder(
            reservation_ids=[ReservationId(each) for each in self.reservation_ids],
            channel=MessageChannel(self.channel) if self.channel else None,
            event=MessageEvent(self.event) if self.event else None,
        )
