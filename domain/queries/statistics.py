"""What was sold, gathered one way or another (A67, B16-B18, B81, B82): sums of the purchases, made whenever they are asked for.

Codes, parties, sales reps and categories are those of today's cards; who the buyer was to the law is that of the day.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from domain.errors import Fault, Inconsistent
from domain.model.category import Level
from domain.model.prices import WHOLE
from domain.model.values import NOTHING, CustomerId, DossierId, cents

MONTHS_A_YEAR = 12
MOST_MONTHS = 100 * MONTHS_A_YEAR
COLLECTIVITY = "collectivity"
"""The row of buyers that are not private; its parts follow it (A67)."""


class StatisticsBy(StrEnum):
    """What a row stands for."""

    MONTH = "month"
    FISCAL_YEAR = "fiscal_year"
    BUYER = "buyer"
    CATEGORY = "category"
    STAT = "stat"
    SALES_REP = "sales_rep"
    CUSTOMER = "customer"


class RowKind(StrEnum):
    """``one`` is what its key says; ``without`` has no code, category, rep or card; ``hidden`` are confidential cards that the

    caller may not see (B30), ``others`` the rows that a long list leaves out, each gathered in one row.
    """

    ONE = "one"
    WITHOUT = "without"
    HIDDEN = "hidden"
    OTHERS = "others"


def month_number(day: date) -> int:
    """The months of the calendar before that of ``day``."""
    return day.year * MONTHS_A_YEAR + day.month - 1


def month_of(number: int) -> date:
    """The first day of the month of that ``month_number``."""
    return date(number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1, 1)


def fiscal_start(day: date, first_month: int) -> date:
    """The first day of the fiscal year of ``day``, whose first month is ``first_month`` (B18).

    >>> fiscal_start(date(2026, 8, 31), 9)
    datetime.date(2025, 9, 1)
    """
    return date(day.year if day.month >= first_month else max(day.year - 1, 1), first_month, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsQuery:
    """Business days of the shop, ``until`` left out. ``level`` is for categories, ``axis`` and ``segment`` for codes.

    ``segment`` None: the whole code; one that the axis does not have is the whole code too. ``customer_id``: what that card
    bought, and the cards it gathers. ``clearance`` as of the caller (B30). Raises ``Inconsistent`` for a period that ends
    before it begins, or of more than a hundred years.
    """

    by: StatisticsBy
    start: date
    until: date
    level: Level = Level.CATEGORY
    axis: int = 1
    segment: int | None = None
    customer_id: CustomerId | None = None
    clearance: Collection[str] | None = None

    def __post_init__(self) -> None:
        check_period(self.start, self.until)


def check_period(start: date, until: date) -> None:
    """Raises ``Inconsistent`` for a period that ends before it begins, or of more than a hundred years."""
    if until <= start:
        raise Inconsistent(faults=[Fault("period", "to")])
    if month_number(until) - month_number(start) > MOST_MONTHS:
        raise Inconsistent(faults=[Fault("period-long", "to")])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """What was sold, less what was brought back: copies, euros VAT included and without, and purchases made.

    ``commission`` is the sales reps', in euros; None where there is none to speak of.
    """

    copies: int = 0
    turnover: Decimal = NOTHING
    net: Decimal = NOTHING
    purchases: int = 0
    commission: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsRow:
    """One row. ``label`` None where the key says it all; ``day`` is the first day of a month or a fiscal year.

    ``parent`` is the key of the row that this one is a part of.
    """

    key: str | None
    sold: Sold
    kind: RowKind = RowKind.ONE
    label: str | None = None
    day: date | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The rows of a period, and their total. ``axis_label`` is the name of the axis of codes; ``fiscal_month`` the shop's."""

    by: StatisticsBy
    start: date
    until: date
    rows: tuple[StatisticsRow, ...]
    total: Sold
    fiscal_month: int
    axis_label: str | None = None

    def share(self, row: StatisticsRow) -> Decimal:
        """The row's part of the net turnover, in percent; nil where nothing was sold."""
        return cents(WHOLE * row.sold.net / self.total.net) if self.total.net else NOTHING

    def shortened(self, most: int) -> "Statistics":
        """At most ``most`` rows that stand for one thing; the others gathered in one."""
        ones = [row for row in self.rows if row.kind is RowKind.ONE]
        if len(ones) <= most:
            return self
        gathered = StatisticsRow(key=None, kind=RowKind.OTHERS, sold=added(row.sold for row in ones[most:]))
        rest = (row for row in self.rows if row.kind is not RowKind.ONE)
        return replace(self, rows=(*ones[:most], gathered, *rest))


def added(parts: Iterator[Sold]) -> Sold:
    """The sum of the parts; its commission is that of those that have one."""
    copies, turnover, net, purchases, commission = 0, NOTHING, NOTHING, 0, None
    for each in parts:
        copies, turnover, net = copies + each.copies, turnover + each.turnover, net + each.net
        purchases += each.purchases
        if each.commission is not None:
            commission = (commission or NOTHING) + each.commission
    return Sold(copies=copies, turnover=turnover, net=net, purchases=purchases, commission=commission)


class StatisticsReader(Protocol):
    async def of(self, dossier: DossierId, wanted: StatisticsQuery) -> Statistics:
        """Months and years in their order, every one of the period; anything else the most sold first, what has none last.

        The copies and purchases of a sales rep are those he has a part in, so that theirs do not add up to the total; sums of
        money do. Raises ``NotFound`` for a customer that is not there.
        """
        ...
