"""Telephone numbers, banks, countries and languages, as the libraries know them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.directory import Bank, Directory

DIRECTORY = Directory()
WARMING_UP = settings(deadline=None)
"""The first look-up loads a register."""


class TestATelephoneNumber:
    @pytest.mark.parametrize(
        "text",
        [
            "06 06 06 06 07",
            "+33 6 06 06 06 07",
            "0033606060607",
            "06.06.06.06.07",
            "06-06-06-06-07",
            "+33 (0)6 06 06 06 07",
            "06 06 06 06 07 poste 12",
            "06 06 06 06 07 x12",
            "Tél. 06 06 06 06 07 (bureau)",
            "06 06 06 06 07 le soir",
            "06 06 06 06 07 / 01 42 34 56 78",
            "\u00a006\u00a006\u00a006\u00a006\u00a007",
        ],
    )
    def test_has_one_key_however_it_is_written(self, text: str) -> None:
        assert DIRECTORY.phone_key(text) == "+33606060607"

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("36 30", "3630"),
            ("36 30 poste 12", "3630"),
            ("36 30 poste", "3630"),
            ("118 218", "118218"),
            ("17", "17"),
            ("06 06", "0606"),
            (None, None),
            ("", None),
            ("néant", None),
            ("+", None),
        ],
    )
    def test_that_is_none_has_its_digits_for_key(self, text: str | None, key: str | None) -> None:
        assert DIRECTORY.phone_key(text) == key

    def test_is_read_in_its_country(self) -> None:
        assert DIRECTORY.phone_key("02 512 34 56", country="be") == "+3225123456"
        assert DIRECTORY.phone_key("+32 2 512 34 56") == "+3225123456"
        assert DIRECTORY.phone_key("06 06 06 06 07", country="") == "0606060607"
        assert DIRECTORY.phone_key("555-0134", country="US") == "5550134"

    @WARMING_UP
    @given(st.integers(600_000_000, 799_999_999), st.sampled_from(["0{}", "+33 {}", "0033{}", "+33 (0){}"]))
    def test_has_the_key_of_any_of_its_forms(self, number: int, form: str) -> None:
        assert DIRECTORY.phone_key(form.format(number)) == f"+33{number}"

    @WARMING_UP
    @given(st.text(max_size=60) | st.from_regex(r"[0-9+ ().a-z#-]{0,40}", fullmatch=True))
    def test_is_read_without_a_fall_whatever_is_written(self, text: str) -> None:
        key = DIRECTORY.phone_key(text)
        assert key is None or re.fullmatch(r"\+?[0-9]+", key)
        if key is not None and key.startswith("+"):
            assert DIRECTORY.phone_key(key) == key
        assert isinstance(DIRECTORY.phone_shown(text), str)
        assert DIRECTORY.phone_is_valid(text) or not DIRECTORY.phone_is_mobile(text)

    def test_is_no_number_beyond_what_a_line_holds(self) -> None:
        assert DIRECTORY.phone_key("0" * 5_000) == "0" * 5_000

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("0606060607", "06 06 06 06 07"),
            ("+33606060607", "06 06 06 06 07"),
            ("3225123456", "3225123456"),
            ("+3225123456", "+32 2 512 34 56"),
            ("3630", "3630"),
            ("36 30 poste", "36 30 poste"),
            ("0606060607 le soir", "0606060607 le soir"),
            ("0606060607 poste 12", "0606060607 poste 12"),
            ("", ""),
        ],
    )
    def test_is_shown_as_written_at_home_or_with_its_country(self, text: str, shown: str) -> None:
        assert DIRECTORY.phone_shown(text) == shown

    def test_is_shown_with_its_country_when_dialled_from_there(self) -> None:
        assert DIRECTORY.phone_shown("02 512 34 56", country=" be") == "+32 2 512 34 56"

    @pytest.mark.parametrize(
        ("text", "valid", "mobile"),
        [
            ("06 06 06 06 07", True, True),
            ("07 56 78 90 12", True, True),
            ("01 42 34 56 78", True, False),
            ("+32 470 12 34 56", True, True),
            ("+1 202 456 1111", True, True),
            ("06 06 06 06 0", False, False),
            ("36 30", False, False),
            (None, False, False),
        ],
    )
    def test_is_valid_and_mobile_as_the_plan_says(self, text: str | None, valid: bool, mobile: bool) -> None:
        assert DIRECTORY.phone_is_valid(text) is valid
        assert DIRECTORY.phone_is_mobile(text) is mobile


class TestABank:
    def test_is_found_by_the_iban(self) -> None:
        assert DIRECTORY.bank("FR14 2004 1010 0505 0001 3M02 606") == Bank(name="LA BANQUE POSTALE", bic="PSSTFRPP")

    @pytest.mark.parametrize("text", ["FR7699999000011234567890189", "BE68539007547034", "XX00", "", "FR", "néant"])
    def test_unknown_or_of_no_iban_is_none(self, text: str) -> None:
        assert DIRECTORY.bank(text) is None

    @WARMING_UP
    @given(st.text(max_size=40) | st.from_regex(r"(FR|DE|BE|IT)[0-9A-Z]{0,30}", fullmatch=True))
    def test_is_looked_up_without_a_fall_whatever_is_written(self, text: str) -> None:
        found = DIRECTORY.bank(text)
        assert found is None or found.name


class TestTheCountries:
    @pytest.mark.row("B14")
    def test_are_those_of_iso_3166_in_the_order_of_their_names(self) -> None:
        countries = DIRECTORY.countries("fr")
        assert len(countries) == 249
        assert {"FR", "MC", "RE", "BE", "US"} <= set(countries)
        assert not {"EU", "XK", "UN", "ZZ", "IC"} & set(countries)
        assert next(iter(countries.values())) == "Afghanistan"
        assert list(countries).index("US") < list(countries).index("FR")

    @pytest.mark.row("B14")
    def test_have_a_name_in_each_language(self) -> None:
        assert DIRECTORY.country_name("be") == "Belgique"
        assert DIRECTORY.country_name("BE", "en") == "Belgium"
        assert DIRECTORY.country_name("QQ") == "QQ"

    def test_are_not_changed_by_who_reads_them(self) -> None:
        DIRECTORY.countries("fr").clear()
        assert DIRECTORY.country_name("FR") == "France"


class TestTheLanguages:
    def test_are_the_usual_ones_with_their_names(self) -> None:
        languages = DIRECTORY.languages("fr")
        assert 30 <= len(languages) <= 40
        assert (languages["fr"], languages["br"], languages["de"]) == ("français", "breton", "allemand")
        assert DIRECTORY.languages("en")["de"] == "German"
        assert next(iter(languages.values())) == "allemand"
