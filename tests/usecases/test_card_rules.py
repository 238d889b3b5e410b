"""What a customer's card may say, in memory and in PostgreSQL."""

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import CodeTaken, Inconsistent, UnknownParty
from domain.model.customer import BackOrderRules, BackOrders, SalesShare
from domain.model.settings import CodePadding
from domain.model.third_party import ThirdPartyType
from domain.model.values import StaffId, ThirdPartyId, short_name
from tests.usecases.office import Office


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
