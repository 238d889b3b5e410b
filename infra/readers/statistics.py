"""Statistics, summed by PostgreSQL from the purchases at each asking (B17)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from asyncpg import Record

from domain.errors import NotFound
from domain.model.booklaw import Buyer
from domain.model.prices import WHOLE
from domain.model.settings import DossierCard, DossierSettings
from domain.model.statcodes import LONGEST
from domain.model.values import DossierId, cents
from domain.queries.statistics import (
    COLLECTIVITY,
    MONTHS_A_YEAR,
    RowKind,
    Sold,
    Statistics,
    StatisticsBy,
    StatisticsQuery,
    StatisticsRow,
    added,
    fiscal_start,
    month_number,
    month_of,
)
from infra.db.pools import Pool, ShopConnection
from infra.readers.activity import current
from infra.repositories.references import DOSSIER, dossier_of
from infra.sql import sql

Rows = Sequence[StatisticsRow]


class SqlStatisticsReader:
    """``StatisticsReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, dossier: DossierId, wanted: StatisticsQuery) -> Statistics:
        async with (
            self._pool.of(dossier) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            kept = await connection.fetchrow(DOSSIER, dossier)
            if kept is None:
                raise NotFound(what="dossier")
            shop = dossier_of(kept)
            settings = shop.settings
            if wanted.customer_id is not None:
                card = await current(connection, dossier, wanted.customer_id, wanted.clearance)
                wanted = replace(wanted, customer_id=card["customer_id"])
            found = await _found(connection, dossier, wanted, shop)
        made = _MADE.get(wanted.by, _ranked)(found, wanted, settings)
        total = added(row.sold for row in made if row.parent is None)
        if wanted.by is StatisticsBy.SALES_REP:
            # a copy in which two have a part is one copy
            total = (
                replace(total, copies=found[0]["all_copies"], purchases=found[0]["all_purchases"]) if found else total
            )
        return Statistics(
            by=wanted.by,
            start=wanted.start,
            until=wanted.until,
            rows=tuple(made),
            total=total,
            fiscal_month=settings.fiscal_month,
            axis_label=settings.stat_axes[wanted.axis - 1].label if wanted.by is StatisticsBy.STAT else None,
        )


async def _found(
    connection: ShopConnection, dossier: DossierId, wanted: StatisticsQuery, shop: DossierCard
) -> Sequence[Record]:
    more: Mapping[StatisticsBy, tuple[Any, ...]] = {
        StatisticsBy.CATEGORY: (wanted.level.value,),
        StatisticsBy.CUSTOMER: (None if wanted.clearance is None else sorted(wanted.clearance),),
        StatisticsBy.STAT: (_positions(wanted, shop.settings), wanted.axis, f"stat-{wanted.axis}"),
    }
    by = StatisticsBy.MONTH if wanted.by is StatisticsBy.FISCAL_YEAR else wanted.by
    return await connection.fetch(
        f"WITH sold AS (\n{sql('statistics_sold')})\n{sql(f'statistics_{by}')}",
        dossier,
        midnight(wanted.start, shop.time_zone),
        midnight(wanted.until, shop.time_zone),
        wanted.customer_id,
        *more.get(by, ()),
    )


def midnight(day: date, time_zone: str) -> datetime:
    """The instant at which a day of the shop begins; known before the statement is planned, it finds the better plan."""
    if day == date.min:  # in UTC it would be a day of no calendar
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def _positions(wanted: StatisticsQuery, settings: DossierSettings) -> int:
    """How much of a code is looked at."""
    segments = settings.stat_axes[wanted.axis - 1].segments
    within = wanted.segment is not None and wanted.segment <= len(segments)
    return segments[wanted.segment - 1] if within and wanted.segment else LONGEST


def _sold(row: Record) -> Sold:
    return Sold(copies=row["copies"], turnover=row["turnover"], net=row["net"], purchases=row["purchases"])


def _last_day(wanted: StatisticsQuery) -> date:
    return wanted.until - timedelta(days=1)


def _months(found: Sequence[Record], wanted: StatisticsQuery, _: DossierSettings) -> Rows:
    sums = {row["key"]: _sold(row) for row in found}
    numbers = range(month_number(wanted.start), month_number(_last_day(wanted)) + 1)
    return [
        StatisticsRow(key=f"{day:%Y-%m}", day=day, sold=sums.get(day, Sold()))
        for day in (month_of(number) for number in numbers)
    ]


def _years(found: Sequence[Record], wanted: StatisticsQuery, settings: DossierSettings) -> Rows:
    sums: dict[date, list[Sold]] = {}
    for row in found:
        sums.setdefault(fiscal_start(row["key"], settings.fiscal_month), []).append(_sold(row))
    first, last = (fiscal_start(day, settings.fiscal_month) for day in (wanted.start, _last_day(wanted)))
    days = (month_of(number) for number in range(month_number(first), month_number(last) + 1, MONTHS_A_YEAR))
    return [StatisticsRow(key=f"{day:%Y-%m}", day=day, sold=added(iter(sums.get(day, ())))) for day in days]


def _buyers(found: Sequence[Record], _: StatisticsQuery, __: DossierSettings) -> Rows:
    """Private customers against all others, and what those are (A67)."""
    sums = {row["key"]: _sold(row) for row in found}
    parts = [
        StatisticsRow(key=buyer.value, parent=COLLECTIVITY, sold=sums[buyer])
        for buyer in Buyer
        if buyer is not Buyer.PRIVATE and buyer in sums
    ]
    return [
        StatisticsRow(key=Buyer.PRIVATE.value, sold=sums.get(Buyer.PRIVATE, Sold())),
        StatisticsRow(key=COLLECTIVITY, sold=added(part.sold for part in parts)),
        *parts,
    ]


def _ranked(found: Sequence[Record], wanted: StatisticsQuery, _: DossierSettings) -> Rows:
    return _in_order(
        StatisticsRow(
            key=_key(row["key"], wanted), kind=_kind(row), label=row["label"] if row["key"] else None, sold=_sold(row)
        )
        for row in found
    )


def _key(key: Any, wanted: StatisticsQuery) -> str | None:
    prefix = {StatisticsBy.CUSTOMER: "cus", StatisticsBy.SALES_REP: "tpa"}.get(wanted.by)
    return key if prefix is None or key is None else f"{prefix}_{key.hex}"


def _kind(row: Record) -> RowKind:
    if row["key"]:
        return RowKind.ONE
    return RowKind.HIDDEN if row.get("hidden") else RowKind.WITHOUT


def _in_order(rows: Iterable[StatisticsRow]) -> Rows:
    """The most sold first; what stands for nothing in particular last."""
    kinds = list(RowKind)
    return sorted(rows, key=lambda row: (kinds.index(row.kind), -row.sold.net, row.label or "", row.key or ""))


def _reps(found: Sequence[Record], wanted: StatisticsQuery, _: DossierSettings) -> Rows:
    """Each sum rounded once; what rounding leaves goes to the row without a rep, else to the one with most."""
    rows = list(
        _in_order(
            StatisticsRow(
                key=_key(row["key"], wanted),
                kind=_kind(row),
                label=row["label"] if row["key"] else None,
                sold=Sold(
                    copies=row["copies"],
                    turnover=cents(row["turnover"] / WHOLE),
                    net=cents(row["net"] / WHOLE),
                    purchases=row["purchases"],
                    commission=_commission(row),
                ),
            )
            for row in found
        )
    )
    if rows:
        last = -1 if rows[-1].kind is RowKind.WITHOUT else 0
        parts = added(row.sold for row in rows)
        sold = rows[last].sold
        rows[last] = replace(
            rows[last],
            sold=replace(
                sold,
                turnover=sold.turnover + _whole(found, "turnover") - parts.turnover,
                net=sold.net + _whole(found, "net") - parts.net,
            ),
        )
    return rows


def _whole(found: Iterable[Record], name: str) -> Decimal:
    """All parts of a sum: they make it up again."""
    return cents(sum((row[name] for row in found), Decimal(0)) / WHOLE)


def _commission(row: Record) -> Decimal | None:
    """What the sales rep is paid: his part of the net amounts times his percent, rounded once (B16)."""
    return None if row["percent"] is None else cents(row["net"] * row["percent"] / WHOLE / WHOLE)


_MADE: Mapping[StatisticsBy, Callable[[Sequence[Record], StatisticsQuery, DossierSettings], Rows]] = {
    StatisticsBy.MONTH: _months,
    StatisticsBy.FISCAL_YEAR: _years,
    StatisticsBy.BUYER: _buyers,
    StatisticsBy.SALES_REP: _reps,
}
