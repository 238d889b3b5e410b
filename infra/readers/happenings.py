"""The outbox, read in an order in which no event is lost."""

import json

from asyncpg import Record

from domain.model.values import DossierId
from domain.queries.happenings import Happening
from infra.db.pools import Pool
from infra.sql import sql

AFTER = sql("outbox_after")
NOW = "SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1) AS xid"


class SqlHappeningReader:
    """``HappeningReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def after(self, dossier: DossierId, position: tuple[int, int], limit: int) -> list[Happening]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(AFTER, dossier, str(position[0]), position[1], limit)
        return [_happening(row) for row in rows]

    async def now(self, dossier: DossierId) -> tuple[int, int]:
        async with self._pool.of(dossier) as connection:
            xid: int = await connection.fetchval(NOW)
        return xid, 2**63 - 1


def _happening(row: Record) -> Happening:
    return Happening(
        position=(row["xid"], row["seq"]),
        id=row["event_id"],
        type=row["type"],
        subject=row["subject"],
        version=row["version"],
        at=row["at"],
        data=json.loads(row["data"]),
    )
