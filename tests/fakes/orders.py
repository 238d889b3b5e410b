"""Customer orders in memory."""

from collections.abc import Sequence
from copy import deepcopy

from domain.errors import NotFound, StaleVersion, TryAgain, UnknownChannel
from domain.model.order import CustomerOrder, OrderLine, Payment
from domain.model.reservation import State
from domain.model.values import Ean, LineId, OrderId
from domain.ports.unit_of_work import PushContext, Waiting
from tests.fakes.base import Base, Impossible, Tables
from tests.fakes.held import Held


class FakeOrders:
    """``Orders`` of one dossier in one unit of work."""

    def __init__(self, base: Base, held: Held) -> None:
        self._base = base
        self._held = held
        self._loaded: dict[OrderId, int] = {}
        self._new: dict[OrderId, CustomerOrder] = {}
        self._changed: dict[OrderId, CustomerOrder] = {}
        self._payments: list[Payment] = []

    async def get(self, order_id: OrderId) -> CustomerOrder:
        (order,) = self._load([order_id])
        return order

    async def lock(self, order_ids: Sequence[OrderId]) -> list[CustomerOrder]:
        for order_id in sorted(set(order_ids)):
            await self._held.take(("order", order_id))
        return self._load(order_ids)

    async def push_context(self, *, channel: str, external_ids: Sequence[str], eans: Sequence[Ean]) -> PushContext:
        channel_id = self._base.channels.get(channel)
        if channel_id is None:
            raise UnknownChannel
        tables = self._base.tables
        return PushContext(
            channel_id=channel_id,
            known={
                order.external.id: order.id
                for order in tables.orders.values()
                if order.external and order.external.channel_id == channel_id and order.external.id in external_ids
            },
            articles={ean: deepcopy(tables.articles[ean]) for ean in eans if ean in tables.articles},
            numbers=[await self.next_number() for _ in external_ids],
        )

    async def next_number(self) -> int:
        self._base.order_number += 1
        return self._base.order_number

    async def waiting(self, ean: Ean, copies: int) -> list[Waiting]:
        places: list[Waiting] = []
        for order, line in self._base.queue(ean):
            if copies <= 0:
                break
            copies -= line.outstanding
            places.append(Waiting(order_id=order.id, line_id=line.id, outstanding=line.outstanding))
        return places

    def add(self, order: CustomerOrder) -> None:
        self._new[order.id] = order

    def save(self, order: CustomerOrder) -> None:
        self._changed[order.id] = order

    def add_payment(self, payment: Payment) -> None:
        self._payments.append(payment)

    def _load(self, order_ids: Sequence[OrderId]) -> list[CustomerOrder]:
        orders = self._base.tables.orders
        if not set(order_ids) <= set(orders):
            raise NotFound(what="order")
        found = {order_id: deepcopy(orders[order_id]) for order_id in order_ids}
        self._loaded |= {order.id: order.version for order in found.values()}
        return list(found.values())

    async def settle(self, tables: Tables) -> None:
        for order in self._new.values():
            named = order.external and (order.external.channel_id, order.external.id)
            for other in tables.orders.values():
                if named and other.external and named == (other.external.channel_id, other.external.id):
                    raise TryAgain
                if order.number == other.number:
                    raise Impossible(f"two orders of number {order.number}")
            tables.orders[order.id] = _kept(order)
        for order in self._changed.values():
            if tables.orders[order.id].version != self._loaded[order.id]:
                raise StaleVersion
            tables.orders[order.id] = _kept(order)
            _forget(tables, order.removed)
        tables.payments.extend(self._payments)

    @property
    def touched(self) -> list[OrderId]:
        return sorted(self._changed)


def _kept(order: CustomerOrder) -> CustomerOrder:
    """The order as the base keeps it: lines in their order, nothing of the unit of work."""
    for line in order.lines:
        _check(line)
    kept = deepcopy(order)
    kept.lines.sort(key=lambda line: line.position)
    kept.removed.clear()
    return kept


def _check(line: OrderLine) -> None:
    if line.ordered < 1 or min(line.cancelled, line.set_aside, line.delivered, line.outstanding) < 0:
        raise Impossible(f"the quantities of a line: {line}")


def _forget(tables: Tables, removed: Sequence[LineId]) -> None:
    """A reservation that has ended outlives its line."""
    for reservation in list(tables.reservations.values()):
        if reservation.line_id in removed:
            if reservation.state is State.SET_ASIDE:
                raise Impossible("a line with a kept copy is removed")
            without = deepcopy(reservation)
            without.line_id = None
            tables.reservations[reservation.id] = without
