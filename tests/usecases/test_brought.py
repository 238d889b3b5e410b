"""What suppliers bring, and what they say of the rest (A14, P31)."""

import pytest

from domain.errors import (
    Inconsistent,
    StaleVersion,
    SupplierOrderClosed,
    UnfitLines,
    UnknownParty,
)
from domain.events import EventType
from domain.model.answers import AnswerSource, Effect
from domain.model.supply import SupplyState
from domain.model.third_party import ThirdPartyType
from domain.model.values import Ean, SupplierLineId, ThirdPartyId
from domain.usecases.answering import Said
from tests.contracts.samples import EANS
from tests.usecases.desk import Desk, faults

RUE, CHUT, NUIT = EANS[0], EANS[1], EANS[2]
STRANGER = Ean("9782070612758")


@pytest.mark.usefixtures("sodis")
class TestAParcel:
    async def test_ticks_off_what_was_asked_and_serves_whom_it_is_for(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2})
        (draft,) = await desk.ask_for(order)
        draft = await desk.stock_up(draft, RUE, 1)
        sent = await desk.send(draft)
        done = await desk.unpack((RUE, 2))
        (line,) = done.lines
        assert (line.set_aside, line.expected, line.unexpected) == (2, 2, 0)
        assert [(each.number, each.quantity) for each in line.asked] == [(sent.number, 2)]
        assert await desk.counts(order) == (0, 0, 0)
        rest = await desk.unpack((RUE, 3))
        assert (rest.lines[0].set_aside, rest.lines[0].expected, rest.lines[0].unexpected) == (0, 1, 2)
        (after,) = (await desk.supplies()).values()
        assert (after.state, after.lines[0].received) == (SupplyState.RECEIVED, 3)
        assert await desk.stock(RUE) == (3, 2)
        await desk.check()

    async def test_goes_to_who_waits_longest_and_leaves_who_is_behind_untreated(self, desk: Desk) -> None:
        first, second = await desk.create({RUE: 1}), await desk.create({RUE: 1})
        (draft,) = await desk.ask_for(second)
        await desk.send(draft)
        before = await desk.happened()
        done = await desk.unpack((RUE, 1))
        assert [kept.order_id for kept in done.lines[0].reservations] == [first.id]
        assert await desk.counts(first) == (0, 0, 0)
        assert await desk.counts(second) == (0, 1, 0)
        told = await desk.happened()
        assert told[EventType.ORDER_UPDATED] - before[EventType.ORDER_UPDATED] == 1

    async def test_is_of_the_supplier_order_named_first_then_of_the_oldest(
        self, desk: Desk, sodis: ThirdPartyId
    ) -> None:
        order = await desk.create({RUE: 6})
        line = order.lines[0].id
        sent = []
        for _ in range(3):
            (draft,) = await desk.ask((line, 2), apart=True)
            sent.append(await desk.send(draft))
        done = await desk.unpack((RUE, 5), supplier_order_id=sent[1].id)
        assert done.supplier_id == sodis
        assert [(each.number, each.quantity) for each in done.lines[0].asked] == [
            (sent[1].number, 2),
            (sent[0].number, 2),
            (sent[2].number, 1),
        ]
        assert await desk.counts(order) == (1, 0, 0)

    async def test_of_one_supplier_is_not_ticked_off_on_another(self, desk: Desk, sodis: ThirdPartyId) -> None:
        hachette = await desk.supplier("HACHETTE")
        order = await desk.create({RUE: 2})
        line = order.lines[0].id
        (theirs,) = await desk.ask((line, 1), supplier_id=hachette)
        (ours,) = await desk.ask((line, 1))
        await desk.send(theirs)
        ours = await desk.send(ours)
        done = await desk.unpack((RUE, 2), supplier_id=sodis)
        assert [each.number for each in done.lines[0].asked] == [ours.number]
        assert (done.lines[0].set_aside, done.lines[0].unexpected) == (2, 1)
        assert await desk.counts(order) == (1, 0, 1)
        with pytest.raises(Inconsistent):
            await desk.unpack((RUE, 1), supplier_order_id=ours.id, supplier_id=hachette)

    async def test_needs_a_supplier_order_that_was_sent_and_a_supplier_that_is_one(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2})
        (draft,) = await desk.ask_for(order)
        with pytest.raises(SupplierOrderClosed):
            await desk.unpack((RUE, 1), supplier_order_id=draft.id)
        for wrong in (ThirdPartyId(desk.house.new_id()), await desk.supplier("X", kind=ThirdPartyType.OTHER)):
            with pytest.raises(UnknownParty):
                await desk.unpack((RUE, 1), supplier_id=wrong)
        done = await desk.unpack((RUE, 1))
        assert (done.lines[0].expected, done.lines[0].set_aside) == (0, 1)
        assert await desk.counts(order) == (2, 0, 1)

    async def test_that_is_only_proposed_changes_nothing(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1})
        (draft,) = await desk.ask_for(order)
        await desk.send(draft)
        before = (repr(await desk.house.books()), repr([repr(each) for each in (await desk.supplies()).values()]))
        proposed = await desk.unpack((RUE, 3), dry_run=True)
        after = (repr(await desk.house.books()), repr([repr(each) for each in (await desk.supplies()).values()]))
        assert before == after
        assert await desk.house.receptions() == []
        done = await desk.unpack((RUE, 3))
        assert proposed.id is None
        assert done.id is not None
        (idea,), (fact,) = proposed.lines, done.lines
        assert (idea.set_aside, idea.to_stock, idea.asked) == (fact.set_aside, fact.to_stock, fact.asked)

    async def test_that_names_an_article_twice_gives_each_line_its_part(self, desk: Desk) -> None:
        order = await desk.create({RUE: 3})
        (draft,) = await desk.ask_for(order)
        await desk.send(draft)
        done = await desk.unpack((RUE, 1), (RUE, 4))
        assert [(line.set_aside, line.expected, line.unexpected) for line in done.lines] == [(1, 1, 0), (2, 2, 2)]
        assert await desk.counts(order) == (0, 0, 0)


