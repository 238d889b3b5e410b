"""The unit of work itself: one suite on the fake and on PostgreSQL."""

import asyncio

import pytest

from domain.errors import AnswerPending, KeyReused
from domain.ports.answers import Told
from tests.contracts import samples
from tests.contracts.house import House
from tests.contracts.samples import EANS, NOW, committed, plain, stocked, taken


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
