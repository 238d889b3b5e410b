"""The counter with its suppliers: whatever is done, every rule of domain.md holds after each step, and HTTP reads the same."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Any, ClassVar, TypeVar

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from api.app import create_app
from api.schemas.orders import Order
from domain.comptoir import Comptoir
from domain.errors import (
    NothingToOrder,
    OrderClosed,
    StaleVersion,
    SupplierOrderClosed,
    UnfitLines,
)
from domain.events import EventType
from domain.model.order import CustomerOrder
from domain.model.supply import OPEN_STATES, SupplyState
from domain.model.values import LineId, OrderId, ThirdPartyId
from domain.queries.orders import view_of
from domain.queries.supply import SupplyView, supply_view
from domain.usecases.answering import Said
from domain.usecases.answers import Answers, Saying
from infra.bootstrap import running
from infra.db.dossiers import add_key
from tests.contracts.books import audit, compare
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.usecases.desk import Desk, check_supply
from tests.usecases.keeping import Nth, Refusals
from tests.usecases.test_machine import BOOKS, EBOOK, TheCounter, bounded

T = TypeVar("T")
Wire = Callable[[OrderId], Awaitable[dict[str, Any]]]
SHOPS = count(1)
CODES = ["1", "5", "6", "7", "8", "INCONNU"]
"""An answer of each effect in the shop's table, and one that the table lacks."""
SUPPLIERS_HEAR = frozenset(kind for kind in EventType if kind.value.startswith("supplier_order."))


