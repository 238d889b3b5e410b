"""Values: valid from birth, and folded as the old screens fold them (O2)."""

import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.model.identifiers import automatic_code, padded_code
from domain.model.values import Contact, cents, ean13, folded, short_name

ORDER_46407 = (
    "9791094908020",
    "9782364744103",
    "9782364749276",
    "9782203029842",
    "9782092512746",
    "9782211038614",
    "9782871427827",
    "9782871427704",
    "9782211217088",
    "9782211220477",
)
"""The ten EANs of the old screen."""
MARKS = "éèêëàâäùûüôöîïçñÿÉÈÊËÀÂÄÙÛÜÔÖÎÏÇÑŸœŒæÆßøØłŁ"
TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(MARKS + " -'")), max_size=60)


def fault_of(text: str) -> str:
    with pytest.raises(Invalid) as refusal:
        ean13(text)
    (fault,) = refusal.value.faults
    assert fault.pointer == "/ean"
    return fault.code


class TestAnEan:
    @pytest.mark.parametrize("text", ORDER_46407)
    def test_of_order_46407_is_valid(self, text: str) -> None:
        assert ean13(text) == text

    @pytest.mark.parametrize(
        "text", ["", "978221121708", "97822112170888", "978221121708X", "٩782211217088", "9782211217088\n"]
    )
    def test_has_exactly_thirteen_digits(self, text: str) -> None:
        assert fault_of(text) == "ean-format"

    @given(st.sampled_from(ORDER_46407), st.integers(0, 12), st.integers(1, 9))
    def test_with_one_wrong_digit_is_refused(self, text: str, place: int, by: int) -> None:
        wrong = str((int(text[place]) + by) % 10)
        assert fault_of(text[:place] + wrong + text[place + 1 :]) == "ean-check-digit"


class TestAFoldedText:
    @given(TEXTS)
    def test_holds_capitals_digits_and_single_spaces_only(self, text: str) -> None:
        words = folded(text).split(" ")
        assert set(folded(text)) <= set(string.ascii_uppercase + string.digits + " ")
        assert words == [""] or all(words)

    @given(TEXTS)
    def test_stays_the_same_when_folded_again(self, text: str) -> None:
        assert folded(folded(text)) == folded(text)

    @given(TEXTS)
    def test_is_the_same_for_small_letters(self, text: str) -> None:
        plain = "".join(letter for letter in text if letter in MARKS + string.ascii_letters + " -'")
        assert folded(plain.lower()) == folded(plain.upper())

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("  Œuvre-complète, l'été ", "OEUVRE COMPLETE L ETE"),
            ("CŒUR DE PIRATE", "COEUR DE PIRATE"),
            ("Ægypan & Cie 3", "AEGYPAN CIE 3"),
            ("Straße", "STRASSE"),
            ("Ångström Łódź Ørsted", "ANGSTROM LODZ ORSTED"),
            ("e\u0301te\u0301", "ETE"),
            ("ﬁancée", "FIANCEE"),
            ("???", ""),
        ],
    )
    def test_has_neither_accents_nor_ligatures(self, text: str, expected: str) -> None:
        assert folded(text) == expected


class TestAShortName:
    @given(TEXTS)
    def test_holds_capitals_and_digits_only(self, text: str) -> None:
        assert set(short_name(text)) <= set(string.ascii_uppercase + string.digits)
        assert short_name(short_name(text)) == short_name(text)

    def test_is_the_name_drawn_together(self) -> None:
        assert short_name("L'Œuvre d'Été, n° 3") == "LOEUVREDETEN3"


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "rounded"),
        [("0.005", "0.01"), ("0.0049", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("3", "3.00")],
    )
    def test_is_rounded_to_the_cent_halves_up(self, amount: str, rounded: str) -> None:
        assert str(cents(Decimal(amount))) == rounded

    @given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
    def test_moves_by_half_a_cent_at_most(self, amount: Decimal) -> None:
        assert abs(cents(amount) - amount) <= Decimal("0.005")
        assert cents(cents(amount)) == cents(amount)


class TestACustomersCode:
    @pytest.mark.parametrize(("text", "code"), [(" c12 ", "C12"), ("ABCDEFG8", "ABCDEFG8"), ("1", "1")])
    def test_is_capitals_and_digits(self, text: str, code: str) -> None:
        assert padded_code(text, right_zeros=False) == code

    @pytest.mark.parametrize("text", ["", " ", "ABCDEFGH9", "A-1", "É1", "A 1"])
    def test_of_another_form_is_refused(self, text: str) -> None:
        with pytest.raises(Invalid):
            padded_code(text, right_zeros=False)

    @given(st.integers(1, 9_999_999))
    def test_made_automatically_is_a_code(self, counter: int) -> None:
        assert padded_code(automatic_code("C", counter), right_zeros=False) == automatic_code("C", counter)
        assert automatic_code("C", 42) == "C0000042"


class TestAContact:
    @pytest.mark.row("A3")
    def test_needs_a_name_and_no_more(self) -> None:
        assert Contact(name="MARTIN").address.country == "FR"
        with pytest.raises(Invalid):
            Contact(name=" \t")
