"""Numbers of the State and of GS1, and the codes the shop gives."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Fault, Invalid
from domain.model.identifiers import (
    automatic_code,
    gln,
    padded_code,
    siren,
    siren_of,
    siret,
    sub_code,
    vat_number,
)

CODES = st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True)


def fault_of(ask: Callable[[], object]) -> Fault:
    with pytest.raises(Invalid) as refusal:
        ask()
    (fault,) = refusal.value.faults
    return fault


class TestASiret:
    @pytest.mark.parametrize("text", ["732 829 320 00074", "73282932000074", " 732.829.320.00074\u00a0"])
    def test_is_kept_as_fourteen_digits(self, text: str) -> None:
        assert siret(text) == "73282932000074"

    @pytest.mark.parametrize("text", ["35600000000048", "35600000049837"])
    def test_of_la_poste_follows_its_own_rule(self, text: str) -> None:
        assert siret(text) == text

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "siret-format"),
            ("7328293200007", "siret-format"),
            ("732829320000744", "siret-format"),
            ("7328293200007X", "siret-format"),
            ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "siret-format"),
            ("73282932000079", "siret-check"),
            ("35600000049838", "siret-check"),
        ],
    )
    def test_of_another_form_or_check_is_refused(self, text: str, code: str) -> None:
        assert fault_of(lambda: siret(text, pointer="/firm/siret")) == Fault(code, "/firm/siret")

    @given(st.integers(0, 13), st.integers(1, 9))
    def test_with_one_wrong_digit_is_refused(self, place: int, by: int) -> None:
        text = "73282932000074"
        wrong = text[:place] + str((int(text[place]) + by) % 10) + text[place + 1 :]
        assert fault_of(lambda: siret(wrong)) == Fault("siret-check", "/siret")

    def test_begins_with_the_siren_of_the_firm(self) -> None:
        assert siren_of("732 829 320 00074") == "732829320"
        assert fault_of(lambda: siren_of("732829320")) == Fault("siret-format", "/siret")


class TestASiren:
    def test_is_kept_as_nine_digits(self) -> None:
        assert siren("404 833 048") == "404833048"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "siren-format"),
            ("40483304", "siren-format"),
            ("4048330488", "siren-format"),
            ("404833047", "siren-check"),
        ],
    )
    def test_of_another_form_or_check_is_refused(self, text: str, code: str) -> None:
        assert fault_of(lambda: siren(text)) == Fault(code, "/siren")


class TestAVatNumber:
    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("fr 44 732 829 320", "FR44732829320"),
            ("44 732 829 320", "FR44732829320"),
            ("FR-44.732.829.320", "FR44732829320"),
            ("FRK7399859412", "FRK7399859412"),
            ("FR83404833048", "FR83404833048"),
            ("ATU 57194903", "ATU57194903"),
            ("BE697449992", "BE0697449992"),
            ("EL 094259216", "EL094259216"),
            ("GR094259216", "EL094259216"),
            ("DE 136,695 976", "DE136695976"),
        ],
    )
    def test_is_kept_compact_with_its_country(self, text: str, kept: str) -> None:
        assert vat_number(text) == kept
        assert vat_number(kept) == kept

    def test_whose_key_is_fr_keeps_its_country(self) -> None:
        found = []
        for counter in range(100_000_000, 100_003_000):
            try:
                found.append(vat_number(f"FRFR{counter}"))
            except Invalid:
                continue
        assert found
        assert all(re.fullmatch(r"FRFR[0-9]{9}", number) for number in found)
        assert [vat_number(number) for number in found] == found

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "FR",
            "FR45732829320",
            "45732829320",
            "FR732829320",
            "732829320",
            "US123456789",
            "FR44732829329",
            "CHE107787577",
        ],
    )
    def test_that_does_not_hold_is_refused(self, text: str) -> None:
        assert fault_of(lambda: vat_number(text, pointer="/firm/vat")) == Fault("vat-number", "/firm/vat")

    @settings(deadline=None)  # each country's rules are loaded at its first number
    @given(st.text(max_size=20) | st.from_regex(r"(FR|BE|ES|EL|NL|XI|IE)[A-Z0-9 .-]{0,14}", fullmatch=True))
    def test_is_kept_or_refused_whatever_is_written(self, text: str) -> None:
        try:
            kept = vat_number(text)
        except Invalid:
            return
        assert vat_number(kept) == kept


class TestAGln:
    def test_is_kept_as_thirteen_digits(self) -> None:
        assert gln("30 12345 60000 2") == "3012345600002"

    @pytest.mark.parametrize(
        "text", ["", "301234560000", "3012345600004", "73513537", "98412345678908", "301234560000X"]
    )
    def test_of_another_form_or_check_is_refused(self, text: str) -> None:
        assert fault_of(lambda: gln(text)) == Fault("gln", "/gln")


class TestACode:
    @pytest.mark.row("B6")
    @pytest.mark.parametrize("text", ["c1", "C10", "C100", " C1000000 "])
    def test_that_ends_with_a_digit_is_completed_with_zeros(self, text: str) -> None:
        assert padded_code(text, right_zeros=True) == "C1000000"

    @pytest.mark.row("B6")
    @pytest.mark.parametrize(("text", "code"), [("c1", "C1"), ("C10", "C10"), ("dupond", "DUPOND")])
    def test_is_as_written_without_the_old_rule(self, text: str, code: str) -> None:
        assert padded_code(text, right_zeros=False) == code

    @pytest.mark.row("B6")
    def test_that_ends_with_a_letter_is_as_written(self) -> None:
        assert padded_code("7dupond", right_zeros=True) == "7DUPOND"

    @pytest.mark.row("B6")
    @given(CODES, st.booleans())
    def test_completed_twice_is_the_same(self, text: str, right_zeros: bool) -> None:
        once = padded_code(text, right_zeros=right_zeros)
        assert padded_code(once, right_zeros=right_zeros) == once
        assert once.startswith(text.upper())
        assert re.fullmatch(r"[A-Z0-9]{1,8}", once)

    @pytest.mark.row("B6")
    @pytest.mark.parametrize("text", ["", " ", "ABCDEFGH9", "A-1", "É1", "A 1", "ß", "٤"])
    def test_of_another_form_is_refused(self, text: str) -> None:
        assert fault_of(lambda: padded_code(text, right_zeros=True)) == Fault("code-format", "/code")


class TestAnAutomaticCode:
    @pytest.mark.row("B7")
    @pytest.mark.parametrize(
        ("prefix", "counter", "code"),
        [("C", 42, "C0000042"), ("C", 9_999_999, "C9999999"), ("", 7, "00000007"), ("ABCDEFG", 9, "ABCDEFG9")],
    )
    def test_is_filled_with_zeros_on_the_left(self, prefix: str, counter: int, code: str) -> None:
        assert automatic_code(prefix, counter) == code

    @pytest.mark.row("B7")
    @given(st.from_regex(r"[A-Z0-9]{0,4}", fullmatch=True), st.integers(0, 9_999))
    def test_is_a_code_that_nothing_completes(self, prefix: str, counter: int) -> None:
        code = automatic_code(prefix, counter)
        assert len(code) == 8
        assert padded_code(code, right_zeros=True) == code
        assert automatic_code(prefix, counter + 1 if counter < 9_999 else 0) != code

    @pytest.mark.row("B7")
    @pytest.mark.parametrize(("prefix", "counter"), [("C", 10_000_000), ("ABCDEFGH", 0), ("ABCDEFGHI", 1), ("C", -1)])
    def test_that_does_not_fit_is_refused(self, prefix: str, counter: int) -> None:
        assert fault_of(lambda: automatic_code(prefix, counter)) == Fault("counter-exhausted", "/code")

    @pytest.mark.parametrize("prefix", ["c", "É", "C-", " "])
    def test_begins_as_a_code_does(self, prefix: str) -> None:
        assert fault_of(lambda: automatic_code(prefix, 1)) == Fault("code-format", "/code")


class TestASubCode:
    @pytest.mark.row("B57")
    @pytest.mark.parametrize(
        ("wanted", "taken", "code"),
        [
            ("Nantes", [], "NANTES1"),
            ("Nantes", ["NANTES1"], "NANTES2"),
            ("Nantes", ["NANTES2"], "NANTES1"),
            ("Nantes", ["nantes1"], "NANTES2"),
            ("Saint-Herblain", [], "SAINTHE1"),
            ("Évry", [], "EVRY1"),
            ("Nantes", [f"NANTES{n}" for n in range(1, 100)], "NANTE100"),
            ("???", [], "X1"),
            ("", ["X1"], "X2"),
        ],
    )
    def test_is_the_beginning_and_the_first_free_number(self, wanted: str, taken: list[str], code: str) -> None:
        assert sub_code(wanted, taken=taken) == code

    @pytest.mark.row("B57")
    @given(st.lists(st.text(max_size=12), max_size=40), st.integers(2, 8))
    def test_is_never_taken_and_never_too_long(self, wishes: list[str], length: int) -> None:
        taken: set[str] = set()
        for wanted in wishes:
            code = sub_code(wanted, taken=taken, length=length)
            assert code not in taken
            assert re.fullmatch(r"[A-Z0-9]+", code)
            assert len(code) <= length
            taken.add(code)

    @pytest.mark.row("B57")
    def test_is_refused_when_every_number_is_taken(self) -> None:
        taken = [str(n) for n in range(1, 10)]
        assert fault_of(lambda: sub_code("A", taken=taken, length=1)) == Fault("counter-exhausted", "/code")
        assert fault_of(lambda: sub_code("A", taken=[], length=0)) == Fault("counter-exhausted", "/code")
