"""Around a customer's card: what hangs on it, two people at it, and what can be done with it."""

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser import steps
from tests.browser.conftest import Counter, picture
from tests.browser.steps import NUMBERS, OK, card, change, field, items, made, now, opened, saved, tab
from tests.conftest import Client
from tests.support.browser import TABLET

pytestmark = pytest.mark.browser

script, customers = steps.script, steps.customers  # fixtures


class TestWhatHangsOnTheCard:
    @pytest.mark.row("B33", "B34", "B36", "B37")
    async def test_a_contact_gets_its_function_by_the_role_it_has(self, customers: Page, script: Client) -> None:
        customer = await made(script, kind="organisation")
        where = await opened(customers, customer)
        panel = await tab(where, "Contacts")
        await panel.get_by_role("button", name="Ajouter un contact").click()
        await field(panel, "Nom").fill("DURAND")
        await field(panel, "Prénom").fill("Paul")
        await field(panel, "Portable").fill("0612345678")
        await panel.get_by_role("button", name="Factures").click()
        await expect(field(panel, "Fonction")).to_have_value("FAC")
        await panel.get_by_role("button", name="Enregistrer").click()
        await expect(panel.get_by_test_id("contacts")).to_contain_text("Paul DURAND")
        await expect(panel.get_by_test_id("contacts")).to_contain_text("Reçoit : factures")
        await picture(customers, "customer-contacts")
        kept = await items(script, customer, "/contacts")
        assert [(one["name"], one["function"], one["roles"]) for one in kept] == [("DURAND", "FAC", ["invoice"])]

        # what is typed in it is still there after a wrong tap, another tab and a reload
        await panel.get_by_role("button", name="Modifier Paul DURAND").click()
        await field(panel, "Commentaire").fill("Absent le mercredi")
        await tab(where, "RIB")
        await customers.get_by_role("link", name="Commandes").click()
        await customers.reload()
        where = await opened(customers, customer)
        panel = await tab(where, "Contacts")
        await expect(field(panel, "Commentaire")).to_have_value("Absent le mercredi")
        await customers.keyboard.press("Control+s")
        await expect(field(panel, "Commentaire")).to_have_count(0)
        assert (await items(script, customer, "/contacts"))[0]["comment"] == "Absent le mercredi"

    @pytest.mark.row("B43", "B44")
    async def test_an_account_with_a_wrong_key_is_refused_beside_its_field(
        self, customers: Page, script: Client
    ) -> None:
        customer = await made(script)
        where = await opened(customers, customer)
        panel = await tab(where, "RIB")
        await panel.get_by_role("button", name="Ajouter un RIB").click()
        await field(panel, "Saisie par").select_option("rib")
        for label, value in (
            ("Banque", "20041"),
            ("Guichet", "01005"),
            ("Numéro de compte", "0500013M026"),
            ("Clé", "07"),
        ):
            await field(panel, label).fill(value)
        await panel.get_by_role("button", name="Enregistrer").click()
        await expect(panel.locator(".error").first).to_be_visible()
        await picture(customers, "customer-rib-refused")
        assert await items(script, customer, "/bank-accounts") == []
        await field(panel, "Clé").fill("06")
        await panel.get_by_role("button", name="Enregistrer").click()
        accounts = panel.get_by_test_id("bank-accounts")
        await expect(accounts).to_contain_text("FR14 2004 1010 0505 0001 3M02 606")
        await expect(accounts).to_contain_text("Principal")
        await expect(accounts).to_contain_text("Banque 20041 · Guichet 01005 · Compte 0500013M026 · Clé 06")
        await picture(customers, "customer-rib")
        kept = await items(script, customer, "/bank-accounts")
        assert [(one["iban"], one["main"]) for one in kept] == [("FR1420041010050500013M02606", True)]


async def _silenced(route: Route) -> None:
    """No event stream, as behind a proxy that swallows it."""
    await route.fulfill(status=204, body="")


