"""Which documents a card lets one make, in memory and in PostgreSQL."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import CeilingExceeded, CustomerBlocked, CustomerClosed, CustomerNotApproved, NotFound, UnknownParty
from domain.events import EventType
from domain.model.customer import CardOrigin, Light
from domain.model.settings import CreditPolicy
from domain.model.values import CustomerId
from tests.contracts.samples import EANS
from tests.usecases.office import Office

WANTED = {EANS[0]: 1}


async def documents(office: Office, customer: CustomerId) -> list[Callable[[], Awaitable[Any]]]:
    """The ways in which a new document names a customer at the counter."""
    await office.adjust(EANS[1], 5)
    return [
        lambda: office.create(WANTED, customer_id=customer),
        lambda: office.keep(EANS[1], customer_id=customer, contact=None),
    ]


class TestTheVisa:
    @pytest.mark.row("B8", "B9", "B10")
    async def test_is_given_in_the_end_to_a_card_made_in_the_crm(self, office: Office) -> None:
        chief = await office.user("chef", "customers:*")
        await office.decide(flash_customers=(chief.id,))
        card = await office.card(origin=CardOrigin.CRM)
        assert card.approved_at is None
        for document in await documents(office, card.id):
            with pytest.raises(CustomerNotApproved):
                await document()

        told = [each for each in (await office.house.books()).events if each.type is EventType.FLASH_SENT]
        assert [(each.data["user_id"], each.data["customer_id"]) for each in told] == [(chief.id.hex, card.id.hex)]
        approved = await office._result(
            office.customers.approve(
                by=office.clerk("customers:approve"),
                customer_id=card.id,
                version=card.version,
                approved=True,
                once=office.once(),
            )
        )
        assert approved.approved_at is not None
        for document in await documents(office, card.id):
            await document()

    @pytest.mark.row("B10")
    async def test_is_given_at_once_at_the_counter(self, office: Office) -> None:
        card = await office.card()
        assert (card.approved_at, card.approved_by) == (card.created_at, office.staff.client)


class TestTheLight:
    @pytest.mark.row("B31")
    async def test_when_green_says_nothing(self, office: Office) -> None:
        card = await office.card(light=Light.GREEN)
        ends = [await document() for document in await documents(office, card.id)]
        assert [list(end.warnings) for end in ends] == [[], []]

    @pytest.mark.row("B31")
    async def test_when_orange_warns_at_each_entry(self, office: Office) -> None:
        card = await office.card(light=Light.ORANGE, light_message="Chèques refusés")
        ends = [await document() for document in await documents(office, card.id)]
        assert [list(end.warnings) for end in ends] == [["Chèques refusés"], ["Chèques refusés"]]

    @pytest.mark.row("B31")
    async def test_when_red_blocks_any_entry(self, office: Office) -> None:
        card = await office.card(light=Light.RED)
        for document in await documents(office, card.id):
            with pytest.raises(CustomerBlocked):
                await document()

    @pytest.mark.row("B32")
    @pytest.mark.parametrize(("closed_on", "refused"), [(date(2026, 3, 2), True), (date(2026, 3, 3), False)])
    async def test_a_closing_date_blocks_from_that_day_on(
        self, office: Office, closed_on: date, *, refused: bool
    ) -> None:
        office.house.clock.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
        card = await office.card(closed_on=closed_on)
        for document in await documents(office, card.id):
            if refused:
                with pytest.raises(CustomerClosed):
                    await document()
            else:
                await document()


class TestAConfidentialCard:
    @pytest.mark.row("B30")
    async def test_is_not_there_for_whoever_lacks_its_code(self, office: Office) -> None:
        card = await office.card("SECRET", confidentiality_code="DIR")
        stranger = office.clerk("customers:*", "orders:*", "reservations:*", "confidential:AUTRE")
        await office.adjust(EANS[1], 1)
        before = await office.happened() + Counter({EventType.STOCK_ADJUSTED: 1})
        change: dict[str, Any] = {"customer_id": card.id, "version": card.version}
        acts: Sequence[Callable[[], Awaitable[Any]]] = [
            lambda: office.change(card, by=stranger, name="VU"),
            lambda: office.customers.approve(by=stranger, **change, approved=False, once=office.once()),
            lambda: office.customers.remove(by=stranger, **change),
            lambda: office.duplicate(card.id, by=stranger),
        ]
        for act in acts:
            with pytest.raises(NotFound):
                await act()
        staff, office.staff = office.staff, stranger
        for document in await documents(office, card.id):
            with pytest.raises(NotFound):
                await document()
        office.staff = staff
        with pytest.raises(UnknownParty):
            await office.card(by=stranger, billed_to=card.id)
        assert await office.happened() == before
        assert (await office.change(card, name="SECRET")).version == 1

    @pytest.mark.row("B30")
    @pytest.mark.parametrize("scope", ["admin", "confidential:DIR", "confidential:*"])
    async def test_is_there_for_whoever_is_cleared(self, office: Office, scope: str) -> None:
        card = await office.card("SECRET", confidentiality_code="DIR")
        changed = await office.change(card, by=office.clerk("customers:*", scope), comment="Vu")
        assert changed.details.comment == "Vu"

    @pytest.mark.row("B30")
    async def test_is_not_named_to_those_who_listen(self, office: Office) -> None:
        chief = await office.user("chef", "customers:*")
        await office.decide(flash_customers=(chief.id,))
        card = await office.card("SECRET", confidentiality_code="DIR")
        await office.change(card, comment="Vu")
        for event in (await office.house.books()).events:
            assert "SECRET" not in event.data.values()
            assert card.code not in event.data.values()

    @pytest.mark.row("B30")
    async def test_is_not_there_for_a_web_shop_without_clearance(self, office: Office) -> None:
        card = await office.card("SECRET", confidentiality_code="DIR")
        office.web = office.clerk("orders:write")
        with pytest.raises(NotFound):
            await office.push("WEB-1", WANTED, customer_code=card.code)


class TestTheCeiling:
    @pytest.mark.row("B15", "O13")
    async def test_of_nothing_is_no_control(self, office: Office) -> None:
        await office.decide(credit_policy=CreditPolicy.BLOCK)
        card = await office.card(insurance_ceiling=Decimal("1.00"))
        assert (await office.create({EANS[0]: 900}, customer_id=card.id)).warnings == ()

    @pytest.mark.row("B15", "O13")
    async def test_warns_once_open_orders_and_the_new_one_pass_it(self, office: Office) -> None:
        card = await office.card(management_ceiling=Decimal("30.00"))
        assert (await office.create({EANS[0]: 3}, customer_id=card.id)).warnings == ()
        (warning,) = (await office.create({EANS[0]: 1}, customer_id=card.id)).warnings
        assert "40,00 €" in warning
        assert "30,00 €" in warning

    @pytest.mark.row("B15", "O13")
    async def test_blocks_where_the_dossier_says_so_and_frees_what_is_delivered(self, office: Office) -> None:
        await office.decide(credit_policy=CreditPolicy.BLOCK)
        await office.adjust(EANS[0], 3)
        card = await office.card(management_ceiling=Decimal("30.00"))
        order = await office.create({EANS[0]: 3}, customer_id=card.id)
        with pytest.raises(CeilingExceeded):
            await office.create(WANTED, customer_id=card.id)
        await office.deliver(order, {order.lines[0].id: 1})
        await office.create(WANTED, customer_id=card.id)


class TestAnOrder:
    @pytest.mark.row("A61")
    async def test_starts_with_the_comment_of_the_card_unless_it_has_its_own(self, office: Office) -> None:
        card = await office.card(comment="Préfère le soir")
        assert (await office.create(WANTED, customer_id=card.id)).comment == "Préfère le soir"
        assert (await office.create(WANTED, customer_id=card.id, comment="Urgent")).comment == "Urgent"
        assert (await office.create(WANTED, customer_id=card.id, comment="")).comment == ""
