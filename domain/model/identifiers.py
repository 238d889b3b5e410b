"""Numbers that the State and GS1 give, and codes that the shop gives (R19, R29; B6, B7, B57)."""

import re
from collections.abc import Collection
from itertools import count

from stdnum import ean as _ean
from stdnum.eu import vat as _vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as _siren
from stdnum.fr import siret as _siret

from domain.errors import Fault, Invalid
from domain.model.values import short_name

CODE_LENGTH = 8
"""Positions of a code (B6)."""


def siret(text: str, *, pointer: str = "/siret") -> str:
    """The SIRET of ``text``, 14 digits (R19). Raises ``Invalid``: ``siret-format`` or ``siret-check``.

    The establishments of La Poste, which follow a rule of their own, are known.
    """
    number = _siret.compact(text)
    if re.fullmatch(r"[0-9]{14}", number) is None:
        raise Invalid(faults=[Fault("siret-format", pointer)])
    if not _siret.is_valid(number):
        raise Invalid(faults=[Fault("siret-check", pointer)])
    return number


def siren(text: str, *, pointer: str = "/siren") -> str:
    """The SIREN of ``text``, 9 digits (R19). Raises ``Invalid``: ``siren-format`` or ``siren-check``."""
    number = _siren.compact(text)
    if re.fullmatch(r"[0-9]{9}", number) is None:
        raise Invalid(faults=[Fault("siren-format", pointer)])
    if not _siren.is_valid(number):
        raise Invalid(faults=[Fault("siren-check", pointer)])
    return number


def siren_of(siret_number: str) -> str:
    """The SIREN of the firm whose establishment has this SIRET. Raises ``Invalid`` as ``siret`` does."""
    return siret(siret_number)[:9]


def vat_number(text: str, *, pointer: str = "/vat_number") -> str:
    """The EU VAT number of ``text``, compact, its country first: FR44732829320 (directive 2006/112, article 215).

    Eleven digits without a country are French. Raises ``Invalid`` with ``vat-number``.
    """
    number = "".join(text.split()).upper()
    if re.fullmatch(r"[0-9]{11}", number):
        number = f"FR{number}"
    if number.startswith("GR"):
        number = f"EL{number[2:]}"  # Greece taxes under EL
    country = number[:2]
    try:
        valid = _vat.validate(number)
    except ValidationError:
        raise Invalid(faults=[Fault("vat-number", pointer)]) from None
    # a French key may itself be "FR", which stdnum takes for the country
    return f"FR{valid}" if country == "FR" and len(valid) == len("44732829320") else valid


def gln(text: str, *, pointer: str = "/gln") -> str:
    """The GS1 location number of ``text``, 13 digits checked as an EAN. Raises ``Invalid`` with ``gln``."""
    number = _ean.compact(text)
    if re.fullmatch(r"[0-9]{13}", number) is None or not _ean.is_valid(number):
        raise Invalid(faults=[Fault("gln", pointer)])
    return number


def padded_code(code: str, *, right_zeros: bool) -> str:
    """``code`` as kept: 1 to 8 letters and digits in capitals (B6). Raises ``Invalid`` with ``code-format``.

    With ``right_zeros`` a code that ends with a digit is completed on the right with zeros, as the old screens do: C1, C10
    and C100 are then one code, C1000000 (O1).
    """
    kept = code.strip()
    if re.fullmatch(r"[A-Za-z0-9]{1,8}", kept) is None:
        raise Invalid(faults=[Fault("code-format", "/code")])
    kept = kept.upper()
    return kept.ljust(CODE_LENGTH, "0") if right_zeros and kept[-1].isdigit() else kept


def automatic_code(prefix: str, counter: int) -> str:
    """The code of the ``counter``-th automatic card, 8 positions: C0000042 (B7, O1).

    Raises ``Invalid``: ``counter-exhausted`` when it does not fit, ``code-format`` when ``prefix`` is no beginning of a code.
    """
    if re.fullmatch(r"[A-Z0-9]*", prefix) is None:
        raise Invalid(faults=[Fault("code-format", "/code")])
    code = f"{prefix}{counter:0{max(CODE_LENGTH - len(prefix), 0)}d}"
    if counter < 0 or len(code) > CODE_LENGTH:
        raise Invalid(faults=[Fault("counter-exhausted", "/code")])
    return code


def sub_code(wanted: str, *, taken: Collection[str], length: int = CODE_LENGTH) -> str:
    """The automatic code of a sub-card: the beginning of ``wanted`` and the smallest number that makes it free (B57).

    ``wanted`` is the town of an address, the name of a contact or the domiciliation of a RIB; "X" stands for one without
    letters or digits. ``length`` is in characters, number included. Raises ``Invalid`` with ``counter-exhausted``.
    """
    stem = short_name(wanted) or "X"
    held = {code.upper() for code in taken}
    for number in map(str, count(1)):
        if len(number) > length:
            break
        code = stem[: length - len(number)] + number
        if code not in held:
            return code
    raise Invalid(faults=[Fault("counter-exhausted", "/code")])
