"""One message goes out: judged once more at that moment, carried, and marked (C11).

Three steps: what is to be said is written down with the state ``sending``; the carrier takes it; what became of it is written
down. A worker that dies between the second and the third cannot know: the next one says it again under the same Message-ID.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.errors import MessageTold, NotFound, StaleVersion, TryAgain
from domain.events import EventType
from domain.model.access import Caller
from domain.model.card import Purpose
from domain.model.message import Message, MessageEvent, MessageState, Recipient, Withheld, told_key
from domain.model.order import Status
from domain.model.reservation import Reservation, State
from domain.model.values import MessageId
from domain.ports.messages import Carrier, Letter, Refused, Uncertain, Unreachable
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.composing import Occasion, Writer, kept_of, message_event
from domain.usecases.reaching import still_owed
from domain.usecases.work import Surroundings, until_told

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""How long after each attempt the next one is made; after the last the message is dead."""
MARKING = 60
"""Tries, a second apart, to write down what became of a message that was carried: a database that starts anew is waited for."""
PAUSE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """What became of an attempt. ``until`` None: it is not tried again."""

    state: MessageState
    provider_id: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    around: Surroundings
    carrier: Carrier
    public_url: str

    async def send(self, *, by: Caller, message_id: MessageId) -> datetime | None:
        """Send a message that is on its way; the moment at which to come back, or None when there is nothing more to do."""
        begun = await until_told(lambda: self._begin(by, message_id))
        if not isinstance(begun, Letter):
            return begun
        try:
            end = _End(state=MessageState.SENT, provider_id=await self.carrier.carry(begun))
        except Unreachable as fault:
            end = _End(state=MessageState.QUEUED, error=str(fault))
        except Refused as fault:
            end = _End(state=MessageState.DEAD, error=str(fault))
        except Uncertain as fault:
            end = _End(state=MessageState.UNCERTAIN, error=str(fault))
        return await self._marked(by, message_id, end)

    async def _begin(self, by: Caller, message_id: MessageId) -> Letter | datetime | None:
        rules, now = by.dossier.messages, self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            try:
                message = await work.messages.lock(message_id)
            except NotFound:
                return None  # its person was erased with it
            if not message.in_hand:
                return None
            if message.state is MessageState.QUEUED and message.send_after > now:
                return message.send_after
            if (opening := rules.next_opening(now, ZoneInfo(by.dossier.time_zone))) > now:
                message.put_off(None, until=opening)
                work.messages.save(message)
                await work.commit()
                return opening
            found = await self._judged(work, by, message)
            if isinstance(found, Withheld):
                message.withhold(found, now=now)
                work.messages.save(message)
                work.emit(message_event(self.around, EventType.MESSAGE_WITHHELD, message, by, now))
                await work.commit()
                return None
            writer = Writer(work=work, by=by, public_url=self.public_url)
            words = message.words
            if message.event is not MessageEvent.FREE:
                words = await writer.words(found, message.channel)
            message.begin(words)
            work.messages.save(message)
            way_out = None
            if message.purpose is Purpose.MARKETING:
                way_out = writer.way_out(found.recipient, message.channel, message.purpose)
            await work.commit()
            return Letter(
                id=message.id,
                channel=message.channel,
                sender=by.dossier.name,
                name=message.name,
                address=message.address,
                subject=words.subject,
                body=words.body,
                unsubscribe_url=way_out,
                demo=by.dossier.demo,
            )

    async def _judged(self, work: UnitOfWork, by: Caller, message: Message) -> Occasion | Withheld:
        """What there is to say at this moment, the message aimed at whom it reaches now; else the rule that forbids it."""
        occasion = await self._present(work, by, message)
        if isinstance(occasion, Withheld):
            return occasion
        recipient = occasion.recipient
        if (reason := recipient.forbids(message.channel, message.purpose)) is not None:
            return reason
        day = self.around.today(by.dossier)
        if message.event is MessageEvent.INVOICE_REMINDER:
            # once for each step of an invoice, which its run saw to
            message.aim(recipient, key=message.key, day=day)
            return occasion
        key = told_key(recipient, message.channel, message.event, day=day, order_id=message.order_id)
        if key != message.key and await work.messages.taken([key]):
            return Withheld.TOLD_TODAY
        message.aim(recipient, key=key, day=day)
        return occasion

    async def _present(self, work: UnitOfWork, by: Caller, message: Message) -> Occasion | Withheld:
        if message.event.of_pickup:
            return await self._kept(work, message)
        if message.event is MessageEvent.INVOICE_REMINDER:
            return await still_owed(work, by, message, today=self.around.today(by.dossier))
        if message.order_id is not None:
            order = await work.orders.get(message.order_id)
            if (order.status is Status.CANCELLED) != (message.event is MessageEvent.CANCELLED):
                return Withheld.ENDED
            recipient = await work.messages.for_order(order.id)
            return Occasion(recipient=recipient, event=message.event, order_id=order.id, order_number=order.number)
        person = await self._card(work, message)
        if person is None:
            return Withheld.NO_ADDRESS
        return Occasion(recipient=person, event=message.event, purpose=message.purpose)

    async def _kept(self, work: UnitOfWork, message: Message) -> Occasion | Withheld:
        """The copies of the message that still wait, for the same person and since before it was composed."""
        waiting: list[Reservation] = [
            each
            for each in await work.reservations.peek(message.reservation_ids)
            if each.state is State.SET_ASIDE and each.set_aside_at <= message.created_at
        ]
        people = await work.messages.for_reservations(waiting)
        person = await self._card(work, message)
        if person is None and waiting:
            person = people[waiting[0].id]
        his = tuple(kept_of(each) for each in waiting if person is not None and people[each.id].key == person.key)
        if person is None or not his:
            return Withheld.ENDED
        return Occasion(recipient=person, event=message.event, kept=his)

    async def _card(self, work: UnitOfWork, message: Message) -> Recipient | None:
        if message.customer_id is None:
            return None
        return (await work.messages.recipients([message.customer_id])).get(message.customer_id)

    async def _marked(self, by: Caller, message_id: MessageId, end: _End) -> datetime | None:
        """Write down what became of it, and wait for a database that is gone for a moment: forgetting would send it twice."""
        for _ in range(MARKING - 1):
            try:
                return await self._mark(by, message_id, end)
            except (TryAgain, StaleVersion, MessageTold):
                await asyncio.sleep(PAUSE)
        return await self._mark(by, message_id, end)

    async def _mark(self, by: Caller, message_id: MessageId, end: _End) -> datetime | None:
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            message = await work.messages.lock(message_id)
            if message.state is not MessageState.SENDING:
                return None
            until = None
            if end.state is MessageState.SENT:
                message.sent(provider_id=end.provider_id, now=now)
                work.emit(message_event(self.around, EventType.MESSAGE_SENT, message, by, now))
            elif end.state is MessageState.QUEUED and message.attempts <= len(BACKOFF):
                until = now + BACKOFF[message.attempts - 1]
                message.put_off(end.error, until=until)
            else:
                state = MessageState.DEAD if end.state is MessageState.QUEUED else end.state
                message.fail(end.error or "", state=state, now=now)
                work.emit(message_event(self.around, EventType.MESSAGE_DEAD, message, by, now))
            work.messages.save(message)
            await work.commit()
            return until
