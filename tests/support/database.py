"""A PostgreSQL for the tests: one throw-away server a run, one migrated template, a clone of it a test."""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from infra.db import migrate, wheel
from infra.db.embedded import EmbeddedServer, embedded

TEMPLATE = "comptoir_template"
MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it get random names
ROOM = 2_000_000_000  # bytes

MakeDatabase = Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """The server of this run; `template` names its migrated, otherwise empty database."""

    server: EmbeddedServer
    template: str

    async def execute(self, statement: str, /) -> None:
        """Run a statement that concerns the whole server, such as CREATE DATABASE."""
        connection = await asyncpg.connect(self.server.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def passable_folder(*, under: Path | None = None) -> Path:
    """A new temporary folder that root's PostgreSQL may pass through: pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="comptoir-test-", dir=under)).resolve()
    if os.geteuid() == 0:
        folder.chmod(0o755)
        account = wheel.account_for(pgdata=folder / "pg")
        if account.first_closed(folder) is not None:  # TMPDIR itself is private
            folder.rmdir()
            return passable_folder(under=Path("/var/tmp"))  # noqa: S108 - idem
    return folder


def _in_memory() -> Path | None:
    """Where a folder is kept in memory, if there is room: a clone of a database takes a tenth of the time there."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data folder, removed after the test."""
    folder = passable_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """A server with no database of ours, as fast as it gets: what it holds would not survive a crash."""
    folder = passable_folder(under=_in_memory())
    with embedded(folder, durable=False) as running:
        yield running
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def cluster(server: EmbeddedServer) -> Cluster:
    """The server with its migrated template."""
    cluster = Cluster(server=server, template=TEMPLATE)
    await cluster.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
    await asyncio.to_thread(migrate.upgrade, server.url(TEMPLATE))  # it runs a loop of its own
    return cluster


_numbers = itertools.count(1)


@pytest.fixture
async def make_database(cluster: Cluster) -> AsyncIterator[MakeDatabase]:
    """Call it for the address of a new, migrated, empty database; it is dropped after the test."""
    made: list[str] = []

    async def make() -> str:
        name = f"comptoir_test_{next(_numbers)}"
        await cluster.execute(f"CREATE DATABASE {name} TEMPLATE {cluster.template} STRATEGY FILE_COPY")
        made.append(name)
        return cluster.server.url(name)

    yield make
    for name in made:
        await cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(make_database: MakeDatabase) -> str:
    """The address of this test's own database: migrated, empty."""
    return await make_database()
