"""The push of a five-line order: as HTTP requests, and as the statement that the application makes of one."""

import itertools
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from api.schemas.orders import Order, OrderPush
from bench import data, load
from bench.faults import Fault
from bench.pgbench import pgbench
from bench.stage import Stage
from domain.model.access import Caller, Dossier, Scope
from domain.usecases.pushes import Pushes
from domain.usecases.work import Surroundings
from infra.bootstrap import clock
from infra.company import GroupCompany
from infra.db import flush as flushing
from infra.db.pools import ShopConnection, pool
from infra.ids import new_id
from infra.unit_of_work import units_of_work

BODIES = 500
FRESH = "#"
"""Stands for the ten digits of pgbench's ``:id``."""

_names = itertools.count()


def bodies(shop: data.Shop) -> list[dict[str, Any]]:
    """Five-line orders as a web shop sends them."""
    draw = random.Random(data.SEED)
    return [_body(draw, draw.sample(shop.eans[data.HOT + 1 :], data.LINES)) for _ in range(BODIES)]


def _body(draw: random.Random, eans: Sequence[str]) -> dict[str, Any]:
    postal_code, town = draw.choice(data.TOWNS)
    return {
        "contact": {
            "name": f"{draw.choice(data.NAMES)} {draw.choice(data.NAMES)}",
            "title": "Mme",
            "first_name": "Claire",
            "email": "claire@example.org",
            "phone": "0240000000",
            "address": {"street": f"{draw.randint(1, 99)} rue du Port", "postal_code": postal_code, "town": town},
        },
        "paid": False,
        "placed_at": "2026-11-21T10:00:00Z",
        "delivery_charge": {"amount": "4.90"},
        "lines": [{"ean": ean, "quantity": 1, "unit_price": {"amount": "12.30"}} for ean in eans],
    }


def requests(shop: data.Shop) -> Iterator[bytes]:
    """Pushes without end, each under a number of its own."""
    rests = [
        load.request(
            "PUT", "/", headers={"authorization": f"Bearer {shop.shop_key}"}, body=json.dumps(body).encode()
        ).removeprefix(b"PUT / ")
        for body in bodies(shop)
    ]
    series = next(_names)
    for number, rest in enumerate(itertools.cycle(rests)):
        yield b"PUT /v1/channels/%s/orders/B%d-%d %s" % (data.CHANNEL.encode(), series, number, rest)


def check(body: bytes) -> None:
    """Raises ``Fault`` unless ``body`` is an order with five lines."""
    lines = json.loads(body)["lines"]
    if len(lines) != data.LINES:
        raise Fault(f"an order of {len(lines)} lines was answered")


async def over_http(port: int, shop: data.Shop, *, clients: int) -> float:
    """Orders a second."""
    done = await load.load(port, clients=clients, requests=requests(shop), expected=201)
    check(done.body)
    return done.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The statement of a push with its arguments; what must be fresh in them is ``FRESH``."""

    script: str
    variables: dict[str, str]

    async def rate(self, here: Stage, *, clients: int) -> float:
        """Orders a second by pgbench."""
        return (await pgbench(here, script=self.script, clients=clients, variables=self.variables)).rate


async def recorded(here: Stage) -> Recorded:
    """Push one order through the use case and keep what it wrote with."""
    written: list[tuple[str, Sequence[Any]]] = []

    async def record(
        connection: ShopConnection, parts: Sequence[tuple[flushing.Part, Sequence[flushing.Row]]], *, by: str
    ) -> None:
        filled = [(part, rows) for part, rows in parts if rows]
        written.append((flushing.statement(tuple(part for part, _ in filled)), flushing.arguments(filled, by=by)))
        await flushing.flush(connection, parts, by=by)

    dossier = Dossier(
        id=here.shop.dossier,
        code="bench",
        name="",
        time_zone="Europe/Paris",
        secret=b"",
        order_sequence=here.shop.sequence,
    )
    caller = Caller(
        dossier=dossier,
        client="key:0",
        kind="api_key",
        name="",
        login=None,
        scopes=frozenset({Scope.ORDERS_WRITE}),
        channel=data.CHANNEL,
    )
    body = OrderPush.model_validate_json(json.dumps(bodies(here.shop)[0]))
    push = body.meant(by=caller, channel=data.CHANNEL, external_id=f"RECORDED-{next(_names)}")
    async with pool(here.url, size=1, read_only=False) as connections:
        around = Surroundings(begin=units_of_work(connections, clock), clock=clock, new_id=new_id)
        with patch("infra.unit_of_work.flush", record):
            pushed = await Pushes(around, GroupCompany()).push(push)
    if len(written) != 1:
        raise Fault(f"a push is written by {len(written)} statements, no longer by one")
    return _templated(*written[0], Order.of(pushed.order))


def _templated(statement: str, arguments: Sequence[Any], order: Order) -> Recorded:
    """Ids become the fixed beginning of a UUIDv7, the fresh digits and one more that tells lines and event apart."""
    ids = [order.id, *(line.id for line in order.lines)]
    variables = {}
    for place, argument in enumerate(arguments, start=1):
        text = str(argument)
        if FRESH in text:
            raise Fault(f"the mark {FRESH} is in what is written")
        for digit, known in enumerate(ids):
            text = _replaced(text, known[4:], digit)
        for event in re.findall(r'"event_id":"([^"]+)"', text):
            text = _replaced(text, event.replace("-", ""), len(ids))
        text = re.sub(rf'number":{order.number}\b', f'number":{FRESH}', text)
        text = text.replace(f'"{order.external_id}"', f'"P{FRESH}"')
        if FRESH not in text and place > 1:  # the first says who writes
            raise Fault("a part of the statement has nothing fresh")
        variables[f"p{place}"] = text
    script = re.sub(r"\$(\d+)", rf"replace(:p\1, '{FRESH}', :id)", statement)
    return Recorded(script=f"{script};", variables=variables)


def _replaced(text: str, known: str, digit: int) -> str:
    dashed = f"{known[:8]}-{known[8:12]}-{known[12:16]}-{known[16:20]}-{known[20:]}"
    fresh = f"0{FRESH}{digit}"
    return text.replace(dashed, f"019b0000-0000-7000-8000-{fresh}").replace(known, f"019b0000000070008000{fresh}")
