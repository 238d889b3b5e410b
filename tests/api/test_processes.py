"""Many at once, on real sockets, to one process and to two on one database: done once, in order, nothing overwritten."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import httpx
import pytest

from tests.api.conftest import cloned, serving
from tests.api.steps import (
    BOUTON,
    RUE,
    Connection,
    customer,
    get,
    items,
    line,
    order,
    push_body,
    refused,
    row_counts,
    stock,
)
from tests.conftest import Client, Premises
from tests.support.database import Cluster

ORDER = {"contact": {"name": "MARTIN"}, "lines": [line()]}


@pytest.fixture(scope="module")
async def premises(cluster: Cluster, furnished: Premises) -> AsyncIterator[Premises]:
    """One shop for all tests here, because processes take their time to start; each test counts what it adds."""
    async with cloned(cluster, furnished) as premises:
        yield premises


@pytest.fixture(scope="module")
async def clients(premises: Premises) -> AsyncIterator[list[Client]]:
    """Two processes on one database, and a client of each that opens a connection for every request."""
    async with serving(premises, processes=2) as servers, AsyncExitStack() as opened:
        yield [await opened.enter_async_context(server.client(premises.admin_key)) for server in servers]


@pytest.fixture
async def sql(premises: Premises) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(premises.database)
    yield connection
    await connection.close()


async def together(clients: Sequence[Client], times: int, method: str, path: str, **sent: Any) -> list[httpx.Response]:
    """``times`` equal requests at once, dealt out to the clients."""
    return await asyncio.gather(*(clients[n % len(clients)].request(method, path, **sent) for n in range(times)))


async def added(sql: Connection, before: dict[str, int]) -> dict[str, int]:
    """How many rows each table has more than ``before``."""
    now = await row_counts(sql)
    return {name: now[name] - count for name, count in before.items() if now[name] != count}


both = pytest.mark.parametrize("processes", [1, 2])


@both
class TestAtOnce:
    @pytest.mark.row("C2")
    async def test_twenty_equal_pushes_are_one_order_and_one_event(
        self, clients: list[Client], sql: Connection, processes: int
    ) -> None:
        before = dict(await row_counts(sql))
        path = f"/v1/channels/boutique/orders/AT-ONCE-{processes}"
        answers = await together(clients[:processes], 20, "PUT", path, json=push_body())
        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
        assert len({answer.text for answer in answers}) == 1
        assert await added(sql, before) == {
            "customer_order": 1,
            "order_line": 1,
            "order_token": 1,
            "outbox_event": 1,
            "payment": 1,
        }

    async def test_twenty_creates_with_one_key_are_one_order(
        self, clients: list[Client], sql: Connection, processes: int
    ) -> None:
        before = dict(await row_counts(sql))
        key = {"idempotency-key": f"at-once-{processes}"}
        answers = await together(clients[:processes], 20, "POST", "/v1/orders", json=ORDER, headers=key)
        made = [answer for answer in answers if answer.status_code == 201]
        first = [answer for answer in made if "idempotency-replayed" not in answer.headers]
        assert len(first) == 1
        assert {answer.text for answer in made} == {first[0].text}
        for answer in answers:
            if answer.status_code != 201:
                refused(answer, 409, "idempotency-in-progress")
                assert int(answer.headers["retry-after"]) >= 1
        assert await added(sql, before) == {
            "customer_order": 1,
            "order_line": 1,
            "order_token": 1,
            "outbox_event": 1,
            "idempotency_answer": 1,
        }

    @pytest.mark.row("A27")
    async def test_fifty_scans_of_seven_copies_serve_the_first_seven_of_the_queue(
        self, clients: list[Client], processes: int
    ) -> None:
        ean, http = (RUE, BOUTON)[processes - 1], clients[0]
        free = [place["order_number"] for place in await items(http, f"/v1/articles/{ean}/queue", limit=200)]
        waiting = free + [
            (await order(http, line(ean), name=f"CLIENT {n:02}"))["number"] for n in range(50 - len(free))
        ]
        await stock(http, ean, 7)
        answers = await together(clients[:processes], 50, "POST", "/v1/scans", json={"ean": ean})
        assert Counter(answer.status_code for answer in answers) == {201: 7, 409: 43}
        for answer in answers:
            if answer.status_code == 409:
                refused(answer, 409, "out-of-stock")
        kept = await items(http, "/v1/reservations", sort="order_number", ean=ean)
        assert [each["order_number"] for each in kept] == waiting[:7]
        told = [answer.json()["reservation"]["id"] for answer in answers if answer.status_code == 201]
        assert sorted(told) == sorted(each["id"] for each in kept)
        assert await get(http, f"/v1/articles/{ean}/stock") == {"ean": ean, "available": 0, "set_aside": 7}
        left = await items(http, f"/v1/articles/{ean}/queue", limit=200)
        assert [place["order_number"] for place in left] == waiting[7:]

    async def test_ten_writers_of_one_record_do_not_overwrite_each_other(
        self, clients: list[Client], processes: int
    ) -> None:
        made, card = await order(clients[0]), await customer(clients[0])
        line_path = f"/v1/orders/{made['id']}/lines/{made['lines'][0]['id']}"
        version = 1
        for path, body in (
            (f"/v1/orders/{made['id']}", {"comment": "x"}),
            (line_path, {"ordered": 2}),
            (f"/v1/customers/{card['id']}", {"comment": "x"}),
        ):
            held = {"if-match": f'"{version if "orders" in path else 1}"'}
            answers = await together(clients[:processes], 10, "PATCH", path, json=body, headers=held)
            assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 9}, path
            version += 1


async def test_a_key_answers_for_the_process_beside_it_too(clients: list[Client]) -> None:
    headers = {"idempotency-key": "beside"}
    first, again = [await client.post("/v1/customers", json={"name": "A"}, headers=headers) for client in clients]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotency-replayed"] == "true"
    assert first.text == again.text
