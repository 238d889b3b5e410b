"""A shop in memory, and a desk that asks suppliers in memory and in PostgreSQL, each with its catalogue."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from domain.model.values import ThirdPartyId
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.contracts.samples import EANS, EBOOK
from tests.support.database import MakeDatabase
from tests.usecases.desk import Desk
from tests.usecases.office import Office
from tests.usecases.shop import Shop


@pytest.fixture
async def shop() -> Shop:
    shop = Shop(FakeHouse())
    await shop.catalogue(EANS)
    await shop.catalogue([EBOOK], digital=True, price="5.99")
    return shop


async def _furnished(house: House) -> Desk:
    desk = Desk(house)
    await desk.catalogue(EANS)
    await desk.catalogue([EBOOK], digital=True, price="5.99")
    return desk


@pytest.fixture(params=["fake", "postgres"])
async def desk(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Desk]:
    if request.param == "fake":
        yield await _furnished(FakeHouse())
        return
    async with postgres_house(await make_database()) as house:
        yield await _furnished(house)


@pytest.fixture
async def sodis(desk: Desk) -> ThirdPartyId:
    """A supplier whose own articles are the first two books."""
    found = await desk.supplier("SODIS")
    await desk.supplied_by(found, *EANS[:2])
    return found


@pytest.fixture(params=["fake", "postgres"])
async def office(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Office]:
    """A shop with its back office and a catalogue, in memory and in PostgreSQL."""
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        office = Office(house)
        await office.catalogue(EANS)
        yield office
