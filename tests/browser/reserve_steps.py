"""What browser tests of reservations share: copies kept by hand, some of them long ago."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from playwright.async_api import Page

from tests.browser.conftest import DATABASE
from tests.browser.order_steps import Book, book
from tests.browser.steps import NUMBERS, ask
from tests.support.database import Cluster

Ages = Callable[..., Awaitable[None]]


@pytest.fixture
async def aged(cluster: Cluster) -> Ages:
    """Call it with a reservation: set aside so many days ago, to be picked up within so many more."""

    async def age(reservation: dict[str, Any], *, days: int, left: int = 1) -> None:
        connection = await asyncpg.connect(cluster.server.url(DATABASE))
        try:
            await connection.execute(
                "UPDATE reservation SET set_aside_at = set_aside_at - $2 * interval '1 day', "
                "pickup_deadline = current_date + $3::int WHERE reservation_id = $1",
                UUID(reservation["id"].removeprefix("rsv_")),
                days,
                left,
            )
        finally:
            await connection.close()

    return age


def name() -> str:
    return f"GARDE{next(NUMBERS)}"


async def kept(page: Page, of: Book | None = None, *, who: str | None = None, **fields: object) -> dict[str, Any]:
    """A copy kept by hand, for a free name unless ``fields`` name a customer."""
    of = of or await book(page, stock=int(str(fields.get("quantity", 1))))
    person = {} if "customer_id" in fields else {"contact": {"name": who or name()}}
    made: dict[str, Any] = await ask(page, "POST", "/v1/reservations", {"ean": of.ean, **person, **fields})
    return made


async def now(page: Page, reservation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = await ask(page, "GET", f"/v1/reservations/{reservation['id']}")
    return found
