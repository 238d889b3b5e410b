"""When a worker ends: told in time to those who hold a request open, and never later than its parent."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

BEAT = 0.5  # seconds between two looks
GRACE = 5.0  # seconds to answer what is being served


async def end_with_parent(*, parent_pid: int | None) -> None:
    """End this process, in order, once `parent_pid` is no longer its parent; None: never.

    A task for the worker's lifespan, cancelled at its end. A parent killed with `kill -9` cannot tell its
    workers, and they would keep the port and the database.
    """
    if parent_pid is None:
        return
    while os.getppid() == parent_pid:  # noqa: ASYNC110 - nothing tells a process that its parent is gone
        await asyncio.sleep(BEAT)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(GRACE)
    os._exit(1)


@contextmanager
def stop_asked() -> Iterator[asyncio.Event]:
    """An event that is set when this process is told to stop (SIGINT, SIGTERM), before the lifespan ends.

    uvicorn waits for open requests first, and a stream of events never ends by itself: it must watch this.
    To be entered in the lifespan, on the main thread, where uvicorn's handlers are in place; they stay in force.
    """
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    before = {which: signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)}

    def told(which: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(asked.set)
        handler = before[signal.Signals(which)]
        if callable(handler):
            handler(which, frame)

    for which in before:
        signal.signal(which, told)
    try:
        yield asked
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