class TheWholeCounter(TheCounter):
    """As ``TheCounter``, at a shop that asks its suppliers. ``wire`` reads an order over HTTP."""

    open_wire: ClassVar[Callable[[AsyncExitStack, House], Awaitable[Wire | None]]]
    shop: Desk

    def __init__(self) -> None:
        super().__init__()
        self.shop = Desk(self.shop.house)
        self.answers = Answers(self.shop.around)
        self.wire = self.run(type(self).open_wire(self.stack, self.shop.house))
        self.suppliers: list[ThirdPartyId] = []

    @initialize()
    def open(self) -> None:
        self.run(self.shop.catalogue([EBOOK], digital=True, price="5.99"))
        self.suppliers = [self.run(self.shop.supplier(name)) for name in ("SODIS", "HACHETTE")]
        self.run(self.shop.supplied_by(self.suppliers[0], *BOOKS[:2]))
        self.run(self.shop.supplied_by(self.suppliers[1], *BOOKS[2:]))
        self.books = self.run(self.shop.house.books())

    def step(
        self, work: Coroutine[Any, Any, T], *, refusals: Refusals = (), effect: Callable[[T], Counter[EventType]]
    ) -> T | None:
        """As of ``TheCounter``; orders whose supply changed beside are told of once more, and so are supplier orders."""
        result, refusal = None, None
        try:
            result = self.run(work)
        except refusals as refused:
            refusal = refused
        before, self.books = self.books, self.run(self.shop.house.books())
        if refusal is not None:
            assert repr(self.books) == repr(before), f"{refusal!r} left something behind"
            return None
        audit(self.books)
        check_supply(self.books, self.books.supplier_orders.values())
        changed = [*compare(before.orders, self.books.orders), *(self.books.orders.keys() - before.orders.keys())]
        told = Counter(event.type for event in self.books.events)
        told.subtract(event.type for event in before.events)
        heard, wanted = +told, effect(result)  # type: ignore[arg-type]  # nothing refused, so there is a result
        assert {kind: heard[kind] for kind in EventType if kind not in SUPPLIERS_HEAR | {EventType.ORDER_UPDATED}} == {
            kind: wanted[kind] for kind in EventType if kind not in SUPPLIERS_HEAR | {EventType.ORDER_UPDATED}
        }
        assert heard[EventType.ORDER_UPDATED] >= wanted[EventType.ORDER_UPDATED]
        self._hear_of_suppliers(before.supplier_orders)
        for order_id in changed:
            self.read(self.books.orders[order_id])
        return result

    def _hear_of_suppliers(self, before: Any) -> None:
        for supplier_order in self.books.supplier_orders.values():
            known = before.get(supplier_order.id)
            if known is None or known.version != supplier_order.version:
                last = [event for event in self.books.events if event.subject == supplier_order.id][-1]
                assert (last.version, last.data["state"]) == (supplier_order.version, supplier_order.state.value)

    def read(self, order: CustomerOrder) -> None:
        if self.wire is not None:
            assert self.run(self.wire(order.id)) == Order.of(view_of(order)).model_dump(mode="json")

    # what there is to choose from

    def supplies(self, *states: SupplyState) -> list[SupplyView]:
        found = [each for each in self.books.supplier_orders.values() if each.state in states]
        return [supply_view(each) for each in sorted(found, key=lambda each: each.number)]

    # what the desk does

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, supplier=st.none() | st.integers(0, 1))
    def raise_supplier_orders(self, nth: int, supplier: int | None) -> None:
        order = self.order(nth)
        chosen = None if supplier is None else self.suppliers[supplier]
        raised = self.step(
            self.shop.ask_for(order, supplier_id=chosen),
            refusals=(NothingToOrder, OrderClosed, UnfitLines),
            effect=lambda _: Counter([EventType.ORDER_UPDATED]),
        )
        if raised is not None:
            assert all(line.unsupplied == 0 for line in self.books.orders[order.id].lines)

    @precondition(lambda self: any(each.unsupplied for each in self._lines()))
    @rule(picks=st.sets(Nth, min_size=1, max_size=4), apart=st.booleans())
    def treat_untreated(self, picks: set[int], apart: bool) -> None:
        untreated: Sequence[LineId] = sorted(each.id for each in self._lines() if each.unsupplied)
        ids = list(dict.fromkeys(untreated[nth % len(untreated)] for nth in sorted(picks)))
        orders = {order.id for order in self.books.orders.values() for line in order.lines if line.id in ids}
        self.step(
            self.shop.ask(*ids, apart=apart),
            refusals=(UnfitLines,),
            effect=lambda _: Counter({EventType.ORDER_UPDATED: len(orders)}),
        )

    def _lines(self) -> list[Any]:
        return [line for order in self.books.orders.values() for line in order.lines]

    @precondition(lambda self: self.supplies(SupplyState.DRAFT))
    @rule(nth=Nth)
    def send(self, nth: int) -> None:
        drafts = self.supplies(SupplyState.DRAFT)
        self.step(self.shop.send(drafts[nth % len(drafts)]), effect=lambda _: Counter())

    @precondition(lambda self: self.supplies(*OPEN_STATES))
    @rule(nth=Nth)
    def annul_supplier_order(self, nth: int) -> None:
        open_ones = self.supplies(*OPEN_STATES)
        self.step(self.shop.annul(open_ones[nth % len(open_ones)]), effect=lambda _: Counter())

    @precondition(lambda self: self.supplies(SupplyState.VALIDATED, SupplyState.PARTLY_RECEIVED))
    @rule(nth=Nth, line=Nth, code=st.sampled_from(CODES))
    def answer_supplier_order(self, nth: int, line: int, code: str) -> None:
        sent = self.supplies(SupplyState.VALIDATED, SupplyState.PARTLY_RECEIVED)
        supply = sent[nth % len(sent)]
        answered = supply.lines[line % len(supply.lines)]
        done = self.step(
            self.shop.answer(supply, Said(line_id=answered.id, code=code)),
            refusals=(UnfitLines, SupplierOrderClosed),
            effect=lambda _: Counter(),
        )
        if done is not None:
            for each in done.told:
                said = self.books.line(each.line_id).answer
                assert said is not None
                assert said.code == code

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth, code=st.sampled_from(CODES))
    def answer_by_hand(self, nth: int, line: int, code: str) -> None:
        order = self.order(nth)
        saying = self.answers.say(
            by=self.shop.staff,
            order_id=order.id,
            line_id=order.lines[line % len(order.lines)].id,
            version=order.version,
            saying=Saying(code=code),
            once=self.shop.once(),
        )
        self.step(saying, refusals=(OrderClosed,), effect=lambda _: Counter([EventType.ORDER_UPDATED]))

    @precondition(lambda self: any(each.surplus for each in self._lines()))
    @rule(nth=Nth)
    def release_surplus(self, nth: int) -> None:
        spare = [(order, line) for order in self.books.orders.values() for line in order.lines if line.surplus]
        order, line = spare[nth % len(spare)]
        after = self.step(self.shop.free(view_of(order), line.id), effect=lambda _: Counter([EventType.ORDER_UPDATED]))
        assert after is not None
        assert next(each for each in after.lines if each.id == line.id).surplus == 0

    @precondition(lambda self: any(order.version > 1 for order in self.books.orders.values()))
    @rule(nth=Nth)
    def come_too_late(self, nth: int) -> None:
        """Whoever saw an older version is told so, whatever he wants."""
        late = [order for order in self.books.orders.values() if order.version > 1]
        order = view_of(late[nth % len(late)])
        stale: list[Coroutine[Any, Any, Any]] = [
            self.shop.lapse(_older(order)),
            self.shop.take_back(_older(order), {order.lines[0].id: 1}),
            self.shop.reopen(_older(order)),
        ]
        for work in stale:
            assert self.step(work, refusals=(StaleVersion,), effect=lambda _: Counter()) is None


