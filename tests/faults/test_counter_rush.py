"""A rush at the counter: two hundred requests at a time, from sixteen clients, at two processes of which one may be killed."""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

import asyncpg
import httpx
import pytest
from stdnum.ean import calc_check_digit

from domain.model.article import Cause
from domain.model.values import Ean
from tests.conftest import Premises
from tests.contracts.books import audit, read_books
from tests.faults.serving import Insistent, client_of, serving
from tests.faults.test_concurrency import NUMBERED, replay

pytestmark = pytest.mark.faults

EANS = [Ean(body + calc_check_digit(body)) for body in (f"97820000000{nth}" for nth in range(10))]
CLIENTS, AT_ONCE, ORDERS, SHELF = 16, 200, 100, 30
TRIES = 20
SECONDS = 30.0
REFUSED = {"out-of-stock", "reservation-ended"}
"""What may be answered to who comes after another."""

RULES = {
    "the reserve is the copies kept": """
        SELECT s.ean FROM stock_level s WHERE s.set_aside <> coalesce((SELECT sum(r.quantity) FROM reservation r
        WHERE r.dossier_id = s.dossier_id AND r.ean = s.ean AND r.state = 'set_aside'), 0)
    """,
    "stock is the sum of what moved, and nothing is below zero": """
        SELECT s.ean FROM stock_level s JOIN stock_movement m USING (dossier_id, ean)
        GROUP BY s.dossier_id, s.ean, s.available, s.set_aside
        HAVING s.available <> sum(m.available) OR s.set_aside <> sum(m.set_aside) OR least(s.available, s.set_aside) < 0
    """,
    "a line has what is kept for it": """
        SELECT l.line_id FROM order_line l WHERE l.set_aside <> coalesce((SELECT sum(r.quantity) FROM reservation r
        WHERE r.dossier_id = l.dossier_id AND r.line_id = l.line_id AND r.state = 'set_aside'), 0)
        OR l.delivered <> coalesce((SELECT sum(r.quantity) FROM reservation r
        WHERE r.dossier_id = l.dossier_id AND r.line_id = l.line_id AND r.state = 'collected'), 0)
        OR l.set_aside + l.delivered + l.cancelled > l.ordered
    """,
    "no more is collected than came": """
        SELECT ean FROM stock_movement GROUP BY dossier_id, ean
        HAVING sum(available + set_aside) FILTER (WHERE cause IN ('receipt', 'adjust'))
             + coalesce(sum(available + set_aside) FILTER (WHERE cause IN ('sale', 'write_off')), 0) < 0
    """,
    "what was collected was bought, once": """
        SELECT r.reservation_id FROM reservation r LEFT JOIN purchase p
        ON p.dossier_id = r.dossier_id AND p.reservation_id = r.reservation_id
        WHERE r.state = 'collected' AND p.quantity IS DISTINCT FROM r.quantity
    """,
}


@dataclass
class Rush:
    """What the clients do, and what they were told. A client whose process is gone sends the same again to the other."""

    clients: list[httpx.AsyncClient]
    chance: random.Random = field(default_factory=lambda: random.Random(46407))  # noqa: S311 - chance, no secret
    insistent: Insistent = field(default_factory=Insistent)
    told: Counter[str] = field(default_factory=Counter)
    kept: set[str] = field(default_factory=set)
    open: list[str] = field(default_factory=list)
    keys: "count[int]" = field(default_factory=count)
    lost: int = 0

    async def post(self, nth: int, path: str, body: object) -> httpx.Response:
        headers = {"idempotency-key": f"rush-{next(self.keys)}"}
        for other in range(TRIES):
            try:
                client = self.clients[(nth + other) % CLIENTS]
                answer = await self.insistent.send(client, "POST", path, json=body, headers=headers)
            except httpx.TransportError:
                self.lost += 1
                continue
            if answer.is_success or answer.json()["code"] != "idempotency-in-progress":
                return answer
            await asyncio.sleep(0.2)  # the database has not noticed yet that the process is gone
        raise AssertionError(f"{path}: nobody answers")

    def hear(self, what: str, answer: httpx.Response) -> bool:
        code = str(answer.status_code) if answer.is_success else answer.json()["code"]
        assert answer.is_success or code in REFUSED, answer.text
        self.told[f"{what} {code}"] += 1
        return answer.is_success

    async def scan(self, nth: int) -> None:
        answer = await self.post(nth, "/v1/scans", {"ean": self.chance.choice(EANS)})
        if self.hear("scan", answer) and (kept := answer.json()["reservation"]):
            self.keep(kept["id"])

    async def receive(self, nth: int) -> None:
        lines = [{"ean": ean, "quantity": self.chance.randint(1, 2)} for ean in self.chance.sample(EANS, 3)]
        answer = await self.post(nth, "/v1/receptions", {"lines": lines})
        assert self.hear("reception", answer)
        self.keep(*(kept["id"] for line in answer.json()["lines"] for kept in line["reservations"]))

    def keep(self, *ids: str) -> None:
        assert not self.kept & set(ids), "one reservation was told of twice"
        self.kept.update(ids)
        self.open += ids

    async def collect(self, nth: int) -> None:
        ids = self.some()
        parts = [{"reservation_id": each, "quantity": 1} for each in ids]
        answer = await self.post(nth, "/v1/reservations/collect", {"reservation_ids": ids, "parts": parts})
        if self.hear("collect", answer):
            self.kept.update(each["id"] for each in answer.json()["items"])
            self.open += [each["id"] for each in answer.json()["items"] if each["state"] == "set_aside"]

    async def release(self, nth: int) -> None:
        body = {"reservation_ids": self.some(), "restock": self.chance.random() < 0.8, "reason": "Introuvable"}
        self.hear("release", await self.post(nth, "/v1/reservations/release", body))

    def some(self) -> list[str]:
        """One to three of the reservations heard of; some of them for another as well."""
        ids = sorted(set(self.chance.choices(self.open, k=3)))
        if self.chance.random() < 0.8:
            self.open = [each for each in self.open if each not in ids]
        return ids

    async def go_by(self, *, until: float) -> None:
        doings: list[tuple[Callable[[int], Awaitable[None]], int]] = [
            (self.scan, 10),
            (self.receive, 2),
            (self.collect, 4),
            (self.release, 4),
        ]

        async def serve(nth: int) -> None:
            while time.monotonic() < until:
                (doing,) = self.chance.choices([each for each, _ in doings], [weight for _, weight in doings])
                if self.open or doing in {self.scan, self.receive}:
                    await doing(nth)

        await asyncio.gather(*(serve(nth % CLIENTS) for nth in range(AT_ONCE)))


