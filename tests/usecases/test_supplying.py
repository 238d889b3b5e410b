"""Asking suppliers for what customers wait for, and giving it back (A19, A24, A28, C6, C7)."""

from datetime import date

import pytest

from domain.errors import (
    CopiesPromised,
    Invalid,
    NoSupplier,
    NotFound,
    NothingToOrder,
    StaleVersion,
    SupplierOrderClosed,
    UnfitLines,
    UnknownParty,
)
from domain.events import EventType
from domain.model.supply import SupplyState
from domain.model.third_party import ThirdPartyType
from domain.model.values import Ean, LineId, ThirdPartyId
from domain.queries.supply import SupplyView
from tests.contracts.samples import EANS, EBOOK
from tests.usecases.desk import Desk, faults

RUE, CHUT, NUIT = EANS[0], EANS[1], EANS[2]
STRANGER = Ean("9782070612758")


def meant(view: SupplyView, nth: int = 0) -> list[tuple[LineId, int, int]]:
    return [(link.line_id, link.quantity, link.open) for link in view.lines[nth].links]


@pytest.mark.usefixtures("sodis")
class TestAsking:
    @pytest.mark.row("C6")
    async def test_by_a_selection_makes_one_order_for_each_supplier(self, desk: Desk, sodis: ThirdPartyId) -> None:
        hachette = await desk.supplier("HACHETTE")
        await desk.supplied_by(hachette, NUIT)
        first, second = await desk.create({RUE: 2, NUIT: 1}), await desk.create({RUE: 1, CHUT: 3})
        raised = await desk.ask(*(line.id for order in (first, second) for line in order.lines))
        assert [(each.supplier_id, each.supplier_name, each.state, each.version) for each in raised] == [
            (sodis, "SODIS", SupplyState.DRAFT, 1),
            (hachette, "HACHETTE", SupplyState.DRAFT, 1),
        ]
        assert [(line.ean, line.ordered, line.for_customers) for line in raised[0].lines] == [
            (RUE, 3, 3),
            (CHUT, 3, 3),
        ]
        assert meant(raised[0]) == [(first.lines[0].id, 2, 2), (second.lines[0].id, 1, 1)]
        assert [(each.order_number, each.name) for each in raised[0].lines[0].links] == [
            (first.number, "Claire MARTIN"),
            (second.number, "Claire MARTIN"),
        ]
        for order, position in ((first, 1), (first, 2), (second, 1), (second, 2)):
            assert (await desk.counts(order, position))[1:] == (0, 0)
        happened = await desk.happened()
        assert happened[EventType.SUPPLIER_ORDER_CREATED] == 2
        assert happened[EventType.ORDER_UPDATED] == 2

    @pytest.mark.row("C6")
    async def test_goes_by_line_and_quantity_and_joins_the_draft(self, desk: Desk) -> None:
        order = await desk.create({RUE: 5})
        line = order.lines[0].id
        (first,) = await desk.ask((line, 2))
        assert await desk.counts(order) == (2, 3, 0)
        (same,) = await desk.ask(line)
        assert (same.id, same.number, same.lines[0].ordered) == (first.id, first.number, 5)
        assert meant(same) == [(line, 5, 5)]
        assert await desk.counts(order) == (5, 0, 0)

    async def test_starts_a_new_order_when_asked_to_or_when_the_last_was_sent(self, desk: Desk) -> None:
        order = await desk.create({RUE: 3})
        line = order.lines[0].id
        (first,) = await desk.ask((line, 1))
        (apart,) = await desk.ask((line, 1), apart=True)
        assert apart.number > first.number
        await desk.send(first)
        await desk.send(apart)
        (third,) = await desk.ask((line, 1))
        assert third.number > apart.number
        assert await desk.counts(order) == (3, 0, 0)

    async def test_joins_the_newest_of_two_drafts(self, desk: Desk) -> None:
        order = await desk.create({RUE: 3})
        line = order.lines[0].id
        await desk.ask((line, 1))
        (newest,) = await desk.ask((line, 1), apart=True)
        (joined,) = await desk.ask((line, 1))
        assert joined.id == newest.id

    @pytest.mark.row("C6")
    async def test_names_each_line_that_does_not_allow_it(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1, EBOOK: 1})
        gone = await desk.create({RUE: 1})
        await desk.cancel(gone)
        nobody = LineId(desk.house.new_id())
        paper, ebook = (line.id for line in order.lines)
        with pytest.raises(UnfitLines) as refused:
            await desk.ask((paper, 2), paper, ebook, gone.lines[0].id, nobody)
        assert faults(refused.value) == [
            ("more-than-unsupplied", "/lines/0"),
            ("line-twice", "/lines/1"),
            ("digital-line", "/lines/2"),
            ("order-is-closed", "/lines/3"),
            ("unknown-line", "/lines/4"),
        ]
        assert await desk.supplies() == {}
        assert await desk.counts(order) == (0, 1, 0)

    async def test_leaves_out_what_was_asked_for_meanwhile_and_says_when_nothing_is_left(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1, CHUT: 1})
        rue, chut = (line.id for line in order.lines)
        await desk.ask(rue)
        (joined,) = await desk.ask(rue, chut)
        assert [line.ordered for line in joined.lines] == [1, 1]
        with pytest.raises(NothingToOrder):
            await desk.ask(rue, chut)
        with pytest.raises(UnfitLines):
            await desk.ask((rue, 1))

    async def test_names_every_line_that_has_no_supplier(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1, NUIT: 1, EANS[3]: 1})
        with pytest.raises(NoSupplier) as refused:
            await desk.ask(*(line.id for line in order.lines))
        assert faults(refused.value) == [("nobody-supplies", "/lines/1"), ("nobody-supplies", "/lines/2")]
        given = await desk.supplier("HACHETTE")
        (raised,) = await desk.ask(*(line.id for line in order.lines), supplier_id=given)
        assert (raised.supplier_id, len(raised.lines)) == (given, 3)

    async def test_is_of_an_open_supplier_only(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1})
        line = order.lines[0].id
        for wrong in (
            ThirdPartyId(desk.house.new_id()),
            await desk.supplier("REP", kind=ThirdPartyType.SALES_REP),
            await desk.supplier("FERMÉ", closed_on=date(2020, 1, 1)),
        ):
            with pytest.raises(UnknownParty):
                await desk.ask(line, supplier_id=wrong)
        closed = await desk.supplier("FERMÉ", closed_on=date(2020, 1, 1))
        await desk.supplied_by(closed, RUE)
        with pytest.raises(NoSupplier):
            await desk.ask(line)
        assert await desk.counts(order) == (0, 1, 0)

    @pytest.mark.row("A19")
    async def test_commande_four_asks_for_all_that_the_order_lacks(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2, CHUT: 1, EBOOK: 1})
        await desk.adjust(RUE, 1)
        await desk.scan(RUE)
        (raised,) = await desk.ask_for(await desk.now(order))
        assert [(line.ean, line.ordered) for line in raised.lines] == [(RUE, 1), (CHUT, 1)]
        with pytest.raises(StaleVersion):
            await desk.ask_for(order)
        with pytest.raises(NothingToOrder):
            await desk.ask_for(await desk.now(order))

    @pytest.mark.row("A19")
    async def test_commande_four_asks_for_the_lines_chosen_alone(self, desk: Desk) -> None:
        order, other = await desk.create({RUE: 2, CHUT: 1}), await desk.create({RUE: 1})
        with pytest.raises(UnfitLines) as refused:
            await desk.ask_for(order, lines=[order.lines[1].id, other.lines[0].id])
        assert faults(refused.value) == [("unknown-line", "/line_ids/1")]
        (raised,) = await desk.ask_for(order, lines=[order.lines[1].id])
        assert [line.ean for line in raised.lines] == [CHUT]

    async def test_asked_twice_with_one_key_asks_once(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2})
        first = await desk.ask(order.lines[0].id, key="again")
        assert await desk.ask(order.lines[0].id, key="again") == first
        assert await desk.counts(order) == (2, 0, 0)

    @pytest.mark.row("A30")
    async def test_is_for_blocked_orders_too(self, desk: Desk) -> None:
        pushed = await desk.push("W-1", {RUE: 1})
        (raised,) = await desk.ask(pushed.order.lines[0].id)
        assert raised.quantity == 1


