"""Customer orders and what hangs on them: lines in queues, payments, deposits, delivery notes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from domain.model.answers import LineAnswer
from domain.model.article import Article
from domain.model.delivery import DeliveryNote
from domain.model.order import CustomerOrder
from domain.model.payment import DepositEntry, Payment
from domain.model.settings import DossierSettings
from domain.model.values import ChannelId, Ean, LineId, OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class PushContext:
    """What a push must know: the shop's id, which external ids it already sent, the articles, fresh order numbers, and

    what the dossier decided.
    """

    channel_id: ChannelId
    known: dict[str, OrderId]
    articles: dict[Ean, Article]
    numbers: list[int]
    settings: DossierSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A place in an article's queue, and whose it is."""

    order_id: OrderId
    line_id: LineId
    outstanding: int
    order_number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A waiting line's place in a queue; ``begun`` when copies were set aside or delivered already."""

    order_id: OrderId
    line_id: LineId
    begun: bool
    suspended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChange:
    """A queue put in another order by a person, with his reason (C5)."""

    id: UUID
    ean: Ean
    before: tuple[LineId, ...]
    after: tuple[LineId, ...]
    reason: str
    at: datetime
    by: str


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

    async def waiting(
        self, ean: Ean, copies: int, *, behind: int = 0, resumed: Collection[LineId] = ()
    ) -> list[Waiting]:
        """The first places of the queue, enough for ``copies``, and up to ``behind`` after them.

        By priority, order date, order number, position. Suspended lines are passed over, but for those about to be ``resumed``.
        """
        ...

    async def suspended(self, *, until: date) -> list[OrderId]:
        """The orders with a line suspended until that day or an earlier one, in ascending id."""
        ...

    def add(self, order: CustomerOrder) -> None: ...

    def save(self, order: CustomerOrder) -> None:
        """The commit raises ``StaleVersion`` when the order was changed by another since it was loaded."""
        ...

    def add_payment(self, payment: Payment) -> None: ...

    async def deposits(self, order_id: OrderId) -> list[DepositEntry]:
        """The committed ledger of an order's deposits, oldest first."""
        ...

    def add_deposit(self, entry: DepositEntry) -> None:
        """Into the ledger; the order's own sums are saved with it."""
        ...

    def add_answer(self, answer: LineAnswer) -> None:
        """Into the history of a line."""
        ...

    async def place(self, ean: Ean) -> list[Place]:
        """The whole queue of an article, suspended lines at their places. Whoever asks holds the article's stock."""
        ...

    def put_in_order(self, change: QueueChange) -> None:
        """Serve the queue in the order of ``change.after`` from now on, before whoever comes later."""
        ...

    async def holders(self, line_ids: Collection[LineId]) -> dict[LineId, OrderId]:
        """The order of each line that exists."""
        ...


class DeliveryNotes(Protocol):
    async def next_number(self) -> int:
        """Numbers rise and are never given twice."""
        ...

    async def parcels(self, order_id: OrderId) -> int:
        """How many notes of the order were shipped."""
        ...

    def add(self, note: DeliveryNote) -> None: ...
