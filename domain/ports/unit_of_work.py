"""One transaction of the shop: load, tell, save, commit. Leaving it without a commit leaves nothing behind."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from domain.events import Event
from domain.model.access import Dossier
from domain.model.card import Address, BankAccount, ContactPerson, DiscountRule, Note
from domain.ports.answers import Once, Told
from domain.ports.cards import Anonymising, Consents, Customers, Merges, Parts, ThirdParties
from domain.ports.catalogue import Answers, Categories, SavedLists, Tariffs
from domain.ports.orders import DeliveryNotes, Orders
from domain.ports.people import ApiKeys, Flashes, Users
from domain.ports.references import References
from domain.ports.stock import Articles, Receptions, Reservations, Stock
from domain.ports.supply import SupplierOrders

T = TypeVar("T")


class UnitOfWork(Protocol):
    """The repositories of one dossier in one transaction."""

    @property
    def orders(self) -> Orders: ...
    @property
    def customers(self) -> Customers: ...
    @property
    def articles(self) -> Articles: ...
    @property
    def stock(self) -> Stock: ...
    @property
    def reservations(self) -> Reservations: ...
    @property
    def receptions(self) -> Receptions: ...
    @property
    def api_keys(self) -> ApiKeys: ...
    @property
    def delivery_notes(self) -> DeliveryNotes: ...
    @property
    def supplier_orders(self) -> SupplierOrders: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def categories(self) -> Categories: ...
    @property
    def tariffs(self) -> Tariffs: ...
    @property
    def saved_lists(self) -> SavedLists: ...
    @property
    def third_parties(self) -> ThirdParties: ...
    @property
    def addresses(self) -> Parts[Address]: ...
    @property
    def contacts(self) -> Parts[ContactPerson]: ...
    @property
    def bank_accounts(self) -> Parts[BankAccount]: ...
    @property
    def notes(self) -> Parts[Note]: ...
    @property
    def discounts(self) -> Parts[DiscountRule]: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def references(self) -> References: ...
    @property
    def flashes(self) -> Flashes: ...
    @property
    def merges(self) -> Merges: ...
    @property
    def anonymising(self) -> Anonymising: ...
    @property
    def users(self) -> Users: ...

    def emit(self, event: Event) -> None:
        """Tell what happened, in this transaction."""
        ...

    async def claim(self, once: Once[T]) -> Told | None:
        """The answer told before, or None when the effect is ours to make.

        Raises ``AnswerPending`` while a twin is running, ``KeyReused`` when the key named another request, and
        ``AnswerErased`` when the answer went with the person it told of.
        """
        ...

    async def claim_many(self, onces: Sequence[Once[T]]) -> list[Told | Exception | None]:
        """``claim`` for each, its refusal as a value."""
        ...

    def keep(self, once: Once[T], told: Told) -> None:
        """Keep the answer with its effect."""
        ...

    async def commit(self) -> None:
        """All or nothing, before anyone is answered. Raises ``StaleVersion``, ``CodeTaken`` or ``TryAgain``."""
        ...


class UnitsOfWork(Protocol):
    def __call__(self, dossier: Dossier, by: str = "system") -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction in ``dossier``; ``by`` is the client whose change the audit will tell (C13)."""
        ...
