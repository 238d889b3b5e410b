"""What all goals are measured on: one database, one shop in it, and the servers, each started when first asked for."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from bench import data
from bench.faults import Fault
from infra.db import wheel

PROJECT = Path(__file__).resolve().parent.parent
STARTED_WITHIN = 30.0  # seconds
STOPPED_WITHIN = 10.0  # seconds
NEVER_REACHED = 100_000_000
"""Requests a minute: the limiter counts every one and refuses none."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """``url`` is the owner's address of the database, ``owner`` a connection to it, ``folder`` a place for small files."""

    folder: Path
    url: str
    owner: data.Connection
    shop: data.Shop
    _servers: dict[str, tuple[int, asyncio.subprocess.Process]] = field(default_factory=dict)

    @property
    def pgbench(self) -> Path:
        return wheel.programs(account=wheel.account_for(pgdata=self.folder / "data" / "pg")) / "pgbench"

    async def application(self) -> int:
        """The port of Comptoir itself."""
        limit = {"COMPTOIR_RATE_LIMIT": str(NEVER_REACHED)}
        return await self.server("api.asgi:app", environment={"COMPTOIR_DATABASE_URL": self.url, **limit})

    async def server(self, target: str, *, environment: dict[str, str]) -> int:
        """The port of one worker that serves ``target``; the same one when asked again."""
        if target not in self._servers:
            kept = {name: text for name, text in os.environ.items() if not name.startswith("COMPTOIR_")}
            with socket.create_server(("127.0.0.1", 0)) as listener:
                port: int = listener.getsockname()[1]
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "bench.serve", target, str(listener.fileno())),
                    pass_fds=[listener.fileno()],
                    env={**kept, **environment},
                    cwd=PROJECT,
                )
            self._servers[target] = port, process
            await self._until_ready(port, process)
        return self._servers[target][0]

    async def _until_ready(self, port: int, process: asyncio.subprocess.Process) -> None:
        """The socket listens from the start; the worker has begun once it answers anything at all."""
        async with asyncio.timeout(STARTED_WITHIN):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /healthz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")
            answer = asyncio.create_task(reader.read())
            ended = asyncio.create_task(process.wait())
            await asyncio.wait([answer, ended], return_when=asyncio.FIRST_COMPLETED)
            writer.close()
            if ended.done():
                raise Fault("a server did not start; its reason stands above")
            ended.cancel()

    async def stop(self) -> None:
        """End the servers, each by its own process id."""
        for _, process in self._servers.values():
            if process.returncode is None:
                process.terminate()
        for _, process in self._servers.values():
            try:
                await asyncio.wait_for(process.wait(), STOPPED_WITHIN)
            except TimeoutError:
                process.kill()
                await process.wait()


@asynccontextmanager
async def stage(*, folder: Path, url: str) -> AsyncIterator[Stage]:
    """Furnish the empty, migrated database at ``url``; the servers end with the block."""
    owner = await asyncpg.connect(url)
    try:
        here = Stage(folder=folder, url=url, owner=owner, shop=await data.furnish(owner))
        try:
            yield here
        finally:
            await here.stop()
    finally:
        await owner.close()
