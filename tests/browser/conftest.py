"""The demo shop, served with its page, and a bookseller who has logged in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from infra.demo import DemoCredentials, load_if_empty
from tests.conftest import Client
from tests.support.database import Cluster, passable_folder
from tests.support.server import PAGE, ROOT, serving

SCREENS = ROOT / "reports" / "screens"
DATABASE = "comptoir_browser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """The demo shop on its address."""

    url: str
    credentials: DemoCredentials

    def client(self, key: str) -> Client:
        """A script or a web shop with this key."""
        return Client(base_url=self.url, headers={"authorization": f"Bearer {key}"}, timeout=30.0)


@pytest.fixture(scope="session")
async def counter(cluster: Cluster) -> AsyncIterator[Counter]:
    """One demo shop for all browser tests; each makes what it changes."""
    assert (PAGE / "index.html").is_file(), "the page is not built: run `make test`, or `npm run build` in frontend"
    await cluster.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {cluster.template}")
    url = cluster.server.url(DATABASE)
    credentials = await load_if_empty(url, passable_folder())
    assert credentials is not None
    async with serving(url, page=PAGE) as server:
        yield Counter(url=server.url, credentials=credentials)
    await cluster.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.fixture
async def desk(page: Page, counter: Counter) -> Page:
    """The page, logged in, on the order search."""
    await page.goto(counter.url)
    await page.get_by_label("Identifiant").fill(counter.credentials.login)
    await page.get_by_label("Mot de passe").fill(counter.credentials.password)
    await page.get_by_role("button", name="Se connecter").click()
    await expect(page.get_by_test_id("orders-table")).to_be_visible()
    return page


async def picture(page: Page, name: str) -> None:
    """Keep what the page shows, for people to look at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=Path(SCREENS) / f"{name}.png")
