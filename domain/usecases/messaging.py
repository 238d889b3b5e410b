"""Messages to customers whom a person chose, and what becomes of messages that failed (A51, A58)."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import Fault, Invalid, NotFound
from domain.events import EventType
from domain.model.access import Caller
from domain.model.card import Purpose
from domain.model.message import Message, MessageChannel, MessageEvent
from domain.model.order import Status
from domain.model.values import CustomerId, MessageId, OrderId
from domain.model.wording import unknown_places
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.messages import Composition, MessageView, message_view
from domain.usecases.composing import Composed, Composer, FreeText, Occasion, message_event, sending
from domain.usecases.work import Surroundings, expect, told, until_done, until_told


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """Words for customers of the file; ``subject`` is for e-mails only."""

    customer_ids: Sequence[CustomerId]
    channel: MessageChannel
    purpose: Purpose
    subject: str | None
    text: str

    def check(self) -> FreeText:
        """Raises ``Invalid`` for an e-mail without a subject, and for places that do not exist."""
        faults = [*unknown_places(self.text, "/text"), *unknown_places(self.subject or "", "/subject")]
        if self.channel is MessageChannel.EMAIL and not (self.subject or "").strip():
            faults.append(Fault("blank", "/subject"))
        if not self.text.strip():
            faults.append(Fault("blank", "/text"))
        if faults:
            raise Invalid(faults=faults)
        return FreeText(subject=self.subject or "", text=self.text)


@dataclass(frozen=True, slots=True)
class Messaging:
    around: Surroundings
    public_url: str

    async def preview(self, *, by: Caller, mailing: Mailing) -> Composition:
        """What ``send`` would do now; nothing is kept. Raises ``Invalid``, ``NotFound``."""
        async with self.around.begin(by.dossier, by.client) as work:
            return (await self._composed(work, by, mailing)).told()

    async def send(self, *, by: Caller, mailing: Mailing, once: Once[Composition]) -> Told:
        """Write to those of the customers whom no rule protects (R23). Raises ``Invalid``, ``NotFound``."""

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                composer = self._composer(work, by)
                composed = await self._composed(work, by, mailing, composer)
                composer.keep(composed)
                return await told(work, once, composed.told())

        return await until_told(attempt)

    async def retry(self, *, by: Caller, message_id: MessageId, version: int, once: Once[MessageView]) -> Told:
        """Have a message sent after all that is dead or uncertain. Raises ``NotFound``, ``StaleVersion``, ``MessageGone``."""
        return await self._decide(by, message_id, version, once, again=True)

    async def drop(self, *, by: Caller, message_id: MessageId, version: int, once: Once[MessageView]) -> Told:
        """Give a message up that was not sent. Raises ``NotFound``, ``StaleVersion``, ``MessageGone``."""
        return await self._decide(by, message_id, version, once, again=False)

    async def tell_of_order(self, *, by: Caller, order_id: OrderId, event: MessageEvent) -> int:
        """Say that an order was noted or given up, once; how many messages that makes.

        Nothing is said of an order that is no longer so, nor against a refusal. Raises ``NotFound``.
        """

        async def attempt() -> int:
            async with self.around.begin(by.dossier, by.client) as work:
                order = await work.orders.get(order_id)
                if (order.status is Status.CANCELLED) != (event is MessageEvent.CANCELLED):
                    return 0
                composer = self._composer(work, by)
                occasion = Occasion(
                    recipient=await work.messages.for_order(order_id),
                    event=event,
                    order_id=order_id,
                    order_number=order.number,
                )
                composed = await composer.compose([occasion], channel=None)
                composer.keep(composed)
                await work.commit()
                return len(composed.messages)

        return await until_told(attempt)

    def _composer(self, work: UnitOfWork, by: Caller) -> Composer:
        return Composer(around=self.around, work=work, by=by, now=self.around.clock(), public_url=self.public_url)

    async def _composed(
        self, work: UnitOfWork, by: Caller, mailing: Mailing, composer: Composer | None = None
    ) -> Composed:
        text = mailing.check()
        wanted = list(dict.fromkeys(mailing.customer_ids))
        found = await work.messages.recipients(wanted)
        if any(each not in found or not by.may_see(found[each].confidentiality) for each in wanted):
            raise NotFound(what="customer")
        occasions = [
            Occasion(recipient=found[each], event=MessageEvent.FREE, purpose=mailing.purpose, text=text)
            for each in wanted
        ]
        return await (composer or self._composer(work, by)).compose(occasions, channel=mailing.channel)

    async def _decide(
        self, by: Caller, message_id: MessageId, version: int, once: Once[MessageView], *, again: bool
    ) -> Told:
        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                message = await work.messages.lock(message_id)
                expect(message.version, version)
                if again:
                    message.retry(now=now)
                    work.later(sending(message))
                    work.emit(message_event(self.around, EventType.MESSAGE_QUEUED, message, by, now))
                else:
                    message.drop(now=now)
                    work.emit(message_event(self.around, EventType.MESSAGE_WITHHELD, message, by, now))
                work.messages.save(message)
                return await told(work, once, await self._view(work, message))

        return await until_done(attempt)

    async def _view(self, work: UnitOfWork, message: Message) -> MessageView:
        code = number = None
        if message.customer_id is not None:
            code = (await work.customers.get(message.customer_id)).code
        if message.order_id is not None:
            number = (await work.orders.get(message.order_id)).number
        return message_view(message, customer_code=code, order_number=number)
