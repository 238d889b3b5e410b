"""What browser tests of the supply side share: what they make in the shop, and pictures of both ways to hold a tablet."""

from itertools import count
from typing import Any

from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import picture
from tests.browser.steps import ask, to

LANDSCAPE, PORTRAIT = ViewportSize(width=1024, height=768), ViewportSize(width=768, height=1024)
SERIAL = count(1)
"""For what must be new in the shop that all browser tests share."""


async def pictures(page: Page, name: str) -> None:
    """Both ways of holding a tablet."""
    await page.set_viewport_size(PORTRAIT)
    await picture(page, f"{name}-portrait")
    await page.set_viewport_size(LANDSCAPE)
    await picture(page, name)


def isbn() -> str:
    """An ISBN that no other test has."""
    digits = f"97929{next(SERIAL):07d}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


async def new_supplier(page: Page) -> dict[str, Any]:
    name = f"DIFFUSEUR {next(SERIAL)}"
    found: dict[str, Any] = await ask(page, "POST", "/v1/third-parties", {"type": "supplier", "name": name})
    return found


async def new_article(page: Page, title: str, **fields: object) -> str:
    ean = isbn()
    price = {"amount": "12.20", "currency": "EUR"}
    await ask(page, "PUT", f"/v1/articles/{ean}", {"title": title, "list_price": price, **fields})
    return ean


async def new_order(page: Page, name: str, *lines: tuple[str, int]) -> dict[str, Any]:
    body = {"contact": {"name": name}, "lines": [{"ean": ean, "quantity": quantity} for ean, quantity in lines]}
    found: dict[str, Any] = await ask(page, "POST", "/v1/orders", body)
    return found


async def asked_of(page: Page, order: dict[str, Any], supplier: dict[str, Any], *, sent: bool) -> dict[str, Any]:
    """A supplier order for all lines of a customer's."""
    lines = [{"line_id": line["id"]} for line in order["lines"]]
    body = {"lines": lines, "supplier_id": supplier["id"], "new": True}
    (made,) = (await ask(page, "POST", "/v1/supplier-orders", body))["items"]
    if not sent:
        return dict(made)
    address = f"/v1/supplier-orders/{made['id']}/validate"
    found: dict[str, Any] = await ask(page, "POST", address, {}, version=made["version"])
    return found


async def record_of(page: Page, supply: dict[str, Any]) -> Locator:
    await to(page, f"#/fournisseurs/{supply['id']}")
    record = page.get_by_test_id("supplier-order")
    await expect(record).to_contain_text(f"Commande fournisseur numéro {supply['number']} →")
    return record
