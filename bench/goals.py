"""The goals of performance.md that are measured here: what is compared with what."""

import json
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from bench import data, load, push, scan
from bench.faults import Fault
from bench.rounds import Named, Result, compare
from bench.stage import Stage

READERS = 16
DEPTH = 0.9
PAGE = 50
PAGE_PAIRS = 15
PAGE_SECONDS = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """``least`` or ``most`` is what the ratio should be."""

    name: str
    title: str
    measure: Callable[[Stage], Awaitable[Result]]
    least: float = 0.0
    most: float = float("inf")

    def met(self, ratio: float) -> bool:
        """Whether ``ratio`` is what it should be."""
        return self.least <= ratio <= self.most


# pushes ----------------------------------------------------------------------------------------------------------


async def _push_to_pgbench(here: Stage, clients: int) -> Result:
    port, statement = await here.application(), await push.recorded(here)
    return await compare(
        ours=Named(name="comptoir", measure=lambda _: push.over_http(port, here.shop, clients=clients)),
        theirs=Named(name="pgbench", measure=lambda _: statement.rate(here, clients=clients)),
        unit="orders/s",
    )


async def _push_to_orm(here: Stage) -> Result:
    port, other = await here.application(), await _orm(here)
    return await compare(
        ours=Named(name="comptoir", measure=lambda _: push.over_http(port, here.shop, clients=8)),
        theirs=Named(name="ORM unit of work", measure=lambda _: push.over_http(other, here.shop, clients=8)),
        unit="orders/s",
    )


async def _orm(here: Stage) -> int:
    environment = {"BENCH_DATABASE_URL": here.url, "BENCH_DOSSIER": str(here.shop.dossier)}
    return await here.server("bench.orm:app", environment=environment)


# reads -----------------------------------------------------------------------------------------------------------


def _get(shop: data.Shop, path: str) -> bytes:
    return load.request("GET", path, headers={"authorization": f"Bearer {shop.shop_key}"})


def _reads(shop: data.Shop) -> Iterator[bytes]:
    draw = random.Random(data.SEED)
    paths = [_get(shop, f"/v1/orders/ord_{order_id.hex}") for order_id in shop.orders]
    while True:
        yield draw.choice(paths)


async def _read_rate(port: int, shop: data.Shop) -> float:
    done = await load.load(port, clients=READERS, requests=_reads(shop))
    push.check(done.body)
    return done.rate


async def _read_to_bare(here: Stage) -> Result:
    port = await here.application()
    file = here.folder / "order.json"
    file.write_bytes(await load.ask(port, next(_reads(here.shop))))
    other = await here.server("bench.bare:app", environment={"BENCH_ORDER": str(file)})
    return await compare(
        ours=Named(name="comptoir", measure=lambda _: _read_rate(port, here.shop)),
        theirs=Named(name="FastAPI from memory", measure=lambda _: _read_rate(other, here.shop)),
        unit="reads/s",
    )


async def _read_to_orm(here: Stage) -> Result:
    port, other = await here.application(), await _orm(here)
    return await compare(
        ours=Named(name="comptoir", measure=lambda _: _read_rate(port, here.shop)),
        theirs=Named(name="SQLModel session", measure=lambda _: _read_rate(other, here.shop)),
        unit="reads/s",
    )


# pages -----------------------------------------------------------------------------------------------------------


async def _deep_to_first(here: Stage) -> Result:
    port, shop = await here.application(), here.shop
    first = f"/v1/orders?sort=created_at&limit={PAGE}"
    path = "/v1/orders?sort=created_at&limit=200"
    for _ in range(int(data.ORDERS * DEPTH) // 200):
        path = json.loads(await load.ask(port, _get(shop, path)))["next"]
    deep = path.replace("limit=200", f"limit={PAGE}")
    items = [json.loads(await load.ask(port, _get(shop, each)))["items"] for each in (first, deep)]
    if [len(page) for page in items] != [PAGE, PAGE] or items[1][0]["number"] != int(data.ORDERS * DEPTH) + 1:
        raise Fault("the pages are not the ones that were meant")
    return await compare(
        ours=Named(name=f"page at {DEPTH:.0%}", measure=lambda _: _milliseconds(port, _get(shop, deep))),
        theirs=Named(name="first page", measure=lambda _: _milliseconds(port, _get(shop, first))),
        unit="ms",
        pairs=PAGE_PAIRS,
    )


async def _milliseconds(port: int, asked: bytes) -> float:
    def for_ever() -> Iterator[bytes]:
        while True:
            yield asked

    done = await load.load(port, clients=1, requests=for_ever(), warm_up=0.1, seconds=PAGE_SECONDS)
    return done.latency * 1000


# scans -----------------------------------------------------------------------------------------------------------


async def _scan_to_pgbench(here: Stage) -> Result:
    counter = await scan.counter(here)
    result = await compare(
        ours=Named(name="comptoir", measure=lambda _: counter.over_http(clients=32)),
        theirs=Named(name="pgbench", measure=lambda _: counter.by_pgbench(clients=32)),
        unit="scans/s",
    )
    return Result(ratio=result.ratio, spread=result.spread, told=[*result.told, await counter.proof()])


GOALS: Sequence[Goal] = (
    # what only reads comes first, on the base as it was made
    Goal(
        name="G5",
        title="read an order / bare FastAPI from memory, 16 clients",
        measure=_read_to_bare,
        least=0.5,
    ),
    Goal(name="G6", title="read an order / SQLModel session, 16 clients", measure=_read_to_orm, least=2.5),
    Goal(name="G8", title="page at 90 % depth / first page, one client, latency", measure=_deep_to_first, most=1.5),
    Goal(
        name="G1",
        title="push / pgbench with the same statement, 8 clients",
        measure=lambda here: _push_to_pgbench(here, 8),
        least=0.5,
    ),
    Goal(
        name="G2",
        title="push / pgbench with the same statement, 32 clients",
        measure=lambda here: _push_to_pgbench(here, 32),
        least=1.0,
    ),
    Goal(name="G3", title="push / ORM unit of work, 8 clients", measure=_push_to_orm, least=5.0),
    Goal(
        name="G9",
        title="scan of one hot article / pgbench with the same transaction, 32 clients",
        measure=_scan_to_pgbench,
        least=0.5,
    ),
)
