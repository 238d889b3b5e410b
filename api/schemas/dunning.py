"""Reminders of unpaid invoices, on the wire: scenarios, proposals, runs."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from api.schemas.base import (
    LINE,
    TEXT,
    Closed,
    Day,
    Listing,
    Open,
    Sum,
    UtcInstant,
    euros,
    open_choice,
    prefixed,
    whole,
    wire_id,
)
from api.schemas.identities import CustomerKey, TableCode
from api.schemas.tables import distinct
from domain.model.dunning import (
    MOST_STEPS,
    DunningChannel,
    DunningRules,
    DunningStep,
    RemindedInvoice,
    Scenario,
)
from domain.model.invoice import InvoiceState
from domain.model.message import Words
from domain.model.values import CustomerId
from domain.queries.dunning import ReminderView, RunSummary, RunView
from domain.usecases.dunning import Run

RunKey = prefixed("run")
MOST = 1000
Subject = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
Body = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=TEXT)]
AfterDays = Annotated[int, Field(ge=0, le=730), BeforeValidator(whole)]
State = Literal["awaited", "promised", "disputed", "bill", "doubtful"]
States = Annotated[
    list[State], AfterValidator(distinct), Field(min_length=1, max_length=5, json_schema_extra={"uniqueItems": True})
]
Cards = Annotated[
    list[CustomerKey], AfterValidator(distinct), Field(max_length=MOST, json_schema_extra={"uniqueItems": True})
]


class ReminderWords(Open):
    """`{librairie}`, `{nom}`, `{factures}`, `{total}` and `{echeance}` are filled when a reminder is made."""

    subject: str = Field(examples=["Factures échues : {librairie}"])
    body: str = Field(examples=["Bonjour {nom},\n\n{factures}\n\nSoit {total}, depuis le {echeance}."])


class ReminderWordsInput(Closed):
    """Places: `{librairie}`, `{nom}`, `{factures}`, `{total}`, `{echeance}`."""

    subject: Subject = Field(examples=["Factures échues : {librairie}"])
    body: Body = Field(examples=["Bonjour {nom},\n\n{factures}\n\nSoit {total}, depuis le {echeance}."])

    def meant(self) -> Words:
        return Words(subject=self.subject, body=self.body)


class ReminderStep(Open):
    """From so many days after the due date on, for awaited payments in one of these states."""

    after_days: int = Field(examples=[7])
    channel: open_choice(DunningChannel)  # type: ignore[valid-type]
    states: list[open_choice(InvoiceState)] = Field(examples=[["awaited"]])  # type: ignore[valid-type]
    fr: ReminderWords
    en: ReminderWords


class ReminderStepInput(Closed):
    """An e-mail to whom no address is known becomes a letter."""

    after_days: AfterDays = Field(examples=[7])
    channel: Literal["email", "post"] = Field(examples=["email"])
    states: States = Field(examples=[["awaited"]])
    fr: ReminderWordsInput
    en: ReminderWordsInput

    def meant(self) -> DunningStep:
        return DunningStep(
            after_days=self.after_days,
            channel=DunningChannel(self.channel),
            states=frozenset(map(InvoiceState, self.states)),
            french=self.fr.meant(),
            english=self.en.meant(),
        )


class ReminderScenario(Open):
    """The steps for one reminder family; `family` null: for cards that have none (B28)."""

    family: str | None = Field(examples=[None])
    steps: list[ReminderStep]


class ReminderScenarioInput(Closed):
    """Steps come on rising days; each family has one scenario."""

    family: TableCode | None = Field(default=None, examples=[None])
    steps: Annotated[list[ReminderStepInput], Field(min_length=1, max_length=MOST_STEPS)]

    def meant(self) -> Scenario:
        return Scenario(family=self.family, steps=tuple(each.meant() for each in self.steps))


class DossierReminders(Open):
    """How unpaid invoices are reminded of (B28)."""

    scenarios: list[ReminderScenario]

    @classmethod
    def of(cls, rules: DunningRules) -> "DossierReminders":
        return cls(
            scenarios=[
                ReminderScenario(
                    family=each.family,
                    steps=[
                        ReminderStep(
                            after_days=step.after_days,
                            channel=step.channel.value,
                            states=[state.value for state in InvoiceState if state in step.states],
                            fr=ReminderWords(subject=step.french.subject, body=step.french.body),
                            en=ReminderWords(subject=step.english.subject, body=step.english.body),
                        )
                        for step in each.steps
                    ],
                )
                for each in rules.scenarios
            ]
        )


class DossierRemindersPatch(Closed):
    """All scenarios are replaced together."""

    scenarios: Annotated[list[ReminderScenarioInput], Field(max_length=50)] = Field(default_factory=list)

    def over(self, rules: DunningRules) -> DunningRules:
        if "scenarios" not in self.model_fields_set:
            return rules
        return DunningRules(scenarios=tuple(each.meant() for each in self.scenarios))


class ReminderRunCreate(Closed):
    """Whom to remind, as of a day (today unless said): of all, or of what these cards bought, pay or are reminded of."""

    on: Day | None = None
    customer_ids: Cards | None = Field(default=None, examples=[None])
    leave: Cards = Field(default_factory=list, description="Cards that are not reminded this time.", examples=[[]])

    def meant(self) -> Run:
        return Run(
            on=self.on,
            customers=None if self.customer_ids is None else frozenset(CustomerId(each) for each in self.customer_ids),
            leave=frozenset(CustomerId(each) for each in self.leave),
        )


class ReminderInvoice(Open):
    """An invoice in a reminder; `unpaid` is what was left to pay then."""

    number: str = Field(examples=["F2026-0815"])
    step: int = Field(examples=[1])
    issued_on: date
    due_on: date
    total: Sum
    unpaid: Sum

    @classmethod
    def of(cls, each: RemindedInvoice) -> "ReminderInvoice":
        return cls(
            number=each.number,
            step=each.step,
            issued_on=each.issued_on,
            due_on=each.due_on,
            total=euros(each.total),
            unpaid=euros(each.unpaid),
        )


class ReminderProposal(Open):
    """A letter or an e-mail that a run would make: one to a party, in the words of the highest step of its invoices.

    `family` null: the scenario of those who have none. `address` is an e-mail address, or the lines of a letter.
    """

    customer_id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    customer_code: str = Field(examples=["C000123"])
    name: str = Field(examples=["École Jules-Ferry"])
    family: str | None
    step: int = Field(examples=[1])
    channel: open_choice(DunningChannel)  # type: ignore[valid-type]
    subject: str
    body: str
    address: str = Field(examples=["compta@ecole.example"])
    invoices: list[ReminderInvoice]
    total: Sum

    @classmethod
    def of(cls, view: ReminderView) -> "ReminderProposal":
        made = view.reminder
        return cls(
            customer_id=wire_id("cus", made.customer_id),
            customer_code=view.customer_code,
            name=made.name,
            family=made.family or None,
            step=made.step,
            channel=made.channel.value,
            subject=made.words.subject,
            body=made.words.body,
            address=made.address,
            invoices=[ReminderInvoice.of(each) for each in made.invoices],
            total=euros(made.total),
        )


class ReminderProposals(Open):
    """What a run would do now, by name."""

    items: list[ReminderProposal]


class Reminder(Open):
    """A letter or an e-mail that a run made; `message_id` is the e-mail in the list of messages."""

    id: str = Field(examples=["rem_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    run_id: str = Field(examples=["run_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    customer_id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    customer_code: str = Field(examples=["C000123"])
    name: str = Field(examples=["École Jules-Ferry"])
    family: str | None
    step: int = Field(examples=[1])
    channel: open_choice(DunningChannel)  # type: ignore[valid-type]
    subject: str
    body: str
    address: str = Field(examples=["compta@ecole.example"])
    invoices: list[ReminderInvoice]
    total: Sum
    message_id: str | None
    at: UtcInstant
    by: str

    @classmethod
    def of(cls, view: ReminderView) -> "Reminder":
        made = view.reminder
        return cls(
            id=wire_id("rem", made.id),
            run_id=wire_id("run", made.run_id),
            customer_id=wire_id("cus", made.customer_id),
            customer_code=view.customer_code,
            name=made.name,
            family=made.family or None,
            step=made.step,
            channel=made.channel.value,
            subject=made.words.subject,
            body=made.words.body,
            address=made.address,
            invoices=[ReminderInvoice.of(each) for each in made.invoices],
            total=euros(made.total),
            message_id=wire_id("msg", made.message_id) if made.message_id else None,
            at=made.at,
            by=made.by,
        )


class ReminderPage(Listing[Reminder]):
    """One page of reminders."""


class ReminderRun(Open):
    """A run of reminders as it was made, by name."""

    id: str = Field(examples=["run_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    items: list[Reminder]

    @classmethod
    def of(cls, view: RunView) -> "ReminderRun":
        return cls(id=wire_id("run", view.id), items=[Reminder.of(each) for each in view.reminders])


class ReminderRunSummary(Open):
    """A run: how many it reminded, and what they were asked for."""

    id: str = Field(examples=["run_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    at: UtcInstant
    by: str
    emails: int = Field(examples=[12])
    letters: int = Field(examples=[3])
    total: Sum

    @classmethod
    def of(cls, view: RunSummary) -> "ReminderRunSummary":
        return cls(
            id=wire_id("run", view.id),
            at=view.at,
            by=view.by,
            emails=view.emails,
            letters=view.letters,
            total=euros(view.total),
        )


class ReminderRunPage(Listing[ReminderRunSummary]):
    """Runs, newest first."""
