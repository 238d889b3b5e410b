"""Several tills and two processes on one database: a copy is handed over once, money is counted once, nobody waits in a ring."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import BOOKS, Premises
from tests.contracts.books import audit, read_books
from tests.faults.serving import Insistent, client_of, serving

pytestmark = [pytest.mark.faults, pytest.mark.row("A5")]

EANS = list(BOOKS)
TILLS, ROUNDS = 12, 12
DOINGS = {
    "deliver": 45,
    "note": 35,
    "take_back": 35,
    "cancel": 20,
    "remainder": 20,
    "reopen": 12,
    "collect": 25,
    "receive": 30,
    "deposit": 30,
    "refund": 20,
    "supply": 30,
}
LOST = {"stale-version"}
"""What a till hears whose picture of the order is no longer the present one."""
REFUSED = {
    *("order-closed", "out-of-stock", "nothing-to-deliver", "nothing-to-return", "nothing-to-cancel"),
    *("already-refunded", "refund-too-large", "reservation-ended", "nothing-to-order", "unfit-lines"),
}

Json = dict[str, Any]


@dataclass
class Tills:
    """Clients of two processes by turns, and what they were told."""

    clients: Sequence[httpx.AsyncClient]
    chance: random.Random = field(default_factory=lambda: random.Random(20260302))  # noqa: S311 - chance, no secret
    insistent: Insistent = field(default_factory=Insistent)
    told: Counter[str] = field(default_factory=Counter)
    keys: "count[int]" = field(default_factory=count)
    orders: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    async def send(
        self, client: httpx.AsyncClient, method: str, path: str, body: Json | None = None, version: int | None = None
    ) -> httpx.Response:
        headers = {"idempotency-key": f"key-{next(self.keys)}"}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        return await self.insistent.send(client, method, path, json=body, headers=headers)

    async def made(self, path: str, body: Json, version: int | None = None) -> Json:
        answer = await self.send(self.clients[0], "POST", path, body, version)
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    async def shelve(self, copies: int) -> None:
        """So many copies of each book on the shelf."""
        for ean, (title, _, _, price) in BOOKS.items():
            card = {"title": title, "list_price": {"amount": price}}
            answer = await self.send(self.clients[0], "PUT", f"/v1/articles/{ean}", card)
            assert answer.status_code in {200, 201}, answer.text
            if copies:
                await self.stock(ean, copies)

    async def stock(self, ean: str, copies: int) -> None:
        await self.made(f"/v1/articles/{ean}/movements", {"quantity": copies, "reason": "Inventaire"})

    async def order(self, *eans: str, quantity: int = 1, **more: Any) -> Json:
        lines = [{"ean": ean, "quantity": quantity} for ean in eans]
        return await self.made("/v1/orders", {"contact": {"name": "MARTIN"}, "lines": lines, **more})

    async def at_once(self, *asked: tuple[str, Json, int]) -> list[httpx.Response]:
        """POST each, all at the same moment, from different tills."""
        return await asyncio.gather(
            *(
                self.send(client, "POST", path, body, version)
                for client, (path, body, version) in zip(self.clients, asked, strict=False)
            )
        )


@pytest.fixture
async def tills(premises: Premises) -> AsyncIterator[Tills]:
    async with AsyncExitStack() as stack:
        addresses = [stack.enter_context(serving(premises.database))[0] for _ in range(2)]
        yield Tills(
            [await stack.enter_async_context(client_of(addresses[nth % 2], premises.admin_key)) for nth in range(TILLS)]
        )


@pytest.fixture
async def check(premises: Premises) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Call it: every rule of the shop holds in the database."""
    connection = await asyncpg.connect(premises.database)

    async def now() -> None:
        audit(await read_books(connection, premises.dossier))

    yield now
    await connection.close()


def codes(answers: Sequence[httpx.Response]) -> list[str]:
    return sorted("done" if answer.is_success else answer.json()["code"] for answer in answers)


