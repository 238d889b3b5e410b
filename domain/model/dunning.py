"""Reminders of unpaid invoices (relances): who is reminded of what, at which step, in which words (B22, B28, B29)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.errors import Fault, Inconsistent
from domain.model.invoice import InvoiceState
from domain.model.message import Language, Words
from domain.model.values import NOTHING, CustomerId, InvoiceId, InvoiceReminderId, MessageId
from domain.model.wording import PLACE, day_of, put_in

PLACES = ("librairie", "nom", "factures", "total", "echeance")
"""What the words of a step may name: the shop, who is reminded, his invoices, their sum, the earliest due date."""
MOST_STEPS = 9


class DunningChannel(StrEnum):
    """An e-mail without an address becomes a letter."""

    EMAIL = "email"
    POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class DunningStep:
    """From ``after_days`` days after the due date on, for payments in one of ``states``; French words and English ones."""

    after_days: int
    channel: DunningChannel
    states: frozenset[InvoiceState]
    french: Words
    english: Words

    def words(self, language: Language) -> Words:
        return self.english if language is Language.ENGLISH else self.french


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The steps for a reminder family; ``family`` None: for whoever has none of his own (B28)."""

    family: str | None
    steps: tuple[DunningStep, ...]

    def reached(self, *, due_on: date, state: InvoiceState, on: date) -> int:
        """The number, from 1, of the last step that an invoice has come to; 0 for none."""
        return max(
            (
                number
                for number, step in enumerate(self.steps, start=1)
                if (on - due_on).days >= step.after_days and state in step.states
            ),
            default=0,
        )


def _step(after_days: int, channel: DunningChannel, french: tuple[str, str], english: tuple[str, str]) -> DunningStep:
    (subject, body), (subject_en, body_en) = french, english
    return DunningStep(
        after_days=after_days,
        channel=channel,
        states=frozenset({InvoiceState.AWAITED, InvoiceState.DOUBTFUL}),
        french=Words(subject=subject, body=f"Bonjour,\n\n{body}\n\n{{librairie}}"),
        english=Words(subject=subject_en, body=f"Dear {{nom}},\n\n{body_en}\n\n{{librairie}}"),
    )


DEFAULT = Scenario(
    family=None,
    steps=(
        _step(
            7,
            DunningChannel.EMAIL,
            (
                "Factures échues : {librairie}",
                (
                    "Sauf erreur de notre part, le règlement de ces factures ne nous est pas parvenu :\n\n{factures}\n\n"
                    "Nous vous remercions de nous faire parvenir {total}. Si votre règlement est en route, ne tenez pas "
                    "compte de ce message."
                ),
            ),
            (
                "Invoices due: {librairie}",
                (
                    "Unless we are mistaken, these invoices have not been paid yet:\n\n{factures}\n\n"
                    "Please send us {total}. If your payment is on its way, take no notice of this message."
                ),
            ),
        ),
        _step(
            21,
            DunningChannel.EMAIL,
            (
                "Deuxième rappel de factures échues : {librairie}",
                (
                    "Malgré notre premier rappel, ces factures restent à régler, la plus ancienne depuis le {echeance} :\n\n"
                    "{factures}\n\nMerci de régler {total} dès que possible."
                ),
            ),
            (
                "Second reminder of invoices due: {librairie}",
                (
                    "Despite our first reminder these invoices are still unpaid, the oldest since {echeance}:\n\n"
                    "{factures}\n\nPlease pay {total} as soon as you can."
                ),
            ),
        ),
        _step(
            45,
            DunningChannel.POST,
            (
                "Dernier rappel avant mise en demeure",
                (
                    "Nos rappels sont restés sans réponse. Ces factures, échues depuis le {echeance} pour la plus ancienne, "
                    "restent à régler :\n\n{factures}\n\nNous vous prions de nous faire parvenir {total} sous huit jours."
                ),
            ),
            (
                "Last reminder before formal notice",
                (
                    "Our reminders had no answer. These invoices, the oldest due since {echeance}, are still unpaid:\n\n"
                    "{factures}\n\nPlease send us {total} within eight days."
                ),
            ),
        ),
    ),
)
"""What every shop starts with; nobody is reminded before a person has a run made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DunningRules:
    """The shop's scenarios. Raises ``Inconsistent`` for two of one family, steps out of order, words blank or not fillable."""

    scenarios: tuple[Scenario, ...] = (DEFAULT,)

    def __post_init__(self) -> None:
        faults, families = [], set[str | None]()
        for index, scenario in enumerate(self.scenarios):
            place = f"/reminders/scenarios/{index}"
            if scenario.family in families:
                faults.append(Fault("twice", f"{place}/family"))
            families.add(scenario.family)
            days = [step.after_days for step in scenario.steps]
            if days != sorted(set(days)):
                faults.append(Fault("steps-in-order", f"{place}/steps"))
            for number, step in enumerate(scenario.steps):
                for language, words in (("fr", step.french), ("en", step.english)):
                    faults.extend(_faults_of(words, f"{place}/steps/{number}/{language}"))
        if faults:
            raise Inconsistent(faults=faults)

    def scenario_of(self, family: str | None) -> Scenario | None:
        """That of the family, else the one of those who have none; None where the shop has neither."""
        by_family = {each.family: each for each in self.scenarios}
        return by_family.get(family) or by_family.get(None)


