"""Kept copies: collected, given back, written off, or kept by hand (A34 to A40); the stock corrected; cards and keys."""

from dataclasses import replace

import pytest

from domain.errors import (
    CodeTaken,
    CustomerBlocked,
    Invalid,
    NotFound,
    OrderClosed,
    OutOfStock,
    ReservationEnded,
    StaleVersion,
    UnknownArticle,
    UnknownChannel,
)
from domain.events import EventType
from domain.model.article import Cause
from domain.model.customer import CustomerDetails, Light
from domain.model.order import Status
from domain.model.reservation import State
from domain.model.values import CustomerId, Ean, ReservationId
from domain.queries.reservations import ReservationView
from tests.contracts.books import audit
from tests.contracts.samples import EANS, EBOOK
from tests.usecases.shop import Shop


async def kept(shop: Shop, copies: int = 1) -> ReservationView:
    """Copies kept for an order of so many, which waits for no more."""
    await shop.create({EANS[0]: copies})
    received = await shop.receive((EANS[0], copies))
    return received.lines[0].reservations[-1]


class TestCollecting:
    async def test_delivers_the_line_and_tells_both(self, shop: Shop) -> None:
        reservation = await kept(shop, 2)
        (view,) = await shop.collect(reservation.id, key="c")
        assert (view.state, view.order_status, view.version) == (State.COLLECTED, Status.DELIVERED, 2)
        assert view.ended_at is not None
        assert await shop.stock(EANS[0]) == (0, 0)
        assert await shop.collect(reservation.id, key="c") == [view]
        told = await shop.happened()
        assert (told[EventType.RESERVATION_COLLECTED], told[EventType.ORDER_DELIVERED]) == (1, 1)
        audit(await shop.house.books())

    async def test_of_many_tells_each_order_once(self, shop: Shop) -> None:
        await shop.create({EANS[0]: 1, EANS[1]: 1})
        await shop.create({EANS[0]: 1})
        received = await shop.receive((EANS[0], 2), (EANS[1], 1))
        ids = [each.id for line in received.lines for each in line.reservations]
        views = await shop.collect(*ids)
        assert [view.id for view in views] == ids
        told = await shop.happened()
        assert (told[EventType.RESERVATION_COLLECTED], told[EventType.ORDER_DELIVERED]) == (3, 2)

    async def test_is_all_or_nothing(self, shop: Shop) -> None:
        first, second = await kept(shop), await kept(shop)
        await shop.collect(first.id)
        with pytest.raises(ReservationEnded):
            await shop.collect(second.id, first.id)
        with pytest.raises(NotFound):
            await shop.collect(second.id, ReservationId(shop.house.new_id()))
        assert await shop.stock(EANS[0]) == (0, 1)

    @pytest.mark.row("A6")
    async def test_of_an_unpaid_web_order_is_refused(self, shop: Shop) -> None:
        await shop.push("W-1", {EANS[0]: 1})
        received = await shop.receive((EANS[0], 1))
        with pytest.raises(OrderClosed):
            await shop.collect(received.lines[0].reservations[0].id)
        assert await shop.stock(EANS[0]) == (0, 1)


@pytest.mark.row("A40")
class TestReleasing:
    async def test_puts_the_copy_back_and_the_line_waits_again_in_its_old_place(self, shop: Shop) -> None:
        reservation = await kept(shop)
        later = await shop.create({EANS[0]: 1})
        (view,) = await shop.release(reservation.id, key="r")
        assert (view.state, view.order_status) == (State.RETURNED, Status.OPEN)
        assert await shop.stock(EANS[0]) == (1, 0)
        assert await shop.release(reservation.id, key="r") == [view]
        scanned = await shop.scan(EANS[0])
        assert scanned.reservation is not None
        assert scanned.reservation.line_id == reservation.line_id != later.lines[0].id
        told = await shop.happened()
        assert (told[EventType.RESERVATION_RETURNED], told[EventType.ORDER_UPDATED]) == (1, 1)
        audit(await shop.house.books())

    async def test_writes_off_what_is_not_found_with_a_reason(self, shop: Shop) -> None:
        reservation = await kept(shop)
        for reason in (None, "  "):
            with pytest.raises(Invalid):
                await shop.release(reservation.id, restock=False, reason=reason)
        (view,) = await shop.release(reservation.id, restock=False, reason="introuvable")
        assert (view.state, view.end_reason) == (State.WRITTEN_OFF, "introuvable")
        assert await shop.stock(EANS[0]) == (0, 0)
        gone = (await shop.house.books()).movements[-1]
        assert (gone.cause, gone.available, gone.set_aside, gone.reason) == (Cause.WRITE_OFF, 0, -1, "introuvable")
        assert (await shop.happened())[EventType.RESERVATION_WRITTEN_OFF] == 1
        audit(await shop.house.books())

    async def test_twice_is_refused(self, shop: Shop) -> None:
        reservation = await kept(shop)
        await shop.release(reservation.id)
        with pytest.raises(ReservationEnded):
            await shop.release(reservation.id)


