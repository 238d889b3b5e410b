"""Real processes of the application for the fault tests, and clients that note every answer."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

PROJECT = Path(__file__).resolve().parents[2]
START_WITHIN = 60.0  # seconds
TRIES = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(database: str) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """One uvicorn process on ``database`` once it answers: its address and itself. Killed at the end if it still runs."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}
    environment |= {"PYTHONPATH": str(PROJECT), "COMPTOIR_DATABASE_URL": database, "COMPTOIR_RATE_LIMIT": "0"}
    command = [sys.executable, "-m", "uvicorn", "api.asgi:app", "--port", str(port)]
    command += ["--no-access-log", "--log-level", "warning"]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        ) as process,
    ):
        address = f"http://127.0.0.1:{port}"
        try:
            deadline = time.monotonic() + START_WITHIN
            while not _answers(f"{address}/readyz"):
                if process.poll() is not None or time.monotonic() > deadline:
                    said.seek(0)
                    raise AssertionError(said.read().decode())
                time.sleep(0.02)
            yield address, process
        finally:
            process.kill()
            process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=START_WITHIN) as answer:  # noqa: S310 - http, our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def client_of(address: str, key: str) -> httpx.AsyncClient:
    """A client on real sockets."""
    return httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {key}"}, timeout=30)


class Insistent:
    """Sends again what is answered 503 "try again", as the contract asks, and counts how often it had to."""

    def __init__(self) -> None:
        self.again = 0

    async def send(self, client: httpx.AsyncClient, method: str, path: str, **what: object) -> httpx.Response:
        for _ in range(TRIES):
            answer = await client.request(method, path, **what)  # type: ignore[arg-type]
            if answer.status_code != 503:
                assert answer.status_code < 500, answer.text
                return answer
            assert answer.json()["code"] == "try-again", answer.text
            assert answer.headers["retry-after"] == "1"
            self.again += 1
        raise AssertionError(f"{method} {path}: still 503 after {TRIES} tries")
