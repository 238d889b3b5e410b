"""The address as printed, and what is said about it (R27)."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.postal import AddressWarning, address_lines, address_warnings, department
from domain.model.values import PostalAddress

SIGNS = st.one_of(st.characters(codec="utf-8"), st.sampled_from("éèçœÉŒß'\u2019,.-/° \t\nabcXYZ0123456789\u02bc"))
TEXTS = st.none() | st.text(SIGNS, max_size=50)
ADDRESSES = st.builds(
    PostalAddress,
    recipient=TEXTS,
    complement=TEXTS,
    building=TEXTS,
    street=TEXTS,
    locality=TEXTS,
    postal_code=TEXTS,
    town=TEXTS,
    country=st.sampled_from(["FR", "BE", "GR"]),
)
NANTES = PostalAddress(
    recipient="Mme  Anne Dupond",
    complement="Chez M. Durand, 2e étage",
    building="Bât. B / Résidence de l'Erdre",
    street="12 bis, rue de l'Église",
    locality="B.P. 12-34",
    postal_code="44000",
    town="Nantes-Cœur-d'Été Cedex 1",
)
BRUSSELS = PostalAddress(street="Rue Neuve, 12", postal_code="1000", town="Bruxelles", country="BE")


def codes(address: PostalAddress, *, name: str = "MARTIN") -> list[tuple[str, str]]:
    return [(warning.code, warning.part) for warning in address_warnings(address, name=name)]


class TestAPrintedAddress:
    @pytest.mark.row("B14")
    def test_follows_the_norm_line_by_line(self) -> None:
        assert address_lines(NANTES, name="DUPOND") == [
            "Mme Anne Dupond",
            "Chez M. Durand, 2e étage",
            "Bât. B / Résidence de l'Erdre",
            "12 BIS RUE DE L ÉGLISE",
            "B P 12 34",
            "44000 NANTES COEUR D ETE CEDEX 1",
        ]

    @pytest.mark.parametrize("recipient", [None, "", " \t"])
    def test_begins_with_the_name_of_the_card_when_it_names_nobody(self, recipient: str | None) -> None:
        assert address_lines(replace(NANTES, recipient=recipient), name=" Anne\nMARTIN ")[0] == "Anne MARTIN"

    def test_leaves_out_what_is_not_given(self) -> None:
        assert address_lines(PostalAddress(street=" ", town="Nantes"), name="MARTIN") == ["MARTIN", "NANTES"]
        assert address_lines(PostalAddress(), name=" ") == []

    @pytest.mark.row("B14")
    def test_ends_with_the_country_abroad_only(self) -> None:
        assert address_lines(BRUSSELS, name="MARTIN") == ["MARTIN", "RUE NEUVE 12", "1000 BRUXELLES", "BE"]
        assert address_lines(BRUSSELS, name="MARTIN", country_name="Belgique")[-1] == "BELGIQUE"
        assert address_lines(replace(BRUSSELS, country=" be"), name="M", country_name="États-Unis")[-1] == "ETATS UNIS"
        assert address_lines(replace(NANTES, country="fr "), name="M", country_name="France")[-1].startswith("44000")

    def test_keeps_letters_of_other_alphabets(self) -> None:
        assert address_lines(PostalAddress(town="नई दिल्ली", country="IN"), name="M") == ["M", "नई दिल्ली", "IN"]
        greek = PostalAddress(street="Ερμού 5", postal_code="105 63", town="Αθήνα", country="GR")
        assert address_lines(greek, name="M", country_name="Grèce") == ["M", "ΕΡΜΟΎ 5", "105 63 ΑΘΉΝΑ", "GRECE"]

    def test_takes_the_breton_apostrophe_for_one(self) -> None:
        breton = PostalAddress(street="Rue Pontc\u02bchoat", town="Nantes")
        assert address_lines(breton, name="M") == ["M", "RUE PONTC HOAT", "NANTES"]
        assert ("punctuation", "street") in codes(breton)

    def test_has_no_accent_in_the_town_however_it_is_encoded(self) -> None:
        town = unicodedata.normalize("NFD", "Orléans")
        assert address_lines(PostalAddress(town=town), name="M")[-1] == "ORLEANS"
        assert address_lines(PostalAddress(town="Kin\u0307\u0301sale"), name="M")[-1] == "KINSALE"

    @given(ADDRESSES, st.text(SIGNS, max_size=50))
    def test_has_six_lines_at_most_and_seven_abroad_none_empty(self, address: PostalAddress, name: str) -> None:
        lines = address_lines(address, name=name)
        assert len(lines) <= 6 + (address.country != "FR")
        assert all(line and line == " ".join(line.split()) for line in lines)

    @given(ADDRESSES)
    def test_has_neither_punctuation_nor_small_letters_from_line_4(self, address: PostalAddress) -> None:
        below = replace(address, recipient=None, complement=None, building=None)
        for line in address_lines(below, name="", country_name="Côte d'Ivoire"):
            assert not {unicodedata.category(sign)[0] for sign in line.replace(" ", "")} - set("LNM")
            assert not any(
                sign.upper() != sign for sign in unicodedata.normalize("NFC", line.upper()) if sign.isascii()
            )
            assert "\u02bc" not in line
            assert not any(sign.islower() and sign.upper() != sign for sign in line)

    @given(st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=200))
    def test_is_never_cut(self, text: str) -> None:
        long = PostalAddress(recipient=text, complement=text, building=text, street=text, locality=text, town=text)
        assert address_lines(long, name="M") == [text] * 3 + [text.upper()] * 3


class TestAnAddressLookedAt:
    @given(st.text(SIGNS, max_size=80), st.sampled_from(["FR", "BE"]))
    def test_says_nothing_when_nothing_is_given(self, name: str, country: str) -> None:
        assert address_warnings(PostalAddress(street=" ", country=country), name=name) == []

    @pytest.mark.row("B14")
    def test_says_nothing_when_all_is_well(self) -> None:
        well = PostalAddress(street="12 rue de la Paix", postal_code="44000", town="Nantes")
        assert codes(well) == []
        assert codes(replace(well, locality="Le Bourg", street=None)) == []

    @pytest.mark.row("B14")
    def test_says_which_line_is_too_long_and_by_how_much(self) -> None:
        well = PostalAddress(street="x" * 38, postal_code="44000", town="x" * 32)
        assert codes(well, name="x" * 38) == []
        assert address_warnings(replace(well, street="x" * 39), name="M") == [
            AddressWarning("line-too-long", "street", (("length", 39), ("limit", 38)))
        ]
        assert codes(replace(well, town="x" * 33)) == [("line-too-long", "town")]
        assert codes(well, name="x" * 39) == [("line-too-long", "name")]
        assert codes(replace(well, recipient="x" * 39)) == [("line-too-long", "recipient")]
        assert codes(replace(well, complement="x" * 39, building="x" * 39)) == [
            ("line-too-long", "complement"),
            ("line-too-long", "building"),
        ]

    def test_names_the_punctuation_from_line_4(self) -> None:
        marked = PostalAddress(
            complement="Chez M. X", street="12, rue d'Été, l'île", locality="B.P. 3", postal_code="44000", town="A-B"
        )
        assert address_warnings(marked, name="M.") == [
            AddressWarning("punctuation", "street", (("characters", ",'"),)),
            AddressWarning("punctuation", "locality", (("characters", "."),)),
            AddressWarning("punctuation", "town", (("characters", "-"),)),
        ]

    @pytest.mark.parametrize("text", ["4400", "440000", "44 000", "F-44000", "٤٤٠٠٠"])
    def test_wants_five_digits_of_a_french_postal_code(self, text: str) -> None:
        address = PostalAddress(street="Rue", postal_code=text, town="Nantes")
        assert address_warnings(address, name="M") == [
            AddressWarning("postal-code-form", "postal_code", (("postal_code", text),))
        ]
        assert codes(replace(address, country="BE")) == []

    def test_names_what_is_missing(self) -> None:
        assert codes(PostalAddress(recipient="X")) == [
            ("street-and-locality-missing", "street"),
            ("postal-code-missing", "postal_code"),
            ("town-missing", "town"),
        ]
        assert codes(PostalAddress(street="Rue", postal_code="44000")) == [("town-missing", "town")]
        assert codes(PostalAddress(street="Rue", town="Nantes")) == [("postal-code-missing", "postal_code")]
        assert codes(PostalAddress(street="Street", town="Dubai", country="AE")) == []

    @given(ADDRESSES, st.text(SIGNS, max_size=50))
    def test_never_refuses(self, address: PostalAddress, name: str) -> None:
        for warning in address_warnings(address, name=name):
            assert warning.part == "name" or hasattr(address, warning.part)


class TestADepartment:
    @pytest.mark.parametrize(
        ("postal_code", "expected"),
        [
            ("44000", "44"),
            ("01000", "01"),
            ("95000", "95"),
            (" 75001 ", "75"),
            ("97400", "974"),
            ("98800", "988"),
            ("20000", "2A"),
            ("20137", "2A"),
            ("20200", "2B"),
            ("20600", "2B"),
            ("00100", None),
            ("96000", None),
            ("99000", None),
            ("4400", None),
            ("", None),
            (None, None),
        ],
    )
    def test_is_read_from_the_postal_code(self, postal_code: str | None, expected: str | None) -> None:
        assert department(postal_code, "FR") == expected

    def test_is_none_abroad(self) -> None:
        assert department("44000", "DE") is None
