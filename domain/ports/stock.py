"""Articles, their copies on the shelf, and what becomes of copies: reservations, receptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.model.article import Article, Movement, StockLevel
from domain.model.reception import Reception
from domain.model.reservation import Reservation
from domain.model.stocktaking import Looked, StockCheck
from domain.model.values import Ean, LineId, OrderId, ReservationId


@dataclass(slots=True, kw_only=True, eq=False)
class Shelf:
    """An article with its stock, locked until the transaction ends; ``waiting`` copies are waited for by order lines,
    suspended ones left out (P6).

    ``on_order`` copies are still to come on supplier orders that were sent; ``category_path`` are labels, from the top down.
    """

    article: Article
    stock: StockLevel
    waiting: int
    on_order: int = 0
    category_path: tuple[str, ...] = ()
    supplier_name: str | None = None


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

    async def of_order(self, order_id: OrderId) -> list[Reservation]:
        """All that an order ever had, kept or ended, locked in ascending id."""
        ...

    def add(self, reservation: Reservation) -> None: ...

    def save(self, reservation: Reservation) -> None: ...


class Receptions(Protocol):
    def add(self, reception: Reception) -> None: ...


class StockChecks(Protocol):
    async def look(self) -> Looked:
        """All stock as committed at one moment, without a lock."""
        ...

    def add(self, check: StockCheck) -> None: ...
