"""Articles and stock, read."""

from asyncpg import Record

from domain.errors import UnknownArticle
from domain.model.article import ArticleKind, Cause
from domain.model.values import DossierId, Ean, ThirdPartyId, folded
from domain.queries.articles import ArticleFilter, ArticleView, MovementView
from domain.queries.pages import Page, PageRequest
from infra.db.pools import Pool
from infra.readers.search import NOTHING, Conditions, page_of, selecting
from infra.repositories.articles import ARTICLE_COLUMNS, ARTICLE_JOINS, ARTICLE_NAMES

WAITING = (
    "(SELECT coalesce(sum(l.outstanding), 0)::int FROM order_line l "
    "WHERE l.dossier_id = a.dossier_id AND l.ean = a.ean AND l.outstanding > 0 AND NOT l.digital "
    "AND l.suspended_until IS NULL)"
)
ON_ORDER = (
    "(SELECT coalesce(sum(p.outstanding), 0)::int FROM supplier_line p "
    "JOIN supplier_order q USING (dossier_id, supplier_order_id) "
    "WHERE p.dossier_id = a.dossier_id AND p.ean = a.ean AND p.outstanding > 0 "
    "AND q.state IN ('validated', 'partly_received'))"
)
COLUMNS = f"{ARTICLE_COLUMNS}, {ARTICLE_NAMES}, s.available, s.set_aside, {WAITING} AS waiting, {ON_ORDER} AS on_order"
SOURCE = f"article a JOIN stock_level s USING (dossier_id, ean) {ARTICLE_JOINS}"
BELOW = """a.category IN (
    WITH RECURSIVE below AS (
        SELECT code FROM category WHERE dossier_id = $1 AND code = {0}
        UNION ALL
        SELECT c.code FROM below JOIN category c ON c.dossier_id = $1 AND c.parent = below.code
    )
    SELECT code FROM below
)"""
BY_EAN = f"SELECT {COLUMNS} FROM {SOURCE} WHERE a.dossier_id = $1 AND a.ean = $2"
SORTS = {"title": "a.title_key"}
MOVEMENT_SORTS = {"at": "m.at"}


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

    async def search(self, dossier: DossierId, wanted: ArticleFilter, page: PageRequest) -> Page[ArticleView]:
        where = Conditions(dossier, "a")
        where.equal("kind", wanted.kind)
        where.equal("supplier_id", wanted.supplier_id)
        if wanted.category is not None:
            where.add(BELOW, wanted.category)
        if wanted.q is not None:
            words = folded(wanted.q) or NOTHING
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


def _view(row: Record) -> ArticleView:
    return ArticleView(
        ean=Ean(row["ean"]),
        title=row["title"],
        author=row["author"],
        publisher=row["publisher"],
        list_price=row["list_price"],
        vat_rate=row["vat_rate"],
        digital=row["digital"],
        kind=ArticleKind(row["kind"]),
        school_book=row["school_book"],
        category=row["category"],
        category_path=tuple(row["category_path"]),
        supplier_id=ThirdPartyId(row["supplier_id"]) if row["supplier_id"] else None,
        supplier_name=row["supplier_name"],
        availability=row["availability"],
        published_on=row["published_on"],
        weight_g=row["weight_g"],
        available=row["available"],
        set_aside=row["set_aside"],
        waiting=row["waiting"],
        on_order=row["on_order"],
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
