"""Articles, stock, reservations and receptions: one suite on the fake and on PostgreSQL."""

from datetime import timedelta

import pytest

from domain.errors import NotFound, StaleVersion
from domain.model.reception import Reception, ReceptionKind, ReceptionLine
from domain.model.reservation import EndCause, State
from domain.model.values import Ean, ReceptionId, ReservationId
from tests.contracts import samples
from tests.contracts.books import audit
from tests.contracts.house import REFUSED_BY_THE_BASE, House
from tests.contracts.samples import EANS, NOW, committed, plain, stocked, taken


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
            part.end(State.COLLECTED, reason=None, now=NOW, today=NOW.date(), by="test")
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
                    other.end(State.RETURNED, reason="first", now=NOW, today=NOW.date(), by="test")
                    quick.reservations.save(other)
                seen.end(State.COLLECTED, reason="second", now=NOW, today=NOW.date(), by="test")
                late.reservations.save(seen)

    async def test_of_a_line_is_found_oldest_first_while_it_is_set_aside(self, house: House) -> None:
        await stocked(house)
        order = samples.order(house.new_id, [samples.line(house.new_id), samples.line(house.new_id)])
        here = {"order_id": order.id, "line_id": order.lines[0].id}
        younger = samples.reservation(house.new_id, set_aside_at=NOW + timedelta(seconds=1), **here)
        older = samples.reservation(house.new_id, **here)
        ended = samples.reservation(
            house.new_id, state=State.RETURNED, ended_at=NOW, end_cause=EndCause.EXPIRED, **here
        )
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
            house.new_id,
            state=State.RETURNED,
            ended_at=NOW,
            end_cause=EndCause.EXPIRED,
            order_id=order.id,
            line_id=order.lines[0].id,
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
