"""Vouchers within the law, orders that earn and take back, what lapses at night, openings and corrections (A62, P24, P34)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.errors import (
    CustomerMerged,
    Inconsistent,
    LoyaltyBegun,
    LoyaltyInactive,
    LoyaltyTooLow,
    ReferenceReused,
    ShopError,
    VoucherOverCap,
)
from domain.model.loyalty import LoyaltyCause
from domain.queries.customers import CustomerView
from domain.usecases.loyalty import TicketLine
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.contracts.samples import EANS
from tests.support.database import MakeDatabase
from tests.usecases.loyalty_till import BOOK, ONE, THREE, Till
from tests.usecases.shop import at_once


@pytest.fixture(params=["fake", "postgres"])
async def till(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Till]:
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        till = Till(house)
        await till.catalogue(EANS)
        await till.decide(loyalty=(THREE,))
        yield till


def wants(reference: str, amount: str = "10.00", quantity: int = 1, *, shipped: bool = False) -> TicketLine:
    return TicketLine(reference=reference, ean=BOOK, quantity=quantity, amount=Decimal(amount), shipped=shipped)


async def rich(till: Till, name: str = "CLAIRE", copies: int = 10) -> CustomerView:
    """A card with three purchases, and five euros (or what is said) to spend."""
    card = await till.reader(name)
    for quantity in (1, 1, copies - 2):
        await till.sells(card, quantity)
    return card


@pytest.mark.row("A62", "P25", "C8")
class TestAVoucher:
    async def test_takes_from_each_line_what_the_law_leaves(self, till: Till) -> None:
        card = await rich(till)
        view = await till.redeem(
            card, wants("a"), wants("b", "20.00", 2), wants("c", "9.60"), wants("d", "9.50"), wants("e", shipped=True)
        )
        assert [(each.amount, each.most) for each in view.lines] == [
            (Decimal(each), Decimal(each)) for each in ("0.50", "1.00", "0.10", "0.00", "0.00")
        ]
        assert [each.rule for each in view.lines] == ["R1"] * 4 + ["R2"]
        assert (view.amount, view.loyalty.standing.balance) == (Decimal("1.60"), Decimal("3.40"))
        assert [each.reference for each in (await till.ledger(card.id))[3:]] == ["T1:a", "T1:b", "T1:c"]

    async def test_of_a_sum_is_shared_out(self, till: Till) -> None:
        card = await rich(till)
        view = await till.redeem(card, wants("a"), wants("b"), wants("c"), amount="1.00")
        assert [each.amount for each in view.lines] == [Decimal(each) for each in ("0.34", "0.33", "0.33")]
        assert await till.balance(card) == "4.00"

    async def test_takes_no_more_than_there_is(self, till: Till) -> None:
        card = await rich(till)
        with pytest.raises(VoucherOverCap) as refused:
            await till.redeem(card, wants("a"), wants("b"), amount="1.01")
        assert refused.value.facts["most"] == Decimal("1.00")
        with pytest.raises(VoucherOverCap):
            await till.redeem(card, wants("a", shipped=True))
        with pytest.raises(LoyaltyTooLow) as low:
            await till.redeem(card, wants("a", "200.00", 20), amount="5.01")
        assert low.value.facts["available"] == Decimal("5.00")
        view = await till.redeem(card, wants("a", "200.00", 20))
        assert view.amount == Decimal("5.00")
        with pytest.raises(LoyaltyTooLow):
            await till.redeem(card, wants("b"), ticket="T2")

    async def test_is_of_rewards_reached_only(self, till: Till) -> None:
        card = await till.reader()
        await till.sells(card, 5)
        with pytest.raises(LoyaltyTooLow):
            await till.redeem(card, wants("a"))
        assert await till.balance(card) == "2.50"

    async def test_is_spent_once_on_a_ticket(self, till: Till) -> None:
        card, other = await rich(till), await rich(till, "PAUL")
        await till.redeem(card, wants("a"), amount="0.10")
        for whose, line, ticket in ((card, "b", "T1"), (other, "b", "T1"), (card, "a", "T2")):
            with pytest.raises(ReferenceReused):
                await till.redeem(whose, wants(line), ticket=ticket)
        recorded = await till.sells(other)
        with pytest.raises(ReferenceReused):
            await till.redeem(other, wants(recorded.reference), ticket="T3")
        # a ticket whose name begins like another's is another ticket
        await till.redeem(card, wants("b"), ticket="T11")
        await till.redeem(other, wants("c"), ticket="T")

    async def test_needs_an_active_card_and_lines_of_their_own(self, till: Till) -> None:
        card = await rich(till)
        with pytest.raises(Inconsistent) as refused:
            await till.redeem(card, wants("a"), wants("b"), wants("a"), amount="0.00")
        assert {each.pointer for each in refused.value.faults} == {"/lines/2/reference", "/amount"}
        card = await till.change(card, fidelity_active=False)
        with pytest.raises(LoyaltyInactive):
            await till.redeem(card, wants("a"))

    async def test_comes_back_with_its_line(self, till: Till) -> None:
        card = await rich(till)
        await till.redeem(card, wants("x", "30.00", 3), amount="1.00")
        line = await till.sells(card, 3, reference="x", amount=Decimal("29.00"))
        assert await till.balance(card) == "4.00"
        for balance in ("4.33", "4.67", "5.00"):
            await till.record(till.back(card, line))
            assert await till.balance(card) == balance
        causes = [each.cause for each in await till.ledger(card.id)]
        assert causes.count(LoyaltyCause.REDEEM_UNDONE) == 3
        assert LoyaltyCause.REFUND not in causes

    async def test_is_not_spent_twice_at_the_same_moment(self, till: Till) -> None:
        card = await rich(till)
        ends = await at_once(
            *(till.redeem(card, wants(f"l{n}", "70.00", 7), amount="3.00", ticket=f"K{n}") for n in range(4))
        )
        assert ends == ["done", "loyalty-too-low", "loyalty-too-low", "loyalty-too-low"]
        assert await till.balance(card) == "2.00"


@pytest.mark.row("A62", "P34")
class TestAPerson:
    async def test_begins_a_ledger_once(self, till: Till) -> None:
        card = await till.reader()
        view = await till.correct(card, "4.00", opening=True, purchases=2, base=Decimal("80.00"))
        assert (view.standing.balance, view.standing.round_purchases) == (Decimal("4.00"), 2)
        with pytest.raises(LoyaltyBegun):
            await till.correct(card, "4.00", opening=True)
        await till.sells(card)
        assert (await till.stands(card.id)).available == Decimal("4.50")
        other = await till.reader("PAUL")
        await till.sells(other)
        with pytest.raises(LoyaltyBegun):
            await till.correct(other, "4.00", opening=True)

    async def test_puts_it_right_but_not_below_nil(self, till: Till) -> None:
        card = await rich(till)
        await till.correct(card, "-2.00")
        assert await till.balance(card) == "3.00"
        with pytest.raises(LoyaltyTooLow):
            await till.correct(card, "-3.01")
        await till.correct(card, "1.00", purchases=3)
        assert (await till.stands(card.id)).rewards == 2


@pytest.mark.row("A62", "A68")
class TestAnOrder:
    async def test_earns_when_it_is_handed_over_and_takes_back(self, till: Till) -> None:
        card = await till.reader()
        await till.receive((EANS[0], 5))
        order = await till.create({EANS[0]: 5}, customer_id=card.id, contact=None)
        line = order.lines[0].id
        order = await till.deliver(order, {line: 2})
        order = await till.deliver(order, {line: 3})
        assert await till.balance(card) == "2.50"
        order = await till.take_back(order, {line: 4})
        stands = await till.stands(card.id)
        assert (stands.balance, stands.purchases, stands.base) == (Decimal("0.50"), 1, Decimal("10.00"))
        purchases = sorted((await till.house.books()).purchases, key=lambda each: each.id)
        # the last handed over comes back first
        assert [(each.quantity, each.undoes) for each in purchases[2:]] == [
            (-3, purchases[1].id),
            (-1, purchases[0].id),
        ]
        assert sum(each.amount for each in purchases) == Decimal("10.00")
        await till.take_back(order, {line: 1})
        stands = await till.stands(card.id)
        assert (stands.balance, stands.purchases, stands.base) == (Decimal(0), 0, Decimal(0))

    async def test_of_several_set_aside_earns_for_each(self, till: Till) -> None:
        card = await till.reader()
        await till.receive((EANS[0], 2), (EANS[1], 1))
        kept = [await till.keep(ean, customer_id=card.id, contact=None) for ean in EANS[:2]]
        await till.collect(*(each.id for each in kept))
        assert (await till.stands(card.id)).purchases == 2

    async def test_pays_back_once_what_is_owed(self, till: Till) -> None:
        card = await rich(till)
        await till.redeem(card, wants("a", "100.00", 10), amount="5.00")
        bought = [each for each in (await till.house.books()).purchases if each.quantity == 8]
        await till.record(till.sale(card, -8, undoes=bought[0].reference))
        assert (await till.stands(card.id)).owed == Decimal("4.00")
        await till.receive((EANS[0], 1), (EANS[1], 1))
        kept = [await till.keep(ean, customer_id=card.id, contact=None) for ean in EANS[:2]]
        await till.collect(*(each.id for each in kept))
        assert (await till.stands(card.id)).owed == Decimal("3.00")

    async def test_of_a_free_name_earns_nothing_when_it_becomes_the_cards(self, till: Till) -> None:
        card = await till.reader()
        await till.receive((EANS[0], 1))
        order = await till.create({EANS[0]: 1})
        order = await till.deliver(order, {order.lines[0].id: 1})
        attaching = till.orders.attach(
            by=till.staff, order_id=order.id, version=order.version, customer_id=card.id, once=till.once()
        )
        order = await till._result(attaching)
        assert await till.ledger(card.id) == []
        await till.take_back(order, {order.lines[0].id: 1})
        assert await till.ledger(card.id) == []

    async def test_shipped_earns_nothing(self, till: Till) -> None:
        card = await till.reader()
        await till.receive((EANS[0], 1))
        order = await till.create({EANS[0]: 1}, customer_id=card.id, contact=None, mail_order=True)
        await till.deliver(order, {order.lines[0].id: 1})
        assert await till.ledger(card.id) == []


@pytest.mark.row("A62", "P24")
class TestTheNight:
    async def test_takes_what_is_too_old_once(self, till: Till) -> None:
        await till.decide(loyalty=(ONE,))
        cards = [await till.reader(name) for name in ("ANNE", "BRUNO", "CLARA")]
        for card in cards[:2]:
            await till.sells(card, 2)
        till.at(datetime(2026, 3, 20, 9, tzinfo=UTC))
        await till.sells(cards[1])
        till.at(datetime(2026, 4, 1, 2, tzinfo=UTC))
        assert await till.loyalty.expire(by=till.staff) == 0
        till.at(datetime(2026, 4, 2, 2, tzinfo=UTC))
        assert await till.loyalty.expire(by=till.staff) == 2
        assert await till.loyalty.expire(by=till.staff) == 0
        assert [await till.balance(card) for card in cards] == ["0.00", "0.50", "0.00"]
        till.at(datetime(2026, 4, 3, 2, tzinfo=UTC))
        assert await till.loyalty.expire(by=till.staff) == 0

    async def test_does_nothing_where_nothing_lapses(self, till: Till) -> None:
        await rich(till)
        till.at(till.house.clock.now + timedelta(days=4000))
        assert await till.loyalty.expire(by=till.staff) == 0

    async def test_and_the_day_at_once_lose_nothing(self, till: Till) -> None:
        await till.decide(loyalty=(ONE,))
        card = await till.reader()
        lines = [await till.sells(card) for _ in range(3)]
        till.at(datetime(2026, 4, 2, 2, tzinfo=UTC))
        ends = await asyncio.gather(
            till.loyalty.expire(by=till.staff),
            till.record(*(till.back(card, line) for line in lines)),
            till.record(till.sale(card)),
            till.redeem(card, wants("a"), amount="0.10"),
            return_exceptions=True,
        )
        assert all(not isinstance(end, BaseException) or isinstance(end, ShopError) for end in ends), ends
        stands = await till.stands(card.id)
        assert stands.purchases == 1


class TestAMergedCard:
    @pytest.mark.row("A55", "A62")
    async def test_has_the_ledgers_of_both(self, database: str) -> None:
        async with postgres_house(database) as house:
            till = Till(house)
            await till.catalogue(EANS)
            await till.decide(loyalty=(THREE,))
            kept, absorbed = await rich(till), await till.reader("PAUL")
            line = await till.sells(absorbed, 2)
            merge = await till.merge(kept.id, absorbed.id)
            assert (await till.stands(kept.id)).purchases == 4
            with pytest.raises(CustomerMerged):
                await till.redeem(absorbed, wants("a"))
            (result,) = await till.record(till.sale(kept, customer_id=None, customer_code=absorbed.code))
            assert result.loyalty == Decimal("0.50")
            assert (await till.record(line))[0].outcome == "known"
            assert merge.id is not None
            await till.unmerge(merge.id)
            assert (await till.stands(kept.id)).purchases == 4
            assert (await till.stands(absorbed.id)).balance == Decimal("1.00")

    @pytest.mark.row("A62")
    async def test_that_spent_and_is_parted_owes_at_once(self, database: str) -> None:
        async with postgres_house(database) as house:
            till = Till(house)
            await till.catalogue(EANS)
            await till.decide(loyalty=(THREE,))
            kept, absorbed = await rich(till), await rich(till, "PAUL")
            merge = await till.merge(kept.id, absorbed.id)
            await till.redeem(kept.id, wants("a", "200.00", 20), amount="8.00")
            assert merge.id is not None
            await till.unmerge(merge.id)
            stands = await till.stands(kept.id)
            assert (stands.balance, stands.owed) == (Decimal(0), Decimal("3.00"))
            assert (await till.balance(kept), await till.balance(absorbed)) == ("0.00", "5.00")
            assert await till.loyalty.expire(by=till.staff) == 0
