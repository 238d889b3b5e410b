"""Réglages of the supply side: answers, the tree of categories, tariffs, the law on book prices."""

from itertools import count

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import picture
from tests.browser.steps import ask, to

pytestmark = pytest.mark.browser

NUMBERS = count(1)


class TestTheTableOfAnswers:
    @pytest.mark.row("A13", "A14")
    async def test_gets_an_answer_with_its_effect_and_its_place(self, desk: Page) -> None:
        await to(desk, "#/reglages/reponses")
        await desk.get_by_role("button", name="Ajouter une réponse").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("textbox", name="Code").fill("REL")
        await dialog.get_by_role("textbox", name="Libellé", exact=True).fill("Chez le relieur")
        await dialog.get_by_label("Effet").select_option(label="demander au client s\u2019il attend encore")
        await picture(desk, "settings-answer")
        await dialog.get_by_role("button", name="Enregistrer").click()
        table = desk.get_by_test_id("answers-table")
        row = table.get_by_role("row").filter(has_text="REL")
        await expect(row).to_contain_text("demander au client s\u2019il attend encore")
        await desk.get_by_role("button", name="Monter REL").click()
        await expect(table.get_by_role("row").nth(-2)).to_contain_text("REL")
        # the others have kept what they were
        known = {each["code"]: each for each in (await ask(desk, "GET", "/v1/answers"))["items"]}
        assert known["6"]["effect"] == "close"
        assert known["REL"]["position"] < known["9"]["position"]

        await row.get_by_role("button", name="Modifier").click()
        await dialog.get_by_role("checkbox", name="Proposée").uncheck()
        await dialog.get_by_role("button", name="Enregistrer").click()
        await expect(row).to_contain_text("Retirée")
        await picture(desk, "settings-answers")
        await row.get_by_role("button", name="Supprimer").click()
        await dialog.get_by_role("button", name="Supprimer").click()
        await expect(row).to_have_count(0)

    async def test_shows_the_others_change_before_it_is_overwritten(self, desk: Page) -> None:
        made = await ask(desk, "PUT", "/v1/answers/CONF", {"label": "Un", "effect": "wait"})
        await to(desk, "#/reglages/reponses")
        row = desk.get_by_test_id("answers-table").get_by_role("row").filter(has_text="CONF")
        await row.get_by_role("button", name="Modifier").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("textbox", name="Libellé", exact=True).fill("Deux")
        await ask(desk, "PUT", "/v1/answers/CONF", {"label": "Trois", "effect": "close"}, version=made["version"])
        await dialog.get_by_role("button", name="Enregistrer").click()
        conflict = desk.get_by_test_id("conflict")
        await expect(conflict).to_contain_text("Trois")
        await conflict.get_by_role("button", name="Enregistrer quand même ma saisie").click()
        await expect(row).to_contain_text("Deux")
        now = await ask(desk, "GET", "/v1/answers/CONF")
        assert (now["label"], now["effect"]) == ("Deux", "close")
        await ask(desk, "DELETE", "/v1/answers/CONF", version=now["version"])


class TestTheTreeOfCategories:
    @pytest.mark.row("A31")
    async def test_grows_by_levels_and_keeps_what_is_used(self, desk: Page) -> None:
        await to(desk, "#/reglages/categories")
        dialog = desk.get_by_role("dialog")
        tree = desk.get_by_test_id("category-tree")
        await desk.get_by_role("button", name="Ajouter", exact=True).click()
        for code, label, below in (
            ("JX", "Jeux", "Ajouter secteur sous Jeux"),
            ("JXS", "De société", "Ajouter catégorie sous De société"),
            ("JXSC", "Cartes", None),
        ):
            await dialog.get_by_role("textbox", name="Code").fill(code)
            await dialog.get_by_role("textbox", name="Libellé").fill(label)
            await dialog.get_by_role("button", name="Enregistrer").click()
            await expect(tree.get_by_role("listitem").filter(has_text=label)).to_be_visible()
            if below:
                await tree.get_by_role("button", name=below).click()
        await picture(desk, "settings-tree")
        nodes = {each["code"]: each for each in (await ask(desk, "GET", "/v1/categories"))["items"]}
        assert (nodes["JX"]["level"], nodes["JXS"]["parent"], nodes["JXSC"]["parent"]) == ("shop", "JX", "JXS")

        # a node with others below it stays
        await tree.get_by_role("listitem").filter(has_text="De société").get_by_role("button", name="Supprimer").click()
        await dialog.get_by_role("button", name="Supprimer").click()
        await expect(dialog.get_by_role("alert")).to_be_visible()
        await picture(desk, "settings-tree-refused")
        await dialog.get_by_role("button", name="Abandonner").click()
        for label in ("Cartes", "De société", "Jeux"):
            row = tree.get_by_role("listitem").filter(has_text=label)
            await row.get_by_role("button", name="Supprimer").click()
            await dialog.get_by_role("button", name="Supprimer").click()
            await expect(row).to_have_count(0)


