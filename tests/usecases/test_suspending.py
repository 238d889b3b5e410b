"""A line suspended until a day is passed over by scans and receptions, keeps its place, and waits again from that day (P6)."""

from datetime import date, timedelta

import pytest

from domain.errors import (
    Invalid,
    LineKept,
    NotFound,
    NothingWaits,
    OrderClosed,
    ShopError,
    StaleVersion,
    TryAgain,
)
from domain.events import EventType
from domain.model.order_line import OrderLine
from domain.model.values import Ean, LineId
from domain.ports.answers import Told
from domain.queries.orders import OrderView, view_of
from domain.usecases.moving import Moving
from tests.contracts.books import audit
from tests.contracts.samples import EANS, EBOOK
from tests.usecases.desk import Desk

BOOK, OTHER = EANS[0], EANS[1]

pytestmark = pytest.mark.row("P6")


async def now(desk: Desk, order: OrderView) -> OrderLine:
    line: OrderLine = await desk.line(order.id)
    return line


async def suspended(desk: Desk, quantity: int = 1, *, days: int = 3) -> OrderView:
    order = await desk.create({BOOK: quantity})
    return await desk.suspend(order, order.lines[0].id, days=days)


async def served(desk: Desk, ean: Ean = BOOK) -> LineId | None:
    """The line that a copy found now goes to."""
    await desk.adjust(ean, 1)
    scanned = await desk.scan(ean)
    return scanned.reservation.line_id if scanned.reservation else None


async def seen(desk: Desk, order: OrderView) -> OrderView:
    """The order as it is now."""
    return view_of((await desk.house.books()).orders[order.id])


def today(desk: Desk) -> date:
    return desk.around.today(desk.staff.dossier)


class TestASuspendedLine:
    async def test_is_passed_over_by_scans_and_served_at_its_place_once_it_is_resumed(self, desk: Desk) -> None:
        first = await suspended(desk)
        assert first.lines[0].suspended_until == today(desk) + timedelta(days=3)
        second, third = await desk.create({BOOK: 1}), await desk.create({BOOK: 1})
        assert await served(desk) == second.lines[0].id
        back = await desk.resume(first, first.lines[0].id)
        assert (back.lines[0].suspended_until, back.version) == (None, first.version + 1)
        assert await served(desk) == first.lines[0].id
        assert await served(desk) == third.lines[0].id
        audit(await desk.house.books())

    async def test_is_passed_over_by_receptions(self, desk: Desk) -> None:
        away, here = await suspended(desk, 2), await desk.create({BOOK: 1})
        received = await desk.receive((BOOK, 3))
        assert [kept.line_id for kept in received.lines[0].reservations] == [here.lines[0].id]
        assert await desk.stock(BOOK) == (2, 1)
        assert (await now(desk, away)).outstanding == 2

    async def test_does_not_count_among_those_who_wait(self, desk: Desk) -> None:
        await suspended(desk, 2)
        nobody = await desk.scan(BOOK)
        assert (nobody.reservation, nobody.still_waiting, nobody.article.waiting) == (None, 0, 0)
        await desk.create({BOOK: 1})
        await desk.adjust(BOOK, 1)
        scanned = await desk.scan(BOOK)
        assert (scanned.still_waiting, scanned.waiting) == (0, ())

    async def test_is_served_when_it_is_chosen_and_waits_again_for_the_rest_at_its_place(self, desk: Desk) -> None:
        away = await suspended(desk, 2)
        here = await desk.create({BOOK: 1})
        await desk.adjust(BOOK, 2)
        line_id = away.lines[0].id
        scanned = await desk.scan(BOOK, order_id=away.id, line_id=line_id, reason="Passe aujourd'hui")
        assert scanned.line is not None
        assert (scanned.line.id, scanned.line.set_aside, scanned.line.suspended_until) == (line_id, 1, None)
        assert scanned.still_waiting == 2
        assert [place.line_id for place in scanned.waiting] == [line_id, here.lines[0].id]
        assert await served(desk) == line_id

    async def test_is_served_when_kept_copies_are_moved_to_it(self, desk: Desk) -> None:
        here = await desk.create({BOOK: 1})
        away = await suspended(desk)
        received = await desk.receive((BOOK, 1))
        (kept,) = received.lines[0].reservations
        assert kept.line_id == here.lines[0].id
        await desk.pass_on(kept, order_id=away.id, line_id=away.lines[0].id)
        assert ((await now(desk, away)).set_aside, (await now(desk, away)).suspended_until) == (1, None)
        audit(await desk.house.books())

    async def test_that_is_begun_does_not_keep_copies_from_those_behind_it(self, desk: Desk) -> None:
        begun = await desk.create({BOOK: 2})
        await desk.receive((BOOK, 1))
        begun = await desk.deliver(await seen(desk, begun))
        await desk.suspend(begun, begun.lines[0].id)
        here, late = await desk.create({BOOK: 1}), await desk.create({BOOK: 1})
        received = await desk.receive((BOOK, 1))
        (kept,) = received.lines[0].reservations
        assert kept.line_id == here.lines[0].id
        moved = await desk.pass_on(kept, order_id=late.id, line_id=late.lines[0].id)
        assert moved.line_id == late.lines[0].id

    async def test_keeps_its_day_while_the_order_is_changed_and_under_another_ean(self, desk: Desk) -> None:
        order = await suspended(desk, 2)
        until = order.lines[0].suspended_until
        order = await desk.change_line(order, order.lines[0].id, 3)
        assert order.lines[0].suspended_until == until
        moving = Moving(desk.around).move(
            by=desk.staff,
            order_id=order.id,
            line_id=order.lines[0].id,
            version=order.version,
            ean=OTHER,
            once=desk.once(),
        )
        moved: OrderView = await desk._result(moving)
        assert (moved.lines[0].ean, moved.lines[0].suspended_until) == (OTHER, until)
        assert await served(desk, OTHER) is None

    async def test_of_a_web_order_sent_anew_stays_suspended(self, desk: Desk) -> None:
        pushed = (await desk.push("W-1", {BOOK: 1}, paid=True)).order
        held = await desk.suspend(pushed, pushed.lines[0].id)
        again = (await desk.push("W-1", {OTHER: 1, BOOK: 2}, paid=True)).order
        assert again.version > held.version
        days = {line.ean: line.suspended_until for line in again.lines}
        assert days == {OTHER: None, BOOK: held.lines[0].suspended_until}

    async def test_that_waits_for_nothing_any_more_is_suspended_no_longer(self, desk: Desk) -> None:
        order = await suspended(desk, 2)
        order = await desk.cancel(order)
        assert order.lines[0].suspended_until is None
        order = await desk.reopen(order)
        assert (order.lines[0].outstanding, order.lines[0].suspended_until) == (2, None)
        assert await served(desk) == order.lines[0].id


