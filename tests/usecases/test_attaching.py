"""An order taken for a free name is given to a card later, in memory and in PostgreSQL (C12)."""

import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import CustomerAnonymised, NotFound, OrderHasCustomer, ShopError, StaleVersion
from domain.events import EventType
from domain.model.customer import CustomerDetails
from domain.model.order import Status
from domain.model.reservation import State
from domain.model.values import CustomerId, Ean, OrderId
from domain.queries.customers import CustomerView
from domain.queries.orders import OrderView
from tests.contracts.books import audit
from tests.contracts.house import FakeHouse, House, postgres_house, until_blocked
from tests.contracts.samples import EANS
from tests.support.database import MakeDatabase
from tests.usecases.shop import Shop

pytestmark = pytest.mark.row("C12")


@pytest.fixture(params=["fake", "postgres"])
async def shop(request: pytest.FixtureRequest, make_database: MakeDatabase) -> Any:
    """A counter with a catalogue, in memory and in PostgreSQL."""
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        shop = Shop(house)
        await shop.catalogue(EANS)
        yield shop


async def card(shop: Shop, name: str = "Claire MARTIN", **more: Any) -> CustomerView:
    return await shop.customer(code=None, details=CustomerDetails(name=name, **more))


async def attach(
    shop: Shop, order: OrderView, customer_id: CustomerId, *, version: int | None = None, key: str | None = None
) -> OrderView:
    telling = shop.orders.attach(
        by=shop.staff,
        order_id=order.id,
        version=order.version if version is None else version,
        customer_id=customer_id,
        once=shop.once(key),
    )
    shop.told = await telling
    view: OrderView = shop.heard.results[shop.told.body]
    return view


async def merge(shop: Shop, absorbed: CustomerId, kept: CustomerId) -> None:
    """Mark one card as merged into another, as a merge leaves it."""
    async with shop.house.begin(shop.house.dossier) as work:
        (customer,) = await work.customers.lock([absorbed])
        customer.merged_into = kept
        customer.version += 1
        work.customers.save(customer)
        await work.commit()


async def anonymise(shop: Shop, customer_id: CustomerId) -> None:
    async with shop.house.begin(shop.house.dossier) as work:
        (customer,) = await work.customers.lock([customer_id])
        customer.anonymised_at = shop.house.clock()
        customer.version += 1
        work.customers.save(customer)
        await work.commit()


async def with_reservations(shop: Shop) -> OrderView:
    """An order of three copies of one title and one of another: one collected, one kept, one waiting, one given back."""
    taken = await shop.create({EANS[0]: 3, EANS[1]: 1})
    kept = [
        each.id
        for ean in (EANS[0], EANS[0], EANS[1])
        for line in (await shop.receive((ean, 1))).lines
        for each in line.reservations
    ]
    await shop.collect(kept[0])
    await shop.release(kept[2])
    books = await shop.house.books()
    states = sorted(each.state.value for each in books.reservations.values())
    assert states == ["collected", "returned", "set_aside"]
    return replace(taken, version=books.orders[taken.id].version)


