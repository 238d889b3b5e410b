"""Credit at order entry: what is owed and will be, the ceiling that warns or refuses, and what it never refuses (B15, O13)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import CeilingExceeded
from domain.model.credit import Credit, Owed
from domain.model.settings import CreditPolicy
from domain.model.values import NOTHING, CustomerId
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.contracts.samples import EANS
from tests.support.database import MakeDatabase
from tests.usecases.clerk import Clerk
from tests.usecases.shop import at_once

pytestmark = [pytest.mark.row("B15", "O13")]
RUE, CHUT = EANS[:2]


@pytest.fixture(params=["fake", "postgres"])
async def clerk(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Clerk]:
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        clerk = Clerk(house)
        await clerk.catalogue(EANS)
        yield clerk


async def owed(clerk: Clerk, customer: CustomerId) -> tuple[str, str]:
    """Unpaid, and to come of open orders."""
    async with clerk.house.begin(clerk.house.dossier) as work:
        found = await work.invoices.owed(customer)
    return f"{found.unpaid:.2f}", f"{found.open_orders:.2f}"


class TestWhatIsOwed:
    async def test_is_unpaid_invoices_less_credit_notes(self, clerk: Clerk) -> None:
        school = await clerk.card("ÉCOLE", management_ceiling=Decimal("100.00"))
        await clerk.bill("F1", school, "80.00", paid="30.00")
        await clerk.bill("F2", school, "20.00", paid="20.00")
        await clerk.bill("A1", school, "-15.00")
        await clerk.bill("F3", await clerk.card("AUTRE"), "99.00")
        assert await owed(clerk, school) == ("35.00", "0.00")

    async def test_follows_an_order_from_its_taking_to_its_end(self, clerk: Clerk) -> None:
        school = await clerk.card("ÉCOLE")
        order = await clerk.create({RUE: 3, CHUT: 1}, customer_id=school)
        assert await owed(clerk, school) == ("0.00", "40.00")
        order = await clerk.pay(order, "15.00")
        assert await owed(clerk, school) == ("0.00", "25.00")
        await clerk.adjust(RUE, 3)
        order = await clerk.deliver(order, {order.lines[0].id: 2})
        assert await owed(clerk, school) == ("0.00", "20.00")
        order = await clerk.pay(order, "15.00")
        assert await owed(clerk, school) == ("0.00", "10.00")
        order = await clerk.cancel_remainder(order, order.lines[1].id)
        assert await owed(clerk, school) == ("0.00", "0.00")
        await clerk.deliver(order, {order.lines[0].id: 1})
        assert await owed(clerk, school) == ("0.00", "0.00")

    async def test_counts_no_annulled_order_but_a_blocked_one(self, clerk: Clerk) -> None:
        school = await clerk.card("ÉCOLE")
        code = (await clerk.bill("F1", school, "1.00", paid="1.00")).customer.code
        pushed = await clerk.push("W-1", {RUE: 2}, customer_code=code)
        assert await owed(clerk, school) == ("0.00", "20.00")
        await clerk.lapse(pushed.order)
        assert await owed(clerk, school) == ("0.00", "0.00")

    async def test_is_without_vat_for_who_is_exempt(self, clerk: Clerk) -> None:
        export = await clerk.card("EXPORT", vat_exempt=True)
        order = await clerk.create({RUE: 3}, customer_id=export, mail_order=True, delivery_charge=Decimal("5.00"))
        assert await owed(clerk, export) == ("0.00", f"{order.lines[0].amount:.2f}")
        await clerk.adjust(RUE, 1)
        order = await clerk.pay(order, "14.22")
        order = await clerk.deliver(order, {order.lines[0].id: 1})
        # 9.48 of goods and 4.74 of delivery left the shop and are paid
        assert await owed(clerk, export) == ("0.00", "18.96")


class TestTheCeiling:
    @pytest.mark.parametrize(
        ("ceiling", "unpaid", "copies", "over"),
        [
            ("0.00", "500.00", 9, False),
            ("30.00", "10.00", 2, False),
            ("30.00", "10.01", 2, True),
            ("30.00", "0.00", 4, True),
            ("30.00", "40.00", 1, True),
        ],
    )
    @pytest.mark.parametrize("policy", list(CreditPolicy))
    async def test_warns_or_refuses_by_the_policy(
        self, clerk: Clerk, policy: CreditPolicy, ceiling: str, unpaid: str, copies: int, over: bool
    ) -> None:
        await clerk.decide(credit_policy=policy)
        school = await clerk.card("ÉCOLE", management_ceiling=Decimal(ceiling))
        await clerk.bill("F1", school, unpaid)
        taking = clerk.create({RUE: copies}, customer_id=school)
        if over and policy is CreditPolicy.BLOCK:
            with pytest.raises(CeilingExceeded) as refused:
                await taking
            outstanding = Decimal(unpaid) + 10 * copies
            assert refused.value.facts == {"name": "ÉCOLE", "ceiling": Decimal(ceiling), "outstanding": outstanding}
            return
        assert bool((await taking).warnings) is over

    async def test_counts_a_line_that_is_added_or_grows(self, clerk: Clerk) -> None:
        await clerk.decide(credit_policy=CreditPolicy.BLOCK)
        school = await clerk.card("ÉCOLE", management_ceiling=Decimal("30.00"))
        order = await clerk.create({RUE: 2}, customer_id=school)
        order = await clerk.add_line(order, CHUT)
        with pytest.raises(CeilingExceeded):
            await clerk.add_line(order, CHUT)
        with pytest.raises(CeilingExceeded):
            await clerk.change_line(order, order.lines[0].id, 3)
        await clerk.bill("F1", school, "5.00")
        smaller = await clerk.change_line(order, order.lines[0].id, 1)
        assert smaller.lines[0].ordered == 1

    async def test_warns_once_of_each_order(self, clerk: Clerk) -> None:
        school = await clerk.card("ÉCOLE", management_ceiling=Decimal("15.00"))
        order = await clerk.create({RUE: 2}, customer_id=school)
        order = await clerk.add_line(order, CHUT)
        assert order.warnings == ("Plafond de direction dépassé : encours 30,00 € pour 15,00 €",)

    async def test_never_refuses_what_a_web_shop_sold(self, clerk: Clerk) -> None:
        await clerk.decide(credit_policy=CreditPolicy.BLOCK)
        school = await clerk.card("ÉCOLE", management_ceiling=Decimal("15.00"))
        code = (await clerk.bill("F1", school, "1.00", paid="1.00")).customer.code
        pushed = await clerk.push("W-1", {RUE: 2}, customer_code=code)
        assert [each for each in pushed.order.warnings if "Plafond" in each]
        again = await clerk.push("W-1", {RUE: 1}, customer_code=code)
        assert not [each for each in again.order.warnings if "Plafond" in each]
        paid = await clerk.push("W-2", {RUE: 2}, customer_code=code, paid=True)
        assert not [each for each in paid.order.warnings if "Plafond" in each]

    async def test_holds_against_two_orders_at_once(self, clerk: Clerk) -> None:
        await clerk.decide(credit_policy=CreditPolicy.BLOCK)
        school = await clerk.card("ÉCOLE", management_ceiling=Decimal("30.00"))
        ends = await at_once(*(clerk.create({RUE: 2}, customer_id=school) for _ in range(3)))
        assert ends == ["ceiling-exceeded", "ceiling-exceeded", "done"]


@pytest.mark.parametrize(
    ("ceiling", "insurance", "unpaid", "expected"),
    [
        ("0.00", "300.00", "900.00", (False, None, False, "0.00")),
        ("500.00", "300.00", "0.00", (True, "500.00", False, "200.00")),
        ("500.00", "300.00", "500.00", (True, "0.00", False, "200.00")),
        ("500.00", "600.00", "500.01", (True, "-0.01", True, "0.00")),
        ("500.00", "0.00", "-20.00", (True, "520.00", False, "500.00")),
    ],
)
def test_where_a_customer_stands(ceiling: str, insurance: str, unpaid: str, expected: tuple[Any, ...]) -> None:
    credit = Credit(
        management_ceiling=Decimal(ceiling),
        insurance_ceiling=Decimal(insurance),
        owed=Owed(unpaid=Decimal(unpaid), open_orders=NOTHING),
    )
    left = f"{credit.left:.2f}" if credit.left is not None else None
    assert (credit.controlled, left, credit.over, f"{credit.risk:.2f}") == expected
