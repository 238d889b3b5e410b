"""Re-ordering a queue: exactly those who wait, and nobody passes a line that is being served (C5, P3)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import QueueBegun, QueueChanged
from domain.model.queue import check_order
from domain.model.values import LineId

A, B, C, D = (LineId(UUID(int=number)) for number in range(1, 5))

pytestmark = pytest.mark.row("C5")


@st.composite
def queues(draw: st.DrawFn) -> tuple[list[LineId], set[LineId], list[LineId]]:
    """A queue, those of it that are begun, and the same lines in any order."""
    before = [LineId(UUID(int=number)) for number in range(draw(st.integers(1, 8)))]
    begun = set(draw(st.lists(st.sampled_from(before), max_size=3)))
    return before, begun, draw(st.permutations(before))


def passed(before: list[LineId], after: list[LineId], line_id: LineId) -> bool:
    """Whether anyone who was behind the line is before it now."""
    ahead_then = set(before[: before.index(line_id)])
    ahead_now = set(after[: after.index(line_id)])
    return not ahead_now <= ahead_then


class TestAQueueInAnotherOrder:
    @given(queues())
    def test_is_refused_exactly_when_a_begun_line_is_passed(
        self, drawn: tuple[list[LineId], set[LineId], list[LineId]]
    ) -> None:
        before, begun, after = drawn
        wronged = {line_id for line_id in begun if passed(before, after, line_id)}
        if not wronged:
            check_order(before=before, begun=begun, after=after)
            return
        with pytest.raises(QueueBegun) as refusal:
            check_order(before=before, begun=begun, after=after)
        named = {after[int(fault.pointer.removeprefix("/line_ids/"))] for fault in refusal.value.faults}
        assert named == wronged

    @given(queues())
    def test_may_be_any_order_while_nothing_is_begun(
        self, drawn: tuple[list[LineId], set[LineId], list[LineId]]
    ) -> None:
        before, _, after = drawn
        check_order(before=before, begun=set(), after=after)

    @given(queues(), st.data())
    def test_keeps_a_begun_head_at_the_head(
        self, drawn: tuple[list[LineId], set[LineId], list[LineId]], data: st.DataObject
    ) -> None:
        before, _, after = drawn
        begun = set(before[: data.draw(st.integers(1, len(before)))])
        try:
            check_order(before=before, begun=begun, after=after)
        except QueueBegun:
            return
        # a begun head keeps its very order, for each of it would else be passed by one behind it
        assert after[: len(begun)] == before[: len(begun)]

    @pytest.mark.parametrize(
        "after",
        [[A, B], [A, B, C, D], [A, B, D], [A, A, B], [A, B, C, C], []],
        ids=["one-missing", "one-too-many", "another", "twice-for-another", "twice", "nobody"],
    )
    def test_names_exactly_those_who_wait(self, after: list[LineId]) -> None:
        with pytest.raises(QueueChanged):
            check_order(before=[A, B, C], begun=set(), after=after)

    def test_lets_a_begun_line_move_forward(self) -> None:
        check_order(before=[A, B, C], begun={C}, after=[C, A, B])
        check_order(before=[A, B, C], begun={B}, after=[B, A, C])
        with pytest.raises(QueueBegun):
            check_order(before=[A, B, C], begun={A}, after=[B, A, C])
