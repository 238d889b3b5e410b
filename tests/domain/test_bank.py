"""RIB, IBAN and BIC: the keys are right, or the account is refused (R28)."""

import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as published

from domain.errors import Fault, Invalid
from domain.model.bank import Rib, bic, iban, iban_of_rib, rib_key

FIVE = st.text(string.digits, min_size=5, max_size=5)
ACCOUNTS = st.text(string.digits + string.ascii_uppercase, min_size=11, max_size=11)
RIBS = st.builds(
    lambda bank, branch, account: Rib(bank=bank, branch=branch, account=account, key=rib_key(bank, branch, account)),
    FIVE,
    FIVE,
    ACCOUNTS,
)
POSTE = "FR14 2004 1010 0505 0001 3M02 606"
MONACO = "MC58 1122 2000 0101 2345 6789 030"


def fault_of(ask: Callable[[], object]) -> Fault:
    with pytest.raises(Invalid) as refusal:
        ask()
    (fault,) = refusal.value.faults
    return fault


class TestARib:
    @pytest.mark.row("B44", "B58")
    def test_of_the_public_sample_has_key_06(self) -> None:
        assert rib_key("20041", "01005", "0500013M026") == "06"

    @pytest.mark.parametrize(
        ("letters", "digits"), [("ABCDEFGHI", "123456789"), ("JKLMNOPQR", "123456789"), ("STUVWXYZ", "23456789")]
    )
    def test_reads_a_letter_as_its_digit(self, letters: str, digits: str) -> None:
        for letter, digit in zip(letters, digits, strict=True):
            assert rib_key("20041", "01005", f"0500013{letter}026") == rib_key("20041", "01005", f"0500013{digit}026")
            assert rib_key(f"2004{letter}", "01005", "05000130026") == rib_key(f"2004{digit}", "01005", "05000130026")

    @pytest.mark.row("B44")
    @given(RIBS)
    def test_makes_a_valid_iban_and_comes_back_from_it(self, rib: Rib) -> None:
        assert published.is_valid(rib.iban)
        assert len(rib.iban) == 27
        assert iban(rib.iban) == rib.iban
        assert Rib.of_iban(rib.iban) == rib

    @given(RIBS)
    def test_has_a_key_from_01_to_97(self, rib: Rib) -> None:
        assert 1 <= int(rib.key) <= 97

    @pytest.mark.row("B44")
    @given(RIBS, st.integers(1, 96))
    def test_of_another_key_is_refused(self, rib: Rib, by: int) -> None:
        other = f"{(int(rib.key) + by - 1) % 97 + 1:02d}"
        fault = fault_of(lambda: Rib(bank=rib.bank, branch=rib.branch, account=rib.account, key=other))
        assert fault == Fault("rib-key", "/rib")

    @pytest.mark.parametrize(
        ("bank", "branch", "account", "key"),
        [
            ("2004", "101005", "0500013M026", "06"),
            ("2004A", "01005", "0500013M026", "06"),
            ("20041", "01005", "0500013m026", "06"),
            ("20041", "01005", "0500013M02", "06"),
            ("20041", "01005", "0500013M026", "6"),
            ("20041", "01005", "0500013M026", "06\n"),
            ("٢٠٠٤١", "01005", "0500013M026", "06"),
            ("", "", "", ""),
        ],
    )
    def test_of_another_form_is_refused(self, bank: str, branch: str, account: str, key: str) -> None:
        fault = fault_of(lambda: Rib(bank=bank, branch=branch, account=account, key=key))
        assert fault == Fault("rib-format", "/rib")

    @pytest.mark.parametrize("parts", [("2004", "01005", "0500013M026"), ("20041", "01005", "0500013-026")])
    def test_of_another_form_has_no_key(self, parts: tuple[str, str, str]) -> None:
        assert fault_of(lambda: rib_key(*parts)) == Fault("rib-format", "/rib")

    def test_of_a_monegasque_iban_is_its_last_23_characters(self) -> None:
        rib = Rib.of_iban(MONACO)
        assert rib is not None
        assert rib.text == "11222000010123456789030"

    def test_of_another_country_is_none(self) -> None:
        assert Rib.of_iban("BE68 5390 0754 7034") is None

    @pytest.mark.row("B58")
    @given(RIBS)
    def test_is_imported_from_its_23_characters(self, rib: Rib) -> None:
        assert iban_of_rib(rib.text) == rib.iban
        assert iban_of_rib(f" {rib.bank} {rib.branch} {rib.account.lower()} {rib.key} ") == rib.iban

    @pytest.mark.row("B58")
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("20041010050500013M02607", "rib-key"),
            ("20041010050500013M0260", "rib-format"),
            ("FR1420041010050500013M02606", "rib-format"),
            ("", "rib-format"),
        ],
    )
    def test_of_23_wrong_characters_is_not_imported(self, text: str, code: str) -> None:
        assert fault_of(lambda: iban_of_rib(text)) == Fault(code, "/rib")


