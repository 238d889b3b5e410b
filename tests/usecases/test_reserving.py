"""Kept copies changed, given to another, collected in part, given up (P4 to P7, A40); what scans tell (C7); purchases (A68)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.errors import (
    CustomerBlocked,
    DeadlinePast,
    Inconsistent,
    Invalid,
    LineInUse,
    NotFound,
    OutOfStock,
    QueueBegun,
    ReservationEnded,
    StaleVersion,
)
from domain.events import EventType
from domain.model.article import Cause
from domain.model.customer import CustomerDetails, Light
from domain.model.message import MessageEvent, MessageRules
from domain.model.pickup import PickupRules
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.reservation import EndCause, Reservation, State
from domain.model.supply import SupplyState
from domain.model.values import Contact, Ean, LineId, OrderId, ReservationId, ThirdPartyId
from domain.ports.messages import JobKind
from domain.queries.orders import OrderView
from domain.queries.reservations import ReservationView
from domain.usecases.reserving_moves import Target
from tests.contracts.books import audit
from tests.contracts.house import FakeHouse
from tests.contracts.samples import EANS, EBOOK
from tests.fakes.reservations import FakeReservations
from tests.usecases.desk import Desk
from tests.usecases.shop import Shop

RUE, CHUT = EANS[0], EANS[1]
TODAY = date(2026, 3, 2)
LATER = TODAY + timedelta(days=30)
"""Past the shop's own deadline."""


async def kept(shop: Shop, copies: int = 1, ean: Ean = RUE) -> ReservationView:
    """Copies kept for an order of so many, which waits for no more."""
    await shop.create({ean: copies})
    received = await shop.receive((ean, copies))
    return received.lines[0].reservations[-1]


async def bought(shop: Shop, order_id: OrderId | None = None) -> list[Purchase]:
    """The purchases of an order, or of none, once every rule of the shop was checked."""
    books = await shop.house.books()
    audit(books)
    return sorted((each for each in books.purchases if each.order_id == order_id), key=lambda each: each.at)


def money(purchases: list[Purchase]) -> list[tuple[int, str]]:
    return [(each.quantity, f"{each.amount}") for each in purchases]


class TestTakingPart:
    @pytest.mark.row("A40")
    async def test_leaves_the_rest_with_its_place_its_deadline_and_its_day(self, desk: Desk) -> None:
        whole = await desk.rearrange(await kept(desk, 3), place="Casier 7", pickup_deadline=LATER)
        taken, stays = await desk.collect(whole.id, parts={whole.id: 1}, key="c")
        assert (taken.state, taken.quantity, taken.end_cause) == (State.COLLECTED, 1, EndCause.COLLECTED)
        assert (stays.id, stays.state, stays.quantity) == (whole.id, State.SET_ASIDE, 2)
        assert (stays.place, stays.pickup_deadline, stays.set_aside_at) == ("Casier 7", LATER, whole.set_aside_at)
        assert await desk.collect(whole.id, parts={whole.id: 1}, key="c") == [taken, stays]
        assert await desk.stock(RUE) == (0, 2)
        assert whole.order_id is not None
        line = await desk.line(whole.order_id)
        assert (line.set_aside, line.delivered) == (2, 1)
        (last,) = await desk.collect(whole.id)
        assert (last.id, last.quantity, last.state) == (whole.id, 2, State.COLLECTED)
        assert money(await bought(desk, whole.order_id)) == [(1, "10.00"), (2, "20.00")]

    async def test_of_all_copies_is_taking_all(self, desk: Desk) -> None:
        whole = await kept(desk, 2)
        (taken,) = await desk.collect(whole.id, parts={whole.id: 2})
        assert (taken.id, taken.quantity) == (whole.id, 2)

    async def test_of_more_than_is_kept_or_of_another_is_refused(self, desk: Desk) -> None:
        one, other = await kept(desk, 2), await kept(desk, 1, CHUT)
        with pytest.raises(OutOfStock):
            await desk.collect(one.id, other.id, parts={one.id: 3})
        with pytest.raises(Inconsistent):
            await desk.collect(one.id, parts={other.id: 1})
        await desk.collect(one.id)
        with pytest.raises(ReservationEnded):
            await desk.collect(one.id, parts={one.id: 1})
        assert await desk.stock(CHUT) == (0, 1)
        await desk.adjust(CHUT, 2)
        by_hand = await desk.keep(CHUT, 2)
        with pytest.raises(OutOfStock):
            await desk.collect(by_hand.id, parts={by_hand.id: 3})


