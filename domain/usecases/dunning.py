"""Runs of reminders of unpaid invoices (relances): looked at, made, and told once (B22, B28, B29).

The cards reminded are locked before what was told of their invoices is read: of two runs at once one tells.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.events import EventType
from domain.model.access import Caller
from domain.model.card import Purpose
from domain.model.customer import Customer
from domain.model.dunning import DunningChannel, RemindedInvoice, Reminder, Scenario, UnpaidInvoice, due, dunned
from domain.model.message import Message, MessageChannel, MessageEvent
from domain.model.values import CustomerId, InvoiceReminderId, MessageId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.dunning import ReminderView, RunView
from domain.usecases.composing import Composed, Composer
from domain.usecases.placing import Placing
from domain.usecases.reaching import Reach, reach
from domain.usecases.work import Surroundings, told, until_told


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Whom to remind, as of the day ``on`` (None: today): of invoices of ``customers``, that they pay or are reminded of.

    ``customers`` None: everybody; ``leave`` are the cards that are not reminded this time.
    """

    on: date | None = None
    customers: Collection[CustomerId] | None = None
    leave: Collection[CustomerId] = ()

    def wants(self, invoice: UnpaidInvoice) -> bool:
        if invoice.party in self.leave or invoice.payer in self.leave:
            return False
        return self.customers is None or bool({invoice.customer_id, invoice.payer, invoice.party} & set(self.customers))


@dataclass(frozen=True, slots=True)
class Dunning:
    around: Surroundings
    public_url: str

    async def preview(self, *, by: Caller, run: Run) -> list[ReminderView]:
        """What ``run`` would do now; nothing is kept."""
        async with self.around.begin(by.dossier, by.client) as work:
            return [_view(each) for each in await self._composed(work, by, run, run_id=self.around.new_id())]

    async def run(self, *, by: Caller, run: Run, once: Once[RunView]) -> Told:
        """Remind: e-mails go to the queue of messages, letters wait to be printed. Nobody hears of a step twice."""

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                run_id = self.around.new_id()
                await self._hold(work, by, run)
                reminders = await self._composed(work, by, run, run_id=run_id)
                composer = Composer(around=self.around, work=work, by=by, now=now, public_url=self.public_url)
                for each in reminders:
                    if each.message is not None:
                        composer.keep(_alone(each.message))
                    work.invoices.remind(each.reminder)
                    work.emit(
                        self.around.event(
                            EventType.INVOICE_REMINDED,
                            each.reminder.id,
                            1,
                            by,
                            now,
                            customer_id=each.reminder.customer_id.hex,
                            name=each.reminder.name,
                        )
                    )
                view = RunView(id=run_id, reminders=tuple(_view(each) for each in reminders))
                return await told(work, once, view)

        return await until_told(attempt)

    async def _hold(self, work: UnitOfWork, by: Caller, run: Run) -> None:
        """Lock the cards that are to be reminded."""
        found = await work.invoices.unpaid(due_by=self._day(by, run))
        if parties := {each.party for each in found if run.wants(each)}:
            await work.customers.lock(sorted(parties))

    def _day(self, by: Caller, run: Run) -> date:
        return run.on or self.around.today(by.dossier)

    async def _composed(self, work: UnitOfWork, by: Caller, run: Run, *, run_id: UUID) -> "list[_Composed]":
        on, settings = self._day(by, run), await work.references.settings()
        placing = Placing(work=work, by=by, today=self.around.today(by.dossier), settings=settings)
        parties: dict[CustomerId, list[UnpaidInvoice]] = {}
        for invoice in await work.invoices.unpaid(due_by=on):
            if run.wants(invoice):
                parties.setdefault(invoice.party, []).append(invoice)
        made = []
        for party, invoices in parties.items():
            card = await work.customers.get(party)
            scenario = settings.reminders.scenario_of(card.details.reminder_family)
            told_of = due(scenario, invoices, on=on) if scenario is not None else []
            if scenario is None or not told_of or not by.may_see(card.details.confidentiality_code):
                continue
            if (reached := await reach(placing, card)) is not None:
                made.append(self._compose(by, card, reached, scenario, told_of, run_id=run_id))
        return sorted(made, key=lambda each: (each.reminder.name, each.reminder.customer_id))

    def _compose(
        self,
        by: Caller,
        card: Customer,
        reached: Reach,
        scenario: Scenario,
        invoices: Sequence[RemindedInvoice],
        *,
        run_id: UUID,
    ) -> "_Composed":
        now = self.around.clock()
        number = max(each.step for each in invoices)
        step, recipient = scenario.steps[number - 1], reached.recipient
        channel = step.channel if recipient.email else DunningChannel.POST
        words = dunned(step, invoices, shop=by.dossier.name, name=recipient.name, language=recipient.language)
        message = None
        if channel is DunningChannel.EMAIL:
            after = by.dossier.messages.next_opening(now, ZoneInfo(by.dossier.time_zone))
            message = Message(
                id=MessageId(self.around.new_id()),
                customer_id=card.id,
                name=recipient.name,
                channel=MessageChannel.EMAIL,
                address=recipient.email or "",
                language=recipient.language,
                purpose=Purpose.SERVICE,
                event=MessageEvent.INVOICE_REMINDER,
                key=None,
                day=after.astimezone(ZoneInfo(by.dossier.time_zone)).date(),
                words=words,
                reservation_ids=(),
                order_id=None,
                created_at=now,
                send_after=after,
                by=by.client,
            )
        return _Composed(
            card=card,
            message=message,
            reminder=Reminder(
                id=InvoiceReminderId(self.around.new_id()),
                run_id=run_id,
                customer_id=card.id,
                name=recipient.name,
                family=scenario.family or "",
                step=number,
                channel=channel,
                address=message.address if message else "\n".join(reached.lines),
                words=words,
                invoices=tuple(invoices),
                message_id=message.id if message else None,
                at=now,
                by=by.client,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Composed:
    card: Customer
    reminder: Reminder
    message: Message | None


def _view(made: _Composed) -> ReminderView:
    return ReminderView(reminder=made.reminder, customer_code=made.card.code)


def _alone(message: Message) -> Composed:
    return Composed(messages=[message], withheld=[], codes={message.id: None}, numbers={message.id: None})