async def test_one_of_two_tills_delivers_a_line_and_the_other_is_told(
    tills: Tills, check: Callable[[], Awaitable[None]]
) -> None:
    await tills.shelve(2 * ROUNDS)
    for nth in range(ROUNDS):
        order = await tills.order(EANS[nth % 5])
        line = {"lines": [{"line_id": order["lines"][0]["id"], "quantity": 1}]}
        path = f"/v1/orders/{order['id']}"
        what = [("deliveries", "deliveries"), ("deliveries", "delivery-notes"), ("delivery-notes", "delivery-notes")]
        answers = await tills.at_once(*((f"{path}/{each}", line, order["version"]) for each in what[nth % 3]))
        assert codes(answers)[0] == "done"
        assert codes(answers)[1] in {"stale-version", "out-of-stock", "order-closed"}
        after = (await tills.clients[0].get(path)).json()
        assert (after["status"], after["lines"][0]["delivered"]) == ("LT", 1)
    await check()


async def test_the_last_copy_goes_to_one_of_two_orders(tills: Tills, check: Callable[[], Awaitable[None]]) -> None:
    await tills.shelve(0)
    for nth in range(ROUNDS):
        ean = EANS[nth % 5]
        await tills.stock(ean, 1)
        orders = [await tills.order(ean) for _ in range(2)]
        answers = await tills.at_once(
            *(
                (
                    f"/v1/orders/{each['id']}/deliveries",
                    {"lines": [{"line_id": each["lines"][0]["id"], "quantity": 1}]},
                    each["version"],
                )
                for each in orders
            )
        )
        assert codes(answers) == ["done", "out-of-stock"]
    await check()