class TestAttaching:
    async def test_gives_the_order_and_every_reservation_to_the_card(self, shop: Shop) -> None:
        order, customer = await with_reservations(shop), await card(shop, "MARTIN", email="c@example.org")
        before = await shop.house.books()
        view = await attach(shop, order, customer.id)
        assert (view.customer_id, view.customer_code) == (customer.id, customer.code)
        assert view.contact == before.orders[order.id].contact  # as written: no e-mail, the old name
        assert view.version == order.version + 1
        after = await shop.house.books()
        assert len(after.reservations) == 3
        for kept in after.reservations.values():
            was = before.reservations[kept.id]
            assert (kept.customer_id, kept.name, kept.state, kept.version) == (
                *(customer.id, was.name, was.state, was.version + 1),
            )
        audit(after)

    async def test_tells_it_once_as_a_change_of_the_order(self, shop: Shop) -> None:
        order, customer = await shop.create({EANS[0]: 1}), await card(shop)
        before = await shop.happened()
        view = await attach(shop, order, customer.id, key="once")
        assert await attach(shop, order, customer.id, key="once") == view
        assert shop.told is not None
        assert shop.told.replayed
        told = await shop.happened() - before
        assert told == {EventType.ORDER_UPDATED: 1}

    async def test_leaves_the_lines_in_their_places_of_the_queue(self, shop: Shop) -> None:
        first = await shop.create({EANS[0]: 1})
        await shop.create({EANS[0]: 1})
        before = (await shop.house.books()).queue(EANS[0])
        await attach(shop, first, (await card(shop)).id)
        after = (await shop.house.books()).queue(EANS[0])
        assert [(order.id, line.id) for order, line in after] == [(order.id, line.id) for order, line in before]
        received = await shop.receive((EANS[0], 1))
        assert received.lines[0].reservations[0].order_id == first.id
        assert received.lines[0].reservations[0].customer_id is not None  # what comes later is his, too

    async def test_leaves_a_reservation_of_another_order_alone(self, shop: Shop) -> None:
        order = await with_reservations(shop)
        other = await shop.keep(EANS[1])
        await attach(shop, order, (await card(shop)).id)
        assert (await shop.house.books()).reservations[other.id].customer_id is None

    async def test_works_on_an_order_that_is_over(self, shop: Shop) -> None:
        order, customer = await shop.create({EANS[0]: 1}), await card(shop)
        cancelled = await shop.cancel(order)
        assert cancelled.status is Status.CANCELLED
        view = await attach(shop, cancelled, customer.id)
        assert (view.status, view.customer_id) == (Status.CANCELLED, customer.id)

    async def test_follows_a_merged_card(self, shop: Shop) -> None:
        order, absorbed, kept = await shop.create({EANS[0]: 1}), await card(shop, "ANCIEN"), await card(shop, "GARDE")
        await merge(shop, absorbed.id, kept.id)
        view = await attach(shop, order, absorbed.id)
        assert (view.customer_id, view.customer_code) == (kept.id, kept.code)


class TestARefusal:
    async def refused(self, shop: Shop, reason: type[ShopError], attaching: Awaitable[OrderView]) -> None:
        """The attachment is refused, and nothing is written."""
        before = await shop.house.books()
        with pytest.raises(reason):
            await attaching
        after = await shop.house.books()
        assert [order.customer_id for order in after.orders.values()] == [
            order.customer_id for order in before.orders.values()
        ]
        assert len(after.events) == len(before.events)

    async def test_meets_an_order_that_has_a_customer(self, shop: Shop) -> None:
        mine = await card(shop)
        order = await shop.create({EANS[0]: 1}, customer_id=mine.id, contact=None)
        for customer in (mine, await card(shop, "AUTRE")):
            await self.refused(shop, OrderHasCustomer, attach(shop, order, customer.id))

    async def test_meets_an_old_picture_of_the_order(self, shop: Shop) -> None:
        order, customer = await shop.create({EANS[0]: 1}), await card(shop)
        await shop.annotate(order, comment="Vu")
        await self.refused(shop, StaleVersion, attach(shop, order, customer.id))

    async def test_meets_an_unknown_order_or_card(self, shop: Shop) -> None:
        order, customer = await shop.create({EANS[0]: 1}), await card(shop)
        unknown = replace(order, id=OrderId(shop.house.new_id()))
        await self.refused(shop, NotFound, attach(shop, unknown, customer.id))
        await self.refused(shop, NotFound, attach(shop, order, CustomerId(shop.house.new_id())))

    @pytest.mark.row("C14")
    async def test_meets_an_anonymised_card(self, shop: Shop) -> None:
        order, customer = await shop.create({EANS[0]: 1}), await card(shop)
        await anonymise(shop, customer.id)
        await self.refused(shop, CustomerAnonymised, attach(shop, order, customer.id))

    @pytest.mark.row("B30")
    async def test_meets_a_card_that_the_caller_may_not_see(self, shop: Shop) -> None:
        order = await shop.create({EANS[0]: 1})
        async with shop.house.begin(shop.house.dossier) as work:
            customer = await work.customers.get((await card(shop)).id)
            customer.details = replace(customer.details, confidentiality_code="VIP")
            customer.version += 1
            work.customers.save(customer)
            await work.commit()
        shop.staff = replace(shop.staff, scopes=frozenset({"orders:*", "confidential:RH"}))
        await self.refused(shop, NotFound, attach(shop, order, customer.id))
        shop.staff = replace(shop.staff, scopes=frozenset({"orders:*", "confidential:VIP"}))
        assert (await attach(shop, order, customer.id)).customer_id == customer.id


