"""The law on book prices (C8): how much may be taken off a line, whether it earns loyalty, what a parcel is charged.

The rules are R1-R13 of ``trade.md``, and PNB, the law on the price of digital books (loi 2011-590, art. 3; its day is
sne.fr's; certainty K). Every rate and threshold is a dated setting. Where the sources leave a choice:

* **Shipped to a public buyer or a library: 9 %, not the publisher's price.** R2 stands in the paragraph of article 1 that R8
  departs from, as R7 says of the delivery charge. For the same reason the school books of R9 stay free when shipped.
* **R8 holds since 1 August 2003**, the day that R13 gives for the law of 18 June 2003, which made both. Before it such buyers
  are under R1: 95 % of the publisher's price was lawful for them whatever the text said then.
* **An association of R9 is charged for delivery**: R7 speaks of public purchases only.
* **R3 and the exception of R10** for old books are not applied: one is unverified, the other needs the day of the last supply.
  So no least charge is known before R4's day, 7 October 2023.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from domain.model.article import ArticleKind
from domain.model.card import DiscountRule, DiscountScope
from domain.model.customer import CustomerDetails, Kind
from domain.model.prices import Ruling
from domain.model.values import NOTHING, cents

SCHOOL_BASIS = "R9"
"""The legal basis written on a school-book discount that makes its customer an association of R9."""


class Buyer(StrEnum):
    """Who buys, as the law sees it: anyone; a public body and its like (R8); a lending library (R8, R13); an association

    that helps its members to buy school books (R9).
    """

    PRIVATE = "private"
    PUBLIC_BODY = "public_body"
    LIBRARY = "library"
    SCHOOL_ASSOCIATION = "school_association"


def buyer_of(details: CustomerDetails | None, rules: Sequence[DiscountRule]) -> Buyer:
    """Who a customer is to the law; None, a name that is not in the file, is private. ``rules`` are his own discounts.

    What a customer is does not end with his discount: the dates of the rule are not looked at.
    """
    if details is None:
        return Buyer.PRIVATE
    if details.lending_library:
        return Buyer.LIBRARY
    if details.collectivity:
        return Buyer.PUBLIC_BODY
    if details.kind is Kind.ORGANISATION and any(_makes_an_association(rule) for rule in rules):
        return Buyer.SCHOOL_ASSOCIATION
    return Buyer.PRIVATE


def _makes_an_association(rule: DiscountRule) -> bool:
    basis = (rule.details.basis or "").strip()
    return rule.details.scope is DiscountScope.SCHOOL_BOOKS and basis == SCHOOL_BASIS


class LawKey(StrEnum):
    """What the law sets: caps are percent off the publisher's price, the charge and its threshold euros VAT included.

    ``free_order_copies``: an order of at most that many copies, collected in the shop, bears no charge (R12).
    """

    BOOK_DISCOUNT_CAP = "book_discount_cap"
    SHIPPED_DISCOUNT_CAP = "shipped_discount_cap"
    PUBLIC_DISCOUNT_CAP = "public_discount_cap"
    DIGITAL_DISCOUNT_CAP = "digital_discount_cap"
    CHARGE_THRESHOLD = "charge_threshold"
    LEAST_CHARGE = "least_charge"
    LEAST_CHARGE_ABOVE = "least_charge_above"
    FREE_ORDER_COPIES = "free_order_copies"


@dataclass(frozen=True, slots=True, kw_only=True)
class LawValue:
    """A value in force from ``since`` until the next of its key."""

    key: LawKey
    since: date
    value: Decimal


BOOK_LAW: tuple[LawValue, ...] = tuple(
    LawValue(key=key, since=since, value=Decimal(value))
    for key, since, value in (
        (LawKey.BOOK_DISCOUNT_CAP, date(1982, 1, 1), "5.00"),
        (LawKey.FREE_ORDER_COPIES, date(1982, 1, 1), "1"),
        (LawKey.PUBLIC_DISCOUNT_CAP, date(2003, 8, 1), "9.00"),
        (LawKey.DIGITAL_DISCOUNT_CAP, date(2011, 11, 11), "0.00"),
        (LawKey.SHIPPED_DISCOUNT_CAP, date(2014, 7, 10), "0.00"),
        (LawKey.CHARGE_THRESHOLD, date(2023, 10, 7), "35.00"),
        (LawKey.LEAST_CHARGE, date(2023, 10, 7), "3.00"),
        (LawKey.LEAST_CHARGE_ABOVE, date(2023, 10, 7), "0.01"),
    )
)
"""The law as ``trade.md`` knows it."""


class Goods(Protocol):
    """What the law looks at in an article; an ``Article`` is one, and so is a line that kept these facts."""

    @property
    def kind(self) -> ArticleKind: ...
    @property
    def digital(self) -> bool: ...
    @property
    def school_book(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The most that may be taken off the publisher's price, in percent; None: as much as one likes.

    ``rule`` is None where no law speaks of the article. ``fixed``: the article has a publisher's price by law, and so is not
    sold above it either; ``top_rule`` and its reasons then say so.
    """

    percent: Decimal | None
    rule: str | None
    reason: str
    reason_en: str
    fixed: bool = True

    @property
    def top_rule(self) -> str:
        """The rule that forbids to sell above the publisher's price."""
        return self.rule if self.rule in {"R2", "PNB"} else "R1"


