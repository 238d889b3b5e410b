"""Near names: what is found without comparing all with all, and how likely it is said to be."""

import string
from itertools import combinations
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from domain.model.values import folded
from domain.queries.duplicates import Reason
from infra.readers.duplicates import NEAR, near_names, score_of

SPACE = UUID(int=0)
FIRST = ("Marie", "Julie", "Claire", "Jean-Pierre", "Hélène", "Yohann", "Anne", "Paul", "Zoé", "Sébastien")
LAST = ("MARTIN", "LEFÈVRE", "LE GOFF", "DURAND", "NICOLAS", "ELMI-GANI", "DUPONT", "CŒUR", "ROUSSEAU", "BERNARD")


def card(name: str, first_name: str | None = None, *, n: int = 0, town: str | None = "NANTES", **more: Any) -> Any:
    return {
        "customer_id": uuid5(SPACE, f"{n}"),
        "name": name,
        "first_name": first_name,
        "name_key": folded(f"{name} {first_name or ''}"),
        "town_key": town,
        "postal_code": None,
        **more,
    }


@st.composite
def slips(draw: st.DrawFn) -> str:
    """A person's name with one slip of the pen or none, its words in any order."""
    words = folded(f"{draw(st.sampled_from(LAST))} {draw(st.sampled_from(FIRST))}").split()
    which = draw(st.integers(0, len(words) - 1))
    word, place = words[which], draw(st.integers(0, len(words[which])))
    letter = draw(st.sampled_from(string.ascii_uppercase))
    words[which] = draw(
        st.sampled_from((word, word[:place] + letter + word[place:], word[:place] + word[place + 1 :] or letter))
    )
    return " ".join(draw(st.permutations(words)))


def found(cards: list[Any]) -> set[frozenset[UUID]]:
    return {frozenset(pair) for pair in near_names(cards)}


@pytest.mark.row("C9", "P22")
class TestNearNames:
    @settings(max_examples=200, deadline=None)
    @given(names=st.lists(slips(), min_size=2, max_size=25))
    def test_are_all_found_that_comparing_all_with_all_finds(self, names: list[str]) -> None:
        cards = [card(name, n=n) for n, name in enumerate(names)]
        expected = {
            frozenset((one["customer_id"], other["customer_id"]))
            for one, other in combinations(cards, 2)
            if fuzz.token_sort_ratio(one["name_key"], other["name_key"]) >= NEAR
        }
        assert found(cards) == expected

    def test_are_not_looked_for_without_a_place_or_a_letter(self) -> None:
        nowhere = [card("MARTIN", n=n, town=None) for n in range(2)]
        nobody = [card("—", n=n) for n in range(2, 4)]
        assert found([*nowhere, *nobody]) == set()

    def test_are_looked_for_in_one_place(self) -> None:
        here, there = card("MARTIN", n=1), card("MARTIN", n=2, town="REZE")
        code = card("MARTIN", n=3, town=None, postal_code="44000")
        same_code = card("MARTIN", n=4, town="", postal_code="44000")
        assert found([here, there, code, same_code]) == {frozenset((code["customer_id"], same_code["customer_id"]))}


@pytest.mark.row("C9")
class TestAScore:
    @pytest.mark.parametrize(
        ("reason", "one", "other", "score"),
        [
            (Reason.EMAIL, card("MARTIN", "Claire"), card("Claire", "MARTIN"), 100),
            (Reason.SIRET, card("MAIRIE"), card("MAIRIE"), 100),
            (Reason.PHONE, card("MARTIN", "Claire"), card("MARTIN", "Claire"), 90),
            (Reason.NAME, card("MARTIN", "Claire"), card("MARTIN", "Claire"), 80),
            (Reason.PHONE, card("MARTIN", "Claire"), card("MARTIN"), 80),
        ],
    )
    def test_is_higher_for_what_tells_more(self, reason: Reason, one: Any, other: Any, score: int) -> None:
        assert abs(score_of(reason, one, other) - score) <= 3

    @pytest.mark.parametrize("reason", [Reason.EMAIL, Reason.PHONE])
    def test_is_halved_for_two_persons_who_share_it(self, reason: Reason) -> None:
        claire, clair, hugo = (card("MARTIN", name) for name in ("Claire", "Clair", "Hugo"))
        assert score_of(reason, claire, hugo) < 50 < score_of(reason, claire, clair)
        assert score_of(reason, claire, card("MARTIN")) > 50  # a first name that is not known speaks against nothing

    @given(
        reason=st.sampled_from(Reason),
        names=st.lists(st.sampled_from((*LAST, "")), min_size=2, max_size=2),
        first_names=st.lists(st.sampled_from((*FIRST, None)), min_size=2, max_size=2),
    )
    def test_is_the_same_both_ways_from_0_to_100(
        self, reason: Reason, names: list[str], first_names: list[str | None]
    ) -> None:
        one, other = (card(name, first) for name, first in zip(names, first_names, strict=True))
        assert 0 <= score_of(reason, one, other) == score_of(reason, other, one) <= 100
