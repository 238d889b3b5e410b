"""Any sequence of what people and web shops do, on the fakes and on PostgreSQL: the rules of domain.md hold after each step."""

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from domain.errors import (
    AlreadyRefunded,
    Invalid,
    LineInUse,
    NothingToCancel,
    NothingToDeliver,
    NothingToReturn,
    OrderClosed,
    OrderLocked,
    OutOfStock,
    RefundTooLarge,
)
from domain.events import EventType
from domain.model.order import CustomerOrder
from domain.model.payment import PaymentKind, PaymentState
from domain.model.values import Contact, Ean, LineId
from domain.queries.delivery_notes import NoteView
from domain.queries.orders import OrderView
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.usecases.away import TheAway
from tests.usecases.keeping import Nth, some

BOOKS = [Ean("9782092512746"), Ean("9782211038614"), Ean("9782364744103")]
EBOOK = Ean("9782211217088")
Wanted = st.dictionaries(st.sampled_from([*BOOKS, EBOOK]), st.integers(1, 3), min_size=1, max_size=3)
SHOPS = count(1)


class TheCounter(TheAway):
    """As ``TheAway``, and all that people and web shops do with orders and stock."""

    # what people do

    @initialize()
    def open(self) -> None:
        self.run(self.shop.catalogue(BOOKS))
        self.run(self.shop.catalogue([EBOOK], digital=True, price="5.99"))
        self.books = self.run(self.shop.house.books())

    @rule(wanted=Wanted)
    def create(self, wanted: dict[Ean, int]) -> None:
        self.step(self.shop.create(wanted), effect=lambda _: Counter([EventType.ORDER_CREATED]))

    @rule(
        external=st.integers(1, 4),
        wanted=Wanted,
        paid=st.booleans(),
        name=st.sampled_from(["Claire MARTIN", "Paul MARTIN", "Été"]),
    )
    def push(self, external: int, wanted: dict[Ean, int], paid: bool, name: str) -> None:
        name_of = f"W-{external}"
        known = next(
            (each for each in self.books.orders.values() if each.external and each.external.id == name_of), None
        )
        sent = self.shop.push_of(name_of, wanted, paid=paid, contact=Contact(name=name))
        pushed = self.step(
            self.shop.pushes.push(sent),
            refusals=(OrderLocked, OrderClosed),
            effect=lambda result: _told_of_a_push(known, result.order),
        )
        if pushed is None:
            assert known is not None
            return
        assert pushed.created is (known is None)
        if known is None:
            assert pushed.order.version == 1
            assert pushed.order.payment_state is (PaymentState.PAID if paid else PaymentState.AWAITED)
            return
        assert (pushed.order.id, pushed.order.number) == (known.id, known.number)
        if not known.reserved and known.external and known.external.fingerprint != sent.fingerprint:
            assert [(line.ean, line.ordered) for line in pushed.order.lines] == list(wanted.items())
        if paid:
            assert pushed.order.payment_state is PaymentState.PAID

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, cents=st.integers(0, 6000), kind=st.sampled_from(PaymentKind))
    def pay(self, nth: int, cents: int, kind: PaymentKind) -> None:
        order = self.order(nth)
        after = self.step(
            self.shop.pay(order, f"{cents // 100}.{cents % 100:02d}", kind=kind),
            refusals=(OrderClosed, RefundTooLarge),
            effect=lambda _: Counter([EventType.ORDER_UPDATED if kind is PaymentKind.REFUND else EventType.ORDER_PAID]),
        )
        if after is not None and kind is not PaymentKind.REFUND:
            settled = after.paid >= after.total
            expected = PaymentState.PAID if settled else order.payment_state
            assert after.payment_state is expected

    @rule(copies=st.lists(st.tuples(st.sampled_from(BOOKS), st.integers(1, 4)), min_size=1, max_size=3))
    def receive(self, copies: list[tuple[Ean, int]]) -> None:
        queues = {ean: [(line.id, line.outstanding) for _, line in self.books.served(ean)] for ean, _ in copies}
        received = self.step(
            self.shop.receive(*copies),
            effect=lambda view: Counter(
                {
                    EventType.STOCK_RECEIVED: 1,
                    **some(EventType.RESERVATION_SET_ASIDE, sum(len(line.reservations) for line in view.lines)),
                }
            ),
        )
        assert received is not None
        for line in received.lines:
            left = line.quantity
            for kept in line.reservations:
                first, waits = queues[line.ean][0]
                assert (kept.line_id, kept.quantity) == (first, min(waits, left)), "it was not first in the queue"
                left -= kept.quantity
                queues[line.ean][:1] = [(first, waits - kept.quantity)] if waits > kept.quantity else []
            assert line.to_stock == left
            assert not left or not queues[line.ean], "a copy went to the shelf while someone waited"

    @rule(ean=st.sampled_from(BOOKS))
    def scan(self, ean: Ean) -> None:
        queue = self.books.served(ean)
        scanned = self.step(
            self.shop.scan(ean),
            refusals=(OutOfStock,),
            effect=lambda view: Counter(some(EventType.RESERVATION_SET_ASIDE, view.reservation is not None)),
        )
        if scanned is None:
            assert queue
            assert self.books.stock[ean].available == 0
        elif queue:
            assert scanned.reservation is not None
            assert scanned.reservation.line_id == queue[0][1].id, "it was not first in the queue"
            assert scanned.still_waiting == sum(line.outstanding for _, line in queue) - 1
            self.check_who_waits(scanned, ean)
        else:
            assert scanned.reservation is None

    @rule(ean=st.sampled_from(BOOKS), nth=Nth)
    def scan_for_another(self, ean: Ean, nth: int) -> None:
        queue = self.books.queue(ean)
        if not queue:
            return
        order, line = queue[nth % len(queue)]
        scanned = self.step(
            self.shop.scan(ean, order_id=order.id, line_id=line.id, reason="part en voyage"),
            refusals=(OutOfStock,),
            effect=lambda _: Counter([EventType.RESERVATION_SET_ASIDE]),
        )
        if scanned is None:
            return
        assert scanned.reservation is not None
        assert scanned.reservation.line_id == line.id
        self.check_who_waits(scanned, ean)

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth)
    def deliver_all(self, nth: int) -> None:
        self._deliver(self.order(nth), None)

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, quantities=st.lists(st.integers(1, 3), min_size=1, max_size=4))
    def deliver(self, nth: int, quantities: list[int]) -> None:
        order = self.order(nth)
        self._deliver(order, {line.id: each for line, each in zip(order.lines, quantities, strict=False)})

    def _deliver(self, order: OrderView, quantities: dict[LineId, int] | None) -> None:
        known = self.books.happened(EventType.RESERVATION_COLLECTED)

        def effect(_: OrderView) -> Counter[EventType]:
            collected = self.books.happened(EventType.RESERVATION_COLLECTED) - known
            return Counter({EventType.ORDER_DELIVERED: 1, **some(EventType.RESERVATION_COLLECTED, collected.total())})

        after = self.step(
            self.shop.deliver(order, quantities),
            refusals=(OrderClosed, NothingToDeliver, OutOfStock),
            effect=effect,
        )
        if after is None:
            return
        for old, new in zip(order.lines, after.lines, strict=True):
            wanted = quantities.get(old.id, 0) if quantities else (old.outstanding if old.digital else old.set_aside)
            assert new.delivered == old.delivered + wanted
            assert new.set_aside == old.set_aside - min(old.set_aside, wanted), "kept copies go first"

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth)
    def cancel(self, nth: int) -> None:
        order = self.order(nth)
        lines = {line.id for line in order.lines}
        kept = [each for each in self.kept() if self.books.reservations[each].line_id in lines]
        self.step(
            self.shop.cancel(order),
            refusals=(OrderClosed,),
            effect=lambda _: Counter({EventType.ORDER_CANCELLED: 1, **some(EventType.RESERVATION_RETURNED, len(kept))}),
        )

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, charge=st.sampled_from([None, "0.00", "4.50"]))
    def write_note(self, nth: int, charge: str | None) -> None:
        order = self.order(nth)
        known = self.books.happened(EventType.RESERVATION_COLLECTED)

        def effect(_: NoteView) -> Counter[EventType]:
            collected = self.books.happened(EventType.RESERVATION_COLLECTED) - known
            return Counter({EventType.ORDER_DELIVERED: 1, **some(EventType.RESERVATION_COLLECTED, collected.total())})

        written = self.step(
            self.shop.note(order, charge=charge), refusals=(OrderClosed, NothingToDeliver), effect=effect
        )
        if written is not None:
            assert (written.note.number, order.id) in self.books.notes
            after = self.books.orders[order.id]
            assert after.delivery_charge >= written.note.delivery_charge

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth, copies=st.integers(1, 2), restock=st.booleans(), replace=st.booleans())
    def take_back(self, nth: int, line: int, copies: int, restock: bool, replace: bool) -> None:
        order = self.order(nth)
        back = order.lines[line % len(order.lines)]
        after = self.step(
            self.shop.take_back(order, {back.id: copies}, restock=restock, replace=replace),
            refusals=(OrderClosed, NothingToReturn),
            effect=lambda _: Counter([EventType.ORDER_RETURNED]),
        )
        if after is not None:
            new = next(each for each in after.lines if each.id == back.id)
            assert new.delivered == back.delivered - copies
            assert new.outstanding == back.outstanding + (copies if replace else 0)

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=st.none() | Nth)
    def cancel_remainder(self, nth: int, line: int | None) -> None:
        order = self.order(nth)
        lines = [] if line is None else [order.lines[line % len(order.lines)].id]
        self.step(
            self.shop.cancel_remainder(order, *lines),
            refusals=(OrderClosed, NothingToCancel),
            effect=lambda _: Counter([EventType.ORDER_UPDATED]),
        )

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth)
    def lapse(self, nth: int) -> None:
        order = self.order(nth)
        lines = {line.id for line in order.lines}
        kept = [each for each in self.kept() if self.books.reservations[each].line_id in lines]
        self.step(
            self.shop.lapse(order),
            refusals=(OrderClosed,),
            effect=lambda _: Counter({EventType.ORDER_CANCELLED: 1, **some(EventType.RESERVATION_RETURNED, len(kept))}),
        )

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth)
    def reopen(self, nth: int) -> None:
        self.step(
            self.shop.reopen(self.order(nth)),
            refusals=(OrderClosed, AlreadyRefunded),
            effect=lambda _: Counter([EventType.ORDER_REOPENED]),
        )

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, ean=st.sampled_from([*BOOKS, EBOOK]), quantity=st.integers(1, 3))
    def add_line(self, nth: int, ean: Ean, quantity: int) -> None:
        self._line(self.shop.add_line(self.order(nth), ean, quantity))

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth, quantity=st.integers(1, 4))
    def change_line(self, nth: int, line: int, quantity: int) -> None:
        order = self.order(nth)
        self._line(self.shop.change_line(order, order.lines[line % len(order.lines)].id, quantity))

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth)
    def remove_line(self, nth: int, line: int) -> None:
        order = self.order(nth)
        self._line(self.shop.remove_line(order, order.lines[line % len(order.lines)].id))

    def _line(self, work: Coroutine[Any, Any, OrderView]) -> None:
        self.step(work, refusals=(OrderClosed, LineInUse), effect=lambda _: Counter([EventType.ORDER_UPDATED]))

    @rule(ean=st.sampled_from([*BOOKS, EBOOK]), quantity=st.integers(1, 2))
    def keep_by_hand(self, ean: Ean, quantity: int) -> None:
        self.step(
            self.shop.keep(ean, quantity),
            refusals=(OutOfStock, Invalid),
            effect=lambda _: Counter([EventType.RESERVATION_SET_ASIDE]),
        )

    @rule(ean=st.sampled_from(BOOKS), quantity=st.integers(-3, 3))
    def adjust(self, ean: Ean, quantity: int) -> None:
        self.step(
            self.shop.adjust(ean, quantity),
            refusals=(OutOfStock,),
            effect=lambda _: Counter([EventType.STOCK_ADJUSTED]),
        )


