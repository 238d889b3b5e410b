"""Articles, stock and queues, read."""

from asyncpg import Record

from domain.errors import UnknownArticle
from domain.model.article import Cause
from domain.model.order import Status
from domain.model.values import DossierId, Ean, LineId, OrderId, folded
from domain.queries.articles import ArticleView, MovementView, QueueEntry
from domain.queries.pages import Page, PageRequest
from infra.db.pools import Pool
from infra.readers.search import NOTHING, Conditions, page_of, selecting
from infra.sql import sql

COLUMNS = (
    "a.*, s.available, s.set_aside, (SELECT coalesce(sum(l.outstanding), 0)::int FROM order_line l "
    "WHERE l.dossier_id = a.dossier_id AND l.ean = a.ean AND l.outstanding > 0 AND NOT l.digital) AS waiting"
)
SOURCE = "article a JOIN stock_level s USING (dossier_id, ean)"
BY_EAN = f"SELECT {COLUMNS} FROM {SOURCE} WHERE a.dossier_id = $1 AND a.ean = $2"
SORTS = {"title": "a.title_key"}
MOVEMENT_SORTS = {"at": "m.at"}
QUEUE = sql("article_queue")


class SqlArticleReader:
    """``ArticleReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_ean(self, dossier: DossierId, ean: Ean) -> ArticleView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(BY_EAN, dossier, ean)
        if row is None:
            raise UnknownArticle(ean=ean)
        return _view(row)

    async def search(self, dossier: DossierId, q: str | None, page: PageRequest) -> Page[ArticleView]:
        where = Conditions(dossier, "a")
        if q is not None:
            words = folded(q) or NOTHING
            if words.isdigit():
                where.prefix("a.ean", words)
            else:
                where.words(table="article_token", key="ean", folded=words)
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key="a.ean"),
                where=where,
                sorts=SORTS,
                key="a.ean",
                request=page,
                make=_view,
            )

    async def movements(self, dossier: DossierId, ean: Ean, page: PageRequest) -> Page[MovementView]:
        await self.by_ean(dossier, ean)
        where = Conditions(dossier, "m")
        where.equal("ean", ean)
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting("m.*", "stock_movement m", sorts=MOVEMENT_SORTS, sort=page.sort, key="m.movement_id"),
                where=where,
                sorts=MOVEMENT_SORTS,
                key="m.movement_id",
                request=page,
                make=_movement,
            )

    async def queue(self, dossier: DossierId, ean: Ean, limit: int) -> list[QueueEntry]:
        await self.by_ean(dossier, ean)
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(QUEUE, dossier, ean, limit)
        return [
            QueueEntry(
                rank=rank,
                line_id=LineId(row["line_id"]),
                order_id=OrderId(row["order_id"]),
                order_number=row["number"],
                order_status=Status(row["status"]),
                name=row["name"],
                outstanding=row["outstanding"],
                created_at=row["queued_at"],
            )
            for rank, row in enumerate(rows, start=1)
        ]


def _view(row: Record) -> ArticleView:
    return ArticleView(
        ean=Ean(row["ean"]),
        title=row["title"],
        author=row["author"],
        publisher=row["publisher"],
        list_price=row["list_price"],
        vat_rate=row["vat_rate"],
        digital=row["digital"],
        available=row["available"],
        set_aside=row["set_aside"],
        waiting=row["waiting"],
        updated_at=row["updated_at"],
    )


def _movement(row: Record) -> MovementView:
    return MovementView(
        id=row["movement_id"],
        ean=Ean(row["ean"]),
        available=row["available"],
        set_aside=row["set_aside"],
        cause=Cause(row["cause"]),
        reason=row["reason"],
        at=row["at"],
        by=row["by"],
    )
