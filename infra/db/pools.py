"""Connections: one pool that writes, one that can only read, each knowing which dossier it may see."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
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


@asynccontextmanager
async def pool(url: str, *, size: int, read_only: bool) -> AsyncIterator["Pool"]:
    """At most ``size`` connections to ``url``."""
    settings = {"role": ROLE, "application_name": "comptoir-read" if read_only else "comptoir", "jit": "off"}
    if read_only:
        settings["default_transaction_read_only"] = "on"

    async def connect() -> ShopConnection:
        return await asyncpg.connect(url, connection_class=ShopConnection, command_timeout=30, server_settings=settings)

    connections = Pool(connect, size=size)
    async with connections.any():
        pass
    try:
        yield connections
    finally:
        await connections.close()


class Pool:
    """Hands out connections that see one dossier only, the warmest first.

    asyncpg's own pool makes a task at each release, for a reset that is not needed here: a tenth of a read.
    """

    def __init__(self, connect: Callable[[], Awaitable[ShopConnection]], *, size: int) -> None:
        self._connect = connect
        self._room = asyncio.Semaphore(size)
        self._idle: list[ShopConnection] = []

    def of(self, dossier_id: UUID) -> "_Lent":
        """A connection that sees the rows of this dossier."""
        return _Lent(self, dossier_id)

    def any(self) -> "_Lent":
        """A connection without a dossier, for what belongs to none."""
        return _Lent(self, None)

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    async def take(self) -> ShopConnection:
        await self._room.acquire()
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        try:
            return await self._connect()
        except BaseException:
            self._room.release()
            raise

    def give(self, connection: ShopConnection, *, clean: bool) -> None:
        """Take it back; one that was cut off in the middle of something is thrown away."""
        if clean and not connection.is_closed() and not connection.is_in_transaction():
            self._idle.append(connection)
        else:
            connection.terminate()
        self._room.release()


class _Lent:
    """The time for which a connection is lent."""

    __slots__ = ("_connection", "_dossier_id", "_pool")

    def __init__(self, pool: Pool, dossier_id: UUID | None) -> None:
        self._pool = pool
        self._dossier_id = dossier_id

    async def __aenter__(self) -> ShopConnection:
        try:
            connection = self._connection = await self._pool.take()
            if self._dossier_id is not None:
                try:
                    await connection.enter(self._dossier_id)
                except BaseException:
                    self._pool.give(connection, clean=False)
                    raise
        except LOST as lost:
            raise TryAgain from lost
        return connection

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: object) -> None:
        lost = isinstance(fault, LOST)
        # cut off in the middle of a question, its answer would come to the next who asks
        self._pool.give(self._connection, clean=not lost and (fault is None or isinstance(fault, Exception)))
        if lost:
            raise TryAgain from fault
