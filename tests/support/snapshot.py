"""The whole base as it is, to compare byte for byte."""

import json
from collections.abc import Mapping
from typing import Any

import asyncpg

TELLING = {"outbox_event", "idempotency_answer", "customer_merge", "merged_row"}
"""Tables that tell of a merge itself."""
COUNTING = {"version", "updated_at"}

Rows = Mapping[str, Mapping[str, str]]


async def snapshot(
    sql: "asyncpg.Connection[asyncpg.Record]", *, audit_of: "Rows | None" = None
) -> dict[str, dict[str, str]]:
    """Every row of every table as text, by table and primary key; of the audit those entries that ``audit_of`` has too."""
    tables = [
        row[0] for row in await sql.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    ]
    found: dict[str, dict[str, str]] = {}
    for table in tables:
        if table in TELLING | {"alembic_version"}:
            continue
        keys = [
            row[0]
            for row in await sql.fetch(
                "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) "
                "WHERE i.indrelid = $1::regclass AND i.indisprimary ORDER BY 1",
                table,
            )
        ]
        rows = [json.loads(row[0]) for row in await sql.fetch(f'SELECT to_jsonb(t)::text FROM "{table}" t')]
        found[table] = {"/".join(str(row[key]) for key in keys): _text(row) for row in rows}
    if audit_of is not None:
        found["audit_entry"] = {key: row for key, row in found["audit_entry"].items() if key in audit_of["audit_entry"]}
    return found


def _text(row: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in row.items() if name not in COUNTING}, sort_keys=True)
