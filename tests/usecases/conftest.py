"""A shop in memory, with its catalogue."""

import pytest

from tests.contracts.house import FakeHouse
from tests.contracts.samples import EANS, EBOOK
from tests.usecases.shop import Shop


@pytest.fixture
async def shop() -> Shop:
    shop = Shop(FakeHouse())
    await shop.catalogue(EANS)
    await shop.catalogue([EBOOK], digital=True, price="5.99")
    return shop
