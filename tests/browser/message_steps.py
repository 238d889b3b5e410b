"""What the tests of messages share: customers who may or may not be written to, and messages in any state."""

import asyncio
from time import monotonic
from typing import Any

import asyncpg
import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import DATABASE
from tests.browser.steps import NUMBERS, ask, made, to
from tests.conftest import Client
from tests.support.database import Cluster

SOON = 5.0
"""Seconds."""
PROBES = 5


async def open_house(page: Page, script: Client) -> None:
    """Messages go out at any hour, and at once: the processes that send them have heard of it."""
    dossier = await ask(page, "GET", "/v1/dossier")
    if (dossier["messages"]["from_hour"], dossier["messages"]["to_hour"]) == (0, 24):
        return
    change = {"messages": {"from_hour": 0, "to_hour": 24, "grace_minutes": 0}}
    await ask(page, "PATCH", "/v1/dossier", change, version=dossier["version"])
    for _ in range(PROBES):
        probe = await made(script, email=f"sonde{next(NUMBERS)}@example.org")
        if await _goes(page, await written(page, probe)):
            return
    pytest.fail("no message goes out")


async def _goes(page: Page, message: dict[str, Any]) -> bool:
    """Whether it goes out soon; one that was put off until tomorrow does not."""
    limit = monotonic() + SOON
    while monotonic() < limit:
        if await state_of(page, message) == "sent":
            return True
        await asyncio.sleep(0.1)
    return False


async def consent(script: Client, customer: dict[str, object], channel: str, purpose: str, *, granted: bool) -> None:
    body = {"channel": channel, "purpose": purpose, "granted": granted, "source": "Bulletin signé"}
    answer = await script.post(f"/v1/customers/{customer['id']}/consents", json=body)
    assert answer.status_code == 201, answer.text


async def written(page: Page, customer: dict[str, object], text: str = "Bonjour {client}") -> dict[str, Any]:
    """A message to one customer about his order, that goes out by itself."""
    body = {
        "customer_ids": [customer["id"]],
        "channel": "email",
        "purpose": "order_arrival",
        "subject": "Vos livres",
        "text": text,
    }
    made: dict[str, Any] = (await ask(page, "POST", "/v1/messages", body))["messages"][0]
    return made


async def failed(page: Page, cluster: Cluster, message: dict[str, Any], state: str, error: str) -> None:
    """As when the other side has refused it for good, or the line broke."""
    assert await _goes(page, message)
    connection = await asyncpg.connect(cluster.server.url(DATABASE))
    try:
        done = await connection.execute(
            "UPDATE message SET state = $1, error = $2, attempts = 3, version = version + 1 WHERE message_id = $3::uuid",
            state,
            error,
            str(message["id"]).removeprefix("msg_"),
        )
    finally:
        await connection.close()
    assert done == "UPDATE 1", done


async def state_of(page: Page, message: dict[str, Any]) -> str:
    found: str = (await ask(page, "GET", f"/v1/messages/{message['id']}"))["state"]
    return found


def outbox(page: Page) -> Locator:
    return page.get_by_test_id("messages-table")


async def shown(page: Page, message: dict[str, Any]) -> Locator:
    """The record of a message, by its address."""
    await to(page, f"#/envois/{message['id']}")
    record = page.get_by_test_id("message")
    await expect(record.get_by_test_id("message-text")).to_be_visible()
    return record
