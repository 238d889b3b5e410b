"""The address as printed, after NF Z10-011, and what a person should be told about it (R27, B14)."""

import re
import unicodedata
from dataclasses import dataclass

from domain.model.values import PostalAddress, folded

LONGEST = 38
"""Characters in a line (NF Z10-011)."""
HOME = "FR"


@dataclass(frozen=True, slots=True)
class AddressWarning:
    """One thing to look at again in an address; nothing is refused for it.

    ``code`` names the rule, ``part`` the field of ``PostalAddress`` (or ``name``, the name of the card), ``facts`` fill
    the wording.
    """

    code: str
    part: str
    facts: tuple[tuple[str, object], ...] = ()


def address_lines(address: PostalAddress, *, name: str, country_name: str | None = None) -> list[str]:
    """The lines to print, at most 6 at home and 7 abroad, none empty and none cut (R27).

    From line 4 on they are capitals without punctuation, the last ones without accents too. ``name`` stands in for a
    missing recipient; ``country_name`` is the French name of the country for line 7, its ISO code when not given.
    """
    parts = _parts(address, name=name)
    country = _country(address)
    if country != HOME:
        parts.append(("country", _unaccented(_capitals(country_name or country))))
    return [line for _, line in parts if line]


def address_warnings(address: PostalAddress, *, name: str) -> list[AddressWarning]:
    """What to look at again in ``address``, top to bottom; nothing for an address not given at all (R27)."""
    if not any(map(_spaced, _written(address))):
        return []
    warnings = [
        AddressWarning("line-too-long", part, (("length", len(line)), ("limit", LONGEST)))
        for part, line in _parts(address, name=name)
        if len(line) > LONGEST
    ]
    for part, text in (("street", address.street), ("locality", address.locality), ("town", address.town)):
        if marks := _punctuation(text):
            warnings.append(AddressWarning("punctuation", part, (("characters", marks),)))
    return warnings + _gaps(address)


def _gaps(address: PostalAddress) -> list[AddressWarning]:
    """What is missing, or is no postal code."""
    gaps = []
    postal_code = _spaced(address.postal_code)
    if not _spaced(address.street) and not _spaced(address.locality):
        gaps.append(AddressWarning("street-and-locality-missing", "street"))
    if _country(address) == HOME:  # abroad the form varies, and some countries have none
        if not postal_code:
            gaps.append(AddressWarning("postal-code-missing", "postal_code"))
        elif re.fullmatch(r"[0-9]{5}", postal_code) is None:
            gaps.append(AddressWarning("postal-code-form", "postal_code", (("postal_code", postal_code),)))
    if not _spaced(address.town):
        gaps.append(AddressWarning("town-missing", "town"))
    return gaps


def department(postal_code: str | None, country: str) -> str | None:
    """The French département of a postal code: "44", "2A", "974"; None abroad and for codes of no département.

    Postal codes of Corsica do not name the département: 200 and 201 are read as 2A, the others as 2B.
    """
    code = _spaced(postal_code)
    if country.strip().upper() != HOME or re.fullmatch(r"[0-9]{5}", code) is None:
        return None
    first = code[:2]
    if first == "20":
        return "2A" if code[2] in "01" else "2B"
    if first in {"97", "98"}:
        return code[:3]
    return first if "01" <= first <= "95" else None  # 00 is the army's


def _written(address: PostalAddress) -> tuple[str | None, ...]:
    """The parts a person writes; the country is there by itself."""
    return (
        address.recipient,
        address.complement,
        address.building,
        address.street,
        address.locality,
        address.postal_code,
        address.town,
    )


def _parts(address: PostalAddress, *, name: str) -> list[tuple[str, str]]:
    """Lines 1 to 6 as printed, empty ones included, each with the part it comes from."""
    recipient = _spaced(address.recipient)
    return [
        ("recipient", recipient) if recipient else ("name", _spaced(name)),
        ("complement", _spaced(address.complement)),
        ("building", _spaced(address.building)),
        ("street", _capitals(address.street)),
        ("locality", _capitals(address.locality)),
        ("town", _unaccented(_capitals(f"{address.postal_code or ''} {address.town or ''}"))),
    ]


def _country(address: PostalAddress) -> str:
    return address.country.strip().upper() or HOME


def _spaced(text: str | None) -> str:
    """``text`` on one line, with one space between words."""
    return " ".join((text or "").split())


def _capitals(text: str | None) -> str:
    """``text`` in capitals; whatever is neither letter nor digit, in any alphabet, is a space."""
    upper = unicodedata.normalize("NFC", (text or "").upper())
    return _spaced("".join(sign if _is_word(sign) else " " for sign in upper))


def _punctuation(text: str | None) -> str:
    """The signs of ``text`` that ``_capitals`` leaves out, each once."""
    return "".join(dict.fromkeys(sign for sign in text or "" if not (_is_word(sign) or sign.isspace())))


def _is_word(sign: str) -> bool:
    # U+02BC is an apostrophe that Unicode calls a letter
    return unicodedata.category(sign)[0] in "LNM" and sign != "\u02bc"


def _unaccented(text: str) -> str:
    """Capitals without accents and ligatures; letters of other alphabets stay, where ``folded`` would lose them."""
    kept: list[str] = []
    is_latin = False
    for sign in text:
        if unicodedata.combining(sign):
            kept.append("" if is_latin else sign)
            continue
        plain = folded(sign)
        is_latin = bool(plain)
        kept.append(plain or sign)
    return _spaced("".join(kept))
