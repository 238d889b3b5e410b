"""The rules of a customer's card, in memory and in PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import (
    CeilingExceeded,
    CodeInUse,
    CodeTaken,
    CodeUnfit,
    CustomerBlocked,
    CustomerClosed,
    CustomerMerged,
    CustomerNotApproved,
    Inconsistent,
    LastAdministrator,
    LinkRing,
    NotFound,
    ShopError,
    StaleVersion,
    UnknownCode,
    UnknownParty,
)
from domain.events import EventType
from domain.model.customer import BackOrderRules, BackOrders, CardOrigin, Light, SalesShare
from domain.model.reference import FieldKind, Table
from domain.model.settings import CodePadding, CreditPolicy
from domain.model.statcodes import StatAxis
from domain.model.third_party import ThirdPartyType
from domain.model.values import CustomerId, DocumentType, Party, StaffId, ThirdPartyId, short_name
from domain.queries.customers import CustomerView
from domain.usecases.duplicating import CardPart
from domain.usecases.rulebook import LINKS
from tests.contracts.cards import hang_everything
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.contracts.samples import EANS, committed
from tests.support.database import MakeDatabase
from tests.usecases.office import Office

WANTED = {EANS[0]: 1}
HOUSES = count(1)


@pytest.fixture(params=["fake", "postgres"])
async def office(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Office]:
    """A shop with its back office and a catalogue, in memory and in PostgreSQL."""
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        office = Office(house)
        await office.catalogue(EANS)
        yield office


def only(name: str, value: object) -> dict[str, Any]:
    """One field of a card."""
    return {name: value}


async def at_once(*acts: Awaitable[Any]) -> list[str]:
    """What becomes of acts that are done at the same moment: "done", or the code of the refusal."""
    ends = await asyncio.gather(*acts, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, ShopError):
            raise end
    return sorted(end.code if isinstance(end, ShopError) else "done" for end in ends)


class TestACode:
    @pytest.mark.row("B6", "O1")
    async def test_is_filled_with_zeros_on_the_right_so_that_c1_c10_and_c100_are_one(self, office: Office) -> None:
        await office.decide(code_padding=CodePadding.RIGHT_ZEROS)
        assert (await office.card(code="c1")).code == "C1000000"
        for clash in ("C10", "C100", "C1000000"):
            with pytest.raises(CodeTaken):
                await office.card(code=clash)
        assert (await office.card(code="C12A")).code == "C12A"

    @pytest.mark.row("B6", "O1")
    async def test_stays_as_typed_where_the_dossier_does_not_pad(self, office: Office) -> None:
        assert [(await office.card(code=code)).code for code in ("C1", "C10", "C100")] == ["C1", "C10", "C100"]

    @pytest.mark.row("B3", "B7", "B46")
    async def test_is_automatic_when_left_blank_and_skips_what_is_taken(self, office: Office) -> None:
        await office.card(code="C0000002")
        assert [(await office.card()).code for _ in range(2)] == ["C0000001", "C0000003"]
        await office.decide(customer_prefix="CLI")
        assert (await office.card()).code == "CLI00004"

    @pytest.mark.row("B7")
    async def test_is_given_to_one_of_two_who_ask_at_once(self, office: Office) -> None:
        made = await asyncio.gather(*(office.card() for _ in range(6)))
        assert len({card.code for card in made}) == 6


class TestTheShortName:
    @pytest.mark.row("B11", "B12", "O2")
    async def test_is_converted_when_typed_and_follows_the_name_when_emptied(self, office: Office) -> None:
        card = await office.card("Librairie l'Œuvre")
        assert card.details.short_name == "LIBRAIRIELOEUVRE"
        card = await office.change(card, given_short_name="l'été, n° 3")
        assert card.details.short_name == "LETEN3"
        card = await office.change(card, name="MAISON DUPONT")
        assert card.details.short_name == "LETEN3"
        card = await office.change(card, given_short_name=None)
        assert card.details.short_name == "MAISONDUPONT"

    @pytest.mark.row("B11", "O2")
    @given(st.text(max_size=60))
    def test_has_capitals_and_digits_only_and_is_its_own_short_name(self, text: str) -> None:
        found = short_name(text)
        assert set(found) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        assert short_name(found) == found == short_name(text.lower()) or not text.isascii()


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


class TestALink:
    @pytest.mark.row("A60", "B20", "B21", "B22")
    @pytest.mark.parametrize("link", LINKS)
    async def test_to_itself_or_back_to_itself_is_a_ring(self, office: Office, link: str) -> None:
        first, second, third = [await office.card() for _ in range(3)]
        with pytest.raises(LinkRing):
            await office.change(first, **only(link, first.id))
        first = await office.change(first, **only(link, second.id))
        second = await office.change(second, **only(link, third.id))
        with pytest.raises(LinkRing):
            await office.change(third, **only(link, first.id))
        for other in set(LINKS) - {link}:  # each kind of link is followed on its own
            third = await office.change(third, **only(other, first.id))

    @pytest.mark.row("A60", "B20", "B21", "B22", "B23")
    @pytest.mark.parametrize("link", LINKS)
    async def test_to_a_card_that_is_closed_or_not_there_is_refused_by_field(self, office: Office, link: str) -> None:
        card, closed = await office.card(), await office.card(closed_on=date(2026, 1, 1))
        for target in (closed.id, CustomerId(office.house.new_id())):
            with pytest.raises(UnknownParty) as refusal:
                await office.change(card, **only(link, target))
            assert [fault.pointer for fault in refusal.value.faults] == [f"/{link}_id"]

    @pytest.mark.row("A60", "B20", "B21", "B22")
    @pytest.mark.parametrize("link", LINKS)
    async def test_that_closes_a_ring_with_another_made_at_once_is_refused(self, office: Office, link: str) -> None:
        cards = [await office.card() for _ in range(3)]
        pairs = zip(cards, [*cards[1:], cards[0]], strict=True)
        ends = await at_once(*(office.change(card, **only(link, target.id)) for card, target in pairs))
        assert ends == ["done", "done", "link-ring"]


Edits = st.lists(
    st.tuples(st.sampled_from(LINKS), st.integers(0, 3), st.none() | st.integers(0, 3)), min_size=1, max_size=12
)


def follows(cards: Sequence[CustomerView], link: str) -> bool:
    """Whether links of a kind run in no ring."""
    targets = {card.id: getattr(card.details, link) for card in cards}
    for start, first in targets.items():
        here, steps = first, 0
        while here is not None:
            if here == start or steps > len(targets):
                return False
            here, steps = targets[here], steps + 1
    return True


async def relink(house: House, edits: Sequence[tuple[str, int, int | None]]) -> None:
    """Make the links one by one; each is refused exactly when it would close a ring."""
    office = Office(house)
    cards = [await office.card() for _ in range(4)]
    for link, start, target in edits:
        wanted = {**vars_of(cards[start]), link: None if target is None else cards[target].id}
        try:
            changed = await office.change(cards[start], **only(link, wanted[link]))
        except LinkRing:
            bad = [*cards]
            bad[start] = as_if(cards[start], link, wanted[link])
            assert not follows(bad, link)
        else:
            cards[start] = changed
            assert follows(cards, link)


def vars_of(card: CustomerView) -> dict[str, CustomerId | None]:
    return {link: getattr(card.details, link) for link in LINKS}


def as_if(card: CustomerView, link: str, target: CustomerId | None) -> CustomerView:
    """The card as it would be with that link."""
    return replace(card, details=replace(card.details, **only(link, target)))


class TestLinks:
    @pytest.mark.row("A60", "B20", "B21", "B22")
    @settings(max_examples=80, deadline=None)
    @given(Edits)
    def test_never_run_in_a_ring_in_memory(self, edits: list[tuple[str, int, int | None]]) -> None:
        asyncio.run(relink(FakeHouse(), edits))

    @pytest.mark.row("A60", "B20", "B21", "B22")
    def test_never_run_in_a_ring_in_postgresql(self, database: str) -> None:
        async def on_postgresql(edits: list[tuple[str, int, int | None]]) -> None:
            async with postgres_house(database, name=f"liens-{next(HOUSES)}", size=2) as house:
                await relink(house, edits)

        @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(Edits)
        def runs(edits: list[tuple[str, int, int | None]]) -> None:
            asyncio.run(on_postgresql(edits))

        runs()


class TestSalesReps:
    @pytest.mark.row("B16")
    async def test_are_three_at_most_and_share_a_hundred_percent_at_most(self, office: Office) -> None:
        three, four = await office.reps("50.00", "30.00", "20.00"), await office.reps("1.00")
        card = await office.card(sales_reps=three)
        assert card.details.sales_reps == three
        for wrong in ((*three, *four), await office.reps("60.00", "40.01"), (three[0], three[0])):
            with pytest.raises(Inconsistent):
                await office.change(card, sales_reps=wrong)

    @pytest.mark.row("B16")
    @pytest.mark.parametrize("kind", [each for each in ThirdPartyType if each is not ThirdPartyType.SALES_REP])
    async def test_are_sales_reps_and_nobody_else(self, office: Office, kind: ThirdPartyType) -> None:
        other = await office.third_party(kind, code="AUTRE")
        for who, fault in ((other, "no-sales-rep"), (ThirdPartyId(office.house.new_id()), "unknown-party")):
            with pytest.raises(UnknownParty) as refusal:
                await office.card(sales_reps=(SalesShare(sales_rep=who, share=Decimal(100)),))
            (found,) = refusal.value.faults
            assert (found.code, found.pointer) == (fault, "/sales_reps/0/third_party_id")

    @pytest.mark.row("B19")
    async def test_the_sales_administrator_is_one_of_the_staff(self, office: Office) -> None:
        adv = await office.user("adv", "customers:*")
        assert (await office.card(sales_admin=adv.id)).details.sales_admin == adv.id
        with pytest.raises(UnknownParty):
            await office.card(sales_admin=StaffId(office.house.new_id()))


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
        assert "40.00" in warning
        assert "30.00" in warning

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


CODES = {
    "title": Table.TITLES,
    "category": Table.CATEGORIES,
    "language": Table.LANGUAGES,
    "payment_mode": Table.PAYMENT_MODES,
    "print_mode": Table.PRINT_MODES,
    "reminder_family": Table.REMINDER_FAMILIES,
    "tariff_code": Table.TARIFFS,
    "confidentiality_code": Table.CONFIDENTIALITY,
    "stat_1": Table.STAT_1,
    "stat_2": Table.STAT_2,
    "stat_3": Table.STAT_3,
}


class TestACodeOfATable:
    @pytest.mark.row("A65", "B13", "B14", "B25", "B28", "B81")
    @pytest.mark.parametrize(("name", "table"), CODES.items())
    async def test_is_on_a_card_only_while_its_table_has_it(self, office: Office, name: str, table: Table) -> None:
        with pytest.raises(UnknownCode) as refusal:
            await office.card(**only(name, "NOUVEAU"))
        assert [fault.pointer for fault in refusal.value.faults] == [f"/{name}"]
        value = await office.value(table, "NOUVEAU")
        card = await office.card(**only(name, "NOUVEAU"))
        with pytest.raises(CodeInUse) as used:
            await office.tables.remove(by=office.staff, table=table, code="NOUVEAU", version=value.version)
        assert used.value.facts == {"count": 1}
        await office.change(card, **only(name, None))
        await office.tables.remove(by=office.staff, table=table, code="NOUVEAU", version=value.version)

    @pytest.mark.row("B13")
    async def test_is_not_deleted_at_the_moment_in_which_a_card_takes_it(self, office: Office) -> None:
        for turn in range(5):
            code = f"CAT{turn}"
            value = await office.value(Table.CATEGORIES, code)
            deletion: dict[str, Any] = {"table": Table.CATEGORIES, "code": code, "version": value.version}
            ends = await at_once(
                office.card(category=code),
                office.tables.remove(by=office.staff, **deletion),
            )
            assert ends in (["code-in-use", "done"], ["done", "unknown-code"])

    @pytest.mark.row("B82")
    async def test_of_an_axis_is_as_long_as_its_longest_level(self, office: Office) -> None:
        axes = tuple(StatAxis(number=number, label="Axe", segments=(2, 4)) for number in (1, 2, 3))
        await office.decide(stat_axes=axes)
        await office.value(Table.STAT_1, "FR44")
        for wrong in ("FR44A", "fr", "F R"):
            with pytest.raises(CodeUnfit):
                await office.value(Table.STAT_1, wrong)
        card = await office.card(stat_1="FR44")
        assert axes[0].levels(card.details.stat_1 or "") == ["FR", "FR44"]

    async def test_of_a_country_has_two_letters(self, office: Office) -> None:
        with pytest.raises(CodeUnfit):
            await office.value(Table.COUNTRIES, "FRA")

    @pytest.mark.row("B36")
    async def test_that_gives_contacts_their_role_is_not_deleted(self, office: Office) -> None:
        with pytest.raises(CodeInUse):
            await office.tables.remove(by=office.staff, table=Table.FUNCTIONS, code="CDE", version=1)


class TestPreferences:
    @pytest.mark.row("B24", "B26", "B27", "A70")
    async def test_are_kept_as_written(self, office: Office) -> None:
        rules = BackOrderRules(quotes=BackOrders.NO, orders=BackOrders.YES, delivery_notes=BackOrders.INHERIT)
        card = await office.card(
            our_code="LIB-44", account_number="411MARTIN", language="en", reminder_family="STD", back_orders=rules
        )
        card = await office.change(card, comment="x")
        kept = card.details
        assert (kept.our_code, kept.account_number, kept.language) == ("LIB-44", "411MARTIN", "en")
        assert (kept.reminder_family, kept.back_orders) == ("STD", rules)


class TestACustomField:
    @pytest.mark.row("B60")
    @pytest.mark.parametrize(
        ("kind", "right", "wrong"),
        [
            (FieldKind.TEXT, "n'importe quoi", None),
            (FieldKind.NUMBER, "-12.5", "douze"),
            (FieldKind.DATE, "2026-02-28", "28/02/2026"),
            (FieldKind.FLAG, "false", "oui"),
            (FieldKind.CHOICE, "Polar", "polar"),
        ],
    )
    async def test_takes_values_of_its_kind(
        self, office: Office, kind: FieldKind, right: str, wrong: str | None
    ) -> None:
        await office.field("A100", kind, choices=["Polar"] if kind is FieldKind.CHOICE else [])
        answers = {"IMPLICITE_CLI": {"A100": right}}
        assert (await office.card(custom_fields=answers)).details.custom_fields == answers
        if wrong is None:  # any text is a text
            return
        with pytest.raises(UnknownCode) as refusal:
            await office.card(custom_fields={"IMPLICITE_CLI": {"A100": wrong}})
        assert [fault.code for fault in refusal.value.faults] == ["field-kind"]

    @pytest.mark.row("B60")
    async def test_is_case_sensitive_in_code_and_questionnaire(self, office: Office) -> None:
        await office.field("A100", FieldKind.TEXT)
        await office.field("a100", FieldKind.TEXT)
        with pytest.raises(CodeTaken):
            await office.field("A100", FieldKind.FLAG)
        for answers in ({"implicite_cli": {"A100": "x"}}, {"IMPLICITE_CLI": {"B100": "x"}}):
            with pytest.raises(UnknownCode):
                await office.card(custom_fields=answers)

    @pytest.mark.row("B60")
    async def test_that_cards_answer_is_not_deleted_nor_loses_their_choice(self, office: Office) -> None:
        field = await office.field("A100", FieldKind.CHOICE, choices=["Polar", "Poésie"])
        card = await office.card(custom_fields={"IMPLICITE_CLI": {"A100": "Polar"}})
        changing: dict[str, Any] = {"by": office.staff, "field_id": field.id, "version": field.version}
        with pytest.raises(CodeInUse) as refusal:
            await office.fields.remove(**changing)
        assert refusal.value.facts == {"count": 1}

        def without(choice: str) -> Callable[[Any], Any]:

            return lambda before: replace(before, choices=tuple(each for each in before.choices if each != choice))

        with pytest.raises(CodeInUse):
            await office.fields.change(**changing, edit=without("Polar"))
        field = await office.fields.change(**changing, edit=without("Poésie"))
        assert field.choices == ("Polar",)
        await office.change(card, custom_fields={})
        await office.fields.remove(by=office.staff, field_id=field.id, version=field.version)


class TestTheDossier:
    @pytest.mark.row("B7", "O1")
    async def test_leaves_cards_as_they_are_when_its_rules_change(self, office: Office) -> None:
        card = await office.card(code="C1", stat_1=(await office.value(Table.STAT_1, "FR44ABCD")).code)
        short = tuple(StatAxis(number=number, label="Axe", segments=(2,)) for number in (1, 2, 3))
        await office.decide(code_padding=CodePadding.RIGHT_ZEROS, stat_axes=short)
        assert (await office.change(card, comment="x")).details.stat_1 == "FR44ABCD"

    async def test_changed_by_two_at_once_keeps_the_first(self, office: Office) -> None:
        ends = await at_once(*(office.decide(fiscal_month=month) for month in (3, 9)))
        assert ends in (["done", "stale-version"], ["done", "done"])
        version = (await office.decide()).version
        with pytest.raises(StaleVersion):
            await office.settings.change(by=office.staff, version=version - 1, edit=lambda card: card)

    @pytest.mark.row("B9", "B36")
    async def test_names_functions_and_colleagues_that_are_there(self, office: Office) -> None:
        with pytest.raises(UnknownCode) as unknown:
            await office.decide(contact_roles={**dict.fromkeys(DocumentType, "CDE"), DocumentType.QUOTE: "RIEN"})
        assert [fault.pointer for fault in unknown.value.faults] == ["/contact_roles/quote"]
        with pytest.raises(UnknownParty) as nobody:
            await office.decide(flash_customers=(StaffId(office.house.new_id()),))
        assert [fault.pointer for fault in nobody.value.faults] == ["/flash_customer_ids/0"]

    @pytest.mark.row("B7")
    async def test_does_not_take_back_numbers_drawn_meanwhile(self, office: Office) -> None:
        card = await office.card()
        await office.customers.remove(by=office.staff, customer_id=card.id, version=card.version)
        await office.decide(fiscal_month=4)
        assert (await office.card()).code == "C0000002"


class TestUsers:
    async def test_keep_an_administrator(self, office: Office) -> None:
        first, second = await office.user("un", "admin"), await office.user("deux", "admin")
        assert await at_once(office.grant(first), office.grant(second)) == ["done", "last-administrator"]

    async def test_with_one_login_are_one(self, office: Office) -> None:
        await office.user("claire")
        with pytest.raises(CodeTaken):
            await office.user("claire")

    async def test_cannot_lose_the_last_administrator(self, office: Office) -> None:
        only = await office.user("seule", "admin", "customers:*")
        with pytest.raises(LastAdministrator):
            await office.grant(only, "customers:*")


class TestAFlash:
    @pytest.mark.row("B9")
    async def test_is_read_by_its_recipient_only_and_once(self, office: Office) -> None:
        chief = await office.user("chef", "customers:*")
        await office.decide(flash_customers=(chief.id,))
        await office.card()
        (sent,) = [each for each in (await office.house.books()).events if each.type is EventType.FLASH_SENT]
        mine, another = office.clerk(staff_id=chief.id), office.clerk()
        key = Office(office.house)._caller("key:boutique", "api_key")
        for stranger in (another, key):
            with pytest.raises(NotFound):
                await office.flashes.read(by=stranger, flash_id=sent.subject, once=office.once())
        reads = []
        for _ in range(2):
            await office.flashes.read(by=mine, flash_id=sent.subject, once=office.once())
            async with office.house.begin(office.house.dossier) as work:
                reads.append((await work.flashes.get(sent.subject)).read_at)
        assert reads[0] == reads[1] is not None


class TestADuplicate:
    @pytest.mark.row("B46", "B47")
    async def test_has_all_of_the_main_card_but_what_is_one_cards_own(self, office: Office) -> None:
        bill = await office.card("MAIRIE")
        source = await office.card(
            "MARTIN",
            barcode="2000000000015",
            fidelity_number="29001",
            fidelity_active=True,
            fidelity_started_on=date(2026, 1, 1),
            email="claire@example.org",
            billed_to=bill.id,
            sales_reps=await office.reps("50.00"),
            management_ceiling=Decimal("30.00"),
            comment="Sonner",
            given_short_name="CLM",
            light=Light.ORANGE,
        )
        made = await office.duplicate(source.id)

        own: dict[str, Any] = {
            "barcode": None,
            "fidelity_number": None,
            "fidelity_active": False,
            "fidelity_started_on": None,
        }
        assert made.details == replace(source.details, **own)
        assert (made.id != source.id, made.code, made.version) == (True, "C0000003", 1)
        assert made.approved_at == made.created_at
        named = await office.duplicate(source.id, code="dup1", name="MARTIN FILS")
        assert (named.code, named.details.name, named.details.short_name) == ("DUP1", "MARTIN FILS", "MARTINFILS")
        assert (await office.happened())[EventType.CUSTOMER_CREATED] == 4

    @pytest.mark.row("B47")
    @pytest.mark.parametrize("parts", [(), *((part,) for part in CardPart), tuple(CardPart)])
    async def test_has_the_sub_cards_that_were_ticked(self, office: Office, parts: tuple[CardPart, ...]) -> None:
        source = await office.card()
        await hang_everything(office.house, source.id)
        made = await office.duplicate(source.id, *parts)
        async with office.house.begin(office.house.dossier) as work:
            for part in CardPart:
                kind: Any = getattr(work, part.value)
                of, to = (
                    (source.id, made.id)
                    if part is CardPart.CONSENTS
                    else (Party.customer(source.id), Party.customer(made.id))
                )
                there, copies = await kind.of(of), await kind.of(to)
                assert len(there) == 1
                assert [told_of(each) for each in copies] == (
                    [told_of(each) for each in there] if part in parts else []
                )
                assert {each.id for each in copies}.isdisjoint({each.id for each in there})

    @pytest.mark.row("B47")
    async def test_leads_contacts_to_the_copied_address_or_to_none(self, office: Office) -> None:
        source = await office.card()
        await hang_everything(office.house, source.id)

        async with committed(office.house) as work:
            (address,) = await work.addresses.of(Party.customer(source.id))
            (contact,) = await work.contacts.of(Party.customer(source.id))
            contact.details = replace(contact.details, address_id=address.id)
            contact.version += 1
            work.contacts.save(contact)
        both = await office.duplicate(source.id, CardPart.ADDRESSES, CardPart.CONTACTS)
        alone = await office.duplicate(source.id, CardPart.CONTACTS)
        async with office.house.begin(office.house.dossier) as work:
            (moved,) = await work.addresses.of(Party.customer(both.id))
            (led,) = await work.contacts.of(Party.customer(both.id))
            (left,) = await work.contacts.of(Party.customer(alone.id))
        assert (led.details.address_id, left.details.address_id) == (moved.id, None)

    @pytest.mark.row("B46")
    async def test_with_a_code_that_is_taken_leaves_nothing(self, office: Office) -> None:
        source = await office.card(code="C1")
        await hang_everything(office.house, source.id)
        before = await office.happened()
        with pytest.raises(CodeTaken):
            await office.duplicate(source.id, *CardPart, code="C1")
        assert await office.happened() == before

    @pytest.mark.row("B46")
    async def test_is_not_made_of_a_card_that_was_merged(self, office: Office) -> None:
        kept, absorbed = await office.card(), await office.card()
        async with committed(office.house) as work:
            (card,) = await work.customers.lock([absorbed.id])
            card.merged_into = kept.id
            card.version += 1
            work.customers.save(card)
        with pytest.raises(CustomerMerged):
            await office.duplicate(absorbed.id)


def told_of(part: Any) -> Any:
    """What a sub-card says, whoever's it is."""
    for name in ("details", "text", "purpose"):
        if hasattr(part, name):
            return getattr(part, "code", None), getattr(part, name)
    raise AssertionError(part)
