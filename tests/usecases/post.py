"""A shop in memory that writes to its customers, and a carrier that does as it is told."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from domain.model.card import Channel, Consent, Purpose
from domain.model.customer import CustomerDetails
from domain.model.message import Message, MessageChannel, MessageEvent, MessageRules, MessageState
from domain.model.values import Contact, CustomerId, Ean, MessageId, ReservationId
from domain.ports.messages import CarrierError, JobKind, Letter
from domain.queries.messages import Composition, MessageView
from domain.usecases.messaging import Mailing, Messaging
from domain.usecases.reminding import Reminder, Reminding
from domain.usecases.reservations import ByHand
from domain.usecases.sending import Sending
from domain.usecases.stockroom import Wish
from tests.contracts import samples
from tests.contracts.house import FakeHouse
from tests.contracts.samples import EANS
from tests.usecases.shop import Shop

PUBLIC = "https://librairie.example"


class Pigeon:
    """``Carrier`` that carries everything, unless ``faults`` say what comes first."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.faults: list[CarrierError] = []

    async def carry(self, letter: Letter) -> str | None:
        if self.faults:
            raise self.faults.pop(0)
        self.letters.append(letter)
        return f"<{letter.id.hex}@test>"


class Post(Shop):
    """The counter, with whom to write to. It is Monday, ten o'clock in Paris."""

    def __init__(self, house: FakeHouse, rules: MessageRules | None = None) -> None:
        super().__init__(house)
        self.fake = house
        self.pigeon = Pigeon()
        self.messaging = Messaging(self.around, PUBLIC)
        self.reminding = Reminding(self.around, PUBLIC)
        self.sending = Sending(self.around, self.pigeon, PUBLIC)
        self.under(rules or MessageRules(grace=0))

    def under(self, rules: MessageRules) -> None:
        """Other rules from now on."""
        self.staff = replace(self.staff, dossier=replace(self.staff.dossier, messages=rules))

    async def open(self) -> "Post":
        await self.catalogue(EANS)
        await self.receive(*((ean, 90) for ean in EANS))
        return self

    async def reader(self, name: str = "MARTIN", **more: Any) -> CustomerId:
        card = samples.customer(self.house.new_id, name=name, barcode=None)
        card.code = f"C{card.id.int >> 80:07d}"
        details: dict[str, Any] = {
            "first_name": "Claire",
            "email": "claire@example.org",
            "phone": None,
            "no_sms": False,
        }
        details |= {"light": CustomerDetails(name="x").light, "light_message": None, "closed_on": None, **more}
        card.details = replace(card.details, **details)
        async with self.house.begin(self.house.dossier) as work:
            work.customers.add(card)
            await work.commit()
        return card.id

    async def says(self, customer: CustomerId, channel: str, purpose: Purpose, *, granted: bool) -> None:
        """The customer allows or refuses."""
        said = Consent(
            id=self.house.new_id(),
            customer_id=customer,
            channel=Channel(channel),
            purpose=purpose,
            granted=granted,
            source=None,
            at=self.house.clock(),
            by="staff:1",
        )
        async with self.house.begin(self.house.dossier) as work:
            work.consents.add(said)
            await work.commit()

    async def set_apart(
        self, customer: CustomerId | None = None, *, ean: Ean = EANS[0], contact: Contact | None = None
    ) -> ReservationId:
        """Set a copy aside by hand."""
        wanted = ByHand(ean=ean, quantity=1, customer_id=customer, contact=contact, wish=Wish())
        kept = await self._result(self.reservations.make(by=self.staff, wanted=wanted, once=self.once()))
        found: ReservationId = kept.id
        return found

    def reminder(self, ids: Iterable[ReservationId], channel: str | None = None, event: str | None = None) -> Reminder:
        return Reminder(
            reservation_ids=list(ids),
            channel=MessageChannel(channel) if channel else None,
            event=MessageEvent(event) if event else None,
        )

    async def remind(self, *ids: ReservationId, channel: str | None = None, event: str | None = None) -> Composition:
        """Press the button, having looked at the preview: which must tell exactly what then happens."""
        wanted = self.reminder(ids, channel, event)
        seen = await self.reminding.preview(by=self.staff, reminder=wanted)
        done: Composition = await self._result(self.reminding.remind(by=self.staff, reminder=wanted, once=self.once()))
        assert alike(seen) == alike(done)
        return done

    async def write(
        self,
        *customers: CustomerId,
        channel: str = "email",
        purpose: Purpose = Purpose.MARKETING,
        subject: str | None = "Rencontre",
        text: str = "Bonjour {client}, venez samedi.",
    ) -> Composition:
        mailing = Mailing(
            customer_ids=customers, channel=MessageChannel(channel), purpose=purpose, subject=subject, text=text
        )
        seen = await self.messaging.preview(by=self.staff, mailing=mailing)
        done: Composition = await self._result(self.messaging.send(by=self.staff, mailing=mailing, once=self.once()))
        assert alike(seen) == alike(done)
        return done

    async def go_through(self) -> int:
        return await self.reminding.go_through(by=self.staff)

    async def send(self, message_id: MessageId) -> datetime | None:
        return await self.sending.send(by=self.staff, message_id=message_id)

    async def send_all(self) -> list[Letter]:
        """Do what is due; the letters that this carried."""
        before = len(self.pigeon.letters)
        for message in list(self.messages.values()):
            if message.in_hand:
                await self.send(message.id)
        return self.pigeon.letters[before:]

    async def decide(self, view: Message, *, again: bool) -> MessageView:
        act = self.messaging.retry if again else self.messaging.drop
        told = act(by=self.staff, message_id=view.id, version=view.version, once=self.once())
        found: MessageView = await self._result(told)
        return found

    @property
    def messages(self) -> dict[MessageId, Message]:
        return self.fake.base.tables.messages

    @property
    def message(self) -> Message:
        """The only one."""
        (found,) = self.messages.values()
        return found

    def jobs(self, kind: JobKind) -> list[str | None]:
        return [each.subject for each in self.fake.base.tables.jobs if each.kind is kind]

    def later(self, **much: float) -> datetime:
        """Time passes."""
        self.fake.clock.now += timedelta(**much)
        return self.fake.clock.now

    @property
    def today(self) -> date:
        return self.around.today(self.staff.dossier)

    def in_state(self, state: MessageState) -> list[Message]:
        return [each for each in self.messages.values() if each.state is state]


def alike(composition: Composition) -> object:
    """A composition without what differs from one moment to the next."""
    fields = ("customer_id", "name", "channel", "address", "event", "purpose", "subject", "body", "day")
    return (
        [(*(getattr(each, name) for name in fields), each.reservation_ids) for each in composition.messages],
        composition.withheld,
        composition.segments,
    )
