"""Copies found and scanned go to who has waited longest; received ones too (A27, A29)."""

from typing import Any

import pytest

from domain.errors import Invalid, LineInUse, NotFound, OutOfStock, TryAgain, UnknownArticle
from domain.events import EventType
from domain.model.answers import AVAILABLE
from domain.model.article import Cause
from domain.model.order import Status
from domain.model.pickup import PICKUP_DAYS
from domain.model.reservation import State
from domain.model.values import Ean
from domain.ports.answers import Told
from domain.ports.orders import Waiting
from domain.queries.orders import OrderView
from domain.usecases.scans import Scanned
from tests.contracts.books import audit
from tests.contracts.samples import EANS, EBOOK
from tests.fakes.orders import FakeOrders
from tests.usecases.shop import Shop

UNKNOWN = Ean("9780000000002")


@pytest.mark.row("A27", "A29", "C7")
class TestAScan:
    async def test_sets_the_copy_aside_for_who_has_waited_longest(self, shop: Shop) -> None:
        first, second = await shop.create({EANS[1]: 1, EANS[0]: 2}), await shop.create({EANS[0]: 1})
        await shop.adjust(EANS[0], 5)
        seen = [await shop.scan(EANS[0]) for _ in range(4)]
        lines = [first.lines[1].id, first.lines[1].id, second.lines[0].id]
        assert [each.reservation and each.reservation.line_id for each in seen] == [*lines, None]
        assert [each.still_waiting for each in seen] == [2, 1, 0, 0]
        assert await shop.stock(EANS[0]) == (2, 3)
        assert await shop.happened() == {
            EventType.ORDER_CREATED: 2,
            EventType.STOCK_ADJUSTED: 1,
            EventType.RESERVATION_SET_ASIDE: 3,
        }
        audit(await shop.house.books())

    @pytest.mark.row("A13")
    async def test_answers_the_line_its_order_its_article_and_the_slip(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 1})
        await shop.adjust(EANS[0], 1)
        scanned = await shop.scan(EANS[0])
        assert scanned.line is not None
        assert (scanned.line.set_aside, scanned.line.answer) == (1, AVAILABLE)
        assert scanned.order is not None
        assert (scanned.order.id, scanned.order.version, scanned.order.status) == (order.id, 2, Status.OPEN)
        assert (scanned.article.available, scanned.article.set_aside, scanned.article.waiting) == (0, 1, 0)
        kept = scanned.reservation
        assert kept is not None
        assert (kept.quantity, kept.state, kept.order_number) == (1, State.SET_ASIDE, order.number)
        assert (kept.pickup_deadline - kept.set_aside_at.date()).days == PICKUP_DAYS

    async def test_serves_the_chosen_line_with_a_reason(self, shop: Shop) -> None:
        await shop.create({EANS[0]: 1})
        later = await shop.create({EANS[0]: 1})
        await shop.adjust(EANS[0], 2)
        chosen: dict[str, Any] = {"order_id": later.id, "line_id": later.lines[0].id}
        for reason in (None, " "):
            with pytest.raises(Invalid):
                await shop.scan(EANS[0], **chosen, reason=reason)
        scanned = await shop.scan(EANS[0], **chosen, reason="part en voyage")
        assert scanned.reservation is not None
        assert scanned.reservation.line_id == later.lines[0].id
        with pytest.raises(LineInUse):
            await shop.scan(EANS[0], **chosen, reason="encore")
        assert (await shop.happened())[EventType.RESERVATION_SET_ASIDE] == 1

    async def test_of_a_chosen_line_of_another_article_or_order_is_not_found(self, shop: Shop) -> None:
        order, other = await shop.create({EANS[0]: 1}), await shop.create({EANS[1]: 1})
        await shop.adjust(EANS[0], 1)
        for chosen in (
            {"order_id": other.id, "line_id": other.lines[0].id},
            {"order_id": other.id, "line_id": order.lines[0].id},
            {"line_id": order.lines[0].id},
        ):
            with pytest.raises(NotFound):
                await shop.scan(EANS[0], **chosen, reason="x")

    async def test_says_so_when_nobody_waits(self, shop: Shop) -> None:
        await shop.adjust(EANS[0], 1)
        scanned = await shop.scan(EANS[0])
        assert (scanned.reservation, scanned.order, scanned.line, scanned.still_waiting) == (None, None, None, 0)
        assert await shop.stock(EANS[0]) == (1, 0)

    async def test_is_refused_when_someone_waits_and_no_copy_is_there(self, shop: Shop) -> None:
        await shop.create({EANS[0]: 1})
        with pytest.raises(OutOfStock):
            await shop.scan(EANS[0])
        with pytest.raises(UnknownArticle):
            await shop.scan(UNKNOWN)

    async def test_of_a_digital_article_finds_nobody(self, shop: Shop) -> None:
        await shop.create({EBOOK: 1})
        assert (await shop.scan(EBOOK)).reservation is None

    async def test_told_twice_with_one_key_serves_once(self, shop: Shop) -> None:
        await shop.create({EANS[0]: 2})
        await shop.adjust(EANS[0], 2)
        first = await shop.scan(EANS[0], key="s")
        assert await shop.scan(EANS[0], key="s") == first
        assert shop.told is not None
        assert shop.told.replayed
        assert await shop.stock(EANS[0]) == (1, 1)

    async def test_keeps_the_place_of_an_order_that_is_blocked(self, shop: Shop) -> None:
        blocked = (await shop.push("W-1", {EANS[0]: 1})).order
        await shop.create({EANS[0]: 1})
        await shop.adjust(EANS[0], 1)
        scanned = await shop.scan(EANS[0])
        assert scanned.order is not None
        assert (scanned.order.id, scanned.order.status) == (blocked.id, Status.BLOCKED)


