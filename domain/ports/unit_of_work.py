"""One transaction of the shop: load, tell, save, commit. Leaving it without a commit leaves nothing behind."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from domain.events import Event
from domain.model.access import ApiKey, Dossier
from domain.model.article import Article, Movement, StockLevel
from domain.model.customer import Customer
from domain.model.order import CustomerOrder, Payment
from domain.model.reception import Reception
from domain.model.reservation import Reservation
from domain.model.values import ChannelId, CustomerId, Ean, LineId, OrderId, ReservationId
from domain.ports.answers import Once, Told

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PushContext:
    """What a push must know: the shop's id, which external ids it already sent, the articles, fresh order numbers."""

    channel_id: ChannelId
    known: dict[str, OrderId]
    articles: dict[Ean, Article]
    numbers: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A place in an article's queue."""

    order_id: OrderId
    line_id: LineId
    outstanding: int


@dataclass(slots=True, kw_only=True, eq=False)
class Shelf:
    """An article with its stock, locked until the transaction ends; ``waiting`` copies are waited for by order lines."""

    article: Article
    stock: StockLevel
    waiting: int


class Orders(Protocol):
    async def get(self, order_id: OrderId) -> CustomerOrder:
        """Raises ``NotFound``."""
        ...

    async def lock(self, order_ids: Sequence[OrderId]) -> list[CustomerOrder]:
        """The orders, locked in ascending id, as they are once locked. Raises ``NotFound``."""
        ...

    async def push_context(self, *, channel: str, external_ids: Sequence[str], eans: Sequence[Ean]) -> PushContext:
        """One number for each external id. Raises ``UnknownChannel``."""
        ...

    async def next_number(self) -> int:
        """Numbers rise and are never given twice; a rolled back transaction leaves a gap (domain.md)."""
        ...

    async def waiting(self, ean: Ean, copies: int) -> list[Waiting]:
        """The first places of the queue, enough for ``copies``: by priority, order date, order number, position."""
        ...

    def add(self, order: CustomerOrder) -> None: ...

    def save(self, order: CustomerOrder) -> None:
        """The commit raises ``StaleVersion`` when the order was changed by another since it was loaded."""
        ...

    def add_payment(self, payment: Payment) -> None: ...


class Customers(Protocol):
    async def get(self, customer_id: CustomerId) -> Customer:
        """Raises ``NotFound``."""
        ...

    async def by_code(self, code: str) -> Customer:
        """Raises ``NotFound``."""
        ...

    async def next_counter(self) -> int: ...

    def add(self, customer: Customer) -> None:
        """The commit raises ``CodeTaken`` when the code or the barcode is another customer's."""
        ...

    def save(self, customer: Customer) -> None:
        """The commit raises ``StaleVersion`` or ``CodeTaken``."""
        ...


class Articles(Protocol):
    async def many(self, eans: Sequence[Ean]) -> dict[Ean, Article]:
        """Those of ``eans`` that exist."""
        ...

    async def put(self, article: Article) -> bool:
        """Write the article; True when it is new, and then its stock is 0."""
        ...


class Stock(Protocol):
    async def lock(self, eans: Sequence[Ean]) -> dict[Ean, Shelf]:
        """Those of ``eans`` that exist, locked in ascending EAN so that two transactions never wait for each other."""
        ...

    def save(self, stock: StockLevel) -> None: ...

    def add_movement(self, movement: Movement) -> None: ...


class Reservations(Protocol):
    async def lock(self, ids: Sequence[ReservationId]) -> list[Reservation]:
        """In the order asked, as they are once locked. Raises ``NotFound``."""
        ...

    async def peek(self, ids: Sequence[ReservationId]) -> list[Reservation]:
        """In the order asked, without a lock. Raises ``NotFound``."""
        ...

    async def kept_for(self, line_ids: Sequence[LineId]) -> list[Reservation]:
        """The reservations set aside for these lines, oldest first, locked."""
        ...

    def add(self, reservation: Reservation) -> None: ...

    def save(self, reservation: Reservation) -> None: ...


class Receptions(Protocol):
    def add(self, reception: Reception) -> None: ...


class ApiKeys(Protocol):
    async def channel(self, code: str) -> ChannelId:
        """Raises ``UnknownChannel``."""
        ...

    async def revoke(self, key_id: UUID, at: datetime) -> None:
        """Raises ``NotFound``; a key revoked before keeps its date."""
        ...

    def add(self, key: ApiKey) -> None: ...


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

    def emit(self, event: Event) -> None:
        """Tell what happened, in this transaction."""
        ...

    async def claim(self, once: Once[T]) -> Told | None:
        """The answer told before, or None when the effect is ours to make.

        Raises ``AnswerPending`` while a twin is running and ``KeyReused`` when the key named another request.
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


UnitsOfWork = Callable[[Dossier], AbstractAsyncContextManager[UnitOfWork]]
