"""The shops there are, read without a caller: a job knows its dossier by id only, and so does a link of a message."""

from time import monotonic

from domain.errors import NotFound
from domain.model.access import Dossier
from domain.model.values import DossierId
from infra.db.pools import Pool
from infra.identities import dossier_of

REMEMBERED = 2.0
"""Seconds for which a dossier with its settings is believed, as for callers."""
BY_ID = (
    "SELECT dossier_id, code AS dossier_code, name AS dossier_name, time_zone, secret, order_sequence, settings, demo "
    "FROM dossier WHERE dossier_id = $1"
)


class SqlShops:
    """``Shops`` on a pool that may read."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[DossierId, tuple[float, Dossier]] = {}

    async def dossier(self, dossier_id: DossierId) -> Dossier:
        known = self._known.get(dossier_id)
        if known is not None and known[0] > monotonic():
            return known[1]
        async with self._pool.of(dossier_id) as connection:
            row = await connection.fetchrow(BY_ID, dossier_id)
        if row is None:
            raise NotFound(what="dossier")
        dossier = dossier_of(row)
        self._known[dossier_id] = (monotonic() + REMEMBERED, dossier)
        return dossier

    async def all(self) -> list[DossierId]:
        async with self._pool.any() as connection:
            return [DossierId(row[0]) for row in await connection.fetch("SELECT * FROM comptoir_dossiers()")]
