"""The shop's tables, fields and settings, in memory and in PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import CodeInUse, CodeTaken, CodeUnfit, StaleVersion, UnknownCode, UnknownParty
from domain.model.reference import FieldKind, Table
from domain.model.settings import CodePadding
from domain.model.statcodes import StatAxis
from domain.model.values import DocumentType, StaffId
from tests.usecases.office import Office, only
from tests.usecases.shop import at_once

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
