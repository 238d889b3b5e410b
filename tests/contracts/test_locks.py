"""What transactions wait for: one suite on the fake and on PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Iterable

import pytest

from domain.errors import StaleVersion
from domain.model.reservation import State
from tests.contracts import samples
from tests.contracts.house import House, until_blocked
from tests.contracts.samples import EANS, NOW, committed, loaded, stocked, taken


class TestALock:
    async def test_of_stock_lets_the_second_see_what_the_first_did(self, house: House) -> None:
        await stocked(house, copies=1)
        seen: list[int] = []

        async def second() -> None:
            async with house.begin(house.dossier) as work:
                shelf = (await work.stock.lock([EANS[0]]))[EANS[0]]
                seen.append(shelf.stock.available)

        async with house.begin(house.dossier) as first:
            shelf = (await first.stock.lock([EANS[0]]))[EANS[0]]
            waiting = asyncio.create_task(second())
            await until_blocked(house, 1, beside=waiting)
            shelf.stock.take(1)
            first.stock.save(shelf.stock)
            await first.commit()
            await waiting
        assert seen == [0]

    async def test_of_stock_tells_the_second_who_still_waits(self, house: House) -> None:
        await stocked(house, copies=1)
        order = await taken(house, samples.order(house.new_id, [samples.line(house.new_id)]))
        seen: list[int] = []

        async def second() -> None:
            async with house.begin(house.dossier) as work:
                seen.append((await work.stock.lock([EANS[0]]))[EANS[0]].waiting)

        async with house.begin(house.dossier) as first:
            await first.stock.lock([EANS[0]])
            waiting = asyncio.create_task(second())
            await until_blocked(house, 1, beside=waiting)
            (served,) = await first.orders.lock([order.id])
            served.deliver({served.lines[0].id: 1}, now=NOW)
            first.orders.save(served)
            await first.commit()
            await waiting
        assert seen == [0]

    async def test_of_an_order_lets_the_second_see_what_the_first_did(self, house: House) -> None:
        await stocked(house)
        order = await taken(house, samples.order(house.new_id, [samples.line(house.new_id)]))

        async def second() -> None:
            async with committed(house) as work:
                (locked,) = await work.orders.lock([order.id])
                locked.add_line(samples.line(house.new_id), now=NOW)
                work.orders.save(locked)

        async with house.begin(house.dossier) as first:
            (locked,) = await first.orders.lock([order.id])
            waiting = asyncio.create_task(second())
            await until_blocked(house, 1, beside=waiting)
            locked.add_line(samples.line(house.new_id), now=NOW)
            first.orders.save(locked)
            await first.commit()
            await waiting
        after = await loaded(house, order.id)
        assert (after.version, [line.position for line in after.lines]) == (3, [1, 2, 3])

    async def test_of_a_reservation_lets_the_second_see_that_it_has_ended(self, house: House) -> None:
        await stocked(house)
        kept = samples.reservation(house.new_id)
        async with committed(house) as work:
            work.reservations.add(kept)
        seen: list[State] = []

        async def second() -> None:
            async with house.begin(house.dossier) as work:
                (locked,) = await work.reservations.lock([kept.id])
                seen.append(locked.state)

        async with house.begin(house.dossier) as first:
            (locked,) = await first.reservations.lock([kept.id])
            waiting = asyncio.create_task(second())
            await until_blocked(house, 1, beside=waiting)
            locked.end(State.RETURNED, reason=None, now=NOW, today=NOW.date(), by="test")
            first.reservations.save(locked)
            await first.commit()
            await waiting
        assert seen == [State.RETURNED]

    async def test_is_given_back_when_its_holder_leaves_without_a_commit(self, house: House) -> None:
        await stocked(house)

        async def second() -> None:
            async with house.begin(house.dossier) as work:
                await work.stock.lock([EANS[0]])

        async with house.begin(house.dossier) as first:
            await first.stock.lock([EANS[0]])
            waiting = asyncio.create_task(second())
            await until_blocked(house, 1, beside=waiting)
        async with asyncio.timeout(20):
            await waiting

    async def test_of_an_order_makes_who_did_not_lock_it_lose(self, house: House) -> None:
        await stocked(house)
        order = await taken(house, samples.order(house.new_id, [samples.line(house.new_id)]))

        async def hasty() -> None:
            async with committed(house) as work:
                seen = await work.orders.get(order.id)
                seen.annotate(customer_reference="hasty", comment=None, now=NOW)
                work.orders.save(seen)

        async with house.begin(house.dossier) as first:
            (locked,) = await first.orders.lock([order.id])
            waiting = asyncio.create_task(hasty())
            await until_blocked(house, 1, beside=waiting)
            locked.annotate(customer_reference="first", comment=None, now=NOW)
            first.orders.save(locked)
            await first.commit()
            with pytest.raises(StaleVersion):
                await waiting
        assert (await loaded(house, order.id)).customer_reference == "first"

    async def test_of_crossing_sets_of_articles_or_orders_makes_no_ring(self, house: House) -> None:
        await stocked(house)
        orders = [
            await taken(house, samples.order(house.new_id, [samples.line(house.new_id)], number=number))
            for number in range(4)
        ]

        async def touch(index: int) -> None:
            eans, ids = EANS[:4], [order.id for order in orders]
            async with committed(house) as work:
                shelves = await work.stock.lock(eans[index % 4 :] + eans[: index % 4])
                locked = await work.orders.lock(ids[:: -1 if index % 2 else 1])
                for shelf in shelves.values():
                    shelf.stock.receive(1)
                    work.stock.save(shelf.stock)
                for order in locked:
                    order.add_line(samples.line(house.new_id), now=NOW)
                    work.orders.save(order)

        await gathered(touch(index) for index in range(24))
        books = await house.books()
        assert {books.stock[ean].available for ean in EANS[:4]} == {24}
        assert {order.version for order in books.orders.values()} == {25}

    async def test_answers_in_the_order_asked(self, house: House) -> None:
        await stocked(house)
        ids = []
        for number in range(3):
            order = samples.order(house.new_id, [samples.line(house.new_id)], number=number)
            ids.append((await taken(house, order)).id)
        asked = [ids[2], ids[0], ids[2], ids[1]]
        async with house.begin(house.dossier) as work:
            assert [order.id for order in await work.orders.lock(asked)] == [ids[2], ids[0], ids[1]]


async def gathered(tasks: Iterable[Awaitable[None]]) -> None:
    async with asyncio.timeout(60):
        await asyncio.gather(*tasks)
