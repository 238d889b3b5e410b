"""The shop's answers, categories, tariffs, saved lists and shelves: one suite on the fake and on PostgreSQL."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import CategoryInUse, CodeTaken, NotFound, StaleVersion
from domain.model.answers import Effect, KnownAnswer
from domain.model.card import DiscountDetails, DiscountRule, DiscountScope
from domain.model.category import Category, Level
from domain.model.saved_list import SavedLine, SavedList
from domain.model.supply import SupplierLine, SupplierOrder
from domain.model.third_party import ThirdPartyType
from domain.model.values import (
    DiscountId,
    SavedListId,
    SupplierLineId,
    SupplierOrderId,
    ThirdPartyId,
)
from tests.contracts.cards import customer, third_party
from tests.contracts.house import House
from tests.contracts.samples import EANS, NOW, article, committed, plain, stocked


def answer(code: str = "10", **more: Any) -> KnownAnswer:
    given = {"label": "Hors commerce", "label_en": None, "effect": Effect.CLOSE, "position": 10, "active": True}
    return KnownAnswer(code=code, updated_at=NOW, **{**given, **more})


def node(code: str, level: Level, parent: str | None = None) -> Category:
    return Category(code=code, label=f"Nœud {code}", level=level, parent=parent, updated_at=NOW)


async def planted(house: House) -> None:
    """A tree of one branch."""
    async with committed(house) as work:
        work.categories.add(node("LIB", Level.SHOP))
    async with committed(house) as work:
        work.categories.add(node("JEU", Level.SECTOR, "LIB"))
    async with committed(house) as work:
        work.categories.add(node("ALB", Level.CATEGORY, "JEU"))


def rule(**more: Any) -> DiscountDetails:
    return DiscountDetails(**{"scope": DiscountScope.ALL, "percent": Decimal("5.00"), **more})


class TestTheTableOfAnswers:
    async def test_starts_with_the_codes_of_the_trade(self, house: House) -> None:
        async with house.begin(house.dossier) as work:
            known = await work.answers.known()
        assert sorted(known) == [str(code) for code in range(1, 10)]
        effects = {code: each.effect for code, each in known.items() if each.effect is not Effect.WAIT}
        assert effects == {
            "5": Effect.REORDER,
            "6": Effect.CLOSE,
            "7": Effect.ASK,
            "8": Effect.MOVE,
            "9": Effect.CLOSE,
        }

    async def test_keeps_an_answer_field_by_field(self, house: House) -> None:
        made = answer(label_en="Not for sale", effect=Effect.ASK, position=3, active=False)
        async with committed(house) as work:
            work.answers.add(made)
        async with committed(house) as work:
            there = (await work.answers.known())["10"]
            assert plain(there) == plain(made)
            there.label, there.effect, there.version = "Autre", Effect.WAIT, 2
            there.updated_at = NOW + timedelta(days=1)
            work.answers.save(there)
        async with house.begin(house.dossier) as work:
            assert plain((await work.answers.known())["10"]) == plain(there)
        async with house.begin(house.neighbour) as work:
            assert "10" not in await work.answers.known()

    async def test_has_a_code_once(self, house: House) -> None:
        with pytest.raises(CodeTaken):
            async with committed(house) as work:
                work.answers.add(answer("6"))

    @pytest.mark.parametrize("how", ["save", "remove"])
    async def test_is_changed_by_whoever_read_it_last(self, house: House, how: str) -> None:
        with pytest.raises(StaleVersion):
            async with committed(house) as slow:
                mine = (await slow.answers.known())["6"]
                async with committed(house) as quick:
                    other = (await quick.answers.known())["6"]
                    other.version += 1
                    quick.answers.save(other)
                mine.version += 1
                getattr(slow.answers, how)(mine)
        async with house.begin(house.dossier) as work:
            assert (await work.answers.known())["6"].version == 2

    async def test_loses_what_is_removed(self, house: House) -> None:
        async with committed(house) as work:
            work.answers.remove((await work.answers.known())["6"])
        async with house.begin(house.dossier) as work:
            assert "6" not in await work.answers.known()


@pytest.mark.row("A31")
class TestTheTree:
    async def test_keeps_its_nodes_field_by_field_and_knows_their_ancestors(self, house: House) -> None:
        await planted(house)
        async with house.begin(house.dossier) as work:
            tree = await work.categories.all()
            assert plain(tree["ALB"]) == plain(node("ALB", Level.CATEGORY, "JEU"))
            assert await work.categories.ancestry(["ALB", "LIB", "XXX"]) == {
                "ALB": ("ALB", "JEU", "LIB"),
                "LIB": ("LIB",),
            }
            assert await work.categories.ancestry([]) == {}
        async with house.begin(house.neighbour) as work:
            assert await work.categories.all() == {}

    async def test_has_a_code_once(self, house: House) -> None:
        await planted(house)
        with pytest.raises(CodeTaken):
            async with committed(house) as work:
                work.categories.add(node("ALB", Level.SHOP))

    async def test_is_changed_by_one_at_a_time(self, house: House) -> None:
        await planted(house)

        async def second() -> None:
            async with committed(house) as late:
                await late.categories.all()

        async with committed(house) as early:
            tree = await early.categories.all()
            waiting = asyncio.create_task(second())
            async with asyncio.timeout(20):
                while not await house.blocked():
                    assert not waiting.done(), "it did not wait"
                    await asyncio.sleep(0)
            tree["ALB"].version += 1
            early.categories.save(tree["ALB"])
        await waiting

    @pytest.mark.parametrize("named_by", ["article", "tariff", "node"])
    async def test_does_not_lose_a_node_that_is_named(self, house: House, named_by: str) -> None:
        await planted(house)
        gone = "JEU" if named_by == "node" else "ALB"
        async with committed(house) as work:
            if named_by == "article":
                shelved = article()
                shelved.category = "ALB"
                await work.articles.put(shelved)
            if named_by == "tariff":
                await work.tariffs.replace("LYC", [rule(scope=DiscountScope.CATEGORY, category="ALB")])
        with pytest.raises(CategoryInUse):
            async with committed(house) as work:
                work.categories.remove((await work.categories.all())[gone])
        async with house.begin(house.dossier) as work:
            assert gone in await work.categories.all()

    async def test_loses_a_node_that_nothing_names(self, house: House) -> None:
        await planted(house)
        async with committed(house) as work:
            work.categories.remove((await work.categories.all())["ALB"])
        async with house.begin(house.dossier) as work:
            assert set(await work.categories.all()) == {"LIB", "JEU"}

    async def test_tells_whether_a_customer_has_a_discount_on_a_node(self, house: House) -> None:
        await planted(house)
        owner = await customer(house)
        async with committed(house) as work:
            work.discounts.add(
                DiscountRule(
                    id=DiscountId(house.new_id()),
                    customer_id=owner,
                    details=rule(scope=DiscountScope.CATEGORY, category="ALB"),
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
        async with house.begin(house.dossier) as work:
            assert await work.categories.discounted("ALB")
            assert not await work.categories.discounted("JEU")
        async with house.begin(house.neighbour) as work:
            assert not await work.categories.discounted("ALB")


class TestATariff:
    async def test_is_what_was_written_last_in_its_order(self, house: House) -> None:
        await planted(house)
        first = [
            rule(scope=DiscountScope.VAT_RATE, vat_rate=Decimal("20.00"), percent=Decimal("9.00")),
            rule(
                scope=DiscountScope.CATEGORY,
                category="ALB",
                percent=Decimal("7.50"),
                starts_on=date(2026, 1, 1),
                ends_on=date(2027, 1, 1),
                basis="Délibération 12",
            ),
            rule(scope=DiscountScope.SCHOOL_BOOKS),
        ]
        for rules in (first, [*reversed(first)], [first[1]]):
            async with committed(house) as work:
                await work.tariffs.replace("LYC", rules)
            async with house.begin(house.dossier) as work:
                assert await work.tariffs.rules("LYC") == rules
                assert await work.tariffs.rules("AUTRE") == []
        async with house.begin(house.neighbour) as work:
            assert await work.tariffs.rules("LYC") == []


class TestASavedList:
    def saved(self, house: House, *lines: SavedLine) -> SavedList:
        return SavedList(id=SavedListId(house.new_id()), name="Rentrée 6ᵉ", lines=lines, created_at=NOW, updated_at=NOW)

    async def test_is_kept_changed_and_removed(self, house: House) -> None:
        await stocked(house)
        made = self.saved(house, SavedLine(ean=EANS[1], quantity=30), SavedLine(ean=EANS[0], quantity=2))
        async with committed(house) as work:
            work.saved_lists.add(made)
        async with committed(house) as work:
            there = await work.saved_lists.get(made.id)
            assert plain(there) == plain(made)
            there.name, there.lines = "Autre", (SavedLine(ean=EANS[0], quantity=5), SavedLine(ean=EANS[0], quantity=1))
            there.version, there.updated_at = 2, NOW + timedelta(hours=1)
            work.saved_lists.save(there)
        async with house.begin(house.dossier) as work:
            assert plain(await work.saved_lists.get(made.id)) == plain(there)
        async with house.begin(house.neighbour) as work:
            with pytest.raises(NotFound):
                await work.saved_lists.get(made.id)
        async with committed(house) as work:
            work.saved_lists.remove(await work.saved_lists.get(made.id))
        async with house.begin(house.dossier) as work:
            with pytest.raises(NotFound):
                await work.saved_lists.get(made.id)


class TestAnArticleOnItsShelf:
    @pytest.mark.row("A16")
    async def test_is_told_with_its_category_its_supplier_and_what_is_to_come(self, house: House) -> None:
        await planted(house)
        await stocked(house)
        supplier = third_party(house, type=ThirdPartyType.SUPPLIER)
        async with committed(house) as work:
            work.third_parties.add(supplier)
        async with committed(house) as work:
            shelved = article()
            shelved.category, shelved.supplier_id = "ALB", supplier.id
            await work.articles.put(shelved)
            for number, (sent, received) in enumerate([(True, 0), (True, 2), (False, 0)], start=1):
                work.supplier_orders.add(bought(house, supplier.id, number=number, sent=sent, received=received))
        async with house.begin(house.dossier) as work:
            shelves = await work.stock.lock(EANS[:2])
        told = shelves[EANS[0]]
        assert told.category_path == ("Nœud LIB", "Nœud JEU", "Nœud ALB")
        assert (told.supplier_name, told.on_order) == (supplier.details.name, 5 + 3)
        other = shelves[EANS[1]]
        assert (other.category_path, other.supplier_name, other.on_order) == ((), None, 0)


def bought(house: House, supplier_id: ThirdPartyId, *, number: int, sent: bool, received: int) -> SupplierOrder:
    line = SupplierLine(
        id=SupplierLineId(house.new_id()), position=1, ean=EANS[0], title="X", ordered=5, received=received
    )
    return SupplierOrder(
        id=SupplierOrderId(house.new_id()),
        number=number,
        supplier_id=supplier_id,
        supplier_name="Distributeur",
        reference=None,
        comment=None,
        created_at=NOW,
        updated_at=NOW,
        lines=[line],
        validated_at=NOW if sent else None,
    )