ABOVE = (
    "Ce livre ne peut pas être vendu plus cher que le prix fixé par l'éditeur.",
    "This book may not be sold above the price set by the publisher.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earns:
    """Whether a line earns on the loyalty card (R11), and why.

    ``most`` is the percent of the line that its loyalty may come to: none where nothing is earned, None where no law limits it.
    """

    earns: bool
    rule: str | None
    reason: str
    reason_en: str
    most: Decimal | None = NOTHING


@dataclass(frozen=True, slots=True)
class BookLaw:
    """The law made of dated values. Of two values of the same key and day the later in ``values`` holds, so that a dossier's

    own go after ``BOOK_LAW``.
    """

    values: tuple[LawValue, ...] = BOOK_LAW

    def value(self, key: LawKey, on: date) -> Decimal | None:
        """What holds on that day; None before there was any."""
        found: LawValue | None = None
        for each in self.values:
            if each.key is key and each.since <= on and (found is None or each.since >= found.since):
                found = each
        return found.value if found else None

    def cap(self, *, article: Goods, buyer: Buyer, shipped: bool, loyalty: bool, on: date) -> Cap:
        """The most that discount and loyalty together may take off a line on that day (R1, R2, R8-R11, PNB).

        ``shipped``: sent to the buyer, not collected in the shop. ``loyalty``: his card is active; it leaves the cap as it is,
        and the reason then says that loyalty is within it.
        """
        if article.kind is not ArticleKind.BOOK:
            return _FREE_USED if article.kind is ArticleKind.USED_BOOK else _FREE_OTHER
        if article.digital:
            percent = self.value(LawKey.DIGITAL_DISCOUNT_CAP, on)
            return _NO_LAW if percent is None else _capped("PNB", percent, "Un livre numérique", "A digital book")
        return self._cap_of_printed(article.school_book, buyer, shipped=shipped, loyalty=loyalty, on=on)

    def _cap_of_printed(self, school_book: bool, buyer: Buyer, *, shipped: bool, loyalty: bool, on: date) -> Cap:
        general = self.value(LawKey.BOOK_DISCOUNT_CAP, on)
        if general is None:
            return _NO_LAW
        if school_book and buyer is not Buyer.PRIVATE:
            return _FREE_SCHOOL
        public = self.value(LawKey.PUBLIC_DISCOUNT_CAP, on)
        if public is not None and buyer in _R8_NAMES:
            french, english = _R8_NAMES[buyer]
            return _capped("R8", public, f"Un livre neuf vendu à {french}", f"A new book sold to {english}")
        there = self.value(LawKey.SHIPPED_DISCOUNT_CAP, on) if shipped else None
        if there is not None:
            return _capped("R2", there, "Un livre neuf expédié", "A new book that is shipped")
        return _capped("R1", general, "Un livre neuf", "A new book", loyalty=loyalty)

    def earns_loyalty(
        self, *, article: Goods, buyer: Buyer, shipped: bool, loyalty: bool, discount_granted: bool, on: date
    ) -> Earns:
        """Whether a line earns on that day (R11): loyalty is a form of the same 5 %, so it is one or the other.

        ``loyalty``: the customer's card is active. Outside the law a line may earn, discounted or not: that is the shop's
        own programme to say.
        """
        cap = self.cap(article=article, buyer=buyer, shipped=shipped, loyalty=loyalty, on=on)
        if not loyalty:
            return _nothing(None, "La carte de fidélité n'est pas active.", "The loyalty card is not active.")
        if not cap.fixed:
            return Earns(earns=True, rule=cap.rule, reason=cap.reason, reason_en=cap.reason_en, most=None)
        if cap.percent is not None and cap.percent <= 0:
            rule = "R11" if cap.rule == "R2" else cap.rule
            return _nothing(
                rule,
                "Cet achat ne donne pas de fidélité : ce livre se vend au prix fixé par l'éditeur.",
                "This purchase earns no loyalty: this book is sold at the price set by the publisher.",
            )
        if buyer is not Buyer.PRIVATE:
            return _nothing(
                "R11",
                "Les livres vendus à une collectivité, une bibliothèque ou une association ne donnent pas de fidélité.",
                "Books sold to a public body, a library or an association earn no loyalty.",
            )
        if discount_granted:
            return _nothing(
                "R11",
                "Ce livre est déjà remisé : la fidélité ne s'ajoute pas à la remise.",
                "This book is already discounted: loyalty does not come on top of the discount.",
            )
        return Earns(
            earns=True,
            rule="R11",
            reason=f"Cet achat donne de la fidélité, à la place de la remise de {percent_fr(cap.percent or NOTHING)}.",
            reason_en=f"This purchase earns loyalty, in place of the discount of {percent_en(cap.percent or NOTHING)}.",
            most=cap.percent,
        )

    def delivery_charge(
        self,
        *,
        asked: Decimal | None,
        shipped: bool,
        buyer: Buyer,
        new_books: Decimal,
        has_new_books: bool,
        copies: int,
        on: date,
    ) -> tuple[Decimal, Ruling | None]:
        """What one parcel is charged, euros VAT included, and the ruling where the law made it so (R4-R7, R12).

        ``asked`` None: the least that is lawful, and its ruling's ``asked`` is nil. ``new_books`` is what the new printed
        books of this parcel cost, euros VAT included; ``copies`` are those of the whole order. Used books, other articles and
        what is collected are not concerned by the least charge (R5, R6); a collected order of one copy bears none (R12).
        """
        wanted = NOTHING if asked is None else cents(asked)
        if not shipped:
            free = self.value(LawKey.FREE_ORDER_COPIES, on)
            if has_new_books and free is not None and copies <= free and wanted > NOTHING:
                return NOTHING, _ruling("R12", wanted, *_FREE_ORDER)
            return wanted, None
        threshold = self.value(LawKey.CHARGE_THRESHOLD, on)
        if threshold is None or not has_new_books or buyer in _R8_NAMES:
            return wanted, None
        below = new_books < threshold
        least = self.value(LawKey.LEAST_CHARGE if below else LawKey.LEAST_CHARGE_ABOVE, on) or NOTHING
        if wanted >= least:
            return wanted, None
        of, of_en = (f" pour moins de {euros_fr(threshold)}", f" under {euros_en(threshold)}") if below else ("", "")
        return least, _ruling(
            "R4",
            wanted,
            f"La livraison de livres neufs{of} est facturée au moins {euros_fr(least)} par colis.",
            f"Delivery of new books{of_en} is charged at least {euros_en(least)} a parcel.",
        )


_R8_NAMES = {
    Buyer.PUBLIC_BODY: ("une collectivité", "a public body"),
    Buyer.LIBRARY: ("une bibliothèque", "a library"),
}
_FREE_ORDER = (
    "La commande d'un livre retiré en librairie est un service gratuit.",
    "Ordering one book and collecting it in the shop is free of charge.",
)
_FREE_USED = Cap(
    percent=None,
    rule="R10",
    reason="Le prix d'un livre d'occasion est libre.",
    reason_en="The price of a second-hand book is free.",
    fixed=False,
)
_FREE_OTHER = Cap(
    percent=None,
    rule=None,
    reason="La loi sur le prix du livre ne concerne pas cet article.",
    reason_en="The law on book prices does not apply to this article.",
    fixed=False,
)
_NO_LAW = Cap(
    percent=None,
    rule=None,
    reason="Aucune loi ne fixait encore le prix de ce livre à cette date.",
    reason_en="No law set the price of this book yet on that day.",
    fixed=False,
)
_FREE_SCHOOL = Cap(
    percent=None,
    rule="R9",
    reason="La remise sur les livres scolaires est libre pour les établissements, collectivités et associations.",
    reason_en="The discount on school books is free for schools, public bodies and associations.",
)


def _capped(rule: str, percent: Decimal, french: str, english: str, *, loyalty: bool = False) -> Cap:
    if percent <= 0:
        reason = f"{french} se vend au prix fixé par l'éditeur, sans remise."
        reason_en = f"{english} is sold at the price set by the publisher, without discount."
    else:
        reason = f"{french} ne peut pas être remisé de plus de {percent_fr(percent)}"
        reason_en = f"{english} may not be discounted by more than {percent_en(percent)}"
        reason += ", fidélité comprise." if loyalty else "."
        reason_en += ", loyalty included." if loyalty else "."
    return Cap(percent=percent, rule=rule, reason=reason, reason_en=reason_en)


def _nothing(rule: str | None, reason: str, reason_en: str) -> Earns:
    return Earns(earns=False, rule=rule, reason=reason, reason_en=reason_en)


def _ruling(rule: str, asked: Decimal, reason: str, reason_en: str) -> Ruling:
    return Ruling(rule=rule, asked=asked, reason=reason, reason_en=reason_en)


def percent_fr(percent: Decimal) -> str:
    return f"{_short(percent).replace('.', ',')}\u00a0%"


def percent_en(percent: Decimal) -> str:
    return f"{_short(percent)}%"


def _short(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def euros_fr(sum_: Decimal) -> str:
    return f"{cents(sum_):f}\u00a0€".replace(".", ",")


def euros_en(sum_: Decimal) -> str:
    return f"€{cents(sum_):f}"
