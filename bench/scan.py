"""Everybody scans one article: as HTTP requests, and as the same transaction by pgbench."""

import itertools
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bench import data, load
from bench.faults import Fault
from bench.pgbench import pgbench
from bench.stage import Stage
from infra.repositories.articles import LOCK, WAITING
from infra.unit_of_work import CLAIM, TOLD

QUEUE = 4_000
"""Lines that wait for a copy each when a round begins."""
FIRST_NUMBER = 500_000_000

_numbers = itertools.count(FIRST_NUMBER)
_names = itertools.count()

WRITE = """
WITH place AS (
    SELECT line_id FROM order_line
    WHERE dossier_id = $1::uuid AND ean = $2 AND outstanding > 0 AND NOT digital
    ORDER BY priority, queued_at, number, position
    LIMIT 1
), shelf AS (
    UPDATE stock_level SET available = available - 1, set_aside = set_aside + 1
    WHERE dossier_id = $1::uuid AND ean = $2 AND available > 0
    RETURNING ean
), line AS (
    UPDATE order_line l SET set_aside = l.set_aside + 1
    FROM place, shelf
    WHERE l.dossier_id = $1::uuid AND l.line_id = place.line_id
    RETURNING l.line_id, l.order_id, l.ean, l.title
), served AS (
    UPDATE customer_order o SET reserved = o.reserved + 1, version = o.version + 1, updated_at = now()
    FROM line
    WHERE o.dossier_id = $1::uuid AND o.order_id = line.order_id
    RETURNING o.order_id, o.name, o.name_key, line.line_id, line.ean, line.title
), kept AS (
    INSERT INTO reservation (dossier_id, reservation_id, ean, title, title_key, digital, quantity, state, name, name_key,
                             order_id, line_id, set_aside_at, pickup_deadline, version)
    SELECT $1::uuid, uuidv7(), ean, title, title, false, 1, 'set_aside', name, name_key,
           order_id, line_id, now(), current_date + 30, 1
    FROM served
    RETURNING reservation_id, order_id, ean, name
), movement AS (
    INSERT INTO stock_movement (dossier_id, movement_id, ean, available, set_aside, cause, reservation_id, at, by)
    SELECT $1::uuid, uuidv7(), ean, -1, 1, 'set_aside', reservation_id, now(), $3 FROM kept
), event AS (
    INSERT INTO outbox_event (dossier_id, event_id, type, subject, version, at, by, data)
    SELECT $1::uuid, uuidv7(), 'reservation.set_aside', reservation_id, 1, now(), $3,
           jsonb_build_object('reservation_id', reservation_id, 'order_id', order_id, 'ean', ean, 'name', name)
    FROM kept
), answer AS (
    INSERT INTO idempotency_answer (dossier_id, client, key, fingerprint, status, headers, body, at)
    SELECT $1::uuid, $3, $4, sha256(convert_to($4, 'UTF8')), 201, '{}', convert_to($5, 'UTF8'), now() FROM kept
)
SELECT comptoir_guard('scan', 1, (SELECT count(*) FROM kept));
"""
"""All that a scan writes; $1 dossier, $2 EAN, $3 client, $4 idempotency key, $5 answer."""

SUMS = """
SELECT s.available + s.set_aside AS copies, s.set_aside,
       (SELECT count(*) FROM reservation r WHERE r.dossier_id = s.dossier_id AND r.ean = s.ean) AS reservations,
       (SELECT coalesce(sum(r.quantity), 0) FROM reservation r
        WHERE r.dossier_id = s.dossier_id AND r.ean = s.ean AND r.state = 'set_aside') AS promised,
       (SELECT count(*) FROM order_line l WHERE l.dossier_id = s.dossier_id AND l.ean = s.ean
        AND (l.set_aside > l.ordered OR l.set_aside <> (
            SELECT coalesce(sum(r.quantity), 0) FROM reservation r
            WHERE r.dossier_id = l.dossier_id AND r.line_id = l.line_id AND r.state = 'set_aside'))) AS wrong_lines
FROM stock_level s WHERE s.dossier_id = $1 AND s.ean = $2
"""


