"""Deposits (acomptes): whatever is done to an order, its ledger is what was paid less what was used and given back (R26)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import RefundTooLarge, ShopError
from domain.model.order import CustomerOrder, Status
from domain.model.payment import DepositCause, DepositEntry, PaymentKind, PaymentMethod, ways_back
from domain.model.values import NOTHING, OrderId
from tests.domain.test_order_rules import line, order, payment

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
CENT = Decimal("0.01")
CASH, CARD, CHEQUE = PaymentMethod.CASH, PaymentMethod.CARD, PaymentMethod.CHEQUE


@dataclass
class Ledger:
    """An order with the ledger that the use cases would write of it."""

    order: CustomerOrder
    entries: list[Decimal] = field(default_factory=list)

    def deposit(self, amount: Decimal) -> None:
        self.order.pay(payment(self.order, f"{amount:.2f}", PaymentKind.DEPOSIT), now=NOW)
        self.entries.append(amount)
        self.settle()

    def refund(self, amount: Decimal) -> None:
        used = self.order.deposit_used
        more = self.order.settle_deposit()
        try:
            back = self.order.refund(amount, now=NOW)
        except RefundTooLarge:
            self.order.deposit_used = used  # nothing of a refused unit of work stays
            raise
        self.entries += [-more, -back]

    def settle(self) -> None:
        self.entries.append(-self.order.settle_deposit())

    @property
    def left(self) -> Decimal:
        return sum(self.entries, NOTHING)


@dataclass(frozen=True)
class Step:
    """One thing done to an order; the line is the n-th, modulo."""

    what: str
    nth: int
    copies: int
    cents: int


STEPS = st.builds(
    Step,
    what=st.sampled_from(
        ["deposit", "payment", "refund", "deliver", "return", "return for good", "remainder", "cancel", "parcel"]
    ),
    nth=st.integers(0, 3),
    copies=st.integers(1, 4),
    cents=st.integers(1, 5000),
)
PRICES = st.decimals(Decimal("0.01"), Decimal("99.99"), places=2)


@st.composite
def orders(draw: st.DrawFn) -> CustomerOrder:
    lines = [
        line(draw(st.integers(1, 4)), unit_price=f"{draw(PRICES):.2f}", list_price="100.00")
        for _ in range(draw(st.integers(1, 3)))
    ]
    taken = order(*lines, charge=f"{draw(st.sampled_from([0, 1, 300])) / 100:.2f}")
    taken.vat_exempt = draw(st.booleans())
    for each in taken.lines:
        each.exempt = taken.vat_exempt
    return taken


def do(book: Ledger, step: Step) -> None:
    """``step`` as its use case does it, the deposit settled after."""
    taken, target = book.order, book.order.lines[step.nth % len(book.order.lines)]
    amount = step.cents * CENT
    match step.what:
        case "deposit":
            book.deposit(amount)
            return
        case "refund":
            book.refund(amount)
            return
        case "payment":
            taken.pay(payment(taken, f"{amount:.2f}"), now=NOW)
            return
        case "deliver":
            taken.deliver({target.id: step.copies}, now=NOW)
        case "return":
            taken.take_back({target.id: step.copies}, replace_copies=True, now=NOW)
        case "return for good":
            taken.take_back({target.id: step.copies}, replace_copies=False, now=NOW)
        case "remainder":
            taken.cancel_remainder([target.id], reason="Epuisé", now=NOW)
        case "parcel":
            taken.charge_parcel(amount, None, first=False)
        case _:
            taken.cancel(reason=None, now=NOW)
            return
    book.settle()


class TestTheLedger:
    @settings(max_examples=400)
    @given(orders(), st.lists(STEPS, max_size=20))
    def test_is_the_deposit_less_what_was_used_whatever_is_done(self, taken: CustomerOrder, steps: list[Step]) -> None:
        book = Ledger(taken)
        for step in steps:
            before = book.left
            try:
                do(book, step)
            except ShopError:
                assert book.left == before
            assert book.left == taken.deposit - taken.deposit_used == taken.deposit_left
            assert NOTHING <= taken.deposit_used <= taken.deposit <= taken.paid
            assert taken.refundable >= NOTHING

    @settings(max_examples=200)
    @given(orders(), st.lists(STEPS, max_size=12), st.integers(1, 5000))
    def test_has_the_whole_deposit_again_once_all_is_brought_back(
        self, taken: CustomerOrder, steps: list[Step], cents: int
    ) -> None:
        book = Ledger(taken)
        book.deposit(cents * CENT)
        for step in steps:
            if step.what == "deliver":
                try:
                    do(book, step)
                except ShopError:
                    continue
        back = {each.id: each.delivered for each in taken.lines if each.delivered}
        if back:
            taken.take_back(back, replace_copies=True, now=NOW)
            book.settle()
        assert (taken.deposit_used, book.left) == (NOTHING, cents * CENT)

    @given(orders(), st.integers(1, 50_000))
    def test_is_used_whole_by_a_whole_delivery_but_never_beyond_its_worth(
        self, taken: CustomerOrder, cents: int
    ) -> None:
        book = Ledger(taken)
        book.deposit(cents * CENT)
        taken.deliver({each.id: each.ordered for each in taken.lines}, now=NOW)
        book.settle()
        assert taken.deposit_used == min(cents * CENT, taken.total)


class TestTheDeposit:
    def test_is_used_in_proportion_to_the_value_delivered(self) -> None:
        taken = order(line(1, unit_price="30.00"), line(1, unit_price="10.00"))
        book = Ledger(taken)
        book.deposit(Decimal("20.00"))
        taken.deliver({taken.lines[0].id: 1}, now=NOW)
        book.settle()
        assert taken.deposit_used == Decimal("15.00")
        taken.take_back({taken.lines[0].id: 1}, replace_copies=True, now=NOW)
        book.settle()
        assert (taken.deposit_used, book.entries[-1]) == (NOTHING, Decimal("15.00"))

    def test_is_used_whole_once_what_is_left_is_cancelled(self) -> None:
        taken = order(line(2, unit_price="30.00"))
        book = Ledger(taken)
        book.deposit(Decimal("20.00"))
        taken.deliver({taken.lines[0].id: 1}, now=NOW)
        book.settle()
        assert taken.deposit_used == Decimal("10.00")
        taken.cancel_remainder(None, reason="Epuisé", now=NOW)
        book.settle()
        assert (taken.status, taken.deposit_used) == (Status.DELIVERED, Decimal("20.00"))

    def test_that_deliveries_took_is_not_what_a_refund_gives_back(self) -> None:
        taken = order(line(2, unit_price="10.00"))
        book = Ledger(taken)
        book.deposit(Decimal("10.00"))
        taken.pay(payment(taken, "10.00"), now=NOW)
        taken.deliver({taken.lines[0].id: 1}, now=NOW)
        book.settle()
        book.refund(Decimal("8.00"))
        assert book.entries[-1] == Decimal("-5.00")
        assert (taken.deposit, taken.deposit_used, taken.paid) == (Decimal("5.00"), Decimal("5.00"), Decimal("12.00"))

    def test_that_comes_after_the_goods_is_used_at_once(self) -> None:
        taken = order(line(1, unit_price="30.00"))
        taken.deliver({taken.lines[0].id: 1}, now=NOW)
        book = Ledger(taken)
        book.deposit(Decimal("30.00"))
        assert (taken.deposit_used, book.left) == (Decimal("30.00"), NOTHING)


def entry(amount: str, cause: DepositCause, method: PaymentMethod | None) -> DepositEntry:
    return DepositEntry(
        id=UUID(int=1),
        order_id=OrderId(UUID(int=2)),
        amount=Decimal(amount),
        cause=cause,
        method=method,
        at=NOW,
        by="x",
    )


class TestTheWayBack:
    @pytest.mark.parametrize(
        ("ledger", "amount", "ways"),
        [
            ([("20.00", CASH)], "20.00", [(CASH, "20.00")]),
            ([("20.00", CASH), ("10.00", CARD)], "25.00", [(CARD, "10.00"), (CASH, "15.00")]),
            ([("20.00", CASH), ("10.00", CARD), ("-10.00", CARD)], "20.00", [(CASH, "20.00")]),
            ([("20.00", CASH), ("-5.00", CHEQUE)], "15.00", [(CASH, "15.00")]),
            ([("10.00", CASH), ("10.00", CARD), ("-10.00", CHEQUE)], "10.00", [(CARD, "10.00")]),
            ([], "3.00", [(PaymentMethod.OTHER, "3.00")]),
        ],
    )
    def test_is_the_one_it_came(
        self, ledger: list[tuple[str, PaymentMethod]], amount: str, ways: list[tuple[PaymentMethod, str]]
    ) -> None:
        entries = [
            entry(each, DepositCause.REFUNDED if each.startswith("-") else DepositCause.RECEIVED, method)
            for each, method in ledger
        ]
        assert ways_back(entries, Decimal(amount)) == [(method, Decimal(part)) for method, part in ways]

    @given(
        st.lists(st.tuples(st.sampled_from(PaymentMethod), st.integers(-500, 1000)), max_size=6), st.integers(1, 3000)
    )
    def test_always_gives_all_of_it_back(self, ledger: list[tuple[PaymentMethod, int]], cents: int) -> None:
        entries = [
            entry(f"{each * CENT}", DepositCause.REFUNDED if each < 0 else DepositCause.RECEIVED, method)
            for method, each in ledger
        ]
        ways = ways_back(entries, cents * CENT)
        assert sum(part for _, part in ways) == cents * CENT
        assert all(part > 0 for _, part in ways)
