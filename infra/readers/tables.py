"""The shop's own tables and fields, read."""

from collections.abc import Mapping
from uuid import UUID

from domain.errors import NotFound
from domain.model.reference import MOST_VALUES, FieldRecord, Table
from domain.model.values import DossierId
from domain.queries.tables import FieldView, ValueView, field_view, value_view
from infra.db.pools import Pool
from infra.repositories.references import field_of, value_of

VALUES = "SELECT * FROM reference_value WHERE dossier_id = $1 AND table_name = $2"
FIELDS = "SELECT * FROM custom_field WHERE dossier_id = $1"


class SqlTableReader:
    """``TableReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def counts(self, dossier: DossierId) -> Mapping[Table, int]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(
                "SELECT table_name, count(*) FROM reference_value WHERE dossier_id = $1 GROUP BY table_name", dossier
            )
        return {Table(row["table_name"]): row["count"] for row in rows}

    async def values(self, dossier: DossierId, table: Table, *, active: bool | None) -> list[ValueView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(
                f"{VALUES} AND ($3::boolean IS NULL OR active = $3) ORDER BY position, code LIMIT {MOST_VALUES}",
                dossier,
                table,
                active,
            )
        return [value_view(value_of(row)) for row in rows]

    async def value(self, dossier: DossierId, table: Table, code: str) -> ValueView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(f"{VALUES} AND code = $3", dossier, table, code)
        if row is None:
            raise NotFound(what="reference value")
        return value_view(value_of(row))

    async def field(self, dossier: DossierId, field_id: UUID) -> FieldView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(f"{FIELDS} AND field_id = $2", dossier, field_id)
        if row is None:
            raise NotFound(what="custom field")
        return field_view(field_of(row))

    async def fields(self, dossier: DossierId, record: FieldRecord | None) -> list[FieldView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(
                f"{FIELDS} AND ($2::text IS NULL OR record = $2) ORDER BY record, questionnaire, position, code "
                f"LIMIT {MOST_VALUES * len(FieldRecord)}",
                dossier,
                record,
            )
        return [field_view(field_of(row)) for row in rows]