class TestGivingUp:
    @pytest.mark.row("P4", "P7")
    async def test_says_why_and_by_whom(self, desk: Desk) -> None:
        expired, asked, gone, broken, plain = [await kept(desk) for _ in range(5)]
        await desk.ask_to_cancel(asked.id, reason="Acheté ailleurs")
        (view,) = await desk.release(broken.id, restock=False, reason="page arrachée", cause=EndCause.DAMAGED)
        assert (view.end_cause, view.end_reason, view.ended_by) == (
            EndCause.DAMAGED,
            "page arrachée",
            "staff:camille",
        )
        (view,) = await desk.release(gone.id, restock=False, reason="introuvable")
        assert (view.state, view.end_cause) == (State.WRITTEN_OFF, EndCause.NOT_FOUND)
        (view,) = await desk.release(plain.id)
        assert view.end_cause is EndCause.CANCELLED
        desk.house.clock.now += timedelta(days=40)
        (view,) = await desk.release(asked.id)
        assert view.end_cause is EndCause.CANCELLED, "he asked for it himself"
        assert view.cancel_request is not None
        assert view.cancel_request.reason == "Acheté ailleurs"
        (view,) = await desk.release(expired.id)
        assert view.end_cause is EndCause.EXPIRED
        audit(await desk.house.books())

    @pytest.mark.row("A40")
    @pytest.mark.parametrize("cause", [EndCause.NOT_FOUND, EndCause.DAMAGED])
    async def test_puts_nothing_back_that_is_not_there(self, shop: Shop, cause: EndCause) -> None:
        one = await kept(shop)
        with pytest.raises(Inconsistent):
            await shop.release(one.id, cause=cause)
        assert await shop.stock(RUE) == (0, 1)

    @pytest.mark.row("P7")
    async def test_may_be_asked_for_and_withdrawn(self, desk: Desk) -> None:
        one = await kept(desk)
        asked = await desk.ask_to_cancel(one.id, key="a")
        assert asked.cancel_request is not None
        assert (asked.state, asked.cancel_request.by) == (State.SET_ASIDE, "key:boutique")
        assert await desk.ask_to_cancel(one.id, key="a") == asked
        with pytest.raises(StaleVersion):
            await desk.keep_after_all(one)
        kept_on = await desk.keep_after_all(asked)
        assert (kept_on.cancel_request, kept_on.version) == (None, 3)
        assert (await desk.happened())[EventType.RESERVATION_UPDATED] == 2
        await desk.collect(one.id)
        with pytest.raises(ReservationEnded):
            await desk.ask_to_cancel(one.id)


