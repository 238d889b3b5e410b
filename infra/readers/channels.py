"""Web shops and keys, read."""

from domain.model.values import ChannelId, DossierId
from domain.queries.channels import ApiKeyView, ChannelView
from infra.db.pools import Pool


class SqlChannelReader:
    """``ChannelReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def channels(self, dossier: DossierId) -> list[ChannelView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch("SELECT * FROM channel WHERE dossier_id = $1 ORDER BY code", dossier)
        return [
            ChannelView(id=ChannelId(row["channel_id"]), code=row["code"], name=row["name"], kind=row["kind"])
            for row in rows
        ]

    async def api_keys(self, dossier: DossierId) -> list[ApiKeyView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(
                "SELECT k.*, c.code AS channel FROM api_key k LEFT JOIN channel c USING (dossier_id, channel_id) "
                "WHERE k.dossier_id = $1 ORDER BY k.created_at, k.api_key_id",
                dossier,
            )
        return [
            ApiKeyView(
                id=row["api_key_id"],
                label=row["label"],
                scopes=tuple(row["scopes"]),
                channel=row["channel"],
                created_at=row["created_at"],
                revoked_at=row["revoked_at"],
            )
            for row in rows
        ]
