"""Where a reminder of invoices reaches a card: its contact for reminders (REL, B36), else the card itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.model.access import Caller
from domain.model.card import ContactPerson, Purpose
from domain.model.customer import Customer
from domain.model.defaults import document_defaults
from domain.model.dunning import dunned
from domain.model.message import Message, MessageEvent, Recipient, Withheld
from domain.model.postal import address_lines
from domain.model.values import DocumentType
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.composing import Occasion
from domain.usecases.placing import Placing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """``recipient`` has the e-mail address that applies; ``lines`` are those of a letter, the name first (NF Z10-011)."""

    recipient: Recipient
    lines: tuple[str, ...]


async def reach(placing: Placing, card: Customer) -> Reach | None:
    """How the card is reminded; None when it was blanked meanwhile. Who asks may see the card."""
    recipient = (await placing.work.messages.recipients([card.id])).get(card.id)
    if recipient is None or recipient.anonymised:
        return None
    file = await placing.file(card)
    start = document_defaults(
        DocumentType.REMINDER,
        card=file,
        billed=file,
        mains=await placing.mains(file.addresses),
        settings=placing.settings,
        today=placing.today,
    )
    contact = next((each for each in file.contacts if each.id == start.contact_id), None)
    if contact is not None and contact.details.email:
        recipient = replace(recipient, email=contact.details.email)
    return Reach(
        recipient=recipient,
        lines=tuple(_lines(contact, address_lines(placing.postal(start.billing, file), name=file.name), file.name)),
    )


async def still_owed(work: UnitOfWork, by: Caller, message: Message, *, today: date) -> Occasion | Withheld:
    """What the e-mail of a reminder says at this moment: of what is still unpaid, to whom the card names by now."""
    reminder = await work.invoices.of_message(message.id)
    if reminder is None or not reminder.invoices or message.customer_id is None:
        return Withheld.ENDED
    settings = await work.references.settings()
    card = await work.customers.get(message.customer_id)
    reached = await reach(Placing(work=work, by=by, today=today, settings=settings), card)
    if reached is None:
        return Withheld.ANONYMISED
    recipient, words = reached.recipient, message.words
    scenario = next((each for each in settings.reminders.scenarios if (each.family or "") == reminder.family), None)
    if scenario is not None and reminder.step <= len(scenario.steps):
        words = dunned(
            scenario.steps[reminder.step - 1],
            reminder.invoices,
            shop=by.dossier.name,
            name=recipient.name,
            language=recipient.language,
        )
    return Occasion(recipient=recipient, event=MessageEvent.INVOICE_REMINDER, purpose=Purpose.SERVICE, words=words)


def _lines(contact: ContactPerson | None, postal: Sequence[str], name: str) -> list[str]:
    first, *rest = postal
    lines = rest if first == name else [first, *rest]
    if contact is None:
        return [name, *lines]
    person = " ".join(filter(None, (contact.details.title, contact.details.first_name, contact.details.name)))
    return [name, *([f"À l'attention de {person}"] if person != name else []), *lines]
