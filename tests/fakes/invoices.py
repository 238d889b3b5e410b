"""Invoices and their reminders in memory."""

from collections.abc import Collection
from copy import deepcopy
from dataclasses import replace
from datetime import date

from domain.errors import StaleVersion, TryAgain
from domain.model.credit import Owed, still_to_come
from domain.model.customer import Customer
from domain.model.dunning import Reminder, UnpaidInvoice
from domain.model.invoice import Invoice
from domain.model.values import NOTHING, CustomerId, InvoiceId, MessageId, OrderId
from domain.ports.invoices import NamedCard, NamedCards
from tests.fakes.base import Base, Impossible, Tables


class FakeInvoices:
    """``Invoices`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._loaded: dict[InvoiceId, int] = {}
        self._new: list[Invoice] = []
        self._changed: list[Invoice] = []
        self._reminders: list[Reminder] = []

    async def numbered(self, numbers: Collection[str]) -> dict[str, Invoice]:
        found = {each.number: deepcopy(each) for each in self._base.tables.invoices.values() if each.number in numbers}
        self._loaded |= {each.id: each.version for each in found.values()}
        return found

    async def cards(self, ids: Collection[CustomerId], codes: Collection[str]) -> NamedCards:
        cards = self._base.tables.customers
        return NamedCards(
            by_id={each: _named(self._current(each)) for each in ids if each in cards},
            by_code={each.code: _named(self._current(each.id)) for each in cards.values() if each.code in codes},
        )

    async def reminded(self, invoice_ids: Collection[InvoiceId]) -> dict[InvoiceId, Reminder]:
        found: dict[InvoiceId, Reminder] = {}
        for reminder in sorted(self._base.tables.reminders, key=lambda each: (each.at, each.id)):
            found |= {each.id: reminder for each in reminder.invoices if each.id in invoice_ids}
        return found

    async def owed(self, customer_id: CustomerId, *, besides: OrderId | None = None) -> Owed:
        invoices, orders = self._base.tables.invoices.values(), self._base.tables.orders.values()
        return Owed(
            unpaid=sum((i.details.unpaid for i in invoices if i.details.customer_id == customer_id), NOTHING),
            open_orders=sum(
                (still_to_come(each) for each in orders if each.customer_id == customer_id and each.id != besides),
                NOTHING,
            ),
        )

    def add(self, invoice: Invoice) -> None:
        self._new.append(deepcopy(invoice))

    def save(self, invoice: Invoice) -> None:
        self._changed.append(deepcopy(invoice))

    async def unpaid(self, *, due_by: date) -> list[UnpaidInvoice]:
        found = []
        for each in self._base.tables.invoices.values():
            told = each.details
            billed = self._base.tables.customers[told.billed_to]
            payer = self._base.tables.customers[billed.details.payment_party or billed.id]
            party = self._base.tables.customers[payer.details.group or payer.id]
            if told.unpaid <= 0 or told.due_on > due_by or party.anonymised_at is not None:
                continue
            steps = [
                one.step for told_of in self._base.tables.reminders for one in told_of.invoices if one.id == each.id
            ]
            found.append(
                UnpaidInvoice(
                    id=each.id,
                    number=each.number,
                    customer_id=told.customer_id,
                    payer=payer.id,
                    party=party.id,
                    state=told.state,
                    issued_on=told.issued_on,
                    due_on=told.due_on,
                    total=told.total,
                    unpaid=told.unpaid,
                    told=max(steps, default=0),
                )
            )
        return sorted(found, key=lambda each: (each.due_on, each.number))

    async def of_message(self, message_id: MessageId) -> Reminder | None:
        for reminder in self._base.tables.reminders:
            if reminder.message_id == message_id:
                now = [
                    replace(each, unpaid=self._base.tables.invoices[each.id].details.unpaid)
                    for each in reminder.invoices
                ]
                return replace(reminder, invoices=tuple(each for each in now if each.unpaid > 0))
        return None

    def remind(self, reminder: Reminder) -> None:
        self._reminders.append(reminder)

    def _current(self, customer_id: CustomerId) -> Customer:
        card = self._base.tables.customers[customer_id]
        return self._base.tables.customers[card.merged_into] if card.merged_into else card

    async def settle(self, tables: Tables) -> None:
        for invoice in self._changed:
            if tables.invoices[invoice.id].version != self._loaded[invoice.id]:
                raise StaleVersion
        for invoice in [*self._new, *self._changed]:
            if any(each.number == invoice.number and each.id != invoice.id for each in tables.invoices.values()):
                raise TryAgain
            tables.invoices[invoice.id] = invoice
        told = {(each.id, each.step) for reminder in tables.reminders for each in reminder.invoices}
        for reminder in self._reminders:
            steps = [(each.id, each.step) for each in reminder.invoices]
            if told & set(steps):
                raise TryAgain
            if len(set(steps)) < len(steps):
                raise Impossible(reminder)
            told |= set(steps)
            tables.reminders.append(reminder)


def _named(card: Customer) -> NamedCard:
    return NamedCard(
        id=card.id,
        code=card.code,
        name=" ".join(filter(None, (card.details.first_name, card.details.name))),
        confidentiality=card.details.confidentiality_code,
        billed_to=card.details.billed_to,
        payment_party=card.details.payment_party,
        anonymised=card.anonymised_at is not None,
    )