class TestChanging:
    @pytest.mark.row("P5")
    async def test_the_deadline_postpones_or_shortens_but_not_into_the_past(self, desk: Desk) -> None:
        one = await kept(desk)
        assert one.pickup_deadline == TODAY + timedelta(days=14)
        one = await desk.rearrange(one, pickup_deadline=LATER)
        one = await desk.rearrange(one, pickup_deadline=TODAY)
        assert one.pickup_deadline == TODAY
        with pytest.raises(DeadlinePast):
            await desk.rearrange(one, pickup_deadline=TODAY - timedelta(days=1))
        assert (await desk.happened())[EventType.RESERVATION_UPDATED] == 2

    @pytest.mark.row("P5")
    async def test_of_many_is_all_or_nothing(self, desk: Desk) -> None:
        one, other, gone = [await kept(desk) for _ in range(3)]
        await desk.collect(gone.id)
        with pytest.raises(ReservationEnded):
            await desk.postpone(one.id, gone.id, until=LATER)
        with pytest.raises(DeadlinePast):
            await desk.postpone(one.id, until=TODAY - timedelta(days=1))
        views = await desk.postpone(one.id, other.id, until=LATER, key="p")
        assert [(view.id, view.pickup_deadline, view.version) for view in views] == [
            (one.id, LATER, 2),
            (other.id, LATER, 2),
        ]
        assert await desk.postpone(one.id, other.id, until=LATER, key="p") == views

    @pytest.mark.row("A29")
    async def test_place_and_slip_leave_what_is_not_named(self, desk: Desk) -> None:
        one = await desk.rearrange(await kept(desk), place="Casier 4")
        one = await desk.rearrange(one, slip_printed=True)
        assert (one.place, one.slip_printed_at is not None) == ("Casier 4", True)
        one = await desk.rearrange(one, place=None)
        assert (one.place, one.slip_printed_at is not None) == (None, True)
        same = await desk.rearrange(one)
        assert same == one
        with pytest.raises(StaleVersion):
            await desk.rearrange(replace(one, version=1), place="Casier 5")

    @pytest.mark.row("P5")
    async def test_the_pick_up_time_is_the_customers_category_or_his_own_earlier_day(self, shop: Shop) -> None:
        rules = PickupRules(by_category={"ECOLE": 30}, closed_weekdays=frozenset({7}))
        shop.staff = replace(shop.staff, dossier=replace(shop.staff.dossier, pickup=rules))
        school = await shop.customer(code=None, details=CustomerDetails(name="École", category="ECOLE"))
        month = TODAY + timedelta(days=34)  # five Sundays
        await shop.adjust(RUE, 3)
        view = await shop.keep(RUE, contact=None, customer_id=school.id)
        assert view.pickup_deadline == month + timedelta(days=1), "the last of them would be a Sunday"
        await shop.create({RUE: 1}, contact=Contact(name="École"), customer_id=school.id)
        scanned = await shop.scan(RUE)
        assert scanned.reservation is not None
        assert scanned.reservation.pickup_deadline == view.pickup_deadline
        await shop.create({CHUT: 1}, contact=Contact(name="École"), customer_id=school.id)
        received = await shop.receive((CHUT, 1))
        assert received.lines[0].reservations[0].pickup_deadline == view.pickup_deadline
        plain = await shop.keep(RUE)
        assert plain.pickup_deadline == TODAY + timedelta(days=16)
        moved = await shop.pass_on(plain, customer_id=school.id)
        assert moved.pickup_deadline == view.pickup_deadline


