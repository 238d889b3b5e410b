"""Putting a queue in another order, and who is served then (C5)."""

from collections.abc import Sequence

import pytest

from domain.errors import QueueBegun, QueueChanged, UnknownArticle
from domain.events import EventType
from domain.model.values import Ean, LineId
from domain.usecases.queueing import Queueing
from tests.contracts.house import FakeHouse
from tests.contracts.samples import EANS, EBOOK
from tests.usecases.shop import Shop

BOOK = EANS[0]

pytestmark = pytest.mark.row("C5")


async def queue_of(shop: Shop, *quantities: int) -> list[LineId]:
    """Orders of one line each for the book, oldest first."""
    return [(await shop.create({BOOK: quantity})).lines[0].id for quantity in quantities]


async def put(shop: Shop, line_ids: Sequence[LineId], *, ean: Ean = BOOK, reason: str = "Le lycée ouvre lundi") -> None:
    await Queueing(shop.around).put_in_order(by=shop.staff, ean=ean, line_ids=line_ids, reason=reason)


async def served(shop: Shop, copies: int) -> list[LineId | None]:
    """The lines that so many scans serve."""
    await shop.adjust(BOOK, copies)
    scans = [await shop.scan(BOOK) for _ in range(copies)]
    return [scan.reservation.line_id if scan.reservation else None for scan in scans]


class TestAQueuePutInOrder:
    async def test_is_served_so_by_scans_and_then_whoever_comes(self, shop: Shop) -> None:
        first, second, third = await queue_of(shop, 1, 2, 1)
        await put(shop, [third, second, first])
        (late,) = await queue_of(shop, 1)
        assert await served(shop, 5) == [third, second, second, first, late]

    async def test_is_served_so_by_a_reception(self, shop: Shop) -> None:
        first, second, third = await queue_of(shop, 1, 1, 1)
        await put(shop, [second, third, first])
        received = await shop.receive((BOOK, 2))
        assert [kept.line_id for kept in received.lines[0].reservations] == [second, third]

    async def test_is_written_down_with_its_reason_and_told_once(self, shop: Shop) -> None:
        before = await queue_of(shop, 1, 1)
        after = [before[1], before[0]]
        await put(shop, after, reason="Part en voyage")
        assert isinstance(shop.house, FakeHouse)
        (change,) = shop.house.base.tables.queue_changes
        assert (change.ean, list(change.before), list(change.after)) == (BOOK, before, after)
        assert (change.reason, change.by) == ("Part en voyage", "staff:camille")
        (event,) = [each for each in shop.house.base.tables.events if each.type is EventType.QUEUE_REORDERED]
        assert (event.subject, event.data["ean"], event.at) == (change.id, BOOK, change.at)

    async def test_that_is_in_that_order_already_leaves_no_trace(self, shop: Shop) -> None:
        await put(shop, await queue_of(shop, 1, 1))
        assert isinstance(shop.house, FakeHouse)
        assert shop.house.base.tables.queue_changes == []
        assert (await shop.happened())[EventType.QUEUE_REORDERED] == 0

    async def test_names_exactly_those_who_wait_by_now(self, shop: Shop) -> None:
        first, second = await queue_of(shop, 1, 1)
        (late,) = await queue_of(shop, 1)
        elsewhere = (await shop.create({EANS[1]: 1})).lines[0].id
        for wrong in ([second, first], [second, first, elsewhere], [second, first, late, elsewhere]):
            with pytest.raises(QueueChanged):
                await put(shop, wrong)
        assert await served(shop, 1) == [first]
        with pytest.raises(QueueChanged):  # the first has its copy now
            await put(shop, [first, late, second])
        await put(shop, [late, second])

    async def test_never_passes_a_line_that_is_being_served(self, shop: Shop) -> None:
        first, second, third = await queue_of(shop, 2, 1, 1)
        assert await served(shop, 1) == [first]
        for wrong in ([second, first, third], [third, second, first]):
            with pytest.raises(QueueBegun):
                await put(shop, wrong)
        await put(shop, [first, third, second])
        assert await served(shop, 3) == [first, third, second]

    async def test_lets_a_line_that_is_being_served_come_forward(self, shop: Shop) -> None:
        first, second = await queue_of(shop, 1, 2)
        order = next(each for each in (await shop.house.books()).orders.values() if each.lines[0].id == second)
        await shop.adjust(BOOK, 1)
        await shop.scan(BOOK, order_id=order.id, line_id=second, reason="part en voyage")
        await put(shop, [second, first])
        assert await served(shop, 1) == [second]

    async def test_of_an_unknown_article_is_refused_and_nobody_waits_for_a_digital_one(self, shop: Shop) -> None:
        with pytest.raises(UnknownArticle):
            await put(shop, [LineId(shop.house.new_id())], ean=Ean("9780000000002"))
        digital = (await shop.create({EBOOK: 1})).lines[0].id
        with pytest.raises(QueueChanged):
            await put(shop, [digital], ean=EBOOK)
