"""A look into the database, strangers, and real servers on real sockets."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import asyncpg
import httpx
import pytest
import structlog
from fastapi import FastAPI

from api.app import create_app
from domain.comptoir import Comptoir
from infra.bootstrap import running
from tests.api.steps import Connection
from tests.conftest import BOOKS, EBOOK, Client, Premises, client_of, furnish
from tests.support.database import Cluster

ROOT = Path(__file__).resolve().parents[2]
SERVE = """
import socket, sys, uvicorn
config = uvicorn.Config("api.asgi:app", loop="uvloop", http="httptools", log_level="warning", access_log=False,
                        server_header=False, timeout_graceful_shutdown=2)
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""
"""uvicorn as ``make run`` starts it, on a socket it is handed."""
STARTED_WITHIN = 40.0
STOPPED_WITHIN = 10.0


TEMPLATE = "comptoir_template_of_the_api"


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """The coloured tracebacks that structlog makes unasked take two seconds each."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])


@pytest.fixture(scope="session")
async def furnished(cluster: Cluster) -> Premises:
    """A shop with its books, made once a run: hashing its password costs more than most tests."""
    await cluster.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE {cluster.template} STRATEGY FILE_COPY")
    premises = await furnish(cluster.server.url(TEMPLATE))
    async with (
        running(database_url=premises.database, pool_size=1) as comptoir,
        open_app(comptoir) as app,
        client_of(app, premises.admin_key) as http,
    ):
        for ean, (title, author, publisher, price) in BOOKS.items():
            await _shelve(http, ean, title=title, author=author, publisher=publisher, price=price)
        await _shelve(http, EBOOK, title="MANGER UN LOUP", author="VINCENT BOURGEAU", price="5.99", digital=True)
    return premises


async def _shelve(http: Client, ean: str, *, price: str, **card: object) -> None:
    answer = await http.put(f"/v1/articles/{ean}", json={"list_price": {"amount": price}, **card})
    assert answer.status_code == 201, answer.text


@asynccontextmanager
async def open_app(comptoir: Comptoir) -> AsyncIterator[FastAPI]:
    """The application over a shop that is open already."""

    @asynccontextmanager
    async def open_shop() -> AsyncIterator[Comptoir]:
        yield comptoir

    application = create_app(running=open_shop)
    async with application.router.lifespan_context(application):
        yield application


_numbers = count(1)


@asynccontextmanager
async def cloned(cluster: Cluster, furnished: Premises) -> AsyncIterator[Premises]:
    """A clone of the furnished shop."""
    name = f"comptoir_api_{next(_numbers)}"
    await cluster.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    yield replace(furnished, database=cluster.server.url(name))
    await cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def premises(cluster: Cluster, furnished: Premises) -> AsyncIterator[Premises]:
    """A clone of the furnished shop, of the test that asks for it alone."""
    async with cloned(cluster, furnished) as premises:
        yield premises


@pytest.fixture
def books() -> Mapping[str, tuple[str, str, str, str]]:
    """The five books and an e-book, which the furnished shop has from the start, none in stock."""
    return BOOKS


@pytest.fixture
async def sql(premises: Premises) -> AsyncIterator[Connection]:
    """The database's owner looks in: every dossier, every row."""
    connection = await asyncpg.connect(premises.database)
    yield connection
    await connection.close()


ClientFor = Callable[..., Awaitable[Client]]


@pytest.fixture
async def client_for(app: FastAPI) -> AsyncIterator[ClientFor]:
    """Call it with a key, or None for a stranger, for a client of the application in this process."""
    async with AsyncExitStack() as opened:

        async def make(key: str | None, *, raise_app_exceptions: bool = True) -> Client:
            return await opened.enter_async_context(client_of(app, key, raise_app_exceptions=raise_app_exceptions))

        yield make


@pytest.fixture
async def elsewhere(premises: Premises) -> Premises:
    """Another shop in the same database."""
    return await furnish(premises.database, code="ailleurs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A uvicorn process, and what it listens on."""

    url: str
    process: subprocess.Popen[bytes]

    def client(self, key: str | None) -> Client:
        """A client with connections of its own, so that it can be many shops at once."""
        headers = {"authorization": f"Bearer {key}"} if key else {}
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=0)
        return Client(base_url=self.url, headers=headers, limits=limits, timeout=60.0)


@asynccontextmanager
async def serving(premises: Premises, *, processes: int = 1) -> AsyncIterator[list[Server]]:
    """Uvicorn processes on the database of ``premises``; each has answered once."""
    servers = [_started(premises) for _ in range(processes)]
    try:
        # the sockets listen already: the first request waits until the process accepts it
        async with httpx.AsyncClient(timeout=STARTED_WITHIN) as knock:
            for answer in await asyncio.gather(*(knock.get(f"{server.url}/readyz") for server in servers)):
                assert answer.status_code == 200, answer.text
        yield servers
    finally:
        for server in servers:
            server.process.terminate()
        for server in servers:
            await asyncio.to_thread(server.process.wait, STOPPED_WITHIN)


def _started(premises: Premises) -> Server:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}
    environment |= {
        "COMPTOIR_DATABASE_URL": premises.database,
        "COMPTOIR_RATE_LIMIT": "0",
        "COMPTOIR_PAGE_DIR": str(ROOT / "no-page"),
        "COMPTOIR_PARENT_PID": str(os.getpid()),
    }
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(listener.fileno())],
            cwd=ROOT,
            env=environment,
            pass_fds=[listener.fileno()],
        )
        return Server(url=f"http://127.0.0.1:{listener.getsockname()[1]}", process=process)


@pytest.fixture
async def served(premises: Premises) -> AsyncIterator[Server]:
    """One uvicorn process on a real socket."""
    async with serving(premises) as (server,):
        yield server
