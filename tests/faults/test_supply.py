"""Twelve at once on PostgreSQL: each copy is asked for once, and supply adds up whoever comes first."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest

from domain.errors import (
    NothingToDeliver,
    NothingToOrder,
    OrderClosed,
    OutOfStock,
    ShopError,
    StaleVersion,
    SupplierOrderClosed,
    UnfitLines,
)
from domain.model.supply import SupplyState
from domain.queries.orders import OrderView, view_of
from domain.queries.supply import supply_view
from domain.usecases.answering import Said
from tests.contracts.house import postgres_house
from tests.contracts.samples import EANS
from tests.usecases.desk import Desk

pytestmark = pytest.mark.faults

AT_ONCE = 12
LOST_THE_RACE = (
    NothingToDeliver,
    NothingToOrder,
    OrderClosed,
    OutOfStock,
    StaleVersion,
    SupplierOrderClosed,
    UnfitLines,
)
BOOKS = EANS[:3]


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    """A shop in PostgreSQL with two suppliers of its three books."""
    async with postgres_house(database, size=AT_ONCE) as house:
        desk = Desk(house)
        await desk.catalogue(BOOKS)
        await desk.supplied_by(await desk.supplier("SODIS"), *BOOKS[:2])
        await desk.supplied_by(await desk.supplier("HACHETTE"), *BOOKS[2:])
        yield desk


async def together(work: list[Coroutine[Any, Any, Any]]) -> Counter[str]:
    """Do all of it at once; answers how each went. Only a race that was lost is a reason to be refused."""
    told: Counter[str] = Counter()
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, ShopError):
            assert isinstance(result, LOST_THE_RACE), repr(result)
            told[result.code] += 1
        elif isinstance(result, BaseException):
            raise result
        else:
            told["done"] += 1
    return told


async def orders_of(desk: Desk) -> list[OrderView]:
    books = await desk.house.books()
    return [view_of(order) for order in sorted(books.orders.values(), key=lambda order: order.number)]


@pytest.mark.row("C6")
class TestTwelveWhoAsk:
    async def test_for_the_same_lines_ask_for_each_copy_once(self, desk: Desk) -> None:
        orders = [await desk.create(dict.fromkeys(BOOKS, 2)) for _ in range(4)]
        lines = [line.id for order in orders for line in order.lines]
        told = await together([desk.ask(*lines) for _ in range(AT_ONCE)])
        assert told == {"done": 1, "nothing-to-order": AT_ONCE - 1}
        await desk.check()
        supplies = (await desk.supplies()).values()
        assert sorted((line.ean, line.ordered) for supply in supplies for line in supply.lines) == [
            (ean, 8) for ean in BOOKS
        ]

    async def test_for_an_order_each_join_one_draft_of_each_supplier(self, desk: Desk) -> None:
        orders = [await desk.create(dict.fromkeys(BOOKS, 1)) for _ in range(AT_ONCE)]
        told = await together([desk.ask(*(line.id for line in order.lines)) for order in orders])
        assert told == {"done": AT_ONCE}
        await desk.check()
        supplies = (await desk.supplies()).values()
        assert sorted((line.ean, line.ordered) for supply in supplies for line in supply.lines) == [
            (ean, AT_ONCE) for ean in BOOKS
        ]
        assert len(supplies) == 2

    async def test_for_lines_in_common_ask_for_each_copy_once_and_on_one_draft_each(self, desk: Desk) -> None:
        orders = [await desk.create(dict.fromkeys(BOOKS, 3)) for _ in range(6)]
        lines = [line.id for order in orders for line in order.lines]
        chance = random.Random(46407)  # noqa: S311 - no secret
        await together([desk.ask(*chance.sample(lines, 7)) for _ in range(AT_ONCE)])
        await together([desk.ask((line, 1)) for line in lines[:AT_ONCE]])
        await together([desk.ask(*chance.sample(lines, len(lines))) for _ in range(AT_ONCE)])
        await desk.check()
        supplies = (await desk.supplies()).values()
        assert len(supplies) == 2, "two suppliers, a draft each"
        assert sum(line.ordered for supply in supplies for line in supply.lines) == 6 * 3 * 3
        assert all(line.unsupplied == 0 for order in await orders_of(desk) for line in order.lines)


@pytest.mark.row("A14", "A24", "C6", "C7")
class TestEverythingAtOnce:
    async def test_a_parcel_against_those_who_give_up(self, desk: Desk) -> None:
        for _ in range(4):
            orders = [await desk.create({BOOKS[0]: 2}) for _ in range(6)]
            (draft,) = await desk.ask(*(order.lines[0].id for order in orders))
            await desk.send(draft)
            now = [order for order in await orders_of(desk) if order.id in {each.id for each in orders}]
            parcels = [desk.unpack((BOOKS[0], 3)) for _ in range(4)]
            told = await together([*parcels, *(desk.cancel(order) for order in now)])
            assert told["done"] >= 4
            await desk.check()
            (supply,) = [each for each in (await desk.supplies()).values() if each.id == draft.id]
            assert (supply.state, supply.lines[0].received) == (SupplyState.RECEIVED, 12)

    async def test_any_mix_adds_up(self, desk: Desk) -> None:
        chance = random.Random(1872)  # noqa: S311 - no secret
        told: Counter[str] = Counter()
        for _ in range(12):
            for _ in range(3):
                await desk.create({ean: chance.randint(1, 3) for ean in chance.sample(BOOKS, 2)})
            orders = await orders_of(desk)
            supplies = [supply_view(each) for each in (await desk.supplies()).values()]
            with_lines = [each for each in supplies if each.lines]
            work: list[Coroutine[Any, Any, Any]] = []
            for _ in range(AT_ONCE):
                order = chance.choice(orders)
                choices = [
                    desk.unpack(*((ean, chance.randint(1, 3)) for ean in chance.sample(BOOKS, 2))),
                    desk.ask(*(line.id for each in chance.sample(orders, 3) for line in each.lines)),
                    desk.cancel(order),
                    desk.scan(chance.choice(BOOKS)),
                    desk.free(order, order.lines[0].id),
                ]
                if with_lines:
                    supply = chance.choice(with_lines)
                    said = Said(line_id=chance.choice(supply.lines).id, code=chance.choice("1567"))
                    choices += [desk.send(supply), desk.send(supply), desk.answer(supply, said), desk.annul(supply)]
                chosen = chance.choice(choices)
                for other in choices:
                    if other is not chosen:
                        other.close()
                work.append(chosen)
            told += await together(work)
            await desk.check()
        assert told["done"] > AT_ONCE * 4, told
