"""Tiers and flashs: prospects, suppliers, sales reps; colleagues told of new cards."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Counter, picture
from tests.browser.steps import ask, to

pytestmark = pytest.mark.browser


class TestAProspect:
    @pytest.mark.row("B9", "B46")
    async def test_is_entered_with_a_contact_and_becomes_a_customer(self, desk: Page) -> None:
        await desk.get_by_role("button", name="Plus", exact=True).click()
        await desk.get_by_role("link", name="Tiers").click()
        await desk.get_by_role("link", name="Nouveau tiers").click()
        new = desk.get_by_test_id("new-third-party")
        await new.get_by_label("Type", exact=True).select_option(label="Prospect")
        await new.get_by_role("textbox", name="Nom", exact=True).fill("MEDIATHEQUE DU PARC")
        await new.get_by_label("Téléphone").fill("0240000010")
        await picture(desk, "third-party-new")
        await new.get_by_role("button", name="Enregistrer").click()
        card = desk.get_by_test_id("third-party")
        await expect(card.get_by_role("heading", name="MEDIATHEQUE DU PARC")).to_be_visible()
        await card.get_by_role("tab", name="Contacts").click()
        contacts = card.get_by_test_id("contacts")
        await contacts.get_by_role("button", name="Ajouter").click()
        await contacts.get_by_role("textbox", name="Nom", exact=True).fill("BRUN")
        await contacts.get_by_role("button", name="Enregistrer").click()
        await expect(contacts).to_contain_text("BRUN")
        await picture(desk, "third-party-contacts")

        await card.get_by_role("tab", name="Coordonnées").click()
        await picture(desk, "third-party")
        await card.get_by_role("button", name="Convertir en client").click()
        await desk.get_by_role("dialog").get_by_role("button", name="Convertir en client").click()
        await expect(desk.get_by_test_id("customer-card")).to_contain_text("MEDIATHEQUE DU PARC")
        customers = (await ask(desk, "GET", "/v1/customers?q=mediatheque%20du%20parc"))["items"]
        parts = await ask(desk, "GET", f"/v1/customers/{customers[0]['id']}/contacts")
        assert [contact["name"] for contact in parts["items"]] == ["BRUN"]

    @pytest.mark.row("B1")
    async def test_is_told_from_suppliers_and_sales_reps(self, desk: Page) -> None:
        for kind, name in (
            ("supplier", "TYPE FOURNISSEUR"),
            ("sales_rep", "TYPE COMMERCIAL"),
            ("prospect", "TYPE NEUF"),
        ):
            await ask(desk, "POST", "/v1/third-parties", {"type": kind, "name": name})
        await to(desk, "#/tiers")
        await desk.get_by_role("searchbox").fill("type")
        table = desk.get_by_test_id("third-parties-table")
        await expect(table).to_contain_text("TYPE FOURNISSEUR")
        await desk.get_by_role("button", name="Commerciaux").click()
        await expect(table).not_to_contain_text("TYPE FOURNISSEUR")
        await expect(table).to_contain_text("TYPE COMMERCIAL")
        await expect(desk.get_by_test_id("record-count")).to_have_text("1")
        await picture(desk, "third-parties")


def _bell(count: int) -> str:
    if count == 0:
        return "Flashs"
    return f"Flashs : {count} {'non lus' if count > 1 else 'non lu'}"


class TestAFlash:
    @pytest.mark.row("B9", "B10")
    async def test_comes_live_and_leads_to_the_card_that_waits_for_its_visa(self, desk: Page, counter: Counter) -> None:
        told = await ask(desk, "GET", "/v1/dossier")
        (camille,) = [user for user in (await ask(desk, "GET", "/v1/users"))["items"] if user["login"] == "libraire"]
        others = [user for user in told["flash_customer_ids"] if user != camille["id"]]
        await ask(desk, "PATCH", "/v1/dossier", {"flash_customer_ids": others}, version=told["version"])
        await to(desk, "#/reglages/dossier")
        form = desk.get_by_test_id("dossier-settings")
        person = form.get_by_role("group", name="Prévenus de chaque nouveau client").get_by_label("Camille")
        await expect(person).not_to_be_checked()
        await person.check()
        await form.get_by_role("button", name="Enregistrer").click()
        await expect(desk.get_by_test_id("toasts")).to_contain_text("Réglages enregistrés")
        # the bell counts no further than a hundred, and other tests make many cards
        for flash in (await ask(desk, "GET", "/v1/flashes?unread=true&limit=200"))["items"]:
            await ask(desk, "POST", f"/v1/flashes/{flash['id']}/read")
        await desk.reload()
        unread = len((await ask(desk, "GET", "/v1/flashes?unread=true&limit=200"))["items"])
        bell = desk.get_by_test_id("flash-bell")
        await expect(bell).to_have_accessible_name(_bell(unread))

        # a colleague's program creates a card in the CRM
        async with counter.client(counter.credentials.script_key) as crm:
            made = await crm.post("/v1/customers", json={"name": "VENUE DU CRM", "origin": "crm"})
            assert made.status_code == 201
            await expect(bell).to_have_accessible_name(_bell(unread + 1))
            await bell.click()
            flash = desk.get_by_test_id("flashes").get_by_role("listitem").filter(has_text="VENUE DU CRM")
            await expect(flash).to_contain_text("attend son visa")
            await picture(desk, "flashes")
            await flash.get_by_role("link").click()
            card = desk.get_by_test_id("customer-card")
            await expect(card).to_contain_text("VENUE DU CRM")
            await expect(bell).to_have_accessible_name(_bell(unread))
            await card.get_by_role("tab", name="Complément").click()
            visa = card.get_by_test_id("visa")
            await visa.get_by_role("button").click()
            await expect(visa.get_by_role("button", name="Retirer")).to_be_visible()
            seen = await crm.get(f"/v1/customers/{made.json()['id']}")
            assert seen.json()["approved"] is True
        await to(desk, "#/flashs")
        await expect(flash).to_contain_text("visa donné")
