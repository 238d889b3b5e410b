"""What every search shares: conditions that are only there when asked for, and keyset pages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from asyncpg import Record

from domain.queries.pages import After, Count, Page, PageRequest
from infra.db.pools import ShopConnection

T = TypeVar("T")

CAP = 10_000
"""A count is exact up to here and capped beyond: an exact one costs a scan (performance.md)."""


NOTHING = "~"
"""A folded key that no row has: what a search without a single letter or digit looks for."""


class Conditions:
    """A WHERE clause with its arguments; the dossier is always the first."""

    def __init__(self, dossier_id: UUID, alias: str) -> None:
        self._alias = alias
        self._texts = [f"{alias}.dossier_id = $1"]
        self.arguments: list[Any] = [dossier_id]

    def add(self, template: str, *values: Any) -> None:
        """``template`` with ``{0}``… for the places of ``values``, which are always bound, never written."""
        places = [f"${len(self.arguments) + n}" for n in range(1, len(values) + 1)]
        self.arguments.extend(values)
        self._texts.append(template.format(*places))

    def equal(self, column: str, value: Any) -> None:
        """``column`` is ``value``, when there is one."""
        if value is not None:
            self.add(f"{self._alias}.{column} = {{0}}", value)

    def prefix(self, expression: str, start: str) -> None:
        """``expression``, compared byte by byte, begins with ``start``: a range of an index."""
        self.add(f"{expression} >= {{0}} AND {expression} < {{1}}", start, start + "\U0010ffff")

    def words(self, *, table: str, key: str, folded: str) -> None:
        """Each word of ``folded`` begins a word kept in the token table ``table`` for the row's ``key``."""
        for word in folded.split():
            self.add(
                f"{self._alias}.{key} IN (SELECT w.{key} FROM {table} w WHERE w.dossier_id = $1 "
                "AND w.token >= {0} AND w.token < {1})",
                word,
                word + "\U0010ffff",
            )

    @property
    def text(self) -> str:
        return " AND ".join(self._texts)


async def page_of(
    connection: ShopConnection,
    *,
    select: str,
    where: Conditions,
    sorts: Mapping[str, str],
    key: str,
    request: PageRequest,
    make: Callable[[Record], T],
) -> Page[T]:
    """One keyset page of ``select``; ``sorts`` gives each sort its expression (never null), ``key`` breaks ties."""
    expression = sorts[request.sort]
    direction, comparison = ("DESC", "<") if request.descending else ("ASC", ">")
    if request.after is not None:
        where.add(f"({expression}, {key}) {comparison} ({{0}}, {{1}})", request.after.value, request.after.id)
    rows: Sequence[Record] = await connection.fetch(
        f"{select} WHERE {where.text} ORDER BY {expression} {direction}, {key} {direction} LIMIT {request.limit + 1}",
        *where.arguments,
    )
    shown = rows[: request.limit]
    last = None
    if len(rows) > request.limit:
        last = After(value=shown[-1]["sort_value"], id=shown[-1]["sort_key"])
    return Page(items=[make(row) for row in shown], last=last)


def selecting(columns: str, source: str, *, sorts: Mapping[str, str], sort: str, key: str) -> str:
    """A SELECT that also answers where a page ends."""
    return f"SELECT {columns}, {sorts[sort]} AS sort_value, {key} AS sort_key FROM {source}"


async def count_of(connection: ShopConnection, *, source: str, where: Conditions) -> Count:
    """How many rows there are, exact up to the cap."""
    found: int = await connection.fetchval(
        f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {where.text} LIMIT {CAP + 1}) found", *where.arguments
    )
    return Count(count=min(found, CAP), capped=found > CAP)