@pytest.mark.usefixtures("sodis")
class TestRestesALivrer:
    @pytest.mark.row("A14")
    async def test_write_the_answer_on_every_line_that_waits_on_the_supplier(self, desk: Desk) -> None:
        asked, bare, elsewhere = [await desk.create({RUE: 1}) for _ in range(3)]
        hachette = await desk.supplier("HACHETTE")
        await desk.ask(elsewhere.lines[0].id, supplier_id=hachette)
        (draft,) = await desk.ask_for(asked)
        sent = await desk.send(draft)
        done = await desk.answer(sent, Said(line_id=sent.lines[0].id, code="11"))
        assert [(told.order_id, told.name) for told in done.told] == [
            (asked.id, "Claire MARTIN"),
            (bare.id, "Claire MARTIN"),
        ]
        for order in (asked, bare):
            answer = (await desk.line(order.id)).answer
            assert (answer.code, answer.source) == ("11", AnswerSource.DISTRIBUTOR)
        assert (await desk.line(elsewhere.id)).answer is None
        assert done.supply.lines[0].answer is not None
        assert done.supply.lines[0].answer.code == "11"
        assert await desk.counts(elsewhere) == (1, 0, 0)

    @pytest.mark.row("A14")
    async def test_free_the_lines_when_nothing_will_come(self, desk: Desk) -> None:
        order = await desk.create({RUE: 2, CHUT: 1})
        (draft,) = await desk.ask_for(order)
        sent = await desk.send(draft)
        closing = next(code for code, known in (await _known(desk)).items() if known is Effect.CLOSE)
        done = await desk.answer(sent, Said(line_id=sent.lines[0].id, code=closing))
        assert (done.supply.lines[0].outstanding, done.supply.lines[0].cancelled) == (0, 2)
        assert await desk.counts(order) == (0, 2, 0)
        assert await desk.counts(order, 2) == (1, 0, 0)
        told = await desk.happened()
        with pytest.raises(UnfitLines) as refused:
            await desk.answer(done.supply, Said(line_id=sent.lines[0].id, code=closing))
        assert faults(refused.value) == [("nothing-expected", "/answers/0/line_id")]
        assert await desk.happened() == told

    @pytest.mark.row("A14")
    async def test_keep_a_code_that_the_table_lacks_as_text_and_wait(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1, CHUT: 1})
        (draft,) = await desk.ask_for(order)
        sent = await desk.send(draft)
        rue, chut = (line.id for line in sent.lines)
        done = await desk.answer(
            sent,
            Said(line_id=rue, code="ZZ", label="Voir éditeur", new_ean=NUIT),
            Said(line_id=chut, code="YY"),
        )
        first, second = (line.answer for line in done.supply.lines)
        assert first is not None
        assert second is not None
        assert (first.label, first.effect, first.new_ean) == ("Voir éditeur", Effect.WAIT, NUIT)
        assert (second.label, second.effect) == ("YY", Effect.WAIT)
        line = await desk.line(order.id)
        assert (line.answer.label, line.answer.new_ean, line.supplied) == ("Voir éditeur", NUIT, 1)

    async def test_are_of_lines_of_a_sent_order_named_once(self, desk: Desk) -> None:
        order = await desk.create({RUE: 1})
        (draft,) = await desk.ask_for(order)
        line = draft.lines[0].id
        with pytest.raises(SupplierOrderClosed):
            await desk.answer(draft, Said(line_id=line, code="1"))
        sent = await desk.send(draft)
        stranger = SupplierLineId(desk.house.new_id())
        with pytest.raises(UnfitLines) as refused:
            await desk.answer(
                sent,
                Said(line_id=line, code="1"),
                Said(line_id=line, code="2"),
                Said(line_id=stranger, code="1"),
            )
        assert faults(refused.value) == [
            ("line-twice", "/answers/1/line_id"),
            ("unknown-line", "/answers/2/line_id"),
        ]
        with pytest.raises(StaleVersion):
            await desk.answer(draft, Said(line_id=line, code="1"))


async def _known(desk: Desk) -> dict[str, Effect]:
    async with desk.house.begin(desk.house.dossier) as work:
        return {code: answer.effect for code, answer in (await work.answers.known()).items()}
