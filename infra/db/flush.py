"""All that a unit of work writes, in one statement: a CTE for each kind of row, made once from the tables.

Rows travel as one JSON array per kind. Updates and deletes are counted by ``comptoir_guard`` inside the statement, so that
a lost race undoes the whole of it, with or without a transaction around.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from infra.db.pools import ShopConnection
from infra.db.tables import METADATA

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One CTE. ``{rows}`` stands for its JSON array; ``guarded`` when each row must hit exactly one row."""

    name: str
    sql: str
    guarded: bool


def _kind(column: "Column[Any]") -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    return str(column.type.compile(dialect=dialect)).split(" COLLATE", maxsplit=1)[0]


def _written(table: Table) -> "list[Column[Any]]":
    return [
        column
        for column in table.columns
        if column.computed is None and column.identity is None and column.server_default is None
    ]


def _recordset(columns: "Iterable[Column[Any]]", *more: str) -> str:
    shape = ", ".join([*(f'"{column.name}" {_kind(column)}' for column in columns), *more])
    return f"json_to_recordset({{rows}}::json) AS r({shape})"


def insert(name: str) -> Part:
    """New rows of table ``name``."""
    columns = _written(METADATA.tables[name])
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join(f'r."{column.name}"' for column in columns)
    return Part(
        f"new_{name}", f'INSERT INTO "{name}" ({names}) SELECT {values} FROM {_recordset(columns)}', guarded=False
    )


def update(name: str, *, versioned: bool = False) -> Part:
    """Changed rows of table ``name``, found by primary key and, if ``versioned``, by the version they were loaded with."""
    table = METADATA.tables[name]
    columns, keys = _written(table), [column.name for column in table.primary_key]
    sets = ", ".join(f'"{column.name}" = r."{column.name}"' for column in columns if column.name not in keys)
    where = " AND ".join(f't."{key}" = r."{key}"' for key in keys)
    if versioned:
        where += " AND t.version = r.loaded_version"
    source = _recordset(columns, *(["loaded_version integer"] if versioned else []))
    return Part(
        f"changed_{name}", f'UPDATE "{name}" t SET {sets} FROM {source} WHERE {where} RETURNING 1', guarded=True
    )


def delete(name: str, *, versioned: bool = False) -> Part:
    """Rows of table ``name`` to remove, by primary key and, if ``versioned``, by the version they were loaded with."""
    keys = list(METADATA.tables[name].primary_key)
    where = " AND ".join(f't."{key.name}" = r."{key.name}"' for key in keys)
    if versioned:
        where += " AND t.version = r.loaded_version"
    source = _recordset(keys, *(["loaded_version integer"] if versioned else []))
    return Part(f"gone_{name}", f'DELETE FROM "{name}" t USING {source} WHERE {where} RETURNING 1', guarded=True)


@cache
def statement(parts: tuple[Part, ...]) -> str:
    """The statement that writes ``parts``: $1 who writes, $2… their rows, then one count for each guarded part.

    The audit's triggers run once the statement is through, and so know who wrote.
    """
    ctes = [f"{part.name} AS ({part.sql.replace('{rows}', f'${n}')})" for n, part in enumerate(parts, start=2)]
    guarded = [part for part in parts if part.guarded]
    guards = [
        f"comptoir_guard('{part.name}', ${n}, (SELECT count(*) FROM {part.name}))"
        for n, part in enumerate(guarded, start=len(parts) + 2)
    ]
    told = ["set_config('comptoir.by', $1, true)", *guards]
    return f"WITH {', '.join(ctes)} SELECT {', '.join(told)}"


def arguments(parts: Sequence[tuple[Part, Sequence[Row]]], *, by: str) -> list[str | int]:
    """What ``statement`` takes."""
    texts: list[str | int] = [to_json(rows).decode() for _, rows in parts]
    return [by, *texts, *(len(rows) for part, rows in parts if part.guarded)]


async def flush(connection: ShopConnection, parts: Sequence[tuple[Part, Sequence[Row]]], *, by: str) -> None:
    """Write all parts that have rows, in one round trip; ``by`` is whose change it is."""
    filled = [(part, rows) for part, rows in parts if rows]
    if filled:
        await connection.fetch(statement(tuple(part for part, _ in filled)), *arguments(filled, by=by))