@pytest.mark.row("C5")
class TestGivingToAnother:
    async def test_line_lets_the_first_wait_again_at_its_old_place(self, desk: Desk) -> None:
        one = await kept(desk)
        between, last = await desk.create({RUE: 1}), await desk.create({RUE: 2, CHUT: 1})
        assert one.order_id is not None
        first = one.order_id
        one = await desk.rearrange(await desk.ask_to_cancel(one.id), slip_printed=True)
        desk.house.clock.now += timedelta(days=3)
        moved = await desk.pass_on(one, order_id=last.id, line_id=last.lines[0].id, key="m")
        assert (moved.id, moved.order_id, moved.line_id) == (one.id, last.id, last.lines[0].id)
        assert (moved.set_aside_at > one.set_aside_at, moved.pickup_deadline) == (True, TODAY + timedelta(days=17))
        assert (moved.cancel_request, moved.slip_printed_at) == (None, None)
        assert await desk.pass_on(one, order_id=last.id, line_id=last.lines[0].id, key="m") == moved
        assert await desk.stock(RUE) == (0, 1)
        old, new = await desk.line(first), await desk.line(last.id)
        assert (old.set_aside, old.outstanding, new.set_aside, new.outstanding) == (0, 1, 1, 1)
        books = await desk.house.books()
        assert [order.id for order, _ in books.queue(RUE)] == [first, between.id, last.id]
        movement = max(books.movements, key=lambda each: each.at)
        assert (movement.cause, movement.available, movement.set_aside, movement.reason) == (
            Cause.SET_ASIDE,
            0,
            0,
            "part en voyage",
        )
        told = await desk.happened()
        assert (told[EventType.RESERVATION_MOVED], told[EventType.ORDER_UPDATED]) == (1, 2)
        audit(books)
        await desk.collect(one.id)
        assert money(await bought(desk, last.id)) == [(1, "10.00")]
        assert await bought(desk, one.order_id) == []

    async def test_must_wait_for_so_many_copies_of_the_article(self, desk: Desk) -> None:
        two = await kept(desk, 2)
        single, other = await desk.create({RUE: 1}), await desk.create({CHUT: 1})
        served = await kept(desk, 1)
        assert two.order_id is not None
        assert served.order_id is not None
        for order_id, line_id in (
            (single.id, single.lines[0].id),
            (other.id, other.lines[0].id),
            (served.order_id, served.line_id),
            (two.order_id, two.line_id),
        ):
            with pytest.raises(LineInUse):
                await desk.pass_on(two, order_id=order_id, line_id=line_id)
        with pytest.raises(NotFound):
            await desk.pass_on(two, order_id=single.id, line_id=LineId(desk.house.new_id()))
        with pytest.raises(NotFound):
            await desk.pass_on(two, order_id=OrderId(desk.house.new_id()), line_id=single.lines[0].id)
        with pytest.raises(NotFound):
            await desk.pass_on(two, order_id=single.id)
        with pytest.raises(Invalid):
            await desk.pass_on(two)
        with pytest.raises(StaleVersion):
            await desk.pass_on(replace(two, version=9), contact=Contact(name="Paul"))
        assert await desk.stock(RUE) == (0, 3)
        half = await desk.create({CHUT: 2}, contact=Contact(name="Moitié"))
        await desk.cancel(other)
        (part,) = (await desk.receive((CHUT, 1))).lines[0].reservations
        with pytest.raises(LineInUse):
            await desk.pass_on(part, order_id=half.id, line_id=half.lines[0].id)

    async def test_never_passes_a_line_that_is_being_served(self, desk: Desk) -> None:
        one = await kept(desk)
        begun = await desk.create({RUE: 2})
        await desk.receive((RUE, 1))
        last = await desk.create({RUE: 1})
        with pytest.raises(QueueBegun):
            await desk.pass_on(one, order_id=last.id, line_id=last.lines[0].id)
        moved = await desk.pass_on(one, order_id=begun.id, line_id=begun.lines[0].id)
        assert moved.order_id == begun.id
        audit(await desk.house.books())

    async def test_customer_or_free_name_has_it_without_an_order(self, desk: Desk) -> None:
        one = await kept(desk)
        card = await desk.customer(code="DURAND", details=CustomerDetails(name="Durand", light=Light.ORANGE))
        red = await desk.customer(code=None, details=CustomerDetails(name="Rouge", light=Light.RED))
        with pytest.raises(CustomerBlocked):
            await desk.pass_on(one, customer_id=red.id)
        his = await desk.pass_on(one, customer_id=card.id)
        assert (his.customer_code, his.customer_name, his.order_id, his.order_number) == (
            "DURAND",
            "Durand",
            None,
            None,
        )
        assert his.warnings
        hers = await desk.pass_on(his, contact=Contact(name="Claire MARTIN", email="claire@example.org"))
        assert (hers.customer_id, hers.customer_name) == (None, "Claire MARTIN")
        mine = (await desk.house.books()).reservations[one.id]
        assert (mine.email, mine.phone) == ("claire@example.org", None)
        assert one.order_id is not None
        assert (await desk.line(one.order_id)).outstanding == 1
        await desk.collect(one.id)
        assert money(await bought(desk)) == [(1, "10.00")]
        with pytest.raises(ReservationEnded):
            await desk.pass_on(replace(hers, version=hers.version + 1), customer_id=card.id)


