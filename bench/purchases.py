"""`python -m bench.purchases`: a hundred thousand purchases of twenty thousand readers in batches over HTTP, sent twice.

Prints one line of JSON: purchases a second when they are new, when they are known, and whether the base is the same after.
"""

import asyncio
import json
import random
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import uvloop

from api.app import create_app
from bench import data
from bench.__main__ import DATABASE, _create, _folder
from domain.comptoir import Comptoir
from domain.model.customer import CardOrigin, Customer, CustomerDetails
from domain.model.values import CustomerId
from infra.bootstrap import running
from infra.db import migrate
from infra.db.dossiers import add_key, open_dossier
from infra.db.embedded import embedded
from infra.ids import new_id
from infra.repositories.customers import customer_row

READERS, PURCHASES, BATCH = 20_000, 100_000, 1_000
PROGRAM = {"code": "DIX", "label": "Dix achats", "kind": "purchases", "percent": "5.00", "every": 10}
SUMS = (
    "SELECT (SELECT count(*) FROM purchase), (SELECT sum(amount) FROM purchase), (SELECT count(*) FROM loyalty_entry), "
    "(SELECT sum(amount) FROM loyalty_entry), (SELECT sum(purchases) FROM loyalty_entry)"
)


def batches(codes: Sequence[str]) -> Iterator[bytes]:
    """The bodies to send: nine lines are sales, the tenth brings one of them back."""
    draw = random.Random(data.SEED)
    lines: list[dict[str, Any]] = []
    for number in range(PURCHASES):
        line: dict[str, Any] = {
            "reference": f"L{number}",
            "source": "till",
            "at": (data.START + timedelta(seconds=number)).isoformat(),
            "customer_code": draw.choice(codes),
            "ean": data.ean_of(draw.randrange(data.ARTICLES)),
            "quantity": 1,
            "amount": {"amount": "12.00"},
        }
        if number % 10 == 9:
            sold = lines[-draw.randrange(1, 9)]
            back = {"quantity": -1, "amount": {"amount": "-12.00"}, "undoes": sold["reference"]}
            line |= {"customer_code": sold["customer_code"], "ean": sold["ean"], **back}
        lines.append(line)
        if len(lines) == BATCH:
            yield json.dumps({"purchases": lines}).encode()
            lines = []


async def furnish(url: str) -> tuple[str, list[str]]:
    """A dossier with articles at 12 euros and readers with active cards: its key and their codes."""
    owner = await asyncpg.connect(url)
    try:
        dossier = await open_dossier(owner, code="bench", name="Librairie mesurée")
        await owner.execute(
            "UPDATE dossier SET settings = settings || jsonb_build_object('loyalty', $1::jsonb)",
            json.dumps([{**PROGRAM, "threshold": None, "expires_after_months": None, "voucher_note": None}]),
        )
        key = await add_key(owner, dossier, label="caisse", scopes=["admin"])
        eans = [data.ean_of(number) for number in range(data.ARTICLES)]
        article = {"title": "Livre", "title_key": "LIVRE", "author": "AUTEUR", "publisher": "EDITEUR", "list_price": 12}
        more = {"vat_rate": "5.50", "digital": False, "kind": "book", "school_book": False, "updated_at": data.START}
        await data.copy(owner, "article", ({"dossier_id": dossier, "ean": ean, **article, **more} for ean in eans))
        readers = [
            Customer(
                id=CustomerId(new_id()),
                code=f"R{number}",
                details=CustomerDetails(name=f"Lecteur {number}", fidelity_active=True),
                origin=CardOrigin.IMPORT,
                approved_at=data.START,
                created_at=data.START,
                updated_at=data.START,
            )
            for number in range(READERS)
        ]
        rows = (customer_row(dossier, reader) for reader in readers)
        await data.copy(owner, "customer", ({**row, "custom_fields": "{}"} for row in rows))
        await owner.execute("ANALYZE")
    finally:
        await owner.close()
    return key, [reader.code for reader in readers]


async def measure(url: str) -> dict[str, Any]:
    key, codes = await furnish(url)
    owner = await asyncpg.connect(url)
    bodies = list(batches(codes))
    figures: list[float] = []
    slowest: list[float] = []
    sums = []
    async with running(database_url=url, pool_size=4) as shop:

        @asynccontextmanager
        async def open_shop() -> AsyncIterator[Comptoir]:
            yield shop

        app = create_app(running=open_shop)
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bench", headers=headers) as http,
        ):
            for turn, outcome in enumerate(("created", "known")):
                times = []
                for number, body in enumerate(bodies):
                    began = time.monotonic()
                    sent = await http.post(
                        "/v1/purchases", content=body, headers={"idempotency-key": f"{turn}-{number}"}
                    )
                    times.append(time.monotonic() - began)
                    assert sent.json()[outcome] == BATCH, sent.text[:500]
                figures.append(PURCHASES / sum(times))
                slowest.append(max(times))
                sums.append(await owner.fetchrow(SUMS))
    await owner.close()
    return {
        "purchases": PURCHASES,
        "new_per_second": round(figures[0]),
        "known_per_second": round(figures[1]),
        "slowest_batch_s": round(max(slowest), 2),
        "same_base": sums[0] == sums[1],
        "sums": [str(each) for each in sums[1] or ()],
    }


def main() -> int:
    folder = _folder()
    try:
        with embedded(folder / "data") as server:
            asyncio.run(_create(server.url("postgres")))
            migrate.upgrade(server.url(DATABASE))
            result = uvloop.run(measure(server.url(DATABASE)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(result), flush=True)
    return 0 if result["same_base"] else 1


if __name__ == "__main__":
    sys.exit(main())