def _faults_of(words: Words, pointer: str) -> list[Fault]:
    faults = []
    for name in ("subject", "body"):
        text: str = getattr(words, name)
        if not text.strip():
            faults.append(Fault("blank", f"{pointer}/{name}"))
        faults.extend(
            Fault("unknown-place", f"{pointer}/{name}", (("places", ", ".join(PLACES)),))
            for place in PLACE.findall(text)
            if place not in PLACES
        )
    return faults


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpaidInvoice:
    """An invoice of which money is awaited, and who is to hear of it.

    ``payer`` is the payment party of the billed card, else that card (B22); ``party`` who is reminded: its central, else the
    payer (B29). ``told`` is the highest step of which a reminder told, 0 for none.
    """

    id: InvoiceId
    number: str
    customer_id: CustomerId
    payer: CustomerId
    party: CustomerId
    state: InvoiceState
    issued_on: date
    due_on: date
    total: Decimal
    unpaid: Decimal
    told: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindedInvoice:
    """An invoice in a reminder, with the step that it has come to and what was unpaid of it then."""

    id: InvoiceId
    number: str
    step: int
    issued_on: date
    due_on: date
    total: Decimal
    unpaid: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One letter or e-mail to one party: of all its invoices that are due for one, in the words of the highest step.

    ``family`` is the scenario's, "" for that of those who have none. ``address`` is an e-mail address, or postal lines.
    """

    id: InvoiceReminderId
    run_id: UUID
    customer_id: CustomerId
    name: str
    family: str
    step: int
    channel: DunningChannel
    address: str
    words: Words
    invoices: tuple[RemindedInvoice, ...]
    message_id: MessageId | None
    at: datetime
    by: str

    @property
    def total(self) -> Decimal:
        return sum((each.unpaid for each in self.invoices), NOTHING)


def due(scenario: Scenario, invoices: Iterable[UnpaidInvoice], *, on: date) -> list[RemindedInvoice]:
    """Those of which nobody told at the step that they have come to, by due date."""
    found = []
    for each in sorted(invoices, key=lambda invoice: (invoice.due_on, invoice.number)):
        step = scenario.reached(due_on=each.due_on, state=each.state, on=on)
        if step > each.told:
            found.append(
                RemindedInvoice(
                    id=each.id,
                    number=each.number,
                    step=step,
                    issued_on=each.issued_on,
                    due_on=each.due_on,
                    total=each.total,
                    unpaid=each.unpaid,
                )
            )
    return found


def listed(invoices: Sequence[RemindedInvoice], language: Language) -> str:
    """What ``{factures}`` becomes: a line for each invoice."""
    return "\n".join(_line(each, language) for each in invoices)


def money(amount: Decimal, language: Language) -> str:
    """1 234,50 €, its spaces unbreakable, or €1,234.50."""
    grouped = f"{amount:,.2f}"
    if language is Language.ENGLISH:
        return f"€{grouped}"
    return grouped.translate({ord(","): "\u202f", ord("."): ","}) + "\u00a0€"


def _line(invoice: RemindedInvoice, language: Language) -> str:
    due_on = day_of(invoice.due_on, language)
    if language is Language.ENGLISH:
        return f"- Invoice {invoice.number}, due {due_on}: {money(invoice.unpaid, language)}"
    return f"- Facture {invoice.number}, échéance du {due_on} : {money(invoice.unpaid, language)}"


def dunned(
    step: DunningStep, invoices: Sequence[RemindedInvoice], *, shop: str, name: str, language: Language
) -> Words:
    """The words of a step, with its places filled."""
    total = sum((each.unpaid for each in invoices), NOTHING)
    places = {
        "librairie": shop,
        "nom": name,
        "factures": listed(invoices, language),
        "total": money(total, language),
        "echeance": day_of(min(each.due_on for each in invoices), language),
    }
    words = step.words(language)
    return Words(subject=" ".join(put_in(words.subject, places).split()), body=put_in(words.body, places))