async def furnish(client: httpx.AsyncClient) -> None:
    """Ten books, and three hundred lines that wait for them in an order that everyone knows."""

    async def post(path: str, body: object, key: str) -> None:
        answer = await client.post(path, json=body, headers={"idempotency-key": key})
        assert answer.status_code == 201, answer.text

    for ean in EANS:
        answer = await client.put(
            f"/v1/articles/{ean}", json={"title": f"LIVRE {ean}", "list_price": {"amount": "8.90"}}
        )
        assert answer.status_code == 201, answer.text
        await post(f"/v1/articles/{ean}/movements", {"quantity": SHELF, "reason": "Inventaire"}, f"stock-{ean}")
    for nth in range(ORDERS):
        lines = [{"ean": EANS[(nth + 3 * place) % 10], "quantity": 1 + (nth + place) % 2} for place in range(3)]
        await post("/v1/orders", {"contact": {"name": f"CLIENT {nth}"}, "lines": lines}, f"order-{nth}")


@pytest.mark.row("C2", "C5", "C7", "C17", "A27", "A40")
@pytest.mark.parametrize("killed", [False, True], ids=["all stay", "one is killed"])
async def test_a_rush_promises_no_copy_twice_and_keeps_the_queue(premises: Premises, killed: bool) -> None:
    owner = await asyncpg.connect(premises.database)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(owner.close)
        servers = [stack.enter_context(serving(premises.database)) for _ in range(2)]
        clients = [
            await stack.enter_async_context(client_of(servers[nth % 2][0], premises.admin_key))
            for nth in range(CLIENTS)
        ]
        await furnish(clients[0])
        at_first = await read_books(owner, premises.dossier)
        first_come = {ean: [line.id for _, line in at_first.queue(ean)] for ean in EANS}
        assert sum(map(len, first_come.values())) == 3 * ORDERS
        await owner.execute(NUMBERED)
        rush = Rush(clients)
        going = asyncio.create_task(rush.go_by(until=time.monotonic() + SECONDS))
        if killed:
            await asyncio.sleep(SECONDS / 2)
            servers[1][1].kill()
        await going
        for rule, broken in RULES.items():
            assert await owner.fetch(broken) == [], rule
        checked = await rush.post(0, "/v1/stock-checks", None)
        assert (checked.status_code, checked.json()["clean"], checked.json()["findings"]) == (201, True, [])
        books = await read_books(owner, premises.dossier)
        numbers = {
            row["movement_id"]: row["n"] for row in await owner.fetch("SELECT movement_id, n FROM movement_number")
        }
    audit(books)
    assert {UUID(hex=each.removeprefix("rsv_")) for each in rush.kept} == set(books.reservations), "what was told is"
    replay(books, sorted(books.movements, key=lambda each: numbers.get(each.id, 0)), first_come)
    done = Counter(each.cause for each in books.movements)
    assert min(done[cause] for cause in (Cause.SET_ASIDE, Cause.SALE, Cause.RELEASE, Cause.WRITE_OFF)) > 0, done
    assert rush.lost or not killed
    sys.stdout.write(f"{rush.insistent.again} times 503, {rush.lost} lost lines; {dict(rush.told)}\n")
