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


async def _tells_the_truth(shop: Shop) -> None:
    """Whatever a test did through the use cases, the stock's own check finds nothing in it (C19)."""
    async with shop.around.begin(shop.house.dossier) as work:
        assert (await work.stock_checks.look()).findings == ()


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    shop = Shop(FakeHouse())
    await shop.catalogue(EANS)
    await shop.catalogue([EBOOK], digital=True, price="5.99")
    yield shop
    await _tells_the_truth(shop)


async def _furnished(house: House) -> Desk:
    desk = Desk(house)
    await desk.catalogue(EANS)
    await desk.catalogue([EBOOK], digital=True, price="5.99")
    return desk


@pytest.fixture(params=["fake", "postgres"])
async def desk(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        desk = await _furnished(house)
        yield desk
        await _tells_the_truth(desk)


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
