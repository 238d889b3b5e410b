"""All that a shop has written, read for a check, and the rules that it must obey at every moment (domain.md)."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import asyncpg

from domain.events import Event, EventType
from domain.model.answers import LineAnswer
from domain.model.article import Cause, Movement, StockLevel
from domain.model.named_deposit import NamedDepositEntry
from domain.model.order import CustomerOrder, derive_status
from domain.model.order_line import OrderLine
from domain.model.payment import DepositCause, DepositEntry, PaymentKind, PaymentMethod, PaymentState, came_by
from domain.model.purchase import Purchase
from domain.model.reservation import Reservation, State
from domain.model.supply import OPEN_STATES, SupplierOrder, SupplyState
from domain.model.values import (
    DossierId,
    Ean,
    LineId,
    OrderId,
    ReservationId,
    SupplierOrderId,
    folded,
)
from infra.repositories.named_deposits import entry_of
from infra.repositories.orders import answer_of, order_of
from infra.repositories.purchases import purchase_of
from infra.repositories.reservations import reservation_of
from infra.repositories.supply import supplier_order_of
from infra.sql import sql
from tests.fakes.base import Base

ORDERS = sql("order_load").replace("AND o.order_id = ANY ($2::uuid[])", "ORDER BY o.number")
SUPPLIER_ORDERS = sql("supplier_order_load").replace("AND s.supplier_order_id = ANY ($2::uuid[])", "ORDER BY s.number")
ENDS = {
    State.COLLECTED: (EventType.RESERVATION_COLLECTED, Cause.SALE),
    State.RETURNED: (EventType.RESERVATION_RETURNED, Cause.RELEASE),
    State.WRITTEN_OFF: (EventType.RESERVATION_WRITTEN_OFF, Cause.WRITE_OFF),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A payment as the check needs it."""

    order_id: OrderId
    amount: Decimal
    kind: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What the order list shows of an order without loading it: columns written at each save."""

    status: str
    quantity: int
    reserved: int
    has_digital: bool


@dataclass(slots=True, kw_only=True)
class Books:
    """Everything of one dossier that the rules speak of. ``tokens`` are the words that find each order."""

    orders: dict[OrderId, CustomerOrder]
    listed: dict[OrderId, Listed]
    tokens: dict[OrderId, set[str]]
    reservations: dict[ReservationId, Reservation]
    stock: dict[Ean, StockLevel]
    movements: list[Movement]
    payments: list[Money]
    deposits: list[DepositEntry]
    named: list[NamedDepositEntry]
    purchases: list[Purchase]
    said: list[LineAnswer]
    supplier_orders: dict[SupplierOrderId, SupplierOrder]
    notes: list[tuple[int, OrderId]]
    """Number and order of each delivery note, in their order."""
    events: list[Event]
    answers: dict[tuple[str, str], bytes]

    def line(self, line_id: LineId) -> OrderLine:
        return next(line for order in self.orders.values() for line in order.lines if line.id == line_id)

    def queue(self, ean: Ean) -> list[tuple[CustomerOrder, OrderLine]]:
        """The waiting lines of an article by order date, order number and position."""
        places = [
            (order, line)
            for order in self.orders.values()
            for line in order.lines
            if line.ean == ean and line.outstanding and not line.digital
        ]
        return sorted(places, key=lambda place: (place[0].created_at, place[0].number, place[1].position))

    def served(self, ean: Ean) -> list[tuple[CustomerOrder, OrderLine]]:
        """The queue without the suspended lines, which copies pass over (P6)."""
        return [(order, line) for order, line in self.queue(ean) if line.suspended_until is None]

    def happened(self, kind: EventType) -> Counter[UUID]:
        """How often ``kind`` was told of each subject."""
        return Counter(event.subject for event in self.events if event.type == kind)


def books_of(base: Base) -> Books:
    """The books of a shop in memory."""
    tables = base.tables
    return Books(
        orders=dict(tables.orders),
        listed={
            order.id: Listed(
                status=order.status.value,
                quantity=order.quantity,
                reserved=order.reserved,
                has_digital=order.has_digital,
            )
            for order in tables.orders.values()
        },
        tokens={order.id: set(folded(order.contact.name).split()) for order in tables.orders.values()},
        reservations=dict(tables.reservations),
        stock=dict(tables.stock),
        movements=list(tables.movements),
        payments=[
            Money(order_id=each.order_id, amount=each.amount, kind=each.kind.value, method=each.method.value)
            for each in tables.payments
        ],
        deposits=list(tables.deposits),
        named=list(tables.named_deposits),
        purchases=list(tables.purchases),
        said=list(tables.line_answers),
        supplier_orders=dict(tables.supplier_orders),
        notes=[(note.number, note.order_id) for note in tables.delivery_notes],
        events=list(tables.events),
        answers={name: told.body for name, (_, told) in tables.answers.items()},
    )


async def read_books(connection: "asyncpg.Connection[asyncpg.Record]", dossier: DossierId) -> Books:
    """The books of a shop in PostgreSQL, read by the owner of its tables."""

    async def rows(table: str, order: str) -> Sequence[asyncpg.Record]:
        return await connection.fetch(f"SELECT * FROM {table} WHERE dossier_id = $1 ORDER BY {order}", dossier)

    async with connection.transaction(isolation="repeatable_read", readonly=True):
        orders = await connection.fetch(ORDERS, dossier)
        tokens: dict[OrderId, set[str]] = {OrderId(row["order_id"]): set() for row in orders}
        for row in await rows("order_token", "token"):
            tokens[OrderId(row["order_id"])].add(row["token"])
        return Books(
            orders={order.id: order for order in map(order_of, orders)},
            listed={
                OrderId(row["order_id"]): Listed(
                    status=row["status"],
                    quantity=row["quantity"],
                    reserved=row["reserved"],
                    has_digital=row["has_digital"],
                )
                for row in orders
            },
            tokens=tokens,
            reservations={kept.id: kept for kept in map(reservation_of, await rows("reservation", "reservation_id"))},
            stock={
                Ean(row["ean"]): StockLevel(ean=Ean(row["ean"]), available=row["available"], set_aside=row["set_aside"])
                for row in await rows("stock_level", "ean")
            },
            movements=[_movement(row) for row in await rows("stock_movement", "movement_id")],
            payments=[
                Money(order_id=OrderId(row["order_id"]), amount=row["amount"], kind=row["kind"], method=row["method"])
                for row in await rows("payment", "payment_id")
            ],
            deposits=[_deposit(row) for row in await rows("deposit_entry", "deposit_entry_id")],
            named=[entry_of(row) for row in await rows("named_deposit_entry", "named_deposit_entry_id")],
            purchases=[purchase_of(row) for row in await rows("purchase", "purchase_id")],
            said=[_said(row) for row in await rows("line_answer", "line_answer_id")],
            supplier_orders={
                order.id: order for order in map(supplier_order_of, await connection.fetch(SUPPLIER_ORDERS, dossier))
            },
            notes=[(row["number"], OrderId(row["order_id"])) for row in await rows("delivery_note", "number")],
            events=[_event(row) for row in await rows("outbox_event", "xid, seq")],
            answers={
                (row["client"], row["key"]): row["body"] for row in await rows("idempotency_answer", "client, key")
            },
        )


def _movement(row: asyncpg.Record) -> Movement:
    return Movement(
        id=row["movement_id"],
        ean=Ean(row["ean"]),
        available=row["available"],
        set_aside=row["set_aside"],
        cause=Cause(row["cause"]),
        reason=row["reason"],
        reservation_id=ReservationId(row["reservation_id"]) if row["reservation_id"] else None,
        at=row["at"],
        by=row["by"],
    )


def _deposit(row: asyncpg.Record) -> DepositEntry:
    return DepositEntry(
        id=row["deposit_entry_id"],
        order_id=OrderId(row["order_id"]),
        amount=row["amount"],
        cause=DepositCause(row["cause"]),
        method=PaymentMethod(row["method"]) if row["method"] else None,
        at=row["at"],
        by=row["by"],
    )


def _said(row: asyncpg.Record) -> LineAnswer:
    answer = answer_of(row["code"], row["label"], row["source"], row["at"], row["effect"], row["new_ean"])
    assert answer is not None
    return LineAnswer(
        id=row["line_answer_id"],
        order_id=OrderId(row["order_id"]),
        line_id=LineId(row["line_id"]),
        answer=answer,
        by=row["by"],
    )


def _event(row: asyncpg.Record) -> Event:
    return Event(
        id=row["event_id"],
        type=EventType(row["type"]),
        subject=row["subject"],
        version=row["version"],
        at=row["at"],
        by=row["by"],
        data=json.loads(row["data"]),
    )


def audit(books: Books) -> None:
    """Fails on the first rule of domain.md that the books break."""
    for order in books.orders.values():
        _audit_order(books, order)
    numbers = [order.number for order in books.orders.values()]
    assert len(set(numbers)) == len(numbers), "an order number was given twice"
    externals = [(each.external.channel, each.external.id) for each in books.orders.values() if each.external]
    assert len(set(externals)) == len(externals), "a web order was taken twice"
    for supplier_order in books.supplier_orders.values():
        _audit_supplier_order(supplier_order)
    for drawn in ([each.number for each in books.supplier_orders.values()], [number for number, _ in books.notes]):
        assert len(set(drawn)) == len(drawn), "a number was given twice"
    for stock in books.stock.values():
        _audit_stock(books, stock)
    _audit_purchases(books)
    _audit_named_deposits(books)
    _audit_events(books)


def _audit_order(books: Books, order: CustomerOrder) -> None:
    kept = Counter[LineId]()
    for each in books.reservations.values():
        if each.state is State.SET_ASIDE and each.line_id is not None:
            kept[each.line_id] += each.quantity
    for line in order.lines:
        assert line.ordered >= 1
        assert min(line.cancelled, line.set_aside, line.delivered) >= 0, line
        assert line.set_aside + line.delivered + line.cancelled <= line.ordered, line
        assert line.set_aside == kept[line.id], f"{line} has {kept[line.id]} reservations set aside"
        if line.suspended_until is not None:
            assert not line.set_aside, f"{line} is suspended and a copy lies aside for it"
            assert line.outstanding, f"{line} is suspended and waits for nothing"
            assert not line.digital, f"{line} is suspended and waits for no copy"
    positions = [line.position for line in order.lines]
    assert positions == sorted(set(positions)), positions
    listed = books.listed[order.id]
    derived = derive_status(
        cancelled=order.cancelled_at is not None,
        held=order.payment_state is PaymentState.AWAITED,
        lines=order.lines,
    )
    assert listed == Listed(
        status=derived.value,
        quantity=sum(line.ordered for line in order.lines),
        reserved=sum(line.set_aside + line.delivered for line in order.lines),
        has_digital=any(line.digital for line in order.lines),
    )
    assert books.tokens[order.id] == set(folded(order.contact.name).split())
    _audit_money(books, order)
    for line in order.lines:
        _audit_line(books, order, line)


def _audit_money(books: Books, order: CustomerOrder) -> None:
    money = [each for each in books.payments if each.order_id == order.id]
    back = sum(each.amount for each in money if each.kind == PaymentKind.REFUND.value)
    assert order.paid == sum(each.amount for each in money if each.kind != PaymentKind.REFUND.value) - back
    assert order.refunded == back
    ledger = [each for each in books.deposits if each.order_id == order.id]
    assert order.deposit_left == sum(each.amount for each in ledger), "what is left of a deposit is its ledger's sum"
    assert 0 <= order.deposit_used <= order.deposit <= order.paid
    assert order.deposit == sum(
        each.amount for each in ledger if each.cause in {DepositCause.RECEIVED, DepositCause.REFUNDED}
    )
    assert order.deposit_used <= order.delivered_value, "no delivery takes more than it is worth"
    goods = sum(line.unit_price * (line.ordered - line.cancelled) for line in order.lines)
    charged = any(line.cancelled < line.ordered for line in order.lines)
    if not order.vat_exempt:
        assert order.total == goods + (order.delivery_charge if charged else 0)
    assert order.total == sum(each.net + each.vat for each in order.vat_totals)


def _audit_line(books: Books, order: CustomerOrder, line: OrderLine) -> None:
    assert 0 <= line.dropped <= line.cancelled
    assert line.dropped == 0 or order.cancelled_at is not None
    links = [
        (supplier_order, link)
        for supplier_order in books.supplier_orders.values()
        for _, link in supplier_order.links_of(line.id)
    ]
    assert line.supplied == sum(link.open for _, link in links), "supplied is what is on order for the line"
    assert all(each.state in OPEN_STATES for each, link in links if link.open)
    history = [each.answer for each in books.said if each.line_id == line.id]
    if line.answer is not None and history:
        assert line.answer == max(history, key=lambda each: each.at or order.created_at)


def _audit_supplier_order(order: SupplierOrder) -> None:
    for line in order.lines:
        assert line.linked <= line.outstanding or order.cancelled_at is not None, "no more is meant than is to come"
        assert line.linked == 0 or order.state in OPEN_STATES
        for link in line.links:
            assert 0 <= link.received <= link.quantity
            assert link.quantity >= 1
    assert order.lines or order.state is SupplyState.CANCELLED


def _audit_stock(books: Books, stock: StockLevel) -> None:
    moved = [each for each in books.movements if each.ean == stock.ean]
    kept = [each for each in books.reservations.values() if each.ean == stock.ean and each.state is State.SET_ASIDE]
    assert min(stock.available, stock.set_aside) >= 0, stock
    assert stock.set_aside == sum(each.quantity for each in kept), stock
    assert stock.available == sum(each.available for each in moved), stock
    assert stock.set_aside == sum(each.set_aside for each in moved), stock
    # what left by sale, and did not come back, is what order lines and customers without an order received
    sold = -sum(each.available + each.set_aside for each in moved if each.cause in {Cause.SALE, Cause.RETURN})
    delivered = sum(line.delivered for order in books.orders.values() for line in order.lines if line.ean == stock.ean)
    by_hand = sum(
        each.quantity
        for each in books.reservations.values()
        if each.ean == stock.ean and each.state is State.COLLECTED and each.order_id is None
    )
    digital = any(line.digital for order in books.orders.values() for line in order.lines if line.ean == stock.ean)
    assert digital or sold == delivered + by_hand, stock


def _audit_purchases(books: Books) -> None:
    """What was bought is what left the shop and did not come back, to the copy and to the cent."""
    copies: Counter[tuple[OrderId | None, Ean]] = Counter()
    euros: Counter[tuple[OrderId | None, Ean]] = Counter()
    for each in books.purchases:
        copies[each.order_id, each.ean] += each.quantity
        euros[each.order_id, each.ean] += each.amount  # type: ignore[assignment]  # a sum of money
        if each.order_id is not None:
            assert each.customer_id == books.orders[each.order_id].customer_id, "a purchase is his whose order it is"
    for order in books.orders.values():
        for ean in {line.ean for line in order.lines}:
            lines = [line for line in order.lines if line.ean == ean]
            assert copies[order.id, ean] == sum(line.delivered for line in lines), "purchases are what was delivered"
            if not order.vat_exempt:
                assert euros[order.id, ean] == sum(line.owed_for(line.delivered).due for line in lines)
    by_hand = Counter[Ean]()
    for kept in books.reservations.values():
        if kept.state is State.COLLECTED and kept.order_id is None:
            by_hand[kept.ean] += kept.quantity
    assert by_hand == Counter({ean: bought for (order_id, ean), bought in copies.items() if order_id is None})


def _audit_named_deposits(books: Books) -> None:
    """No deposit by name is below nil at any moment, and what orders took of one is what came into their own ledgers."""
    left: Counter[UUID] = Counter()
    for each in sorted(books.named, key=lambda entry: entry.at):
        left[each.customer_id] += each.amount  # type: ignore[assignment]  # a sum of money
        assert left[each.customer_id] >= 0, "more was taken of a deposit by name than was left"
    by_name = PaymentMethod.NAMED_DEPOSIT.value
    counted = sum(each.amount for each in books.named if each.order_id is None) + sum(
        -each.amount if each.kind == PaymentKind.REFUND.value else each.amount
        for each in books.payments
        if each.method != by_name
    )
    kept = sum(each.amount for each in books.named) + sum(order.paid for order in books.orders.values())
    assert counted == kept, "what came over the counter is left by name or paid for orders"
    for order in books.orders.values():
        ledger = [each for each in books.deposits if each.order_id == order.id]
        moved = [each for each in books.named if each.order_id == order.id]
        assert came_by(ledger, PaymentMethod.NAMED_DEPOSIT) == -sum(each.amount for each in moved)
        assert {each.customer_id for each in moved} <= {order.customer_id}


def _audit_events(books: Books) -> None:
    assert len({event.id for event in books.events}) == len(books.events)
    assert books.happened(EventType.ORDER_CREATED) == Counter(list(books.orders)), "one event for each order"
    cancelled = {order.id for order in books.orders.values() if order.cancelled_at is not None}
    # an order annulled line by line was not told of as cancelled, and may be opened again like the others
    last = {
        event.subject: event.type
        for event in books.events
        if event.type in {EventType.ORDER_CANCELLED, EventType.ORDER_REOPENED}
    }
    assert {subject for subject, kind in last.items() if kind is EventType.ORDER_CANCELLED} == cancelled
    told = books.happened(EventType.ORDER_CANCELLED) - books.happened(EventType.ORDER_REOPENED)
    assert set(told.values()) <= {1}, "told once each time"
    kept = [each for each in books.movements if each.cause is Cause.SET_ASIDE]
    anew = Counter(each.reservation_id for each in kept if each.set_aside)
    assert books.happened(EventType.RESERVATION_SET_ASIDE) == anew, "one event for each copy kept"
    passed = Counter(each.reservation_id for each in kept if not each.set_aside)
    assert books.happened(EventType.RESERVATION_MOVED) == passed, "one event for each copy given to another"
    for state, (kind, cause) in ENDS.items():
        ended = Counter(each.id for each in books.reservations.values() if each.state is state)
        assert books.happened(kind) == ended, f"one event for each reservation {state.value}"
        moved = Counter(each.reservation_id for each in books.movements if each.cause is cause and each.reservation_id)
        assert moved == ended, f"one movement for each reservation {state.value}"
    for event in books.events:
        if event.subject in books.orders:
            assert event.version <= books.orders[OrderId(event.subject)].version


def compare(before: Mapping[OrderId, CustomerOrder], after: Mapping[OrderId, CustomerOrder]) -> list[OrderId]:
    """The orders that changed between two readings; fails if a version fell, or an order changed under its version."""
    changed = []
    for order_id, old in before.items():
        new = after[order_id]
        assert new.version >= old.version, "a version fell"
        if content(new) != content(old):
            assert new.version > old.version, "an order changed and kept its version"
            changed.append(order_id)
    return changed


def content(order: CustomerOrder) -> str:
    """All of an order but its version and the date of its last change."""
    fields = [getattr(order, name) for name in CustomerOrder.__slots__ if name not in {"version", "updated_at"}]
    return repr(fields)
