"""Web shops and credentials as they are read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.model.values import ChannelId, DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    id: ChannelId
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyView:
    """A key as it may be shown: never its secret."""

    id: UUID
    label: str
    scopes: tuple[str, ...]
    channel: str | None
    created_at: datetime
    revoked_at: datetime | None


class ChannelReader(Protocol):
    async def channels(self, dossier: DossierId) -> list[ChannelView]: ...

    async def api_keys(self, dossier: DossierId) -> list[ApiKeyView]: ...
