"""« Liste des achats en détail »: each till operation and each delivery where the customer was known."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import picture
from tests.browser.order_steps import Book, book, sent, taken
from tests.browser.steps import NUMBERS, ask, field, made, opened, tab
from tests.conftest import Client

pytestmark = pytest.mark.browser

script, customers = steps.script, steps.customers  # fixtures
EURO = "\u00a0€"
MINUS = "\u2212"


def line(customer: dict[str, Any], of: Book, at: str, amount: str, **fields: object) -> dict[str, object]:
    """A line of a ticket, as a till tells it."""
    return {
        "reference": f"A{next(NUMBERS)}",
        "source": "till",
        "at": f"{at}T10:00:00Z",
        "customer_id": customer["id"],
        "ean": of.ean,
        "quantity": 1,
        "amount": {"amount": amount},
        "document": "T1-1187",
        **fields,
    }


async def told(page: Page, *lines: dict[str, object]) -> None:
    answer = await ask(page, "POST", "/v1/purchases", {"purchases": list(lines)})
    assert answer["created"] == len(lines), answer


@pytest.mark.row("A68")
async def test_lists_what_was_bought_and_brought_back_with_its_order(customers: Page, script: Client) -> None:
    customer = await made(script)
    first, other = await book(customers, stock=3, price="20.00"), await book(customers, price="8.00")
    bought = line(customer, other, "2025-03-10", "16.00", quantity=2)
    back = line(customer, other, "2025-03-12", "-8.00", quantity=-1, undoes=bought["reference"], document="T1-1200")
    await told(customers, bought, back)
    order = await taken(customers, first, customer_id=customer["id"])
    await sent(customers, order, "deliveries", {"lines": [{"line_id": order["lines"][0]["id"], "quantity": 1}]})

    panel = await tab(await opened(customers, customer), "Liste des achats en détail")
    rows = panel.get_by_test_id("purchases-table").locator("tbody tr")
    await expect(rows).to_have_count(3)
    await expect(rows.nth(0)).to_contain_text(first.title)
    await expect(rows.nth(0).get_by_role("link")).to_contain_text("Cde")
    await expect(rows.nth(1)).to_contain_text("Retour")
    await expect(rows.nth(1)).to_have_class(re.compile("marked"))
    await expect(rows.nth(1)).to_have_css("background-color", "rgb(252, 240, 216)")
    await expect(rows.nth(1)).to_contain_text(f"{MINUS}8,00{EURO}")
    await expect(rows.nth(2)).to_contain_text("Caisse T1-1187")
    await expect(rows.nth(2)).to_contain_text("10/03/2025")
    await expect(panel.get_by_test_id("purchases-total")).to_have_text(f"28,00{EURO}")
    await picture(customers, "purchases")

    # a period, the last day out; an article
    await field(panel, "Du").fill("2025-03-01")
    await field(panel, "au (exclu)").fill("2025-03-12")
    await expect(rows).to_have_count(1)
    await expect(panel.get_by_test_id("purchases-total")).to_have_text(f"16,00{EURO}")
    await panel.get_by_role("button", name="Tout", exact=True).click()
    await expect(rows).to_have_count(3)
    await field(panel, "Code article").fill(first.ean)
    await expect(rows).to_have_count(1)
    await field(panel, "Code article").fill("12")
    await expect(panel).to_contain_text("13 chiffres")
    await field(panel, "Code article").fill("")
    await panel.get_by_role("button", name="12 derniers mois").click()
    await expect(rows).to_have_count(1)
    await rows.get_by_role("link").click()
    await expect(customers.get_by_test_id("order-detail")).to_contain_text(f"numéro {order['number']} →")


@pytest.mark.row("A68")
async def test_goes_on_beyond_one_page_and_hears_of_new_ones(customers: Page, script: Client) -> None:
    customer, of = await made(script), await book(customers)
    await told(customers, *(line(customer, of, "2026-05-01", "10.00") for _ in range(60)))
    panel = await tab(await opened(customers, customer), "Liste des achats en détail")
    rows = panel.get_by_test_id("purchases-table").locator("tbody tr")
    await expect(rows).to_have_count(50)
    await panel.get_by_role("button", name="Suite").click()
    await expect(rows).to_have_count(60)
    await expect(panel.get_by_test_id("purchases-total")).to_have_text(f"600,00{EURO}")