@pytest.mark.usefixtures("sodis")
class TestByHand:
    async def test_a_draft_takes_copies_for_the_shelf(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1})
        (draft,) = await desk.ask(order.lines[0].id)
        draft = await desk.stock_up(draft, RUE, 4)
        draft = await desk.stock_up(draft, NUIT, 2)
        assert [(line.ean, line.ordered, line.for_customers) for line in draft.lines] == [(RUE, 5, 1), (NUIT, 2, 0)]
        for wrong in (STRANGER, EBOOK):
            with pytest.raises(Invalid):
                await desk.stock_up(draft, wrong, 1)
        with pytest.raises(CopiesPromised):
            await desk.supplier_orders.change_line(
                by=desk.staff,
                supplier_order_id=draft.id,
                line_id=draft.lines[0].id,
                version=draft.version,
                ordered=0,
            )
        await desk.send(draft)
        with pytest.raises(StaleVersion):
            await desk.stock_up(draft, RUE, 1)

    async def test_a_line_taken_off_leaves_its_customers_untreated(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1, CHUT: 1})
        (draft,) = await desk.ask_for(order)
        draft = await desk.drop(draft, draft.lines[0].id)
        assert await desk.counts(order) == (0, 1, 0)
        assert await desk.counts(order, 2) == (1, 0, 0)
        draft = await desk.drop(draft, draft.lines[0].id)
        assert draft.state is SupplyState.CANCELLED
        assert await desk.counts(order, 2) == (0, 1, 0)

    async def test_an_annulled_order_leaves_its_customers_untreated(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2})
        (draft,) = await desk.ask_for(order)
        annulled = await desk.annul(await desk.send(draft))
        assert (annulled.state, annulled.cancel_reason) == (SupplyState.CANCELLED, "Commandé ailleurs")
        assert await desk.counts(order) == (0, 2, 0)
        with pytest.raises(SupplierOrderClosed):
            await desk.annul(annulled)
        happened = await desk.happened()
        assert happened[EventType.SUPPLIER_ORDER_VALIDATED] == happened[EventType.SUPPLIER_ORDER_CANCELLED] == 1

    async def test_notes_are_written_at_any_time(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2})
        (draft,) = await desk.ask_for(order)
        sent = await desk.send(draft)
        changes = {"reference": "CF-118"}
        noted = await desk.supplier_orders.annotate(
            by=desk.staff, supplier_order_id=sent.id, version=sent.version, changes=changes
        )
        assert (noted.reference, noted.version) == ("CF-118", sent.version + 1)
        same = await desk.supplier_orders.annotate(
            by=desk.staff, supplier_order_id=sent.id, version=noted.version, changes=changes
        )
        assert same.version == noted.version


