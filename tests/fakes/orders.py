"""Customer orders in memory."""

from collections.abc import Collection, Sequence
from copy import deepcopy
from datetime import date

from domain.errors import NotFound, StaleVersion, TryAgain, UnknownChannel
from domain.model.answers import LineAnswer
from domain.model.order import CustomerOrder
from domain.model.order_line import OrderLine
from domain.model.payment import DepositCause, DepositEntry, Payment
from domain.model.reservation import State
from domain.model.values import Ean, LineId, OrderId
from domain.ports.orders import Place, PushContext, QueueChange, Waiting
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
        self._deposits: list[DepositEntry] = []
        self._answers: list[LineAnswer] = []
        self._queues: list[QueueChange] = []

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
            settings=self._base.settings,
        )

    async def next_number(self) -> int:
        self._base.order_number += 1
        return self._base.order_number

    async def waiting(
        self, ean: Ean, copies: int, *, behind: int = 0, resumed: Collection[LineId] = ()
    ) -> list[Waiting]:
        places: list[Waiting] = []
        for order, line in self._base.queue(ean):
            if line.suspended_until is not None and line.id not in resumed:
                continue
            if copies <= 0:
                behind -= 1
            if behind < 0:
                break
            copies -= line.outstanding
            places.append(
                Waiting(
                    order_id=order.id,
                    line_id=line.id,
                    outstanding=line.outstanding,
                    order_number=order.number,
                    name=order.contact.name,
                )
            )
        return places

    async def suspended(self, *, until: date) -> list[OrderId]:
        return sorted(
            order.id
            for order in self._base.tables.orders.values()
            if any(line.suspended_until is not None and line.suspended_until <= until for line in order.lines)
        )

    def add(self, order: CustomerOrder) -> None:
        self._new[order.id] = order

    def save(self, order: CustomerOrder) -> None:
        self._changed[order.id] = order

    def add_payment(self, payment: Payment) -> None:
        self._payments.append(payment)

    async def deposits(self, order_id: OrderId) -> list[DepositEntry]:
        return [entry for entry in self._base.tables.deposits if entry.order_id == order_id]

    def add_deposit(self, entry: DepositEntry) -> None:
        if entry.amount and (entry.amount > 0) != (entry.cause in {DepositCause.RECEIVED, DepositCause.UNUSED}):
            raise Impossible(f"the sign of a deposit entry: {entry}")
        self._deposits.append(entry)

    def add_answer(self, answer: LineAnswer) -> None:
        self._answers.append(answer)

    async def place(self, ean: Ean) -> list[Place]:
        return [
            Place(
                order_id=order.id,
                line_id=line.id,
                begun=line.reserved > 0,
                suspended=line.suspended_until is not None,
            )
            for order, line in self._base.queue(ean)
        ]

    def put_in_order(self, change: QueueChange) -> None:
        self._queues.append(change)

    async def holders(self, line_ids: Collection[LineId]) -> dict[LineId, OrderId]:
        wanted = set(line_ids)
        return {
            line.id: order.id
            for order in self._base.tables.orders.values()
            for line in order.lines
            if line.id in wanted
        }

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
            eans = {line.id: line.ean for line in tables.orders[order.id].lines}
            for line in order.lines:
                if line.id in eans and line.ean != eans[line.id]:
                    self._base.priorities.pop(line.id, None)
            tables.orders[order.id] = _kept(order)
            _forget(tables, order.removed)
        tables.payments.extend(self._payments)
        tables.deposits.extend(self._deposits)
        tables.line_answers.extend(self._answers)
        there = {line.id for order in tables.orders.values() for line in order.lines}
        for change in self._queues:
            if not there.issuperset(change.after):
                raise StaleVersion
            # not a record but a place: the next unit of work reads it with the queue
            self._base.priorities |= {
                line_id: position - len(change.after) for position, line_id in enumerate(change.after)
            }
            tables.queue_changes.append(change)

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
    least = min(line.cancelled, line.set_aside, line.delivered, line.outstanding, line.supplied, line.dropped)
    if line.ordered < 1 or least < 0 or line.dropped > line.cancelled:
        raise Impossible(f"the quantities of a line: {line}")
    if line.suspended_until is not None and line.set_aside:
        raise Impossible(f"a suspended line with a copy set aside: {line}")


def _forget(tables: Tables, removed: Sequence[LineId]) -> None:
    """A reservation that has ended outlives its line; what was said of it does not, nor what was meant for it."""
    tables.line_answers = [each for each in tables.line_answers if each.line_id not in removed]
    for supplier_order in list(tables.supplier_orders.values()):
        if any(link.line_id in removed for line in supplier_order.lines for link in line.links):
            freed = deepcopy(supplier_order)
            for line in freed.lines:
                line.links = [link for link in line.links if link.line_id not in removed]
            tables.supplier_orders[freed.id] = freed
    for reservation in list(tables.reservations.values()):
        if reservation.line_id in removed:
            if reservation.state is State.SET_ASIDE:
                raise Impossible("a line with a kept copy is removed")
            without = deepcopy(reservation)
            without.line_id = None
            tables.reservations[reservation.id] = without