class TestAnIban:
    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            (POSTE, "FR1420041010050500013M02606"),
            ("fr14-2004.1010 0505 0001 3m02 606\u00a0", "FR1420041010050500013M02606"),
            (MONACO, "MC5811222000010123456789030"),
            ("BE68 5390 0754 7034", "BE68539007547034"),
            ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ],
    )
    def test_is_kept_in_compact_capitals(self, text: str, kept: str) -> None:
        assert iban(text) == kept
        assert iban(kept) == kept

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "iban-format"),
            ("FR14", "iban-format"),
            ("FR14 2004 1010 0505 0001 3M02 60", "iban-format"),
            ("FR14 2004 1010 0505 0001 3M02 6066", "iban-format"),
            ("FR14 200A 1010 0505 0001 3M02 606", "iban-format"),
            ("XX14 2004 1010 0505 0001 3M02 606", "iban-format"),
            ("2004 1010 0505 0001 3M02 606", "iban-format"),
            ("FR14 2004 1010 0505 0001 3M02 60é", "iban-format"),
            ("FR15 2004 1010 0505 0001 3M02 606", "iban-check"),
            ("BE68 5390 0754 7035", "iban-check"),
            ("BE41 5390 0754 7035", "iban-check"),
            ("ES12 2100 0418 4502 0005 1332", "iban-check"),
        ],
    )
    def test_of_another_form_or_check_is_refused(self, text: str, code: str) -> None:
        assert fault_of(lambda: iban(text, pointer="/ribs/0/iban")) == Fault(code, "/ribs/0/iban")

    def test_whose_own_national_key_is_wrong_is_refused(self) -> None:
        spanish = "2100041845" + "0200051333"  # the account's key is that of ...1332
        number = f"ES{published.calc_check_digits('ES00' + spanish)}{spanish}"
        assert fault_of(lambda: iban(number)) == Fault("iban-check", "/iban")

    @pytest.mark.parametrize("country", ["FR", "MC"])
    def test_around_a_rib_of_another_key_is_refused(self, country: str) -> None:
        text = "20041010050500013M02607"
        number = f"{country}{published.calc_check_digits(f'{country}00{text}')}{text}"
        assert published.is_valid(number)
        assert fault_of(lambda: iban(number)) == Fault("rib-key", "/iban")

    @given(RIBS, st.integers(4, 26), st.integers(1, 9))
    def test_with_one_wrong_digit_or_letter_is_refused(self, rib: Rib, place: int, by: int) -> None:
        sign = rib.iban[place]
        alike = string.digits if sign.isdigit() else string.ascii_uppercase
        wrong = alike[(alike.index(sign) + by) % len(alike)]
        assert fault_of(lambda: iban(rib.iban[:place] + wrong + rib.iban[place + 1 :])).code == "iban-check"

    @pytest.mark.parametrize(("right", "alias"), [("02", "99"), ("97", "00"), ("98", "01")])
    def test_has_no_second_pair_of_check_digits(self, right: str, alias: str) -> None:
        numbers = (f"DE{right}37040044{account:010d}" for account in range(10_000))
        number = next(number for number in numbers if published.calc_check_digits(number) == right)
        other = f"DE{alias}{number[4:]}"
        assert iban(number) == number
        assert published.is_valid(other)
        assert fault_of(lambda: iban(other)) == Fault("iban-check", "/iban")

    @given(st.text(max_size=40))
    def test_is_valid_or_refused_whatever_is_written(self, text: str) -> None:
        try:
            kept = iban(text)
        except Invalid:
            return
        assert published.is_valid(kept, check_country=False)


class TestABic:
    @pytest.mark.parametrize(
        ("text", "kept"), [("psst fr pp par", "PSSTFRPPPAR"), ("AGRIFRPP", "AGRIFRPP"), (" BNPAFRPP ", "BNPAFRPP")]
    )
    def test_is_kept_in_compact_capitals(self, text: str, kept: str) -> None:
        assert bic(text) == kept

    @pytest.mark.parametrize("text", ["", "AGRIFRPP8", "AGRIF2PP", "AGRIQQPP", "1GRIFRPP", "AGRIFRP"])
    def test_of_another_form_is_refused(self, text: str) -> None:
        assert fault_of(lambda: bic(text, pointer="/ribs/0/bic")) == Fault("bic-format", "/ribs/0/bic")
