"""Answers: the shop's table of them, what is said of a line by hand, and a line that moves to the re-issue (A13-A15, P9)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import (
    CodeTaken,
    Inconsistent,
    Invalid,
    NotFound,
    NothingToCancel,
    OrderClosed,
    StaleVersion,
    TableFull,
)
from domain.events import EventType
from domain.model.answers import AVAILABLE, AnswerSource, Effect, LineAnswer
from domain.model.reference import MOST_VALUES
from domain.model.supply import SupplierLine, SupplierOrder, SupplyLink, SupplyState
from domain.model.values import Ean, LineId, SupplierLineId, SupplierOrderId, ThirdPartyId
from domain.queries.orders import OrderView
from domain.usecases.answers import AnswerCard, Answers, Saying
from domain.usecases.moving import Moving
from tests.contracts.house import FakeHouse
from tests.contracts.samples import EANS, committed
from tests.fakes.base import Tables
from tests.usecases.shop import Shop

CARD = AnswerCard(label="Hors commerce", label_en="Not for sale", effect=Effect.CLOSE, position=None, active=True)
OLD, NEW = EANS[0], EANS[1]


def tables(shop: Shop) -> Tables:
    assert isinstance(shop.house, FakeHouse)
    return shop.house.base.tables


async def said(
    shop: Shop, order: OrderView, code: str, *, key: str | None = None, version: int | None = None, **more: Any
) -> OrderView:
    """An answer given by hand to the first line."""
    order_now = tables(shop).orders[order.id]
    shop.told = await Answers(shop.around).say(
        by=shop.staff,
        order_id=order.id,
        line_id=order.lines[0].id,
        version=order_now.version if version is None else version,
        saying=Saying(code=code, **more),
        once=shop.once(key),
    )
    view: OrderView = shop.heard.results[shop.told.body]
    return view


async def moved(shop: Shop, order: OrderView, ean: Ean, *, line_id: LineId | None = None) -> OrderView:
    told = await Moving(shop.around).move(
        by=shop.staff,
        order_id=order.id,
        line_id=line_id or order.lines[0].id,
        version=tables(shop).orders[order.id].version,
        ean=ean,
        once=shop.once(),
    )
    view: OrderView = shop.heard.results[told.body]
    return view


def history(shop: Shop, line_id: LineId) -> list[LineAnswer]:
    return [each for each in tables(shop).line_answers if each.line_id == line_id]


@pytest.mark.row("A15")
class TestTheTableOfAnswers:
    async def test_takes_a_new_answer_at_its_end(self, shop: Shop) -> None:
        view, new = await Answers(shop.around).put(by=shop.staff, code="10", card=CARD, version=None)
        assert new
        assert (view.code, view.label, view.effect, view.position, view.version) == (
            "10",
            CARD.label,
            CARD.effect,
            10,
            1,
        )
        assert (await shop.happened())[EventType.SETTINGS_UPDATED] == 1

    async def test_rewords_an_answer_of_the_version_read(self, shop: Shop) -> None:
        answers = Answers(shop.around)
        view, new = await answers.put(by=shop.staff, code="6", card=CARD, version=1)
        assert not new
        assert (view.label, view.position, view.version) == (CARD.label, 6, 2)
        again, _ = await answers.put(by=shop.staff, code="6", card=CARD, version=2)
        assert again == view, "nothing differs, nothing is written"
        assert (await shop.happened())[EventType.SETTINGS_UPDATED] == 1
        with pytest.raises(StaleVersion):
            await answers.put(by=shop.staff, code="6", card=CARD, version=1)
        further, _ = await answers.put(by=shop.staff, code="6", card=replace(CARD, position=1), version=2)
        assert further.position == 1

    async def test_neither_takes_a_code_twice_nor_rewords_an_unknown_one(self, shop: Shop) -> None:
        answers = Answers(shop.around)
        with pytest.raises(CodeTaken):
            await answers.put(by=shop.staff, code="6", card=CARD, version=None)
        with pytest.raises(NotFound):
            await answers.put(by=shop.staff, code="10", card=CARD, version=1)
        with pytest.raises(NotFound):
            await answers.remove(by=shop.staff, code="10", version=1)

    async def test_holds_so_many_answers_and_no_more(self, shop: Shop) -> None:
        known = tables(shop).known_answers
        for number in range(len(known), MOST_VALUES):
            known[f"N{number}"] = replace(known["6"], code=f"N{number}")
        with pytest.raises(TableFull):
            await Answers(shop.around).put(by=shop.staff, code="10", card=CARD, version=None)

    async def test_loses_an_answer_while_lines_keep_it(self, shop: Shop) -> None:
        order = await shop.create({OLD: 1})
        await said(shop, order, "6")
        answers = Answers(shop.around)
        with pytest.raises(StaleVersion):
            await answers.remove(by=shop.staff, code="6", version=2)
        await answers.remove(by=shop.staff, code="6", version=1)
        assert "6" not in tables(shop).known_answers
        line = await shop.line(order.id)
        assert (line.answer.label, line.answer.effect) == (
            "Arrêt définitif de commercialisation (épuisé)",
            Effect.CLOSE,
        )


@pytest.mark.row("A13", "A15")
class TestAnAnswerByHand:
    async def test_of_the_table_has_its_words_and_its_effect(self, shop: Shop) -> None:
        order = await shop.create({OLD: 1})
        answer = (await said(shop, order, "8", new_ean=NEW)).lines[0].answer
        assert answer is not None
        assert (answer.code, answer.label, answer.effect, answer.new_ean) == ("8", "À reparaître", Effect.MOVE, NEW)
        assert answer.source is AnswerSource.SHOP
        assert answer.at == tables(shop).orders[order.id].updated_at

    async def test_unknown_to_the_table_is_kept_as_text_and_waits(self, shop: Shop) -> None:
        order = await shop.create({OLD: 1})
        for label, shown in ((None, "relance éditeur"), ("Relancé le 3", "Relancé le 3")):
            answer = (await said(shop, order, "relance éditeur", label=label)).lines[0].answer
            assert answer is not None
            assert (answer.label, answer.effect, answer.new_ean) == (shown, Effect.WAIT, None)

    async def test_may_word_a_known_code_otherwise(self, shop: Shop) -> None:
        order = await shop.create({OLD: 1})
        answer = (await said(shop, order, "7", label="Manque, on attend")).lines[0].answer
        assert answer is not None
        assert (answer.label, answer.effect) == ("Manque, on attend", Effect.ASK)

    async def test_is_kept_with_all_that_was_said_before(self, shop: Shop) -> None:
        order = await shop.create({OLD: 1, NEW: 1})
        await said(shop, order, "4")
        shown = await said(shop, order, "6")
        entries = history(shop, order.lines[0].id)
        assert [(each.answer.code, each.by, each.order_id) for each in entries] == [
            ("4", "staff:camille", order.id),
            ("6", "staff:camille", order.id),
        ]
        assert shown.lines[0].answer == entries[-1].answer
        assert (shown.lines[1].answer, shown.version) == (None, 3)
        assert (await shop.happened())[EventType.ORDER_UPDATED] == 2

    async def test_gives_way_to_disponible_once_nothing_is_waited_for(self, shop: Shop) -> None:
        order = await shop.create({OLD: 2})
        await said(shop, order, "4")
        await shop.adjust(OLD, 2)
        first = await shop.scan(OLD)
        assert first.line is not None
        assert first.line.answer is not None
        assert first.line.answer.code == "4"
        second = await shop.scan(OLD)
        assert second.line is not None
        assert second.line.answer == AVAILABLE
        assert (await said(shop, order, "6")).lines[0].answer == AVAILABLE
        assert second.reservation is not None
        await shop.release(second.reservation.id)
        assert (await shop.line(order.id)).shown_answer.code == "6"

    async def test_sent_twice_is_said_once(self, shop: Shop) -> None:
        order = await shop.create({OLD: 1})
        view = await said(shop, order, "4", key="again")
        assert await said(shop, order, "4", key="again", version=1) == view
        assert shop.told is not None
        assert shop.told.replayed
        assert len(history(shop, order.lines[0].id)) == 1

    async def test_is_refused_on_a_closed_order_of_another_version_or_line(self, shop: Shop) -> None:
        order = await shop.create({OLD: 1})
        with pytest.raises(StaleVersion):
            await said(shop, order, "4", version=9)
        with pytest.raises(NotFound):
            await said(shop, replace(order, lines=(await shop.create({OLD: 1})).lines), "4")
        await shop.cancel(order)
        with pytest.raises(OrderClosed):
            await said(shop, order, "4")
        assert tables(shop).line_answers == []


@pytest.mark.row("P9")
class TestALineMovedToAnotherArticle:
    async def test_of_which_nothing_was_served_becomes_the_new_article(self, shop: Shop) -> None:
        await shop.catalogue([NEW], price="12.00")
        order = await shop.create({OLD: 2, EANS[2]: 1})
        await said(shop, order, "8", new_ean=NEW)
        view = await moved(shop, order, NEW)
        first, second = view.lines
        assert (first.id, first.position, first.ean, first.title) == (order.lines[0].id, 1, NEW, f"Livre {NEW}")
        assert (first.ordered, first.outstanding, first.unit_price, first.list_price) == (
            2,
            2,
            Decimal("12.00"),
            Decimal("12.00"),
        )
        assert (first.answer, second) == (None, order.lines[1])
        assert view.total == Decimal("34.00")

    async def test_keeps_what_was_said_of_it_and_says_where_it_went(self, shop: Shop) -> None:
        order = await shop.create({OLD: 1})
        await said(shop, order, "8")
        await moved(shop, order, NEW)
        first, last = history(shop, order.lines[0].id)
        assert first.answer.code == "8"
        assert (last.answer.code, last.answer.label, last.answer.new_ean) == ("moved", f"{OLD} → {NEW}", NEW)
        assert (last.answer.effect, last.answer.source, last.by) == (Effect.MOVE, AnswerSource.SHOP, "staff:camille")

    async def test_waits_there_at_the_place_of_its_order(self, shop: Shop) -> None:
        early = await shop.create({OLD: 1})
        there = await shop.create({NEW: 1})
        late = await shop.create({OLD: 1})
        for order in (late, early):
            await moved(shop, order, NEW)
        await shop.adjust(NEW, 3)
        served = [await shop.scan(NEW) for _ in range(3)]
        lines = [each.reservation.line_id for each in served if each.reservation]
        assert lines == [early.lines[0].id, there.lines[0].id, late.lines[0].id]

    async def test_of_which_copies_were_served_leaves_them_and_waits_as_a_new_line(self, shop: Shop) -> None:
        order = await shop.create({OLD: 3})
        await shop.adjust(OLD, 1)
        await shop.scan(OLD)
        view = await moved(shop, order, NEW)
        old, new = view.lines
        assert (old.id, old.ordered, old.set_aside, old.cancelled, old.cancel_reason) == (
            order.lines[0].id,
            3,
            1,
            2,
            f"→ {NEW}",
        )
        assert old.answer == AVAILABLE
        assert (new.position, new.ean, new.ordered, new.outstanding) == (2, NEW, 2, 2)
        assert new.id != old.id
        assert [each.answer.code for each in history(shop, old.id)] == ["moved"]

    async def test_is_no_longer_waited_for_on_supplier_orders(self, shop: Shop) -> None:
        order = await shop.create({OLD: 2})
        draft, sent = [await bought(shop, order, sent=sent) for sent in (False, True)]
        assert (await shop.line(order.id)).supplied == 2
        view = await moved(shop, order, NEW)
        assert (view.lines[0].supplied, view.lines[0].unsupplied) == (0, 2)
        draft, sent = [tables(shop).supplier_orders[each.id] for each in (draft, sent)]
        assert draft.state is SupplyState.CANCELLED, "nobody needs its only copy"
        assert (sent.state, sent.lines[0].ordered, sent.lines[0].linked) == (SupplyState.VALIDATED, 1, 0)

    async def test_is_refused_where_there_is_nothing_to_move_or_nowhere_to_go(self, shop: Shop) -> None:
        order = await shop.create({OLD: 1})
        with pytest.raises(Invalid):
            await moved(shop, order, Ean("9780000000002"))
        with pytest.raises(Inconsistent):
            await moved(shop, order, OLD)
        with pytest.raises(NotFound):
            await moved(shop, order, NEW, line_id=(await shop.create({OLD: 1})).lines[0].id)
        await shop.adjust(OLD, 1)
        await shop.scan(OLD)
        with pytest.raises(NothingToCancel):
            await moved(shop, order, NEW)
        await shop.deliver(replace(order, version=2))
        with pytest.raises(OrderClosed):
            await moved(shop, order, NEW)
        assert tables(shop).line_answers == []


async def bought(shop: Shop, order: OrderView, *, sent: bool) -> SupplierOrder:
    """A supplier order of one copy for the first line."""
    line_id = order.lines[0].id
    async with committed(shop.house) as work:
        customers = await work.orders.get(order.id)
        customers.note_supply(line_id, 1, now=shop.house.clock())
        work.orders.save(customers)
        supply = SupplierOrder(
            id=SupplierOrderId(shop.house.new_id()),
            number=await work.supplier_orders.next_number(),
            supplier_id=ThirdPartyId(shop.house.new_id()),
            supplier_name="Distributeur",
            reference=None,
            comment=None,
            created_at=shop.house.clock(),
            updated_at=shop.house.clock(),
            lines=[
                SupplierLine(
                    id=SupplierLineId(shop.house.new_id()),
                    position=1,
                    ean=OLD,
                    title="X",
                    ordered=1,
                    links=[
                        SupplyLink(
                            order_id=order.id,
                            order_number=order.number,
                            name=order.contact.name,
                            line_id=line_id,
                            quantity=1,
                        )
                    ],
                )
            ],
            validated_at=shop.house.clock() if sent else None,
        )
        work.supplier_orders.add(supply)
    return supply