class TestSuspending:
    async def test_is_told_and_a_second_day_takes_the_place_of_the_first(self, desk: Desk) -> None:
        order = await suspended(desk, days=1)
        order = await desk.suspend(order, order.lines[0].id, days=30)
        assert order.lines[0].suspended_until == today(desk) + timedelta(days=30)
        (last,) = [each for each in (await desk.house.books()).events if each.version == order.version]
        assert (last.type, last.subject) == (EventType.ORDER_UPDATED, order.id)
        assert (await desk.happened())[EventType.ORDER_UPDATED] == 2

    async def test_needs_a_day_after_today(self, desk: Desk) -> None:
        order = await desk.create({BOOK: 1})
        for days in (0, -1):
            with pytest.raises(Invalid) as refusal:
                await desk.suspend(order, order.lines[0].id, days=days)
            assert [(fault.code, fault.pointer) for fault in refusal.value.faults] == [("not-after-today", "/until")]
        assert (await now(desk, order)).suspended_until is None

    async def test_is_refused_for_a_line_with_a_copy_set_aside(self, desk: Desk) -> None:
        order = await desk.create({BOOK: 2})
        await desk.receive((BOOK, 1))
        with pytest.raises(LineKept):
            await desk.suspend(await seen(desk, order), order.lines[0].id)

    async def test_is_refused_for_a_line_that_waits_for_no_copy(self, desk: Desk) -> None:
        digital = await desk.create({EBOOK: 1, BOOK: 1})
        with pytest.raises(NothingWaits):
            await desk.suspend(digital, digital.lines[0].id)
        part = await desk.cancel_remainder(digital, digital.lines[1].id)
        with pytest.raises(NothingWaits):
            await desk.suspend(part, part.lines[1].id)

    async def test_is_refused_for_a_closed_order(self, desk: Desk) -> None:
        order = await desk.cancel(await desk.create({BOOK: 1}))
        with pytest.raises(OrderClosed):
            await desk.suspend(order, order.lines[0].id)

    async def test_is_refused_to_whoever_saw_an_older_order_or_names_no_line(self, desk: Desk) -> None:
        order = await desk.create({BOOK: 1})
        held = await desk.suspend(order, order.lines[0].id)
        with pytest.raises(StaleVersion):
            await desk.suspend(order, order.lines[0].id)
        with pytest.raises(StaleVersion):
            await desk.resume(order, order.lines[0].id)
        for act in (desk.suspend, desk.resume):
            with pytest.raises(NotFound):
                await act(held, LineId(desk.house.new_id()))

    async def test_ended_twice_leaves_no_trace(self, desk: Desk) -> None:
        held = await suspended(desk)
        back = await desk.resume(held, held.lines[0].id)
        assert (await desk.resume(back, held.lines[0].id)).version == back.version
        assert (await desk.happened())[EventType.ORDER_UPDATED] == 2


