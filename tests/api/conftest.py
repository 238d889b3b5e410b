"""A look into the database, strangers, and real servers on real sockets."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import count

import asyncpg
import pytest
import structlog
from fastapi import FastAPI

from api.app import create_app
from domain.comptoir import Comptoir
from infra.bootstrap import running
from tests.api.steps import Connection
from tests.conftest import BOOKS, EBOOK, Client, Premises, client_of, furnish
from tests.support.database import Cluster
from tests.support.server import Server
from tests.support.server import serving as process_on

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


@asynccontextmanager
async def serving(premises: Premises, *, processes: int = 1) -> AsyncIterator[list[Server]]:
    """Uvicorn processes on the database of ``premises``; each has answered once."""
    async with AsyncExitStack() as running_servers:
        yield [await running_servers.enter_async_context(process_on(premises.database)) for _ in range(processes)]


@pytest.fixture
async def served(premises: Premises) -> AsyncIterator[Server]:
    """One uvicorn process on a real socket."""
    async with serving(premises) as (server,):
        yield server
