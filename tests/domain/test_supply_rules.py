"""A supplier order by itself: its states, what is meant for whom, and what comes of it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.errors import CopiesPromised, NotFound, SupplierOrderClosed, TooManyCopies
from domain.model.answers import Answer, AnswerSource, Effect
from domain.model.article import MOST_COPIES
from domain.model.supply import SupplierLine, SupplierOrder, SupplyLink, SupplyState
from domain.model.values import Ean, LineId, OrderId, SupplierLineId, SupplierOrderId, ThirdPartyId

NOW = datetime(2026, 3, 2, tzinfo=UTC)
RUE, CHUT = Ean("9791094908020"), Ean("9782364744103")
A, B, C = (LineId(UUID(int=n)) for n in (1, 2, 3))


def line(ean: Ean = RUE, ordered: int = 3, *, nth: int = 1, **links: int) -> SupplierLine:
    """``links`` names A, B or C with the copies meant for it."""
    lines = {"a": A, "b": B, "c": C}
    return SupplierLine(
        id=SupplierLineId(UUID(int=100 + nth)),
        position=0,
        ean=ean,
        title="Dans la rue",
        ordered=ordered,
        links=[
            SupplyLink(order_id=OrderId(UUID(int=9)), line_id=lines[name], quantity=copies)
            for name, copies in links.items()
        ],
    )


def supply(*lines: SupplierLine, sent: bool = False) -> SupplierOrder:
    made = SupplierOrder(
        id=SupplierOrderId(UUID(int=7)),
        number=1,
        supplier_id=ThirdPartyId(UUID(int=8)),
        supplier_name="SODIS",
        reference=None,
        comment=None,
        created_at=NOW,
        updated_at=NOW,
        lines=[],
        version=0,
    )
    made.ask(*(lines or [line(a=1, b=2)]), now=NOW)
    if sent:
        made.validate(now=NOW)
    return made


def said(effect: Effect = Effect.WAIT) -> Answer:
    return Answer(code="09", label="Épuisé", source=AnswerSource.DISTRIBUTOR, at=NOW, effect=effect)


def links(order: SupplierOrder, nth: int = 0) -> dict[LineId, tuple[int, int]]:
    return {link.line_id: (link.quantity, link.received) for link in order.lines[nth].links}


def receive(
    order: SupplierOrder,
    copies: int,
    *,
    served: dict[LineId, int] | None = None,
    spare: dict[LineId, int] | None = None,
) -> tuple[dict[LineId, int], dict[LineId, int]]:
    return order.receive(order.lines[0].id, copies, served=served or {}, spare=spare or {}, now=NOW)


class TestADraft:
    def test_has_its_first_version_when_it_is_made(self) -> None:
        made = supply()
        assert (made.state, made.version) == (SupplyState.DRAFT, 1)

    def test_joins_copies_of_one_article_and_of_one_line(self) -> None:
        made = supply(line(a=1, ordered=2))
        made.ask(line(a=2, b=1, ordered=3, nth=2), line(CHUT, 1, nth=3), now=NOW)
        assert [(each.position, each.ean, each.ordered) for each in made.lines] == [(1, RUE, 5), (2, CHUT, 1)]
        assert links(made) == {A: (3, 0), B: (1, 0)}

    def test_asks_for_no_more_than_a_shop_can_hold(self) -> None:
        with pytest.raises(TooManyCopies):
            supply(line(ordered=MOST_COPIES)).ask(line(ordered=1), now=NOW)

    def test_asks_for_no_fewer_than_customers_wait_for(self) -> None:
        made = supply(line(a=1, b=1, ordered=3))
        made.change(made.lines[0].id, ordered=2, now=NOW)
        with pytest.raises(CopiesPromised):
            made.change(made.lines[0].id, ordered=1, now=NOW)

    @pytest.mark.row("A24")
    def test_asks_for_fewer_when_copies_are_meant_for_nobody_and_goes_with_its_last_line(self) -> None:
        made = supply(line(a=1, b=2, ordered=3))
        made.untie(made.lines[0], B, 1, now=NOW)
        assert (made.lines[0].ordered, links(made)) == (2, {A: (1, 0), B: (1, 0)})
        gone = made.lines[0].id
        made.untie(made.lines[0], A, 1, now=NOW)
        made.untie(made.lines[0], B, 1, now=NOW)
        assert (made.lines, made.removed, made.state) == ([], [gone], SupplyState.CANCELLED)

    @pytest.mark.row("A24")
    def test_keeps_what_was_asked_for_the_shelf(self) -> None:
        made = supply(line(a=1, ordered=3))
        made.untie(made.lines[0], A, 1, now=NOW)
        assert (made.lines[0].ordered, made.state) == (2, SupplyState.DRAFT)

    def test_frees_those_who_waited_for_a_line_that_is_taken_off(self) -> None:
        made = supply(line(a=1, b=2), line(CHUT, 1, nth=2))
        assert made.remove(made.lines[0].id, now=NOW) == {A: 1, B: 2}
        states = [made.state]
        assert made.remove(made.lines[0].id, now=NOW) == {}
        states.append(made.state)
        assert states == [SupplyState.DRAFT, SupplyState.CANCELLED]

    def test_is_neither_received_nor_answered(self) -> None:
        made = supply()
        with pytest.raises(SupplierOrderClosed):
            receive(made, 1)
        with pytest.raises(SupplierOrderClosed):
            made.answered(made.lines[0].id, said(), now=NOW)

    def test_knows_its_lines(self) -> None:
        with pytest.raises(NotFound):
            supply().line(SupplierLineId(UUID(int=1)))


class TestASentOrder:
    def test_changes_no_more(self) -> None:
        made = supply(sent=True)
        for change in (
            lambda: made.ask(line(), now=NOW),
            lambda: made.change(made.lines[0].id, ordered=9, now=NOW),
            lambda: made.remove(made.lines[0].id, now=NOW),
            lambda: made.validate(now=NOW),
        ):
            with pytest.raises(SupplierOrderClosed):
                change()

    @pytest.mark.row("A24")
    def test_keeps_its_quantity_when_copies_are_meant_for_nobody(self) -> None:
        made = supply(sent=True)
        made.untie(made.lines[0], B, 2, now=NOW)
        assert (made.lines[0].ordered, made.lines[0].linked, made.state) == (3, 1, SupplyState.VALIDATED)

    def test_goes_through_its_states_as_copies_come(self) -> None:
        made = supply(sent=True)
        states = [made.state]
        for copies in (1, 2):
            receive(made, copies)
            states.append(made.state)
        assert states == [SupplyState.VALIDATED, SupplyState.PARTLY_RECEIVED, SupplyState.RECEIVED]

    def test_tells_whose_copies_came(self) -> None:
        made = supply(sent=True)
        assert receive(made, 2, served={A: 1, B: 1}, spare={A: 1, B: 1}) == ({A: 1, B: 1}, {})
        assert links(made) == {A: (1, 1), B: (2, 1)}

    def test_counts_no_more_copies_come_for_customers_than_came(self) -> None:
        made = supply(line(a=1, b=1, c=1), sent=True)
        assert receive(made, 1, served={A: 1, B: 1, C: 1}) == ({A: 1}, {})

    def test_takes_from_the_end_of_the_queue_what_went_to_someone_else(self) -> None:
        made = supply(sent=True)
        assert receive(made, 2) == ({}, {B: 2})
        assert links(made) == {A: (1, 0)}

    def test_takes_what_is_to_spare_before_it_takes_what_is_waited_for(self) -> None:
        made = supply(sent=True)
        assert receive(made, 1, spare={A: 1}) == ({}, {A: 1})
        assert links(made) == {B: (2, 0)}

    def test_lets_shelf_copies_go_first(self) -> None:
        made = supply(line(a=1, ordered=4), sent=True)
        assert receive(made, 3) == ({}, {})
        assert links(made) == {A: (1, 0)}

    @pytest.mark.row("A14")
    def test_waits_on_when_the_distributor_says_wait_and_frees_when_nothing_will_come(self) -> None:
        made = supply(sent=True)
        assert made.answered(made.lines[0].id, said(Effect.ASK), now=NOW) == {}
        assert (made.lines[0].outstanding, made.state) == (3, SupplyState.VALIDATED)
        assert made.answered(made.lines[0].id, said(Effect.CLOSE), now=NOW) == {A: 1, B: 2}
        assert (made.lines[0].outstanding, made.lines[0].links, made.state) == (0, [], SupplyState.CANCELLED)

    @pytest.mark.row("A14")
    def test_is_received_when_the_rest_of_it_will_not_come(self) -> None:
        made = supply(sent=True)
        receive(made, 1, served={A: 1}, spare={A: 1})
        assert made.answered(made.lines[0].id, said(Effect.REORDER), now=NOW) == {B: 2}
        assert made.state is SupplyState.RECEIVED
        assert links(made) == {A: (1, 1)}

    def test_that_is_annulled_frees_everyone_and_stays_annulled(self) -> None:
        made = supply(sent=True)
        receive(made, 1, served={A: 1}, spare={A: 1})
        assert made.cancel(reason="Commandé ailleurs", now=NOW) == {B: 2}
        assert made.state is SupplyState.CANCELLED
        with pytest.raises(SupplierOrderClosed):
            made.cancel(reason=None, now=NOW)

    def test_writes_no_version_for_a_note_that_is_there_already(self) -> None:
        made = supply(sent=True)
        assert made.annotate(reference="R", comment=None, now=NOW)
        version = made.version
        assert not made.annotate(reference="R", comment=None, now=NOW)
        assert made.version == version
