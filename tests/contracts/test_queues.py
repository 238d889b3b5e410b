"""Queues, and what was said of lines: one suite on the fake and on PostgreSQL."""

from datetime import date, timedelta

import pytest

from domain.errors import StaleVersion
from domain.model.answers import Answer, AnswerSource, Effect, LineAnswer
from domain.model.order import CustomerOrder
from domain.model.order_line import LinePrice, line_of
from domain.model.prices import PriceSource
from domain.model.values import (
    LineId,
)
from domain.ports.orders import QueueChange
from domain.ports.unit_of_work import UnitOfWork
from tests.contracts import samples
from tests.contracts.house import REFUSED_BY_THE_BASE, FakeHouse, House, PostgresHouse
from tests.contracts.samples import EANS, NOW, committed, plain, stocked


async def waiting(house: House, *, orders: int = 3) -> list[CustomerOrder]:
    """Orders of one line each that wait for the first book, oldest first."""
    await stocked(house)
    taken = [
        samples.order(
            house.new_id, [samples.line(house.new_id)], number=number, created_at=NOW + timedelta(hours=number)
        )
        for number in range(1, orders + 1)
    ]
    async with committed(house) as work:
        for each in taken:
            work.orders.add(each)
    return taken


async def places(work: UnitOfWork) -> list[LineId]:
    await work.stock.lock([EANS[0]])
    return [place.line_id for place in await work.orders.place(EANS[0])]


async def put_in_order(house: House, *after: LineId) -> QueueChange:
    async with committed(house) as work:
        change = QueueChange(
            id=house.new_id(),
            ean=EANS[0],
            before=tuple(await places(work)),
            after=after,
            reason="Le lycée ouvre lundi",
            at=NOW,
            by="staff:1",
        )
        work.orders.put_in_order(change)
    return change


async def changes(house: House) -> list[QueueChange]:
    """The changes kept, oldest first."""
    if isinstance(house, FakeHouse):
        return house.base.tables.queue_changes
    assert isinstance(house, PostgresHouse)
    rows = await house.owner.fetch("SELECT * FROM queue_change ORDER BY queue_change_id")
    return [
        QueueChange(
            id=row["queue_change_id"],
            ean=row["ean"],
            before=tuple(row["before"]),
            after=tuple(row["after"]),
            reason=row["reason"],
            at=row["at"],
            by=row["by"],
        )
        for row in rows
    ]


@pytest.mark.row("C5")
class TestTheQueue:
    async def test_is_served_in_the_order_it_was_put_in_and_then_whoever_comes(self, house: House) -> None:
        first, second, third = [order.lines[0].id for order in await waiting(house)]
        change = await put_in_order(house, third, first, second)
        late = samples.order(house.new_id, [samples.line(house.new_id)], number=4, created_at=NOW - timedelta(days=9))
        async with committed(house) as work:
            work.orders.add(late)
        async with house.begin(house.dossier) as work:
            assert await places(work) == [third, first, second, late.lines[0].id]
            asked = await work.orders.waiting(EANS[0], 2)
        assert [place.line_id for place in asked] == [third, first]
        assert [plain(each) for each in await changes(house)] == [plain(change)]
        again = await put_in_order(house, late.lines[0].id, second, third, first)
        async with house.begin(house.dossier) as work:
            assert await places(work) == list(again.after)
        assert len(await changes(house)) == 2

    async def test_says_who_is_begun(self, house: House) -> None:
        await stocked(house)
        lines = [
            samples.line(house.new_id, ordered=3, set_aside=1),
            samples.line(house.new_id, ordered=3, delivered=1),
            samples.line(house.new_id, ordered=3, cancelled=1),
            samples.line(house.new_id, ordered=3, delivered=3),
        ]
        async with committed(house) as work:
            work.orders.add(samples.order(house.new_id, lines))
        async with house.begin(house.dossier) as work:
            found = [(place.line_id, place.begun) for place in await work.orders.place(EANS[0])]
        assert found == [(lines[0].id, True), (lines[1].id, True), (lines[2].id, False)]

    async def test_keeps_the_places_of_lines_whose_order_is_saved(self, house: House) -> None:
        orders = await waiting(house)
        first, second, third = [order.lines[0].id for order in orders]
        await put_in_order(house, third, first, second)
        async with committed(house) as work:
            order = await work.orders.get(orders[2].id)
            order.change_line(third, ordered=4, now=NOW)
            work.orders.save(order)
        async with house.begin(house.dossier) as work:
            assert await places(work) == [third, first, second]

    @pytest.mark.row("P9")
    async def test_gives_a_line_that_comes_from_another_article_the_place_of_its_order(self, house: House) -> None:
        orders = await waiting(house)
        first, second, third = [order.lines[0].id for order in orders]
        await put_in_order(house, third, first, second)
        others = [
            samples.order(
                house.new_id,
                [samples.line(house.new_id, ean=EANS[1])],
                number=10 + number,
                created_at=NOW + timedelta(hours=number * 2),
            )
            for number in range(3)
        ]
        async with committed(house) as work:
            for each in others:
                work.orders.add(each)
        async with committed(house) as work:
            order = await work.orders.get(orders[2].id)
            (there,) = (await work.articles.many([EANS[1]])).values()
            price = LinePrice(unit_price=there.list_price, source=PriceSource.PUBLISHER)
            order.move_line(third, line_of(there, line_id=third, quantity=1, price=price, exempt=False), now=NOW)
            work.orders.save(order)
        async with house.begin(house.dossier) as work:
            found = [place.line_id for place in await work.orders.place(EANS[1])]
            assert found == [others[0].lines[0].id, others[1].lines[0].id, third, others[2].lines[0].id]
            assert await places(work) == [first, second]

    async def test_does_not_put_a_line_in_order_that_is_gone(self, house: House) -> None:
        orders = await waiting(house)
        first, second, third = [order.lines[0].id for order in orders]
        with pytest.raises(StaleVersion):
            async with committed(house) as slow:
                before = tuple(await places(slow))
                async with committed(house) as quick:
                    order = await quick.orders.get(orders[1].id)
                    order.add_line(samples.line(house.new_id, ean=EANS[1]), now=NOW)
                    order.remove_line(second, now=NOW)
                    quick.orders.save(order)
                slow.orders.put_in_order(
                    QueueChange(
                        id=house.new_id(),
                        ean=EANS[0],
                        before=before,
                        after=(third, second, first),
                        reason="x",
                        at=NOW,
                        by="staff:1",
                    )
                )
        assert await changes(house) == []


