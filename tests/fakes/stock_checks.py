"""The stock looked at in memory."""

from collections import Counter
from collections.abc import Iterator

from domain.model.reservation import State
from domain.model.stocktaking import MOST_FINDINGS, Finding, FindingKind, Looked, StockCheck
from domain.model.values import Ean, LineId
from tests.fakes.base import Base, Tables


class FakeStockChecks:
    """``StockChecks`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._new: list[StockCheck] = []

    async def look(self) -> Looked:
        tables = self._base.tables
        found = sorted(
            _findings(tables), key=lambda each: (each.ean, each.kind, each.order_number or 0, each.position or 0)
        )
        return Looked(articles=len(tables.articles), findings=tuple(found[:MOST_FINDINGS]))

    def add(self, check: StockCheck) -> None:
        self._new.append(check)

    async def settle(self, tables: Tables) -> None:
        tables.stock_checks.extend(self._new)


def _findings(tables: Tables) -> Iterator[Finding]:
    kept, kept_for = Counter[Ean](), Counter[LineId]()
    for each in tables.reservations.values():
        if each.state is State.SET_ASIDE:
            kept[each.ean] += each.quantity
            if each.line_id is not None:
                kept_for[each.line_id] += each.quantity
    available, set_aside, promised = Counter[Ean](), Counter[Ean](), Counter[LineId]()
    for move in tables.movements:
        available[move.ean] += move.available
        set_aside[move.ean] += move.set_aside
    for supply in tables.supplier_orders.values():
        for asked in supply.lines:
            for link in asked.links:
                promised[link.line_id] += link.open
    for stock in tables.stock.values():
        for kind, expected, found in (
            (FindingKind.RESERVATIONS, kept[stock.ean], stock.set_aside),
            (FindingKind.MOVEMENTS_AVAILABLE, available[stock.ean], stock.available),
            (FindingKind.MOVEMENTS_SET_ASIDE, set_aside[stock.ean], stock.set_aside),
        ):
            if expected != found:
                title = tables.articles[stock.ean].title
                yield Finding(kind=kind, ean=stock.ean, title=title, expected=expected, found=found)
    for order in tables.orders.values():
        for line in order.lines:
            for kind, expected, found in (
                (FindingKind.LINES, kept_for[line.id], line.set_aside),
                (FindingKind.SUPPLIED, promised[line.id], line.supplied),
            ):
                if expected != found:
                    yield Finding(
                        kind=kind,
                        ean=line.ean,
                        title=line.title,
                        expected=expected,
                        found=found,
                        order_number=order.number,
                        position=line.position,
                    )
