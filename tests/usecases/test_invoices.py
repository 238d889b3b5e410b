"""Invoices that another program tells of: taken over once, in order, each judged alone, paid to the cent (A52)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.errors import (
    CustomerAnonymised,
    Inconsistent,
    InvoiceOverpaid,
    NotFound,
    ShopError,
    StaleVersion,
    UnknownParty,
)
from domain.events import EventType
from domain.model.invoice import InvoiceState
from domain.model.values import NOTHING, CustomerId
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.support.database import MakeDatabase
from tests.usecases.clerk import Clerk
from tests.usecases.shop import at_once

pytestmark = [pytest.mark.row("A52", "A60", "B22")]


@pytest.fixture(params=["fake", "postgres"])
async def clerk(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Clerk]:
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        yield Clerk(house)


@pytest.fixture
async def school(clerk: Clerk) -> CustomerId:
    return await clerk.card("ÉCOLE")


class TestAnInvoice:
    async def test_is_new_then_changed_then_known(self, clerk: Clerk, school: CustomerId) -> None:
        first = await clerk.put(clerk.telling("F1", school))
        assert (first.created, first.view.version, first.view.unpaid) == (True, 1, Decimal("100.00"))
        again = await clerk.put(clerk.telling("F1", school))
        assert (again.created, again.view.version) == (False, 1)
        changed = await clerk.put(clerk.telling("F1", school, paid="40.00", state=InvoiceState.PROMISED))
        assert (changed.created, changed.view.version, changed.view.unpaid) == (False, 2, Decimal("60.00"))
        assert changed.view.id == first.view.id
        assert (await clerk.happened())[EventType.INVOICE_UPDATED] == 2

    async def test_told_of_in_the_past_changes_nothing(self, clerk: Clerk, school: CustomerId) -> None:
        now = clerk.house.clock()
        await clerk.bill("F1", school, paid="40.00", updated_at=now)
        older = await clerk.bill("F1", school, paid="10.00", updated_at=now - timedelta(seconds=1))
        assert (older.paid, older.version) == (Decimal("40.00"), 1)
        newer = await clerk.bill("F1", school, paid="50.00", updated_at=now)
        assert (newer.paid, newer.version) == (Decimal("50.00"), 2)

    async def test_is_changed_as_it_was_read(self, clerk: Clerk, school: CustomerId) -> None:
        with pytest.raises(NotFound):
            await clerk.bill("F1", school, version=1)
        await clerk.bill("F1", school)
        await clerk.bill("F1", school, paid="1.00", version=1)
        with pytest.raises(StaleVersion):
            await clerk.bill("F1", school, paid="2.00", version=1)

    async def test_is_billed_as_told_else_as_the_card_says(self, clerk: Clerk, school: CustomerId) -> None:
        hall, other = await clerk.card("MAIRIE"), await clerk.card("AUTRE")
        assert (await clerk.bill("F1", school)).billed.id == school
        await clerk.change_card(school, billed_to=hall)
        assert (await clerk.bill("F2", school)).billed.id == hall
        assert (await clerk.bill("F3", school, billed_to=other)).billed.id == other

    async def test_is_found_by_a_code_in_any_case(self, clerk: Clerk, school: CustomerId) -> None:
        view = await clerk.bill("F1", school)
        assert (await clerk.bill("F2", view.customer.code.lower())).customer == view.customer

    async def test_is_overdue_once_its_day_is_gone(self, clerk: Clerk, school: CustomerId) -> None:
        found = [(await clerk.bill(f"F{due}", school, due=due)).overdue_days for due in (-10, -1, 0, 5)]
        assert found == [10, 1, 0, 0]
        assert (await clerk.bill("P", school, paid="100.00")).overdue_days == 0
        assert (await clerk.bill("A", school, "-5.00")).overdue_days == 0

    async def test_names_a_card_that_stands_and_may_be_seen(self, clerk: Clerk, school: CustomerId) -> None:
        nobody = CustomerId(clerk.house.new_id())
        for wrong in (clerk.telling("F1", nobody), clerk.telling("F1", "NOBODY")):
            with pytest.raises(UnknownParty):
                await clerk.put(wrong)
        with pytest.raises(UnknownParty) as refused:
            await clerk.put(clerk.telling("F1", school, billed_to=nobody))
        assert [each.pointer for each in refused.value.faults] == ["/billed_to_id"]
        secret = await clerk.card("SECRET", confidentiality_code="DIR")
        clerk.staff = replace(clerk.staff, scopes=frozenset({"invoices:write"}))
        with pytest.raises(UnknownParty):
            await clerk.put(clerk.telling("F1", secret))

    async def test_of_a_person_who_was_blanked_is_refused(self, clerk: Clerk, school: CustomerId) -> None:
        async with clerk.house.begin(clerk.house.dossier) as work:
            (card,) = await work.customers.lock([school])
            card.anonymised_at = clerk.house.clock()
            card.version += 1
            work.customers.save(card)
            await work.commit()
        with pytest.raises(CustomerAnonymised):
            await clerk.bill("F1", school)

    @pytest.mark.parametrize(
        ("total", "paid", "fine"),
        [
            ("10.00", "10.00", True),
            ("10.00", "10.01", False),
            ("10.00", "-0.01", False),
            ("-10.00", "-10.00", True),
            ("-10.00", "0.01", False),
            ("-10.00", "-10.01", False),
            ("0.00", "0.00", True),
        ],
    )
    async def test_is_paid_between_nil_and_its_total(
        self, clerk: Clerk, school: CustomerId, total: str, paid: str, fine: bool
    ) -> None:
        if fine:
            assert (await clerk.bill("F1", school, total, paid=paid)).paid == Decimal(paid)
            return
        with pytest.raises(Inconsistent) as refused:
            await clerk.bill("F1", school, total, paid=paid)
        assert [each.pointer for each in refused.value.faults] == ["/paid"]

    async def test_is_not_due_before_it_is_issued(self, clerk: Clerk, school: CustomerId) -> None:
        with pytest.raises(Inconsistent) as refused:
            await clerk.bill("F1", school, issued_on=clerk.day(-9), due=-10)
        assert [(each.code, each.pointer) for each in refused.value.faults] == [("period", "/due_on")]


class TestAPayment:
    async def test_takes_off_what_is_to_be_paid(self, clerk: Clerk, school: CustomerId) -> None:
        view = await clerk.settle_invoice(await clerk.bill("F1", school), "40.00", key="same")
        assert (view.paid, view.unpaid, view.version) == (Decimal("40.00"), Decimal("60.00"), 2)
        with pytest.raises(InvoiceOverpaid) as refused:
            await clerk.settle_invoice(view, "60.01")
        assert refused.value.facts == {"number": "F1", "most": Decimal("60.00")}
        assert (await clerk.settle_invoice(view, "60.00")).unpaid == NOTHING

    async def test_of_a_credit_note_is_money_given_back(self, clerk: Clerk, school: CustomerId) -> None:
        view = await clerk.settle_invoice(await clerk.bill("A1", school, "-30.00"), "10.00")
        assert (view.paid, view.unpaid) == (Decimal("-10.00"), Decimal("-20.00"))
        with pytest.raises(InvoiceOverpaid):
            await clerk.settle_invoice(view, "20.01")

    async def test_is_not_undone_by_what_was_told_before_it(self, clerk: Clerk, school: CustomerId) -> None:
        told = clerk.telling("F1", school, updated_at=clerk.house.clock())
        await clerk.settle_invoice((await clerk.put(told)).view, "40.00")
        assert (await clerk.put(told)).view.paid == Decimal("40.00")

    async def test_is_not_undone_by_a_sender_whose_clock_is_ahead(self, clerk: Clerk, school: CustomerId) -> None:
        told = clerk.telling("F1", school, updated_at=clerk.house.clock() + timedelta(hours=1))
        await clerk.settle_invoice((await clerk.put(told)).view, "40.00")
        before = replace(told, updated_at=clerk.house.clock() + timedelta(minutes=30))
        assert (await clerk.put(before)).view.paid == Decimal("40.00")


class TestMany:
    async def test_are_judged_alone_and_in_order(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F0", school)
        judged = await clerk.bill_many(
            clerk.telling("F1", school),
            clerk.telling("F0", school),
            clerk.telling("F2", CustomerId(clerk.house.new_id())),
            clerk.telling("F3", school, "10.00", paid="11.00"),
            clerk.telling("F0", school, paid="5.00"),
            clerk.telling("F1", school, paid="7.00"),
        )
        assert [(each.number, each.outcome.value, _code(each.refusal)) for each in judged] == [
            ("F1", "created", None),
            ("F0", "known", None),
            ("F2", "refused", "unknown-party"),
            ("F3", "refused", "inconsistent"),
            ("F0", "updated", None),
            ("F1", "updated", None),
        ]
        assert (await clerk.put(clerk.telling("F1", school, paid="7.00"))).view.paid == Decimal("7.00")
        assert (await clerk.put(clerk.telling("F0", school, paid="5.00"))).view.paid == Decimal("5.00")

    async def test_sent_again_change_nothing(self, clerk: Clerk, school: CustomerId) -> None:
        told = [clerk.telling(f"F{nth}", school) for nth in range(3)]
        await clerk.bill_many(*told, key="same")
        before = await clerk.happened()
        await clerk.bill_many(*told, key="same")
        again = await clerk.bill_many(*told)
        assert {each.outcome.value for each in again} == {"known"}
        assert await clerk.happened() == before

    async def test_at_the_same_moment_are_each_there_once(self, clerk: Clerk, school: CustomerId) -> None:
        told = [clerk.telling(f"F{nth}", school) for nth in range(5)]
        assert (
            await at_once(
                clerk.bill_many(*told),
                clerk.bill_many(*reversed(told)),
                *(clerk.put(each) for each in told),
            )
            == ["done"] * 7
        )
        assert (await clerk.happened())[EventType.INVOICE_UPDATED] == 5


def _code(refusal: ShopError | None) -> str | None:
    return refusal.code if refusal else None
