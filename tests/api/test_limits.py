"""Limits are announced, and refuse with the time to wait (api.md, rule 10)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from api.app import LOGINS_A_MINUTE, create_app
from domain.comptoir import Comptoir
from tests.conftest import STAFF, Client, Premises, client_of


@pytest.fixture
async def limited(comptoir: Comptoir, premises: Premises) -> AsyncIterator[Client]:
    """A client of an application that allows thirty requests a minute."""

    @asynccontextmanager
    async def open_shop() -> AsyncIterator[Comptoir]:
        yield comptoir

    application = create_app(running=open_shop, per_minute=30)
    async with application.router.lifespan_context(application), client_of(application, premises.admin_key) as client:
        yield client


class TestALimitedClient:
    async def test_is_told_its_policy_and_what_is_left(self, limited: Client) -> None:
        first, second = await limited.get("/v1/me"), await limited.get("/v1/me")
        assert first.headers["ratelimit-policy"] == '"default";q=30;w=60'
        left = [int(each.headers["ratelimit"].split(";r=")[1].split(";")[0]) for each in (first, second)]
        assert left[0] - left[1] in {1, -28}  # the minute may turn between the two

    async def test_is_refused_beyond_it_with_the_time_to_wait(self, limited: Client) -> None:
        answers = [await limited.get("/v1/me") for _ in range(61)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused
        assert refused[0].json()["code"] == "too-many-requests"
        assert 1 <= int(refused[0].headers["retry-after"]) <= 60

    async def test_may_not_guess_passwords_for_long(self, limited: Client) -> None:
        guess = {"login": STAFF, "password": "mauvais"}
        statuses = [(await limited.post("/v1/session", json=guess)).status_code for _ in range(2 * LOGINS_A_MINUTE + 1)]
        assert set(statuses) == {401, 429}
