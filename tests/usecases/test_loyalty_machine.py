"""Any sequence of purchases, refunds, vouchers, nights, merges and their undoing: a ledger's sum is its balance, never below

nil, and what is wholly brought back leaves what was before (A62).
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from domain.errors import LoyaltyTooLow, MergeBuiltOn, VoucherOverCap
from domain.model.loyalty import LoyaltyProgram, ProgramKind, Standing
from domain.model.purchase import Purchase
from domain.model.values import CustomerId, MergeId
from domain.usecases.loyalty import TicketLine
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.usecases.loyalty_till import BOOK, ONE, Till

T = TypeVar("T")
Nth = st.integers(0, 30)
SHOPS = count(1)
PROGRAMS = (
    ONE,
    LoyaltyProgram(code="2", label="Deux", kind=ProgramKind.PURCHASES, percent=Decimal("3.33"), every=2),
    LoyaltyProgram(
        code="E",
        label="Vingt-cinq euros",
        kind=ProgramKind.AMOUNT,
        percent=Decimal("5.00"),
        threshold=Decimal("25.00"),
        expires_after_months=2,
    ),
)
NAMES = ("ANNE", "BRUNO", "CLARA")


class TheCards(RuleBasedStateMachine):
    """Three readers, one for each program. ``merged`` are the merges that were not undone, oldest first."""

    open_house: ClassVar[Callable[[AsyncExitStack], Awaitable[House]]]
    merges: ClassVar[bool]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.till = Till(self.run(type(self).open_house(self.stack)))
        self.cards: list[CustomerId] = []
        self.merged: list[tuple[MergeId, CustomerId]] = []
        self.tickets = count(1)

    def run(self, work: Awaitable[T]) -> T:
        async def now() -> T:
            return await work

        return self.runner.run(now())

    def teardown(self) -> None:
        """All that is out comes back: nothing is left, and nothing owed."""
        try:
            for line in reversed(self.out()):
                self.bring(line, line.left)
            for card in self.cards:
                stands = self.run(self.till.stands(card))
                assert (stands.balance, stands.owed, stands.purchases) == (Decimal(0), Decimal(0), 0), stands
                assert stands.base == 0, stands
        finally:
            self.run(self.stack.aclose())
            self.runner.close()

    @initialize()
    def open(self) -> None:
        self.run(self.till.catalogue([BOOK]))
        self.run(self.till.decide(loyalty=PROGRAMS))
        for name, program in zip(NAMES, PROGRAMS, strict=True):
            self.cards.append(self.run(self.till.reader(name, fidelity_program=program.code)).id)

    def out(self) -> "list[Out]":
        """The purchases of which copies are out, oldest first."""
        books = self.run(self.till.house.books()).purchases
        back: dict[object, int] = {}
        for each in books:
            back[each.undoes] = back.get(each.undoes, 0) - each.quantity
        found = [Out(each, each.quantity - back.get(each.id, 0)) for each in sorted(books, key=lambda each: each.id)]
        return [each for each in found if each.purchase.quantity > 0 and each.left]

    def standing(self) -> list[Standing]:
        return [self.run(self.till.stands(card)) for card in self.cards]

    def check(self) -> None:
        self.standing()

    def whose(self, nth: int) -> CustomerId:
        return self.cards[nth % len(self.cards)]

    def bring(self, line: "Out", copies: int) -> None:
        bought = line.purchase
        assert bought.customer_id is not None
        told = self.till.sale(
            bought.customer_id,
            -copies,
            amount=-(bought.amount * copies / bought.quantity).quantize(Decimal("0.01")),
            undoes=bought.reference,
        )
        (result,) = self.run(self.till.record(told))
        assert result.outcome == "created", result

    @rule(nth=Nth, quantity=st.integers(1, 4), full=st.booleans())
    def sell(self, nth: int, quantity: int, full: bool) -> None:
        amount = Decimal("10.00" if full else "9.70") * quantity
        (result,) = self.run(self.till.record(self.till.sale(self.whose(nth), quantity, amount=amount)))
        assert result.loyalty is not None
        assert bool(result.loyalty) is full
        self.check()

    @precondition(lambda self: self.out())
    @rule(nth=Nth, copies=st.integers(1, 4))
    def bring_back(self, nth: int, copies: int) -> None:
        out = self.out()
        line = out[nth % len(out)]
        self.bring(line, min(copies, line.left))
        self.check()

    @rule(nth=Nth, quantities=st.lists(st.integers(1, 9), min_size=1, max_size=3))
    def redeem(self, nth: int, quantities: list[int]) -> None:
        card, ticket = self.whose(nth), f"T{next(self.tickets)}"
        lines = [
            TicketLine(
                reference=f"{ticket}/{place}", ean=BOOK, quantity=each, amount=Decimal("10.00") * each, shipped=False
            )
            for place, each in enumerate(quantities)
        ]
        before = self.run(self.till.stands(card))
        try:
            view = self.run(self.till.redeem(card, *lines, ticket=ticket))
        except (LoyaltyTooLow, VoucherOverCap):
            assert not before.available
            self.check()
            return
        assert view.amount == min(before.available, sum(Decimal("0.50") * each for each in quantities))
        told = [
            self.till.sale(card, line.quantity, reference=line.reference, amount=line.amount - taken.amount)
            for line, taken in zip(lines, view.lines, strict=True)
        ]
        results = self.run(self.till.record(*told))
        for line, taken, result in zip(lines, view.lines, results, strict=True):
            assert line.amount - taken.amount >= Decimal("9.50") * line.quantity, "no line falls under 95 %"
            assert bool(result.loyalty) is not bool(taken.amount), "it is the one or the other"
        self.check()

    @rule(days=st.integers(1, 40))
    def sleep(self, days: int) -> None:
        self.till.at(self.till.house.clock.now + timedelta(days=days))
        self.run(self.till.loyalty.expire(by=self.till.staff))
        self.check()

    @rule(nth=Nth, quantity=st.integers(1, 4), split=st.integers(1, 3))
    def sell_and_bring_back(self, nth: int, quantity: int, split: int) -> None:
        before = self.standing()
        (result,) = self.run(self.till.record(self.till.sale(self.whose(nth), quantity)))
        (line,) = [each for each in self.out() if each.purchase.id == result.purchase_id]
        for copies in (min(split, quantity), quantity - min(split, quantity)):
            if copies:
                self.bring(line, copies)
        assert self.standing() == before, "what is wholly brought back leaves what was before"

    @precondition(lambda self: self.merges and len(self.cards) > 1)
    @rule(nth=Nth)
    def merge(self, nth: int) -> None:
        kept, absorbed = self.whose(nth), self.whose(nth + 1)
        before = [self.run(self.till.stands(card)) for card in (kept, absorbed)]
        view = self.run(self.till.merge(kept, absorbed))
        assert view.id is not None
        self.cards.remove(absorbed)
        self.merged.append((view.id, absorbed))
        after = self.run(self.ledger_sums(kept))
        assert after == (sum(each.balance for each in before), sum(each.purchases for each in before))
        self.run(self.till.loyalty.expire(by=self.till.staff))
        self.check()

    async def ledger_sums(self, card: CustomerId) -> tuple[Decimal, int]:
        entries = await self.till.ledger(card)
        return sum((each.amount for each in entries), Decimal(0)), sum(each.purchases for each in entries)

    @precondition(lambda self: self.merged)
    @rule()
    def undo_the_last_merge(self) -> None:
        merge_id, absorbed = self.merged[-1]
        try:
            self.run(self.till.unmerge(merge_id))
        except MergeBuiltOn:
            self.merged.pop()
            return
        self.merged.pop()
        self.cards.append(absorbed)
        # the kept card may have spent what was not its own: the night makes it owe that
        self.run(self.till.loyalty.expire(by=self.till.staff))
        self.check()


class Out:
    """A purchase, and how many of its copies are out."""

    def __init__(self, purchase: Purchase, left: int) -> None:
        self.purchase, self.left = purchase, left


def machine_on(open_house: Callable[[AsyncExitStack], Coroutine[Any, Any, House]], *, merges: bool) -> type[TheCards]:
    return type("Machine", (TheCards,), {"open_house": staticmethod(open_house), "merges": merges})


def bounded(*, examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


class TestLoyaltyCards:
    @pytest.mark.row("A62", "P24")
    def test_obey_their_rules_whatever_is_done_in_memory(self) -> None:
        async def open_house(_: AsyncExitStack) -> House:
            return FakeHouse()

        run_state_machine_as_test(machine_on(open_house, merges=False), settings=bounded(examples=60, steps=30))

    @pytest.mark.row("A62", "P24", "A55")
    def test_obey_their_rules_whatever_is_done_in_postgresql(self, database: str) -> None:
        async def open_house(stack: AsyncExitStack) -> House:
            return await stack.enter_async_context(postgres_house(database, name=f"shop-{next(SHOPS)}", size=2))

        run_state_machine_as_test(machine_on(open_house, merges=True), settings=bounded(examples=15, steps=25))
