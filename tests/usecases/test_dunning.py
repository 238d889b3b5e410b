"""Reminders of unpaid invoices: who is reminded, at which step, in which words, and once only (B22, B28, B29, A52)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest

from domain.errors import Inconsistent, UnknownCode
from domain.events import EventType
from domain.model.card import Channel, Consent, Purpose
from domain.model.dunning import DunningChannel
from domain.model.invoice import InvoiceState
from domain.model.values import CustomerId, PostalAddress
from domain.ports.messages import JobKind
from tests.contracts.house import FakeHouse, House, PostgresHouse, postgres_house
from tests.support.database import MakeDatabase
from tests.usecases.clerk import Clerk, said, scenario, step
from tests.usecases.shop import at_once

pytestmark = [pytest.mark.row("B22", "B28", "B29")]
HOME = PostalAddress(street="3 rue des Lilas", postal_code="44000", town="Nantes")


@pytest.fixture(params=["fake", "postgres"])
async def clerk(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Clerk]:
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        clerk = Clerk(house)
        await clerk.remind_by(scenario(step(7), step(21, say="Encore"), step(45, "post", say="Dernier")))
        yield clerk


@pytest.fixture
async def school(clerk: Clerk) -> CustomerId:
    return await clerk.card("ÉCOLE", email="ecole@example.org", address=HOME)


class TestTheStep:
    @pytest.mark.parametrize(
        ("overdue", "expected"),
        [(6, None), (7, 1), (20, 1), (21, 2), (44, 2), (45, 3), (400, 3)],
    )
    async def test_is_the_last_that_the_due_date_came_to(
        self, clerk: Clerk, school: CustomerId, overdue: int, expected: int | None
    ) -> None:
        await clerk.bill("F1", school, due=-overdue)
        assert [each.reminder.step for each in await clerk.proposed()] == ([expected] if expected else [])

    @pytest.mark.parametrize(
        ("state", "expected"),
        [("awaited", 2), ("promised", 1), ("disputed", None), ("bill", None), ("doubtful", 2)],
    )
    async def test_is_for_payments_in_its_states(
        self, clerk: Clerk, school: CustomerId, state: str, expected: int | None
    ) -> None:
        gentle = frozenset({InvoiceState.AWAITED, InvoiceState.PROMISED, InvoiceState.DOUBTFUL})
        hard = frozenset({InvoiceState.AWAITED, InvoiceState.DOUBTFUL})
        await clerk.remind_by(scenario(step(7, states=gentle), step(21, states=hard)))
        await clerk.bill("F1", school, due=-30, state=InvoiceState(state))
        assert [each.reminder.step for each in await clerk.proposed()] == ([expected] if expected else [])

    async def test_is_as_of_the_day_asked_for(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F1", school, due=-6)
        assert said(await clerk.proposed(on=clerk.day(1))) == [("ÉCOLE", 1, "email", ["F1"])]
        assert await clerk.proposed(on=clerk.day(-1)) == []

    async def test_comes_once_and_then_the_next(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F1", school, due=-10)
        assert said((await clerk.remind()).reminders) == [("ÉCOLE", 1, "email", ["F1"])]
        assert (await clerk.remind()).reminders == ()
        assert said((await clerk.remind(on=clerk.day(11))).reminders) == [("ÉCOLE", 2, "email", ["F1"])]
        assert (await clerk.remind(on=clerk.day(12))).reminders == ()
        assert (await clerk.bill("F1", school, due=-10)).reminded is not None

    async def test_of_a_scenario_that_grew_milder_is_not_told_again(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F1", school, due=-30)
        await clerk.remind()
        await clerk.remind_by(scenario(step(7), step(300)))
        assert await clerk.proposed() == []

    async def test_of_several_invoices_is_the_highest_in_one_message(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F2", school, "20.00", due=-8)
        await clerk.bill("F1", school, "30.50", due=-25)
        (made,) = (await clerk.remind()).reminders
        assert said([made]) == [("ÉCOLE", 2, "email", ["F1", "F2"])]
        assert [each.step for each in made.reminder.invoices] == [2, 1]
        assert made.reminder.total == Decimal("50.50")
        assert await clerk.proposed() == []
        assert said(await clerk.proposed(on=clerk.day(13))) == [("ÉCOLE", 2, "email", ["F2"])]


class TestWhoIsReminded:
    async def test_is_not_of_what_is_paid_or_given_back(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F1", school, "10.00", paid="10.00")
        await clerk.bill("A1", school, "-10.00")
        await clerk.bill("F2", school, "10.00", paid="4.00")
        (made,) = await clerk.proposed()
        assert [(each.number, each.unpaid) for each in made.reminder.invoices] == [("F2", Decimal("6.00"))]

    async def test_follows_billing_payment_and_grouping(self, clerk: Clerk) -> None:
        central = await clerk.card("CENTRALE", email="c@example.org")
        payer = await clerk.card("TRÉSORERIE", email="t@example.org")
        hall = await clerk.card("MAIRIE", email="m@example.org")
        school = await clerk.card("ÉCOLE", email="e@example.org", billed_to=hall)
        view = await clerk.bill("F1", school)
        assert (view.billed.name, view.payer.name) == ("MAIRIE", "MAIRIE")
        assert said(await clerk.proposed()) == [("MAIRIE", 1, "email", ["F1"])]
        await clerk.change_card(hall, payment_party=payer)
        assert said(await clerk.proposed()) == [("TRÉSORERIE", 1, "email", ["F1"])]
        await clerk.change_card(payer, group=central)
        assert said(await clerk.proposed()) == [("CENTRALE", 1, "email", ["F1"])]
        assert (await clerk.bill("F1", school)).payer.name == "TRÉSORERIE"

    async def test_is_one_message_for_all_who_are_paid_for(self, clerk: Clerk) -> None:
        hall = await clerk.card("MAIRIE", email="m@example.org")
        for nth in range(3):
            await clerk.bill(f"F{nth}", await clerk.card(f"ÉCOLE {nth}", billed_to=hall))
        assert said(await clerk.proposed()) == [("MAIRIE", 1, "email", ["F0", "F1", "F2"])]

    async def test_goes_by_the_family_of_who_is_reminded(self, clerk: Clerk) -> None:
        family, other = await clerk.family("MAIRIES"), await clerk.family("AUTRES")
        await clerk.remind_by(scenario(step(30)), scenario(step(2, "post"), family=family))
        hall = await clerk.card("MAIRIE", email="m@example.org", reminder_family=family)
        await clerk.bill("F1", await clerk.card("ÉCOLE", billed_to=hall, reminder_family=other), due=-5)
        await clerk.bill("F2", await clerk.card("LYCÉE", email="l@example.org", reminder_family=other), due=-31)
        await clerk.bill("F3", await clerk.card("COLLÈGE", email="k@example.org"), due=-29)
        assert said(await clerk.proposed()) == [("LYCÉE", 1, "email", ["F2"]), ("MAIRIE", 1, "post", ["F1"])]
        assert [each.reminder.family for each in await clerk.proposed()] == ["", family]
        await clerk.remind_by(scenario(step(2), family=family))
        assert said(await clerk.proposed()) == [("MAIRIE", 1, "email", ["F1"])]

    async def test_may_be_left_out_or_chosen(self, clerk: Clerk) -> None:
        hall = await clerk.card("MAIRIE", email="m@example.org")
        school = await clerk.card("ÉCOLE", billed_to=hall)
        shop = await clerk.card("BOUTIQUE", email="b@example.org")
        await clerk.bill("F1", school)
        await clerk.bill("F2", shop)
        assert [name for name, *_ in said(await clerk.proposed(leave=[hall]))] == ["BOUTIQUE"]
        for chosen in (school, hall):
            assert [name for name, *_ in said(await clerk.proposed(customers=[chosen]))] == ["MAIRIE"]
        assert await clerk.proposed(customers=[]) == []


class TestTheAddress:
    async def test_is_that_of_the_contact_for_reminders(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F1", school)
        await clerk.contact(school, "FAC", email="factures@example.org")
        assert [each.reminder.address for each in await clerk.proposed()] == ["ecole@example.org"]
        await clerk.contact(school, "REL", email="relances@example.org")
        assert [each.reminder.address for each in await clerk.proposed()] == ["relances@example.org"]

    async def test_missing_makes_a_letter(self, clerk: Clerk) -> None:
        school = await clerk.card("ÉCOLE", email=None, address=HOME)
        await clerk.bill("F1", school)
        await clerk.contact(school, "REL", email=None, name="DURAND")
        (made,) = (await clerk.remind()).reminders
        assert made.reminder.channel is DunningChannel.POST
        assert made.reminder.message_id is None
        assert made.reminder.address.splitlines() == [
            "ÉCOLE",
            "À l'attention de DURAND",
            "3 RUE DES LILAS",
            "44000 NANTES",
        ]

    async def test_of_a_letter_needs_no_e_mail(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F1", school, due=-50)
        (made,) = (await clerk.remind()).reminders
        assert (made.reminder.channel, made.reminder.message_id) == (DunningChannel.POST, None)


class TestTheWords:
    async def test_are_those_of_the_step_with_the_facts(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F1", school, "1234.50", due=-10)
        (made,) = await clerk.proposed()
        assert made.reminder.words.subject == "Rappel : Librairie d'essai"
        assert made.reminder.words.body == (
            "Rappel\n\n- Facture F1, échéance du 20/02/2026 : 1\u202f234,50\u00a0€\n\n1\u202f234,50\u00a0€ depuis le 20/02/2026"
        )

    async def test_are_english_for_who_reads_english(self, clerk: Clerk) -> None:
        await clerk.bill("F1", await clerk.card("SMITH", email="s@example.org", language="en"), "12.50", due=-10)
        (made,) = await clerk.proposed()
        assert made.reminder.words.body == (
            "Rappel, SMITH\n\n- Invoice F1, due 20 February 2026: €12.50\n\n€12.50 since 20 February 2026"
        )

    @pytest.mark.parametrize(
        ("broken", "faults"),
        [
            ([scenario(step(7)), scenario(step(9))], [("twice", "/reminders/scenarios/1/family")]),
            ([scenario(step(7), step(7))], [("steps-in-order", "/reminders/scenarios/0/steps")]),
            (
                [scenario(step(7, say="{client}"))],
                [
                    ("unknown-place", f"/reminders/scenarios/0/steps/0/{language}/{part}")
                    for language in ("fr", "en")
                    for part in ("subject", "body")
                ],
            ),
        ],
    )
    async def test_and_steps_that_cannot_be_are_refused(
        self, clerk: Clerk, broken: list[object], faults: list[tuple[str, str]]
    ) -> None:
        with pytest.raises(Inconsistent) as refused:
            await clerk.remind_by(*broken)  # type: ignore[arg-type]  # the tuples of the table
        assert [(each.code, each.pointer) for each in refused.value.faults] == faults

    async def test_are_for_families_that_the_shop_has(self, clerk: Clerk) -> None:
        with pytest.raises(UnknownCode) as refused:
            await clerk.remind_by(scenario(step(7), family="INCONNUE"))
        assert [each.pointer for each in refused.value.faults] == ["/reminders/scenarios/0/family"]


class TestAnEMail:
    async def test_goes_out_as_a_service_message_whatever_was_refused(self, clerk: Clerk, school: CustomerId) -> None:
        for purpose in (Purpose.ORDER_ARRIVAL, Purpose.MARKETING, Purpose.RECEIPT):
            refusal = Consent(
                id=clerk.house.new_id(),
                customer_id=school,
                channel=Channel.EMAIL,
                purpose=purpose,
                granted=False,
                source=None,
                at=clerk.house.clock(),
                by="staff:1",
            )
            async with clerk.house.begin(clerk.house.dossier) as work:
                work.consents.add(refusal)
                await work.commit()
        await clerk.bill("F1", school, "12.00")
        await clerk.contact(school, "REL", email="relances@example.org")
        (made,) = (await clerk.remind()).reminders
        letter = await clerk.carry(made)
        assert letter is not None
        assert (letter.address, letter.unsubscribe_url) == ("relances@example.org", None)
        assert letter.body == made.reminder.words.body

    async def test_is_queued_once(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F1", school)
        before = await clerk.happened()
        (made,) = (await clerk.remind(key="same")).reminders
        assert (await clerk.remind(key="same")).reminders == (made,)
        assert await clerk.happened() - before == {EventType.MESSAGE_QUEUED: 1, EventType.INVOICE_REMINDED: 1}
        if isinstance(clerk.house, FakeHouse):
            assert [job.kind for job in clerk.house.base.tables.jobs] == [JobKind.SEND]

    async def test_speaks_of_what_is_unpaid_when_it_goes_out(self, clerk: Clerk, school: CustomerId) -> None:
        first = await clerk.bill("F1", school, "12.00", due=-12)
        second = await clerk.bill("F2", school, "30.00", due=-10)
        (made,) = (await clerk.remind()).reminders
        await clerk.settle_invoice(await clerk.bill("F1", school, "12.00", due=-12), "12.00")
        await clerk.settle_invoice(await clerk.bill("F2", school, "30.00", due=-10), "10.00")
        letter = await clerk.carry(made)
        assert letter is not None
        assert "F1" not in letter.body
        assert "F2, échéance du 20/02/2026 : 20,00\u00a0€" in letter.body
        assert (first.number, second.number) == ("F1", "F2")

    async def test_stays_at_home_once_all_is_paid(self, clerk: Clerk, school: CustomerId) -> None:
        view = await clerk.bill("F1", school, "12.00")
        (made,) = (await clerk.remind()).reminders
        await clerk.settle_invoice(view, "12.00")
        assert await clerk.carry(made) is None

    async def test_is_no_reason_to_withhold_another_of_the_day(self, clerk: Clerk, school: CustomerId) -> None:
        await clerk.bill("F1", school, due=-10)
        (first,) = (await clerk.remind()).reminders
        await clerk.bill("F2", school, due=-10)
        (second,) = (await clerk.remind()).reminders
        assert await clerk.carry(first) is not None
        assert await clerk.carry(second) is not None


class TestTwoRunsAtOnce:
    async def test_tell_each_party_once(self, clerk: Clerk) -> None:
        for nth in range(4):
            await clerk.bill(f"F{nth}", await clerk.card(f"ÉCOLE {nth}", email=f"e{nth}@example.org"))
        ends = await at_once(clerk.run_once(), clerk.run_once(), clerk.run_once())
        assert ends == ["done", "done", "done"]
        told = await clerk.happened()
        assert told[EventType.INVOICE_REMINDED] == 4
        assert told[EventType.MESSAGE_QUEUED] == 4
        if isinstance(clerk.house, PostgresHouse):
            assert await clerk.house.owner.fetchval("SELECT count(*) FROM reminded_invoice") == 4
