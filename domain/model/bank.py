"""Bank details: the RIB of the old screens and the IBAN and BIC that SEPA asks for (R28, B44, B58)."""

import re
from dataclasses import dataclass
from typing import Self

from stdnum import bic as _bic
from stdnum import iban as _iban
from stdnum.exceptions import InvalidChecksum, ValidationError

from domain.errors import Fault, Invalid

_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
"""The digit each letter stands for in the key: A to I and J to R are 1 to 9, S to Z are 2 to 9."""
_RIB = re.compile(r"([0-9]{5})([0-9]{5})([0-9A-Z]{11})([0-9]{2})")
_RIB_COUNTRIES = ("FR", "MC")
"""The countries whose national account number is a RIB."""


def rib_key(bank: str, branch: str, account: str) -> str:
    """The two-digit key (clé RIB) of a bank, a branch (guichet) and an account: 97 - ((89B + 15G + 3C) mod 97) (R28).

    The parts are 5, 5 and 11 digits or capitals; raises ``Invalid`` for others.
    """
    if re.fullmatch(r"[0-9A-Z]{5}/[0-9A-Z]{5}/[0-9A-Z]{11}", f"{bank}/{branch}/{account}") is None:
        raise Invalid(faults=[Fault("rib-format", "/rib")])
    b, g, c = (int(part.translate(_DIGITS)) for part in (bank, branch, account))
    return f"{97 - (89 * b + 15 * g + 3 * c) % 97:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rib:
    """A relevé d'identité bancaire: bank 5 digits, branch 5 digits, account 11 digits or capitals, key 2 digits (R28, B58).

    Raises ``Invalid`` with ``rib-format`` or ``rib-key``.
    """

    bank: str
    branch: str
    account: str
    key: str

    def __post_init__(self) -> None:
        if _RIB.fullmatch(self.text) is None:
            raise Invalid(faults=[Fault("rib-format", "/rib")])
        if self.key != rib_key(self.bank, self.branch, self.account):
            raise Invalid(faults=[Fault("rib-key", "/rib")])

    @classmethod
    def of_iban(cls, text: str) -> Self | None:
        """The RIB within a French or Monegasque IBAN; None for another country. Raises ``Invalid`` as ``iban`` does."""
        number = iban(text)
        return cls.of_text(number[4:]) if number.startswith(_RIB_COUNTRIES) else None

    @classmethod
    def of_text(cls, text: str) -> Self:
        """The RIB written as 23 characters, spaces and case aside. Raises ``Invalid``."""
        match = _RIB.fullmatch("".join(text.split()).upper())
        if match is None:
            raise Invalid(faults=[Fault("rib-format", "/rib")])
        bank, branch, account, key = match.groups()
        return cls(bank=bank, branch=branch, account=account, key=key)

    @property
    def text(self) -> str:
        """The 23 characters, as T3.IBAN3 holds them (B58)."""
        return self.bank + self.branch + self.account + self.key

    @property
    def iban(self) -> str:
        """The French IBAN, 27 characters. A RIB does not say its country: a Monegasque account keeps the IBAN it came with."""
        return f"FR{_iban.calc_check_digits('FR00' + self.text)}{self.text}"


def iban(text: str, *, pointer: str = "/iban") -> str:
    """The IBAN of ``text`` in compact capitals (ISO 13616, R28).

    Raises ``Invalid``: ``iban-format`` when the country, the length or the characters are wrong, ``iban-check`` when the
    check digits are, ``rib-key`` when those are right and the RIB within a French or Monegasque one is not.
    """
    number = _iban.compact(text)
    fault = _iban_fault(number)
    if fault is not None:
        raise Invalid(faults=[Fault(fault, pointer)])
    return number


def _iban_fault(number: str) -> str | None:
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{1,30}", number) is None:
        return "iban-format"
    # stdnum looks at the check digits first; with the right ones in place it tells whether the rest is well formed
    check = _iban.calc_check_digits(number)
    corrected = number[:2] + check + number[4:]
    if not _iban.is_valid(corrected, check_country=False):
        return "iban-format"
    # compared, not computed modulo 97: 00, 01 and 99 would pass there, and no bank issues them
    if number != corrected or _has_wrong_national_key(number):
        return "iban-check"
    if number.startswith(_RIB_COUNTRIES) and number[25:] != rib_key(number[4:9], number[9:14], number[14:25]):
        return "rib-key"
    return None


def _has_wrong_national_key(number: str) -> bool:
    """Whether a key of the country itself is wrong, Spanish or Belgian say."""
    try:
        _iban.validate(number)
    except InvalidChecksum:
        return True
    except ValidationError:
        # stdnum also wants a Belgian bank it has heard of; its list ages, and a new bank's customer must not be refused
        return False
    return False


def iban_of_rib(text: str) -> str:
    """The French IBAN of a RIB written as 23 characters, for the import of T3.IBAN3 (B58). Raises ``Invalid``."""
    return Rib.of_text(text).iban


def bic(text: str, *, pointer: str = "/bic") -> str:
    """The BIC of ``text`` in compact capitals, 8 or 11 characters (ISO 9362). Raises ``Invalid`` with ``bic-format``."""
    try:
        return _bic.validate(text)
    except ValidationError:
        raise Invalid(faults=[Fault("bic-format", pointer)]) from None