class TestATariff:
    @pytest.mark.row("A65")
    async def test_has_the_discounts_that_are_typed(self, desk: Page) -> None:
        code = f"ESS{next(NUMBERS)}"
        await ask(desk, "POST", "/v1/tables/tariffs", {"code": code, "label": "Essai"})
        await to(desk, f"#/reglages/tarifs/{code}")
        form = desk.get_by_test_id("tariff-rules")
        await form.get_by_role("button", name="Ajouter une remise").click()
        first = form.get_by_role("group", name="Remise 1")
        await first.get_by_label("Remise %").fill("cinq")
        await expect(form.get_by_role("button", name="Enregistrer")).to_be_disabled()
        await first.get_by_label("Remise %").fill("5")
        await form.get_by_role("button", name="Ajouter une remise").click()
        second = form.get_by_role("group", name="Remise 2")
        await second.get_by_label("Remise %").fill("20")
        await second.get_by_role("combobox", name="Sur").select_option(label="Taux de TVA")
        await second.get_by_role("combobox", name="Taux de TVA", exact=True).select_option(value="20.00")
        await second.get_by_label("Du", exact=True).fill("2027-01-01")
        await picture(desk, "settings-tariff")
        await desk.keyboard.press("Control+s")
        await expect(desk.get_by_test_id("toasts")).to_contain_text(f"Tarif {code} enregistré")
        rules = (await ask(desk, "GET", f"/v1/tariffs/{code}"))["rules"]
        assert [(each["scope"], each["percent"], each["vat_rate"]) for each in rules] == [
            ("all", "5.00", None),
            ("vat_rate", "20.00", "20.00"),
        ]
        assert rules[1]["starts_on"] == "2027-01-01"

        # what the server refuses is said, and what is typed stays
        await second.get_by_label("Avant le").fill("2026-01-01")
        await form.get_by_role("button", name="Enregistrer").click()
        await expect(form.get_by_role("alert").first).to_be_visible()
        await expect(second.get_by_label("Avant le")).to_have_value("2026-01-01")
        await picture(desk, "settings-tariff-refused")
        await form.get_by_role("button", name="Abandonner les modifications").click()
        await form.get_by_role("button", name="Retirer la remise 2").click()
        await form.get_by_role("button", name="Enregistrer").click()
        await expect(form.get_by_role("group", name="Remise 2")).to_have_count(0)
        await expect(desk.get_by_test_id("tariffs")).to_contain_text("1 remise")


class TestTheLawOnBookPrices:
    @pytest.mark.row("C8")
    async def test_shows_what_is_known_and_takes_the_shops_own_dated_values(self, desk: Page) -> None:
        await to(desk, "#/reglages/prix-du-livre")
        table = desk.get_by_test_id("law-table")
        threshold = table.get_by_role("row").filter(has_text="Seuil des frais de port minimaux")
        await expect(threshold).to_contain_text("35,00")
        await expect(threshold).to_contain_text("en vigueur")
        form = desk.get_by_test_id("own-law")
        await form.get_by_role("button", name="Ajouter une valeur").click()
        await form.get_by_label("Règle").select_option(label="Seuil des frais de port minimaux")
        await form.get_by_label("À partir du").fill("2099-01-01")
        await form.get_by_label("Valeur (€)").fill("40")
        await picture(desk, "settings-law")
        await form.get_by_role("button", name="Enregistrer").click()
        await expect(threshold.filter(has_text="40,00")).to_contain_text("à venir")
        await expect(threshold.filter(has_text="40,00")).to_contain_text("Valeur de la librairie")
        await expect(threshold.filter(has_text="35,00")).to_contain_text("en vigueur")
        own = (await ask(desk, "GET", "/v1/dossier"))["book_law"]
        assert own == [{"key": "charge_threshold", "since": "2099-01-01", "value": "40.00"}]
        await form.get_by_role("button", name="Retirer : Seuil des frais de port minimaux").click()
        await form.get_by_role("button", name="Enregistrer").click()
        await expect(threshold).to_have_count(1)
        assert (await ask(desk, "GET", "/v1/dossier"))["book_law"] == []
