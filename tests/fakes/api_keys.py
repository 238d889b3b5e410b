"""Keys of web shops and scripts in memory."""

from copy import deepcopy
from datetime import datetime
from uuid import UUID

from domain.errors import NotFound, UnknownChannel
from domain.model.access import ApiKey
from domain.model.values import ChannelId
from tests.fakes.base import Base, Tables


class FakeApiKeys:
    """``ApiKeys`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._new: list[ApiKey] = []
        self._revoked: dict[UUID, datetime] = {}

    async def channel(self, code: str) -> ChannelId:
        found = self._base.channels.get(code)
        if found is None:
            raise UnknownChannel
        return found

    async def revoke(self, key_id: UUID, at: datetime) -> None:
        if key_id not in self._base.tables.api_keys:
            raise NotFound(what="api key")
        self._revoked[key_id] = at

    def add(self, key: ApiKey) -> None:
        self._new.append(deepcopy(key))

    async def settle(self, tables: Tables) -> None:
        tables.api_keys.update({key.id: key for key in self._new})
        for key_id, at in self._revoked.items():
            key = deepcopy(tables.api_keys[key_id])
            key.revoked_at = key.revoked_at or at
            tables.api_keys[key_id] = key
