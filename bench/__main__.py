"""`python -m bench [goal ...]`: one line of JSON a goal on standard output, what stands behind it on standard error."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import uvloop

from bench.faults import Fault
from bench.goals import GOALS
from bench.stage import stage
from infra.db import migrate, wheel
from infra.db.embedded import embedded

DATABASE = "comptoir"


def _folder() -> Path:
    """A new temporary folder that PostgreSQL's own user may pass through when this is root."""
    folder = Path(tempfile.mkdtemp(prefix="comptoir-bench-")).resolve()
    if os.geteuid() == 0:
        folder.chmod(0o755)
        if wheel.account_for(pgdata=folder / "pg").first_closed(folder) is not None:  # TMPDIR itself is private
            folder.rmdir()
            folder = Path(tempfile.mkdtemp(prefix="comptoir-bench-", dir="/var/tmp")).resolve()
            folder.chmod(0o755)
    return folder


@contextmanager
def _database() -> Iterator[tuple[Path, str]]:
    """A PostgreSQL of this run alone, with the tables and nothing in them: its folder and the owner's address."""
    folder = _folder()
    try:
        with embedded(folder / "data") as server:
            asyncio.run(_create(server.url("postgres")))
            migrate.upgrade(server.url(DATABASE))
            yield folder, server.url(DATABASE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _create(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE DATABASE {DATABASE}")
    await connection.close()


async def _measure(folder: Path, url: str, wanted: list[str]) -> None:
    async with stage(folder=folder, url=url) as here:
        for goal in GOALS:
            if goal.name in wanted:
                result = await goal.measure(here)
                for line in (f"{goal.name} {goal.title}", *(f"   {line}" for line in result.told)):
                    print(line, file=sys.stderr, flush=True)
                shown = {
                    "goal": goal.name,
                    "ratio": round(result.ratio, 2),
                    "spread": [round(end, 2) for end in result.spread],
                    "met": goal.met(result.ratio),
                }
                print(json.dumps(shown), flush=True)


def main() -> int:
    """0 when all was measured, whatever the figures; 1 after a fault; 2 for a goal that does not exist."""
    known = [goal.name for goal in GOALS]
    wanted = [name.upper() for name in sys.argv[1:]] or known
    if unknown := sorted(set(wanted) - set(known)):
        print(f"No such goal: {', '.join(unknown)}. There are {', '.join(known)}.", file=sys.stderr)
        return 2
    begun = time.monotonic()
    try:
        with _database() as (folder, url):
            uvloop.run(_measure(folder, url, wanted))
    except (Fault, wheel.EmbeddedError) as fault:
        print(f"bench: {fault}", file=sys.stderr)
        return 1
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
