"""kill -9 of the application and of PostgreSQL in the middle of the work: what was answered is there, once."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import psutil
import pytest

from domain.events import EventType
from domain.model.order import CustomerOrder
from infra.db import migrate
from infra.db.embedded import EmbeddedServer, embedded
from tests.conftest import BOOKS, CHANNEL, Premises, furnish
from tests.contracts.books import Books, audit, read_books
from tests.faults.serving import client_of, serving

pytestmark = pytest.mark.faults

PUSHED_EANS, SCANNED_EANS = list(BOOKS)[:3], list(BOOKS)[3:]
CLIENTS, PUSHES, SCANS, LINES, COPIES = 8, 200, 100, 80, 90
UNDER_WAY = 90  # answers, after which everything is killed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that may be sent again."""

    method: str
    path: str
    body: dict[str, Any]
    headers: dict[str, str]


PUSHED = [
    Asked(
        method="PUT",
        path=f"/v1/channels/{CHANNEL}/orders/WEB-{nth}",
        body={
            "contact": {"name": f"CLIENT {nth}"},
            "lines": [
                {"ean": PUSHED_EANS[nth % 3], "quantity": 1 + nth % 3},
                {"ean": PUSHED_EANS[(nth + 1) % 3], "quantity": 1},
            ],
            "paid": nth % 2 == 0,
        },
        headers={},
    )
    for nth in range(PUSHES)
]
SCANNED = [
    Asked(
        method="POST",
        path="/v1/scans",
        body={"ean": SCANNED_EANS[nth % 2]},
        headers={"idempotency-key": f"scan-{nth}"},
    )
    for nth in range(SCANS)
]
WORK = [asked for three in zip(PUSHED[::2], PUSHED[1::2], SCANNED, strict=True) for asked in three]


def kill_all(server: EmbeddedServer, application: "subprocess.Popen[bytes]") -> None:
    """Kill -9 of the database server, of each of its processes, and then of the application, which may yet answer."""
    postgres = psutil.Process(server.pid)
    family = [postgres, *postgres.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=20)
    application.send_signal(signal.SIGKILL)


async def send(client: httpx.AsyncClient, asked: Asked) -> httpx.Response:
    return await client.request(asked.method, asked.path, json=asked.body, headers=asked.headers)


async def cut_short(
    address: str, key: str, server: EmbeddedServer, application: "subprocess.Popen[bytes]"
) -> dict[int, httpx.Response]:
    """Eight clients at work until everything is killed: the answers that came, by the number of the request."""
    answered: dict[int, httpx.Response] = {}
    left = list(enumerate(WORK))[::-1]

    async def client() -> None:
        async with client_of(address, key) as http:
            while left:
                nth, asked = left.pop()
                try:
                    answer = await send(http, asked)
                except httpx.TransportError:
                    return
                if answer.status_code >= 300:
                    assert answer.status_code == 503, answer.text  # the database is gone, the application not yet
                    return
                answered[nth] = answer
                if len(answered) == UNDER_WAY:
                    await asyncio.to_thread(kill_all, server, application)

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return answered


async def all_sent(address: str, key: str, work: Sequence[Asked]) -> list[httpx.Response]:
    """Every request sent, again or for the first time."""
    room = asyncio.Semaphore(CLIENTS)

    async def one(http: httpx.AsyncClient, asked: Asked) -> httpx.Response:
        async with room:
            return await send(http, asked)

    async with client_of(address, key) as http:
        return await asyncio.gather(*(one(http, asked) for asked in work))


