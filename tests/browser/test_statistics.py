"""The statistics screen: sales by one thing, their chart, files, paper, and the lending right (A67, B16-B18, R13, R14)."""

import io
from collections.abc import AsyncIterator, Mapping

import asyncpg
import pypdfium2
import pytest
from openpyxl import load_workbook
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import DATABASE, picture
from tests.browser.steps import ask, to
from tests.support.database import Cluster

NBSP, EN_DASH = "\N{NO-BREAK SPACE}", "\N{EN DASH}"
SOLD = (("2011-03-05", 2), ("2011-04-10", 1), ("2011-04-11", -1))
"""Copies at 10.55 a copy, 10.00 without VAT, in a year of which the demo shop knows nothing."""


@pytest.fixture
async def library(desk: Page, cluster: Cluster) -> AsyncIterator[Mapping[str, str]]:
    """A lending library with purchases in 2011, of which the last has no invoice."""
    card = await ask(
        desk, "POST", "/v1/customers", {"name": "MEDIATHEQUE ESSAI", "kind": "organisation", "lending_library": True}
    )
    base = await asyncpg.connect(cluster.server.url(DATABASE))
    identity = card["id"].removeprefix("cus_")
    try:
        for day, copies in SOLD:
            await base.execute(
                "INSERT INTO purchase (dossier_id, purchase_id, customer_id, at, ean, title, quantity, amount, net, "
                "list_price, vat_rate, author_key, kind, digital, school_book, buyer, shipped, source, reference, by, "
                "document) SELECT c.dossier_id, gen_random_uuid(), c.customer_id, ($2 || 'T10:00Z')::timestamptz, "
                "'9782070612758', 'Essai', $3::int, 10.55 * $3::int, 10.00 * $3::int, 10.55, 5.5, '', 'book', false, false, 'library', "
                "false, 'till', 'essai ' || $2, 'key:essai', CASE WHEN $3::int > 0 THEN 'F2011-' || $3::int END "
                "FROM customer c WHERE c.customer_id = $1::uuid",
                identity,
                day,
                copies,
            )
        yield card
    finally:
        await base.execute("DELETE FROM purchase WHERE customer_id = $1::uuid", identity)
        await base.close()


async def opened(page: Page, tab: str = "month") -> None:
    await to(page, f"#/statistiques/{tab}")
    await expect(page.get_by_test_id("statistics-screen")).to_be_visible()


async def months(page: Page, start: str, end: str) -> None:
    await page.get_by_label("Du mois").fill(start)
    await page.get_by_label("au mois").fill(end)


def rows(page: Page) -> Locator:
    return page.get_by_test_id("statistics").locator("tbody tr")


def total(page: Page) -> Locator:
    return page.get_by_test_id("statistics").locator("tfoot")


