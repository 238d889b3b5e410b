"""The stock screen: the check, a shelf counted, and what was lost (C19, A41)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import DATABASE, picture
from tests.browser.steps import ask, to
from tests.support.database import Cluster

MINUS = "\N{MINUS SIGN}"


@pytest.fixture
async def stock(desk: Page) -> Page:
    """The page on the stock, by way of « Plus »."""
    await desk.get_by_role("button", name="Plus", exact=True).click()
    await desk.get_by_role("link", name="Stock", exact=True).click()
    await expect(desk.get_by_role("heading", name="Stock", exact=True)).to_be_visible()
    return desk


@asynccontextmanager
async def a_lie(cluster: Cluster, ean: str) -> AsyncIterator[None]:
    """One copy more set aside than there are reservations, until the test has seen it."""
    base = await asyncpg.connect(cluster.server.url(DATABASE))
    try:
        await base.execute("UPDATE stock_level SET set_aside = set_aside + 1 WHERE ean = $1", ean)
        yield
    finally:
        await base.execute("UPDATE stock_level SET set_aside = set_aside - 1 WHERE ean = $1", ean)
        await base.close()


async def shelved(page: Page, copies: int) -> list[tuple[str, str]]:
    """EAN and title of two books of which so many copies are on the shelf, as nobody waits for them."""
    found: list[tuple[str, str]] = []
    for article in (await ask(page, "GET", "/v1/articles?limit=100"))["items"]:
        if not article["digital"] and not article["waiting"] and len(found) < 2:
            missing = copies - article["available"]
            if missing:
                move = {"quantity": missing, "reason": "Essai"}
                await ask(page, "POST", f"/v1/articles/{article['ean']}/movements", move)
            found.append((article["ean"], article["title"]))
    return found


async def scan(page: Page, ean: str) -> None:
    field = page.get_by_test_id("article-field")
    await field.fill(ean)
    await field.press("Enter")
    await expect(lines(page).filter(has_text=ean)).to_be_visible()


def lines(page: Page) -> Locator:
    return page.get_by_test_id("counted-lines").get_by_role("listitem")


@pytest.mark.row("C19")
class TestTheCheck:
    async def test_says_that_all_agrees_or_what_does_not(self, stock: Page, cluster: Cluster) -> None:
        verdict = stock.get_by_test_id("stock-check")
        await stock.get_by_role("button", name="Contrôler maintenant").click()
        await expect(verdict).to_have_attribute("data-clean", "true")
        await expect(verdict).to_contain_text("Tout concorde")
        (ean, title), _ = await shelved(stock, 3)
        async with a_lie(cluster, ean):
            await stock.get_by_role("button", name="Contrôler maintenant").click()
            await expect(verdict).to_have_attribute("data-clean", "false")
        await expect(verdict).to_contain_text("2 écarts trouvés")
        row = verdict.get_by_role("row").filter(has_text="stock et réservations")
        await expect(row).to_contain_text(title)
        await expect(row).to_contain_text("Recomptez l'étagère des réservations")
        await picture(stock, "stock-check")
        await stock.get_by_role("button", name="English").click()
        await expect(verdict).to_contain_text("Count this article on the reservation shelf again")
        await stock.get_by_role("button", name="Français").click()
        past = stock.get_by_test_id("stock-checks").get_by_role("row")
        await past.nth(2).get_by_role("link").click()
        await expect(verdict).to_have_attribute("data-clean", "true")


@pytest.mark.row("A41")
class TestAShelf:
    async def test_counted_is_verified_then_corrected_then_told_in_the_shrinkage(self, stock: Page) -> None:
        (first, title), (second, _) = await shelved(stock, 3)
        await stock.get_by_role("link", name="Inventaire", exact=True).click()
        await expect(stock.get_by_test_id("article-field")).to_be_focused()
        await scan(stock, first)
        await scan(stock, second)
        await scan(stock, second)
        await expect(lines(stock).first).to_contain_text(f"stock 3 · {MINUS}1")
        await stock.get_by_role("spinbutton", name=f"Compté : {title}").fill("0")
        await stock.get_by_role("spinbutton", name=f"Compté : {title}").blur()
        await stock.get_by_label("Pourquoi il en manque").select_option(label="Vol")
        await stock.get_by_label("Motif").fill("Rayon de l'essai")
        await stock.get_by_role("button", name="Vérifier").click()
        differences = stock.get_by_test_id("stock-differences")
        await expect(differences.get_by_role("row").filter(has_text=first)).to_contain_text(f"{MINUS}3")
        assert (await ask(stock, "GET", f"/v1/articles/{first}/stock"))["available"] == 3
        await picture(stock, "stock-count")
        await stock.get_by_role("button", name="Corriger le stock").click()
        await expect(differences.get_by_role("heading")).to_have_text("2 articles corrigés")
        assert (await ask(stock, "GET", f"/v1/articles/{first}/stock"))["available"] == 0
        assert (await ask(stock, "GET", f"/v1/articles/{second}/stock"))["available"] == 2
        await stock.get_by_role("link", name="Démarque", exact=True).click()
        group = stock.get_by_test_id("shrinkage-causes").get_by_role("row").filter(has_text="Rayon de l'essai")
        await expect(group.get_by_role("cell")).to_contain_text(["Vol", "Rayon de l'essai", "4", "€"])
        await picture(stock, "stock-shrinkage")

    async def test_from_which_a_copy_was_sold_meanwhile_is_verified_again(self, stock: Page) -> None:
        (ean, _), _ = await shelved(stock, 3)
        await to(stock, "#/stock/inventaire")
        await scan(stock, ean)
        await stock.get_by_role("button", name="Vérifier").click()
        await expect(stock.get_by_test_id("stock-differences")).to_be_visible()
        await ask(stock, "POST", f"/v1/articles/{ean}/movements", {"quantity": -1, "reason": "Essai"})
        await stock.get_by_role("button", name="Corriger le stock").click()
        await expect(lines(stock).first).to_contain_text("2 en stock à présent, 3 lors du comptage")
        await expect(stock.get_by_test_id("stock-differences")).to_be_hidden()
        assert (await ask(stock, "GET", f"/v1/articles/{ean}/stock"))["available"] == 2
        await stock.get_by_role("button", name="Vérifier").click()
        await stock.get_by_role("button", name="Corriger le stock").click()
        await expect(stock.get_by_role("button", name="Nouvel inventaire")).to_be_visible()
        assert (await ask(stock, "GET", f"/v1/articles/{ean}/stock"))["available"] == 1

    async def test_half_counted_is_still_there_after_a_reload(self, stock: Page) -> None:
        (ean, _), _ = await shelved(stock, 3)
        await to(stock, "#/stock/inventaire")
        await scan(stock, ean)
        await stock.reload()
        await expect(lines(stock).filter(has_text=ean)).to_be_visible()
