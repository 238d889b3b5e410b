"""Receptions on the page: by hand, of a supplier order, of a shipping notice; proposed first, then booked in."""

import re

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.browser.conftest import picture
from tests.browser.steps import ask, to
from tests.browser.supply import SERIAL, asked_of, isbn, new_article, new_order, new_supplier, pictures, record_of

pytestmark = pytest.mark.browser

DROP = """
(zone, text) => {
  const data = new DataTransfer();
  data.items.add(new File([text], "avis.csv", {type: "text/csv"}));
  zone.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data}));
}
"""


class TestReceptions:
    @pytest.mark.row("A14")
    async def test_of_a_supplier_order_are_proposed_first_then_booked_in(self, desk: Page) -> None:
        word = f"COLIS{next(SERIAL)}"
        supplier = await new_supplier(desk)
        whole, part = await new_article(desk, f"{word} ENTIER"), await new_article(desk, f"{word} PARTIE")
        extra = await new_article(desk, f"{word} SURPRISE")
        order = await new_order(desk, "BERTRAND", (whole, 2), (part, 2))
        supply = await asked_of(desk, order, supplier, sent=True)
        record = await record_of(desk, supply)
        await record.get_by_role("link", name="Réceptionner").click()
        expected = desk.get_by_test_id("expected-lines")
        await expect(expected.get_by_role("listitem")).to_have_count(2)
        await desk.get_by_role("button", name="Tout est arrivé").click()
        await expect(desk.get_by_test_id("reception-copies")).to_have_text("4 exemplaires")
        await desk.get_by_role("button", name=f"Moins (Arrivés : {word} PARTIE)").click()
        # what is scanned is counted where it was asked for, or beside
        for ean in (part, extra):
            await desk.get_by_test_id("article-field").fill(ean)
            await desk.keyboard.press("Enter")
        await desk.get_by_role("button", name=f"Moins (Arrivés : {word} PARTIE)").click()
        await expect(desk.get_by_test_id("reception-copies")).to_have_text("4 exemplaires")
        proposal = desk.get_by_test_id("proposal")
        await expect(proposal).to_contain_text("3 à mettre de côté")
        await expect(proposal.get_by_role("row").filter(has_text=whole)).to_contain_text("BERTRAND")
        await expect(proposal.get_by_role("row").filter(has_text=extra)).to_contain_text("Non demandé")
        await pictures(desk, "reception-order")
        # nothing has happened yet
        assert (await ask(desk, "GET", f"/v1/articles/{whole}/stock"))["set_aside"] == 0
        await desk.get_by_label("Référence du bordereau").fill("BL 4471")
        await desk.get_by_role("button", name="Valider la réception").click()
        result = desk.get_by_test_id("reception-result")
        await expect(result).to_contain_text("Réception validée")
        await expect(result.get_by_role("row").filter(has_text=whole)).to_contain_text("BERTRAND")
        await pictures(desk, "reception-result")
        async with desk.expect_response(re.compile(r"/slip\.pdf")):
            await result.get_by_role("button", name="Imprimer les bons").click()
        kept = await ask(desk, "GET", f"/v1/supplier-orders/{supply['id']}")
        assert (kept["state"], kept["received"]) == ("partly_received", 3)
        assert (await ask(desk, "GET", f"/v1/articles/{extra}/stock"))["available"] == 1

        await desk.get_by_role("link", name="Réceptions passées").click()
        past = desk.get_by_test_id("past-receptions").get_by_role("row").filter(has_text="BL 4471")
        await pictures(desk, "reception-past")
        await past.get_by_role("link").click()
        await expect(result).to_contain_text("BL 4471")
        await expect(result.get_by_role("row").filter(has_text=whole)).to_contain_text("2 mis de côté")
        await picture(desk, "reception-past-one")

    async def test_by_hand_say_for_whom_before_anything_is_done(self, desk: Page) -> None:
        ean = await new_article(desk, f"MAINTENANT{next(SERIAL)}")
        await new_order(desk, "ROUSSEAU", (ean, 1))
        await desk.get_by_role("link", name="Réception", exact=True).click()
        await desk.get_by_test_id("article-field").fill(ean)
        await desk.keyboard.press("Enter")
        proposal = desk.get_by_test_id("proposal")
        await expect(proposal).to_contain_text("ROUSSEAU")
        await desk.get_by_test_id("article-field").fill(ean)
        await desk.keyboard.press("Enter")
        await expect(proposal).to_contain_text("1 en rayon")
        assert (await ask(desk, "GET", f"/v1/articles/{ean}/stock"))["set_aside"] == 0
        await pictures(desk, "reception-hand")
        # what is counted outlives a reload
        await desk.reload()
        await expect(desk.get_by_test_id("reception-copies")).to_have_text("2 exemplaires")
        await desk.get_by_role("button", name="Valider la réception").click()
        await expect(desk.get_by_test_id("reception-result")).to_contain_text("ROUSSEAU")
        assert (await ask(desk, "GET", f"/v1/articles/{ean}/stock")) == {"ean": ean, "available": 1, "set_aside": 1}

    async def test_of_a_shipping_notice_name_each_bad_line_then_are_booked_in(self, desk: Page) -> None:
        ean = await new_article(desk, f"AVIS{next(SERIAL)}")
        await new_order(desk, "MOREAU", (ean, 1))
        await to(desk, "#/reception/avis")
        bad = f"EAN;quantité\r\n{ean};beaucoup\r\n9782000000000;1\r\n{isbn()};1\r\n"
        file = FilePayload(name="avis.csv", mimeType="text/csv", buffer=bad.encode("cp1252"))
        await desk.locator("input[type=file]").set_input_files(file)
        errors = desk.get_by_test_id("notice-errors")
        await expect(errors.get_by_role("listitem")).to_have_count(3)
        for line in ("ligne 2", "ligne 3", "ligne 4"):
            await expect(errors).to_contain_text(line)
        submit = desk.get_by_role("button", name="Valider la réception")
        await expect(submit).to_be_disabled()
        await pictures(desk, "reception-notice-wrong")
        await desk.get_by_test_id("notice-drop").evaluate(DROP, f"{ean};3\r\n")
        proposal = desk.get_by_test_id("proposal")
        await expect(proposal).to_contain_text("MOREAU")
        await expect(proposal).to_contain_text("2 en rayon")
        await pictures(desk, "reception-notice")
        await submit.click()
        await expect(desk.get_by_test_id("reception-result")).to_contain_text("Avis d\u2019expédition")
        assert (await ask(desk, "GET", f"/v1/articles/{ean}/stock")) == {"ean": ean, "available": 2, "set_aside": 1}
