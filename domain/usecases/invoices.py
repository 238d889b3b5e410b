"""Invoices as another program tells of them: one by its number, or many at once, each judged alone (A52)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.errors import CustomerAnonymised, Fault, NotFound, ShopError, UnknownParty
from domain.events import EventType
from domain.model.access import Caller
from domain.model.invoice import Invoice, InvoiceDetails, InvoiceState
from domain.model.values import NOTHING, CustomerId, InvoiceId
from domain.ports.answers import Once, Told
from domain.ports.invoices import NamedCard, NamedCards
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.invoices import InvoiceParty, InvoiceView, invoice_view
from domain.usecases.work import Surroundings, expect, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldInvoice:
    """What another program says of an invoice, in euros. ``customer`` is an id or a code, also of a merged card.

    ``billed_to`` None: who the customer's card says is invoiced, else the customer (A60). ``updated_at`` is when it became
    so there: what is older than what is known changes nothing.
    """

    number: str
    customer: CustomerId | str
    issued_on: date
    due_on: date
    total: Decimal
    paid: Decimal = NOTHING
    billed_to: CustomerId | None = None
    state: InvoiceState = InvoiceState.AWAITED
    comment: str | None = None
    updated_at: datetime | None = None


class InvoiceOutcome(StrEnum):
    """``known``: nothing new, or older than what is known."""

    CREATED = "created"
    UPDATED = "updated"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceJudged:
    """What became of one invoice that was told of; ``refusal`` says why it was refused."""

    number: str
    outcome: InvoiceOutcome
    invoice_id: InvoiceId | None = None
    refusal: ShopError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutInvoice:
    """The invoice as it stands now; ``created`` when it was told of for the first time."""

    view: InvoiceView
    created: bool


@dataclass(frozen=True, slots=True)
class Invoices:
    around: Surroundings

    async def put(self, *, by: Caller, wanted: ToldInvoice, version: int | None) -> PutInvoice:
        """Take over what is told. With a ``version`` the invoice must be there and have it.

        Raises ``UnknownParty``, ``CustomerAnonymised``, ``Inconsistent``, ``StaleVersion``, ``NotFound``.
        """

        async def attempt() -> PutInvoice:
            async with self.around.begin(by.dossier, by.client) as work:
                invoice = (await work.invoices.numbered([wanted.number])).get(wanted.number)
                if version is not None:
                    if invoice is None:
                        raise NotFound(what="invoice")
                    expect(invoice.version, version)
                cards = await _cards_of(work, [wanted])
                outcome, invoice = self._judge(by, wanted, invoice, cards)
                view = await self._view(work, by, invoice)
                if outcome is not InvoiceOutcome.KNOWN:
                    self._keep(work, by, invoice, outcome)
                    await work.commit()
                return PutInvoice(view=view, created=outcome is InvoiceOutcome.CREATED)

        return await until_done(attempt, retry_stale=version is None)

    async def put_many(self, *, by: Caller, wanted: Sequence[ToldInvoice], once: Once[Sequence[InvoiceJudged]]) -> Told:
        """Take over what is told of many in one transaction; one that is refused holds up no other."""

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                known = await work.invoices.numbered({each.number for each in wanted})
                cards = await _cards_of(work, wanted)
                judged: list[InvoiceJudged] = []
                changed: dict[str, tuple[InvoiceOutcome, Invoice]] = {}
                for each in wanted:
                    try:
                        outcome, invoice = self._judge(by, each, known.get(each.number), cards)
                    except ShopError as refusal:
                        judged.append(
                            InvoiceJudged(number=each.number, outcome=InvoiceOutcome.REFUSED, refusal=refusal)
                        )
                        continue
                    known[each.number] = invoice
                    judged.append(InvoiceJudged(number=each.number, outcome=outcome, invoice_id=invoice.id))
                    if outcome is not InvoiceOutcome.KNOWN:
                        # named twice in one telling, it is still written once
                        first, _ = changed.get(each.number, (outcome, invoice))
                        changed[each.number] = (first, invoice)
                for outcome, invoice in changed.values():
                    self._keep(work, by, invoice, outcome)
                return await told(work, once, judged)

        return await until_done(attempt, retry_stale=True)

    async def pay(self, *, by: Caller, number: str, version: int, amount: Decimal, once: Once[InvoiceView]) -> Told:
        """Money received for an invoice, or given back of a credit note.

        Raises ``NotFound``, ``StaleVersion``, ``InvoiceOverpaid``.
        """

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                invoice = (await work.invoices.numbered([number])).get(number)
                if invoice is None:
                    raise NotFound(what="invoice")
                expect(invoice.version, version)
                invoice.pay(amount, now=self.around.clock())
                view = await self._view(work, by, invoice)
                self._keep(work, by, invoice, InvoiceOutcome.UPDATED)
                return await told(work, once, view)

        return await until_done(attempt)

    def _judge(
        self, by: Caller, wanted: ToldInvoice, invoice: Invoice | None, cards: NamedCards
    ) -> tuple[InvoiceOutcome, Invoice]:
        customer = _named(cards, wanted.customer, by)
        billed = _billed(cards, wanted, customer, by)
        details = InvoiceDetails(
            customer_id=customer.id,
            billed_to=billed,
            issued_on=wanted.issued_on,
            due_on=wanted.due_on,
            total=wanted.total,
            paid=wanted.paid,
            state=wanted.state,
            comment=wanted.comment,
        )
        now = self.around.clock()
        if invoice is None:
            made = Invoice(
                id=InvoiceId(self.around.new_id()),
                number=wanted.number,
                details=details,
                created_at=now,
                updated_at=wanted.updated_at or now,
            )
            return InvoiceOutcome.CREATED, made
        taken = invoice.take_over(details, told_at=wanted.updated_at, now=now)
        return (InvoiceOutcome.UPDATED if taken else InvoiceOutcome.KNOWN), invoice

    def _keep(self, work: UnitOfWork, by: Caller, invoice: Invoice, outcome: InvoiceOutcome) -> None:
        if outcome is InvoiceOutcome.CREATED:
            work.invoices.add(invoice)
        else:
            work.invoices.save(invoice)
        customer_id = invoice.details.customer_id.hex
        work.emit(
            self.around.event(
                EventType.INVOICE_UPDATED,
                invoice.id,
                invoice.version,
                by,
                self.around.clock(),
                customer_id=customer_id,
                name=invoice.number,
            )
        )

    async def _view(self, work: UnitOfWork, by: Caller, invoice: Invoice) -> InvoiceView:
        """Raises ``NotFound`` when a card that it names may not be seen (B30)."""
        told_of = invoice.details
        cards = (await work.invoices.cards([told_of.customer_id, told_of.billed_to], [])).by_id
        customer, billed = cards[told_of.customer_id], cards[told_of.billed_to]
        payer = billed
        if billed.payment_party is not None:
            payer = (await work.invoices.cards([billed.payment_party], [])).by_id[billed.payment_party]
        if not all(by.may_see(each.confidentiality) for each in (customer, billed, payer)):
            raise NotFound(what="invoice")
        return invoice_view(
            invoice,
            customer=_party(customer),
            billed=_party(billed),
            payer=_party(payer),
            last=(await work.invoices.reminded([invoice.id])).get(invoice.id),
            today=self.around.today(by.dossier),
        )


async def _cards_of(work: UnitOfWork, wanted: Sequence[ToldInvoice]) -> NamedCards:
    named = [each.customer for each in wanted]
    codes = {each.upper() for each in named if isinstance(each, str)}
    ids = {each for each in named if not isinstance(each, str)}
    return await work.invoices.cards(ids | {each.billed_to for each in wanted if each.billed_to}, codes)


def _named(cards: NamedCards, customer: CustomerId | str, by: Caller) -> NamedCard:
    """The card named. Raises ``UnknownParty``, also for one that may not be seen, and ``CustomerAnonymised``."""
    if isinstance(customer, str):
        pointer, found = "/customer_code", cards.by_code.get(customer.upper())
    else:
        pointer, found = "/customer_id", cards.by_id.get(customer)
    if found is None or not by.may_see(found.confidentiality):
        raise UnknownParty(faults=[Fault("unknown-party", pointer)])
    if found.anonymised:
        raise CustomerAnonymised(code=found.code)
    return found


def _billed(cards: NamedCards, wanted: ToldInvoice, customer: NamedCard, by: Caller) -> CustomerId:
    if wanted.billed_to is None:
        return customer.billed_to or customer.id
    found = cards.by_id.get(wanted.billed_to)
    if found is None or found.anonymised or not by.may_see(found.confidentiality):
        raise UnknownParty(faults=[Fault("unknown-party", "/billed_to_id")])
    return found.id


def _party(card: NamedCard) -> InvoiceParty:
    return InvoiceParty(id=card.id, code=card.code, name=card.name)
