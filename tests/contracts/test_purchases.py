"""The ledgers of purchases and of loyalty keep what their ports promise, in memory and in PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import CustomerInUse, TryAgain
from domain.model.card import DiscountDetails, DiscountRule, DiscountScope
from domain.model.loyalty import LoyaltyCause, LoyaltyEntry, LoyaltyEntryId
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.values import CustomerId, DiscountId, Party, PurchaseId
from tests.contracts import samples
from tests.contracts.house import REFUSED_BY_THE_BASE, House, PostgresHouse
from tests.contracts.samples import NOW, committed

TILL = PurchaseSource.TILL


async def card(house: House, code: str = "A1", *, number: str | None = None) -> CustomerId:
    made = samples.customer(house.new_id, code=code, barcode=None)
    made.details.fidelity_number = number
    async with committed(house) as work:
        work.customers.add(made)
    return made.id


def till(house: House, customer_id: CustomerId | None, reference: str, **more: Any) -> Purchase:
    facts = {"source": TILL, "quantity": 1, "amount": Decimal("12.20"), "net": Decimal("11.56"), **more}
    return samples.purchase(house.new_id, customer_id=customer_id, reference=reference, **facts)


def entry(house: House, customer_id: CustomerId, reference: str, **more: Any) -> LoyaltyEntry:
    return LoyaltyEntry(
        **{
            "id": LoyaltyEntryId(house.new_id()),
            "customer_id": customer_id,
            "at": NOW,
            "cause": LoyaltyCause.OPENING,
            "amount": Decimal("2.00"),
            "reference": reference,
            "by": "staff:1",
            **more,
        }
    )


@pytest.mark.row("A68")
class TestPurchases:
    async def test_told_by_others_are_known_by_what_tells_them(self, house: House) -> None:
        claire = await card(house)
        one, two = till(house, claire, "1", author="Été", document="T1", shipped=True), till(house, claire, "2")
        async with committed(house) as work:
            work.purchases.record([one, two])
        async with house.begin(house.dossier) as work:
            asked = [(TILL, "1"), (TILL, "1"), (PurchaseSource.INVOICE, "2"), (TILL, "3")]
            assert await work.purchases.told(asked) == {(TILL, "1"): one}
            assert await work.purchases.told([]) == {}

    async def test_told_by_two_at_once_are_tried_again(self, house: House) -> None:
        claire = await card(house)
        async with committed(house) as work:
            work.purchases.record([till(house, claire, "1")])
        with pytest.raises(TryAgain):
            async with committed(house) as work:
                work.purchases.record([till(house, claire, "1"), till(house, claire, "2")])
        async with house.begin(house.dossier) as work:
            assert list(await work.purchases.told([(TILL, "1"), (TILL, "2")])) == [(TILL, "1")]

    async def test_brought_back_are_counted(self, house: House) -> None:
        claire = await card(house)
        bought, other = till(house, claire, "1", quantity=5), till(house, claire, "2")
        backs = [till(house, claire, f"b{n}", quantity=-n, undoes=bought.id) for n in (1, 2)]
        async with committed(house) as work:
            work.purchases.record([bought, other])
        async with committed(house) as work:
            work.purchases.record(backs)
        async with house.begin(house.dossier) as work:
            assert await work.purchases.undone([bought.id, other.id]) == {bought.id: 3}

    async def test_of_an_order_are_the_newest_first(self, house: House) -> None:
        order = samples.order(house.new_id, [samples.line(house.new_id)])
        bought = [
            till(
                house,
                None,
                f"{n}",
                order_id=order.id,
                at=NOW + timedelta(minutes=n % 2),
                source=PurchaseSource.DELIVERY,
            )
            for n in range(3)
        ]
        async with committed(house) as work:
            work.orders.add(order)
            work.purchases.add([*bought, till(house, None, "x")])
        async with house.begin(house.dossier) as work:
            found = await work.purchases.of_order(order.id)
        assert [each.reference for each in found] == ["1", "2", "0"]

    async def test_name_cards_in_three_ways(self, house: House) -> None:
        claire = await card(house, "CLAIRE", number="F1")
        paul = await card(house, "PAUL")
        async with committed(house) as work:
            (old,) = await work.customers.lock([paul])
            old.merged_into, old.version = claire, old.version + 1
            work.customers.save(old)
        async with house.begin(house.dossier) as work:
            named = await work.purchases.named(
                ids=[paul, CustomerId(house.new_id())], codes=["PAUL", "X"], numbers=["F1"]
            )
        assert (named.by_id, named.by_code, named.by_number) == ({paul: claire}, {"PAUL": claire}, {"F1": claire})

    async def test_know_the_discounts_of_many(self, house: House) -> None:
        claire, paul = await card(house, "A1"), await card(house, "A2")
        rule = DiscountRule(
            id=DiscountId(house.new_id()),
            customer_id=claire,
            details=DiscountDetails(scope=DiscountScope.ALL, percent=Decimal("5.00")),
            created_at=NOW,
            updated_at=NOW,
        )
        async with committed(house) as work:
            work.discounts.add(rule)
        async with house.begin(house.dossier) as work:
            found = await work.purchases.discounts([claire, paul])
            assert {each: [rule.id for rule in rules] for each, rules in found.items()} == {claire: [rule.id]}
            assert await work.discounts.of(Party.customer(claire))


@pytest.mark.row("A62")
class TestTheLedger:
    async def test_is_read_with_what_is_being_added(self, house: House) -> None:
        claire, paul = await card(house, "A1"), await card(house, "A2")
        late, early = entry(house, claire, "1"), entry(house, claire, "2", at=NOW - timedelta(days=1))
        async with committed(house) as work:
            work.loyalty.add([late, early])
        async with house.begin(house.dossier) as work:
            third = entry(house, claire, "3", cause=LoyaltyCause.SHORTFALL)
            assert await work.loyalty.unsettled([claire, paul]) == set()
            work.loyalty.add([third])
            assert await work.loyalty.entries([claire, paul]) == {claire: [early, late, third], paul: []}
            assert await work.loyalty.unsettled([claire, paul]) == {claire}
            assert await work.loyalty.unsettled([paul]) == set()

    async def test_has_each_thing_once(self, house: House) -> None:
        claire = await card(house)
        async with committed(house) as work:
            work.loyalty.add([entry(house, claire, "1")])
        async with committed(house) as work:
            work.loyalty.add([entry(house, claire, "1", cause=LoyaltyCause.ADJUST)])
        with pytest.raises(TryAgain):
            async with committed(house) as work:
                work.loyalty.add([entry(house, claire, "1")])

    async def test_names_purchases_that_there_are(self, house: House) -> None:
        claire = await card(house)
        bought = till(house, claire, "1")
        async with committed(house) as work:
            work.purchases.record([bought])
            work.loyalty.add([entry(house, claire, "1", purchase_id=bought.id)])
        with pytest.raises(REFUSED_BY_THE_BASE):
            async with committed(house) as work:
                work.loyalty.add([entry(house, claire, "2", purchase_id=PurchaseId(house.new_id()))])

    async def test_knows_the_tickets_of_vouchers(self, house: House) -> None:
        claire = await card(house)
        spent = entry(house, claire, "T1:a", cause=LoyaltyCause.REDEEM, amount=Decimal("-1.00"))
        async with committed(house) as work:
            work.loyalty.add(
                [spent, replace(spent, id=LoyaltyEntryId(house.new_id()), cause=LoyaltyCause.OPENING, reference="T9:a")]
            )
        async with house.begin(house.dossier) as work:
            found = [await work.loyalty.redeemed(ticket) for ticket in ("T1:", "T:", "T11:", "T9:", "T_:")]
        assert found == [True, False, False, False, False]

    async def test_tells_the_cards_of_which_something_may_lapse(self, house: House) -> None:
        old, new, used, owing = [await card(house, f"A{n}") for n in range(4)]
        async with committed(house) as work:
            work.loyalty.add(
                [
                    entry(house, old, "1", at=NOW - timedelta(days=9)),
                    entry(house, new, "2"),
                    entry(house, used, "3", at=NOW - timedelta(days=9)),
                    entry(house, used, "3", cause=LoyaltyCause.REDEEM, amount=Decimal("-2.00")),
                    entry(house, owing, "4", cause=LoyaltyCause.REDEEM, amount=Decimal("-2.00")),
                ]
            )
        async with house.begin(house.dossier) as work:
            found = set(await work.loyalty.lapsing(NOW - timedelta(days=1)))
            nothing_lapses = set(await work.loyalty.lapsing(None))
        assert {old, owing} <= found
        assert owing in nothing_lapses

    async def test_and_purchases_keep_their_card(self, postgres: PostgresHouse) -> None:
        house: House = postgres
        bought, saved = await card(house, "A1"), await card(house, "A2")
        async with committed(house) as work:
            work.purchases.record([till(house, bought, "1")])
            work.loyalty.add([entry(house, saved, "1")])
        for customer_id in (bought, saved):
            with pytest.raises(CustomerInUse):
                async with committed(house) as work:
                    (made,) = await work.customers.lock([customer_id])
                    work.customers.remove(made)