async def test_twelve_tills_give_one_deposit_back_once(tills: Tills, check: Callable[[], Awaitable[None]]) -> None:
    await tills.shelve(0)
    for _ in range(3):
        order = await tills.order(EANS[0], quantity=2)
        path = f"/v1/orders/{order['id']}"
        paid = await tills.made(
            f"{path}/payments", {"amount": {"amount": "9.00"}, "kind": "deposit", "method": "cash"}, order["version"]
        )
        refund = {"amount": {"amount": "9.00"}, "kind": "refund", "method": "cash"}
        asked: list[tuple[str, Json]] = [(f"{path}/cancel", {"reason": "Renonce"}), (f"{path}/payments", refund)]
        answers = await tills.at_once(*((where, body, paid["version"]) for where, body in asked * (TILLS // 2)))
        assert codes(answers).count("done") == 1
        assert set(codes(answers)) <= {"done", *LOST, *REFUSED}
        after = (await tills.clients[0].get(path)).json()
        assert (after["deposit"]["amount"], after["refunded"]["amount"]) == ("0.00", "9.00")
    await check()


@dataclass
class Afternoon:
    """All that happens to orders, by all tills at once, on few articles and few orders."""

    tills: Tills
    supplier: str

    @property
    def chance(self) -> random.Random:
        return self.tills.chance

    async def act(self, client: httpx.AsyncClient, what: str, body: Callable[[Json], Json]) -> None:
        """Do ``what`` to some order as it is read now: another may be quicker."""
        path = f"/v1/orders/{self.chance.choice(self.tills.orders)}"
        seen = (await client.get(path)).json()
        answer = await self.tills.send(client, "POST", f"{path}/{what}", body(seen), seen["version"])
        self.hear(what, answer)

    def hear(self, what: str, answer: httpx.Response) -> None:
        code = "done" if answer.is_success else answer.json()["code"]
        assert code == "done" or code in LOST | REFUSED, answer.text
        self.tills.told[f"{what} {code}"] += 1

    def some(self, order: Json, most: int) -> list[Json]:
        lines = self.chance.sample(order["lines"], self.chance.randint(1, len(order["lines"])))
        return [{"line_id": each["id"], "quantity": self.chance.randint(1, most)} for each in lines]

    async def deliver(self, client: httpx.AsyncClient) -> None:
        await self.act(client, "deliveries", lambda order: {"lines": self.some(order, 2)})

    async def note(self, client: httpx.AsyncClient) -> None:
        await self.act(
            client, "delivery-notes", lambda order: {"lines": self.some(order, 1)} if self.chance.random() < 0.7 else {}
        )

    async def take_back(self, client: httpx.AsyncClient) -> None:
        def body(order: Json) -> Json:
            lines = [
                {"line_id": each["id"], "quantity": 1} for each in order["lines"] if each["delivered"]
            ] or self.some(order, 1)
            flags = {name: self.chance.random() < 0.7 for name in ("restock", "replace")}
            return {"lines": lines[:1], "reason": "Défaut", **flags}

        await self.act(client, "returns", body)

    async def cancel(self, client: httpx.AsyncClient) -> None:
        await self.act(client, "cancel", lambda _: {"reason": "Renonce"})

    async def remainder(self, client: httpx.AsyncClient) -> None:
        await self.act(
            client,
            "cancel-remainder",
            lambda order: {"line_ids": [self.chance.choice(order["lines"])["id"]], "reason": "Epuisé"},
        )

    async def reopen(self, client: httpx.AsyncClient) -> None:
        await self.act(client, "reopen", lambda _: {})

    async def deposit(self, client: httpx.AsyncClient) -> None:
        amount = {"amount": f"{self.chance.randint(1, 12)}.50"}
        await self.act(client, "payments", lambda _: {"amount": amount, "kind": "deposit", "method": "card"})

    async def refund(self, client: httpx.AsyncClient) -> None:
        amount = {"amount": f"{self.chance.randint(1, 5)}.00"}
        await self.act(client, "payments", lambda _: {"amount": amount, "kind": "refund", "method": "cash"})

    async def supply(self, client: httpx.AsyncClient) -> None:
        await self.act(client, "supplier-orders", lambda _: {"supplier_id": self.supplier, "line_ids": None})

    async def receive(self, client: httpx.AsyncClient) -> None:
        lines = [{"ean": ean, "quantity": self.chance.randint(1, 2)} for ean in self.chance.sample(EANS, 2)]
        answer = await self.tills.send(client, "POST", "/v1/receptions", {"lines": lines})
        self.hear("receptions", answer)
        self.tills.kept += [kept["id"] for line in answer.json()["lines"] for kept in line["reservations"]]

    async def collect(self, client: httpx.AsyncClient) -> None:
        if not self.tills.kept:
            return
        ids = sorted(set(self.chance.choices(self.tills.kept, k=2)))
        answer = await self.tills.send(client, "POST", "/v1/reservations/collect", {"reservation_ids": ids})
        self.hear("collect", answer)

    async def go_by(self) -> None:
        doings = [getattr(self, name) for name, times in DOINGS.items() for _ in range(times)]
        self.chance.shuffle(doings)

        async def serve(client: httpx.AsyncClient) -> None:
            while doings:
                await doings.pop()(client)

        await asyncio.gather(*(serve(client) for client in self.tills.clients))


@pytest.mark.row("A24")
async def test_whatever_happens_to_orders_at_once_the_rules_of_the_shop_hold(
    tills: Tills, check: Callable[[], Awaitable[None]]
) -> None:
    await tills.shelve(6)
    supplier = await tills.made("/v1/third-parties", {"type": "supplier", "name": "DILICOM"})
    for nth in range(8):
        eans = [EANS[nth % 5], EANS[(nth + 1) % 5], EANS[(nth + 3) % 5]]
        order = await tills.order(*eans, quantity=3, mail_order=nth % 2 == 0, back_orders=nth % 4 != 3)
        tills.orders.append(order["id"])
    await Afternoon(tills, supplier["id"]).go_by()
    await check()
    done = {what.removesuffix(" done") for what in tills.told if what.endswith(" done")}
    assert done >= {"deliveries", "delivery-notes", "returns", "payments", "supplier-orders", "receptions"}, tills.told
    assert sum(tills.told.values()) >= sum(DOINGS.values()) * 0.8
