"""What every test may ask for: a database of its own, a shop in it, and a client that talks to the application."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from domain.comptoir import Comptoir
from domain.model.values import DossierId
from infra.bootstrap import running
from infra.db.dossiers import add_channel, add_key, add_staff, open_dossier
from tests.support.browser import *  # noqa: F403 - fixtures
from tests.support.database import *  # noqa: F403 - fixtures

PASSWORD = "quatre-mots-pour-essayer-7"
STAFF = "libraire"
CHANNEL = "boutique"

BOOKS = {
    "9791094908020": ("DANS LA RUE", "TINEKA MEIRINK", "DIPLODOCUS", "12.00"),
    "9782364744103": ("CHUT ! ON A UN PLAN", "CHRIS HAUGHTON", "THIERRY MAGNIER", "14.50"),
    "9782364749276": ("BONNE NUIT TOUT LE MONDE", "CHRIS HAUGHTON", "THIERRY MAGNIER", "15.90"),
    "9782092512746": ("LE BOUTON DE LA SORCIERE", "ROSALINDE BONNET", "NATHAN", "10.00"),
    "9782211038614": ("DELIVREZ-MOI !", "ALEX SANDERS", "EDL", "11.20"),
}
"""Five of the ten books of order 46407: valid EANs, prices in euros."""
EBOOK = "9782211217088"


@pytest.fixture(autouse=True)
def _rows(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """Write the feature rows of each test into the report."""
    for mark in request.node.iter_markers("row"):
        for row in mark.args:
            record_property("row", row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """A shop in a database: its id and its keys. ``database`` is the owner's URL."""

    database: str
    dossier: DossierId
    admin_key: str
    shop_key: str


async def furnish(database: str, *, code: str = "essai") -> Premises:
    """A dossier with staff, a web shop, an administrator's key and the shop's own; no article yet."""
    connection = await asyncpg.connect(database)
    try:
        dossier = await open_dossier(connection, code=code, name="Librairie d'essai")
        await add_staff(
            connection, dossier_id=dossier, login=STAFF, name="Camille", password=PASSWORD, scopes=["admin"]
        )
        channel = await add_channel(connection, dossier_id=dossier, code=CHANNEL, name="Boutique", kind="native")
        admin = await add_key(connection, dossier_id=dossier, label="admin", scopes=["admin"], channel_id=None)
        shop = await add_key(
            connection,
            dossier_id=dossier,
            label="boutique",
            scopes=["orders:write", "orders:read", "articles:read"],
            channel_id=channel,
        )
    finally:
        await connection.close()
    return Premises(database=database, dossier=dossier, admin_key=admin, shop_key=shop)


@pytest.fixture
async def premises(database: str) -> Premises:
    return await furnish(database)


@pytest.fixture
async def comptoir(premises: Premises) -> AsyncIterator[Comptoir]:
    async with running(database_url=premises.database, pool_size=8) as shop:
        yield shop


@pytest.fixture
async def app(comptoir: Comptoir) -> AsyncIterator[FastAPI]:
    """The application over the shop, in this process; no rate limit, no page."""

    @asynccontextmanager
    async def open_shop() -> AsyncIterator[Comptoir]:
        yield comptoir

    application = create_app(running=open_shop)
    async with application.router.lifespan_context(application):
        yield application


class Client(httpx.AsyncClient):
    """An HTTP client of the application that makes up a fresh idempotency key for every POST without one."""

    keys = count(1)

    async def request(self, method: str, url: httpx.URL | str, **kwargs: object) -> httpx.Response:
        headers = httpx.Headers(kwargs.pop("headers", None))  # type: ignore[arg-type]
        if method == "POST" and "idempotency-key" not in headers:
            headers["idempotency-key"] = f"test-{next(self.keys)}"
        return await super().request(method, url, headers=headers, **kwargs)  # type: ignore[arg-type]


def client_of(app: FastAPI, key: str | None, *, raise_app_exceptions: bool = True) -> Client:
    """A client with ``key``; a stranger without."""
    return Client(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=raise_app_exceptions),
        base_url="http://comptoir.test",
        headers={"authorization": f"Bearer {key}"} if key else {},
    )


@pytest.fixture
async def http(app: FastAPI, premises: Premises) -> AsyncIterator[Client]:
    """A client that may do everything."""
    async with client_of(app, premises.admin_key) as client:
        yield client


@pytest.fixture
async def web_shop(app: FastAPI, premises: Premises) -> AsyncIterator[Client]:
    """A client with the web shop's own key."""
    async with client_of(app, premises.shop_key) as client:
        yield client


@pytest.fixture
async def books(http: Client) -> dict[str, tuple[str, str, str, str]]:
    """The five books and an e-book in the catalogue, none in stock."""
    for ean, (title, author, publisher, price) in BOOKS.items():
        card = {"title": title, "author": author, "publisher": publisher, "list_price": {"amount": price}}
        assert (await http.put(f"/v1/articles/{ean}", json=card)).status_code == 201
    ebook = {"title": "MANGER UN LOUP", "author": "VINCENT BOURGEAU", "list_price": {"amount": "5.99"}, "digital": True}
    assert (await http.put(f"/v1/articles/{EBOOK}", json=ebook)).status_code == 201
    return BOOKS
