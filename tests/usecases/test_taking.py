"""Orders at the counter: taken, changed, paid, delivered, cancelled."""

from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from domain.errors import (
    CustomerBlocked,
    CustomerClosed,
    CustomerNotApproved,
    Invalid,
    KeyReused,
    LineInUse,
    NotFound,
    NothingToDeliver,
    OrderClosed,
    OutOfStock,
    StaleVersion,
    UnknownParty,
)
from domain.events import EventType
from domain.model.article import Cause
from domain.model.customer import CustomerDetails, Light
from domain.model.order import Origin, Status
from domain.model.payment import PaymentKind
from domain.model.reservation import State
from domain.model.supply import SupplierLine, SupplierOrder, SupplyLink
from domain.model.third_party import ThirdPartyType
from domain.model.values import Contact, CustomerId, Ean, SupplierLineId, SupplierOrderId, ThirdPartyId
from domain.queries.customers import CustomerView
from domain.queries.orders import OrderView, view_of
from domain.usecases.orders import NewOrder
from domain.usecases.pricing import WantedLine
from tests.contracts.books import audit
from tests.contracts.samples import EANS, EBOOK, NOW, committed
from tests.usecases.office import Office
from tests.usecases.shop import NAME, Shop

UNKNOWN = Ean("9780000000002")


async def card(shop: Shop, **details: object) -> CustomerView:
    return await shop.customer(code=None, details=CustomerDetails(name="Durand", **details))  # type: ignore[arg-type]


