"""Connections: one pool that writes, one that can only read, each knowing which dossier it may see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID

import asyncpg

from domain.errors import TryAgain

LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what asyncpg says when the server cuts a connection between two statements
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
"""The server is gone, going, starting or full: the same request may succeed in a moment."""

ROLE = "comptoir_app"
"""Neither owner nor superuser, so that row-level security holds for everything the application does."""


class ShopConnection(asyncpg.Connection):
    """A connection that remembers the dossier it was opened to, and asks PostgreSQL only when that changes."""

    __slots__ = ("dossier_id",)

    async def enter(self, dossier_id: UUID) -> None:
        """Show this connection one dossier's rows. Outside a transaction, for a rollback would take the setting back."""
        if getattr(self, "dossier_id", None) != dossier_id:
            await self.execute("SELECT set_config('comptoir.dossier_id', $1, false)", str(dossier_id))
            self.dossier_id = dossier_id


async def _no_reset(_: Any) -> None:
    """A reset query at each release costs a sixth of a read; nothing here leaves a session changed but the dossier."""


@asynccontextmanager
async def pool(url: str, *, size: int, read_only: bool) -> AsyncIterator["Pool"]:
    """At most ``size`` connections to ``url``."""
    settings = {"role": ROLE, "application_name": "comptoir-read" if read_only else "comptoir", "jit": "off"}
    if read_only:
        settings["default_transaction_read_only"] = "on"
    async with asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        connection_class=ShopConnection,
        reset=_no_reset,
        max_inactive_connection_lifetime=0,
        max_queries=10_000_000,
        command_timeout=30,
        server_settings=settings,
    ) as connections:
        yield Pool(connections)


class Pool:
    """Hands out connections that see one dossier only."""

    def __init__(self, connections: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._connections = connections

    @asynccontextmanager
    async def of(self, dossier_id: UUID) -> AsyncIterator[ShopConnection]:
        """A connection that sees the rows of this dossier."""
        async with self.any() as connection:
            await connection.enter(dossier_id)
            yield connection

    @asynccontextmanager
    async def any(self) -> AsyncIterator[ShopConnection]:
        """A connection without a dossier, for what belongs to none. Raises ``TryAgain`` when the server is lost."""
        try:
            async with self._connections.acquire() as connection:
                # asyncpg types what the pool lends as a proxy; it behaves as the connection class given
                yield cast("ShopConnection", connection)
        except LOST as lost:
            raise TryAgain from lost