def _told_of_a_push(known: CustomerOrder | None, now: OrderView) -> Counter[EventType]:
    if known is None:
        return Counter([EventType.ORDER_CREATED])
    if now.version == known.version:
        return Counter()
    paid = known.payment_state is PaymentState.AWAITED and now.payment_state is PaymentState.PAID
    return Counter([EventType.ORDER_PAID if paid else EventType.ORDER_UPDATED])


def machine_on(open_house: Callable[[AsyncExitStack], Awaitable[House]]) -> type[TheCounter]:
    return type("Machine", (TheCounter,), {"open_house": staticmethod(open_house)})


def bounded(*, examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


class TestTheShop:
    @pytest.mark.row("A5", "A6", "A12", "A13", "A27", "P6")
    def test_obeys_the_rules_whatever_is_done_in_memory(self) -> None:
        async def open_house(_: AsyncExitStack) -> House:
            return FakeHouse()

        run_state_machine_as_test(machine_on(open_house), settings=bounded(examples=60, steps=40))

    @pytest.mark.row("A5", "A6", "A12", "A13", "A27", "P6")
    def test_obeys_the_rules_whatever_is_done_in_postgresql(self, database: str) -> None:
        async def open_house(stack: AsyncExitStack) -> House:
            return await stack.enter_async_context(postgres_house(database, name=f"shop-{next(SHOPS)}", size=2))

        run_state_machine_as_test(machine_on(open_house), settings=bounded(examples=12, steps=30))