class TestAnOrderTaken:
    @pytest.mark.row("A1", "A2", "A3")
    async def test_for_a_free_name_is_open_and_told_once(self, shop: Shop) -> None:
        first, second = await shop.create({EANS[0]: 2}), await shop.create({EANS[1]: 1})
        assert (first.status, first.contact, first.customer_id, first.version) == (Status.OPEN, NAME, None, 1)
        assert first.number < second.number
        events = (await shop.house.books()).events
        assert [event.type for event in events] == [EventType.ORDER_CREATED] * 2
        assert (events[0].subject, events[0].version, events[0].by) == (first.id, 1, "staff:camille")
        assert events[0].data == {
            "order_id": first.id.hex,
            "order_number": first.number,
            "name": NAME.name,
            "status": "CO",
        }

    @pytest.mark.row("A1")
    @pytest.mark.parametrize("origin", Origin)
    async def test_keeps_where_it_came_from(self, shop: Shop, origin: Origin) -> None:
        assert (await shop.create({EANS[0]: 1}, origin=origin)).origin is origin

    async def test_freezes_the_prices_and_the_snapshot_of_its_articles(self, shop: Shop) -> None:
        lines = [
            WantedLine(ean=EANS[0], quantity=2, unit_price=Decimal("9.50")),
            WantedLine(ean=EANS[1], quantity=1),
            WantedLine(ean=EBOOK, quantity=1),
        ]
        order = await shop.take(NewOrder(lines=lines, contact=NAME, delivery_charge=Decimal("3.00")))
        await shop.catalogue(EANS, price="99.00")
        again = await shop.annotate(order, comment="plus tard")
        assert [(line.unit_price, line.list_price) for line in again.lines] == [
            (Decimal("9.50"), Decimal("10.00")),
            (Decimal("10.00"), Decimal("10.00")),
            (Decimal("5.99"), Decimal("5.99")),
        ]
        assert (again.total, again.discount, again.has_digital) == (Decimal("37.99"), Decimal("1.00"), True)

    async def test_for_a_customer_takes_what_his_card_says(self, shop: Shop) -> None:
        customer = await card(shop, comment="Sonner", vat_exempt=True, light=Light.ORANGE, light_message="Chèque")
        order = await shop.create({EANS[0]: 1}, contact=None, customer_id=customer.id)
        assert (order.customer_id, order.customer_code, order.contact.name) == (customer.id, customer.code, "Durand")
        assert (order.comment, order.vat_exempt, order.warnings) == ("Sonner", True, ("Chèque",))
        other = await shop.create(
            {EANS[0]: 1}, contact=Contact(name="Sa fille"), customer_id=customer.id, comment="", vat_exempt=False
        )
        assert (other.contact.name, other.comment, other.vat_exempt) == ("Sa fille", "", False)

    @pytest.mark.row("B31", "B32")
    async def test_names_no_customer_who_is_red_or_closed(self, shop: Shop) -> None:
        today = shop.around.today(shop.staff.dossier)
        for details, refusal in (({"light": Light.RED}, CustomerBlocked), ({"closed_on": today}, CustomerClosed)):
            customer = await card(shop, **details)
            with pytest.raises(refusal):
                await shop.create({EANS[0]: 1}, contact=None, customer_id=customer.id)
        assert (await shop.house.books()).orders == {}

    @pytest.mark.row("B8")
    async def test_names_no_customer_without_visa(self, shop: Shop) -> None:
        customer = await card(shop)
        async with shop.house.begin(shop.house.dossier) as work:
            kept = await work.customers.get(customer.id)
            kept.approved_at = None
            kept.version += 1
            work.customers.save(kept)
            await work.commit()
        with pytest.raises(CustomerNotApproved):
            await shop.create({EANS[0]: 1}, contact=None, customer_id=customer.id)

    async def test_needs_a_name_or_a_customer_who_exists(self, shop: Shop) -> None:
        with pytest.raises(Invalid):
            await shop.create({EANS[0]: 1}, contact=None)
        with pytest.raises(NotFound):
            await shop.create({EANS[0]: 1}, contact=None, customer_id=CustomerId(shop.house.new_id()))

    async def test_names_every_line_whose_article_is_unknown(self, shop: Shop) -> None:
        with pytest.raises(Invalid) as refusal:
            await shop.create({UNKNOWN: 1, EANS[0]: 1, Ean("9780000000019"): 1})
        assert [fault.pointer for fault in refusal.value.faults] == ["/lines/0/ean", "/lines/2/ean"]
        assert await shop.happened() == {}

    async def test_twice_with_one_key_is_taken_once(self, shop: Shop) -> None:
        first = await shop.create({EANS[0]: 1}, key="k")
        assert await shop.create({EANS[0]: 1}, key="k") == first
        assert shop.told is not None
        assert shop.told.replayed
        assert await shop.happened() == {EventType.ORDER_CREATED: 1}
        with pytest.raises(KeyReused):
            await shop.orders.create(
                by=shop.staff, order=NewOrder(lines=[], contact=NAME), once=shop.once("k", fingerprint=b"other")
            )

    async def test_that_was_refused_may_be_sent_again_with_its_key(self, shop: Shop) -> None:
        with pytest.raises(Invalid):
            await shop.create({UNKNOWN: 1}, key="k")
        assert (await shop.create({EANS[0]: 1}, key="k")).quantity == 1