@pytest.mark.usefixtures("sodis")
class TestACustomerWhoGivesUp:
    @pytest.mark.row("A24")
    async def test_makes_a_draft_ask_for_fewer(self, desk: Desk) -> None:
        order, other = await desk.create({RUE: 2}), await desk.create({RUE: 1})
        await desk.ask(order.lines[0].id, other.lines[0].id)
        await desk.cancel(await desk.now(order))
        (draft,) = (await desk.supplies()).values()
        assert (draft.state, draft.lines[0].ordered) == (SupplyState.DRAFT, 1)
        assert await desk.counts(order) == (0, 0, 0)
        await desk.cancel(await desk.now(other))
        (empty,) = (await desk.supplies()).values()
        assert (empty.state, empty.lines) == (SupplyState.CANCELLED, [])
        assert await desk.counts(other) == (0, 0, 0)

    @pytest.mark.row("A24")
    async def test_leaves_what_was_sent_as_it_is(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2})
        (draft,) = await desk.ask_for(order)
        await desk.send(draft)
        await desk.cancel(await desk.now(order))
        (sent,) = (await desk.supplies()).values()
        assert (sent.state, sent.lines[0].ordered, sent.lines[0].links) == (SupplyState.VALIDATED, 2, [])
        assert await desk.counts(order) == (0, 0, 0)

    @pytest.mark.row("A24")
    async def test_gives_back_from_the_draft_first(self, desk: Desk) -> None:
        order = await desk.create({RUE: 3})
        line = order.lines[0].id
        (sent,) = await desk.ask((line, 1))
        await desk.send(sent)
        (draft,) = await desk.ask((line, 1))
        await desk.change_line(await desk.now(order), line, 1)
        after = await desk.supplies()
        assert (after[draft.id].state, after[sent.id].lines[0].linked) == (SupplyState.CANCELLED, 1)
        assert await desk.counts(order) == (1, 0, 0)

    @pytest.mark.row("A24")
    async def test_for_a_line_taken_off_makes_a_draft_ask_for_fewer(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2, CHUT: 1})
        await desk.ask_for(order)
        await desk.remove_line(await desk.now(order), order.lines[0].id)
        (draft,) = (await desk.supplies()).values()
        assert [(line.ean, line.ordered) for line in draft.lines] == [(CHUT, 1)]
        await desk.check()

    async def test_for_a_line_taken_off_leaves_nothing_meant_for_it(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1, CHUT: 1})
        (draft,) = await desk.ask_for(order)
        await desk.send(draft)
        await desk.remove_line(await desk.now(order), order.lines[0].id)
        (sent,) = (await desk.supplies()).values()
        assert [(line.ean, line.ordered, line.linked) for line in sent.lines] == [(RUE, 1, 0), (CHUT, 1, 1)]
        await desk.check()