@pytest.mark.row("C7")
class TestAScanTells:
    async def test_the_next_five_of_the_queue(self, desk: Desk) -> None:
        orders = [await desk.create({RUE: copies}, contact=Contact(name=f"N° {copies}")) for copies in range(1, 9)]
        await desk.adjust(RUE, 3)
        first = await desk.scan(RUE)
        assert [(each.position, each.order_id, each.outstanding) for each in first.waiting] == [
            (place, orders[place].id, place + 1) for place in range(1, 6)
        ]
        assert [(each.order_number, each.name) for each in first.waiting] == [
            (order.number, order.contact.name) for order in orders[1:6]
        ]
        assert {each.line_id for each in first.waiting} == {order.lines[0].id for order in orders[1:6]}
        second = await desk.scan(RUE)
        assert [(each.order_id, each.outstanding) for each in second.waiting] == [
            (order.id, copies) for order, copies in zip(orders[1:6], (1, 3, 4, 5, 6), strict=True)
        ]
        third = await desk.scan(RUE, order_id=orders[7].id, line_id=orders[7].lines[0].id, reason="part en voyage")
        assert [each.order_id for each in third.waiting] == [order.id for order in orders[1:6]]
        movement = max((await desk.house.books()).movements, key=lambda each: each.at)
        assert movement.reason == "part en voyage"

    async def test_of_several_at_once_each_its_own_next(self, desk: Desk) -> None:
        orders = [await desk.create({RUE: 1}) for _ in range(4)]
        await desk.adjust(RUE, 2)
        answers = await desk.scans._together([desk.scan_of(RUE) for _ in range(2)])
        told = [desk.heard.results[each.body] for each in answers if not isinstance(each, Exception)]
        assert [[place.order_id for place in each.waiting] for each in told] == [
            [order.id for order in orders[1:]],
            [order.id for order in orders[2:]],
        ]

    @pytest.mark.row("A28")
    async def test_the_supplier_copy_that_nobody_needs_any_more_and_changes_nothing_of_it(
        self, desk: Desk, sodis: ThirdPartyId
    ) -> None:
        order = await desk.create({RUE: 2})
        (draft,) = await desk.ask_for(order, supplier_id=sodis)
        await desk.adjust(RUE, 2)
        before = (await desk.house.books()).supplier_orders[draft.id]
        scanned = await desk.scan(RUE)
        assert scanned.surplus is not None
        assert (scanned.surplus.supplier_order_id, scanned.surplus.supplier_line_id, scanned.surplus.number) == (
            draft.id,
            draft.lines[0].id,
            draft.number,
        )
        assert (scanned.surplus.state, scanned.surplus.quantity, scanned.surplus.releasable) == (
            SupplyState.DRAFT,
            1,
            True,
        )
        after = (await desk.house.books()).supplier_orders[draft.id]
        assert (after.version, after.lines[0].ordered) == (before.version, 2)
        await desk.send(draft)
        scanned = await desk.scan(RUE)
        assert scanned.surplus is not None
        assert (scanned.surplus.state, scanned.surplus.quantity, scanned.surplus.releasable) == (
            SupplyState.VALIDATED,
            2,
            False,
        )
        assert await desk.counts(order) == (2, 0, 2)
        freed = await desk.free(await desk.now(order), order.lines[0].id)
        assert freed.lines[0].surplus == 0

    async def test_no_surplus_where_the_line_still_waits_for_it(self, desk: Desk, sodis: ThirdPartyId) -> None:
        order = await desk.create({RUE: 2})
        await desk.ask((order.lines[0].id, 1), supplier_id=sodis)
        await desk.adjust(RUE, 1)
        assert (await desk.scan(RUE)).surplus is None
        assert (await desk.scan(CHUT)).waiting == ()


