"""Statistics codes and their levels (B81, B82)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Fault, Invalid
from domain.model.statcodes import StatAxis, stat_code

SEGMENTS = st.sets(st.integers(1, 8), max_size=4).map(lambda lengths: tuple(sorted(lengths)))
CODES = st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True)


def axis(*segments: int) -> StatAxis:
    return StatAxis(number=1, label="Clientèle", segments=segments)


def faults_of(*, number: int = 1, label: str = "x", segments: tuple[int, ...] = ()) -> tuple[Fault, ...]:
    with pytest.raises(Invalid) as refusal:
        StatAxis(number=number, label=label, segments=segments)
    return refusal.value.faults


class TestAnAxis:
    @pytest.mark.row("B82")
    @given(SEGMENTS)
    def test_has_at_most_four_rising_lengths_up_to_eight(self, segments: tuple[int, ...]) -> None:
        assert axis(*segments).segments == segments

    @pytest.mark.row("B82")
    @pytest.mark.parametrize("segments", [(0,), (-1, 2), (2, 2), (4, 2), (2, 9), (9,), (1, 2, 3, 4, 5)])
    def test_of_other_lengths_is_refused(self, segments: tuple[int, ...]) -> None:
        assert faults_of(segments=segments) == (Fault("segments", "/segments"),)

    @pytest.mark.row("B81")
    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_is_one_of_three_with_its_label(self, number: int) -> None:
        assert StatAxis(number=number, label="Secteur").number == number

    @pytest.mark.row("B81")
    @pytest.mark.parametrize("number", [0, 4])
    def test_beyond_three_or_without_label_is_refused(self, number: int) -> None:
        assert faults_of(number=number, label=" ", segments=(9,)) == (
            Fault("axis-number", "/number"),
            Fault("blank", "/label"),
            Fault("segments", "/segments"),
        )


class TestTheLevelsOfACode:
    @pytest.mark.row("B82")
    @pytest.mark.parametrize(
        ("segments", "code", "levels"),
        [
            ((2, 4, 8), "FR44ABCD", ["FR", "FR44", "FR44ABCD"]),
            ((2, 4, 8), "FR44", ["FR", "FR44"]),
            ((2, 4, 8), "FR44A", ["FR", "FR44", "FR44A"]),
            ((2, 4, 8), "F", ["F"]),
            ((2, 4), "FR44ABCD", ["FR", "FR44", "FR44ABCD"]),
            ((), "FR44", ["FR44"]),
            ((2, 4), "", []),
        ],
    )
    def test_are_its_cumulative_segments(self, segments: tuple[int, ...], code: str, levels: list[str]) -> None:
        assert axis(*segments).levels(code) == levels

    @pytest.mark.row("B82")
    @given(SEGMENTS, CODES)
    def test_each_begin_the_next_and_end_with_itself(self, segments: tuple[int, ...], code: str) -> None:
        levels = axis(*segments).levels(code)
        assert levels[-1] == code
        assert all(longer.startswith(shorter) and longer != shorter for shorter, longer in pairwise(levels))
        assert {len(level) for level in levels[:-1]} <= set(segments)


class TestAStatisticsCode:
    @pytest.mark.row("B82")
    @pytest.mark.parametrize(("text", "code"), [(" fr44 ", "FR44"), ("ABCDEFG8", "ABCDEFG8")])
    def test_is_kept_in_capitals(self, text: str, code: str) -> None:
        assert stat_code(text, pointer="/x") == code

    @pytest.mark.row("B82")
    @pytest.mark.parametrize("text", ["", " ", "ABCDEFGH9", "A-1", "É1", "A 1", "ß"])
    def test_of_another_form_is_refused(self, text: str) -> None:
        with pytest.raises(Invalid) as refusal:
            stat_code(text, pointer="/statistics/0")
        assert refusal.value.faults == (Fault("stat-code-format", "/statistics/0"),)
