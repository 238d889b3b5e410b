"""Supplier orders and delivery notes in memory."""

from collections.abc import Collection
from copy import deepcopy

from domain.errors import NotFound, StaleVersion, TryAgain
from domain.model.delivery import DeliveryNote
from domain.model.supply import OPEN_STATES, SupplierLine, SupplierOrder, SupplyState
from domain.model.values import Ean, LineId, OrderId, SupplierLineId, SupplierOrderId, ThirdPartyId
from tests.fakes.base import Base, Impossible, Tables
from tests.fakes.held import Held

SENT = {SupplyState.VALIDATED, SupplyState.PARTLY_RECEIVED}


class FakeSupplierOrders:
    """``SupplierOrders`` of one dossier in one unit of work."""

    def __init__(self, base: Base, held: Held) -> None:
        self._base = base
        self._held = held
        self._here: dict[SupplierOrderId, SupplierOrder] = {}
        self._loaded: dict[SupplierOrderId, int] = {}
        self._new: dict[SupplierOrderId, SupplierOrder] = {}
        self._changed: dict[SupplierOrderId, SupplierOrder] = {}

    async def next_number(self) -> int:
        self._base.supplier_number += 1
        return self._base.supplier_number

    async def lock(self, ids: Collection[SupplierOrderId]) -> list[SupplierOrder]:
        wanted = sorted(set(ids))
        for order_id in wanted:
            if order_id not in self._here:
                await self._held.take(("supplier order", order_id))
                there = self._base.tables.supplier_orders.get(order_id)
                if there is None:
                    raise NotFound(what="supplier-order")
                self._here[order_id] = self._in_queue_order(deepcopy(there))
                self._loaded[order_id] = there.version
        return [self._here[order_id] for order_id in wanted]

    async def drafts(self, suppliers: Collection[ThirdPartyId]) -> dict[ThirdPartyId, SupplierOrder]:
        newest: dict[ThirdPartyId, SupplierOrder] = {}
        for order in sorted(self._base.tables.supplier_orders.values(), key=lambda each: (each.created_at, each.id)):
            if order.supplier_id in suppliers and order.state is SupplyState.DRAFT:
                newest[order.supplier_id] = order
        drafts = await self.lock([order.id for order in newest.values()])
        if any(draft.state is not SupplyState.DRAFT for draft in drafts):
            raise TryAgain
        return {draft.supplier_id: draft for draft in drafts}

    async def for_lines(self, line_ids: Collection[LineId]) -> list[SupplierOrder]:
        wanted = set(line_ids)
        ids = [
            order.id
            for order in self._base.tables.supplier_orders.values()
            if order.state in OPEN_STATES
            and any(link.line_id in wanted and link.open for line in order.lines for link in line.links)
        ]
        return sorted(await self.lock(ids), key=lambda order: (order.created_at, order.number), reverse=True)

    async def expecting(self, eans: Collection[Ean], *, only: SupplierOrderId | None) -> list[SupplierOrder]:
        ids = [
            order.id
            for order in self._base.tables.supplier_orders.values()
            if order.state in SENT
            and only in {None, order.id}
            and any(line.ean in eans and line.outstanding for line in order.lines)
        ]
        return sorted(await self.lock(ids), key=lambda order: (order.created_at, order.number))

    async def articles_of(self, order_id: SupplierOrderId, line_ids: Collection[SupplierLineId]) -> set[Ean]:
        there = self._base.tables.supplier_orders.get(order_id)
        return {line.ean for line in there.lines if line.id in line_ids} if there else set()

    async def meant_for(self, *, of: Collection[SupplierOrderId] = (), eans: Collection[Ean] = ()) -> set[OrderId]:
        return {
            link.order_id
            for order in self._base.tables.supplier_orders.values()
            for line in order.lines
            if (order.state in OPEN_STATES and order.id in of)
            or (order.state in SENT and line.ean in eans and line.outstanding)
            for link in line.links
            if link.open
        }

    def add(self, order: SupplierOrder) -> None:
        self._new[order.id] = order

    def save(self, order: SupplierOrder) -> None:
        if order.id not in self._new:
            self._changed[order.id] = order

    def _in_queue_order(self, order: SupplierOrder) -> SupplierOrder:
        ranks = {
            line.id: (self._base.priorities.get(line.id, 0), each.created_at, each.number, line.position)
            for each in self._base.tables.orders.values()
            for line in each.lines
        }
        for line in order.lines:
            line.links.sort(key=lambda link: ranks[link.line_id])
            for link in line.links:
                link.name = self._base.tables.orders[link.order_id].contact.name
        return order

    async def settle(self, tables: Tables) -> None:
        for order in self._changed.values():
            if tables.supplier_orders[order.id].version != self._loaded[order.id]:
                raise StaleVersion
        for order in [*self._new.values(), *self._changed.values()]:
            for line in order.lines:
                _check(line)
            if any(each.number == order.number and each.id != order.id for each in tables.supplier_orders.values()):
                raise Impossible(f"two supplier orders of number {order.number}")
            kept = deepcopy(order)
            kept.lines.sort(key=lambda line: line.position)
            kept.removed.clear()
            tables.supplier_orders[order.id] = kept


def _check(line: SupplierLine) -> None:
    if line.ordered < 1 or min(line.received, line.cancelled) < 0:
        raise Impossible(f"the quantities of a supplier line: {line}")
    if any(link.quantity < 1 or not 0 <= link.received <= link.quantity for link in line.links):
        raise Impossible(f"the quantities of a supply link: {line}")


class FakeDeliveryNotes:
    """``DeliveryNotes`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._new: list[DeliveryNote] = []

    async def next_number(self) -> int:
        self._base.note_number += 1
        return self._base.note_number

    async def parcels(self, order_id: OrderId) -> int:
        return sum(note.order_id == order_id and note.shipped for note in self._base.tables.delivery_notes)

    def add(self, note: DeliveryNote) -> None:
        self._new.append(note)

    async def settle(self, tables: Tables) -> None:
        tables.delivery_notes.extend(self._new)
