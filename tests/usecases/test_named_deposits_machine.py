"""Any sequence of what is done with deposits by name and the orders that use them: no cent is lost, none is there twice."""

from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import count

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from domain.errors import (
    AlreadyRefunded,
    DepositTooLow,
    NothingToCancel,
    NothingToReturn,
    OrderClosed,
    OutOfStock,
    RefundTooLarge,
)
from domain.events import EventType
from domain.model.payment import PaymentKind
from domain.model.values import CustomerId, Ean
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.usecases.keeping import Nth, TheReserve
from tests.usecases.purse import Purse
from tests.usecases.test_machine import BOOKS, bounded

SHOPS = count(1)
Cents = st.integers(0, 4000)


def text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


class ThePurses(TheReserve):
    """Two customers, their deposits and their orders. What came over the counter is checked by the audit of the books."""

    shop: Purse

    def __init__(self) -> None:
        super().__init__()
        self.shop = Purse(self.shop.house)
        self.cards: list[CustomerId] = []

    @initialize()
    def open(self) -> None:
        self.run(self.shop.catalogue(BOOKS))
        for ean in BOOKS:
            self.run(self.shop.adjust(ean, 90))
        self.cards = [self.run(self.shop.card(name)) for name in ("MARTIN", "PETIT")]
        self.books = self.run(self.shop.house.books())

    def card(self, nth: int) -> CustomerId:
        return self.cards[nth % len(self.cards)]

    @rule(nth=Nth, cents=Cents, back=st.booleans())
    def leave(self, nth: int, cents: int, back: bool) -> None:
        before = self.run(self.shop.balance(self.card(nth)))
        after = self.step(
            self.shop.leave(self.card(nth), text(cents), back=back),
            refusals=(DepositTooLow,),
            effect=lambda _: Counter([EventType.CUSTOMER_UPDATED]),
        )
        if after is None:
            assert back
            assert before * 100 < cents
        else:
            assert after * 100 == before * 100 + (-cents if back else cents)

    @rule(nth=Nth, ean=st.sampled_from(BOOKS), copies=st.integers(1, 3))
    def order_for(self, nth: int, ean: Ean, copies: int) -> None:
        self.step(
            self.shop.create({ean: copies}, customer_id=self.card(nth)),
            effect=lambda _: Counter([EventType.ORDER_CREATED]),
        )

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, cents=Cents, back=st.booleans())
    def use(self, nth: int, cents: int, back: bool) -> None:
        order = self.order(nth)
        assert order.customer_id is not None
        before = self.run(self.shop.balance(order.customer_id))
        after = self.step(
            self.shop.use(order, text(cents), back=back),
            refusals=(DepositTooLow, RefundTooLarge, OrderClosed),
            effect=lambda _: Counter([EventType.ORDER_UPDATED if back else EventType.ORDER_PAID]),
        )
        if after is not None:
            moved = cents if back else -cents
            assert self.run(self.shop.balance(order.customer_id)) * 100 == before * 100 + moved
            assert after.paid * 100 == order.paid * 100 - moved

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, cents=Cents, kind=st.sampled_from(PaymentKind))
    def pay(self, nth: int, cents: int, kind: PaymentKind) -> None:
        self.step(
            self.shop.pay(self.order(nth), text(cents), kind=kind),
            refusals=(OrderClosed, RefundTooLarge),
            effect=lambda _: Counter([EventType.ORDER_UPDATED if kind is PaymentKind.REFUND else EventType.ORDER_PAID]),
        )

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth)
    def deliver(self, nth: int, line: int) -> None:
        order = self.order(nth)
        self.step(
            self.shop.deliver(order, {order.lines[line % len(order.lines)].id: 1}),
            refusals=(OrderClosed, OutOfStock),
            effect=lambda _: Counter([EventType.ORDER_DELIVERED]),
        )

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth, replace=st.booleans())
    def take_back(self, nth: int, line: int, replace: bool) -> None:
        order = self.order(nth)
        self.step(
            self.shop.take_back(order, {order.lines[line % len(order.lines)].id: 1}, replace=replace),
            refusals=(OrderClosed, NothingToReturn),
            effect=lambda _: Counter([EventType.ORDER_RETURNED]),
        )

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, how=st.sampled_from(["cancel", "remainder", "reopen"]))
    def give_up(self, nth: int, how: str) -> None:
        order = self.order(nth)
        acts = {
            "cancel": (self.shop.cancel, EventType.ORDER_CANCELLED),
            "remainder": (self.shop.cancel_remainder, EventType.ORDER_UPDATED),
            "reopen": (self.shop.reopen, EventType.ORDER_REOPENED),
        }
        act, told = acts[how]
        self.step(
            act(order),
            refusals=(OrderClosed, NothingToCancel, AlreadyRefunded),
            effect=lambda _: Counter([told]),
        )


def machine_on(open_house: Callable[[AsyncExitStack], Awaitable[House]]) -> type[ThePurses]:
    return type("Machine", (ThePurses,), {"open_house": staticmethod(open_house)})


@pytest.mark.row("A66", "P25")
class TestDepositsByName:
    def test_lose_nothing_whatever_is_done_in_memory(self) -> None:
        async def open_house(_: AsyncExitStack) -> House:
            return FakeHouse()

        run_state_machine_as_test(machine_on(open_house), settings=bounded(examples=40, steps=40))

    def test_lose_nothing_whatever_is_done_in_postgresql(self, database: str) -> None:
        async def open_house(stack: AsyncExitStack) -> House:
            return await stack.enter_async_context(postgres_house(database, name=f"purse-{next(SHOPS)}", size=2))

        run_state_machine_as_test(machine_on(open_house), settings=bounded(examples=8, steps=30))
