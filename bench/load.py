"""Clients over keep-alive connections, cheap enough to leave the machine to what is measured."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import cast

from bench.faults import Fault

HOST = "127.0.0.1"
WARM_UP = 0.3  # seconds before the figure counts
SECONDS = 1.6  # of a round
PATIENCE = 20.0  # seconds for one answer
_LENGTH = b"content-length: "


def request(method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    """A request of HTTP/1.1."""
    lines = [f"{method} {path} HTTP/1.1", "host: bench", *(f"{name}: {text}" for name, text in (headers or {}).items())]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(slots=True, kw_only=True)
class Load:
    """What the clients of one round share. ``latencies`` are seconds, of the answers that count."""

    requests: Iterator[bytes]
    expected: bytes
    answered: int = 0
    stopped: bool = False
    latencies: list[float] = field(default_factory=list)
    fault: str | None = None
    body: bytes = b""


class _Client(asyncio.Protocol):
    """One client: asks, waits for the answer, asks again."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._buffer = b""
        self._asked = 0.0
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is no subclass
        self._ask()

    def _ask(self) -> None:
        following = None if self._load.stopped else next(self._load.requests, None)
        if following is None:
            self._transport.close()
        else:
            self._asked = time.perf_counter()
            self._transport.write(following)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        end = data.find(b"\r\n\r\n")
        at = data.find(_LENGTH, 0, end) + len(_LENGTH)
        if end < 0 or len(data) < end + 4 + int(data[at : data.index(b"\r", at)]):
            self._buffer = data
            return
        self._buffer = b""
        load = self._load
        if data[9:12] != load.expected:
            load.fault = data[:600].decode(errors="replace")
            load.stopped = True
        load.answered += 1
        load.latencies.append(time.perf_counter() - self._asked)
        load.body = data[end + 4 :]
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._load.stopped and (exc is not None or self._buffer):
            self._load.fault = f"the connection was lost: {exc}"
        if not self.closed.done():
            self.closed.set_result(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """``rate`` is answers a second, ``latency`` the median in seconds, ``answered`` all answers, warm-up included."""

    rate: float
    latency: float
    answered: int
    body: bytes


async def load(
    port: int,
    *,
    clients: int,
    requests: Iterator[bytes],
    expected: int = 200,
    warm_up: float = WARM_UP,
    seconds: float = SECONDS,
) -> Round:
    """Let ``clients`` ask for ``warm_up`` and then ``seconds``, or until ``requests`` end. Raises ``Fault``."""
    shared = Load(requests=requests, expected=str(expected).encode())
    loop = asyncio.get_running_loop()
    asking = [(await loop.create_connection(lambda: _Client(shared), HOST, port))[1] for _ in range(clients)]
    everyone = asyncio.gather(*(client.closed for client in asking))
    await asyncio.wait([everyone], timeout=warm_up)
    before, begun = shared.answered, time.perf_counter()
    await asyncio.wait([everyone], timeout=seconds)
    after, ended = shared.answered, time.perf_counter()
    shared.stopped = True
    done, _ = await asyncio.wait([everyone], timeout=PATIENCE)
    if shared.fault is not None or not done:
        raise Fault(shared.fault or f"no answer within {PATIENCE:.0f} s")
    if after == before:
        raise Fault("nothing was answered in the time of a round")
    return Round(
        rate=(after - before) / (ended - begun),
        latency=median(shared.latencies[before:after]),
        answered=shared.answered,
        body=shared.body,
    )


async def ask(port: int, asked: bytes, *, expected: int = 200) -> bytes:
    """The body of the answer to one request. Raises ``Fault``."""
    shared = Load(requests=iter([asked]), expected=str(expected).encode())
    _, client = await asyncio.get_running_loop().create_connection(lambda: _Client(shared), HOST, port)
    await asyncio.wait([client.closed], timeout=PATIENCE)
    if shared.fault is not None or not shared.answered:
        raise Fault(shared.fault or f"no answer within {PATIENCE:.0f} s")
    return shared.body