@pytest.mark.row("A34", "A37")
class TestAReservationByHand:
    async def test_keeps_copies_without_an_order(self, shop: Shop) -> None:
        await shop.adjust(EANS[0], 3)
        view = await shop.keep(EANS[0], 2, key="h")
        assert (view.order_id, view.order_number, view.order_status, view.mail_order) == (None, None, None, None)
        assert (view.customer_name, view.quantity, view.place) == ("Claire MARTIN", 2, "Casier 4")
        assert await shop.stock(EANS[0]) == (1, 2)
        assert await shop.keep(EANS[0], 2, key="h") == view
        (ended,) = await shop.collect(view.id)
        assert (ended.state, await shop.stock(EANS[0])) == (State.COLLECTED, (1, 0))
        assert await shop.happened() == {
            EventType.STOCK_ADJUSTED: 1,
            EventType.RESERVATION_SET_ASIDE: 1,
            EventType.RESERVATION_COLLECTED: 1,
        }
        audit(await shop.house.books())

    async def test_of_a_customer_shows_his_code_to_the_end(self, shop: Shop) -> None:
        await shop.adjust(EANS[0], 1)
        customer = await shop.customer(code="DURAND", details=CustomerDetails(name="Durand"))
        view = await shop.keep(EANS[0], contact=None, customer_id=customer.id)
        assert (view.customer_code, view.customer_name) == ("DURAND", "Durand")
        (ended,) = await shop.release(view.id)
        assert ended.customer_code == "DURAND"

    async def test_needs_a_copy_an_article_of_paper_and_somebody_who_may_be_named(self, shop: Shop) -> None:
        red = await shop.customer(code=None, details=CustomerDetails(name="Rouge", light=Light.RED))
        with pytest.raises(OutOfStock):
            await shop.keep(EANS[0])
        with pytest.raises(UnknownArticle):
            await shop.keep(Ean("9780000000002"))
        for wrong in ({"ean": EBOOK}, {"ean": EANS[0], "contact": None}):
            with pytest.raises(Invalid):
                await shop.keep(**wrong)
        with pytest.raises(CustomerBlocked):
            await shop.keep(EANS[0], customer_id=red.id)
        with pytest.raises(NotFound):
            await shop.keep(EANS[0], customer_id=CustomerId(shop.house.new_id()))


class TestTheStock:
    async def test_is_corrected_up_and_down_but_not_below_zero(self, shop: Shop) -> None:
        up = await shop.adjust(EANS[0], 3, key="a")
        assert await shop.adjust(EANS[0], 3, key="a") == up
        await shop.adjust(EANS[0], -2)
        with pytest.raises(OutOfStock):
            await shop.adjust(EANS[0], -2)
        with pytest.raises(UnknownArticle):
            await shop.adjust(Ean("9780000000002"), 1)
        assert await shop.stock(EANS[0]) == (1, 0)
        assert (await shop.happened())[EventType.STOCK_ADJUSTED] == 2
        audit(await shop.house.books())


class TestACustomersCard:
    async def test_gets_the_next_automatic_code_or_the_one_chosen(self, shop: Shop) -> None:
        codes = [
            (await shop.customer(code=code, details=CustomerDetails(name="Durand"))).code
            for code in (None, "abc", None)
        ]
        assert codes == ["C0000001", "ABC", "C0000002"]
        with pytest.raises(CodeTaken):
            await shop.customer(code="abc", details=CustomerDetails(name="Autre"))
        assert (await shop.happened())[EventType.CUSTOMER_CREATED] == 3

    async def test_changes_for_whoever_saw_the_last_one(self, shop: Shop) -> None:
        made = await shop.customer(code=None, details=CustomerDetails(name="Durand"))

        async def rename(name: str, version: int) -> int:
            view = await shop.customers.change(
                by=shop.staff, customer_id=made.id, version=version, edit=lambda card: replace(card, name=name)
            )
            return view.version

        assert [await rename("Durand", 1), await rename("Dupont", 1)] == [1, 2]
        with pytest.raises(StaleVersion):
            await rename("Martin", 1)
        assert (await shop.happened())[EventType.CUSTOMER_UPDATED] == 1


class TestAnApiKey:
    async def test_shows_its_secret_once(self, shop: Shop) -> None:
        async def make(channel: str | None) -> object:
            told = await shop.api_keys.create(
                by=shop.staff, label="clé", scopes=["orders:*"], channel=channel, once=shop.once("k")
            )
            return shop.heard.results[told.body].secret

        assert [await make("boutique"), await make("boutique")] == ["secret-1", None]
        (key,) = await shop.house.api_keys()
        assert (key.digest, key.scopes, key.channel_id) == (b"digest-1", ("orders:*",), shop.house.channel_id)
        await shop.api_keys.revoke(by=shop.staff, key_id=key.id)
        (key,) = await shop.house.api_keys()
        assert key.revoked_at is not None
        with pytest.raises(NotFound):
            await shop.api_keys.revoke(by=shop.staff, key_id=shop.house.new_id())

    async def test_of_an_unknown_shop_is_refused(self, shop: Shop) -> None:
        with pytest.raises(UnknownChannel):
            await shop.api_keys.create(by=shop.staff, label="x", scopes=[], channel="autre", once=shop.once())
