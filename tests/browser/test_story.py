"""The main job, walked by a person: a web shop pushes an order, the bookseller serves it."""

import json
import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Counter, picture

pytestmark = pytest.mark.browser

EANS = ("9782871427827", "9782871427704")
"""PAPA-LOUP and ROSALIE EST MALADE, which the demo knows from order 46407."""


async def _push(counter: Counter, external_id: str, name: str, *, paid: bool) -> tuple[int, int]:
    """Push two books for ``name``; the status of the answer and the order's number."""
    body = {"contact": {"name": name}, "lines": [{"ean": ean, "quantity": 1} for ean in EANS], "paid": paid}
    async with counter.client(counter.credentials.shop_key) as shop:
        address = f"/v1/channels/{counter.credentials.channel}/orders/{external_id}"
        answer = await shop.put(address, json=body)
    return answer.status_code, answer.json()["number"]


async def _empty_shelves(counter: Counter) -> None:
    """Serve whoever waits for the two books and sell the rest, so that the story starts from nothing."""
    async with counter.client(counter.credentials.script_key) as script:
        for ean in EANS:
            waiting = (await script.get(f"/v1/articles/{ean}")).json()["waiting"]
            if waiting:
                lines = [{"ean": ean, "quantity": waiting}]
                assert (await script.post("/v1/receptions", json={"lines": lines})).status_code == 201
            left = (await script.get(f"/v1/articles/{ean}/stock")).json()["available"]
            if left:
                move = {"quantity": -left, "reason": "Vendus"}
                assert (await script.post(f"/v1/articles/{ean}/movements", json=move)).status_code == 201


class TestAPushedOrder:
    @pytest.mark.row("A1", "A6", "A9", "A10", "A27", "A29", "C1", "C2")
    async def test_is_served_from_the_push_to_the_last_copy(self, desk: Page, counter: Counter) -> None:
        await _empty_shelves(counter)
        await expect(desk.get_by_test_id("live-banner")).to_have_attribute("data-state", "live")

        # it comes in unpaid, and is on the page without a reload; sent again it is the same order
        status, number = await _push(counter, "HISTOIRE-1", "ŒUVRARD", paid=False)
        assert status == 201
        row = desk.get_by_test_id("orders-table").get_by_role("row").filter(has_text=str(number))
        await expect(row).to_be_visible()
        await expect(row).to_contain_text("BL")
        assert await _push(counter, "HISTOIRE-1", "ŒUVRARD", paid=False) == (200, number)
        await expect(row).to_have_count(1)
        await picture(desk, "story-1-pushed")

        # the cheque comes: the order opens
        await row.dblclick()
        detail = desk.get_by_test_id("order-detail")
        title = f"Commande client numéro {number} → ŒUVRARD → Statut : "
        await expect(detail).to_contain_text(title + "BL")
        await detail.get_by_role("button", name="Encaisser").click()
        await desk.get_by_role("dialog").get_by_role("button", name="Enregistrer").click()
        await expect(detail).to_contain_text(title + "CO")
        await picture(desk, "story-2-paid")

        # one copy is received, and set aside for her
        await desk.get_by_role("link", name="Réception").click()
        await desk.get_by_test_id("article-field").fill(EANS[0])
        await desk.keyboard.press("Enter")
        await expect(desk.get_by_test_id("typed-lines")).to_contain_text("PAPA-LOUP")
        await desk.get_by_role("button", name="Valider la réception").click()
        await expect(desk.get_by_test_id("reception-result")).to_contain_text("ŒUVRARD")
        await picture(desk, "story-3-received")

        # the other is found on a shelf, put into stock, and scanned: the slip is asked for at once
        async with counter.client(counter.credentials.script_key) as script:
            move = {"quantity": 1, "reason": "Retrouvé"}
            assert (await script.post(f"/v1/articles/{EANS[1]}/movements", json=move)).status_code == 201
        await desk.get_by_role("link", name="Réserve", exact=True).click()
        async with desk.expect_response(re.compile(r"/slip\.pdf")) as slip:
            await desk.get_by_test_id("scan-field").press_sequentially(EANS[1])
            await desk.keyboard.press("Enter")
        paper = await slip.value
        assert paper.status == 200
        assert paper.headers["content-type"] == "application/pdf"
        result = desk.get_by_test_id("scan-result")
        await expect(result.locator("[data-outcome=set_aside]")).to_be_visible()
        await expect(result).to_contain_text("ŒUVRARD")
        await expect(result).to_contain_text("ROSALIE EST MALADE")
        await picture(desk, "story-4-scanned")

        # a second scan finds nobody
        await desk.get_by_test_id("scan-field").press_sequentially(EANS[1])
        await desk.keyboard.press("Enter")
        await expect(result.locator("[data-outcome=nobody_waits]")).to_be_visible()
        await picture(desk, "story-5-nobody-waits")

        # both lines are Disponible; she collects one: LP; the rest is shipped: LT
        await desk.get_by_role("link", name="Réservations").click()
        await desk.get_by_role("searchbox", name="Nom").fill("oeuvrard")
        await desk.keyboard.press("Enter")
        kept = desk.get_by_test_id("reservations-table").get_by_role("row").filter(has_text="ŒUVRARD")
        await expect(kept).to_have_count(2)
        await kept.filter(has_text="PAPA-LOUP").click()
        await picture(desk, "story-6-reservations")
        await desk.get_by_test_id("action-bar").get_by_role("button", name="Remettre au client").click()
        await expect(kept.filter(has_text="PAPA-LOUP")).not_to_contain_text("Mise de côté")

        await desk.get_by_role("link", name="Commandes", exact=True).click()
        await desk.get_by_role("searchbox", name="Nom").fill("oeuvrard")
        await desk.keyboard.press("Enter")
        await desk.get_by_test_id("orders-table").get_by_role("row").filter(has_text=str(number)).dblclick()
        await expect(detail).to_contain_text(title + "LP")
        await expect(detail.get_by_test_id("order-lines").get_by_text("Disponible")).to_have_count(2)
        await detail.get_by_text("Actions").click()
        await detail.get_by_role("button", name="Expédier").click()
        await desk.get_by_role("dialog").get_by_role("button", name="Expédier (1)").click()
        await expect(detail).to_contain_text(title + "LT")
        await picture(desk, "story-7-delivered")


class TestTheCurlOfTheStart:
    @pytest.mark.row("C2", "C17")
    async def test_gives_an_order_that_appears_on_the_page(self, desk: Page, counter: Counter) -> None:
        body = json.loads(counter.credentials.curl_body)
        async with counter.client(counter.credentials.shop_key) as shop:
            address = f"/v1/channels/{counter.credentials.channel}/orders/WEB-1001"
            first, second = await shop.put(address, json=body), await shop.put(address, json=body)
        assert (first.status_code, second.status_code) == (201, 200)
        row = desk.get_by_test_id("orders-table").get_by_role("row").filter(has_text=str(first.json()["number"]))
        await expect(row).to_be_visible()
