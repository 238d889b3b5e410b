"""``SupplierOrders`` and the supply part of ``Receptions``: one suite on the fake and on PostgreSQL."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.errors import NotFound
from domain.model.answers import Answer, AnswerSource, Effect
from domain.model.order import CustomerOrder
from domain.model.supply import SupplierLine, SupplierOrder, SupplyLink
from domain.model.values import LineId, SupplierLineId, SupplierOrderId, ThirdPartyId
from tests.contracts import samples
from tests.contracts.house import REFUSED_BY_THE_BASE, House
from tests.contracts.samples import EANS, NOW, committed, plain, stocked
from tests.usecases.desk import Desk


class Store:
    """A shop with one supplier, and its customer orders and supplier orders, written straight through the ports."""

    def __init__(self, house: House, supplier: ThirdPartyId) -> None:
        self.house, self.supplier = house, supplier

    async def order(self, *ordered: int, number: int, minutes: int = 0) -> CustomerOrder:
        lines = [
            samples.line(self.house.new_id, ean=ean, ordered=copies) for ean, copies in zip(EANS, ordered, strict=False)
        ]
        made = samples.order(
            self.house.new_id,
            lines,
            number=number,
            created_at=NOW + timedelta(minutes=minutes),
            name=f"Client {number}",
        )
        async with committed(self.house) as work:
            work.orders.add(made)
        return made

    def line(self, ean_at: int, ordered: int, *links: tuple[CustomerOrder, int], **more: Any) -> SupplierLine:
        return SupplierLine(
            id=SupplierLineId(self.house.new_id()),
            position=1 + ean_at,
            ean=EANS[ean_at],
            title="Le bouton de la sorcière",
            ordered=ordered,
            links=[
                SupplyLink(
                    order_id=order.id,
                    line_id=order.lines[ean_at].id,
                    quantity=copies,
                    order_number=order.number,
                    name=order.contact.name,
                )
                for order, copies in links
            ],
            **more,
        )

    async def supply(self, *lines: SupplierLine, minutes: int = 0, **more: Any) -> SupplierOrder:
        async with committed(self.house) as work:
            made = SupplierOrder(
                id=SupplierOrderId(self.house.new_id()),
                number=await work.supplier_orders.next_number(),
                supplier_id=more.pop("supplier_id", self.supplier),
                supplier_name="SODIS",
                reference="CF n°1",
                comment='Mardi\n"tôt"',
                created_at=NOW + timedelta(minutes=minutes),
                updated_at=NOW,
                lines=list(lines),
                **more,
            )
            work.supplier_orders.add(made)
        return made

    async def read(self, supply_id: SupplierOrderId) -> SupplierOrder:
        async with self.house.begin(self.house.dossier) as work:
            (found,) = await work.supplier_orders.lock([supply_id])
            return found


@pytest.fixture
async def store(house: House) -> Store:
    await stocked(house)
    return Store(house, await Desk(house).supplier())


class TestASupplierOrder:
    async def test_is_read_as_it_was_written(self, store: Store) -> None:
        order = await store.order(5, 2, number=1)
        said = Answer(
            code="7", label="Manque", source=AnswerSource.DISTRIBUTOR, at=NOW, effect=Effect.ASK, new_ean=EANS[2]
        )
        lines = [store.line(0, 5, (order, 3), received=1, cancelled=1, answer=said), store.line(1, 2, (order, 1))]
        lines[0].links[0].received = 1
        made = await store.supply(
            *lines, validated_at=NOW, cancelled_at=NOW + timedelta(1), cancel_reason="été", version=4
        )
        assert plain(await store.read(made.id)) == plain(made)

    async def test_is_changed_line_by_line_and_link_by_link(self, store: Store) -> None:
        first, second = await store.order(3, 1, number=1), await store.order(2, number=2)
        made = await store.supply(store.line(0, 5, (first, 3), (second, 2)), store.line(1, 1, (first, 1)))
        async with committed(store.house) as work:
            (supply,) = await work.supplier_orders.lock([made.id])
            supply.untie(supply.lines[0], second.lines[0].id, 2, now=NOW)
            supply.untie(supply.lines[0], first.lines[0].id, 1, now=NOW)
            supply.remove(supply.lines[1].id, now=NOW)
            supply.ask(store.line(2, 4), now=NOW)
            work.supplier_orders.save(supply)
        after = await store.read(made.id)
        assert [(line.ean, line.ordered) for line in after.lines] == [(EANS[0], 2), (EANS[2], 4)]
        assert [(link.line_id, link.quantity) for link in after.lines[0].links] == [(first.lines[0].id, 2)]
        assert after.version == made.version + 4

    async def test_lists_whom_it_is_for_in_the_order_of_the_queue(self, store: Store) -> None:
        late, early = await store.order(1, number=1, minutes=5), await store.order(1, number=2)
        made = await store.supply(store.line(0, 2, (late, 1), (early, 1)))
        links = (await store.read(made.id)).lines[0].links
        assert [(link.order_number, link.name) for link in links] == [(2, "Client 2"), (1, "Client 1")]

    async def test_that_is_not_there_is_not_found(self, store: Store) -> None:
        with pytest.raises(NotFound):
            await store.read(SupplierOrderId(store.house.new_id()))

    async def test_numbers_rise(self, store: Store) -> None:
        numbers = [(await store.supply(store.line(0, 1))).number for _ in range(3)]
        assert numbers == sorted(set(numbers))

    @pytest.mark.parametrize("wrong", [{"ordered": 0}, {"received": -1}, {"cancelled": -1}])
    async def test_cannot_hold_impossible_quantities(self, store: Store, wrong: dict[str, int]) -> None:
        line = store.line(0, 1)
        for name, value in wrong.items():
            setattr(line, name, value)
        with pytest.raises(REFUSED_BY_THE_BASE):
            await store.supply(line)

    async def test_cannot_have_a_link_of_nothing(self, store: Store) -> None:
        order = await store.order(1, number=1)
        with pytest.raises(REFUSED_BY_THE_BASE):
            await store.supply(store.line(0, 1, (order, 0)))

    async def test_loses_its_links_with_the_line_that_they_were_for(self, store: Store) -> None:
        order = await store.order(1, 1, number=1)
        made = await store.supply(store.line(0, 1, (order, 1)), validated_at=NOW)
        async with committed(store.house) as work:
            (taken,) = await work.orders.lock([order.id])
            taken.remove_line(taken.lines[0].id, now=NOW)
            work.orders.save(taken)
        assert (await store.read(made.id)).lines[0].links == []


class TestFinding:
    async def test_the_newest_draft_of_each_supplier(self, store: Store) -> None:
        other = await Desk(store.house).supplier("HACHETTE")
        await store.supply(store.line(0, 1), minutes=1)
        newest = await store.supply(store.line(0, 1), minutes=2)
        await store.supply(store.line(0, 1), minutes=3, validated_at=NOW)
        theirs = await store.supply(store.line(0, 1), supplier_id=other)
        async with store.house.begin(store.house.dossier) as work:
            found = await work.supplier_orders.drafts([store.supplier, other])
        assert {key: draft.id for key, draft in found.items()} == {store.supplier: newest.id, other: theirs.id}

    async def test_what_is_to_come_for_lines_newest_first(self, store: Store) -> None:
        order = await store.order(9, number=1)
        line = order.lines[0].id
        old = await store.supply(store.line(0, 2, (order, 2)), minutes=1)
        new = await store.supply(store.line(0, 2, (order, 2)), minutes=2, validated_at=NOW)
        whole = store.line(0, 2, (order, 2), received=2)
        whole.links[0].received = 2
        await store.supply(whole, minutes=3, validated_at=NOW)
        await store.supply(store.line(0, 2), minutes=4)
        async with store.house.begin(store.house.dossier) as work:
            assert [each.id for each in await work.supplier_orders.for_lines([line])] == [new.id, old.id]
            assert await work.supplier_orders.for_lines([LineId(store.house.new_id())]) == []

    async def test_what_was_sent_and_waits_for_an_article_oldest_first(self, store: Store) -> None:
        new = await store.supply(store.line(0, 2), minutes=9, validated_at=NOW)
        old = await store.supply(store.line(0, 2), minutes=1, validated_at=NOW)
        await store.supply(store.line(0, 2), minutes=2)
        await store.supply(store.line(0, 2, received=2), minutes=3, validated_at=NOW)
        await store.supply(store.line(1, 2), minutes=4, validated_at=NOW)
        async with store.house.begin(store.house.dossier) as work:
            found = await work.supplier_orders.expecting([EANS[0]], only=None)
            assert [each.id for each in found] == [old.id, new.id]
            assert [each.id for each in await work.supplier_orders.expecting([EANS[0]], only=new.id)] == [new.id]

    async def test_whom_copies_are_meant_for(self, store: Store) -> None:
        first, second, third = [await store.order(2, 2, number=n) for n in (1, 2, 3)]
        draft = await store.supply(store.line(0, 2, (first, 2)))
        await store.supply(store.line(0, 2, (second, 2)), validated_at=NOW)
        await store.supply(store.line(1, 2, (third, 2)), validated_at=NOW)
        async with store.house.begin(store.house.dossier) as work:
            asks = work.supplier_orders.meant_for
            assert await asks(of=[draft.id]) == {first.id}
            assert await asks(eans=[EANS[0]]) == {second.id}
            assert await asks(of=[draft.id], eans=EANS[:2]) == {first.id, second.id, third.id}

    async def test_the_articles_of_its_lines(self, store: Store) -> None:
        made = await store.supply(store.line(0, 1), store.line(1, 1))
        other = await store.supply(store.line(2, 1))
        async with store.house.begin(store.house.dossier) as work:
            asks = work.supplier_orders.articles_of
            assert await asks(made.id, [made.lines[1].id, other.lines[0].id]) == {EANS[1]}
            assert await asks(SupplierOrderId(store.house.new_id()), [made.lines[0].id]) == set()

    async def test_nothing_of_the_neighbour(self, store: Store) -> None:
        order = await store.order(1, number=1)
        made = await store.supply(store.line(0, 1, (order, 1)), validated_at=NOW)
        async with store.house.begin(store.house.neighbour) as work:
            assert await work.supplier_orders.drafts([store.supplier]) == {}
            assert await work.supplier_orders.for_lines([order.lines[0].id]) == []
            assert await work.supplier_orders.expecting(EANS, only=None) == []
            assert await work.supplier_orders.meant_for(of=[made.id], eans=EANS) == set()
            with pytest.raises(NotFound):
                await work.supplier_orders.lock([made.id])


class TestALock:
    async def test_lets_another_change_wait_and_see_the_first(self, store: Store) -> None:
        made = await store.supply(store.line(0, 5))
        held, go_on = asyncio.Event(), asyncio.Event()

        async def first() -> None:
            async with committed(store.house) as work:
                (supply,) = await work.supplier_orders.lock([made.id])
                held.set()
                await go_on.wait()
                supply.change(supply.lines[0].id, ordered=7, now=NOW)
                work.supplier_orders.save(supply)

        async def second() -> int:
            await held.wait()
            async with committed(store.house) as work:
                (supply,) = await work.supplier_orders.lock([made.id])
                seen = supply.lines[0].ordered
                supply.change(supply.lines[0].id, ordered=seen + 1, now=NOW)
                work.supplier_orders.save(supply)
                return seen

        both = asyncio.gather(first(), second())
        async with asyncio.timeout(20):
            while not await store.house.blocked():  # noqa: ASYNC110 - the base tells nobody who waits
                await asyncio.sleep(0.01)
        go_on.set()
        assert (await both)[1] == 7
        assert (await store.read(made.id)).lines[0].ordered == 8
