"""Batches of purchases: each line is judged alone, none is lost in silence, sent again they change nothing (A68, A62)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.model.article import ArticleKind
from domain.model.booklaw import Buyer
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.values import CustomerId, Ean
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.contracts.samples import EANS
from tests.support.database import MakeDatabase
from tests.usecases.loyalty_till import THREE, Till

UNKNOWN = Ean("9782070612758")


@pytest.fixture(params=["fake", "postgres"])
async def till(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Till]:
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        till = Till(house)
        await till.catalogue(EANS)
        await till.decide(loyalty=(THREE,))
        yield till


async def bought(till: Till) -> list[Purchase]:
    return sorted((await till.house.books()).purchases, key=lambda each: each.id)


@pytest.mark.row("A68")
class TestABatch:
    async def test_is_written_once_however_often_it_is_sent(self, till: Till) -> None:
        card = await till.reader()
        lines = [till.sale(card), till.sale(card, 2)]
        first = await till.record(*lines)
        assert [each.outcome for each in first] == ["created", "created"]
        again = await till.record(*lines)
        assert [each.outcome for each in again] == ["known", "known"]
        assert [each.purchase_id for each in again] == [each.purchase_id for each in first]
        assert [each.purchase_id for each in first] == [each.id for each in await bought(till)]
        assert (await till.stands(card.id)).purchases == 2

    async def test_tells_the_same_under_its_key(self, till: Till) -> None:
        card = await till.reader()
        line = till.sale(card)
        first = await till.record(line, key="one")
        assert await till.record(line, key="one") is first
        assert len(await bought(till)) == 1

    async def test_keeps_what_the_article_was(self, till: Till) -> None:
        card = await till.card("MAIRIE", collectivity=True)
        await till.record(
            till.sale(card, 3, amount=Decimal("27.30"), document="F-12", shipped=True),
            till.sale(
                card, ean=UNKNOWN, title="Rien", author="Été", list_price=Decimal("12.00"), vat_rate=Decimal("20.00")
            ),
        )
        known, unknown = await bought(till)
        assert (known.title, known.author, known.list_price, known.vat_rate) == (
            f"Livre {known.ean}",
            "X",
            Decimal("10.00"),
            Decimal("5.50"),
        )
        assert (known.net, known.document, known.shipped, known.buyer) == (
            Decimal("25.88"),
            "F-12",
            True,
            Buyer.PUBLIC_BODY,
        )
        assert (unknown.title, unknown.author, unknown.list_price, unknown.net) == (
            "Rien",
            "Été",
            Decimal("12.00"),
            Decimal("8.33"),
        )
        assert (unknown.kind, unknown.customer_id, unknown.source) == (ArticleKind.BOOK, card.id, PurchaseSource.TILL)

    @pytest.mark.parametrize(
        ("change", "code", "pointer"),
        [
            ({"customer_id": CustomerId(UUID(int=7))}, "unknown-customer", "/customer_id"),
            ({"customer_id": None, "customer_code": "NOBODY"}, "unknown-customer", "/customer_code"),
            ({"customer_id": None, "fidelity_number": "999"}, "unknown-customer", "/fidelity_number"),
            ({"customer_id": None}, "inconsistent", ""),
            ({"customer_code": "C0000001"}, "inconsistent", ""),
            ({"quantity": 0}, "inconsistent", "/quantity"),
            ({"amount": Decimal("-1.00")}, "inconsistent", "/amount"),
            ({"undoes": "L0"}, "inconsistent", "/quantity"),
            ({"quantity": -1, "amount": Decimal("-10.00"), "undoes": "L0"}, "unknown-purchase", "/undoes"),
            ({"ean": UNKNOWN}, "unknown-article", "/ean"),
            ({"ean": UNKNOWN, "title": "Rien", "vat_rate": Decimal("5.50")}, "unknown-article", "/ean"),
        ],
    )
    async def test_refuses_a_line_and_keeps_the_others(
        self, till: Till, change: dict[str, Any], code: str, pointer: str
    ) -> None:
        card = await till.reader()
        good, other = till.sale(card), till.sale(card)
        results = await till.record(good, replace(till.sale(card), **change), other)
        assert [each.outcome for each in results] == ["created", "refused", "created"]
        problem = results[1].problem
        assert problem is not None
        assert (problem.code, problem.pointer) == (code, f"/purchases/1{pointer}")
        assert [each.reference for each in await bought(till)] == [good.reference, other.reference]

    async def test_finds_a_card_by_code_and_number_and_where_it_was_merged(self, till: Till) -> None:
        card = await till.reader(fidelity_number="F1")
        line = till.sale(card, customer_id=None, customer_code=card.code.lower())
        number = till.sale(card, customer_id=None, fidelity_number="F1")
        assert [each.outcome for each in await till.record(line, number)] == ["created", "created"]
        assert {each.customer_id for each in await bought(till)} == {card.id}

    async def test_does_not_see_a_confidential_card(self, till: Till) -> None:

        card = await till.reader(confidentiality_code="DIR")
        till.staff = till.clerk("customers:write")
        (result,) = await till.record(till.sale(card))
        assert result.problem is not None
        assert result.problem.code == "unknown-customer"

    @pytest.mark.parametrize(
        "change",
        [
            {"amount": Decimal("9.00")},
            {"quantity": 2, "amount": Decimal("10.00")},
            {"at": datetime(2026, 1, 1, tzinfo=UTC)},
            {"ean": EANS[1]},
            {"document": "T2"},
            {"shipped": True},
            {"title": "Autre"},
            {"list_price": Decimal("11.00")},
        ],
    )
    async def test_refuses_another_content_under_a_reference(self, till: Till, change: dict[str, Any]) -> None:
        card = await till.reader()
        line = await till.sells(card, ean=EANS[0])
        (result,) = await till.record(replace(line, **change))
        assert result.problem is not None
        assert (result.problem.code, result.problem.pointer) == ("reference-reused", "/purchases/0/reference")
        twice = till.sale(card)
        results = await till.record(twice, twice, replace(twice, **change))
        assert [each.outcome for each in results] == ["created", "known", "refused"]

    async def test_sent_at_the_same_moment_is_written_once(self, till: Till) -> None:
        card = await till.reader()
        lines = [till.sale(card) for _ in range(20)]
        ends = await asyncio.gather(*(till.record(*part) for part in (lines, lines[::-1], lines[5:15])))
        assert sum(each.outcome == "created" for results in ends for each in results) == 20
        assert all(each.outcome != "refused" for results in ends for each in results)
        assert (await till.stands(card.id)).purchases == 20


@pytest.mark.row("A62", "A68")
class TestWhatComesBack:
    async def test_undoes_a_purchase_part_by_part(self, till: Till) -> None:
        card = await till.reader()
        line = await till.sells(card, 3)
        assert await till.balance(card) == "1.50"
        (first,) = await till.record(till.back(card, line, 2))
        assert first.loyalty == Decimal("-1.00")
        assert (await till.stands(card.id)).purchases == 1
        results = await till.record(till.back(card, line, 2), till.back(card, line, 1), till.back(card, line, 1))
        assert [each.problem.code if each.problem else each.outcome for each in results] == [
            "too-much-undone",
            "created",
            "too-much-undone",
        ]
        stands = await till.stands(card.id)
        assert (stands.balance, stands.purchases, stands.base) == (Decimal(0), 0, Decimal(0))
        known = await bought(till)
        assert [each.undoes for each in known] == [None, known[0].id, known[0].id]

    async def test_may_stand_before_it_in_one_batch(self, till: Till) -> None:
        card = await till.reader()
        line = till.sale(card, 2)
        results = await till.record(till.back(card, line), line)
        assert [(each.outcome, each.loyalty) for each in results] == [
            ("created", Decimal("-0.50")),
            ("created", Decimal("1.00")),
        ]

    async def test_is_of_the_same_customer_and_article(self, till: Till) -> None:
        card, other = await till.reader(), await till.reader("PAUL")
        line = await till.sells(card)
        back = till.back(card, line)
        for wrong in (
            replace(back, customer_id=other.id),
            replace(back, ean=EANS[2]),
            replace(back, source=PurchaseSource.INVOICE),
        ):
            (result,) = await till.record(wrong)
            assert result.problem is not None
            code = "unknown-purchase" if wrong.source is PurchaseSource.INVOICE else "inconsistent"
            assert (result.problem.code, result.problem.pointer) == (code, "/purchases/0/undoes")
        await till.record(back)
        (result,) = await till.record(till.sale(card, -1, undoes=back.reference))
        assert result.problem is not None
        assert result.problem.code == "inconsistent"

    async def test_without_its_purchase_takes_nothing_back(self, till: Till) -> None:
        card = await till.reader()
        await till.sells(card)
        (result,) = await till.record(till.sale(card, -1))
        assert (result.outcome, result.loyalty) == ("created", Decimal("0.00"))
        assert await till.balance(card) == "0.50"

    async def test_by_two_at_the_same_moment_comes_back_once(self, till: Till) -> None:
        card = await till.reader()
        line = await till.sells(card, 2)
        ends = await asyncio.gather(*(till.record(till.back(card, line, 2)) for _ in range(3)))
        assert sorted(each.outcome for results in ends for each in results) == ["created", "refused", "refused"]
        assert (await till.stands(card.id)).purchases == 0


@pytest.mark.row("A62")
class TestTheCard:
    async def test_earns_from_the_day_it_started(self, till: Till) -> None:
        card = await till.reader(fidelity_started_on=date(2026, 3, 2))
        before, on = datetime(2026, 3, 1, 22, 59, tzinfo=UTC), datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
        results = await till.record(till.sale(card, at=before), till.sale(card, at=on))
        assert [each.loyalty for each in results] == [Decimal("0.00"), Decimal("0.50")]

    async def test_earns_nothing_when_it_is_not_active(self, till: Till) -> None:
        card = await till.reader(fidelity_active=False)
        await till.sells(card)
        assert await till.ledger(card.id) == []

    async def test_earns_by_the_law(self, till: Till) -> None:
        private, public = await till.reader(), await till.reader("MAIRIE", collectivity=True)
        results = await till.record(
            till.sale(private),
            till.sale(private, amount=Decimal("9.99")),
            till.sale(private, shipped=True),
            till.sale(public),
        )
        assert [each.loyalty for each in results] == [Decimal(each) for each in ("0.50", "0.00", "0.00", "0.00")]

    async def test_earns_nothing_without_a_program(self, till: Till) -> None:
        await till.decide(loyalty=())
        card = await till.reader()
        await till.sells(card)
        assert await till.ledger(card.id) == []