class TestAnOrderChanged:
    async def test_tells_once_and_not_at_all_where_nothing_differs(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 1})
        order = await shop.annotate(order, comment="x")
        assert (order.version, order.comment, order.customer_reference) == (2, "x", None)
        order = await shop.annotate(order, comment="x")
        order = await shop.annotate(order, customer_reference="BC-1")
        assert (order.version, order.comment, order.customer_reference) == (3, "x", "BC-1")
        assert (await shop.happened())[EventType.ORDER_UPDATED] == 2

    async def test_by_whoever_saw_an_older_one_is_refused(self, shop: Shop) -> None:
        old = await shop.create({EANS[0]: 1})
        new = await shop.add_line(old, EANS[1], 2)
        calls: list[Callable[[], Awaitable[OrderView]]] = [
            lambda: shop.annotate(old, comment="x"),
            lambda: shop.add_line(old, EANS[2]),
            lambda: shop.change_line(old, old.lines[0].id, 5),
            lambda: shop.remove_line(old, old.lines[0].id),
            lambda: shop.pay(old, "1.00"),
            lambda: shop.deliver(old),
            lambda: shop.cancel(old),
        ]
        for call in calls:
            with pytest.raises(StaleVersion):
                await call()
        assert (await shop.annotate(new, comment=None)) == new
        assert await shop.happened() == {EventType.ORDER_CREATED: 1, EventType.ORDER_UPDATED: 1}

    async def test_in_its_lines_tells_each_time(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 1})
        order = await shop.add_line(order, EANS[1], 2, key="add")
        assert await shop.add_line(order, EANS[1], 2, key="add") == order
        order = await shop.change_line(order, order.lines[1].id, 4)
        order = await shop.remove_line(order, order.lines[0].id)
        assert [(line.ean, line.ordered, line.position) for line in order.lines] == [(EANS[1], 4, 2)]
        assert (await shop.happened())[EventType.ORDER_UPDATED] == 3
        with pytest.raises(Invalid):
            await shop.add_line(order, UNKNOWN)

    async def test_may_lose_a_line_whose_kept_copy_was_given_back(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 1, EANS[1]: 1})
        received = await shop.receive((EANS[0], 1))
        await shop.release(received.lines[0].reservations[0].id)
        after = (await shop.house.books()).orders[order.id]
        view = await shop.orders.remove_line(
            by=shop.staff, order_id=order.id, line_id=after.lines[0].id, version=after.version
        )
        assert [line.ean for line in view.lines] == [EANS[1]]


class TestMoney:
    async def test_is_written_down_and_told_once(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 2})
        order = await shop.pay(order, "5.00", kind=PaymentKind.DEPOSIT, key="p")
        assert await shop.pay(order, "5.00", kind=PaymentKind.DEPOSIT, key="p") == order
        assert (order.paid, order.deposit, order.status) == (Decimal(5), Decimal(5), Status.OPEN)
        assert (await shop.happened())[EventType.ORDER_PAID] == 1
        audit(await shop.house.books())

    async def test_for_a_cancelled_order_is_refused(self, shop: Shop) -> None:
        order = await shop.cancel(await shop.create({EANS[0]: 1}))
        with pytest.raises(OrderClosed):
            await shop.pay(order, "1.00")


class TestALineThatIsSupplied:
    """What suppliers were asked for follows what lines wait for (A24)."""

    async def supplied(self, shop: Shop, copies: int) -> tuple[OrderView, SupplierOrderId]:
        """An order of two lines, of which a draft of a supplier brings the first."""
        order = await shop.create({EANS[0]: copies, EANS[1]: 1})
        draft = SupplierOrder(
            id=SupplierOrderId(shop.house.new_id()),
            number=1,
            supplier_id=ThirdPartyId(shop.house.new_id()),
            supplier_name="FOURNISSEUR",
            reference=None,
            comment=None,
            created_at=NOW,
            updated_at=NOW,
            lines=[
                SupplierLine(
                    id=SupplierLineId(shop.house.new_id()),
                    position=1,
                    ean=EANS[0],
                    title="Livre",
                    ordered=copies + 1,
                    links=[SupplyLink(order_id=order.id, line_id=order.lines[0].id, quantity=copies)],
                )
            ],
        )
        async with committed(shop.house) as work:
            (kept,) = await work.orders.lock([order.id])
            kept.note_supply(order.lines[0].id, copies, now=NOW)
            work.orders.save(kept)
            work.supplier_orders.add(draft)
        return await fresh(shop, order.id), draft.id

    async def asked(self, shop: Shop, supplier_order_id: SupplierOrderId) -> tuple[int, int]:
        """Copies the draft asks for, and those of them meant for customers."""
        (line,) = (await shop.house.books()).supplier_orders[supplier_order_id].lines
        return line.ordered, line.linked

    @pytest.mark.row("A16", "A24")
    async def test_gives_back_what_it_no_longer_waits_for(self, shop: Shop) -> None:
        order, draft = await self.supplied(shop, 3)
        assert order.lines[0].supplied == 3
        order = await shop.change_line(order, order.lines[0].id, 5)
        assert (order.lines[0].supplied, await self.asked(shop, draft)) == (3, (4, 3))
        order = await shop.change_line(order, order.lines[0].id, 2)
        assert (order.lines[0].supplied, order.lines[0].surplus) == (2, 0)
        assert await self.asked(shop, draft) == (3, 2)
        assert order.version == (await fresh(shop, order.id)).version

    @pytest.mark.row("A16", "A24")
    async def test_that_is_removed_gives_all_of_it_back(self, shop: Shop) -> None:
        order, draft = await self.supplied(shop, 3)
        order = await shop.remove_line(order, order.lines[0].id)
        assert [line.ean for line in order.lines] == [EANS[1]]
        assert await self.asked(shop, draft) == (1, 0)

    async def test_that_cannot_be_removed_gives_nothing_back(self, shop: Shop) -> None:
        order, draft = await self.supplied(shop, 3)
        order = await shop.remove_line(order, order.lines[1].id)
        with pytest.raises(LineInUse):
            await shop.remove_line(order, order.lines[0].id)
        assert await self.asked(shop, draft) == (4, 3)


