"""PostgreSQL's own load generator, as a side."""

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bench.faults import Fault
from bench.stage import Stage
from infra.db.pools import ROLE

THREADS = 2
SECONDS = 2  # of a round; pgbench takes whole ones
FIRST_NUMBER = 1_000_000_000
"""Order numbers and ids of pgbench have ten digits from here on, and never meet those of the application."""
A_ROUND = 10_000_000
"""Numbers kept for one round: client and count are told apart by the factor 64."""

_rounds = iter(range(110))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``rate`` is transactions a second without the time to connect, ``done`` how many there were."""

    rate: float
    done: int


async def pgbench(here: Stage, *, script: str, clients: int, variables: Mapping[str, str]) -> Outcome:
    """Run ``script`` with prepared statements as the application's role; ``:id`` is a fresh number of ten digits.

    Raises ``Fault`` when any transaction failed.
    """
    path = here.folder / "script.sql"
    path.write_text(f"\\set n :n + 1\n\\set id :base + :n * 64 + :client_id\n{script}\n")
    known = {"n": "0", "base": str(FIRST_NUMBER + next(_rounds) * A_ROUND), **variables}
    settings = {"role": ROLE, "comptoir.dossier_id": str(here.shop.dossier), "jit": "off"}
    process = await asyncio.create_subprocess_exec(
        *(str(here.pgbench), "--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--jobs={THREADS}"),
        *(f"--time={SECONDS}", f"--file={path}", *(f"--define={name}={text}" for name, text in known.items())),
        here.url,
        env={
            "PATH": os.defpath,
            "LC_ALL": "C",
            "PGOPTIONS": " ".join(f"-c {name}={text}" for name, text in settings.items()),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = (stream.decode(errors="replace") for stream in await process.communicate())
    rate = re.search(r"^tps = ([0-9.]+)", out, re.MULTILINE)
    done = re.search(r"actually processed: (\d+)", out)
    failed = re.search(r"failed transactions: (\d+)", out)
    if process.returncode != 0 or rate is None or done is None or (failed is not None and failed[1] != "0"):
        raise Fault(f"pgbench: {err[-1500:] or out[-1500:]}")
    return Outcome(rate=float(rate[1]), done=int(done[1]))
