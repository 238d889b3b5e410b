"""Scans and receptions while people put the queue in another order: served in an order that was said, nobody twice (C5)."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

import asyncpg
import httpx
import pytest

from domain.model.article import Cause
from domain.model.values import Ean, LineId
from tests.conftest import BOOKS, Premises
from tests.contracts.books import audit, read_books
from tests.faults.serving import Insistent, client_of, serving

pytestmark = pytest.mark.faults

EAN = Ean(next(iter(BOOKS)))
CLIENTS, ORDERS = 12, 15
WORK = {"scan": 60, "receive": 12, "order": 40}

# What is written while the stock of the article is held, numbered as it is written: it tells what came before what.
NUMBERED = """
    CREATE TABLE happening (n bigint GENERATED ALWAYS AS IDENTITY, kind text, id uuid);
    CREATE FUNCTION number_happening() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        IF TG_TABLE_NAME = 'queue_change' THEN
            INSERT INTO public.happening (kind, id) VALUES ('change', NEW.queue_change_id);
        ELSE
            INSERT INTO public.happening (kind, id) VALUES ('movement', NEW.movement_id);
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER number_happening AFTER INSERT ON stock_movement FOR EACH ROW EXECUTE FUNCTION number_happening();
    CREATE TRIGGER number_happening AFTER INSERT ON queue_change FOR EACH ROW EXECUTE FUNCTION number_happening();