class TestASalesRepOfALine:
    @pytest.mark.row("B16")
    async def test_must_be_one(self, shop: Shop) -> None:
        office = Office(shop.house)
        rep = await office.third_party(ThirdPartyType.SALES_REP, code="V1")
        supplier = await office.third_party(ThirdPartyType.SUPPLIER, code="F1")
        nobody = ThirdPartyId(shop.house.new_id())
        lines = [
            WantedLine(ean=EANS[0], quantity=1, sales_rep=each) for each in (rep, supplier, None, nobody, supplier)
        ]
        with pytest.raises(UnknownParty) as refusal:
            await shop.take(NewOrder(lines=lines, contact=NAME))
        assert [(fault.code, fault.pointer) for fault in refusal.value.faults] == [
            ("no-sales-rep", "/lines/1/sales_rep_id"),
            ("unknown-party", "/lines/3/sales_rep_id"),
            ("no-sales-rep", "/lines/4/sales_rep_id"),
        ]
        order = await shop.take(NewOrder(lines=lines[:1], contact=NAME))
        assert order.lines[0].sales_rep == rep
        order = await shop.change_line(order, order.lines[0].id, 2)
        assert order.lines[0].sales_rep == rep


class TestADelivery:
    async def test_takes_kept_copies_first_and_then_the_shelf(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 5})
        await shop.receive((EANS[0], 2))
        await shop.adjust(EANS[0], 4)
        current = await shop.annotate(await fresh(shop, order.id), comment="x")
        after = await shop.deliver(current, {current.lines[0].id: 4}, key="d")
        assert (after.status, after.lines[0].delivered, after.lines[0].set_aside) == (Status.PARTLY_DELIVERED, 4, 0)
        assert await shop.stock(EANS[0]) == (2, 0)
        assert await shop.deliver(current, {current.lines[0].id: 4}, key="d") == after
        told = await shop.happened()
        assert (told[EventType.ORDER_DELIVERED], told[EventType.RESERVATION_COLLECTED]) == (1, 1)
        audit(await shop.house.books())

    async def test_splits_a_reservation_of_which_only_a_part_goes(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 3})
        await shop.receive((EANS[0], 3))
        after = await shop.deliver(await fresh(shop, order.id), {order.lines[0].id: 2})
        kept = (await shop.house.books()).reservations.values()
        assert Counter((each.state, each.quantity) for each in kept) == Counter(
            [(State.SET_ASIDE, 1), (State.COLLECTED, 2)]
        )
        assert (after.lines[0].set_aside, after.lines[0].delivered) == (1, 2)
        audit(await shop.house.books())

    async def test_takes_the_oldest_reservation_first(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 3})
        first = (await shop.receive((EANS[0], 1))).lines[0].reservations[0]
        await shop.receive((EANS[0], 2))
        await shop.deliver(await fresh(shop, order.id), {order.lines[0].id: 1})
        ended = [each for each in (await shop.house.books()).reservations.values() if each.ended_at]
        assert [each.id for each in ended] == [first.id]

    async def test_of_all_hands_over_what_is_kept_and_what_is_digital(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 1, EANS[1]: 1, EBOOK: 2})
        await shop.receive((EANS[0], 1))
        after = await shop.deliver(await fresh(shop, order.id))
        assert [line.delivered for line in after.lines] == [1, 0, 2]
        assert await shop.stock(EBOOK) == (0, 0)
        assert after.status is Status.PARTLY_DELIVERED
        with pytest.raises(NothingToDeliver):
            await shop.deliver(after)

    async def test_names_every_line_that_the_shelf_is_short_of_and_does_nothing(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 2, EANS[1]: 1, EANS[2]: 3})
        await shop.adjust(EANS[1], 1)
        await shop.adjust(EANS[2], 1)
        with pytest.raises(OutOfStock) as refusal:
            await shop.deliver(order, {line.id: line.ordered for line in order.lines})
        assert [dict(fault.facts) for fault in refusal.value.faults] == [
            {"ean": EANS[0], "wanted": 2, "available": 0},
            {"ean": EANS[2], "wanted": 3, "available": 1},
        ]
        assert {fault.pointer for fault in refusal.value.faults} == {"/lines"}
        assert await shop.stock(EANS[1]) == (1, 0)
        assert EventType.ORDER_DELIVERED not in await shop.happened()

    async def test_of_two_lines_of_one_article_does_not_count_a_copy_twice(self, shop: Shop) -> None:
        lines = [WantedLine(ean=EANS[0], quantity=1), WantedLine(ean=EANS[0], quantity=1)]
        order = await shop.take(NewOrder(lines=lines, contact=NAME))
        await shop.adjust(EANS[0], 1)
        with pytest.raises(OutOfStock):
            await shop.deliver(order, {line.id: 1 for line in order.lines})
        assert await shop.stock(EANS[0]) == (1, 0)

    async def test_is_written_in_the_stock_with_its_cause(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 2})
        await shop.receive((EANS[0], 1))
        await shop.adjust(EANS[0], 1)
        await shop.deliver(await fresh(shop, order.id), {order.lines[0].id: 2})
        sold = [each for each in (await shop.house.books()).movements if each.cause is Cause.SALE]
        assert [(each.available, each.set_aside) for each in sold] == [(0, -1), (-1, 0)]
        assert [each.by for each in sold] == ["staff:camille"] * 2


class TestACancelledOrder:
    async def test_gives_its_kept_copies_back_to_the_shelf(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 2, EANS[1]: 1})
        await shop.receive((EANS[0], 2), (EANS[1], 1))
        after = await shop.cancel(await fresh(shop, order.id), key="c")
        assert (after.status, after.cancel_reason, after.reserved) == (Status.CANCELLED, "Le client renonce", 0)
        assert (await shop.stock(EANS[0]), await shop.stock(EANS[1])) == ((2, 0), (1, 0))
        assert await shop.cancel(after, key="c") == after
        told = await shop.happened()
        assert (told[EventType.ORDER_CANCELLED], told[EventType.RESERVATION_RETURNED]) == (1, 2)
        audit(await shop.house.books())
        with pytest.raises(OrderClosed):
            await shop.cancel(after)


async def fresh(shop: Shop, order_id: object) -> OrderView:
    """The order as it is now."""
    return view_of(next(each for each in (await shop.house.books()).orders.values() if each.id == order_id))
