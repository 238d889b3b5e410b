"""Saved lists, read."""

from asyncpg import Record

from domain.errors import NotFound
from domain.model.values import DossierId, Ean, SavedListId, folded
from domain.queries.pages import Page, PageRequest
from domain.queries.saved_lists import SavedLineView, SavedListSummary, SavedListView
from infra.db.pools import Pool
from infra.readers.search import NOTHING, Conditions, page_of, selecting

LIST = "SELECT * FROM saved_list WHERE dossier_id = $1 AND saved_list_id = $2"
LINES = (
    "SELECT l.ean, l.quantity, a.title, a.author, a.list_price FROM saved_list_line l JOIN article a USING (dossier_id, ean) "
    "WHERE l.dossier_id = $1 AND l.saved_list_id = $2 ORDER BY l.position"
)
SOURCE = (
    "saved_list s CROSS JOIN LATERAL (SELECT count(*) AS titles, coalesce(sum(l.quantity), 0) AS quantity "
    "FROM saved_list_line l WHERE l.dossier_id = s.dossier_id AND l.saved_list_id = s.saved_list_id) n"
)
COLUMNS = "s.saved_list_id, s.name, n.titles, n.quantity, s.updated_at, s.version"
SORTS = {"name": "s.name_key", "updated_at": "s.updated_at"}


class SqlSavedListReader:
    """``SavedListReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(self, dossier: DossierId, list_id: SavedListId) -> SavedListView:
        async with (
            self._pool.of(dossier) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            row = await connection.fetchrow(LIST, dossier, list_id)
            if row is None:
                raise NotFound(what="saved-list")
            lines = await connection.fetch(LINES, dossier, list_id)
        return SavedListView(
            id=list_id,
            name=row["name"],
            lines=tuple(map(_line, lines)),
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            version=row["version"],
        )

    async def search(self, dossier: DossierId, name: str | None, page: PageRequest) -> Page[SavedListSummary]:
        where = Conditions(dossier, "s")
        if name is not None:
            where.prefix("s.name_key", folded(name) or NOTHING)
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key="s.saved_list_id"),
                where=where,
                sorts=SORTS,
                key="s.saved_list_id",
                request=page,
                make=_summary,
            )


def _line(row: Record) -> SavedLineView:
    return SavedLineView(
        ean=Ean(row["ean"]),
        title=row["title"],
        author=row["author"],
        list_price=row["list_price"],
        quantity=row["quantity"],
    )


def _summary(row: Record) -> SavedListSummary:
    return SavedListSummary(
        id=SavedListId(row["saved_list_id"]),
        name=row["name"],
        titles=row["titles"],
        quantity=row["quantity"],
        updated_at=row["updated_at"],
        version=row["version"],
    )
