"""Flashes, read by their recipient."""

from asyncpg import Record

from domain.model.access import Caller
from domain.queries.flashes import FlashView
from domain.queries.pages import Page, PageRequest
from infra.db.pools import Pool
from infra.readers.search import Conditions, page_of, selecting
from infra.repositories.flashes import flash_of

SORTS = {"at": "f.at"}
COLUMNS = (
    "f.*, coalesce(c.code, t.code) AS code, s.name AS by_name, "
    "CASE WHEN c.customer_id IS NULL THEN t.approved_at ELSE c.approved_at END IS NULL AS waiting"
)
SOURCE = (
    "flash f LEFT JOIN customer c ON c.dossier_id = f.dossier_id AND c.customer_id = f.customer_id "
    "LEFT JOIN third_party t ON t.dossier_id = f.dossier_id AND t.third_party_id = f.third_party_id "
    "LEFT JOIN staff s ON s.dossier_id = f.dossier_id AND f.by = 'staff:' || replace(s.staff_id::text, '-', '')"
)


class SqlFlashReader:
    """``FlashReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def mine(self, by: Caller, *, unread: bool | None, page: PageRequest) -> Page[FlashView]:
        where = Conditions(by.dossier.id, "f")
        # a key is nobody of the staff: no flash is sent to null
        where.add("f.staff_id = {0}", by.staff_id)
        if unread is not None:
            where.add("(f.read_at IS NULL) = {0}", unread)
        if by.clearance is not None:
            where.add("(c.confidentiality_code IS NULL OR c.confidentiality_code = ANY ({0}))", sorted(by.clearance))
        async with self._pool.of(by.dossier.id) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key="f.flash_id"),
                where=where,
                sorts=SORTS,
                key="f.flash_id",
                request=page,
                make=_view,
            )


def _view(row: Record) -> FlashView:
    flash = flash_of(row)
    return FlashView(
        id=flash.id,
        card=flash.card,
        code=row["code"],
        name=flash.name,
        approved=flash.approved,
        waiting=row["waiting"],
        by=flash.by,
        by_name=row["by_name"],
        at=flash.at,
        read_at=flash.read_at,
    )