@pytest.mark.browser
class TestStatistics:
    @pytest.mark.row("B17", "B18")
    async def test_are_reached_from_the_menu_and_show_this_fiscal_year(self, desk: Page) -> None:
        await desk.get_by_role("button", name="Plus", exact=True).click()
        await desk.get_by_role("link", name="Statistiques", exact=True).click()
        await expect(desk.get_by_role("button", name="Cet exercice")).to_have_attribute("aria-pressed", "true")
        await expect(desk.get_by_test_id("statistics-chart").get_by_role("img")).to_be_visible()
        await picture(desk, "statistics-months")
        await desk.get_by_role("button", name="Exercice précédent").click()
        await expect(desk.get_by_role("button", name="Exercice précédent")).to_have_attribute("aria-pressed", "true")
        await desk.get_by_role("link", name="Clients", exact=True).last.click()
        await expect(desk.get_by_role("button", name="Exercice précédent")).to_have_attribute("aria-pressed", "true")

    @pytest.mark.row("B17")
    async def test_by_month_have_french_figures_and_a_chart_that_says_them(
        self, desk: Page, library: Mapping[str, str]
    ) -> None:
        await opened(desk)
        await months(desk, "2011-01", "2011-12")
        await expect(rows(desk)).to_have_count(12)
        await expect(rows(desk).nth(2)).to_contain_text(f"mars 2011221,10{NBSP}€20,00{NBSP}€100,00{NBSP}%1")
        await expect(rows(desk).nth(3)).to_contain_text("avril 2011")
        await expect(total(desk)).to_contain_text(f"221,10{NBSP}€20,00{NBSP}€")
        chart = desk.get_by_test_id("statistics-chart").get_by_role("img", name="CA HT par mois")
        await expect(chart.locator("rect")).to_have_count(12)
        heights = await chart.locator("rect").evaluate_all(
            "bars => bars.map(bar => Number(bar.getAttribute('height')))"
        )
        assert [height > 0 for height in heights] == [month == 2 for month in range(12)]
        await expect(chart.locator("desc")).to_contain_text("mars 2011")
        await expect(chart.locator("text", has_text="sept. 2011")).to_be_visible()

    @pytest.mark.row("A67")
    async def test_are_sorted_by_a_tap_and_tell_collectivities_apart(
        self, desk: Page, library: Mapping[str, str]
    ) -> None:
        await opened(desk, "buyer")
        await months(desk, "2011-01", "2011-12")
        await expect(rows(desk)).to_contain_text(["Particuliers", "Collectivités", "Bibliothèques de prêt"])
        await desk.get_by_role("button", name="CA HT", exact=True).click()
        await expect(rows(desk)).to_contain_text(["Collectivités", "Bibliothèques de prêt", "Particuliers"])
        await expect(desk.get_by_role("columnheader", name="CA HT", exact=True)).to_have_attribute(
            "aria-sort", "descending"
        )

    async def test_of_one_customer_are_kept_as_a_workbook(self, desk: Page, library: Mapping[str, str]) -> None:
        await opened(desk, f"month/{library['id']}")
        await months(desk, "2011-03", "2011-04")
        await expect(desk.get_by_text("Client : MEDIATHEQUE ESSAI")).to_be_visible()
        await expect(rows(desk)).to_have_count(2)
        async with desk.expect_download() as kept:
            await desk.get_by_role("button", name="Excel").click()
        download = await kept.value
        assert download.suggested_filename == "statistiques-month-2011-03-2011-04.xlsx"
        book = load_workbook(io.BytesIO((await download.path()).read_bytes()))
        assert [cell.value for cell in book.worksheets[0][2]][1:4] == [2, 21.1, 20]
        await desk.get_by_role("button", name="Tous les clients").click()
        await expect(desk.get_by_text("Client : MEDIATHEQUE ESSAI")).to_be_hidden()

    async def test_are_printed_without_the_page_around_them(self, desk: Page, library: Mapping[str, str]) -> None:
        await opened(desk, "customer")
        await months(desk, "2011-01", "2011-12")
        await expect(rows(desk)).to_have_count(1)
        paper = pypdfium2.PdfDocument(await desk.pdf(format="A4"))
        text = paper[0].get_textpage().get_text_range()
        assert "MEDIATHEQUE ESSAI" in text
        assert f"janv. 2011 {EN_DASH} déc. 2011" in text
        assert "Imprimer" not in text
        assert "Réservations" not in text
        paper.close()


@pytest.mark.browser
@pytest.mark.row("R13", "R14")
async def test_the_lending_right_is_shown_by_invoice_with_what_is_missing(
    desk: Page, library: Mapping[str, str]
) -> None:
    await opened(desk, "droit-de-pret")
    await months(desk, "2011-01", "2011-12")
    table = desk.get_by_test_id("lending")
    await expect(table.locator("tbody tr")).to_have_count(2)
    await expect(table.locator("tbody tr").last).to_contain_text(f"F2011-205/03/2011MEDIATHEQUE ESSAI 220,00{NBSP}€")
    await expect(table.locator("tfoot")).to_contain_text(f"30,00{NBSP}€1,80{NBSP}€")
    missing = desk.get_by_test_id("lending-missing")
    await expect(missing.locator("tbody tr")).to_contain_text("n'a pas de numéro de facture")
    await picture(desk, "lending-right")
    async with desk.expect_download() as kept:
        await desk.get_by_role("button", name="CSV").click()
    lines = (await (await kept.value).path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Fournisseur;GLN fournisseur;")
    assert lines[-1].endswith(";30,00;1,80")