@pytest.mark.usefixtures("sodis")
class TestAFoundCopy:
    @pytest.mark.row("A28", "C7")
    async def test_leaves_the_supplier_order_and_shows_the_surplus_to_release(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2})
        (draft,) = await desk.ask_for(order)
        await desk.adjust(RUE, 1)
        scanned = await desk.scan(RUE)
        assert scanned.line is not None
        assert (scanned.line.supplied, scanned.line.surplus) == (2, 1)
        (untouched,) = (await desk.supplies()).values()
        assert (untouched.version, untouched.lines[0].ordered) == (draft.version, 2)
        freed = await desk.free(await desk.now(order), order.lines[0].id)
        assert (freed.lines[0].supplied, freed.lines[0].surplus) == (1, 0)
        (fewer,) = (await desk.supplies()).values()
        assert fewer.lines[0].ordered == 1
        again = await desk.free(freed, order.lines[0].id)
        assert again.version == freed.version
        assert await desk.counts(order) == (1, 0, 0)

    @pytest.mark.row("C7")
    async def test_of_a_sent_order_is_released_to_the_shelf(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1})
        (draft,) = await desk.ask_for(order)
        await desk.send(draft)
        await desk.adjust(RUE, 1)
        await desk.scan(RUE)
        with pytest.raises(StaleVersion):
            await desk.free(order, order.lines[0].id)
        with pytest.raises(NotFound):
            await desk.free(await desk.now(order), LineId(desk.house.new_id()))
        await desk.free(await desk.now(order), order.lines[0].id)
        (sent,) = (await desk.supplies()).values()
        assert (sent.lines[0].ordered, sent.lines[0].outstanding, sent.lines[0].linked) == (1, 1, 0)
