"""The two shops that every contract runs on."""

from collections.abc import AsyncIterator

import pytest

from tests.contracts.house import FakeHouse, House, PostgresHouse, postgres_house
from tests.support.database import MakeDatabase


@pytest.fixture
async def postgres(database: str) -> AsyncIterator[PostgresHouse]:
    async with postgres_house(database) as house:
        yield house


@pytest.fixture(params=["fake", "postgres"])
async def house(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[House]:
    if request.param == "fake":
        yield FakeHouse()
        return
    async with postgres_house(await make_database()) as house:
        yield house