@pytest.mark.row("A27")
class TestAQueue:
    @pytest.fixture
    async def waiting(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> tuple[OrderView, OrderView]:
        """Two orders wait; the first one's line is removed by another just after the queue was read, once."""
        first, second = await shop.create({EANS[0]: 1, EANS[1]: 1}), await shop.create({EANS[0]: 1})
        plain, left = FakeOrders.waiting, [first]

        async def then_gone(orders: FakeOrders, ean: Ean, copies: int, **more: Any) -> list[Waiting]:
            places = await plain(orders, ean, copies, **more)
            if left:
                await shop.remove_line(left[0], left.pop().lines[0].id)
            return places

        monkeypatch.setattr(FakeOrders, "waiting", then_gone)
        return first, second

    async def test_that_changed_while_it_was_read_is_read_again_by_a_scan(
        self, shop: Shop, waiting: tuple[OrderView, OrderView]
    ) -> None:
        await shop.adjust(EANS[0], 1)
        scanned = await shop.scan(EANS[0])
        assert scanned.order is not None, "somebody waits"
        assert scanned.order.id == waiting[1].id

    async def test_that_changed_while_it_was_read_is_read_again_by_a_reception(
        self, shop: Shop, waiting: tuple[OrderView, OrderView]
    ) -> None:
        received = await shop.receive((EANS[0], 1))
        assert [kept.order_id for kept in received.lines[0].reservations] == [waiting[1].id]
        assert await shop.stock(EANS[0]) == (0, 1)


@pytest.mark.row("A27")
class TestAGroupOfScans:
    async def test_serves_the_queue_in_order_of_arrival_and_refuses_each_on_its_own(self, shop: Shop) -> None:
        orders = [await shop.create({EANS[0]: 1}) for _ in range(3)]
        await shop.create({EANS[1]: 1})
        await shop.adjust(EANS[0], 2)
        scans = [
            shop.scan_of(EANS[0], key="a"),
            shop.scan_of(EANS[1]),
            shop.scan_of(UNKNOWN),
            shop.scan_of(EANS[0], key="a"),
            shop.scan_of(EANS[0], order_id=orders[2].id, line_id=orders[2].lines[0].id, reason="urgent"),
            shop.scan_of(EANS[0]),
        ]
        first, none_left, unknown, twin, chosen, late = await shop.scans._together(scans)
        assert served(shop, first) == orders[0].lines[0].id
        assert isinstance(none_left, OutOfStock)
        assert isinstance(unknown, UnknownArticle)
        assert isinstance(twin, TryAgain)
        assert served(shop, chosen) == orders[2].lines[0].id
        assert isinstance(late, OutOfStock)
        assert await shop.stock(EANS[0]) == (0, 2)
        audit(await shop.house.books())

    async def test_of_fifty_with_seven_copies_serves_the_first_seven(self, shop: Shop) -> None:
        orders = [await shop.create({EANS[0]: 1}) for _ in range(50)]
        await shop.adjust(EANS[0], 7)
        results = await shop.scans._together([shop.scan_of(EANS[0]) for _ in range(50)])
        assert [served(shop, each) for each in results[:7]] == [order.lines[0].id for order in orders[:7]]
        assert all(isinstance(each, OutOfStock) for each in results[7:])
        assert await shop.stock(EANS[0]) == (0, 7)


def served(shop: Shop, told: Told | Exception) -> object:
    assert isinstance(told, Told), told
    scanned: Scanned = shop.heard.results[told.body]
    return scanned.reservation and scanned.reservation.line_id


class TestAReception:
    async def test_serves_the_queue_and_shelves_the_rest(self, shop: Shop) -> None:
        first, second = await shop.create({EANS[0]: 2}), await shop.create({EANS[0]: 1, EANS[1]: 1})
        received = await shop.receive((EANS[0], 2), (EANS[1], 3), (EANS[0], 2), key="r")
        assert [(line.quantity, line.set_aside, line.to_stock) for line in received.lines] == [
            (2, 2, 0),
            (3, 1, 2),
            (2, 1, 1),
        ]
        kept = [(each.line_id, each.quantity) for line in received.lines for each in line.reservations]
        assert kept == [(first.lines[0].id, 2), (second.lines[1].id, 1), (second.lines[0].id, 1)]
        assert (await shop.stock(EANS[0]), await shop.stock(EANS[1])) == ((1, 3), (2, 1))
        assert await shop.receive((EANS[0], 2), key="r") == received
        assert await shop.happened() == {
            EventType.ORDER_CREATED: 2,
            EventType.STOCK_RECEIVED: 1,
            EventType.RESERVATION_SET_ASIDE: 3,
        }
        (told,) = [event for event in (await shop.house.books()).events if event.type is EventType.STOCK_RECEIVED]
        assert told.data == {"quantity": 7}
        audit(await shop.house.books())

    async def test_is_booked_whole_or_not_at_all(self, shop: Shop) -> None:
        await shop.create({EANS[0]: 1})
        with pytest.raises(Invalid) as refusal:
            await shop.receive((EANS[0], 1), (UNKNOWN, 1), (EBOOK, 1))
        assert [(fault.code, fault.pointer) for fault in refusal.value.faults] == [
            ("unknown-article", "/lines/1/ean"),
            ("digital-article", "/lines/2/ean"),
        ]
        assert await shop.stock(EANS[0]) == (0, 0)

    @pytest.mark.row("A12", "A13")
    async def test_shows_disponible_only_once_all_has_come(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 3})
        await shop.receive((EANS[0], 1))
        line = await shop.line(order.id)
        assert (line.reserved, line.shown_answer) == (1, None)
        await shop.receive((EANS[0], 2))
        line = await shop.line(order.id)
        assert (line.reserved, line.shown_answer) == (3, AVAILABLE)

    async def test_is_written_down_with_its_reference(self, shop: Shop) -> None:
        await shop.receive((EANS[0], 2))
        (reception,) = await shop.house.receptions()
        assert (reception.reference, reception.by, reception.lines[0].quantity) == ("BL 1", "staff:camille", 2)
        (moved,) = (await shop.house.books()).movements
        assert (moved.cause, moved.available, moved.reason) == (Cause.RECEIPT, 2, "BL 1")