def _older(order: Any) -> Any:
    return replace(order, version=order.version - 1)


def machine_on(
    open_house: Callable[[AsyncExitStack], Awaitable[House]],
    open_wire: Callable[[AsyncExitStack, House], Awaitable[Wire | None]],
) -> type[TheWholeCounter]:
    parts = {"open_house": staticmethod(open_house), "open_wire": staticmethod(open_wire)}
    return type("WholeMachine", (TheWholeCounter,), parts)


@asynccontextmanager
async def _application(database: str) -> AsyncIterator[FastAPI]:
    async with running(database_url=database, pool_size=2) as comptoir:

        @asynccontextmanager
        async def open_shop() -> AsyncIterator[Comptoir]:
            yield comptoir

        application = create_app(running=open_shop)
        async with application.router.lifespan_context(application):
            yield application


@pytest.mark.row("A5", "A14", "A18", "A19", "A24", "A28", "A30", "C5", "C6")
class TestTheWholeShop:
    def test_obeys_the_rules_whatever_is_done_in_memory(self) -> None:
        async def open_house(_: AsyncExitStack) -> House:
            return FakeHouse()

        async def no_wire(_: AsyncExitStack, __: House) -> Wire | None:
            return None

        run_state_machine_as_test(machine_on(open_house, no_wire), settings=bounded(examples=60, steps=50))

    def test_obeys_the_rules_whatever_is_done_in_postgresql_and_reads_the_same_over_http(self, database: str) -> None:
        async def open_house(stack: AsyncExitStack) -> House:
            return await stack.enter_async_context(postgres_house(database, name=f"whole-{next(SHOPS)}", size=2))

        async def open_wire(stack: AsyncExitStack, house: House) -> Wire | None:
            application = await stack.enter_async_context(_application(database))
            key = await add_key(house.owner, house.dossier.id, label="fil", scopes=["orders:read"])  # type: ignore[attr-defined]  # of a PostgresHouse
            client = await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(app=application),
                    base_url="http://comptoir.test",
                    headers={"authorization": f"Bearer {key}"},
                )
            )

            async def read(order_id: OrderId) -> dict[str, Any]:
                answer = await client.get(f"/v1/orders/ord_{order_id.hex}")
                assert answer.status_code == 200, answer.text
                said: dict[str, Any] = answer.json()
                assert answer.headers["etag"] == f'"{said["version"]}"'
                return said

            return read

        run_state_machine_as_test(machine_on(open_house, open_wire), settings=bounded(examples=10, steps=30))
