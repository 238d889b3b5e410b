"""Links from card to card never run in a ring."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.links import closes_ring

CARDS = st.integers(0, 7)
LINKS = st.lists(st.tuples(CARDS, CARDS), max_size=40)


def runs_in_a_ring(links: dict[int, int]) -> bool:
    for start in links:
        here = start
        for _ in range(len(links)):
            here = links.get(here, -1)
            if here == start:
                return True
    return False


class TestALink:
    @pytest.mark.parametrize(
        ("start", "target", "follow", "closes"),
        [
            ("A", "A", {}, True),
            ("A", "B", {}, False),
            ("A", "B", {"B": "A"}, True),
            ("A", "B", {"B": "C", "C": "A"}, True),
            ("A", "B", {"B": "C"}, False),
            ("A", "B", {"A": "C", "C": "A"}, False),  # A leaves its old ring
            ("A", "B", {"B": "C", "C": "B"}, False),  # a ring in old data, and A is not in it
            ("A", "B", {"B": "B"}, False),
        ],
    )
    def test_closes_a_ring_when_its_end_leads_back(
        self, start: str, target: str, follow: dict[str, str], closes: bool
    ) -> None:
        assert closes_ring(start, target, follow) is closes

    @given(LINKS)
    def test_admitted_only_when_it_closes_none_leaves_no_ring(self, wishes: list[tuple[int, int]]) -> None:
        links: dict[int, int] = {}
        for start, target in wishes:
            if not closes_ring(start, target, links):
                links[start] = target
            assert not runs_in_a_ring(links)

    @given(st.dictionaries(CARDS, CARDS), CARDS, CARDS)
    def test_is_judged_right_on_any_data(self, links: dict[int, int], start: int, target: int) -> None:
        reached, here = {target}, target
        for _ in range(len(links) + 1):
            here = links.get(here, here)
            reached.add(here)
        assert closes_ring(start, target, links) is (start in reached)
