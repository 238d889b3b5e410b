"""Articles and stock in memory."""

from collections.abc import Sequence
from copy import deepcopy

from domain.model.article import Article, Movement, StockLevel
from domain.model.supply import SupplyState
from domain.model.values import Ean, ThirdPartyId
from domain.ports.stock import Shelf
from tests.fakes.base import Base, Impossible, Tables
from tests.fakes.held import Held


class FakeArticles:
    """``Articles`` of one dossier in one unit of work, which sees what it put."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._put: dict[Ean, Article] = {}

    async def many(self, eans: Sequence[Ean]) -> dict[Ean, Article]:
        there = {**self._base.tables.articles, **self._put}
        return {ean: deepcopy(there[ean]) for ean in eans if ean in there}

    async def put(self, article: Article) -> bool:
        new = article.ean not in self._base.tables.articles and article.ean not in self._put
        self._put[article.ean] = deepcopy(article)
        return new

    async def settle(self, tables: Tables) -> None:
        for article in self._put.values():
            tables.articles[article.ean] = article
            tables.stock.setdefault(article.ean, StockLevel(ean=article.ean, available=0, set_aside=0))


class FakeStock:
    """``Stock`` of one dossier in one unit of work."""

    def __init__(self, base: Base, held: Held) -> None:
        self._base = base
        self._held = held
        self._changed: dict[Ean, StockLevel] = {}
        self._movements: list[Movement] = []

    async def lock(self, eans: Sequence[Ean]) -> dict[Ean, Shelf]:
        there = sorted({ean for ean in eans if ean in self._base.tables.stock})
        for ean in there:
            await self._held.take(("stock", ean))
        tables = self._base.tables
        return {
            ean: Shelf(
                article=deepcopy(tables.articles[ean]),
                stock=deepcopy(tables.stock[ean]),
                waiting=sum(line.outstanding for _, line in self._base.queue(ean) if line.suspended_until is None),
                on_order=self._on_order(ean),
                category_path=self._path(tables.articles[ean].category),
                supplier_name=self._supplier(tables.articles[ean].supplier_id),
            )
            for ean in there
        }

    def _on_order(self, ean: Ean) -> int:
        return sum(
            line.outstanding
            for order in self._base.tables.supplier_orders.values()
            for line in order.lines
            if line.ean == ean and order.state in {SupplyState.VALIDATED, SupplyState.PARTLY_RECEIVED}
        )

    def _path(self, code: str | None) -> tuple[str, ...]:
        path: list[str] = []
        while code is not None:
            node = self._base.tables.categories[code]
            path.insert(0, node.label)
            code = node.parent
        return tuple(path)

    def _supplier(self, supplier_id: ThirdPartyId | None) -> str | None:
        return self._base.tables.third_parties[supplier_id].details.name if supplier_id else None

    def save(self, stock: StockLevel) -> None:
        self._changed[stock.ean] = stock

    def add_movement(self, movement: Movement) -> None:
        self._movements.append(movement)

    async def settle(self, tables: Tables) -> None:
        for stock in self._changed.values():
            if stock.available < 0 or stock.set_aside < 0:
                raise Impossible(f"less than no copy: {stock}")
            tables.stock[stock.ean] = deepcopy(stock)
        tables.movements.extend(self._movements)
