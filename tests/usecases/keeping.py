"""The counter as a machine whose every step is checked, and what people do with copies that are set aside."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from domain.errors import (
    DeadlinePast,
    LineInUse,
    OrderClosed,
    OutOfStock,
    QueueBegun,
    ReservationEnded,
    ShopError,
)
from domain.events import EventType
from domain.model.payment import PaymentState
from domain.model.reservation import State
from domain.model.values import Contact, ReservationId
from domain.queries.orders import OrderView, view_of
from domain.usecases.views import reservation_view
from tests.contracts.books import Books, audit, compare
from tests.contracts.house import House
from tests.usecases.shop import Shop

T = TypeVar("T")

Nth = st.integers(0, 30)
Refusals = tuple[type[ShopError], ...]


def some(kind: EventType, times: int) -> dict[EventType, int]:
    return {kind: times} if times else {}


class TheReserve(RuleBasedStateMachine):
    """The counter of one shop. ``books`` are as after the last step; a refused step must leave them so."""

    open_house: ClassVar[Callable[[AsyncExitStack], Awaitable[House]]]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.shop = Shop(self.run(type(self).open_house(self.stack)))
        self.books: Books = self.run(self.shop.house.books())

    def run(self, work: Awaitable[T]) -> T:
        async def now() -> T:
            return await work

        return self.runner.run(now())

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()

    def step(
        self, work: Coroutine[Any, Any, T], *, refusals: Refusals = (), effect: Callable[[T], Counter[EventType]]
    ) -> T | None:
        """Do it; ``effect`` says which events its answer stands for. Every rule of the shop is checked after it."""
        result, refusal = None, None
        try:
            result = self.run(work)
        except refusals as refused:
            refusal = refused
        before, self.books = self.books, self.run(self.shop.house.books())
        if refusal is not None or result is None:
            assert repr(self.books) == repr(before), f"{refusal!r} left something behind"
            return None
        audit(self.books)
        compare(before.orders, self.books.orders)
        told = Counter(event.type for event in self.books.events)
        told.subtract(event.type for event in before.events)
        assert +told == effect(result)
        return result

    # what there is to choose from

    def order(self, nth: int) -> OrderView:
        orders = sorted(self.books.orders.values(), key=lambda order: order.number)
        return view_of(orders[nth % len(orders)])

    def kept(self) -> list[ReservationId]:
        return sorted(each.id for each in self.books.reservations.values() if each.state is State.SET_ASIDE)

    # what people do with copies that are set aside

    @precondition(lambda self: self.kept())
    @rule(picks=st.sets(Nth, min_size=1, max_size=3), how=st.sampled_from(["collect", "restock", "write off"]))
    def end(self, picks: set[int], how: str) -> None:
        kept = self.kept()
        ids = list(dict.fromkeys(kept[nth % len(kept)] for nth in sorted(picks)))
        orders = {order for each in ids if (order := self.books.reservations[each].order_id)}
        work = (
            self.shop.collect(*ids)
            if how == "collect"
            else self.shop.release(*ids, restock=how == "restock", reason="introuvable")
        )
        ends = {
            "collect": (EventType.RESERVATION_COLLECTED, EventType.ORDER_DELIVERED),
            "restock": (EventType.RESERVATION_RETURNED, EventType.ORDER_UPDATED),
            "write off": (EventType.RESERVATION_WRITTEN_OFF, EventType.ORDER_UPDATED),
        }
        ended, changed = ends[how]
        views = self.step(
            work,
            refusals=(OrderClosed,) if how == "collect" else (),
            effect=lambda _: Counter({ended: len(ids), **some(changed, len(orders))}),
        )
        if views is None:
            assert any(self.books.orders[each].payment_state is PaymentState.AWAITED for each in orders)

    @precondition(lambda self: self.kept())
    @rule(nth=Nth, copies=st.integers(1, 3))
    def take_part(self, nth: int, copies: int) -> None:
        kept = self.kept()
        whole = self.books.reservations[kept[nth % len(kept)]]
        views = self.step(
            self.shop.collect(whole.id, parts={whole.id: copies}),
            refusals=(OutOfStock, OrderClosed),
            effect=lambda _: Counter(
                {EventType.RESERVATION_COLLECTED: 1, **some(EventType.ORDER_DELIVERED, whole.order_id is not None)}
            ),
        )
        if views is None:
            assert copies > whole.quantity or whole.order_id is not None
            return
        taken, *stays = views
        assert (taken.quantity, [each.quantity for each in stays]) == (
            copies,
            [whole.quantity - copies] if copies < whole.quantity else [],
        )
        for each in stays:
            assert (each.id, each.place, each.pickup_deadline, each.set_aside_at) == (
                whole.id,
                whole.place,
                whole.pickup_deadline,
                whole.set_aside_at,
            )

    @precondition(lambda self: self.kept() and self.books.orders)
    @rule(nth=Nth, to=Nth)
    def pass_on_to_a_line(self, nth: int, to: int) -> None:
        kept = self.kept()
        one = self.books.reservations[kept[nth % len(kept)]]
        lines = [(order, line) for order in self.books.orders.values() for line in order.lines if line.ean == one.ean]
        if not lines:
            return
        order, line = lines[to % len(lines)]
        told = {each for each in (one.order_id, order.id) if each is not None}
        before = self.books.queue(one.ean)
        moved = self.step(
            self.shop.pass_on(reservation_view(one, None, weight_g=None), order_id=order.id, line_id=line.id),
            refusals=(LineInUse, QueueBegun),
            effect=lambda _: Counter({EventType.RESERVATION_MOVED: 1, EventType.ORDER_UPDATED: len(told)}),
        )
        if moved is None:
            return
        assert (moved.line_id, moved.quantity) == (line.id, one.quantity)
        ahead = [each for _, each in before[: [each.id for _, each in before].index(line.id)]]
        begun = [each for each in ahead if each.reserved and each.suspended_until is None and each.id != one.line_id]
        assert not begun, "it passed a line being served"
        if one.line_id is not None:
            assert self.books.line(one.line_id).outstanding >= one.quantity, "the first line waits again"

    @precondition(lambda self: self.kept())
    @rule(nth=Nth)
    def pass_on_to_a_name(self, nth: int) -> None:
        kept = self.kept()
        one = self.books.reservations[kept[nth % len(kept)]]
        self.step(
            self.shop.pass_on(reservation_view(one, None, weight_g=None), contact=Contact(name="Paul MARTIN")),
            effect=lambda _: Counter(
                {EventType.RESERVATION_MOVED: 1, **some(EventType.ORDER_UPDATED, one.order_id is not None)}
            ),
        )

    @precondition(lambda self: self.kept())
    @rule(picks=st.sets(Nth, min_size=1, max_size=3), days=st.integers(-1, 40))
    def postpone(self, picks: set[int], days: int) -> None:
        kept = self.kept()
        ids = list(dict.fromkeys(kept[nth % len(kept)] for nth in sorted(picks)))
        until = self.shop.around.today(self.shop.house.dossier) + timedelta(days=days)
        views = self.step(
            self.shop.postpone(*ids, until=until),
            refusals=(DeadlinePast,),
            effect=lambda _: Counter({EventType.RESERVATION_UPDATED: len(ids)}),
        )
        assert (views is None) is (days < 0)
        assert {view.pickup_deadline for view in views or ()} <= {until}

    @precondition(lambda self: self.kept())
    @rule(nth=Nth, asks=st.booleans())
    def ask_to_cancel(self, nth: int, asks: bool) -> None:
        kept = self.kept()
        one = self.books.reservations[kept[nth % len(kept)]]
        asking = (
            self.shop.ask_to_cancel(one.id)
            if asks
            else self.shop.keep_after_all(reservation_view(one, None, weight_g=None))
        )
        view = self.step(asking, effect=lambda _: Counter([EventType.RESERVATION_UPDATED]))
        assert view is not None
        assert (view.cancel_request is not None) is asks

    @precondition(lambda self: any(each.ended_at for each in self.books.reservations.values()))
    @rule(nth=Nth)
    def end_again(self, nth: int) -> None:
        gone = sorted(each.id for each in self.books.reservations.values() if each.ended_at)
        refused = self.step(
            self.shop.collect(gone[nth % len(gone)]), refusals=(ReservationEnded,), effect=lambda _: Counter()
        )
        assert refused is None
