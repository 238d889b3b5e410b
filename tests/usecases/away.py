"""The counter as a machine, and customers who are away: their lines are suspended until a day, and days pass (P6)."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.errors import Invalid, LineKept, NothingWaits, OrderClosed
from domain.events import EventType
from domain.model.order import CustomerOrder, Status
from domain.model.order_line import OrderLine
from domain.model.values import Ean
from domain.usecases.scans import NEXT, Scanned
from tests.usecases.keeping import Nth, TheReserve, some

CLOSED = {Status.CANCELLED, Status.DELIVERED}


class TheAway(TheReserve):
    """As ``TheReserve``; what a suspended line may be is checked with the books after each step."""

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth, days=st.integers(0, 4))
    def suspend(self, nth: int, line: int, days: int) -> None:
        order = self.order(nth)
        away = order.lines[line % len(order.lines)]
        refused = days == 0 or order.status in CLOSED or away.set_aside > 0 or away.digital or away.outstanding == 0
        after = self.step(
            self.shop.suspend(order, away.id, days=days),
            refusals=(Invalid, OrderClosed, NothingWaits, LineKept),
            effect=lambda _: Counter([EventType.ORDER_UPDATED]),
        )
        assert (after is None) == refused
        if after is not None:
            assert self.books.line(away.id).suspended_until == self.today() + timedelta(days=days)

    @precondition(lambda self: self.books.orders)
    @rule(nth=Nth, line=Nth)
    def resume(self, nth: int, line: int) -> None:
        order = self.order(nth)
        back = order.lines[line % len(order.lines)]
        after = self.step(
            self.shop.resume(order, back.id),
            effect=lambda _: Counter(some(EventType.ORDER_UPDATED, back.suspended_until is not None)),
        )
        assert after is not None
        assert self.books.line(back.id).suspended_until is None
        assert after.version == order.version + (back.suspended_until is not None)

    @precondition(lambda self: self.away())
    @rule(nth=Nth)
    def choose_who_is_away(self, nth: int) -> None:
        """A copy is found and given to a suspended line all the same: it waits again at its place for what it lacks still."""
        places = self.away()
        order, line = places[nth % len(places)]
        self.step(self.shop.adjust(line.ean, 1), effect=lambda _: Counter([EventType.STOCK_ADJUSTED]))
        scanned = self.step(
            self.shop.scan(line.ean, order_id=order.id, line_id=line.id, reason="Passe aujourd'hui"),
            effect=lambda _: Counter([EventType.RESERVATION_SET_ASIDE]),
        )
        assert scanned is not None
        assert scanned.reservation is not None
        assert scanned.reservation.line_id == line.id
        assert self.books.line(line.id).suspended_until is None
        self.check_who_waits(scanned, line.ean)

    def away(self) -> list[tuple[CustomerOrder, OrderLine]]:
        """The suspended lines, with their orders."""
        orders = sorted(self.books.orders.values(), key=lambda order: order.number)
        return [(order, line) for order in orders for line in order.lines if line.suspended_until is not None]

    def check_who_waits(self, scanned: Scanned, ean: Ean) -> None:
        """A scan tells who is served by the next copies, and how many copies are waited for."""
        left = self.books.served(ean)
        assert scanned.still_waiting == sum(line.outstanding for _, line in left)
        assert [each.line_id for each in scanned.waiting] == [line.id for _, line in left[:NEXT]]

    @rule(days=st.integers(1, 2))
    def days_pass(self, days: int) -> None:
        self.shop.house.clock.now += timedelta(days=days)
        away = {line.id: line.suspended_until for order in self.books.orders.values() for line in order.lines}
        due = {each for each, until in away.items() if until is not None and until <= self.today()}
        theirs = [order for order in self.books.orders.values() if due & {line.id for line in order.lines}]
        resumed = self.step(
            self.shop.suspending.resume_due(by=self.shop.staff),
            effect=lambda _: Counter(some(EventType.ORDER_UPDATED, len(theirs))),
        )
        assert resumed == len(due)
        for each, until in away.items():
            assert self.books.line(each).suspended_until == (None if each in due else until)

    def today(self) -> date:
        return self.shop.around.today(self.shop.staff.dossier)
