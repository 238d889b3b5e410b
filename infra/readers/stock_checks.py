"""Checks of the stock, read."""

import json

from asyncpg import Record

from domain.errors import NotFound
from domain.model.stocktaking import StockCheck
from domain.model.values import DossierId, StockCheckId
from domain.queries.pages import Page, PageRequest
from domain.queries.stock_checks import StockCheckSummary
from infra.db.pools import Pool
from infra.names import names_of
from infra.readers.search import Conditions, page_of, selecting
from infra.repositories.stock_checks import finding_of

COLUMNS = (
    f"k.stock_check_id, k.at, k.by, {names_of('k.by')} AS by_name, k.articles, jsonb_array_length(k.findings) AS found"
)
SORTS = {"at": "k.at"}


class SqlStockCheckReader:
    """``StockCheckReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(self, dossier: DossierId, check_id: StockCheckId) -> StockCheck:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(
                "SELECT * FROM stock_check WHERE dossier_id = $1 AND stock_check_id = $2", dossier, check_id
            )
        if row is None:
            raise NotFound(what="stock_check")
        return StockCheck(
            id=check_id,
            at=row["at"],
            by=row["by"],
            articles=row["articles"],
            findings=tuple(finding_of(each) for each in json.loads(row["findings"])),
        )

    async def search(self, dossier: DossierId, page: PageRequest) -> Page[StockCheckSummary]:
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, "stock_check k", sorts=SORTS, sort=page.sort, key="k.stock_check_id"),
                where=Conditions(dossier, "k"),
                sorts=SORTS,
                key="k.stock_check_id",
                request=page,
                make=_summary,
            )


def _summary(row: Record) -> StockCheckSummary:
    return StockCheckSummary(
        id=StockCheckId(row["stock_check_id"]),
        at=row["at"],
        by=row["by"],
        by_name=row["by_name"],
        articles=row["articles"],
        found=row["found"],
    )