class TestAReminder:
    """Asked for whenever copies are set aside; what becomes of it is the messages' business."""

    @staticmethod
    def asked(shop: Shop) -> list[tuple[JobKind, str | None]]:
        assert isinstance(shop.house, FakeHouse)
        return [(job.kind, job.key) for job in shop.house.base.tables.jobs]

    @staticmethod
    def forget(shop: Shop) -> None:
        assert isinstance(shop.house, FakeHouse)
        shop.house.base.tables.jobs = []

    @pytest.mark.row("A38")
    async def test_is_asked_for_once_by_scans_receptions_by_hand_and_moves(self, shop: Shop) -> None:
        await shop.create({RUE: 2, CHUT: 1})
        await shop.adjust(RUE, 2)
        assert self.asked(shop) == []
        await shop.scan(RUE)
        assert self.asked(shop) == [(JobKind.REMIND, "remind")]
        assert isinstance(shop.house, FakeHouse)
        (job,) = shop.house.base.tables.jobs
        assert job.after is not None
        assert timedelta(minutes=14) < job.after - shop.house.clock.now < timedelta(minutes=16)
        self.forget(shop)
        received = await shop.receive((RUE, 2), (CHUT, 1))
        assert self.asked(shop) == [(JobKind.REMIND, "remind")], "once for all that came"
        self.forget(shop)
        by_hand = await shop.keep(RUE)
        assert self.asked(shop) == [(JobKind.REMIND, "remind")]
        self.forget(shop)
        await shop.collect(received.lines[0].reservations[0].id)
        await shop.rearrange(by_hand, place="Casier 9")
        assert self.asked(shop) == []
        await shop.pass_on(replace(by_hand, version=2), contact=Contact(name="Paul"))
        assert self.asked(shop) == [(JobKind.REMIND, "remind")]

    async def test_is_not_asked_for_where_the_shop_tells_people_itself(self, shop: Shop) -> None:
        rules = MessageRules(automatic=frozenset({MessageEvent.CANCELLED}))
        shop.staff = replace(shop.staff, dossier=replace(shop.staff.dossier, messages=rules))
        await kept(shop)
        assert self.asked(shop) == []


@pytest.mark.row("A68")
class TestPurchases:
    async def test_of_a_line_delivered_bit_by_bit_add_up_to_the_cent(self, desk: Desk) -> None:
        await desk.catalogue([RUE], price="10.01")
        order = await desk.create({RUE: 7}, vat_exempt=True)
        await desk.adjust(RUE, 7)
        line_id = order.lines[0].id
        for copies in (1, 1, 2):
            order = await desk.deliver(order, {line_id: copies})
        for _ in range(3):
            await desk.scan(RUE)
        kept_ones = [each for each in (await desk.house.books()).reservations.values() if each.ended_at is None]
        for each in kept_ones:
            await desk.collect(each.id)
        purchases = await bought(desk, order.id)
        assert [each.quantity for each in purchases] == [1, 1, 2, 1, 1, 1]
        line = await desk.line(order.id)
        assert sum(each.amount for each in purchases) == line.amount
        assert line.amount != sum((line.owed_for(each.quantity).due for each in purchases), Decimal()), (
            "each rounded by itself would come to another sum"
        )
        assert [each.source for each in purchases] == [PurchaseSource.DELIVERY] * 3 + [PurchaseSource.RESERVATION] * 3
        assert {each.reference for each in purchases[3:]} == {each.id.hex for each in kept_ones}
        assert purchases[0].reference.split(":")[0::2] == [order.id.hex, line_id.hex]

    async def test_are_written_for_digital_lines_and_taken_back_with_a_return(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2, EBOOK: 1})
        await desk.adjust(RUE, 2)
        order = await desk.deliver(order, {line.id: line.ordered for line in order.lines})
        assert sorted(money(await bought(desk, order.id))) == [(1, "5.99"), (2, "20.00")]
        order = await desk.take_back(order, {order.lines[0].id: 1})
        order = await desk.take_back(order, {order.lines[0].id: 1}, restock=False, replace=False)
        purchases = await bought(desk, order.id)
        assert money(purchases)[2:] == [(-1, "-10.00"), (-1, "-10.00")]
        assert [each.source for each in purchases[2:]] == [PurchaseSource.RETURN] * 2

    async def test_with_a_delivery_note_are_told_once(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2})
        await desk.receive((RUE, 2))
        await desk.note(await desk.now(order), {order.lines[0].id: 1})
        assert money(await bought(desk, order.id)) == [(1, "10.00")]

    async def test_without_an_order_are_at_the_publishers_price(self, desk: Desk) -> None:
        card = await desk.customer(code=None, details=CustomerDetails(name="Durand"))
        await desk.adjust(RUE, 3)
        view = await desk.keep(RUE, 3, contact=None, customer_id=card.id)
        await desk.collect(view.id, parts={view.id: 2})
        (purchase,) = await bought(desk)
        assert (purchase.quantity, purchase.amount, purchase.vat_rate) == (2, Decimal("20.00"), Decimal("5.50"))
        assert (purchase.customer_id, purchase.title) == (card.id, view.title)
        assert purchase.reservation_id != view.id, "what was taken is a reservation of its own"

    @pytest.mark.row("C12")
    async def test_go_with_their_order_to_a_card(self, desk: Desk) -> None:
        one = await kept(desk, 2)
        await desk.collect(one.id, parts={one.id: 1})
        card = await desk.customer(code=None, details=CustomerDetails(name="Martin"))
        assert one.order_id is not None
        order = (await desk.house.books()).orders[one.order_id]
        await desk._result(
            desk.orders.attach(
                by=desk.staff, order_id=order.id, version=order.version, customer_id=card.id, once=desk.once()
            )
        )
        assert [each.customer_id for each in await bought(desk, order.id)] == [card.id]
        await desk.collect(one.id)
        assert [each.customer_id for each in await bought(desk, order.id)] == [card.id] * 2


