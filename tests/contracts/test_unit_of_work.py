"""The unit of work and its repositories: one suite on the fake and on PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Iterable
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from domain.errors import (
    AnswerPending,
    CodeTaken,
    KeyReused,
    NotFound,
    StaleVersion,
    TryAgain,
    UnknownChannel,
)
from domain.model.access import ApiKey
from domain.model.order import CustomerOrder
from domain.model.reception import Reception, ReceptionKind, ReceptionLine
from domain.model.reservation import State
from domain.model.values import Contact, Ean, OrderId, ReceptionId, ReservationId
from domain.ports.answers import Told
from tests.contracts import samples
from tests.contracts.books import audit
from tests.contracts.house import CHANNEL, House
from tests.contracts.samples import EANS, NOW, committed, plain, stocked
from tests.fakes.base import Impossible

REFUSED_BY_THE_BASE = (Impossible, asyncpg.IntegrityConstraintViolationError)


async def taken(house: House, order: CustomerOrder) -> CustomerOrder:
    async with committed(house) as work:
        work.orders.add(order)
        work.emit(samples.event(house.new_id, order.id))
    return order


async def loaded(house: House, order_id: OrderId) -> CustomerOrder:
    async with house.begin(house.dossier) as work:
        return await work.orders.get(order_id)


async def until_blocked(house: House, waiters: int, *, beside: asyncio.Task[None]) -> None:
    """Until so many transactions wait for a lock; fails as soon as ``beside``, which should wait, has ended."""
    async with asyncio.timeout(20):
        while await house.blocked() < waiters:
            assert not beside.done(), "it did not wait"
            await asyncio.sleep(0)


class TestAnOrder:
    async def test_comes_back_as_it_was_kept_field_by_field(self, house: House) -> None:
        await stocked(house)
        customer = samples.customer(house.new_id)
        order = samples.full_order(house.new_id, channel_id=house.channel_id, customer_id=customer.id)
        async with committed(house) as work:
            work.customers.add(customer)
            work.orders.add(order)
            work.orders.add_payment(samples.payment(house.new_id, order.id))
        assert plain(await loaded(house, order.id)) == plain(order)
        (paid,) = (await house.books()).payments
        assert (paid.order_id, paid.amount, paid.kind) == (order.id, Decimal("12.50"), "deposit")

    async def test_comes_back_as_it_was_changed_field_by_field(self, house: House) -> None:
        await stocked(house)
        order = await taken(house, samples.order(house.new_id, [samples.line(house.new_id) for _ in range(3)]))
        async with committed(house) as work:
            changed = await work.orders.get(order.id)
            changed.remove_line(changed.lines[1].id, now=NOW)
            changed.add_line(samples.line(house.new_id, ean=EANS[2], ordered=4), now=NOW)
            changed.change_line(changed.lines[0].id, ordered=7, now=NOW)
            changed.annotate(customer_reference="BC-2", comment=None, now=NOW + timedelta(microseconds=7))
            changed.contact = Contact(name="Autre nom", phone="1")
            work.orders.save(changed)
        changed.removed.clear()
        again = await loaded(house, order.id)
        assert plain(again) == plain(changed)
        assert again.version == 5
        assert [line.position for line in again.lines] == [1, 3, 4]

    async def test_is_not_shared_with_whoever_loaded_it(self, house: House) -> None:
        await stocked(house)
        order = await taken(house, samples.order(house.new_id, [samples.line(house.new_id)]))
        before = deepcopy(order)
        order.lines[0].ordered = 99
        (await loaded(house, order.id)).lines[0].ordered = 98
        assert plain(await loaded(house, order.id)) == plain(before)

    async def test_is_found_by_the_words_of_its_present_name(self, house: House) -> None:
        await stocked(house)
        order = await taken(
            house, samples.order(house.new_id, [samples.line(house.new_id)], name="L'Été  de l'été, Œuvre")
        )
        assert (await house.books()).tokens[order.id] == {"L", "ETE", "DE", "OEUVRE"}
        async with committed(house) as work:
            renamed = await work.orders.get(order.id)
            renamed.contact = Contact(name="Été Martin")
            renamed.annotate(customer_reference="x", comment=None, now=NOW)
            work.orders.save(renamed)
        assert (await house.books()).tokens[order.id] == {"ETE", "MARTIN"}

    async def test_is_refused_to_whoever_changes_an_older_version(self, house: House) -> None:
        await stocked(house)
        order = await taken(house, samples.order(house.new_id, [samples.line(house.new_id)]))
        with pytest.raises(StaleVersion):
            async with committed(house) as late:
                seen = await late.orders.get(order.id)
                async with committed(house) as quick:
                    other = await quick.orders.get(order.id)
                    other.annotate(customer_reference="first", comment=None, now=NOW)
                    quick.orders.save(other)
                seen.annotate(customer_reference="second", comment=None, now=NOW)
                late.orders.save(seen)
        assert (await loaded(house, order.id)).customer_reference == "first"

    @pytest.mark.parametrize("in_transaction", [False, True])
    async def test_that_lost_its_race_takes_all_of_the_statement_with_it(
        self, house: House, in_transaction: bool
    ) -> None:
        await stocked(house)
        order = await taken(house, samples.order(house.new_id, [samples.line(house.new_id)]))
        another = samples.order(house.new_id, [samples.line(house.new_id)], number=2)
        before = await house.books()
        with pytest.raises(StaleVersion):
            async with committed(house) as late:
                if in_transaction:
                    await late.claim(samples.once())
                    late.keep(samples.once(), Told(status=200, body=b"said"))
                seen = await late.orders.get(order.id)
                async with committed(house) as quick:
                    other = await quick.orders.get(order.id)
                    other.annotate(customer_reference="first", comment=None, now=NOW)
                    quick.orders.save(other)
                seen.add_line(samples.line(house.new_id), now=NOW)
                late.orders.save(seen)
                late.orders.add(another)
                late.orders.add_payment(samples.payment(house.new_id, order.id))
                late.customers.add(samples.customer(house.new_id))
                late.emit(samples.event(house.new_id, another.id))
        after = await house.books()
        assert list(after.orders) == [order.id]
        assert len(after.orders[order.id].lines) == 1
        assert (len(after.events), after.payments, after.answers) == (len(before.events), [], {})
        assert await house.customer_words() == {}

    async def test_of_a_web_shop_is_kept_once_under_its_external_id(self, house: House) -> None:
        await stocked(house)
        web = samples.external(house.channel_id)
        await taken(house, samples.order(house.new_id, [samples.line(house.new_id)], external=web))
        twin = samples.order(house.new_id, [samples.line(house.new_id)], number=2, external=web)
        with pytest.raises(TryAgain):
            await taken(house, twin)
        assert len((await house.books()).events) == 1

    @pytest.mark.parametrize(
        "wrong",
        [{"ordered": 0}, {"set_aside": -1}, {"delivered": -1}, {"cancelled": 2}, {"set_aside": 1, "delivered": 1}],
    )
    async def test_with_impossible_quantities_is_refused_by_the_base_itself(
        self, house: House, wrong: dict[str, int]
    ) -> None:
        await stocked(house)
        order = samples.order(house.new_id, [samples.line(house.new_id, **{"ordered": 1, **wrong})])  # type: ignore[arg-type]
        with pytest.raises(REFUSED_BY_THE_BASE):
            await taken(house, order)
        assert (await house.books()).orders == {}

    async def test_that_does_not_exist_is_not_found(self, house: House) -> None:
        order_id = OrderId(house.new_id())
        async with house.begin(house.dossier) as work:
            with pytest.raises(NotFound):
                await work.orders.get(order_id)
            with pytest.raises(NotFound):
                await work.orders.lock([order_id])

    async def test_of_a_neighbour_is_not_found(self, house: House) -> None:
        await stocked(house)
        order = await taken(house, samples.order(house.new_id, [samples.line(house.new_id)]))
        async with house.begin(house.neighbour) as work:
            with pytest.raises(NotFound):
                await work.orders.get(order.id)


@pytest.mark.row("A2")
class TestOrderNumbers:
    async def test_rise_and_are_never_double_under_parallel_creations_some_of_which_fail(self, house: House) -> None:
        await stocked(house)
        drawn: list[int] = []

        async def create(index: int) -> None:
            async with house.begin(house.dossier) as work:
                number = await work.orders.next_number()
                drawn.append(number)
                work.orders.add(samples.order(house.new_id, [samples.line(house.new_id)], number=number))
                if index % 5:
                    await work.commit()

        await asyncio.gather(*(create(index) for index in range(50)))
        kept = sorted(order.number for order in (await house.books()).orders.values())
        assert len(set(drawn)) == 50
        assert len(kept) == len(set(kept)) == 40
        async with house.begin(house.dossier) as work:
            assert await work.orders.next_number() > max(drawn)


class TestPushContext:
    async def test_tells_the_shop_what_it_sent_the_articles_and_fresh_numbers(self, house: House) -> None:
        await stocked(house)
        known = await taken(
            house,
            samples.order(
                house.new_id, [samples.line(house.new_id)], number=10**6, external=samples.external(house.channel_id)
            ),
        )
        async with house.begin(house.dossier) as work:
            context = await work.orders.push_context(
                channel=CHANNEL, external_ids=["WEB-1", "WEB-2"], eans=[EANS[0], EANS[0], Ean("9780000000002")]
            )
        assert context.channel_id == house.channel_id
        assert context.known == {"WEB-1": known.id}
        assert plain(list(context.articles.values())) == plain([samples.article()])
        first, second = context.numbers
        assert first < second

    async def test_knows_no_shop_of_another_code(self, house: House) -> None:
        async with house.begin(house.dossier) as work:
            with pytest.raises(UnknownChannel):
                await work.orders.push_context(channel="autre", external_ids=["1"], eans=[])


class TestTheQueue:
    async def test_goes_by_priority_then_order_date_then_number_then_position(self, house: House) -> None:
        await stocked(house)
        late, early = NOW + timedelta(microseconds=1), NOW
        two_lines = [samples.line(house.new_id), samples.line(house.new_id, ordered=2)]
        first = await taken(house, samples.order(house.new_id, two_lines, number=5, created_at=early))
        second = await taken(
            house, samples.order(house.new_id, [samples.line(house.new_id)], number=6, created_at=early)
        )
        third = await taken(house, samples.order(house.new_id, [samples.line(house.new_id)], number=3, created_at=late))
        expected = [two_lines[0].id, two_lines[1].id, second.lines[0].id, third.lines[0].id]
        async with house.begin(house.dossier) as work:
            assert [place.line_id for place in await work.orders.waiting(EANS[0], 100)] == expected
            for copies in (1, 2):
                assert [place.line_id for place in await work.orders.waiting(EANS[0], copies)] == expected[:copies]
        await house.prioritise(third.lines[0].id, -1)
        async with house.begin(house.dossier) as work:
            places = await work.orders.waiting(EANS[0], 100)
        assert [place.line_id for place in places] == [expected[3], *expected[:3]]
        assert places[1].order_id == first.id
        assert [place.outstanding for place in places] == [1, 1, 2, 1]

    async def test_gives_as_many_places_as_the_copies_reach(self, house: House) -> None:
        await stocked(house)
        lines = [samples.line(house.new_id, ordered=ordered) for ordered in (2, 1, 3)]
        await taken(house, samples.order(house.new_id, lines))
        async with house.begin(house.dossier) as work:
            reached = [len(await work.orders.waiting(EANS[0], copies)) for copies in (1, 2, 3, 4, 99)]
        assert reached == [1, 1, 2, 3, 3]

    async def test_leaves_out_what_waits_for_nothing_and_what_is_digital(self, house: House) -> None:
        await stocked(house)
        lines = [
            samples.line(house.new_id, ordered=2, delivered=2),
            samples.line(house.new_id, ordered=2, cancelled=2),
            samples.line(house.new_id, ean=samples.EBOOK, digital=True),
        ]
        await taken(house, samples.order(house.new_id, lines))
        async with house.begin(house.dossier) as work:
            assert await work.orders.waiting(EANS[0], 5) == []
            assert await work.orders.waiting(samples.EBOOK, 5) == []


class TestACustomer:
    async def test_comes_back_as_it_was_kept_field_by_field(self, house: House) -> None:
        customer = samples.customer(house.new_id)
        async with committed(house) as work:
            work.customers.add(customer)
        async with house.begin(house.dossier) as work:
            assert plain(await work.customers.get(customer.id)) == plain(customer)
            assert plain(await work.customers.by_code("c0000042")) == plain(customer)

    async def test_comes_back_as_it_was_changed_and_is_found_by_its_present_words(self, house: House) -> None:
        customer = samples.customer(house.new_id, name="L'Œuvre de Paul")
        async with committed(house) as work:
            work.customers.add(customer)
        assert await house.customer_words() == {
            customer.id: {"L", "OEUVRE", "DE", "PAUL", "JEAN", "NOEL", "LOEUVREDEPAUL"}
        }
        async with committed(house) as work:
            changed = await work.customers.get(customer.id)
            details = deepcopy(changed.details)
            details.name, details.first_name, details.barcode = "Paul & Paul", None, None
            assert changed.change(details, now=NOW)
            work.customers.save(changed)
        async with house.begin(house.dossier) as work:
            assert plain(await work.customers.get(customer.id)) == plain(changed)
        assert await house.customer_words() == {customer.id: {"PAUL", "PAULPAUL"}}

    @pytest.mark.parametrize(("code", "barcode"), [("C0000042", None), ("OTHER", "0042")])
    async def test_with_anothers_code_or_barcode_is_refused(self, house: House, code: str, barcode: str | None) -> None:
        async with committed(house) as work:
            work.customers.add(samples.customer(house.new_id))
        with pytest.raises(CodeTaken):
            async with committed(house) as work:
                work.customers.add(samples.customer(house.new_id, code=code, barcode=barcode))
        assert len(await house.customer_words()) == 1

    async def test_without_barcode_bothers_nobody(self, house: House) -> None:
        for code in ("A", "B"):
            async with committed(house) as work:
                work.customers.add(samples.customer(house.new_id, code=code, barcode=None))
        assert len(await house.customer_words()) == 2

    async def test_takes_a_code_that_a_neighbour_has(self, house: House) -> None:
        for dossier in (house.dossier, house.neighbour):
            async with house.begin(dossier) as work:
                work.customers.add(samples.customer(house.new_id))
                await work.commit()

    async def test_is_refused_to_whoever_changes_an_older_version(self, house: House) -> None:
        customer = samples.customer(house.new_id)
        async with committed(house) as work:
            work.customers.add(customer)
        with pytest.raises(StaleVersion):
            async with committed(house) as late:
                seen = await late.customers.get(customer.id)
                async with committed(house) as quick:
                    other = await quick.customers.get(customer.id)
                    other.change(deepcopy(samples.customer(house.new_id, name="First").details), now=NOW)
                    quick.customers.save(other)
                seen.change(deepcopy(samples.customer(house.new_id, name="Second").details), now=NOW)
                late.customers.save(seen)

    async def test_that_does_not_exist_is_not_found(self, house: House) -> None:
        async with house.begin(house.dossier) as work:
            with pytest.raises(NotFound):
                await work.customers.get(samples.customer(house.new_id).id)
            with pytest.raises(NotFound):
                await work.customers.by_code("NOBODY")

    async def test_counter_rises(self, house: House) -> None:
        counters = []
        for _ in range(3):
            async with committed(house) as work:
                counters.append(await work.customers.next_counter())
        assert counters == [1, 2, 3]


class TestAnArticle:
    async def test_comes_back_as_it_was_put(self, house: House) -> None:
        for title in ("Première édition", "Deuxième édition"):
            async with committed(house) as work:
                await work.articles.put(samples.article(title=title))
        async with house.begin(house.dossier) as work:
            found = await work.articles.many([EANS[0], EANS[0], EANS[1]])
        assert plain(list(found.items())) == plain([(EANS[0], samples.article(title="Deuxième édition"))])

    async def test_is_new_once_and_keeps_its_stock(self, house: House) -> None:
        news = []
        for _ in range(2):
            async with committed(house) as work:
                news.append(await work.articles.put(samples.article()))
            async with committed(house) as work:
                shelf = (await work.stock.lock([EANS[0]]))[EANS[0]]
                shelf.stock.receive(3)
                work.stock.save(shelf.stock)
        assert news == [True, False]
        assert (await house.books()).stock[EANS[0]].available == 6


class TestStock:
    async def test_comes_back_with_its_article_its_levels_and_who_waits(self, house: House) -> None:
        await stocked(house, copies=4)
        await taken(house, samples.order(house.new_id, [samples.line(house.new_id, ordered=3, delivered=1)]))
        async with house.begin(house.dossier) as work:
            shelves = await work.stock.lock([EANS[1], EANS[0], EANS[0], Ean("9780000000002")])
        assert list(shelves) == [EANS[0], EANS[1]]
        shelf = shelves[EANS[0]]
        assert plain(shelf.article) == plain(samples.article())
        assert (shelf.stock.available, shelf.stock.set_aside, shelf.waiting) == (4, 0, 2)

    async def test_keeps_the_last_state_and_every_movement(self, house: House) -> None:
        await stocked(house)
        first, second = samples.movement(house.new_id), samples.movement(house.new_id, available=-3, reason=None)
        async with committed(house) as work:
            shelf = (await work.stock.lock([EANS[0]]))[EANS[0]]
            shelf.stock.receive(3)
            work.stock.save(shelf.stock)
            work.stock.add_movement(first)
            shelf.stock.take(3)
            work.stock.save(shelf.stock)
            work.stock.add_movement(second)
        books = await house.books()
        assert books.stock[EANS[0]].available == 0
        assert plain(books.movements) == plain([first, second])
        audit(books)

    async def test_below_zero_is_refused_by_the_base_itself(self, house: House) -> None:
        await stocked(house)
        with pytest.raises(REFUSED_BY_THE_BASE):
            async with committed(house) as work:
                shelf = (await work.stock.lock([EANS[0]]))[EANS[0]]
                shelf.stock.available = -1
                work.stock.save(shelf.stock)


class TestAReservation:
    async def test_comes_back_as_it_was_kept_field_by_field(self, house: House) -> None:
        await stocked(house)
        customer = samples.customer(house.new_id)
        order = samples.order(house.new_id, [samples.line(house.new_id)])
        kept = samples.reservation(house.new_id, customer_id=customer.id, order_id=order.id, line_id=order.lines[0].id)
        free = samples.reservation(house.new_id, place=None, digital=True)
        async with committed(house) as work:
            work.customers.add(customer)
            work.orders.add(order)
            work.reservations.add(free)
            work.reservations.add(kept)
        async with house.begin(house.dossier) as work:
            found = await work.reservations.peek([kept.id, free.id, kept.id])
        assert plain(found) == plain([kept, free])

    async def test_added_is_kept_as_it_is_at_the_commit(self, house: House) -> None:
        await stocked(house)
        kept = samples.reservation(house.new_id, quantity=3)
        async with committed(house) as work:
            work.reservations.add(kept)
            part = kept.split(1, new_id=ReservationId(house.new_id()))
            work.reservations.add(part)
            work.reservations.save(kept)
            part.end(State.COLLECTED, reason=None, now=NOW)
            work.reservations.save(part)
        async with house.begin(house.dossier) as work:
            assert plain(await work.reservations.lock([part.id, kept.id])) == plain([part, kept])

    async def test_is_refused_to_whoever_ends_an_older_version(self, house: House) -> None:
        await stocked(house)
        kept = samples.reservation(house.new_id)
        async with committed(house) as work:
            work.reservations.add(kept)
        with pytest.raises(StaleVersion):
            async with committed(house) as late:
                (seen,) = await late.reservations.peek([kept.id])
                async with committed(house) as quick:
                    (other,) = await quick.reservations.lock([kept.id])
                    other.end(State.RETURNED, reason="first", now=NOW)
                    quick.reservations.save(other)
                seen.end(State.COLLECTED, reason="second", now=NOW)
                late.reservations.save(seen)

    async def test_of_a_line_is_found_oldest_first_while_it_is_set_aside(self, house: House) -> None:
        await stocked(house)
        order = samples.order(house.new_id, [samples.line(house.new_id), samples.line(house.new_id)])
        here = {"order_id": order.id, "line_id": order.lines[0].id}
        younger = samples.reservation(house.new_id, set_aside_at=NOW + timedelta(seconds=1), **here)
        older = samples.reservation(house.new_id, **here)
        ended = samples.reservation(house.new_id, state=State.RETURNED, ended_at=NOW, **here)
        elsewhere = samples.reservation(house.new_id, order_id=order.id, line_id=order.lines[1].id)
        async with committed(house) as work:
            work.orders.add(order)
            for each in (younger, older, ended, elsewhere):
                work.reservations.add(each)
        async with house.begin(house.dossier) as work:
            assert plain(await work.reservations.kept_for([order.lines[0].id])) == plain([older, younger])
            assert await work.reservations.kept_for([]) == []

    async def test_that_has_ended_outlives_its_line(self, house: House) -> None:
        await stocked(house)
        order = samples.order(house.new_id, [samples.line(house.new_id), samples.line(house.new_id)])
        ended = samples.reservation(
            house.new_id, state=State.RETURNED, ended_at=NOW, order_id=order.id, line_id=order.lines[0].id
        )
        async with committed(house) as work:
            work.orders.add(order)
            work.reservations.add(ended)
        async with committed(house) as work:
            shorter = await work.orders.get(order.id)
            shorter.remove_line(shorter.lines[0].id, now=NOW)
            work.orders.save(shorter)
        async with house.begin(house.dossier) as work:
            (left,) = await work.reservations.peek([ended.id])
        assert (left.order_id, left.line_id, left.state) == (order.id, None, State.RETURNED)

    async def test_that_does_not_exist_is_not_found(self, house: House) -> None:
        nothing = ReservationId(house.new_id())
        async with house.begin(house.dossier) as work:
            for found in (work.reservations.peek([nothing]), work.reservations.lock([nothing])):
                with pytest.raises(NotFound):
                    await found


class TestAReception:
    async def test_comes_back_with_its_lines_in_their_order(self, house: House) -> None:
        await stocked(house)
        reception = Reception(
            id=ReceptionId(house.new_id()),
            kind=ReceptionKind.MANUAL,
            supplier_id=None,
            reference="BL 2026-4471",
            received_at=NOW,
            by="staff:1",
            lines=(
                ReceptionLine(ean=EANS[1], quantity=3, set_aside=0),
                ReceptionLine(ean=EANS[0], quantity=2, set_aside=2),
            ),
        )
        async with committed(house) as work:
            work.receptions.add(reception)
        assert await house.receptions() == [reception]


class TestAnApiKey:
    async def test_comes_back_as_it_was_kept_and_is_revoked_once(self, house: House) -> None:
        async with committed(house) as work:
            key = ApiKey(
                id=house.new_id(),
                digest=b"\x00\xfe",
                label="Clé é",
                scopes=("orders:*", "articles:read"),
                channel_id=await work.api_keys.channel(CHANNEL),
                created_at=NOW,
            )
            work.api_keys.add(key)
        assert plain(await house.api_keys()) == plain([key])
        for at in (NOW, NOW + timedelta(days=1)):
            async with committed(house) as work:
                await work.api_keys.revoke(key.id, at)
        key.revoked_at = NOW
        assert plain(await house.api_keys()) == plain([key])

    async def test_that_does_not_exist_is_not_found(self, house: House) -> None:
        async with house.begin(house.dossier) as work:
            with pytest.raises(NotFound):
                await work.api_keys.revoke(house.new_id(), NOW)
            with pytest.raises(UnknownChannel):
                await work.api_keys.channel("autre")


class TestAnEvent:
    async def test_comes_back_as_it_was_told(self, house: House) -> None:
        event = samples.event(house.new_id, house.new_id())
        async with committed(house) as work:
            work.emit(event)
        assert (await house.books()).events == [event]


class TestLeavingWithoutACommit:
    async def test_leaves_nothing_behind(self, house: House) -> None:
        await stocked(house, copies=5)
        order = await taken(house, samples.order(house.new_id, [samples.line(house.new_id)]))
        before = plain_books(await house.books())
        async with house.begin(house.dossier) as work:
            await work.claim(samples.once())
            await work.articles.put(samples.article(title="Never"))
            (locked,) = await work.orders.lock([order.id])
            locked.annotate(customer_reference="never", comment=None, now=NOW)
            work.orders.save(locked)
            work.orders.add(samples.order(house.new_id, [samples.line(house.new_id)], number=2))
            work.customers.add(samples.customer(house.new_id))
            work.reservations.add(samples.reservation(house.new_id))
            work.emit(samples.event(house.new_id, order.id))
            work.keep(samples.once(), Told(status=200, body=b"never"))
        assert plain_books(await house.books()) == before
        async with house.begin(house.dossier) as work:
            assert (await work.articles.many([EANS[0]]))[EANS[0]].title == samples.article().title
            assert await work.claim(samples.once()) is None

    async def test_leaves_nothing_behind_where_the_article_was_all_there_was(self, house: House) -> None:
        async with house.begin(house.dossier) as work:
            assert await work.articles.put(samples.article())
        async with house.begin(house.dossier) as work:
            assert await work.articles.many([EANS[0]]) == {}

    async def test_leaves_nothing_behind_when_a_fault_is_the_reason(self, house: House) -> None:
        await stocked(house)
        with pytest.raises(RuntimeError, match="a fault"):
            async with house.begin(house.dossier) as work:
                await work.stock.lock([EANS[0]])
                work.orders.add(samples.order(house.new_id, [samples.line(house.new_id)]))
                raise RuntimeError("a fault")
        assert (await house.books()).orders == {}


def plain_books(books: object) -> object:
    return repr(plain(books))


class TestAClaim:
    async def test_is_told_again_what_was_told(self, house: House) -> None:
        told = Told(status=201, body=b"\x00\xff{}", headers=(("etag", '"1"'), ("location", "/v1/é")))
        async with committed(house) as work:
            assert await work.claim(samples.once()) is None
            work.keep(samples.once(), told)
        async with house.begin(house.dossier) as work:
            again = await work.claim(samples.once())
        assert again == Told(status=201, body=told.body, headers=told.headers, replayed=True)

    async def test_of_another_request_with_the_same_key_is_refused(self, house: House) -> None:
        async with committed(house) as work:
            await work.claim(samples.once())
            work.keep(samples.once(), Told(status=200, body=b""))
        async with house.begin(house.dossier) as work:
            with pytest.raises(KeyReused):
                await work.claim(samples.once(fingerprint=b"other"))

    async def test_of_another_client_with_the_same_key_is_its_own(self, house: House) -> None:
        async with committed(house) as work:
            await work.claim(samples.once())
            work.keep(samples.once(), Told(status=200, body=b""))
            assert await work.claim(samples.once(client="staff:2")) is None
        async with house.begin(house.neighbour) as work:
            assert await work.claim(samples.once()) is None

    async def test_of_a_refused_request_is_not_kept(self, house: House) -> None:
        async with house.begin(house.dossier) as work:
            assert await work.claim(samples.once()) is None
        async with house.begin(house.dossier) as work:
            assert await work.claim(samples.once(fingerprint=b"other")) is None

    async def test_of_a_twin_hears_at_once_that_the_first_is_running(self, house: House) -> None:
        async with asyncio.timeout(5), house.begin(house.dossier) as first:
            assert await first.claim(samples.once()) is None
            async with house.begin(house.dossier) as twin:
                with pytest.raises(AnswerPending):
                    await twin.claim(samples.once())
            assert await house.blocked() == 0
            first.keep(samples.once(), Told(status=200, body=b"first"))
            await first.commit()
        async with house.begin(house.dossier) as twin:
            told = await twin.claim(samples.once())
        assert told == Told(status=200, body=b"first", replayed=True)

    async def test_of_many_answers_each_on_its_own(self, house: House) -> None:
        async with committed(house) as work:
            for key in ("told", "reused"):
                await work.claim(samples.once(key))
                work.keep(samples.once(key), Told(status=200, body=key.encode()))
        async with house.begin(house.dossier) as running, house.begin(house.dossier) as work:
            await running.claim(samples.once("running"))
            asked = [
                samples.once("fresh"),
                samples.once("told"),
                samples.once("running"),
                samples.once("reused", fingerprint=b"other"),
                samples.once("fresh"),
            ]
            fresh, told, pending, reused, same = await work.claim_many(asked)
        assert (fresh, same) == (None, None)
        assert told == Told(status=200, body=b"told", replayed=True)
        assert isinstance(pending, AnswerPending)
        assert isinstance(reused, KeyReused)


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
            locked.end(State.RETURNED, reason=None, now=NOW)
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