class TestTwoPeopleAtOneCard:
    @pytest.mark.row("C15")
    async def test_typing_outlives_a_wrong_tap_and_a_reload(self, customers: Page, script: Client) -> None:
        customer = await made(script)
        where = await opened(customers, customer)
        await field(where, "Commentaire").fill("Ne pas perdre")
        panel = await tab(where, "Compta")
        await field(panel, "Numéro de compte").fill("411X")
        await where.get_by_role("button", name="Fermer", exact=True).click()
        await expect(customers.get_by_role("link", name="votre saisie est gardée")).to_be_visible()
        await customers.reload()
        where = await opened(customers, customer)
        await expect(field(where, "Numéro de compte")).to_have_value("411X")  # on the tab one was on
        await tab(where, "Coordonnées")
        await expect(field(where, "Commentaire")).to_have_value("Ne pas perdre")
        await saved(customers)
        kept = await now(script, customer)
        assert (kept["comment"], kept["account_number"]) == ("Ne pas perdre", "411X")

    @pytest.mark.row("C15")
    async def test_the_second_gets_412_sees_both_texts_and_loses_nothing(self, customers: Page, script: Client) -> None:
        customer = await made(script, comment="avant", phone="0240000000")
        # no news from the shop: the page cannot know that somebody else is at this card
        await customers.route("**/v1/events*", _silenced)
        await customers.reload()
        where = await opened(customers, customer)
        await field(where, "Commentaire").fill("ma saisie")
        await field(where, "Prénom").fill("Zoé")
        await change(script, customer, comment="la leur", fax="0240000009")
        async with customers.expect_response(lambda answer: answer.request.method == "PATCH") as refused:
            await customers.keyboard.press("Control+s")
        assert (await refused.value).status == 412
        conflict = where.get_by_test_id("conflict")
        await expect(conflict).to_contain_text("Commentaire")
        await expect(conflict).to_contain_text("ma saisie")
        await expect(conflict).to_contain_text("la leur")
        await expect(conflict).not_to_contain_text("Prénom")
        await expect(field(where, "Commentaire")).to_have_value("ma saisie")
        await picture(customers, "customer-412")
        assert (await now(script, customer))["comment"] == "la leur"
        async with customers.expect_response(lambda answer: answer.request.method == "PATCH") as taken:
            await conflict.get_by_role("button", name="Garder ma saisie : Commentaire").click()
        assert (await taken.value).status == OK
        await expect(conflict).to_have_count(0)
        kept = await now(script, customer)
        assert (kept["comment"], kept["first_name"]) == ("ma saisie", "Zoé")
        assert str(kept["fax"]).replace(" ", "").endswith("240000009")  # and theirs, where I typed nothing

    @pytest.mark.row("C15")
    async def test_two_pages_on_one_contact_and_one_card(
        self, customers: Page, browser: Browser, counter: Counter, script: Client
    ) -> None:
        customer = await made(script)
        contact = await script.post(f"/v1/customers/{customer['id']}/contacts", json={"name": "ROUX"})
        assert contact.status_code == 201, contact.text
        mine = await opened(customers, customer)
        my_panel = await tab(mine, "Contacts")
        await my_panel.get_by_role("button", name="Modifier ROUX").click()
        await field(my_panel, "Portable").fill("0611111111")

        other = await browser.new_context(viewport=TABLET, locale="fr-FR", timezone_id="Europe/Paris")
        try:
            theirs = await other.new_page()
            await theirs.goto(counter.url)
            await theirs.get_by_label("Identifiant").fill(counter.credentials.login)
            await theirs.get_by_label("Mot de passe").fill(counter.credentials.password)
            await theirs.get_by_role("button", name="Se connecter").click()
            await expect(theirs.get_by_test_id("orders-table")).to_be_visible()
            their_panel = await tab(await opened(theirs, customer), "Contacts")
            await their_panel.get_by_role("button", name="Modifier ROUX").click()
            await field(their_panel, "Portable").fill("0622222222")
            await their_panel.get_by_role("button", name="Enregistrer").click()
            await expect(their_panel.get_by_test_id("contacts")).to_contain_text("0622222222")
        finally:
            await other.close()

        conflict = my_panel.get_by_test_id("conflict")
        await expect(conflict).to_contain_text("Portable")
        await expect(field(my_panel, "Portable")).to_have_value("0611111111")
        await picture(customers, "contact-conflict")
        await conflict.get_by_role("button", name="Prendre l\u2019autre : Portable").click()
        await expect(conflict).to_have_count(0)
        kept = await items(script, customer, "/contacts")
        assert str(kept[0]["mobile"]).replace(" ", "").endswith("22222222")


