"""The fold over a loyalty ledger, its rounds, its lapsing, and what the law lets a purchase earn (A62, R11)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import LoyaltyBegun, LoyaltyTooLow
from domain.model.article import ArticleKind
from domain.model.booklaw import BookLaw, Buyer
from domain.model.loyalty import (
    LoyaltyCause,
    LoyaltyProgram,
    ProgramKind,
    earned_by,
    later,
    program_of,
    shared,
    standing,
    voucher_limit,
    voucher_reference,
)
from domain.model.loyalty_ledger import LoyaltyLedger
from domain.model.purchase import Purchase
from domain.model.values import CustomerId
from tests.contracts import samples

ZONE = ZoneInfo("Europe/Paris")
START = datetime(2026, 1, 5, 10, tzinfo=UTC)
CARD = CustomerId(UUID(int=1))
THREE = LoyaltyProgram(code="3", label="Trois achats", kind=ProgramKind.PURCHASES, percent=Decimal("5.00"), every=3)
THIRTY = LoyaltyProgram(
    code="30", label="Trente euros", kind=ProgramKind.AMOUNT, percent=Decimal("5.00"), threshold=Decimal("30.00")
)
YEARLY = LoyaltyProgram(
    code="AN",
    label="Un an",
    kind=ProgramKind.PURCHASES,
    percent=Decimal("5.00"),
    every=1,
    expires_after_months=12,
)


class Card:
    """A ledger, and purchases for it, one a day."""

    def __init__(self, program: LoyaltyProgram | None) -> None:
        ids = count(1)
        self.new_id = lambda: UUID(int=next(ids))
        self.ledger = LoyaltyLedger(
            customer_id=CARD, entries=[], program=program, zone=ZONE, new_id=self.new_id, by="staff:1"
        )
        self.days = count()

    def buys(self, amount: str, *, quantity: int = 1, at: datetime | None = None, earns: str | None = None) -> Purchase:
        """A purchase that earns 5 %, or what is said."""
        bought = samples.purchase(
            self.new_id,
            quantity=quantity,
            amount=Decimal(amount),
            at=at or START + timedelta(days=next(self.days)),
            customer_id=CARD,
        )
        self.ledger.earn(bought, Decimal(earns) if earns else (bought.amount * 5 / 100).quantize(Decimal("0.01")))
        return bought

    def returns(self, original: Purchase, copies: int = 1, *, left: int = 0) -> Decimal:
        refund = samples.purchase(
            self.new_id,
            quantity=-copies,
            amount=-original.amount * copies / original.quantity,
            at=START + timedelta(days=next(self.days)),
            customer_id=CARD,
            undoes=original.id,
        )
        return self.ledger.give_back(refund, original, left=left)

    def spends(self, amount: str, reference: str = "T:1") -> None:
        self.ledger.redeem({reference: Decimal(amount)}, at=START + timedelta(days=next(self.days)))

    @property
    def sums(self) -> tuple[str, str, str]:
        """Balance as the sum of the ledger, what may be spent, what is owed."""
        stands = self.ledger.standing
        balance = sum((each.amount for each in self.ledger.entries), Decimal("0.00"))
        assert balance == stands.balance, "the balance is the sum of the ledger"
        return f"{balance:.2f}", f"{stands.available:.2f}", f"{stands.owed:.2f}"


@pytest.mark.row("A62", "P24")
class TestRounds:
    def test_of_purchases_release_what_lies_in_them(self) -> None:
        card = Card(THREE)
        for amount in ("10.00", "20.00"):
            card.buys(amount)
        assert card.sums == ("1.50", "0.00", "0.00")
        stands = card.ledger.standing
        assert (stands.round_purchases, stands.to_go(THREE), stands.rewards) == (2, Decimal(1), 0)
        card.buys("30.00")
        assert card.sums == ("3.00", "3.00", "0.00")
        card.buys("8.00")
        stands = card.ledger.standing
        assert card.sums == ("3.40", "3.00", "0.00")
        assert (stands.rewards, stands.round_purchases, stands.round_amount) == (1, 1, Decimal("0.40"))
        assert (stands.purchases, stands.base) == (4, Decimal("68.00"))

    def test_of_euros_share_the_purchase_that_straddles(self) -> None:
        card = Card(THIRTY)
        card.buys("20.00")
        card.buys("20.00")
        stands = card.ledger.standing
        # 10 of the second 20 euros lie within the round
        assert card.sums == ("2.00", "1.50", "0.00")
        assert (stands.rewards, stands.round_base, stands.round_amount) == (1, Decimal("10.00"), Decimal("0.50"))
        assert (stands.to_go(THIRTY), stands.round_purchases) == (Decimal("20.00"), 1)
        card.buys("80.00")
        assert (card.ledger.standing.rewards, card.sums[1]) == (4, "6.00")

    def test_are_none_without_a_program(self) -> None:
        card = Card(None)
        card.buys("20.00")
        assert card.sums == ("1.00", "0.00", "0.00")
        assert (card.ledger.standing.rewards, card.ledger.standing.to_go(None)) == (0, None)

    def test_spent_are_no_more_available(self) -> None:
        card = Card(THREE)
        for _ in range(4):
            card.buys("20.00")
        card.spends("2.00")
        assert card.sums == ("2.00", "1.00", "0.00")

    def test_of_an_opening_count_as_it_says(self) -> None:
        card = Card(THREE)
        card.ledger.open(amount=Decimal("4.00"), purchases=2, base=Decimal("80.00"), reason=None, at=START)
        assert card.sums == ("4.00", "0.00", "0.00")
        card.buys("20.00", at=START + timedelta(hours=1))
        assert card.sums == ("5.00", "5.00", "0.00")
        with pytest.raises(LoyaltyBegun):
            card.ledger.open(amount=Decimal(0), purchases=0, base=Decimal(0), reason=None, at=START)

    def test_an_opening_of_money_alone_is_free_at_once(self) -> None:
        card = Card(THREE)
        card.ledger.open(amount=Decimal("4.00"), purchases=0, base=Decimal(0), reason=None, at=START)
        assert card.sums == ("4.00", "4.00", "0.00")

    def test_an_opening_of_several_rounds_straddles_too(self) -> None:
        card = Card(THREE)
        card.ledger.open(amount=Decimal("10.00"), purchases=4, base=Decimal("80.00"), reason=None, at=START)
        assert card.sums == ("10.00", "7.50", "0.00")
        stands = card.ledger.standing
        assert (stands.round_purchases, stands.round_amount) == (1, Decimal("2.50"))

    def test_are_put_right_by_a_person(self) -> None:
        card = Card(THREE)
        for _ in range(3):
            card.buys("20.00")
        card.ledger.adjust(amount=Decimal("-1.00"), purchases=-1, base=Decimal(0), reason="x", at=START)
        assert card.sums == ("2.00", "0.00", "0.00")
        assert card.ledger.standing.round_purchases == 2
        for amount, purchases, base in (("-2.01", 0, "0"), ("0", -3, "0"), ("0", 0, "-60.01")):
            with pytest.raises(LoyaltyTooLow):
                card.ledger.adjust(
                    amount=Decimal(amount), purchases=purchases, base=Decimal(base), reason="x", at=START
                )


@pytest.mark.row("A62")
class TestWhatComesBack:
    def test_takes_back_in_proportion_and_the_last_part_the_rest(self) -> None:
        card = Card(THREE)
        bought = card.buys("20.00", quantity=3, earns="1.00")
        assert card.returns(bought, left=2) == Decimal("-0.33")
        assert card.sums[0] == "0.67"
        assert card.ledger.standing.purchases == 1
        assert card.returns(bought, left=1) == Decimal("-0.34")
        assert card.returns(bought, left=0) == Decimal("-0.33")
        stands = card.ledger.standing
        assert (stands.balance, stands.purchases, stands.base) == (Decimal(0), 0, Decimal(0))

    def test_and_was_spent_is_owed_until_later_purchases_pay_it(self) -> None:
        card = Card(YEARLY)
        bought = card.buys("40.00")
        card.spends("2.00")
        card.returns(bought)
        assert card.sums == ("0.00", "0.00", "2.00")
        card.buys("20.00")
        assert card.sums == ("0.00", "0.00", "1.00")
        other = card.buys("60.00")
        assert card.sums == ("2.00", "2.00", "0.00")
        card.returns(other)
        assert card.sums == ("0.00", "0.00", "1.00")

    def test_gives_what_a_voucher_paid_of_it(self) -> None:
        card = Card(YEARLY)
        card.buys("200.00")
        card.spends("0.50", voucher_reference("T1:2", "L1"))
        paid = samples.purchase(card.new_id, quantity=3, amount=Decimal("20.00"), customer_id=CARD, reference="L1")
        assert card.sums[0] == "9.50"
        card.returns(paid, left=2)
        assert card.sums[0] == "9.67"
        card.returns(paid, 2, left=0)
        assert card.sums[0] == "10.00"

    @given(st.permutations(range(3)))
    def test_in_any_order_leaves_nothing(self, order: list[int]) -> None:
        card = Card(YEARLY)
        first, second = card.buys("40.00"), card.buys("33.30", quantity=2)
        card.spends("3.00", "T:L1")
        paid = samples.purchase(card.new_id, quantity=1, amount=Decimal("57.00"), customer_id=CARD, reference="L1")
        steps = [(first, 1, 0), (second, 1, 1), (paid, 1, 0)]
        for place in order:
            original, copies, left = steps[place]
            card.returns(original, copies, left=left)
            assert Decimal(card.sums[0]) >= 0
        card.returns(second, 1, left=0)
        assert card.sums == ("0.00", "0.00", "0.00")


@pytest.mark.row("A62")
class TestWhatLapses:
    def test_is_the_oldest_and_what_was_spent_counts_against_it(self) -> None:
        card = Card(YEARLY)
        card.buys("40.00", at=datetime(2025, 1, 10, 9, tzinfo=UTC))
        card.buys("60.00", at=datetime(2025, 6, 10, 9, tzinfo=UTC))
        card.ledger.redeem({"T:1": Decimal("0.50")}, at=datetime(2025, 7, 1, tzinfo=UTC))
        lapse = card.ledger.standing.lapse
        assert lapse is not None
        assert (lapse.on, lapse.amount) == (date(2026, 1, 10), Decimal("1.50"))
        night = datetime(2026, 1, 10, 3, tzinfo=UTC)
        card.ledger.expire(today=date(2026, 1, 9), at=night)
        assert card.sums[0] == "4.50"
        card.ledger.expire(today=date(2026, 1, 10), at=night)
        assert card.sums == ("3.00", "3.00", "0.00")
        card.ledger.expire(today=date(2026, 1, 10), at=night)
        assert card.sums[0] == "3.00"
        lapse = card.ledger.standing.lapse
        assert lapse is not None
        assert (lapse.on, lapse.amount) == (date(2026, 6, 10), Decimal("3.00"))

    def test_comes_back_with_the_purchase_that_earned_it(self) -> None:
        card = Card(YEARLY)
        old = card.buys("40.00", at=datetime(2025, 1, 10, 9, tzinfo=UTC))
        card.buys("20.00", at=datetime(2025, 6, 10, 9, tzinfo=UTC))
        card.ledger.expire(today=date(2026, 1, 10), at=datetime(2026, 1, 10, 3, tzinfo=UTC))
        assert card.sums[0] == "1.00"
        card.returns(old)
        assert card.sums == ("1.00", "1.00", "0.00")

    def test_pays_first_for_what_is_owed_and_lapses_again_when_that_is_given_back(self) -> None:
        card = Card(YEARLY)
        card.buys("40.00", at=datetime(2025, 1, 10, 9, tzinfo=UTC))
        card.ledger.expire(today=date(2026, 1, 10), at=datetime(2026, 1, 10, 3, tzinfo=UTC))
        bought = card.buys("60.00", at=datetime(2026, 1, 20, tzinfo=UTC))
        card.ledger.redeem({"T:L1": Decimal("3.00")}, at=datetime(2026, 1, 21, tzinfo=UTC))
        paid = samples.purchase(card.new_id, quantity=1, amount=Decimal("57.00"), customer_id=CARD, reference="L1")
        assert card.sums == ("0.00", "0.00", "0.00")
        card.returns(bought)
        assert card.sums == ("0.00", "0.00", "1.00")
        assert [each.cause for each in card.ledger.entries][-2:] == [LoyaltyCause.EXPIRE_UNDONE, LoyaltyCause.SHORTFALL]
        card.returns(paid)
        assert card.sums == ("0.00", "0.00", "0.00")
        assert card.ledger.standing.expired == Decimal("2.00")

    @pytest.mark.parametrize(
        ("day", "months", "then"),
        [("2026-01-31", 1, "2026-02-28"), ("2024-02-29", 12, "2025-02-28"), ("2026-12-15", 13, "2028-01-15")],
    )
    def test_so_many_months_later(self, day: str, months: int, then: str) -> None:
        assert later(date.fromisoformat(day), months) == date.fromisoformat(then)

    @given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 40))
    def test_on_one_day_and_for_all_that_is_older(self, today: date, months: int) -> None:
        program = LoyaltyProgram(
            code="X",
            label="X",
            kind=ProgramKind.PURCHASES,
            percent=Decimal(5),
            every=1,
            expires_after_months=months,
        )
        last = program.last_day_out(today)
        assert last is not None
        assert later(last, months) <= today < later(last + timedelta(days=1), months)


def bought(**more: object) -> Purchase:
    ids = count(1)
    return samples.purchase(
        lambda: UUID(int=next(ids)),
        **{"quantity": 1, "amount": Decimal("20.00"), "list_price": Decimal("20.00"), **more},
    )


@pytest.mark.row("A62", "C8", "R11")
class TestTheLaw:
    """R11: loyalty is a form of the same 5 %."""

    @pytest.mark.parametrize(
        ("facts", "earned"),
        [
            ({}, "1.00"),
            ({"amount": Decimal("19.99")}, None),  # discounted
            ({"amount": Decimal("19.00")}, None),
            ({"shipped": True}, None),
            ({"buyer": Buyer.PUBLIC_BODY}, None),
            ({"buyer": Buyer.LIBRARY}, None),
            ({"buyer": Buyer.SCHOOL_ASSOCIATION}, None),
            ({"digital": True}, None),
            ({"kind": ArticleKind.USED_BOOK, "amount": Decimal("12.00")}, "0.60"),  # outside the law
            ({"kind": ArticleKind.OTHER, "shipped": True}, "1.00"),
            ({"quantity": 2, "amount": Decimal("40.00")}, "2.00"),
            ({"quantity": 2, "amount": Decimal("39.00")}, None),
            ({"amount": Decimal("0.00"), "list_price": Decimal("0.00")}, None),
            ({"quantity": -1, "amount": Decimal("-20.00")}, None),
        ],
    )
    def test_says_what_a_purchase_earns(self, facts: dict[str, object], earned: str | None) -> None:
        amount = earned_by(bought(**facts), program=THREE, law=BookLaw(), on=date(2026, 3, 2))
        assert amount == (Decimal(earned) if earned else None)

    def test_is_what_the_order_said_when_it_was_priced(self) -> None:
        discounted = bought(amount=Decimal("19.00"))
        on = date(2026, 3, 2)
        assert earned_by(discounted, program=THREE, law=BookLaw(), on=on, frozen=True) == Decimal("0.95")
        assert earned_by(bought(), program=THREE, law=BookLaw(), on=on, frozen=False) is None
        assert earned_by(bought(), program=None, law=BookLaw(), on=on) is None

    @pytest.mark.parametrize(
        ("facts", "amount", "quantity", "most"),
        [
            ({}, "20.00", 1, "1.00"),
            ({}, "19.50", 1, "0.50"),
            ({}, "19.00", 1, "0.00"),
            ({}, "18.00", 1, "0.00"),
            ({}, "40.00", 2, "2.00"),
            ({"shipped": True}, "20.00", 1, "0.00"),
            ({"buyer": Buyer.LIBRARY}, "20.00", 1, "1.80"),
            ({"kind": ArticleKind.USED_BOOK}, "20.00", 1, "20.00"),
        ],
    )
    def test_says_what_a_voucher_may_take(
        self, facts: dict[str, object], amount: str, quantity: int, most: str
    ) -> None:
        goods = bought(**facts)
        cap = BookLaw().cap(article=goods, buyer=goods.buyer, shipped=goods.shipped, loyalty=True, on=date(2026, 3, 2))
        limit = voucher_limit(Decimal(amount), list_price=Decimal("20.00"), quantity=quantity, cap=cap)
        assert limit == Decimal(most)

    def test_and_never_by_rounding_a_cent_more(self) -> None:
        goods = bought()
        cap = BookLaw().cap(article=goods, buyer=goods.buyer, shipped=False, loyalty=True, on=date(2026, 3, 2))
        # 95 % of 9.99 is 9.4905
        assert voucher_limit(Decimal("9.99"), list_price=Decimal("9.99"), quantity=1, cap=cap) == Decimal("0.49")


cents = st.integers(0, 5_000).map(lambda each: Decimal(each) / 100)


@given(st.lists(cents, min_size=1, max_size=6), st.integers(0, 100))
def test_a_voucher_is_shared_out_to_the_cent(most: list[Decimal], part: int) -> None:
    amount = (sum(most, Decimal(0)) * part / 100).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    parts = shared(amount, most)
    assert sum(parts, Decimal(0)) == amount
    for each, limit in zip(parts, most, strict=True):
        assert 0 <= each <= limit
        whole = sum(most, Decimal(0))
        assert not whole or abs(each - amount * limit / whole) < Decimal("0.01")


def test_a_card_has_the_program_it_names_else_the_first() -> None:
    assert program_of([THREE, THIRTY], "30") is THIRTY
    assert program_of([THREE, THIRTY], None) is THREE
    assert program_of([THREE, THIRTY], "?") is THREE
    assert program_of([], "30") is None


def test_the_fold_does_not_depend_on_the_order_of_the_entries() -> None:
    card = Card(THIRTY)
    first = card.buys("20.00")
    card.buys("50.00")
    card.spends("1.00")
    card.returns(first)
    assert standing(reversed(card.ledger.entries), THIRTY, ZONE) == card.ledger.standing
