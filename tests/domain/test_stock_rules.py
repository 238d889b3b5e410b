"""Copies: the stock never goes below zero, and a reservation always means copies that exist."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import OutOfStock, ReservationEnded, TooManyCopies
from domain.model.article import MOST_COPIES, StockLevel
from domain.model.pickup import PICKUP_DAYS, PickupRules
from domain.model.reservation import Reservation, State
from domain.model.values import Ean, ReservationId

EAN = Ean("9782211217088")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOVES = st.tuples(
    st.sampled_from(["take", "receive", "adjust", "keep", "release", "hand_over"]), st.integers(0, 6), st.booleans()
)


def reservation(quantity: int = 3) -> Reservation:
    return Reservation(
        id=ReservationId(UUID(int=1)),
        ean=EAN,
        title="MANGER UN LOUP",
        digital=False,
        quantity=quantity,
        customer_id=None,
        name="MARTIN",
        order_id=None,
        line_id=None,
        place=None,
        set_aside_at=NOW,
        pickup_deadline=PickupRules().deadline(NOW.date()),
    )


class TestStock:
    @given(st.integers(0, 5), st.integers(0, 5), st.lists(MOVES, max_size=30))
    def test_is_never_negative_and_loses_no_copy_whatever_is_done(
        self, available: int, set_aside: int, moves: list[tuple[str, int, bool]]
    ) -> None:
        stock = StockLevel(ean=EAN, available=available, set_aside=set_aside)
        copies = available + set_aside
        for name, quantity, down in moves:
            signed = -quantity if name == "adjust" and down else quantity
            before = (stock.available, stock.set_aside)
            try:
                getattr(stock, name)(signed)
            except OutOfStock as refusal:
                (fault,) = refusal.faults
                there = before[name in {"release", "hand_over"}]
                assert dict(fault.facts) == {"ean": EAN, "wanted": quantity, "available": there}
                assert quantity > there
                assert (stock.available, stock.set_aside) == before
                continue
            copies += {"take": -quantity, "receive": quantity, "adjust": signed, "hand_over": -quantity}.get(name, 0)
            assert min(stock.available, stock.set_aside) >= 0
            assert stock.available + stock.set_aside == copies

    def test_kept_is_no_longer_available(self) -> None:
        stock = StockLevel(ean=EAN, available=2, set_aside=0)
        stock.keep(2)
        assert (stock.available, stock.set_aside) == (0, 2)
        with pytest.raises(OutOfStock):
            stock.take(1)
        stock.release(1)
        stock.hand_over(1)
        assert (stock.available, stock.set_aside) == (1, 0)


class TestAReservation:
    @pytest.mark.parametrize("state", [State.COLLECTED, State.RETURNED, State.WRITTEN_OFF])
    def test_ends_once(self, state: State) -> None:
        kept = reservation()
        kept.end(state, reason="x", now=NOW, today=NOW.date(), by="test")
        assert (kept.state, kept.ended_at, kept.end_reason, kept.version) == (state, NOW, "x", 2)
        with pytest.raises(ReservationEnded):
            kept.end(State.COLLECTED, reason=None, now=NOW, today=NOW.date(), by="test")
        assert kept.version == 2

    def test_split_leaves_the_same_copies_in_two_parts(self) -> None:
        kept = reservation(3)
        part = kept.split(1, new_id=ReservationId(UUID(int=2)))
        assert (kept.quantity, part.quantity, kept.version, part.version) == (2, 1, 2, 1)
        assert repr(replace(part, id=kept.id, quantity=2, version=2)) == repr(kept)
        part.end(State.COLLECTED, reason=None, now=NOW, today=NOW.date(), by="test")
        assert kept.state is State.SET_ASIDE

    def test_is_kept_for_a_fortnight(self) -> None:
        assert PickupRules().deadline(date(2026, 12, 24)) == date(2027, 1, 7)
        assert PICKUP_DAYS == 14


class TestAFullShelf:
    def test_takes_no_more_than_a_shop_can_hold(self) -> None:
        stock = StockLevel(ean=Ean("9782211217088"), available=MOST_COPIES - 1, set_aside=0)
        stock.receive(1)
        with pytest.raises(TooManyCopies):
            stock.receive(1)
        assert stock.available == MOST_COPIES
