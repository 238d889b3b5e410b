"""Taking an order on the page: from an article, a saved list, a quote, for a customer of the file or a free name."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import picture
from tests.browser.order_steps import Book, book, pressed, row, shown, taken
from tests.browser.steps import NUMBERS, ask, field, made, script, to
from tests.conftest import Client

__all__ = ["script"]
pytestmark = pytest.mark.browser


async def _begun(page: Page, start: str = "") -> Locator:
    await to(page, f"#/commandes/nouvelle{start}")
    form = page.get_by_role("form", name="Nouvelle commande")
    await expect(form).to_be_visible()
    return form


async def _scan(where: Locator, of: Book) -> None:
    await where.get_by_test_id("article-field").fill(of.ean)
    await where.get_by_test_id("article-field").press("Enter")
    await expect(where.get_by_test_id("typed-lines")).to_contain_text(of.title)


async def _buyer(form: Locator, customer: dict[str, object]) -> None:
    name = str(customer["name"])
    await form.get_by_test_id("customer-field").fill(name)
    await form.get_by_role("listbox").get_by_role("option").filter(has_text=name).click()


async def _saved(page: Page, form: Locator) -> dict[str, Any]:
    """Save, and the order as the API has it."""
    await pressed(form, "Enregistrer la commande").click()
    detail = page.get_by_test_id("order-detail")
    await expect(detail.get_by_test_id("order-quantity")).to_be_visible()
    where = await page.evaluate("location.hash.split('/').pop()")
    found: dict[str, Any] = await ask(page, "GET", f"/v1/orders/{where}")
    return found


class TestANewOrder:
    @pytest.mark.row("A1", "A3")
    async def test_is_taken_for_a_name_that_is_not_in_the_file(self, desk: Page) -> None:
        name, wanted = f"PASSANT{next(NUMBERS)}", await book(desk)
        form = await _begun(desk)
        await pressed(form, "Nom libre").click()
        await field(form, "Nom").fill(name)
        await _scan(form, wanted)
        await desk.reload()  # what is typed is still there
        form = await _begun(desk)
        await expect(field(form, "Nom")).to_have_value(name)
        await expect(form.get_by_test_id("preview-total")).to_contain_text("10,00")
        await picture(desk, "new-order")
        order = await _saved(desk, form)
        assert (order["name"], order["customer_id"], order["origin"]) == (name, None, "counter")
        await expect(row(desk.get_by_test_id("order-detail"), wanted)).to_be_visible()

        # and is found by that name among those that are not in the file
        await to(desk, "#/commandes")
        await desk.get_by_role("combobox", name="Fichier clients").select_option(label="Hors fichier")
        await desk.get_by_role("searchbox", name="Nom").fill(name)
        await desk.keyboard.press("Enter")
        await expect(desk.get_by_test_id("record-count")).to_have_text("1")
        await expect(desk.get_by_test_id("filter-chips")).to_contain_text("Hors fichier")

    @pytest.mark.row("C8")
    async def test_says_what_it_costs_and_why_while_it_is_typed(self, desk: Page, script: Client) -> None:
        buyer, wanted = await made(script), await book(desk)
        form = await _begun(desk)
        await _buyer(form, buyer)
        await _scan(form, wanted)
        await pressed(form, f"Prix : {wanted.title}").click()
        await field(form, "Remise %").fill("20")
        await expect(form.get_by_test_id("ruling").first).to_contain_text("R1")
        await expect(form.get_by_test_id("preview-total")).to_contain_text("9,50")
        # shipped, a new book is sold at the publisher's price and the parcel is charged
        await form.get_by_role("checkbox", name="À expédier (VPC)").check()
        await expect(form.get_by_test_id("ruling").first).to_contain_text("R2")
        await expect(form.get_by_test_id("preview")).to_contain_text("Frais de port")
        await expect(form.get_by_test_id("preview-total")).to_contain_text("13,00")
        await picture(desk, "new-order-capped")
        order = await _saved(desk, form)
        line = order["lines"][0]
        assert (line["unit_price"]["amount"], line["ruling"]["rule"], order["total"]["amount"]) == (
            "10.00",
            "R2",
            "13.00",
        )

    @pytest.mark.row("A26")
    async def test_comes_from_a_quote(self, desk: Page, script: Client) -> None:
        buyer, wanted = await made(script), await book(desk)
        form = await _begun(desk)
        await _buyer(form, buyer)
        await _scan(form, wanted)
        await form.get_by_role("combobox", name="Origine").select_option(label="Devis")
        await pressed(form, "Enregistrer la commande").click()
        await expect(form).to_contain_text("Donnez la référence du devis.")
        await form.get_by_role("textbox", name="Référence du devis").fill("DEV-2026-031")
        order = await _saved(desk, form)
        assert (order["origin"], order["quote_reference"]) == ("quote", "DEV-2026-031")
        detail = desk.get_by_test_id("order-detail")
        await detail.get_by_role("tab", name="Compléments 2").click()
        await expect(detail.get_by_test_id("order-documents")).to_contain_text("Devis DEV-2026-031")
        await picture(desk, "order-from-quote")

    @pytest.mark.row("A1")
    async def test_comes_from_an_article(self, desk: Page, script: Client) -> None:
        buyer, wanted = await made(script), await book(desk)
        detail = await shown(desk, await taken(desk, wanted))
        await row(detail, wanted).click()
        await pressed(detail, "Détail Article").click()
        await desk.get_by_role("dialog").get_by_role("link", name="Commander pour un client").click()
        form = desk.get_by_role("form", name="Nouvelle commande")
        await expect(form.get_by_test_id("typed-lines")).to_contain_text(wanted.title)
        await _buyer(form, buyer)
        order = await _saved(desk, form)
        assert (order["origin"], [line["ean"] for line in order["lines"]]) == ("article", [wanted.ean])

    @pytest.mark.row("A1")
    async def test_comes_from_a_saved_list(self, desk: Page, script: Client) -> None:
        buyer, first, second = await made(script), await book(desk), await book(desk)
        name = f"RENTREE{next(NUMBERS)}"
        await to(desk, "#/listes/nouvelle")
        kept = desk.get_by_test_id("saved-list")
        await field(kept, "Nom").fill(name)
        await _scan(kept, first)
        await _scan(kept, second)
        await pressed(kept, f"Plus (Quantité : {first.title})").click()
        await desk.keyboard.press("Control+s")
        await expect(desk.get_by_test_id("saved-lists")).to_contain_text(name)
        await expect(pressed(kept, "Enregistrer")).to_be_disabled()
        await picture(desk, "saved-list")
        await kept.get_by_role("link", name="En faire une commande").click()
        form = desk.get_by_role("form", name="Nouvelle commande")
        await expect(form.get_by_test_id("typed-lines").get_by_role("listitem")).to_have_count(2)
        await _buyer(form, buyer)
        order = await _saved(desk, form)
        assert order["origin"] == "saved_list"
        assert [(line["ean"], line["ordered"]) for line in order["lines"]] == [(first.ean, 2), (second.ean, 1)]

        # the list stays as it is; it is chosen on the screen too, and can be deleted
        form = await _begun(desk)
        await form.get_by_role("combobox", name="Origine").select_option(label="Liste mémorisée")
        lists = form.get_by_role("combobox", name="Ajouter une liste mémorisée")
        await lists.select_option(label=f"{name} (3)")
        await expect(form.get_by_test_id("typed-lines").get_by_role("listitem")).to_have_count(2)
        await pressed(form, "Abandonner").click()
        await to(desk, "#/listes")
        await desk.get_by_test_id("saved-lists").get_by_role("link", name=name).click()
        await pressed(kept, "Supprimer").click()
        await pressed(desk.get_by_role("dialog"), "Supprimer").click()
        await expect(desk.get_by_test_id("saved-lists").get_by_role("link", name=name)).to_have_count(0)


class TestWhoMayNotOrder:
    @pytest.mark.row("B31", "B32")
    async def test_is_said_before_anything_is_typed_for_him(self, desk: Page, script: Client) -> None:
        wanted = await book(desk)
        orange = await made(script, light="orange", light_message="Paie en retard")
        red = await made(script, light="red", light_message="Contentieux")
        closed = await made(script, closed_on="2020-01-31")
        form = await _begun(desk)
        await _scan(form, wanted)
        await _buyer(form, orange)
        await expect(form.get_by_test_id("buyer-light")).to_contain_text("Paie en retard")
        await picture(desk, "new-order-orange")
        order = await _saved(desk, form)
        await expect(desk.get_by_test_id("order-detail")).to_contain_text(order["warnings"][0])

        form = await _begun(desk)
        await _scan(form, wanted)
        for customer, test_id, said in (
            (red, "buyer-light", "Contentieux"),
            (closed, "buyer-closed", "31/01/2020"),
        ):
            await _buyer(form, customer)
            await expect(form.get_by_test_id(test_id)).to_contain_text(said)
            async with desk.expect_response(lambda answer: answer.url.endswith("/v1/orders")) as refused:
                await pressed(form, "Enregistrer la commande").click()
            assert (await refused.value).status == 409
            await expect(form.get_by_role("alert").filter(has_text=re.compile("."))).not_to_have_count(0)
            await picture(desk, f"new-order-{test_id}")
            await pressed(form, "Changer de client").click()
        await pressed(form, "Abandonner").click()
