"""What browser tests do beside the page: ask and change the shop as the person who is logged in."""

from collections.abc import Mapping
from typing import Any

from playwright.async_api import Page

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
