"""The search of the customer file by what was bought and by the loyalty card (A44, A45)."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import picture
from tests.browser.order_steps import book
from tests.browser.steps import NUMBERS, ask, field, made, table
from tests.browser.test_loyalty import TEN, holder, programs, told
from tests.browser.test_purchases import line
from tests.browser.test_purchases import told as told_lines
from tests.conftest import Client

pytestmark = pytest.mark.browser

script, customers = steps.script, steps.customers  # fixtures


async def criteria(page: Page) -> Locator:
    """All criteria of the search, in sight."""
    await page.get_by_role("button", name="Plus de critères").click()
    return page.get_by_role("search")


async def finds(page: Page, *names: object) -> None:
    """The list holds these customers and nobody else."""
    await expect(page.get_by_test_id("record-count")).to_have_text(str(len(names)))
    for name in names:
        await expect(table(page)).to_contain_text(str(name))


class TestTheSearch:
    @pytest.mark.row("A45")
    async def test_finds_who_is_one_purchase_away_from_the_reward(self, customers: Page, script: Client) -> None:
        await programs(customers, TEN)
        of = await book(customers)
        near, far = await holder(customers, script), await holder(customers, script)
        await told(customers, near, of, 9)
        await told(customers, far, of, 4)
        form = await criteria(customers)
        await form.get_by_role("button", name="À un achat de la remise").click()
        await expect(table(customers)).to_contain_text(str(near["name"]))
        await expect(table(customers)).not_to_contain_text(str(far["name"]))
        await expect(customers.get_by_test_id("filter-chips")).to_contain_text("À 1 achat de la remise")
        await field(form, "Code Article").fill(of.ean)
        await finds(customers, near["name"])
        await picture(customers, "customers-one-short")

        await form.get_by_role("button", name="À un achat de la remise").click()
        await field(form, "Fidélité : Nb d\u2019achats en cours").fill("4")
        await finds(customers, far["name"])
        await field(form, "Fidélité : Nb d\u2019achats en cours").fill("")
        await finds(customers, near["name"], far["name"])
        await field(form, "Nb d\u2019achats, au moins").fill("5")
        await finds(customers, near["name"])

    @pytest.mark.row("A44")
    async def test_finds_by_period_author_category_and_last_but_one_title(
        self, customers: Page, script: Client
    ) -> None:
        number = next(NUMBERS)
        author, series = f"AUTEURE{number}", f"SAGA{number}"
        category = f"K{number}"
        await ask(customers, "PUT", f"/v1/categories/{category}", {"label": "Rayon d'essai", "level": "category"})
        older = await book(customers, author=author, title=f"{series} 1", published_on="2025-01-10", category=category)
        newer = await book(customers, author=author, title=f"{series} 2", published_on="2026-01-10")
        one, two = await made(script), await made(script)
        await told_lines(
            customers,
            line(one, older, "2025-02-01", "10.00"),
            line(two, newer, "2026-02-01", "10.00"),
        )
        form = await criteria(customers)
        await field(form, "Nom Auteur").fill(author[:8])
        await field(form, "Achat du").fill("2026-01-01")
        await finds(customers, two["name"])
        await field(form, "Achat du").fill("")
        await finds(customers, one["name"], two["name"])
        await field(form, "Nom Auteur").fill("")
        await field(form, "A acheté l\u2019avant-dernier titre de l\u2019auteur").fill(author)
        await finds(customers, one["name"])
        await field(form, "A acheté l\u2019avant-dernier titre de l\u2019auteur").fill("")
        await field(form, "A acheté l\u2019avant-dernier titre de la série").fill(series)
        await finds(customers, one["name"])
        await field(form, "A acheté l\u2019avant-dernier titre de la série").fill("")
        await form.get_by_role("button", name="Catégories d\u2019articles").click()
        await form.get_by_role("checkbox", name=category).check()
        await finds(customers, one["name"])
        await expect(customers.get_by_test_id("filter-chips")).to_contain_text("Rayon d'essai")
        await picture(customers, "customers-bought")


async def invoiced(page: Page, customer: dict[str, Any], number: str, total: str, due: str = "2026-06-30") -> None:
    body = {
        "customer_id": customer["id"],
        "issued_on": "2026-05-31",
        "due_on": due,
        "total": {"amount": total},
    }
    await ask(page, "PUT", f"/v1/invoices/{number}", body)


class TestTheInvoicesOfTheSelection:
    @pytest.mark.row("A52")
    async def test_are_those_of_the_search_or_of_the_customers_marked(self, customers: Page, script: Client) -> None:
        town = f"Ville{next(NUMBERS)}"
        one = await made(script, address={"town": town})
        two = await made(script, address={"town": town})
        first, second = f"F{next(NUMBERS)}", f"F{next(NUMBERS)}"
        await invoiced(customers, one, first, "118.40")
        await invoiced(customers, two, second, "1000.00")
        form = await criteria(customers)
        await field(form, "Ville").fill(town)
        await finds(customers, one["name"], two["name"])
        await customers.get_by_text("Courrier et listes", exact=False).or_(customers.locator("summary")).first.click()
        await customers.get_by_role("button", name="Factures « NR »").first.click()
        dialog = customers.get_by_role("dialog")
        await expect(dialog.get_by_test_id("unpaid-summary")).to_contain_text("2 factures, 1\u202f118,40\u00a0€")
        await expect(dialog.get_by_test_id("unpaid-invoices")).to_contain_text(first)
        await expect(dialog.get_by_test_id("unpaid-invoices")).to_contain_text("de retard")
        await picture(customers, "customers-unpaid")
        await dialog.get_by_role("button", name="Fermer").click()

        await table(customers).get_by_role("row").filter(has_text=str(one["name"])).click()
        await customers.get_by_test_id("action-bar").get_by_role("button", name="Factures « NR »").click()
        await expect(dialog.get_by_test_id("unpaid-summary")).to_contain_text("1 facture, 118,40\u00a0€")
        await expect(dialog.get_by_test_id("unpaid-invoices")).not_to_contain_text(second)
        await dialog.get_by_role("link", name=first).click()
        await expect(customers.get_by_test_id("invoice-record")).to_contain_text(f"Facture {first}")
