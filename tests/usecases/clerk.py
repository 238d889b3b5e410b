"""The counter with the accounts beside it: invoices told of, credit, reminders; over any house."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.model.card import ContactDetails, ContactPerson
from domain.model.dunning import DunningChannel, DunningRules, DunningStep, Scenario
from domain.model.invoice import InvoiceState
from domain.model.message import Words
from domain.model.reference import Table
from domain.model.settings import DossierSettings
from domain.model.values import ContactId, CustomerId, Party
from domain.ports.messages import Letter
from domain.queries.dunning import ReminderView, RunView
from domain.queries.invoices import InvoiceView
from domain.usecases.dunning import Dunning, Run
from domain.usecases.invoices import InvoiceJudged, Invoices, PutInvoice, ToldInvoice
from domain.usecases.sending import Sending
from domain.usecases.settings import Settings
from domain.usecases.tables import Tables, ValueCard
from tests.contracts.house import House
from tests.usecases.post import Pigeon
from tests.usecases.purse import Purse

PUBLIC = "https://librairie.example"
EVERY_STATE = frozenset(InvoiceState)


def step(
    after_days: int, channel: str = "email", *, states: frozenset[InvoiceState] = EVERY_STATE, say: str = "Rappel"
) -> DunningStep:
    """A step that says ``say`` in both languages."""
    return DunningStep(
        after_days=after_days,
        channel=DunningChannel(channel),
        states=states,
        french=Words(
            subject=f"{say} : {{librairie}}", body=f"{say}\n\n{{factures}}\n\n{{total}} depuis le {{echeance}}"
        ),
        english=Words(
            subject=f"{say}: {{librairie}}", body=f"{say}, {{nom}}\n\n{{factures}}\n\n{{total}} since {{echeance}}"
        ),
    )


def scenario(*steps: DunningStep, family: str | None = None) -> Scenario:
    return Scenario(family=family, steps=steps)


class Clerk(Purse):
    """As ``Purse``; it is Monday, ten o'clock in Paris."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.invoices = Invoices(self.around)
        self.dunning = Dunning(self.around, PUBLIC)
        self.settings = Settings(self.around)
        self.tables = Tables(self.around)
        self.pigeon = Pigeon()
        self.sending = Sending(self.around, self.pigeon, PUBLIC)

    @property
    def today(self) -> date:
        return self.around.today(self.house.dossier)

    def day(self, days: int) -> date:
        """So many days from today."""
        return self.today + timedelta(days=days)

    async def decide(self, **settings: Any) -> DossierSettings:
        """The dossier's settings changed, whatever version they have."""
        async with self.house.begin(self.house.dossier) as work:
            version = (await work.references.dossier()).version
        view = await self.settings.change(
            by=self.staff,
            version=version,
            edit=lambda card: replace(card, settings=replace(card.settings, **settings)),
        )
        return view.settings

    async def family(self, code: str) -> str:
        """A reminder family of the shop."""
        card = ValueCard(label=code, label_en=None, position=None, active=True)
        await self.tables.create(by=self.staff, table=Table.REMINDER_FAMILIES, code=code, card=card, once=self.once())
        return code

    async def remind_by(self, *scenarios: Scenario) -> None:
        await self.decide(reminders=DunningRules(scenarios=scenarios))

    def telling(self, number: str, customer: CustomerId | str, total: str = "100.00", **more: Any) -> ToldInvoice:
        """``due`` are days from today, negative for those gone by."""
        due_on = self.day(more.pop("due", -10))
        more = {name: Decimal(value) if name == "paid" else value for name, value in more.items()}
        facts = {"issued_on": due_on - timedelta(days=30), "due_on": due_on, **more}
        return ToldInvoice(number=number, customer=customer, total=Decimal(total), **facts)

    async def bill(self, number: str, customer: CustomerId | str, total: str = "100.00", **more: Any) -> InvoiceView:
        version = more.pop("version", None)
        return (await self.put(self.telling(number, customer, total, **more), version=version)).view

    async def put(self, told: ToldInvoice, *, version: int | None = None) -> PutInvoice:
        return await self.invoices.put(by=self.staff, wanted=told, version=version)

    async def bill_many(self, *told: ToldInvoice, key: str | None = None) -> Sequence[InvoiceJudged]:
        judged: Sequence[InvoiceJudged] = await self._result(
            self.invoices.put_many(by=self.staff, wanted=told, once=self.once(key))
        )
        return judged

    async def settle_invoice(self, view: InvoiceView, amount: str, *, key: str | None = None) -> InvoiceView:
        paying = self.invoices.pay(
            by=self.staff, number=view.number, version=view.version, amount=Decimal(amount), once=self.once(key)
        )
        after: InvoiceView = await self._result(paying)
        return after

    async def contact(self, customer: CustomerId, function: str, *, email: str | None, name: str = "COMPTA") -> None:
        """A contact of the card, with this function."""
        now = self.house.clock()
        contact_id = ContactId(self.house.new_id())
        made = ContactPerson(
            id=contact_id,
            owner=Party.customer(customer),
            code=f"C{contact_id.int >> 80}",
            details=ContactDetails(name=name, function=function, email=email),
            created_at=now,
            updated_at=now,
        )
        async with self.house.begin(self.house.dossier) as work:
            work.contacts.add(made)
            await work.commit()

    async def change_card(self, customer: CustomerId, **details: Any) -> None:
        async with self.house.begin(self.house.dossier) as work:
            (card,) = await work.customers.lock([customer])
            card.change(replace(card.details, **details), now=self.house.clock())
            work.customers.save(card)
            await work.commit()

    async def proposed(self, **run: Any) -> list[ReminderView]:
        return await self.dunning.preview(by=self.staff, run=Run(**run))

    async def remind(self, *, key: str | None = None, **run: Any) -> RunView:
        """Have a run made, having looked at its preview, which must tell exactly what then happens."""
        seen = await self.proposed(**run)
        view: RunView = await self._result(self.dunning.run(by=self.staff, run=Run(**run), once=self.once(key)))
        assert [alike(each) for each in seen] == [alike(each) for each in view.reminders] or key is not None
        return view

    async def run_once(self) -> RunView:
        """A run by itself."""
        view: RunView = await self._result(self.dunning.run(by=self.staff, run=Run(), once=self.once()))
        return view

    async def carry(self, view: ReminderView) -> Letter | None:
        """Send the e-mail of a reminder; the letter that the carrier took, None when it was withheld."""
        assert view.reminder.message_id is not None
        before = len(self.pigeon.letters)
        await self.sending.send(by=self.staff, message_id=view.reminder.message_id)
        return self.pigeon.letters[-1] if len(self.pigeon.letters) > before else None


def alike(view: ReminderView) -> object:
    """A reminder without what differs from one moment to the next."""
    fields = ("customer_id", "name", "family", "step", "channel", "address", "words", "invoices")
    return [getattr(view.reminder, name) for name in fields]


def said(views: Sequence[ReminderView]) -> list[tuple[str, int, str, list[str]]]:
    """Who is reminded, at which step, how, and of which invoices."""
    return [
        (
            each.reminder.name,
            each.reminder.step,
            each.reminder.channel.value,
            [invoice.number for invoice in each.reminder.invoices],
        )
        for each in views
    ]
