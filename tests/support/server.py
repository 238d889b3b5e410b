"""Real uvicorn processes on real sockets, started as ``make run`` starts them."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.conftest import Client

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "frontend" / "dist"
NO_PAGE = ROOT / "no-page"
SCRIPT = """
import socket, sys, uvicorn
config = uvicorn.Config("api.asgi:app", loop="uvloop", http="httptools", log_level="warning", access_log=False,
                        server_header=False, timeout_graceful_shutdown=2)
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""
STARTED_WITHIN = 40.0
STOPPED_WITHIN = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A uvicorn process, and what it listens on."""

    url: str
    process: subprocess.Popen[bytes]

    def client(self, key: str | None) -> Client:
        """A client with connections of its own, so that it can be many shops at once."""
        headers = {"authorization": f"Bearer {key}"} if key else {}
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=0)
        return Client(base_url=self.url, headers=headers, limits=limits, timeout=60.0)


@asynccontextmanager
async def serving(database_url: str, *, page: Path = NO_PAGE) -> AsyncIterator[Server]:
    """A process of its own on this database, that has answered once; ended when left."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener, TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}
        environment |= {
            "COMPTOIR_DATABASE_URL": database_url,
            "COMPTOIR_RATE_LIMIT": "0",
            "COMPTOIR_PAGE_DIR": str(page),
            "COMPTOIR_PARENT_PID": str(os.getpid()),
            "COMPTOIR_DATA_DIR": folder,
            "COMPTOIR_PUBLIC_URL": f"http://127.0.0.1:{listener.getsockname()[1]}",
        }
        process = subprocess.Popen(  # noqa: ASYNC220 - starting it does not wait for it
            [sys.executable, "-c", SCRIPT, str(listener.fileno())],
            cwd=ROOT,
            env=environment,
            pass_fds=[listener.fileno()],
        )
        server = Server(url=f"http://127.0.0.1:{listener.getsockname()[1]}", process=process)
    try:
        # the socket listens already: the first request waits until the process accepts it
        async with httpx.AsyncClient(timeout=STARTED_WITHIN) as knock:
            assert (await knock.get(f"{server.url}/readyz")).status_code == 200
        yield server
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, STOPPED_WITHIN)
