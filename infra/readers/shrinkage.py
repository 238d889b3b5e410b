"""What was lost, read out of the movements of the stock."""

from collections.abc import Iterable
from decimal import Decimal

from asyncpg import Record

from domain.model.article import Cause
from domain.model.reservation import EndCause
from domain.model.stocktaking import LossCause, loss_of
from domain.model.values import NOTHING, DossierId, Ean
from domain.queries.pages import Page, PageRequest
from domain.queries.shrinkage import MOST_GROUPS, Loss, LossGroup, Period, Shrinkage
from infra.db.pools import Pool, ShopConnection
from infra.readers.search import Conditions, page_of, selecting

COPIES = "-(m.available + m.set_aside)"
SOURCE = (
    "stock_movement m JOIN article a USING (dossier_id, ean) "
    "LEFT JOIN reservation r ON r.dossier_id = m.dossier_id AND r.reservation_id = m.reservation_id"
)
COLUMNS = (
    f"m.movement_id, m.at, m.ean, a.title, {COPIES} AS copies, {COPIES} * a.list_price AS value, "
    "m.cause, m.reason, m.reservation_id IS NOT NULL AS reserved, r.end_cause, m.by"
)
MIDNIGHT = "({0}::date::timestamp AT TIME ZONE (SELECT d.time_zone FROM dossier d WHERE d.dossier_id = $1))"
SORTS = {"at": "m.at"}


class SqlShrinkageReader:
    """``ShrinkageReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, dossier: DossierId, period: Period, page: PageRequest) -> Shrinkage:
        async with (
            self._pool.of(dossier) as connection,
            # the sums are those of the rows shown with them
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            groups = await _groups(connection, dossier, period)
            found_copies, found_value = await _found(connection, dossier, period)
            rows: Page[Loss] = await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key="m.movement_id"),
                where=_lost(dossier, period),
                sorts=SORTS,
                key="m.movement_id",
                request=page,
                make=_loss,
            )
        return Shrinkage(
            copies=sum(each.copies for each in groups),
            value=sum((each.value for each in groups), NOTHING),
            found_copies=found_copies,
            found_value=found_value,
            groups=tuple(groups[:MOST_GROUPS]),
            page=rows,
        )


def _within(dossier: DossierId, period: Period) -> Conditions:
    where = Conditions(dossier, "m")
    where.add(f"m.at >= {MIDNIGHT}", period.start)
    where.add(f"m.at < {MIDNIGHT}", period.until)
    return where


def _lost(dossier: DossierId, period: Period) -> Conditions:
    where = _within(dossier, period)
    where.add("m.cause IN ('write_off', 'adjust') AND m.available + m.set_aside < 0")
    return where


async def _groups(connection: ShopConnection, dossier: DossierId, period: Period) -> list[LossGroup]:
    where = _lost(dossier, period)
    rows = await connection.fetch(
        "SELECT m.cause, m.reason, m.reservation_id IS NOT NULL AS reserved, r.end_cause, "
        f"sum({COPIES})::int AS copies, sum({COPIES} * a.list_price) AS value "
        f"FROM {SOURCE} WHERE {where.text} GROUP BY 1, 2, 3, 4",
        *where.arguments,
    )
    return _gathered(rows)


def _gathered(rows: Iterable[Record]) -> list[LossGroup]:
    """Rows of one cause and reason in one group, the most copies first."""
    sums: dict[tuple[LossCause, str | None], tuple[int, Decimal]] = {}
    for row in rows:
        why = _why(row)
        copies, value = sums.get(why, (0, NOTHING))
        sums[why] = copies + row["copies"], value + row["value"]
    groups = [
        LossGroup(cause=cause, reason=reason, copies=copies, value=value)
        for (cause, reason), (copies, value) in sums.items()
    ]
    return sorted(groups, key=lambda each: (-each.copies, each.cause, each.reason or ""))


async def _found(connection: ShopConnection, dossier: DossierId, period: Period) -> tuple[int, Decimal]:
    """Copies that corrections brought back, and their value."""
    where = _within(dossier, period)
    where.add("m.cause = 'adjust' AND m.available > 0")
    row = await connection.fetchrow(
        "SELECT sum(m.available)::int AS copies, sum(m.available * a.list_price) AS value "
        f"FROM stock_movement m JOIN article a USING (dossier_id, ean) WHERE {where.text}",
        *where.arguments,
    )
    return (row["copies"], row["value"]) if row and row["copies"] else (0, NOTHING)


def _why(row: Record) -> tuple[LossCause, str | None]:
    ended = EndCause(row["end_cause"]) if row["end_cause"] else None
    return loss_of(Cause(row["cause"]), row["reason"], ended, reserved=row["reserved"])


def _loss(row: Record) -> Loss:
    cause, reason = _why(row)
    return Loss(
        id=row["movement_id"],
        at=row["at"],
        ean=Ean(row["ean"]),
        title=row["title"],
        copies=row["copies"],
        value=row["value"],
        cause=cause,
        reason=reason,
        by=row["by"],
    )
