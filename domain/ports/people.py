"""Who works in the shop or speaks to it: people, what they are told, the keys of programs."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.model.access import ApiKey, User
from domain.model.flash import Flash
from domain.model.values import ChannelId, StaffId


class Users(Protocol):
    async def everyone(self) -> list[User]:
        """The people of the shop, locked in ascending id: a shop has few."""
        ...

    def add(self, user: User) -> None:
        """The commit raises ``CodeTaken`` when the login is another's."""
        ...

    def save(self, user: User) -> None:
        """The commit raises ``StaleVersion``."""
        ...

    def end_sessions(self, user: User) -> None:
        """Whoever is logged in as ``user`` must log in again."""
        ...


class Flashes(Protocol):
    async def get(self, flash_id: UUID) -> Flash:
        """Raises ``NotFound``."""
        ...

    async def staff(self, staff_ids: Collection[StaffId]) -> set[StaffId]:
        """Those of ``staff_ids`` that are people of the shop."""
        ...

    def add(self, flash: Flash) -> None: ...

    def save(self, flash: Flash) -> None: ...


class ApiKeys(Protocol):
    async def channel(self, code: str) -> ChannelId:
        """Raises ``UnknownChannel``."""
        ...

    async def revoke(self, key_id: UUID, at: datetime) -> None:
        """Raises ``NotFound``; a key revoked before keeps its date."""
        ...

    def add(self, key: ApiKey) -> None: ...
