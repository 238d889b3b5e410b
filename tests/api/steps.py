"""What the HTTP tests do again and again, said once; each step asserts that it went as it should."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx

RUE = "9791094908020"
CHUT = "9782364744103"
NUIT = "9782364749276"
BOUTON = "9782092512746"
DELIVREZ = "9782211038614"
EBOOK = "9782211217088"
UNKNOWN = "9782070612758"
"""A valid EAN that no article of the tests has."""

SHELF = (RUE, CHUT, NUIT, BOUTON, DELIVREZ)

Json = dict[str, Any]
Connection = asyncpg.Connection


def euros(amount: str) -> Json:
    return {"amount": amount, "currency": "EUR"}


def line(ean: str = RUE, quantity: int = 1, **more: object) -> Json:
    return {"ean": ean, "quantity": quantity, **more}


def push_body(*lines: Json, name: str = "MARTIN", paid: bool = True, **more: object) -> Json:
    return {"contact": {"name": name}, "lines": list(lines) or [line()], "paid": paid, **more}


async def push(http: httpx.AsyncClient, external_id: str, *lines: Json, expect: int = 201, **more: Any) -> Json:
    """An order pushed by the web shop."""
    return await put(http, f"/v1/channels/boutique/orders/{external_id}", push_body(*lines, **more), expect=expect)


async def order(http: httpx.AsyncClient, *lines: Json, name: str = "MARTIN", **more: object) -> Json:
    """An order taken at the counter for a free name, unless ``customer_id`` says otherwise."""
    who: Json = {} if "customer_id" in more else {"contact": {"name": name}}
    return await post(http, "/v1/orders", {**who, "lines": list(lines) or [line()], **more})


async def customer(http: httpx.AsyncClient, name: str = "MARTIN", **more: object) -> Json:
    return await post(http, "/v1/customers", {"name": name, **more})


async def stock(http: httpx.AsyncClient, ean: str = RUE, quantity: int = 1) -> None:
    """Copies found at stock-taking: they wait on the shelf, reserved for nobody."""
    await post(http, f"/v1/articles/{ean}/movements", {"quantity": quantity, "reason": "Inventaire"})


async def scan(http: httpx.AsyncClient, ean: str = RUE, *, expect: int = 201, **more: object) -> Json:
    return await post(http, "/v1/scans", {"ean": ean, **more}, expect=expect)


async def get(http: httpx.AsyncClient, path: str, **query: Any) -> Json:
    answer = await http.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return _body(answer)


async def put(http: httpx.AsyncClient, path: str, body: Json, *, expect: int = 200) -> Json:
    answer = await http.put(path, json=body)
    assert answer.status_code == expect, answer.text
    return _body(answer)


async def post(
    http: httpx.AsyncClient, path: str, body: Json, *, expect: int = 201, version: int | None = None
) -> Json:
    headers = {"if-match": f'"{version}"'} if version is not None else {}
    answer = await http.post(path, json=body, headers=headers)
    assert answer.status_code == expect, answer.text
    return _body(answer)


def _body(answer: httpx.Response) -> Json:
    found: Json = answer.json()
    return found


async def items(http: httpx.AsyncClient, path: str, **query: Any) -> list[Json]:
    """The items of one page."""
    found: list[Json] = (await get(http, path, **query))["items"]
    return found


async def all_items(http: httpx.AsyncClient, path: str, **query: Any) -> list[Json]:
    """The items of every page."""
    page = await get(http, path, **query)
    found: list[Json] = page["items"]
    while page["next"]:
        page = await get(http, page["next"])
        found += page["items"]
    return found


def refused(answer: httpx.Response, status: int, code: str) -> Json:
    """The problem in ``answer``, which must be this one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = _body(answer)
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), body
    return body


async def row_counts(sql: Connection) -> Mapping[str, int]:
    """How many rows each table holds."""
    tables = await sql.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return {name: await sql.fetchval(f'SELECT count(*) FROM "{name}"') for (name,) in tables}


@asynccontextmanager
async def nothing_written(sql: Connection) -> AsyncIterator[None]:
    """What happens inside leaves no row behind and takes none away."""
    before = await row_counts(sql)
    yield
    assert await row_counts(sql) == before