"""


@dataclass
class Morning:
    """What the clients do to one queue at the same time."""

    clients: Sequence[httpx.AsyncClient]
    chance: random.Random
    insistent: Insistent = field(default_factory=Insistent)
    told: Counter[str] = field(default_factory=Counter)
    keys: "count[int]" = field(default_factory=count)

    async def post(self, client: httpx.AsyncClient, path: str, body: object) -> httpx.Response:
        headers = {"idempotency-key": f"key-{next(self.keys)}"}
        return await self.insistent.send(client, "POST", path, json=body, headers=headers)

    async def scan(self, client: httpx.AsyncClient) -> None:
        answer = await self.post(client, "/v1/scans", {"ean": EAN})
        self.told[f"scan {answer.status_code}"] += 1
        assert answer.status_code == 201, answer.text

    async def receive(self, client: httpx.AsyncClient) -> None:
        body = {"lines": [{"ean": EAN, "quantity": self.chance.randint(1, 3)}]}
        answer = await self.post(client, "/v1/receptions", body)
        self.told[f"receive {answer.status_code}"] += 1
        assert answer.status_code == 201, answer.text

    async def order(self, client: httpx.AsyncClient) -> None:
        """Put the queue in another order as it was read, which may be another by then."""
        path = f"/v1/articles/{EAN}/queue"
        read = await client.get(path, params={"limit": 200})
        lines = [place["line_id"] for place in read.json()["items"]]
        begun = [place["line_id"] for place in read.json()["items"] if place["begun"]]
        self.chance.shuffle(lines)
        if self.chance.random() < 0.8:  # else one that is begun may be passed, and that is refused
            lines = begun + [line_id for line_id in lines if line_id not in begun]
        if not lines:
            return
        answer = await self.insistent.send(client, "PUT", path, json={"line_ids": lines, "reason": "essai"})
        self.told[f"order {answer.status_code if answer.status_code == 200 else answer.json()['code']}"] += 1
        assert answer.status_code == 200 or answer.json()["code"] in {"queue-changed", "queue-begun"}, answer.text

    async def go_by(self) -> None:
        steps = [getattr(self, name) for name, times in WORK.items() for _ in range(times)]
        self.chance.shuffle(steps)

        async def serve(client: httpx.AsyncClient) -> None:
            while steps:
                await steps.pop()(client)

        await asyncio.gather(*(serve(client) for client in self.clients))


async def begin(client: httpx.AsyncClient) -> None:
    """One book with copies enough, and orders that wait for it."""
    title, _, _, price = BOOKS[EAN]
    made = await client.put(f"/v1/articles/{EAN}", json={"title": title, "list_price": {"amount": price}})
    assert made.status_code == 201, made.text
    for nth in range(ORDERS):
        taken = await client.post(
            "/v1/orders",
            json={"contact": {"name": f"CLIENT {nth}"}, "lines": [{"ean": EAN, "quantity": 8 + nth % 5}]},
            headers={"idempotency-key": f"order-{nth}"},
        )
        assert taken.status_code == 201, taken.text
    found = await client.post(
        f"/v1/articles/{EAN}/movements",
        json={"quantity": WORK["scan"], "reason": "Inventaire"},
        headers={"idempotency-key": "stock"},
    )
    assert found.status_code == 201, found.text


def replay(
    happened: Sequence[tuple[str, UUID]],
    *,
    queue: list[LineId],
    wants: dict[LineId, int],
    changes: Mapping[UUID, tuple[list[LineId], list[LineId]]],
    kept: Mapping[UUID, tuple[LineId, int]],
) -> int:
    """Every change was made of the queue as it then was and passed nobody begun; every copy went to its first line.

    Answers how many copies were served.
    """
    begun: set[LineId] = set()
    served = 0
    for kind, name in happened:
        if kind == "change":
            before, after = changes[name]
            assert before == queue, "somebody was served between the reading and the writing"
            for line_id in begun & set(before):
                ahead = set(after[: after.index(line_id)])
                assert ahead <= set(before[: before.index(line_id)]), "a line that was being served was passed"
            queue = list(after)
        elif name in kept:
            line_id, copies = kept[name]
            assert line_id == queue[0], "somebody before it was passed over"
            wants[line_id] -= copies
            assert wants[line_id] >= 0, "served more copies than it waits for"
            begun.add(line_id)
            served += copies
            if not wants[line_id]:
                queue = queue[1:]
    return served


@pytest.mark.row("C5", "A27")
class TestAQueueUnderTwelveClients:
    async def test_is_served_in_the_order_last_said_and_nobody_twice(self, premises: Premises) -> None:
        owner = await asyncpg.connect(premises.database)
        with ExitStack() as stack:
            addresses = [stack.enter_context(serving(premises.database))[0] for _ in range(2)]
            clients = [client_of(addresses[nth % 2], premises.admin_key) for nth in range(CLIENTS)]
            try:
                await begin(clients[0])
                at_first = await read_books(owner, premises.dossier)
                await owner.execute(NUMBERED)
                morning = Morning(clients=clients, chance=random.Random(46407))  # noqa: S311 - no secret
                await morning.go_by()
                books = await read_books(owner, premises.dossier)
                happened = [(row["kind"], row["id"]) for row in await owner.fetch("SELECT * FROM happening ORDER BY n")]
                changes = {
                    row["queue_change_id"]: (list(row["before"]), list(row["after"]))
                    for row in await owner.fetch("SELECT * FROM queue_change")
                }
            finally:
                for client in clients:
                    await client.aclose()
                await owner.close()
        audit(books)
        kept: dict[UUID, tuple[LineId, int]] = {}
        for movement in books.movements:
            if movement.cause is Cause.SET_ASIDE and movement.reservation_id is not None:
                line_id = books.reservations[movement.reservation_id].line_id
                assert line_id is not None
                kept[movement.id] = (line_id, movement.set_aside)
        served = replay(
            happened,
            queue=[line.id for _, line in at_first.queue(EAN)],
            wants={line.id: line.outstanding for _, line in at_first.queue(EAN)},
            changes=changes,
            kept=kept,
        )
        waited = sum(line.outstanding for _, line in at_first.queue(EAN))
        assert served == waited - sum(line.outstanding for _, line in books.queue(EAN))
        assert served > 50
        assert morning.told["order 200"] > 2, morning.told
        assert morning.told["order queue-changed"] > 0, morning.told
        sys.stdout.write(f"{morning.insistent.again} times 503 try again; {dict(morning.told)}\n")