@asynccontextmanager
async def owned(url: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def books_of(premises: Premises) -> Books:
    async with owned(premises.database) as connection:
        return await read_books(connection, premises.dossier)


async def open_shop(server: EmbeddedServer) -> Premises:
    """A new shop in a new database."""
    async with owned(server.url("postgres")) as connection:
        await connection.execute("CREATE DATABASE crash TEMPLATE template0")
    await asyncio.to_thread(migrate.upgrade, server.url("crash"))
    return await furnish(server.url("crash"))


async def fill(address: str, key: str) -> None:
    """Five books in the catalogue."""
    async with client_of(address, key) as http:
        for ean, (title, _, _, price) in BOOKS.items():
            answer = await http.put(f"/v1/articles/{ean}", json={"title": title, "list_price": {"amount": price}})
            assert answer.status_code == 201, answer.text


async def take_orders(address: str, key: str) -> None:
    """Eighty lines wait for the two books that are scanned, of which there are ninety copies."""
    work = [
        Asked(
            method="POST",
            path="/v1/orders",
            body={"contact": {"name": f"CLIENT {nth}"}, "lines": [{"ean": SCANNED_EANS[nth % 2], "quantity": 1}]},
            headers={"idempotency-key": f"order-{nth}"},
        )
        for nth in range(LINES)
    ]
    work += [
        Asked(
            method="POST",
            path=f"/v1/articles/{ean}/movements",
            body={"quantity": COPIES // 2, "reason": "Inventaire"},
            headers={"idempotency-key": f"stock-{ean}"},
        )
        for ean in SCANNED_EANS
    ]
    for answer in await all_sent(address, key, work):
        assert answer.status_code == 201, answer.text


def reserved(answers: Iterable[httpx.Response]) -> set[UUID]:
    """The reservations that scans told of."""
    told = [answer.json()["reservation"] for answer in answers]
    return {reservation_of(each) for each in told if each}


def reservation_of(wire: dict[str, str]) -> UUID:
    return UUID(hex=wire["id"].removeprefix("rsv_"))


def pushed(answers: dict[int, httpx.Response]) -> dict[str, httpx.Response]:
    return {answer.json()["external_id"]: answer for nth, answer in answers.items() if WORK[nth].method == "PUT"}


def scanned(answers: dict[int, httpx.Response]) -> dict[str, httpx.Response]:
    return {
        WORK[nth].headers["idempotency-key"]: answer for nth, answer in answers.items() if WORK[nth].method == "POST"
    }


def web_orders(books: Books) -> dict[str, CustomerOrder]:
    return {order.external.id: order for order in books.orders.values() if order.external}


def told_of_scans(books: Books) -> dict[str, Any]:
    """The answers kept for scans, by key."""
    return {name: json.loads(body) for (_, name), body in books.answers.items() if name.startswith("scan-")}


@pytest.mark.row("C2", "C17")
class TestAfterAKillOfEverything:
    async def test_what_was_answered_is_there_once_and_all_may_be_sent_again(self, data_dir: Path) -> None:
        with embedded(data_dir) as server:
            premises = await open_shop(server)
            with serving(premises.database) as (address, application):
                await fill(address, premises.admin_key)
                await take_orders(address, premises.admin_key)
                answered = await cut_short(address, premises.admin_key, server, application)
        assert UNDER_WAY <= len(answered) < len(WORK), "it was killed in the middle"

        with embedded(data_dir) as server:
            left = await books_of(premises)
            with serving(premises.database) as (address, _):
                again = dict(enumerate(await all_sent(address, premises.admin_key, WORK)))
            books = await books_of(premises)
        sys.stdout.write(f"{len(pushed(answered))} pushes answered, {len(web_orders(left))} kept at the kill, ")
        sys.stdout.write(f"{len(scanned(answered))} scans answered, {len(left.reservations)} kept at the kill\n")
        self.check_what_was_left(left, answered)
        self.check_pushes(left, books, pushed(answered), pushed(again))
        self.check_scans(left, books, scanned(answered), scanned(again))
        audit(books)

    def check_what_was_left(self, left: Books, answered: dict[int, httpx.Response]) -> None:
        audit(left)
        assert {answer.status_code for answer in answered.values()} <= {200, 201}
        there = web_orders(left)
        for name, answer in pushed(answered).items():
            said = answer.json()
            assert answer.status_code == 201
            assert (f"ord_{there[name].id.hex}", there[name].number) == (said["id"], said["number"])
        kept = [each for each in told_of_scans(left).values() if each["reservation"]]
        assert reserved(scanned(answered).values()) <= set(left.reservations)
        assert {reservation_of(each["reservation"]) for each in kept} == set(left.reservations), (
            "an answer is kept exactly where its effect is"
        )

    def check_pushes(
        self, left: Books, books: Books, before: dict[str, httpx.Response], again: dict[str, httpx.Response]
    ) -> None:
        assert {answer.status_code for answer in again.values()} == {200, 201}
        assert sum(answer.status_code == 201 for answer in again.values()) == PUSHES - len(web_orders(left))
        assert web_orders(books).keys() == again.keys()
        assert len(again) == PUSHES
        assert len(books.orders) == PUSHES + LINES
        assert books.happened(EventType.ORDER_CREATED).total() == PUSHES + LINES
        for name, answer in before.items():
            assert again[name].json() == answer.json()
        for name, order in web_orders(left).items():
            assert repr(web_orders(books)[name]) == repr(order), "what was sent again changed nothing"

    def check_scans(
        self, left: Books, books: Books, before: dict[str, httpx.Response], again: dict[str, httpx.Response]
    ) -> None:
        replayed = {name for name, answer in again.items() if "idempotency-replayed" in answer.headers}
        assert replayed == told_of_scans(left).keys()
        for name, answer in before.items():
            assert again[name].content == answer.content
        assert reserved(again.values()) == set(books.reservations)
        assert len(books.reservations) == sum(answer.status_code == 201 for answer in again.values()) == LINES
        assert told_of_scans(books).keys() == again.keys()
        scanned_stock = [stock for ean, stock in books.stock.items() if ean in SCANNED_EANS]
        assert sum(stock.available for stock in scanned_stock) == COPIES - LINES
        assert sum(stock.set_aside for stock in scanned_stock) == LINES
