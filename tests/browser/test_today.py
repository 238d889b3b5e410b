"""Aujourd'hui: what there is to do with how much of it, and whose books are ready, on every screen that knows the customer."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.order_steps import book, order_now, pressed, shown, taken
from tests.browser.reserve_steps import Ages, aged, kept, name, now
from tests.browser.steps import NUMBERS, ask, opened, to
from tests.browser.supply import pictures

pytestmark = pytest.mark.browser
__all__ = ["aged"]


def tile(page: Page, title: str) -> Locator:
    return page.get_by_test_id("today").get_by_role("button", name=re.compile(title))


async def count(page: Page, query: str) -> int:
    found: int = (await ask(page, "GET", f"/v1/reservations/count?state=set_aside{query}"))["count"]
    return found


async def customer(page: Page, **fields: object) -> dict[str, Any]:
    made: dict[str, Any] = await ask(page, "POST", "/v1/customers", {"name": name(), **fields})
    return made


class TestTheListsOfTheDay:
    @pytest.mark.row("P8", "P32", "A38")
    async def test_say_how_much_there_is_and_lead_to_it(self, desk: Page, aged: Ages) -> None:
        expired, old, wanted = [await kept(desk) for _ in range(3)]
        await aged(expired, days=3, left=-1)
        await aged(old, days=30, left=4)
        await ask(desk, "POST", f"/v1/reservations/{wanted['id']}/cancellation-request", {"reason": None})
        await desk.get_by_role("link", name="Aujourd").click()
        lists = {
            "À relancer aujourd.hui": "&to_remind=true",
            "À remettre en rayon": "&expired=true",
            "En réserve depuis longtemps": "&old=true",
            "Annulations demandées": "&cancel_requested=true",
        }
        for title, query in lists.items():
            await expect(tile(desk, title)).to_contain_text(re.compile(rf"^\s*{await count(desk, query)}\s"))
        await pictures(desk, "today")
        await tile(desk, "À remettre en rayon").click()
        table = desk.get_by_test_id("reservations-table")
        await expect(table.locator(f'[data-id="{expired["id"]}"]')).to_contain_text("expirée")
        await expect(table.locator(f'[data-id="{old["id"]}"]')).to_have_count(0)
        await expect(desk.get_by_test_id("today-lists").get_by_role("button", pressed=True)).to_contain_text(
            "À remettre en rayon"
        )

    @pytest.mark.row("P8", "C15")
    async def test_count_again_by_themselves_when_something_changes(self, desk: Page, aged: Ages) -> None:
        expired = await kept(desk)
        await aged(expired, days=3, left=-1)
        await to(desk, "#/aujourdhui")
        before = await count(desk, "&expired=true")
        shelve = tile(desk, "À remettre en rayon")
        await expect(shelve).to_contain_text(re.compile(rf"^\s*{before}\s"))
        await ask(desk, "POST", "/v1/reservations/release", {"reservation_ids": [expired["id"]], "restock": True})
        await expect(shelve).to_contain_text(re.compile(rf"^\s*{before - 1}\s"))


class TestReadyForACustomer:
    @pytest.mark.row("P30")
    async def test_is_found_by_name_or_by_card_and_handed_over_with_one_button(self, desk: Page) -> None:
        code = f"29900{next(NUMBERS):08}"
        who = await customer(desk, barcode=code)
        mine = [await kept(desk, customer_id=who["id"]) for _ in range(2)]
        other = await kept(desk)
        await to(desk, "#/aujourdhui")
        found = desk.get_by_test_id("ready")
        await desk.get_by_role("searchbox").fill(str(who["name"]).lower())
        await expect(found).to_have_count(1)
        await expect(found).to_contain_text("2 exemplaires prêts")
        await desk.get_by_role("searchbox").fill(other["customer_name"])
        await expect(found).to_contain_text(other["title"])
        await desk.get_by_role("searchbox").fill(code)
        await expect(found).to_contain_text(str(who["code"]))
        await pictures(desk, "today-ready")
        await pressed(found, "Remettre au client (2)").click()
        await expect(desk.get_by_text("Rien n")).to_be_visible()
        assert [(await now(desk, each))["state"] for each in mine] == ["collected"] * 2
        assert (await now(desk, other))["state"] == "set_aside"

    @pytest.mark.row("P30")
    async def test_stands_on_the_customers_card(self, desk: Page) -> None:
        who = await customer(desk)
        novel = await book(desk, stock=3)
        one = await kept(desk, novel, customer_id=who["id"], quantity=2, place="K3")
        card = await opened(desk, who)
        box = card.get_by_test_id("ready")
        await expect(box).to_contain_text("Prêt pour ce client · 2 exemplaires prêts")
        await expect(box).to_contain_text(novel.title)
        await expect(box).to_contain_text("K3")
        await pictures(desk, "ready-card")
        await pressed(box, "Remettre au client (2)").click()
        await expect(box).to_have_count(0)
        assert (await now(desk, one))["state"] == "collected"
        # what is set aside meanwhile appears without a reload
        await kept(desk, novel, customer_id=who["id"])
        await expect(box).to_contain_text("1 exemplaire prêt")

    @pytest.mark.row("P30")
    async def test_stands_on_the_order_of_a_customer_and_of_a_free_name(self, desk: Page) -> None:
        who = await customer(desk)
        novel = await book(desk, stock=1)
        order = await taken(desk, novel, customer_id=who["id"])
        await kept(desk, customer_id=who["id"])
        await ask(desk, "POST", "/v1/scans", {"ean": novel.ean})
        detail = await shown(desk, order)
        box = detail.get_by_test_id("ready")
        await expect(box).to_contain_text("2 exemplaires prêts · 1 commande en cours")
        await pictures(desk, "ready-order")
        await pressed(box, "Remettre au client (2)").click()
        await expect(detail.get_by_role("heading").first).to_contain_text("Statut : LT")
        assert (await order_now(desk, order))["status"] == "LT"

        another = await book(desk, stock=1)
        free = await taken(desk, another)
        await ask(desk, "POST", "/v1/scans", {"ean": another.ean})
        detail = await shown(desk, free)
        await expect(detail.get_by_test_id("ready")).to_contain_text("1 exemplaire prêt")


class TestInEnglish:
    @pytest.mark.row("A33", "A27", "P8")
    async def test_the_three_screens_speak_it_too(self, desk: Page) -> None:
        novel, who = await book(desk, stock=1), name()
        await taken(desk, novel, contact={"name": who})
        await desk.get_by_role("button", name="English").click()
        await to(desk, "#/aujourdhui")
        await expect(desk.get_by_test_id("today").get_by_role("heading", name="Today")).to_be_visible()
        await expect(tile(desk, "To put back on the shelf")).to_contain_text(re.compile(r"^\s*\d"))
        await pictures(desk, "today-english")
        await to(desk, "#/reserve")
        await desk.get_by_test_id("scan-field").press_sequentially(novel.ean)
        await desk.keyboard.press("Enter")
        await expect(desk.get_by_test_id("scan-result")).to_contain_text(f"Set aside for {who}")
        await pictures(desk, "scan-english")
        await to(desk, "#/reservations")
        await desk.get_by_role("searchbox", name="name").fill(who)
        await desk.keyboard.press("Enter")
        row = desk.get_by_test_id("reservations-table").get_by_role("row").filter(has_text=who)
        await row.click()
        await expect(pressed(desk.get_by_test_id("action-bar"), "Hand to customer")).to_be_enabled()
        await pictures(desk, "reservations-english")
        await pressed(desk.get_by_test_id("action-bar"), "Send SMS").click()
        dialog = desk.get_by_role("dialog", name="Send SMS")
        await expect(dialog.get_by_test_id("remind-withheld")).to_contain_text(who)
        await pictures(desk, "reservations-remind-english")
