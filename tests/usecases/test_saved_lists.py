"""Saved lists and the orders made of them (A1)."""

import asyncio

import pytest

from domain.errors import Invalid, NotFound, StaleVersion
from domain.model.order import Origin
from domain.model.saved_list import SavedLine
from domain.model.values import Ean
from domain.queries.saved_lists import SavedListView
from domain.usecases.orders import NewOrder
from domain.usecases.saved_lists import SavedLists
from tests.contracts.samples import EANS
from tests.usecases.shop import NAME, Shop

UNKNOWN = Ean("9780000000002")


def lines(*wanted: tuple[Ean, int]) -> list[SavedLine]:
    return [SavedLine(ean=ean, quantity=quantity) for ean, quantity in wanted]


class Lists:
    """A counter with its saved lists."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.saved = SavedLists(shop.around)

    async def create(self, *wanted: tuple[Ean, int], name: str = "Rentrée") -> SavedListView:
        told = await self.saved.create(by=self.shop.staff, name=name, lines=lines(*wanted), once=self.shop.once())
        view: SavedListView = self.shop.heard.results[told.body]
        return view

    async def change(self, seen: SavedListView, *wanted: tuple[Ean, int], name: str = "Rentrée") -> SavedListView:
        return await self.saved.change(
            by=self.shop.staff, list_id=seen.id, version=seen.version, name=name, lines=lines(*wanted)
        )


@pytest.fixture
def lists(shop: Shop) -> Lists:
    return Lists(shop)


class TestASavedList:
    @pytest.mark.row("A1")
    async def test_becomes_an_order_of_all_its_lines(self, lists: Lists) -> None:
        saved = await lists.create((EANS[0], 2), (EANS[1], 1))
        told = await lists.shop.orders.create(
            by=lists.shop.staff, order=NewOrder(contact=NAME), once=lists.shop.once(), of_list=saved.id
        )
        order = lists.shop.heard.results[told.body]
        assert order.origin is Origin.SAVED_LIST
        assert [(line.ean, line.ordered) for line in order.lines] == [(EANS[0], 2), (EANS[1], 1)]
        assert (await lists.change(saved, (EANS[0], 2), (EANS[1], 1))).version == 1

    async def test_knows_its_articles_and_no_others(self, lists: Lists) -> None:
        with pytest.raises(Invalid) as refusal:
            await lists.create((EANS[0], 1), (UNKNOWN, 1))
        assert [fault.pointer for fault in refusal.value.faults] == ["/lines/1/ean"]

    async def test_is_changed_and_removed_by_who_saw_it_last(self, lists: Lists) -> None:
        saved = await lists.create((EANS[0], 1))
        changed = await lists.change(saved, (EANS[1], 3), name="Noël")
        assert (changed.name, changed.version, changed.lines[0].quantity) == ("Noël", 2, 3)
        with pytest.raises(StaleVersion):
            await lists.change(saved, (EANS[0], 2))
        with pytest.raises(StaleVersion):
            await lists.saved.remove(by=lists.shop.staff, list_id=saved.id, version=1)
        await lists.saved.remove(by=lists.shop.staff, list_id=saved.id, version=2)
        with pytest.raises(NotFound):
            await lists.change(changed, (EANS[0], 2))

    async def test_changed_by_two_at_once_is_changed_by_one(self, lists: Lists) -> None:
        saved = await lists.create((EANS[0], 1))
        results = await asyncio.gather(
            *(lists.change(saved, (EANS[0], copies)) for copies in (2, 3, 4)), return_exceptions=True
        )
        assert sorted(type(each).__name__ for each in results) == ["SavedListView", "StaleVersion", "StaleVersion"]
