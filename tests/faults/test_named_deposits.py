"""A deposit by name under twelve clients of two processes at once: it is used once, to the cent (A66)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal
from itertools import count
from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import BOOKS, Premises
from tests.contracts.books import audit, read_books
from tests.faults.serving import Insistent, client_of, serving

pytestmark = [pytest.mark.faults, pytest.mark.row("A66", "P25")]
CLIENTS = 12
EAN = next(iter(BOOKS))
KEYS = count()

Json = dict[str, Any]


@pytest.fixture
async def clients(premises: Premises) -> AsyncIterator[list[httpx.AsyncClient]]:
    async with AsyncExitStack() as stack:
        addresses = [stack.enter_context(serving(premises.database))[0] for _ in range(2)]
        yield [
            await stack.enter_async_context(client_of(addresses[nth % 2], premises.admin_key)) for nth in range(CLIENTS)
        ]


async def post(client: httpx.AsyncClient, path: str, body: Json, version: int | None = None) -> httpx.Response:
    headers = {"idempotency-key": f"key-{next(KEYS)}"}
    if version is not None:
        headers["if-match"] = f'"{version}"'
    return await Insistent().send(client, "POST", path, json=body, headers=headers)


async def made(client: httpx.AsyncClient, path: str, body: Json) -> Json:
    answer = await post(client, path, body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def furnish(client: httpx.AsyncClient) -> str:
    """A book, and a customer who left 50 euros."""
    answer = await client.put(f"/v1/articles/{EAN}", json={"title": "T", "list_price": {"amount": "10.00"}})
    assert answer.status_code == 201, answer.text
    card = (await made(client, "/v1/customers", {"name": "MARTIN"}))["id"]
    left = {"amount": {"amount": "50.00"}, "kind": "received", "method": "cash"}
    await made(client, f"/v1/customers/{card}/named-deposits", left)
    return str(card)


async def check(premises: Premises) -> None:
    """Every rule of the shop holds in the database."""
    connection = await asyncpg.connect(premises.database)
    try:
        audit(await read_books(connection, premises.dossier))
    finally:
        await connection.close()


async def test_twelve_clients_take_one_deposit_once(premises: Premises, clients: list[httpx.AsyncClient]) -> None:
    card = await furnish(clients[0])
    lines = [{"ean": EAN, "quantity": 2}]
    orders = [await made(clients[0], "/v1/orders", {"customer_id": card, "lines": lines}) for _ in range(CLIENTS)]
    use = {"amount": {"amount": "20.00"}, "direction": "use"}
    answers = await asyncio.gather(
        *(
            post(client, f"/v1/orders/{order['id']}/named-deposits", use, order["version"])
            for client, order in zip(clients, orders, strict=True)
        )
    )
    ends = Counter("done" if each.is_success else each.json()["code"] for each in answers)
    assert ends == {"done": 2, "deposit-too-low": CLIENTS - 2}
    ledger = (await clients[0].get(f"/v1/customers/{card}/named-deposits")).json()
    assert ledger["balance"]["amount"] == "10.00"
    await check(premises)


async def test_money_that_goes_to_and_fro_at_once_is_all_there(
    premises: Premises, clients: list[httpx.AsyncClient]
) -> None:
    card = await furnish(clients[0])
    lines = [{"ean": EAN, "quantity": 5}]
    orders = [await made(clients[0], "/v1/orders", {"customer_id": card, "lines": lines}) for _ in range(4)]

    async def work(nth: int, client: httpx.AsyncClient) -> None:
        order = orders[nth % len(orders)]
        for turn in range(6):
            version = (await client.get(f"/v1/orders/{order['id']}")).json()["version"]
            direction = "use" if (nth + turn) % 2 else "return"
            body = {"amount": {"amount": f"{7 + nth}.50"}, "direction": direction}
            await post(client, f"/v1/orders/{order['id']}/named-deposits", body, version)
            if turn == nth % 6:
                back = {"amount": {"amount": "3.00"}, "kind": "refunded", "method": "cash"}
                await post(client, f"/v1/customers/{card}/named-deposits", back)

    await asyncio.gather(*(work(nth, client) for nth, client in enumerate(clients)))
    await check(premises)
    ledger = (await clients[0].get(f"/v1/customers/{card}/named-deposits?limit=200")).json()
    amounts = [Decimal(each["amount"]["amount"]) for each in ledger["items"]]
    assert sum(amounts) == Decimal(ledger["balance"]["amount"])
    assert len(amounts) > 2