class TestTheDayThatHasCome:
    async def test_ends_the_suspensions_until_it_and_no_other(self, desk: Desk) -> None:
        soon, late = await suspended(desk, days=2), await suspended(desk, days=3)
        both = await desk.create({BOOK: 1, OTHER: 1})
        both = await desk.suspend(both, both.lines[0].id, days=1)
        both = await desk.suspend(both, both.lines[1].id, days=5)
        assert await desk.suspending.resume_due(by=desk.staff) == 0
        desk.house.clock.now += timedelta(days=2)
        assert await desk.suspending.resume_due(by=desk.staff) == 2
        assert (await desk.line(both.id)).suspended_until is None
        assert (await desk.line(both.id, 2)).suspended_until == both.lines[1].suspended_until
        assert (await now(desk, soon)).suspended_until is None
        assert (await now(desk, late)).suspended_until is not None
        told = [each for each in (await desk.house.books()).events if each.type is EventType.ORDER_UPDATED]
        assert [each.subject for each in told[-2:]] == sorted([soon.id, both.id])
        assert await desk.suspending.resume_due(by=desk.staff) == 0
        assert await served(desk) == soon.lines[0].id

    async def test_is_the_shop_s_own(self, desk: Desk) -> None:
        """Midnight comes an hour later in UTC than in Paris."""
        order = await suspended(desk, days=1)
        desk.house.clock.now = desk.house.clock.now.replace(hour=22, minute=59)
        assert await desk.suspending.resume_due(by=desk.staff) == 0
        desk.house.clock.now = desk.house.clock.now.replace(hour=23, minute=1)
        assert await desk.suspending.resume_due(by=desk.staff) == 1
        assert (await now(desk, order)).suspended_until is None


class TestAGroupOfScans:
    async def test_does_not_serve_others_beside_one_that_chooses_a_suspended_line(self, desk: Desk) -> None:
        """Whether the next scan finds that line waiting depends on who came first: each is served alone."""
        away, here = await suspended(desk, 2), await desk.create({BOOK: 1})
        await desk.adjust(BOOK, 2)
        chosen = desk.scan_of(BOOK, order_id=away.id, line_id=away.lines[0].id, reason="Passe aujourd'hui")
        plain = desk.scan_of(BOOK)
        with pytest.raises(TryAgain):
            await desk.scans._together([chosen, plain])
        assert await desk.stock(BOOK) == (2, 0)
        answers = [(await desk.scans._together([scan]))[0] for scan in (chosen, plain)]
        lines = [desk.heard.results[told.body].reservation.line_id for told in answers if isinstance(told, Told)]
        assert lines == [away.lines[0].id, away.lines[0].id]
        assert (await now(desk, here)).outstanding == 1

    async def test_is_served_together_where_the_chosen_line_is_not_suspended(self, desk: Desk) -> None:
        first, second = await desk.create({BOOK: 1}), await desk.create({BOOK: 1})
        await desk.adjust(BOOK, 2)
        scans = [
            desk.scan_of(BOOK, order_id=second.id, line_id=second.lines[0].id, reason="urgent"),
            desk.scan_of(BOOK),
        ]
        answers = await desk.scans._together(scans)
        assert not [each for each in answers if isinstance(each, ShopError)]
        assert (await now(desk, first)).set_aside == 1
