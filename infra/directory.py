"""What the world knows and the shop looks up: telephone numbers, banks, countries, languages. No network, only libraries."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from babel import Locale
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType, ValidationResult
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from domain.model.values import folded

FRANCE = 33
LONGEST_PHONE = 250
"""Characters; phonenumbers reads no longer text."""
LANGUAGES = (
    "ar", "bg", "br", "ca", "co", "cs", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "ga", "he", "hr", "hu", "it",
    "ja", "ko", "lb", "lt", "lv", "mt", "nl", "no", "oc", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "zh",
)  # fmt: skip
"""ISO 639-1: the official ones of the Union, those spoken in France's regions, and its larger neighbours'."""
NO_COUNTRY = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"})
"""Two-letter territories of the CLDR that ISO 3166-1 does not assign."""

_EXTENSION = re.compile(r"(?:poste|ext(?:ension)?|x|#) ?[.:]? ?[0-9]{1,7} ?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A bank of the published registers; ``bic`` is None where they give none."""

    name: str
    bic: str | None


class Directory:
    """Telephone numbers, banks, countries and languages, out of libraries that are kept up to date by others.

    Countries are ISO 3166-1 alpha-2; that of a telephone number is where it is dialled from when it does not say.
    """

    def phone_key(self, text: str | None, *, country: str = "FR") -> str | None:
        """What two ways of writing one number have in common: E.164 ("+33606060607"), else its digits ("3630").

        Extensions (poste 12) are left out; None when there is no digit.
        """
        if text is None:
            return None
        if (number := _number_in(text, country)) is not None:
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
        return phonenumbers.normalize_digits_only(_EXTENSION.sub("", _spaced(text))) or None

    def phone_is_valid(self, text: str | None, *, country: str = "FR") -> bool:
        """Whether such a number is given out to subscribers; short numbers (36 30) are not."""
        number = _number_in(text or "", country)
        return number is not None and phonenumbers.is_valid_number(number)

    def phone_is_mobile(self, text: str | None, *, country: str = "FR") -> bool:
        """Whether the number may take an SMS: a mobile, or a number of a country that does not tell them apart."""
        number = _number_in(text or "", country)
        return number is not None and phonenumbers.number_type(number) in {
            PhoneNumberType.MOBILE,
            PhoneNumberType.FIXED_LINE_OR_MOBILE,
        }

    def mobile(self, text: str | None, *, country: str = "FR") -> str | None:
        """The number to which an SMS goes, in E.164; None when it takes none."""
        return self.phone_key(text, country=country) if self.phone_is_mobile(text, country=country) else None

    def phone_shown(self, text: str, *, country: str = "FR") -> str:
        """The number as written at home, "06 06 06 06 07", or with its country, "+32 2 512 34 56".

        The text itself when it is no number or says more than one: nothing a person wrote is dropped.
        """
        number = _number(text, country)
        if number is None:
            return text
        style = PhoneNumberFormat.NATIONAL if number.country_code == FRANCE else PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(number, style)

    def bank(self, iban: str) -> Bank | None:
        """The bank that keeps this account; None when the registers do not know it, or ``iban`` is none."""
        try:
            found = IBAN(iban)
            name, bic = found.bank_name, found.bic
        except SchwiftyException:
            return None
        return None if name is None else Bank(name=name, bic=None if bic is None else str(bic))

    def country_name(self, code: str, language: str = "fr") -> str:
        """The name of a country; the code itself when there is none. Raises ``babel.UnknownLocaleError``."""
        return _countries(language).get(code.strip().upper(), code)

    def countries(self, language: str = "fr") -> dict[str, str]:
        """The 249 countries of ISO 3166-1 by code, in the order of their names. Raises ``babel.UnknownLocaleError``."""
        return dict(_countries(language))

    def languages(self, language: str = "fr") -> dict[str, str]:
        """The usual languages by ISO 639-1 code, in the order of their names. Raises ``babel.UnknownLocaleError``."""
        names = Locale.parse(language).languages
        return _by_name({code: str(names[code]) for code in LANGUAGES})


@lru_cache(maxsize=8)
def _countries(language: str) -> dict[str, str]:
    names = Locale.parse(language).territories
    return _by_name(
        {
            code: str(name)
            for code, name in names.items()
            if re.fullmatch("[A-Z]{2}", code) is not None and code not in NO_COUNTRY
        }
    )


def _by_name(names: dict[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda item: (folded(item[1]), item[0])))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _number(text: str, country: str) -> PhoneNumber | None:
    """``text`` read as one whole number; None when it is not one, or holds letters, which would be read as a dial's."""
    if any(sign.isalpha() or sign == "#" for sign in text):
        return None
    try:
        number = phonenumbers.parse(text, country.strip().upper() or None)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    return number if reason == ValidationResult.IS_POSSIBLE else None


def _number_in(text: str, country: str) -> PhoneNumber | None:
    """The first number in ``text``, which may say more ("06 06 06 06 07 le soir")."""
    bare = _EXTENSION.sub("", _spaced(text))
    if (number := _number(bare, country)) is not None:
        return number
    region = country.strip().upper() or None
    found = next(iter(PhoneNumberMatcher(bare[:LONGEST_PHONE], region)), None)
    return None if found is None else found.number
