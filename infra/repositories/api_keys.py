"""Keys of web shops and scripts in PostgreSQL."""

from datetime import datetime
from uuid import UUID

from domain.errors import NotFound, UnknownChannel
from domain.model.access import ApiKey, Dossier
from domain.model.values import ChannelId
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.pending import Begin, Pending, octets

CHANNEL = "SELECT channel_id FROM channel WHERE dossier_id = $1 AND code = $2"
REVOKE = "UPDATE api_key SET revoked_at = coalesce(revoked_at, $3) WHERE dossier_id = $1 AND api_key_id = $2"


class SqlApiKeys:
    """``ApiKeys`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._begin = begin

    async def channel(self, code: str) -> ChannelId:
        found: UUID | None = await self._connection.fetchval(CHANNEL, self._dossier.id, code)
        if found is None:
            raise UnknownChannel
        return ChannelId(found)

    async def revoke(self, key_id: UUID, at: datetime) -> None:
        await self._begin()
        if await self._connection.execute(REVOKE, self._dossier.id, key_id, at) == "UPDATE 0":
            raise NotFound(what="api key")

    def add(self, key: ApiKey) -> None:
        self._pending.add(
            parts.NEW_API_KEY,
            {
                "dossier_id": self._dossier.id,
                "api_key_id": key.id,
                "digest": octets(key.digest),
                "label": key.label,
                "scopes": key.scopes,
                "channel_id": key.channel_id,
                "created_at": key.created_at,
                "revoked_at": key.revoked_at,
            },
        )