class TestTwoAtOnce:
    async def test_of_one_order_one_wins(self, shop: Shop) -> None:
        order = await with_reservations(shop)
        cards = [await card(shop, name) for name in ("UN", "DEUX", "TROIS", "QUATRE")]
        results = await asyncio.gather(*(attach(shop, order, each.id) for each in cards), return_exceptions=True)
        won = [result for result in results if not isinstance(result, BaseException)]
        assert len(won) == 1
        assert {type(result) for result in results if isinstance(result, BaseException)} == {StaleVersion}
        books = await shop.house.books()
        assert books.orders[order.id].version == order.version + 1
        assert {kept.customer_id for kept in books.reservations.values()} == {won[0].customer_id}
        audit(books)

    async def test_of_a_card_that_is_merged_meanwhile_lands_on_the_kept_one(self, shop: Shop) -> None:
        order, absorbed, kept = await shop.create({EANS[0]: 1}), await card(shop, "ANCIEN"), await card(shop, "GARDE")
        async with shop.house.begin(shop.house.dossier) as work:
            (customer,) = await work.customers.lock([absorbed.id])
            attaching = asyncio.create_task(attach(shop, order, absorbed.id))
            await until_blocked(shop.house, 1, beside=attaching)
            customer.merged_into = kept.id
            customer.version += 1
            work.customers.save(customer)
            await work.commit()
        view = await attaching
        assert (view.customer_id, view.customer_code) == (kept.id, kept.code)

    async def test_an_attachment_and_a_delivery_lose_nothing(self, shop: Shop) -> None:
        order, customer = await with_reservations(shop), await card(shop)
        results = await asyncio.gather(attach(shop, order, customer.id), shop.deliver(order), return_exceptions=True)
        refusals = [result for result in results if isinstance(result, BaseException)]
        assert [type(each) for each in refusals] == [StaleVersion]
        books = await shop.house.books()
        kept = [each for each in books.reservations.values() if each.state is State.SET_ASIDE]
        attached = books.orders[order.id].customer_id is not None
        assert len(kept) == (1 if attached else 0)
        assert {each.customer_id for each in books.reservations.values()} == {customer.id if attached else None}
        audit(books)


Wanted = st.dictionaries(st.sampled_from(EANS[:3]), st.integers(1, 3), min_size=1)
Received = st.lists(st.tuples(st.sampled_from(EANS[:3]), st.integers(1, 3)), max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(wanted=Wanted, received=Received, collected=st.integers(0, 4), released=st.integers(0, 4))
def test_whatever_was_done_to_an_order_attaching_changes_its_owner_only(
    wanted: dict[Ean, int], received: list[tuple[Ean, int]], collected: int, released: int
) -> None:
    async def story() -> None:
        shop = Shop(FakeHouse())
        await shop.catalogue(EANS)
        order = await shop.create(wanted)
        kept = [
            each.id for copies in received for line in (await shop.receive(copies)).lines for each in line.reservations
        ]
        for each in kept[:collected]:
            await shop.collect(each)
        for each in kept[collected : collected + released]:
            await shop.release(each)
        before = await shop.house.books()
        now = before.orders[order.id]
        customer = await card(shop)
        view = await attach(shop, replace(order, version=now.version), customer.id)
        after = await shop.house.books()
        assert view.status is now.status
        assert [(line.ordered, line.set_aside, line.delivered) for line in after.orders[order.id].lines] == [
            (line.ordered, line.set_aside, line.delivered) for line in now.lines
        ]
        assert {each.customer_id for each in after.reservations.values()} <= {customer.id}
        assert (after.stock, after.movements) == (before.stock, before.movements)
        audit(after)

    asyncio.run(story())
