"""One transaction of the shop in memory: what it wrote is seen at its commit, all of it or nothing."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import replace
from typing import TypeVar

from domain.errors import AnswerPending, KeyReused, TryAgain
from domain.events import Event
from domain.model.access import Dossier
from domain.model.card import Address, BankAccount, ContactPerson, DiscountRule, Note
from domain.model.values import DossierId
from domain.ports.answers import Once, Told
from domain.ports.messages import Job
from domain.ports.unit_of_work import UnitOfWork, UnitsOfWork
from tests.fakes.api_keys import FakeApiKeys
from tests.fakes.articles import FakeArticles, FakeStock
from tests.fakes.base import Base
from tests.fakes.cards import FakeConsents, FakeFlashes, FakeParts, FakeReferences, FakeThirdParties, FakeUsers
from tests.fakes.catalogue import FakeAnswers, FakeCategories, FakeSavedLists, FakeTariffs
from tests.fakes.customers import FakeCustomers
from tests.fakes.held import Held
from tests.fakes.invoices import FakeInvoices
from tests.fakes.loyalty import FakeLoyalty
from tests.fakes.merges import FakeAnonymising, FakeMerges
from tests.fakes.messages import FakeMessages
from tests.fakes.named_deposits import FakeNamedDeposits
from tests.fakes.orders import FakeOrders
from tests.fakes.purchases import FakePurchases
from tests.fakes.reservations import FakeReceptions, FakeReservations
from tests.fakes.stock_checks import FakeStockChecks
from tests.fakes.supply import FakeDeliveryNotes, FakeSupplierOrders

T = TypeVar("T")


class FakeUnitOfWork:
    """``UnitOfWork`` on a base in memory."""

    def __init__(self, base: Base, dossier: Dossier) -> None:
        self._base = base
        self._held = Held(base)
        self._claims: set[tuple[str, str]] = set()
        self._answers: dict[tuple[str, str], tuple[bytes, Told]] = {}
        self._events: list[Event] = []
        self.orders = FakeOrders(base, self._held)
        self.customers = FakeCustomers(base, self._held)
        self.third_parties = FakeThirdParties(base, self._held)
        self.addresses: FakeParts[Address] = FakeParts(base, "addresses")
        self.contacts: FakeParts[ContactPerson] = FakeParts(base, "contacts")
        self.bank_accounts: FakeParts[BankAccount] = FakeParts(base, "bank_accounts")
        self.notes: FakeParts[Note] = FakeParts(base, "notes")
        self.discounts: FakeParts[DiscountRule] = FakeParts(base, "discounts")
        self.consents = FakeConsents(base)
        self.references = FakeReferences(base)
        self.flashes = FakeFlashes(base)
        self.users = FakeUsers(base, self._held)
        self.merges = FakeMerges()
        self.anonymising = FakeAnonymising()
        self.articles = FakeArticles(base)
        self.stock = FakeStock(base, self._held)
        self.reservations = FakeReservations(base, self._held)
        self.receptions = FakeReceptions()
        self.stock_checks = FakeStockChecks(base)
        self.messages = FakeMessages(base, self._held, dossier)
        self.purchases = FakePurchases(base)
        self.loyalty = FakeLoyalty(base)
        self.invoices = FakeInvoices(base)
        self.named_deposits = FakeNamedDeposits(base)
        self._jobs: list[Job] = []
        self.delivery_notes = FakeDeliveryNotes(base)
        self.supplier_orders = FakeSupplierOrders(base, self._held)
        self.answers = FakeAnswers(base)
        self.categories = FakeCategories(base, self._held)
        self.tariffs = FakeTariffs(base)
        self.saved_lists = FakeSavedLists(base, self._held)
        self.api_keys = FakeApiKeys(base)

    def emit(self, event: Event) -> None:
        self._events.append(deepcopy(event))

    def later(self, job: Job) -> None:
        self._jobs.append(job)

    async def claim(self, once: Once[T]) -> Told | None:
        (answer,) = await self.claim_many([once])
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def claim_many(self, onces: Sequence[Once[T]]) -> list[Told | Exception | None]:
        return [self._claimed(once) for once in onces]

    def _claimed(self, once: Once[T]) -> Told | Exception | None:
        name = (once.client, once.key)
        if name in self._base.claims - self._claims:
            return AnswerPending()
        self._claims.add(name)
        self._base.claims.add(name)
        if name not in self._base.tables.answers:
            return None
        fingerprint, told = self._base.tables.answers[name]
        return replace(told, replayed=True) if fingerprint == once.fingerprint else KeyReused()

    def keep(self, once: Once[T], told: Told) -> None:
        self._answers[once.client, once.key] = (once.fingerprint, told)

    async def commit(self) -> None:
        # who writes a record waits for whoever has locked it, and then finds another version
        for order_id in self.orders.touched:
            await self._held.take(("order", order_id))
        for reservation_id in self.reservations.touched:
            await self._held.take(("reservation", reservation_id))
        draft = self._base.tables.draft()
        for part in (
            self.customers,
            self.third_parties,
            self.addresses,
            self.contacts,
            self.bank_accounts,
            self.notes,
            self.discounts,
            self.consents,
            self.references,
            self.flashes,
            self.users,
            self.articles,
            self.orders,
            self.stock,
            self.reservations,
            self.receptions,
            self.stock_checks,
            self.messages,
            self.purchases,
            self.loyalty,
            self.invoices,
            self.named_deposits,
            self.supplier_orders,
            self.delivery_notes,
            self.answers,
            self.categories,
            self.tariffs,
            self.saved_lists,
            self.api_keys,
        ):
            await part.settle(draft)
        if self._answers.keys() & draft.answers.keys():
            raise TryAgain
        draft.answers |= self._answers
        draft.events += self._events
        waiting = {each.key for each in draft.jobs if each.key}
        asked = {job.key or position: job for position, job in enumerate(self._jobs)}.values()
        draft.jobs += [each for each in asked if each.key is None or each.key not in waiting]
        self._base.tables = draft
        self.end()

    def end(self) -> None:
        """Give back what the transaction held."""
        self._held.give_back()
        self._base.claims -= self._claims
        self._claims.clear()


def units_of_work(bases: Mapping[DossierId, Base]) -> UnitsOfWork:
    """Units of work on the base of each dossier."""

    @asynccontextmanager
    async def begin(dossier: Dossier, by: str = "system") -> AsyncIterator[UnitOfWork]:
        work = FakeUnitOfWork(bases[dossier.id], dossier)
        try:
            yield work
        finally:
            work.end()

    return begin
