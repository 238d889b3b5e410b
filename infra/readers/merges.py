"""Merges, read."""

from collections.abc import Mapping

from asyncpg import Record

from domain.errors import NotFound
from domain.model.values import CustomerId, DossierId, MergeId
from domain.queries.merges import CardName, MergeSummary, MergeView
from domain.queries.pages import Page, PageRequest
from infra.db.pools import Pool
from infra.merging.report import loads, merge_of, moved_rows
from infra.names import names_of
from infra.readers.search import Conditions, page_of, selecting

SORTS: Mapping[str, str] = {"at": "m.at"}
COLUMNS = (
    "m.*, k.code AS kept_code, k.name AS kept_name, k.first_name AS kept_first_name, "
    "a.code AS absorbed_code, a.name AS absorbed_name, a.first_name AS absorbed_first_name, "
    f"{names_of('m.by')} AS by_name, {names_of('m.undone_by')} AS undone_by_name"
)
SOURCE = (
    "customer_merge m "
    "JOIN customer k ON k.dossier_id = m.dossier_id AND k.customer_id = m.kept_id "
    "JOIN customer a ON a.dossier_id = m.dossier_id AND a.customer_id = m.absorbed_id"
)


class SqlMergeReader:
    """``MergeReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(self, dossier: DossierId, merge_id: MergeId, *, clearance: frozenset[str] | None) -> MergeView:
        where = _shown(dossier, clearance)
        where.add("m.merge_id = {0}", merge_id)
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(f"SELECT {COLUMNS} FROM {SOURCE} WHERE {where.text}", *where.arguments)
            if row is None:
                raise NotFound(what="customer-merge")
            moved = await connection.fetch(
                "SELECT table_name, before::text AS before FROM merged_row WHERE dossier_id = $1 AND merge_id = $2 "
                "ORDER BY position",
                dossier,
                merge_id,
            )
        merge = merge_of(row)
        return MergeView(
            id=merge.id,
            kept=_card(row, "kept"),
            absorbed=_card(row, "absorbed"),
            choices=merge.choices,
            fields=merge.fields,
            moved=moved_rows(
                ((each["table_name"], loads(each["before"])) for each in moved),
                cards=(merge.kept_id, merge.absorbed_id),
            ),
            clashes=merge.clashes,
            warnings=merge.warnings,
            at=merge.at,
            by=merge.by,
            by_name=row["by_name"],
            undone_at=merge.undone_at,
            undone_by=merge.undone_by,
            undone_by_name=row["undone_by_name"],
        )

    async def search(
        self,
        dossier: DossierId,
        page: PageRequest,
        *,
        customer_id: CustomerId | None,
        clearance: frozenset[str] | None,
    ) -> Page[MergeSummary]:
        where = _shown(dossier, clearance)
        if customer_id is not None:
            where.add("(m.kept_id = {0} OR m.absorbed_id = {0})", customer_id)
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key="m.merge_id"),
                where=where,
                sorts=SORTS,
                key="m.merge_id",
                request=page,
                make=_summary,
            )


def _shown(dossier: DossierId, clearance: frozenset[str] | None) -> Conditions:
    """Merges of two cards that may both be seen (B30)."""
    where = Conditions(dossier, "m")
    if clearance is not None:
        for card in ("k", "a"):
            where.add(
                f"({card}.confidentiality_code IS NULL OR {card}.confidentiality_code = ANY ({{0}}::text[]))",
                list(clearance),
            )
    return where


def _card(row: Record, which: str) -> CardName:
    return CardName(
        id=CustomerId(row[f"{which}_id"]),
        code=row[f"{which}_code"],
        name=row[f"{which}_name"],
        first_name=row[f"{which}_first_name"],
    )


def _summary(row: Record) -> MergeSummary:
    return MergeSummary(
        id=MergeId(row["merge_id"]),
        kept=_card(row, "kept"),
        absorbed=_card(row, "absorbed"),
        at=row["at"],
        by=row["by"],
        by_name=row["by_name"],
        undone_at=row["undone_at"],
        undone_by=row["undone_by"],
        undone_by_name=row["undone_by_name"],
    )