@pytest.mark.row("P6")
class TestASuspendedLine:
    async def test_is_passed_over_but_for_whoever_chooses_it_and_keeps_its_place(self, house: House) -> None:
        orders = await waiting(house, orders=4)
        first, second, third, fourth = [order.lines[0].id for order in orders]
        await suspend(house, orders[0], date(2026, 12, 20))
        await suspend(house, orders[2], date(2026, 12, 21))
        async with house.begin(house.dossier) as work:
            shelf = (await work.stock.lock([EANS[0]]))[EANS[0]]
            assert shelf.waiting == 2
            assert await places(work) == [first, second, third, fourth]
            marked = [place.suspended for place in await work.orders.place(EANS[0])]
            assert marked == [True, False, True, False]
            for copies, behind, resumed, expected in (
                (1, 0, (), [second]),
                (1, 5, (), [second, fourth]),
                (9, 0, (), [second, fourth]),
                (1, 1, (first,), [first, second]),
                (2, 1, (third,), [second, third, fourth]),
                (1, 0, (fourth,), [second]),
            ):
                asked = await work.orders.waiting(EANS[0], copies, behind=behind, resumed=resumed)
                assert [place.line_id for place in asked] == expected, (copies, behind, resumed)

    async def test_is_found_from_its_day_on(self, house: House) -> None:
        orders = await waiting(house)
        await suspend(house, orders[1], date(2026, 12, 20))
        await suspend(house, orders[0], date(2026, 12, 21))
        async with house.begin(house.dossier) as work:
            assert await work.orders.suspended(until=date(2026, 12, 19)) == []
            assert await work.orders.suspended(until=date(2026, 12, 20)) == [orders[1].id]
            assert await work.orders.suspended(until=date(2027, 1, 1)) == sorted([orders[0].id, orders[1].id])
        async with house.begin(house.neighbour) as work:
            assert await work.orders.suspended(until=date(2027, 1, 1)) == []

    async def test_with_a_copy_set_aside_is_refused_by_the_base_itself(self, house: House) -> None:
        await stocked(house)
        line = samples.line(house.new_id, ordered=2, set_aside=1, suspended_until=date(2026, 12, 20))
        with pytest.raises(REFUSED_BY_THE_BASE):
            async with committed(house) as work:
                work.orders.add(samples.order(house.new_id, [line]))


async def suspend(house: House, order: CustomerOrder, until: date) -> None:
    async with committed(house) as work:
        there = await work.orders.get(order.id)
        there.suspend(there.lines[0].id, until, now=NOW)
        work.orders.save(there)


class TestWhatWasSaidOfALine:
    async def test_is_kept_with_the_line_and_goes_with_it(self, house: House) -> None:
        (order,) = await waiting(house, orders=1)
        line_id = order.lines[0].id
        said = Answer(
            code="8", label="À reparaître", source=AnswerSource.SHOP, at=NOW, effect=Effect.MOVE, new_ean=EANS[1]
        )
        entry = LineAnswer(id=house.new_id(), order_id=order.id, line_id=line_id, answer=said, by="staff:1")
        async with committed(house) as work:
            work.orders.add_answer(entry)
        assert await said_of(house) == [plain(entry)]
        async with committed(house) as work:
            there = await work.orders.get(order.id)
            there.add_line(samples.line(house.new_id), now=NOW)
            there.remove_line(line_id, now=NOW)
            work.orders.save(there)
        assert await said_of(house) == []


async def said_of(house: House) -> list[object]:
    if isinstance(house, FakeHouse):
        return [plain(each) for each in house.base.tables.line_answers]
    assert isinstance(house, PostgresHouse)
    return [
        plain(
            LineAnswer(
                id=row["line_answer_id"],
                order_id=row["order_id"],
                line_id=row["line_id"],
                answer=Answer(
                    code=row["code"],
                    label=row["label"],
                    source=AnswerSource(row["source"]),
                    at=row["at"],
                    effect=Effect(row["effect"]),
                    new_ean=row["new_ean"],
                ),
                by=row["by"],
            )
        )
        for row in await house.owner.fetch("SELECT * FROM line_answer")
    ]