class TestWhatCanBeDoneWithACard:
    @pytest.mark.row("B46", "B47")
    async def test_it_is_duplicated_with_the_sub_cards_ticked(self, customers: Page, script: Client) -> None:
        customer = await made(script, comment="à copier", barcode=f"29{next(NUMBERS):010}")
        for part, body in (("contacts", {"name": "GARDÉ"}), ("notes", {"text": "pas copiée"})):
            assert (await script.post(f"/v1/customers/{customer['id']}/{part}", json=body)).status_code == 201
        where = await opened(customers, customer)
        await where.get_by_text("Actions").click()
        await where.get_by_role("button", name="Dupliquer").click()
        dialog = customers.get_by_role("dialog")
        await field(dialog, "Nom").fill("COPIE")
        await field(dialog, "Contacts").check()
        await picture(customers, "customer-duplicate")
        await dialog.get_by_role("button", name="Dupliquer").click()
        await expect(card(customers)).to_contain_text("→ COPIE")
        made_id = await customers.evaluate("location.hash.split('/').pop()")
        copy = {"id": made_id}
        kept = await now(script, copy)
        assert (kept["comment"], kept["barcode"]) == ("à copier", None)
        assert [one["name"] for one in await items(script, copy, "/contacts")] == ["GARDÉ"]
        assert await items(script, copy, "/notes") == []

    @pytest.mark.row("A54")
    async def test_it_is_deleted_unless_something_names_it(self, customers: Page, script: Client) -> None:
        used, free = await made(script), await made(script)
        order = {"customer_id": used["id"], "lines": [{"ean": "9782871427827", "quantity": 1}]}
        assert (await script.post("/v1/orders", json=order)).status_code == 201
        for customer, refused in ((used, True), (free, False)):
            where = await opened(customers, customer)
            await where.get_by_text("Actions").click()
            await where.get_by_role("button", name="Supprimer").click()
            dialog = customers.get_by_role("dialog")
            await dialog.get_by_role("button", name="Supprimer").click()
            if refused:
                await expect(dialog.get_by_role("alert")).to_be_visible()
                await picture(customers, "customer-delete-refused")
                await dialog.get_by_role("button", name="Abandonner").click()
            else:
                await expect(card(customers)).to_have_count(0)
        assert (await script.get(f"/v1/customers/{used['id']}")).status_code == 200
        assert (await script.get(f"/v1/customers/{free['id']}")).status_code == 404

    @pytest.mark.row("C14")
    async def test_its_personal_data_are_one_tap_away(self, customers: Page, script: Client) -> None:
        customer = await made(script)
        where = await opened(customers, customer)
        await where.get_by_text("Actions").click()
        async with customers.expect_download() as download:
            await where.get_by_role("link", name="Données personnelles").click()
        assert (await download.value).suggested_filename == f"donnees-personnelles-{customer['code']}.json"
        await where.get_by_text("Actions").click()
        await where.get_by_role("button", name="Anonymiser").click()
        await expect(customers.get_by_role("dialog")).to_contain_text(str(customer["code"]))