@dataclass(slots=True, kw_only=True)
class Counter:
    """The two sides, and how many scans were answered in all, by either."""

    here: Stage
    port: int
    answer: str
    answered: int = 0

    async def over_http(self, *, clients: int) -> float:
        """Scans a second."""
        await _queue_up(self.here)
        done = await load.load(
            self.port, clients=clients, requests=itertools.islice(_requests(self.here.shop), QUEUE), expected=201
        )
        self.answered += done.answered
        return done.rate

    async def by_pgbench(self, *, clients: int) -> float:
        """Scans a second."""
        await _queue_up(self.here)
        shop = self.here.shop
        facts = {"dossier": shop.dossier.hex, "ean": shop.eans[data.HOT], "caller": "key:0", "answer": self.answer}
        done = await pgbench(self.here, script=_script(), clients=clients, variables=facts)
        self.answered += done.done
        return done.rate

    async def proof(self) -> str:
        """What became of the copies, in words. Raises ``Fault`` when one was promised twice or lost."""
        row = await self.here.owner.fetchrow(SUMS, self.here.shop.dossier, self.here.shop.eans[data.HOT])
        assert row is not None
        twice = row["promised"] - row["set_aside"]
        if twice or row["wrong_lines"] or row["copies"] != data.COPIES or row["reservations"] != self.answered:
            raise Fault(f"the copies do not add up after {self.answered} scans: {dict(row)}")
        return (
            f"{self.answered} scans answered, {row['reservations']} reservations, {row['set_aside']} copies set aside; "
            f"{row['wrong_lines']} lines with more or less than their reservations, {twice} copies promised twice"
        )


async def counter(here: Stage) -> Counter:
    """The article with its queue, and the answer of a first scan for pgbench to write."""
    port = await here.application()
    await _queue_up(here)
    first = await load.ask(port, next(_requests(here.shop)), expected=201)
    scanned = json.loads(first)
    if scanned["reservation"]["ean"] != here.shop.eans[data.HOT]:
        raise Fault(f"another copy was set aside than the one scanned: {scanned}")
    return Counter(here=here, port=port, answer=first.decode(), answered=1)


def _requests(shop: data.Shop) -> Iterator[bytes]:
    body = json.dumps({"ean": shop.eans[data.HOT]}).encode()
    series = next(_names)
    asked = load.request(
        "POST",
        "/v1/scans",
        headers={"authorization": f"Bearer {shop.counter_key}", "idempotency-key": f"scan-{series}-%d"},
        body=body,
    )
    for number in itertools.count():
        yield asked % number


async def _queue_up(here: Stage) -> None:
    """Bring the queue of the hot article to its length again, by orders of one line."""
    shop, ean = here.shop, here.shop.eans[data.HOT]
    waiting = await here.owner.fetchval(
        "SELECT count(*) FROM order_line WHERE dossier_id = $1 AND ean = $2 AND outstanding > 0", shop.dossier, ean
    )
    draw = random.Random(next(_names))
    orders = [
        data.order_of(
            channel=shop.channel,
            number=number,
            at=data.START + timedelta(days=300, seconds=number - FIRST_NUMBER),
            eans=[ean],
            draw=draw,
        )
        for number in itertools.islice(_numbers, QUEUE - waiting)
    ]
    if orders:
        await data.put_orders(here.owner, shop.dossier, orders)
        await here.owner.execute("VACUUM ANALYZE order_line, customer_order, stock_level")


def _script() -> str:
    """One transaction in one round trip: the application's claim, lock and count, then ``WRITE``."""
    claim = {"1": ":dossier", "2": "ARRAY[:caller]", "3": "ARRAY[:id]"}
    shelf = {"1": ":dossier", "2": "ARRAY[:ean]"}
    write = {"1": ":dossier", "2": ":ean", "3": ":caller", "4": ":id", "5": ":answer"}
    steps = [
        _bound(CLAIM, claim),
        _bound(TOLD, claim),
        _bound(LOCK, shelf),
        _bound(WAITING, shelf),
        _bound(WRITE, write),
    ]
    return "\n".join([r"\startpipeline", "BEGIN;", *steps, "COMMIT;", r"\endpipeline"])


def _bound(statement: str, places: dict[str, str]) -> str:
    """``statement`` with pgbench's variables in its places and without its comments."""
    plain = re.sub(r"^--.*\n", "", statement, flags=re.MULTILINE).strip().removesuffix(";")
    return re.sub(r"\$(\d)", lambda found: places[found[1]], plain) + ";"
