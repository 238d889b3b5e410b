"""The company file, read."""

from domain.errors import NotFound
from domain.model.values import DossierId
from domain.queries.settings import DossierView, dossier_view
from infra.db.pools import Pool
from infra.repositories.references import DOSSIER, dossier_of


class SqlSettingsReader:
    """``SettingsReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def dossier(self, dossier: DossierId) -> DossierView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(DOSSIER, dossier)
        if row is None:
            raise NotFound(what="dossier")
        return dossier_view(dossier_of(row))
