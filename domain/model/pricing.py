"""Choosing the price of a line (A63-A65), under the law on book prices (C8).

Of the customer's own permanent discounts and those of his tariff, the most specific that fits wins: school books, then the
nearest category, then the VAT rate, then all; where two are equally specific the customer's own goes before the tariff's, then
the higher percent, then the one given first. A specific rule wins even when its percent is lower: that is what it is for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.model.article import Article
from domain.model.booklaw import ABOVE, BookLaw, Buyer, Cap, Earns
from domain.model.card import DiscountDetails, DiscountRule, DiscountScope
from domain.model.prices import WHOLE, PriceSource, Ruling
from domain.model.values import CENT, DiscountId, cents


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffRule:
    """A discount of a tariff (A65): whoever has ``tariff_code`` on his card is granted it."""

    tariff_code: str
    details: DiscountDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The rule that won: a customer's own (``rule_id``) or a tariff's (``tariff_code``)."""

    details: DiscountDetails
    source: PriceSource
    rule_id: DiscountId | None = None
    tariff_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What a line costs per copy, euros VAT included, and how that came about.

    ``percent`` is the discount that was asked for, before the law; None when a price was typed, or nothing applied. ``ruling``
    says what the law changed, None when it changed nothing. ``chosen`` is the permanent discount, None when none was used.
    """

    unit_price: Decimal
    list_price: Decimal
    source: PriceSource
    percent: Decimal | None
    chosen: Chosen | None
    ruling: Ruling | None
    loyalty: Earns

    @property
    def rule_id(self) -> DiscountId | None:
        """The customer's own discount that made the price."""
        return self.chosen.rule_id if self.chosen else None

    @property
    def earns_loyalty(self) -> bool:
        return self.loyalty.earns

    @property
    def loyalty_rule(self) -> str | None:
        return self.loyalty.rule


def choose(
    *,
    article: Article,
    categories: Sequence[str],
    rules: Sequence[DiscountRule],
    tariff: Sequence[TariffRule],
    on: date,
) -> Chosen | None:
    """The permanent discount of a line on a day; None when none fits. See the module for which wins.

    ``categories`` are the article's node of the tree, then its ancestors, nearest first; ``rules`` the customer's own,
    ``tariff`` those of his tariff alone.
    """
    own = (Chosen(details=rule.details, source=PriceSource.DISCOUNT, rule_id=rule.id) for rule in rules)
    of_tariff = (
        Chosen(details=rule.details, source=PriceSource.TARIFF, tariff_code=rule.tariff_code) for rule in tariff
    )
    fitting = [
        ((specificity, each.source is PriceSource.TARIFF, -each.details.percent), each)
        for each in (*own, *of_tariff)
        if in_force(each.details, on) and (specificity := _specificity(each.details, article, categories)) is not None
    ]
    return min(fitting, key=lambda found: found[0])[1] if fitting else None


def in_force(details: DiscountDetails, on: date) -> bool:
    """Whether a discount holds on that day: from its first day until before its last bound."""
    return (details.starts_on is None or details.starts_on <= on) and (details.ends_on is None or on < details.ends_on)


def _specificity(details: DiscountDetails, article: Article, categories: Sequence[str]) -> tuple[int, int] | None:
    """Rank of a rule that fits the article, the most specific lowest; None when it does not fit."""
    match details.scope:
        case DiscountScope.SCHOOL_BOOKS:
            return (0, 0) if article.school_book else None
        case DiscountScope.CATEGORY:
            return (1, categories.index(details.category)) if details.category in categories else None
        case DiscountScope.VAT_RATE:
            return (2, 0) if details.vat_rate == article.vat_rate else None
        case DiscountScope.ALL:
            return (3, 0)


def price(
    *,
    article: Article,
    categories: Sequence[str],
    buyer: Buyer,
    rules: Sequence[DiscountRule],
    tariff: Sequence[TariffRule],
    typed: Decimal | None = None,
    percent: Decimal | None = None,
    shipped: bool,
    loyalty: bool,
    on: date,
    law: BookLaw,
) -> Priced:
    """What a line costs per copy on a day. VAT exemption has no bearing here: prices are VAT included (see ``amount``).

    ``typed`` is a unit price typed at the counter in euros, ``percent`` a discount typed, 0 to 100; a typed price goes before
    a typed discount, which goes before the permanent ones. A book under the law is sold neither below its cap nor above the
    publisher's price; the ruling keeps the price that was asked for. ``shipped``, ``loyalty``: as in ``BookLaw.cap``.
    The price a web shop sold at is not chosen here.
    """
    chosen: Chosen | None = None
    source = PriceSource.TYPED
    if typed is not None:
        percent = None
    elif percent is None:
        chosen = choose(article=article, categories=categories, rules=rules, tariff=tariff, on=on)
        source = chosen.source if chosen else PriceSource.PUBLISHER
        percent = chosen.details.percent if chosen else None
    asked = cents(discounted(article.list_price, percent) if typed is None else typed)
    cap = law.cap(article=article, buyer=buyer, shipped=shipped, loyalty=loyalty, on=on)
    within = typed is None and (percent is None or cap.percent is None or percent <= cap.percent)
    unit_price, ruling = _lawful(asked, article.list_price, cap, within=within)
    return Priced(
        unit_price=unit_price,
        list_price=article.list_price,
        source=source,
        percent=percent,
        chosen=chosen,
        ruling=ruling,
        loyalty=law.earns_loyalty(
            article=article,
            buyer=buyer,
            shipped=shipped,
            loyalty=loyalty,
            discount_granted=unit_price < article.list_price,
            on=on,
        ),
    )


def _lawful(asked: Decimal, list_price: Decimal, cap: Cap, *, within: bool) -> tuple[Decimal, Ruling | None]:
    """The lawful price nearest to ``asked``. ``within``: the discount is lawful, only its rounding may pass the cap."""
    if cap.fixed and asked > list_price:
        return list_price, Ruling(rule=cap.top_rule, asked=asked, reason=ABOVE[0], reason_en=ABOVE[1])
    if cap.percent is None or cap.rule is None or asked >= (least := least_price(list_price, cap.percent)):
        return asked, None
    if within:
        return least, None
    return least, Ruling(rule=cap.rule, asked=asked, reason=cap.reason, reason_en=cap.reason_en)


def discounted(list_price: Decimal, percent: Decimal | None) -> Decimal:
    """The exact price after a discount, not rounded."""
    return list_price if percent is None else list_price * (WHOLE - percent) / WHOLE


def least_price(list_price: Decimal, cap: Decimal) -> Decimal:
    """The lowest price in whole cents that keeps within a cap in percent.

    >>> least_price(Decimal("9.99"), Decimal("5.00"))  # 95 % is 9.4905; rounded to 9.49 it would be 5.005 % off
    Decimal('9.50')
    """
    exact = discounted(list_price, cap)
    rounded = cents(exact)
    return rounded if rounded >= exact else rounded + CENT


def tariff_of(code: str | None, rules: Iterable[TariffRule]) -> tuple[TariffRule, ...]:
    """The rules of a customer's tariff (A65); none without one."""
    return tuple(rule for rule in rules if rule.tariff_code == code)
