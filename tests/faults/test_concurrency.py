"""Two processes of the application on one database, sixteen clients on real sockets: no copy is promised twice."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

import asyncpg
import httpx
import pytest

from domain.model.article import Cause, Movement
from domain.model.values import Ean, LineId
from tests.conftest import BOOKS, CHANNEL, Premises
from tests.contracts.books import Books, audit, read_books
from tests.faults.serving import Insistent, client_of, serving

pytestmark = pytest.mark.faults

EANS = [Ean(ean) for ean in BOOKS]
CLIENTS, ORDERS = 16, 30
WORK = {"scan": 90, "receive": 30, "collect": 30, "release": 20, "push": 30}

# Movements of an article are written while its stock is locked: numbered as they are written, they tell who came when.
NUMBERED = """
    CREATE TABLE movement_number (movement_id uuid PRIMARY KEY, n bigint GENERATED ALWAYS AS IDENTITY);
    CREATE FUNCTION number_movement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        INSERT INTO public.movement_number (movement_id) VALUES (NEW.movement_id);
        RETURN NULL;
    END $$;
    CREATE TRIGGER number_movement AFTER INSERT ON stock_movement FOR EACH ROW EXECUTE FUNCTION number_movement();
"""


@dataclass
class Afternoon:
    """What sixteen clients do, and what they were told."""

    clients: Sequence[httpx.AsyncClient]
    chance: random.Random
    insistent: Insistent = field(default_factory=Insistent)
    kept: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    keys: "count[int]" = field(default_factory=count)

    async def post(self, client: httpx.AsyncClient, path: str, body: object) -> httpx.Response:
        headers = {"idempotency-key": f"key-{next(self.keys)}"}
        return await self.insistent.send(client, "POST", path, json=body, headers=headers)

    async def scan(self, client: httpx.AsyncClient) -> None:
        answer = await self.post(client, "/v1/scans", {"ean": self.chance.choice(EANS)})
        self.told[f"scan {answer.status_code}"] += 1
        if answer.status_code == 201 and (kept := answer.json()["reservation"]):
            self.keep(kept["id"])
        assert answer.status_code in {200, 201} or answer.json()["code"] == "out-of-stock", answer.text

    async def receive(self, client: httpx.AsyncClient) -> None:
        lines = [{"ean": ean, "quantity": self.chance.randint(1, 2)} for ean in self.chance.sample(EANS, 1)]
        answer = await self.post(client, "/v1/receptions", {"lines": lines})
        assert answer.status_code == 201, answer.text
        self.keep(*(kept["id"] for line in answer.json()["lines"] for kept in line["reservations"]))

    def keep(self, *ids: str) -> None:
        self.kept += ids
        self.open += ids

    async def collect(self, client: httpx.AsyncClient) -> None:
        await self.end(client, "collect", {})

    async def release(self, client: httpx.AsyncClient) -> None:
        await self.end(client, "release", {"restock": self.chance.random() < 0.7, "reason": "introuvable"})

    async def end(self, client: httpx.AsyncClient, how: str, body: dict[str, object]) -> None:
        """End up to three of the reservations heard of; another client may just have ended one of them."""
        if not self.open:
            return
        ids = sorted(set(self.chance.choices(self.open, k=2)))
        if self.chance.random() < 0.8:  # else two clients will want the same
            self.open = [each for each in self.open if each not in ids]
        answer = await self.post(client, f"/v1/reservations/{how}", {"reservation_ids": ids, **body})
        self.told[f"{how} {answer.status_code}"] += 1
        # order-closed: a web order that waits for its payment hands nothing over
        assert answer.status_code == 200 or answer.json()["code"] in {"reservation-ended", "order-closed"}, answer.text

    async def push(self, client: httpx.AsyncClient) -> None:
        name = f"W-{self.chance.randint(1, 15)}"
        body = {
            "contact": {"name": self.chance.choice(["MARTIN", "MARTIN DURAND"])},
            "lines": [{"ean": self.chance.choice(EANS), "quantity": 1}],
            "paid": self.chance.random() < 0.5,
        }
        answer = await self.insistent.send(client, "PUT", f"/v1/channels/{CHANNEL}/orders/{name}", json=body)
        self.told[f"push {answer.status_code}"] += 1
        assert answer.status_code in {200, 201} or answer.json()["code"] == "order-locked", answer.text

    async def go_by(self) -> None:
        """All of ``WORK`` in a random order, by all clients at once."""
        steps: list[Callable[[httpx.AsyncClient], Awaitable[None]]] = [
            getattr(self, name) for name, times in WORK.items() for _ in range(times)
        ]
        self.chance.shuffle(steps)

        async def serve(client: httpx.AsyncClient) -> None:
            while steps:
                await steps.pop()(client)

        await asyncio.gather(*(serve(client) for client in self.clients))


@pytest.fixture
async def clients(premises: Premises) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Sixteen clients of two processes, by turns."""
    async with AsyncExitStack() as stack:
        addresses = [stack.enter_context(serving(premises.database))[0] for _ in range(2)]
        yield [
            await stack.enter_async_context(client_of(addresses[nth % 2], premises.admin_key)) for nth in range(CLIENTS)
        ]


