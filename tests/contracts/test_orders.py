"""Orders and their queues: one suite on the fake and on PostgreSQL."""

import asyncio
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.errors import NotFound, StaleVersion, TryAgain, UnknownChannel
from domain.model.values import Contact, Ean, OrderId
from domain.ports.answers import Told
from tests.contracts import samples
from tests.contracts.house import CHANNEL, REFUSED_BY_THE_BASE, House
from tests.contracts.samples import EANS, NOW, committed, loaded, plain, stocked, taken


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
