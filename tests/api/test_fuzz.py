"""Schemathesis over the whole contract, against a real server with a furnished shop (api.md, rule 13)."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.steps import (
    BOUTON,
    CHUT,
    EBOOK,
    NUIT,
    RUE,
    SHELF,
    UNKNOWN,
    customer,
    euros,
    line,
    order,
    post,
    push,
    put,
    scan,
    stock,
)
from tests.conftest import Client, Premises
from tests.support.server import ROOT, Server

SEED = 1
PHASES = "coverage,fuzzing,stateful"
"""All but the examples: those are recordings, and tests/api/test_examples.py holds each against the running shop."""
EXAMPLES = 5
"""Cases an operation and phase at most: what fits in the time on two cores."""
WITHIN = 780
"""Seconds after which the run is killed; it takes about a third of it on two cores that do nothing else."""


async def open_for_business(http: Client) -> None:
    """Customers, orders in every status, reservations, and enough copies for a busy day."""
    # the book that the contract's examples name is on paper, and another one digital
    paper = {"title": "MANGER UN LOUP", "list_price": euros("12.20")}
    await put(http, f"/v1/articles/{EBOOK}", paper)
    await put(http, f"/v1/articles/{UNKNOWN}", {**paper, "digital": True}, expect=201)
    for ean in (*SHELF, EBOOK):
        await stock(http, ean, 9000)
    cards = [await customer(http, name) for name in ("DURAND", "Élodie Cœur", "MAISON DES TOUT PETITS")]
    for card in cards:
        await order(http, line(RUE, 2), line(CHUT), customer_id=card["id"])
    await push(http, "W-1", line(NUIT), paid=False)
    await push(http, "W-2", line(BOUTON, 2), line(UNKNOWN))
    made = await order(http, name="DEPOT")
    await post(
        http,
        f"/v1/orders/{made['id']}/payments",
        {"amount": euros("5.00"), "kind": "deposit", "method": "cash"},
        version=1,
    )
    for ean in (RUE, CHUT, NUIT):
        await scan(http, ean)
    for n in range(30):
        await post(http, "/v1/reservations", {"ean": BOUTON, "contact": {"name": f"A LA MAIN {n}"}})


@pytest.mark.fuzz
async def test_schemathesis_finds_nothing(served: Server, premises: Premises, tmp_path: Path) -> None:
    async with served.client(premises.admin_key) as http:
        await open_for_business(http)
    contract = json.loads((ROOT / "openapi" / "openapi.json").read_text())
    # an endless stream has no answer to wait for; tests/api/test_events.py is about it
    del contract["paths"]["/v1/events"]
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(contract))
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), f"--config-file={ROOT / 'schemathesis.toml'}"),
        *("run", str(document), f"--url={served.url}", "--checks=all", f"--phases={PHASES}"),
        *(f"--seed={SEED}", f"--max-examples={EXAMPLES}", "--no-color"),
    ]
    environment = {
        **os.environ,
        "FUZZ_KEY": premises.admin_key,
        "FUZZ_URL": served.url,
        "FUZZ_DATABASE": premises.database,
        "PYTHONPATH": str(ROOT),
    }
    done = await asyncio.to_thread(
        subprocess.run,
        command,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
