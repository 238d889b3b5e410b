"""What browser tests share: asking and changing the shop beside the page, and the ways about the customer file."""

from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Counter
from tests.conftest import Client

OK, CREATED = 200, 201
NUMBERS = count(1)
"""For what must be new in the shop that all browser tests share."""

ASK = """
async ({method, path, body, version}) => {
  const me = await (await fetch("/v1/me")).json();
  const headers = {"x-csrf-token": me.csrf_token ?? "", "content-type": "application/json"};
  if (method === "POST") headers["idempotency-key"] = Math.random().toString(36);
  if (version !== null) headers["if-match"] = `"${version}"`;
  const answer = await fetch(path, {method, headers, body: body === null ? undefined : JSON.stringify(body)});
  const text = await answer.text();
  return {status: answer.status, body: text ? JSON.parse(text) : null};
}
"""


async def ask(
    page: Page, method: str, path: str, body: Mapping[str, object] | None = None, *, version: int | None = None
) -> Any:
    """The body of a good answer to the session of ``page``."""
    answer = await page.evaluate(ASK, {"method": method, "path": path, "body": body, "version": version})
    assert answer["status"] < 300, answer
    return answer["body"]


async def to(page: Page, hash_: str) -> None:
    """Another screen of the page, without loading it anew."""
    await page.evaluate("hash => { window.location.hash = hash; }", hash_)


@pytest.fixture
async def script(counter: Counter) -> AsyncIterator[Client]:
    """A program beside the page: what is saved is read back through it, and it changes cards behind the page's back."""
    async with counter.client(counter.credentials.script_key) as client:
        yield client


@pytest.fixture
async def customers(desk: Page) -> Page:
    """The page on the customer search."""
    await desk.get_by_role("link", name="Clients", exact=True).click()
    await expect(desk.get_by_test_id("customers-table")).to_be_visible()
    return desk


def table(page: Page) -> Locator:
    return page.get_by_test_id("customers-table")


def card(page: Page) -> Locator:
    return page.get_by_test_id("customer-card")


async def made(script: Client, **fields: object) -> dict[str, object]:
    """A new customer with a name of its own."""
    body = {"name": f"ESSAI{next(NUMBERS)}", **fields}
    answer = await script.post("/v1/customers", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


async def now(script: Client, customer: dict[str, object], part: str = "") -> dict[str, object]:
    """The card as the API has it, or one of its lists."""
    answer = await script.get(f"/v1/customers/{customer['id']}{part}")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def items(script: Client, customer: dict[str, object], part: str) -> list[dict[str, object]]:
    listed = (await now(script, customer, part))["items"]
    assert isinstance(listed, list)
    return listed


async def change(script: Client, customer: dict[str, object], **fields: object) -> None:
    """Somebody else changes the card."""
    version = (await now(script, customer))["version"]
    answer = await script.patch(f"/v1/customers/{customer['id']}", json=fields, headers={"if-match": f'"{version}"'})
    assert answer.status_code == 200, answer.text


async def opened(page: Page, customer: dict[str, object]) -> Locator:
    """The card of a customer, by its address."""
    await page.evaluate("id => { location.hash = '#/clients/' + id }", customer["id"])
    await expect(card(page)).to_contain_text(f"Client {customer['code']} →")
    return card(page)


async def tab(where: Locator, name: str) -> Locator:
    """The tab of that name, chosen; its panel."""
    await where.get_by_role("tab", name=name, exact=True).click()
    panel = where.get_by_role("tabpanel", name=name, exact=True)
    await expect(panel).to_be_visible()
    return panel


def field(where: Locator, label: str) -> Locator:
    """What is typed in, by the label it has."""
    return where.get_by_label(label, exact=True).and_(where.page.locator("input, select, textarea"))


async def saved(page: Page) -> None:
    """Ctrl+S, and the server says that it is done."""
    async with page.expect_response(lambda answer: answer.request.method == "PATCH") as answer:
        await page.keyboard.press("Control+s")
    assert (await answer.value).status == OK
    await expect(card(page).get_by_role("button", name="Enregistrer", exact=True).first).to_be_disabled()


async def searched(page: Page, text: str) -> None:
    await page.get_by_role("searchbox").fill(text)
    await page.keyboard.press("Enter")