async def take_orders(client: httpx.AsyncClient) -> None:
    """Five books, and sixty lines that wait for them, in an order that everyone knows."""
    for ean, (title, _, _, price) in BOOKS.items():
        answer = await client.put(f"/v1/articles/{ean}", json={"title": title, "list_price": {"amount": price}})
        assert answer.status_code == 201, answer.text
    for nth in range(ORDERS):
        lines = [{"ean": EANS[nth % 5], "quantity": 1 + nth % 2}, {"ean": EANS[(nth + 2) % 5], "quantity": 1}]
        answer = await client.post(
            "/v1/orders",
            json={"contact": {"name": f"CLIENT {nth}"}, "lines": lines},
            headers={"idempotency-key": f"order-{nth}"},
        )
        assert answer.status_code == 201, answer.text
    for ean in EANS:
        answer = await client.post(
            f"/v1/articles/{ean}/movements",
            json={"quantity": 8, "reason": "Inventaire"},
            headers={"idempotency-key": f"stock-{ean}"},
        )
        assert answer.status_code == 201, answer.text


def replay(books: Books, movements: Sequence[Movement], first_come: dict[Ean, list[LineId]]) -> None:
    """Each copy went to the first line that waited for it when it was kept; ``first_come`` had come before all others."""
    waits = {line.id: line.ordered for order in books.orders.values() for line in order.lines}
    for movement in movements:
        if movement.reservation_id is None:
            continue
        kept = books.reservations[movement.reservation_id]
        assert kept.line_id is not None
        if movement.cause is Cause.SET_ASIDE:
            before = first_come[movement.ean]
            if kept.line_id in before:
                before = before[: before.index(kept.line_id)]
            assert not [line for line in before if waits[line]], "somebody who had waited longer was passed over"
            waits[kept.line_id] -= movement.set_aside
        elif movement.cause in {Cause.RELEASE, Cause.WRITE_OFF}:
            waits[kept.line_id] -= movement.set_aside
        assert waits[kept.line_id] >= 0


@pytest.mark.row("C2", "C17", "A27")
class TestTwoProcessesUnderSixteenClients:
    async def test_promise_no_copy_twice_and_keep_the_queue(
        self, premises: Premises, clients: list[httpx.AsyncClient]
    ) -> None:
        owner = await asyncpg.connect(premises.database)
        try:
            await take_orders(clients[0])
            at_first = await read_books(owner, premises.dossier)
            first_come = {ean: [line.id for _, line in at_first.queue(ean)] for ean in EANS}
            assert sum(map(len, first_come.values())) == 60
            await owner.execute(NUMBERED)
            afternoon = Afternoon(clients=clients, chance=random.Random(46407))  # noqa: S311 - no secret
            await afternoon.go_by()
            books = await read_books(owner, premises.dossier)
            numbers = {
                row["movement_id"]: row["n"] for row in await owner.fetch("SELECT movement_id, n FROM movement_number")
            }
        finally:
            await owner.close()
        audit(books)
        told = [UUID(hex=name.removeprefix("rsv_")) for name in afternoon.kept]
        assert sorted(told) == sorted(books.reservations), "what was told is what is, once each"
        replay(books, sorted(books.movements, key=lambda each: numbers.get(each.id, 0)), first_come)
        assert len(books.orders) <= ORDERS + 15
        sys.stdout.write(f"{afternoon.insistent.again} times 503 try again; {dict(afternoon.told)}\n")
