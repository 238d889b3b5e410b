"""Réglages: the shop's tables, the company file, people, own fields, the history, the RGPD."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import picture
from tests.browser.steps import ask, to

pytestmark = pytest.mark.browser


class TestATableOfTheShop:
    @pytest.mark.row("B13", "B14")
    async def test_gets_a_value_that_the_cards_then_propose(self, desk: Page) -> None:
        customer = (await ask(desk, "GET", "/v1/customers?limit=1"))["items"][0]
        await to(desk, f"#/clients/{customer['id']}")
        await desk.get_by_role("tab", name="Complément").click()
        options = desk.get_by_test_id("customer-card").get_by_label("Catégorie").locator("option")
        await expect(options.filter(has_text="Particulier")).to_have_count(1)
        await desk.get_by_role("button", name="Plus", exact=True).click()
        await desk.get_by_role("link", name="Réglages").click()
        await desk.get_by_test_id("tables").get_by_role("link", name="Catégories de client").click()
        await desk.get_by_role("button", name="Ajouter une valeur").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("textbox", name="Code").fill("CLUB")
        await dialog.get_by_role("textbox", name="Libellé", exact=True).fill("Club de lecture")
        await dialog.get_by_label("Libellé anglais").fill("Book club")
        await picture(desk, "settings-value")
        await dialog.get_by_role("button", name="Enregistrer").click()
        row = desk.get_by_test_id("values-table").get_by_role("row").filter(has_text="CLUB")
        await expect(row).to_contain_text("Club de lecture")
        await picture(desk, "settings-tables")

        # up one, and its label changed
        await desk.get_by_role("button", name="Monter CLUB").click()
        await expect(desk.get_by_test_id("values-table").get_by_role("row").nth(-2)).to_contain_text("CLUB")
        await row.get_by_role("button", name="Modifier").click()
        await dialog.get_by_role("textbox", name="Libellé", exact=True).fill("Club de lecteurs")
        await dialog.get_by_role("button", name="Enregistrer").click()
        await expect(row).to_contain_text("Club de lecteurs")

        # the card, which had read the table before, proposes it
        await to(desk, f"#/clients/{customer['id']}")
        await desk.get_by_role("tab", name="Complément").click()
        await expect(options.filter(has_text="Club de lecteurs")).to_have_count(1)

    @pytest.mark.row("B13")
    async def test_keeps_a_value_that_a_card_has_and_may_stop_proposing_it(self, desk: Page) -> None:
        await ask(desk, "POST", "/v1/tables/categories", {"code": "RARE", "label": "Rare"})
        await ask(desk, "POST", "/v1/customers", {"name": "PORTEUR", "category": "RARE"})
        await to(desk, "#/reglages/tables/categories")
        row = desk.get_by_test_id("values-table").get_by_role("row").filter(has_text="RARE")
        await row.get_by_role("button", name="Supprimer").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("button", name="Supprimer").click()
        await expect(dialog.get_by_role("alert")).to_be_visible()
        await picture(desk, "settings-refused")
        await dialog.get_by_role("button", name="Abandonner").click()
        await row.get_by_role("button", name="Ne plus proposer").click()
        await expect(row).to_contain_text("Retirée")

    async def test_shows_the_others_change_before_it_is_overwritten(self, desk: Page) -> None:
        made = await ask(desk, "POST", "/v1/tables/functions", {"code": "ACH", "label": "Achats"})
        await to(desk, "#/reglages/tables/functions")
        row = desk.get_by_test_id("values-table").get_by_role("row").filter(has_text="ACH")
        await row.get_by_role("button", name="Modifier").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("textbox", name="Libellé", exact=True).fill("Service achats")
        await ask(desk, "PATCH", "/v1/tables/functions/ACH", {"label": "Responsable achats"}, version=made["version"])
        await dialog.get_by_role("button", name="Enregistrer").click()
        conflict = desk.get_by_test_id("conflict")
        await expect(conflict).to_contain_text("Responsable achats")
        await picture(desk, "settings-conflict")
        await conflict.get_by_role("button", name="Enregistrer quand même ma saisie").click()
        await expect(row).to_contain_text("Service achats")


class TestTheCompanyFile:
    @pytest.mark.row("B36", "O10", "B81", "B82", "B18", "B27")
    async def test_saves_what_the_shop_decides(self, desk: Page) -> None:
        await to(desk, "#/reglages/dossier")
        form = desk.get_by_test_id("dossier-settings")
        await form.get_by_label("Libellé sur les écrans").first.fill("Canton")
        await form.get_by_label("Longueurs cumulées des niveaux").first.fill("2, 4, 8")
        example = form.get_by_test_id("axis-example").first
        assert (await example.locator("code").all_inner_texts()) == ["FR", "FR44", "FR44ABCD"]
        await form.get_by_label("Relance").select_option(label="DIR — Direction")
        await form.get_by_label("Premier mois des cumuls").select_option(label="septembre")
        await picture(desk, "settings-dossier")
        await form.get_by_role("button", name="Enregistrer").click()
        await expect(desk.get_by_test_id("toasts")).to_contain_text("Réglages enregistrés")
        dossier = await ask(desk, "GET", "/v1/dossier")
        assert dossier["stat_axes"][0] == {"number": 1, "label": "Canton", "segments": [2, 4, 8]}
        assert dossier["contact_roles"]["reminder"] == "DIR"
        assert dossier["fiscal_month"] == 9
        customer = (await ask(desk, "GET", "/v1/customers?limit=1"))["items"][0]
        await to(desk, f"#/clients/{customer['id']}")
        await desk.get_by_role("tab", name="Complément").click()
        await expect(desk.get_by_test_id("customer-card").get_by_label("Canton")).to_be_visible()


class TestThePeopleOfTheShop:
    @pytest.mark.row("B30")
    async def test_get_their_rights_in_words(self, desk: Page) -> None:
        await to(desk, "#/reglages/utilisateurs")
        await desk.get_by_role("button", name="Ajouter un utilisateur").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("textbox", name="Identifiant").fill("stagiaire")
        await dialog.get_by_role("textbox", name="Nom").fill("Ousmane")
        await dialog.get_by_label("Mot de passe").fill("quatre-mots-faciles")
        await dialog.get_by_role("combobox", name="Clients et tiers").select_option(label="voit")
        await dialog.get_by_role("checkbox", name="Fiches DIR").check()
        await dialog.get_by_role("checkbox", name="Voit les statistiques").check()
        await picture(desk, "settings-user")
        await dialog.get_by_role("button", name="Enregistrer").click()
        user = desk.get_by_test_id("users").get_by_role("listitem").filter(has_text="Ousmane")
        await expect(user).to_contain_text("Clients et tiers : voit")
        await expect(user).to_contain_text("Fiches DIR")
        await expect(user).to_contain_text("Voit les statistiques")
        await picture(desk, "settings-users")
        users = (await ask(desk, "GET", "/v1/users?limit=200"))["items"]
        (made,) = [each for each in users if each["login"] == "stagiaire"]
        assert made["scopes"] == ["confidential:DIR", "customers:read", "statistics:read"]
        # what is typed as a password stays nowhere in the browser
        stored = await desk.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
        assert "quatre-mots-faciles" not in stored


class TestTheFieldsOfTheShop:
    @pytest.mark.row("B4", "B60")
    async def test_stand_on_the_cards_once_made(self, desk: Page) -> None:
        await to(desk, "#/reglages/rubriques")
        await desk.get_by_role("button", name="Ajouter une rubrique").first.click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("textbox", name="Questionnaire").fill("CLUB")
        await dialog.get_by_role("textbox", name="Code").fill("GENRE")
        await dialog.get_by_role("textbox", name="Libellé").fill("Genre préféré")
        await dialog.get_by_role("combobox", name="Nature").select_option(label="Choix")
        await dialog.get_by_role("textbox", name="Choix possibles").fill("Polar\nPoésie")
        await picture(desk, "settings-field")
        await dialog.get_by_role("button", name="Enregistrer").click()
        await expect(desk.get_by_test_id("custom-fields")).to_contain_text("Genre préféré")
        await expect(desk.get_by_test_id("custom-fields")).to_contain_text("Choix : Polar, Poésie")
        customer = (await ask(desk, "GET", "/v1/customers?limit=1"))["items"][0]
        await to(desk, f"#/clients/{customer['id']}")
        await desk.get_by_role("tab", name="Complément").click()
        field = desk.get_by_test_id("customer-card").get_by_label("Genre préféré")
        await expect(field.locator("option").filter(has_text="Poésie")).to_have_count(1)
