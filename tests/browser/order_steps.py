"""What the browser tests of orders share: books and orders of their own, and the ways about the order."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page, expect
from stdnum import ean as check

from tests.browser.steps import NUMBERS, ask, to

PDF = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """An article that no other test knows."""

    ean: str
    title: str


async def book(page: Page, *, stock: int = 0, price: str = "10.00", **fields: object) -> Book:
    """A new book of ten euros, with so many copies on the shelf."""
    number = next(NUMBERS)
    body = f"97829{number:07}"
    found = Book(ean=f"{body}{check.calc_check_digit(body)}", title=f"LIVRE D'ESSAI {number}")
    card = {"title": found.title, "author": "AUTEUR", "publisher": "EDITEUR", "list_price": {"amount": price}, **fields}
    await ask(page, "PUT", f"/v1/articles/{found.ean}", card)
    if stock:
        await ask(page, "POST", f"/v1/articles/{found.ean}/movements", {"quantity": stock, "reason": "Essai"})
    return found


async def taken(page: Page, *books: Book, quantity: int = 1, **fields: object) -> dict[str, Any]:
    """An order of these books, for a name of its own unless ``fields`` say whose."""
    who: dict[str, object] = {} if "customer_id" in fields else {"contact": {"name": f"ESSAI{next(NUMBERS)}"}}
    lines = [{"ean": each.ean, "quantity": quantity} for each in books]
    made: dict[str, Any] = await ask(page, "POST", "/v1/orders", {"lines": lines, **who, **fields})
    return made


async def order_now(page: Page, order: dict[str, Any]) -> dict[str, Any]:
    """The order as the API has it."""
    found: dict[str, Any] = await ask(page, "GET", f"/v1/orders/{order['id']}")
    return found


async def shown(page: Page, order: dict[str, Any]) -> Locator:
    """The order on the page."""
    await to(page, f"#/commandes/{order['id']}")
    detail = page.get_by_test_id("order-detail")
    await expect(detail).to_contain_text(f"numéro {order['number']} →")
    return detail


def row(detail: Locator, of: Book) -> Locator:
    """The line of that book."""
    return detail.get_by_test_id("order-lines").get_by_role("row").filter(has_text=of.ean)


def pressed(where: Locator, name: str) -> Locator:
    """The button of exactly that name."""
    return where.get_by_role("button", name=name, exact=True)


async def action(detail: Locator, name: str) -> None:
    """Something of the list « Actions »."""
    await detail.get_by_text("Actions", exact=False).first.click()
    await pressed(detail, name).click()


async def status(detail: Locator, letters: str) -> None:
    await expect(detail.get_by_role("heading").first).to_contain_text(f"Statut : {letters}")


async def supplier(page: Page) -> str:
    """The id of a supplier of the demo shop."""
    found: str = (await ask(page, "GET", "/v1/third-parties?type=supplier&limit=1"))["items"][0]["id"]
    return found


async def sent(page: Page, order: dict[str, Any], path: str, body: dict[str, object]) -> Any:
    """Something done with the order beside the page, on its present version."""
    version = (await order_now(page, order))["version"]
    return await ask(page, "POST", f"/v1/orders/{order['id']}/{path}", body, version=version)
