"""Keys of web shops and scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.model.access import ApiKey, Caller
from domain.ports.answers import Once, Told
from domain.ports.surroundings import Identities
from domain.usecases.work import Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKey:
    """``secret`` is shown once: a repeated request finds the key, not its secret, which is not kept."""

    id: UUID
    secret: str | None


@dataclass(frozen=True, slots=True)
class ApiKeys:
    around: Surroundings
    identities: Identities

    async def create(
        self, *, by: Caller, label: str, scopes: Sequence[str], channel: str | None, once: Once[MadeKey]
    ) -> Told:
        """A new key. Raises ``UnknownChannel``."""
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            secret, digest = self.identities.new_secret(by.dossier)
            key = ApiKey(
                id=self.around.new_id(),
                digest=digest,
                label=label,
                scopes=tuple(scopes),
                channel_id=await work.api_keys.channel(channel) if channel else None,
                created_at=self.around.clock(),
            )
            work.api_keys.add(key)
            work.keep(once, once.tell(MadeKey(id=key.id, secret=None)))
            await work.commit()
            return once.tell(MadeKey(id=key.id, secret=secret))

    async def revoke(self, *, by: Caller, key_id: UUID) -> None:
        """A revoked key stops within two seconds, for good. Raises ``NotFound``."""
        async with self.around.begin(by.dossier, by.client) as work:
            await work.api_keys.revoke(key_id, self.around.clock())
            await work.commit()