async def test_what_is_not_there_is_not_found(shop: Shop) -> None:
    nobody = ReservationId(shop.house.new_id())
    for doing in (
        shop.postpone(nobody, until=LATER),
        shop.ask_to_cancel(nobody),
        shop.reservation_changes.keep_after_all(by=shop.staff, reservation_id=nobody, version=1),
        shop.reservation_moves.move(
            by=shop.staff,
            reservation_id=nobody,
            version=1,
            target=Target(contact=Contact(name="Paul")),
            reason="x",
            once=shop.once(),
        ),
    ):
        with pytest.raises(NotFound):
            await doing


class TestWhatWasGivenToAnotherMeanwhile:
    """Between the first look at a reservation and its lock, another moves it to an order that is not locked."""

    @pytest.fixture
    async def moving(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> tuple[ReservationView, OrderView]:
        one = await kept(shop)
        other = await shop.create({RUE: 1})
        plain, left = FakeReservations.peek, [one]

        async def then_moved(found: FakeReservations, ids: Sequence[ReservationId]) -> list[Reservation]:
            seen = await plain(found, ids)
            if left and one.id in ids:
                await shop.pass_on(left.pop(), order_id=other.id, line_id=other.lines[0].id)
            return seen

        monkeypatch.setattr(FakeReservations, "peek", then_moved)
        return one, other

    async def test_is_read_again_and_collected_for_the_other(
        self, shop: Shop, moving: tuple[ReservationView, OrderView]
    ) -> None:
        one, other = moving
        (view,) = await shop.collect(one.id)
        assert (view.order_id, view.state) == (other.id, State.COLLECTED)
        assert [each.quantity for each in await bought(shop, other.id)] == [1]

    async def test_is_moved_on_from_there_by_whoever_knows_it(
        self, shop: Shop, moving: tuple[ReservationView, OrderView]
    ) -> None:
        one, other = moving
        moved = await shop.pass_on(replace(one, version=one.version + 1), contact=Contact(name="Paul"))
        assert (moved.order_id, (await shop.line(other.id)).outstanding) == (None, 1)

    async def test_is_not_moved_by_whoever_saw_it_before(
        self, shop: Shop, moving: tuple[ReservationView, OrderView]
    ) -> None:
        one, _ = moving
        with pytest.raises(StaleVersion):
            await shop.pass_on(one, contact=Contact(name="Paul"))
