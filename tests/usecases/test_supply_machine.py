"""Any sequence of what is asked of suppliers, of what they bring and say, and of what customers do: supply adds up."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from domain.errors import (
    LineInUse,
    NothingToDeliver,
    NothingToOrder,
    OrderClosed,
    OutOfStock,
    ShopError,
    SupplierOrderClosed,
    UnfitLines,
)
from domain.model.order import Status
from domain.model.supply import SupplyState
from domain.model.values import Ean, LineId, ThirdPartyId
from domain.queries.orders import OrderView, view_of
from domain.queries.supply import SupplyView, supply_view
from domain.usecases.answering import Said
from tests.contracts.books import Books, compare
from tests.contracts.house import FakeHouse
from tests.usecases.desk import Desk, check_supply
from tests.usecases.test_machine import bounded

T = TypeVar("T")

BOOKS = [Ean("9782092512746"), Ean("9782211038614")]
CODES = ["1", "5", "6", "7", "8", "9", "ZZ"]
"""Of every effect in the shop's table, and one that it lacks."""
Nth = st.integers(0, 30)


class TheDesk(RuleBasedStateMachine):
    """One shop with two suppliers. Every rule of supply is checked after each step; a refused one leaves nothing behind."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.desk = Desk(FakeHouse())
        self.suppliers: list[ThirdPartyId] = []
        self.books: Books = self.run(self.desk.house.books())
        self.supplies: list[SupplyView] = []

    def run(self, work: Awaitable[T]) -> T:
        async def now() -> T:
            return await work

        return self.runner.run(now())

    def teardown(self) -> None:
        self.runner.close()

    def step(self, work: Awaitable[T], *refusals: type[ShopError]) -> T | None:
        result, refusal = None, None
        try:
            result = self.run(work)
        except refusals as refused:
            refusal = refused
        before, known = self.books, {each.id: each for each in self.supplies}
        self.books = self.run(self.desk.house.books())
        kept = self.run(self.desk.supplies())
        self.supplies = [supply_view(supply) for supply in kept.values()]
        if refusal is not None:
            assert repr(self.books) == repr(before), f"{refusal!r} left something behind"
            assert self.supplies == list(known.values())
            return None
        check_supply(self.books, kept.values())
        compare(before.orders, self.books.orders)
        for supply in self.supplies:
            old = known.get(supply.id)
            assert old is None or old == supply or supply.version > old.version, "it changed under its version"
            assert old is None or old.state is not SupplyState.CANCELLED or old == supply, "it came back to life"
        return result

    def order(self, nth: int) -> OrderView:
        orders = sorted(self.books.orders.values(), key=lambda order: order.number)
        return view_of(orders[nth % len(orders)])

    def supply(self, nth: int) -> SupplyView:
        return self.supplies[nth % len(self.supplies)]

    @initialize()
    def open(self) -> None:
        self.run(self.desk.catalogue(BOOKS))
        self.suppliers = [self.run(self.desk.supplier(name)) for name in ("SODIS", "HACHETTE")]
        for supplier, ean in zip(self.suppliers, BOOKS, strict=True):
            self.run(self.desk.supplied_by(supplier, ean))
        self.books = self.run(self.desk.house.books())

    # customers

    @rule(wanted=st.dictionaries(st.sampled_from(BOOKS), st.integers(1, 4), min_size=1, max_size=2))
    def take(self, wanted: dict[Ean, int]) -> None:
        self.step(self.desk.create(wanted))

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth)
    def give_up(self, nth: int) -> None:
        order = self.order(nth)
        sent = {each.id: each.quantity for each in self.supplies if each.state is not SupplyState.DRAFT}
        if self.step(self.desk.cancel(order), OrderClosed):
            after = view_of(self.books.orders[order.id])
            assert after.status is Status.CANCELLED
            assert not any(line.supplied for line in after.lines)
            now = {each.id: each.quantity for each in self.supplies if each.id in sent}
            assert now == sent, "what was sent stays asked for (A24)"

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth, ordered=st.integers(1, 5))
    def want_another_quantity(self, nth: int, line: int, ordered: int) -> None:
        order = self.order(nth)
        changed = order.lines[line % len(order.lines)]
        self.step(self.desk.change_line(order, changed.id, ordered), OrderClosed, LineInUse)

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth)
    def want_no_more(self, nth: int, line: int) -> None:
        order = self.order(nth)
        self.step(self.desk.remove_line(order, order.lines[line % len(order.lines)].id), OrderClosed, LineInUse)

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth)
    def take_away(self, nth: int) -> None:
        self.step(self.desk.deliver(self.order(nth)), OrderClosed, NothingToDeliver, OutOfStock)

    # the shop

    @rule(ean=st.sampled_from(BOOKS), quantity=st.integers(1, 3))
    def find(self, ean: Ean, quantity: int) -> None:
        self.step(self.desk.adjust(ean, quantity))

    @rule(ean=st.sampled_from(BOOKS))
    def scan(self, ean: Ean) -> None:
        before = self.supplies
        self.step(self.desk.scan(ean), OutOfStock)
        assert self.supplies == before, "a scan does not touch the supplier order (A28)"

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth)
    def release(self, nth: int, line: int) -> None:
        order = self.order(nth)
        freed = order.lines[line % len(order.lines)]
        after = self.step(self.desk.free(order, freed.id))
        assert after is not None
        assert next(each for each in after.lines if each.id == freed.id).surplus == 0

    # suppliers

    @precondition(lambda self: self.books.orders)
    @rule(
        picks=st.lists(st.tuples(Nth, st.none() | st.integers(1, 3)), min_size=1, max_size=4),
        supplier=st.none() | st.integers(0, 1),
        apart=st.booleans(),
    )
    def ask(self, picks: list[tuple[int, int | None]], supplier: int | None, apart: bool) -> None:
        lines = [line for order in self.books.orders.values() for line in order.lines]
        wanted: list[LineId | tuple[LineId, int]] = []
        for nth, quantity in picks:
            line_id = lines[nth % len(lines)].id
            wanted.append(line_id if quantity is None else (line_id, quantity))
        before = {line.id: line.supplied for line in lines}
        lacking = {line.id: line.unsupplied for line in lines}
        given = None if supplier is None else self.suppliers[supplier]
        asked = self.step(self.desk.ask(*wanted, supplier_id=given, apart=apart), NothingToOrder, UnfitLines)
        if asked is None:
            return
        for each in wanted:
            line_id, quantity = each if isinstance(each, tuple) else (each, lacking[each])
            assert self.books.line(line_id).supplied - before[line_id] == quantity <= lacking[line_id]

    @precondition(lambda self: self.supplies)
    @rule(nth=Nth)
    def send(self, nth: int) -> None:
        self.step(self.desk.send(self.supply(nth)), SupplierOrderClosed)

    @precondition(lambda self: self.supplies)
    @rule(nth=Nth)
    def annul(self, nth: int) -> None:
        self.step(self.desk.annul(self.supply(nth)), SupplierOrderClosed)

    @precondition(lambda self: self.supplies)
    @rule(nth=Nth, ean=st.sampled_from(BOOKS), quantity=st.integers(1, 3))
    def stock_up(self, nth: int, ean: Ean, quantity: int) -> None:
        self.step(self.desk.stock_up(self.supply(nth), ean, quantity), SupplierOrderClosed)

    @precondition(lambda self: any(supply.lines for supply in self.supplies))
    @rule(nth=Nth, line=Nth)
    def drop(self, nth: int, line: int) -> None:
        supply = self._with_lines(nth)
        self.step(self.desk.drop(supply, supply.lines[line % len(supply.lines)].id), SupplierOrderClosed)

    @rule(
        copies=st.lists(st.tuples(st.sampled_from(BOOKS), st.integers(1, 4)), min_size=1, max_size=3),
        named=st.none() | Nth,
    )
    def unpack(self, copies: list[tuple[Ean, int]], named: int | None) -> None:
        parcel: dict[str, Any] = {}
        if named is not None and self.supplies:
            parcel = {"supplier_order_id": self.supply(named).id}
        before = {line.id: line.received for supply in self.supplies for line in supply.lines}
        done = self.step(self.desk.unpack(*copies, **parcel), SupplierOrderClosed)
        if done is None:
            return
        after = {line.id: line.received for supply in self.supplies for line in supply.lines}
        came = sum(after.values()) - sum(before.values())
        assert came == sum(line.expected for line in done.lines)
        assert all(line.unexpected >= 0 for line in done.lines)

    @precondition(lambda self: any(supply.lines for supply in self.supplies))
    @rule(nth=Nth, line=Nth, code=st.sampled_from(CODES))
    def hear(self, nth: int, line: int, code: str) -> None:
        supply = self._with_lines(nth)
        said = Said(line_id=supply.lines[line % len(supply.lines)].id, code=code)
        done = self.step(self.desk.answer(supply, said), SupplierOrderClosed, UnfitLines)
        if done is None:
            return
        for told in done.told:
            answer = self.books.line(told.line_id).answer
            assert answer is not None
            assert answer.code == code

    def _with_lines(self, nth: int) -> SupplyView:
        found = [supply for supply in self.supplies if supply.lines]
        return found[nth % len(found)]


class TestSupply:
    @pytest.mark.row("A14", "A19", "A24", "A28", "C6", "C7")
    def test_adds_up_whatever_is_done(self) -> None:
        run_state_machine_as_test(TheDesk, settings=bounded(examples=60, steps=40))
