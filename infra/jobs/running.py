"""A worker of the queue in this process: takes jobs, does them, asks for them again, and ends when it is told to.

PgQueuer has a connection of its own; the jobs use the pool as requests do. A job goes on when that connection breaks: what it
does is not undone by it, and the next connection finds it at work. One that another process left is taken over once its
heartbeat is ``STALE``.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

import asyncpg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.domain.models import Job, Schedule
from pgqueuer.domain.types import JobId
from pgqueuer.errors import RetryRequested

from domain.errors import NotFound, TryAgain
from domain.model.values import DossierId
from domain.ports.messages import JobKind
from domain.ports.surroundings import Clock
from infra.db.pools import ROLE, Pool
from infra.jobs.enqueueing import Payload, queries
from infra.jobs.handlers import Handler
from infra.jobs.logs import forward
from infra.jobs.names import SETTINGS
from infra.jobs.shops import SqlShops
from infra.jobs.ticking import EVERY_QUARTER, tick

STALE = timedelta(seconds=60)
"""After how long without a sign of life another worker takes a job over."""
LOOK = timedelta(seconds=30)
"""Between two looks at the queue when nothing announces work: what another process left announces nothing."""
AT_ONCE, BATCH = 8, 4
"""Jobs of one process at the same moment, and taken together."""
FIRST_PAUSE, LONGEST_PAUSE, STEADY = 0.5, 30.0, 60.0
"""Seconds between two connections that break; one that lasted ``STEADY`` counts as a new beginning."""
GRACE, LAST = 0.5, 0.4
"""Seconds for jobs to end by themselves once the process is told to stop, and then for their return to the queue."""
MOST_FAULTS = 8
"""How often a job that fails by a fault of ours is tried."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def working(
    url: str,
    handlers: Mapping[JobKind, Handler],
    *,
    shops: SqlShops,
    pool: Pool,
    clock: Clock,
    stale: timedelta = STALE,
    look: timedelta = LOOK,
) -> AsyncIterator[None]:
    """Do the work of the queue until left, which takes less than a second: what is not done by then is done by others."""
    forward()
    worker = _Worker(
        url=url, handlers=handlers, tick=lambda: tick(shops, pool, clock), clock=clock, stale=stale, look=look
    )
    task = asyncio.create_task(worker.rounds())
    try:
        yield
    finally:
        worker.stopping.set()
        with suppress(asyncio.CancelledError):
            await task


@dataclass(slots=True, kw_only=True)
class _Worker:
    url: str
    handlers: Mapping[JobKind, Handler]
    tick: Callable[[], Awaitable[None]]
    clock: Clock
    stale: timedelta
    look: timedelta
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    at_work: "dict[JobId, asyncio.Task[timedelta | None]]" = field(default_factory=dict)

    async def rounds(self) -> None:
        """One connection after the other, until told to stop."""
        pause = FIRST_PAUSE
        while not self.stopping.is_set():
            began = monotonic()
            try:
                await self._round()
            except Exception as fault:  # noqa: BLE001 - whatever broke it, the next connection makes it good
                log.warning("jobs interrupted", fault=repr(fault))
            pause = FIRST_PAUSE if monotonic() - began > STEADY else min(2 * pause, LONGEST_PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), 0 if self.stopping.is_set() else pause)

    async def _round(self) -> None:
        settings = {"role": ROLE, "application_name": "comptoir-jobs", "jit": "off"}
        connection = await asyncpg.connect(self.url, command_timeout=30, server_settings=settings)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        queue = self._queue(connection)
        running = asyncio.create_task(
            queue.run(
                dequeue_timeout=self.look,
                batch_size=BATCH,
                max_concurrent_tasks=AT_ONCE,
                heartbeat_timeout=self.stale,
                shutdown_on_listener_failure=True,
            )
        )
        waits = [asyncio.create_task(each.wait()) for each in (self.stopping, lost)]
        try:
            await asyncio.wait({running, *waits}, return_when=asyncio.FIRST_COMPLETED)
            if self.stopping.is_set() and not lost.is_set():
                await self._settle(queue, running)
        finally:
            # closed first: a job that is cut off now must stay in the queue
            connection.terminate()
            for each in (running, *waits):
                each.cancel()
            ended = (await asyncio.gather(running, *waits, return_exceptions=True))[0]
        if isinstance(ended, Exception) and not self.stopping.is_set():
            raise ended

    async def _settle(self, queue: PgQueuer, running: "asyncio.Task[None]") -> None:
        """Take no more; give what is at work a moment, then give it back to the queue."""
        queue.shutdown.set()
        await asyncio.wait({running}, timeout=GRACE)
        for task in [*self.at_work.values()]:
            task.cancel()
        await asyncio.wait({running}, timeout=LAST)

    def _queue(self, connection: "asyncpg.Connection[asyncpg.Record]") -> PgQueuer:
        driver = AsyncpgDriver(connection)
        queue = PgQueuer(connection=driver, channel=SETTINGS.channel, queries=queries(driver))
        for kind, handler in self.handlers.items():
            queue.entrypoint(kind.value, accepts_context=False)(self._entrance(kind, handler))

        async def ticking(_: Schedule) -> None:
            await self.tick()

        queue.schedule("tick", EVERY_QUARTER, accepts_context=False)(ticking)
        return queue

    def _entrance(self, kind: JobKind, handler: Handler) -> Callable[[Job], Awaitable[None]]:
        async def entrance(job: Job) -> None:
            if job.id in self.at_work:  # begun under a connection that broke
                raise RetryRequested(self.stale)
            task = asyncio.create_task(self._done(kind, handler, job))
            self.at_work[job.id] = task
            task.add_done_callback(lambda _: self.at_work.pop(job.id, None))
            try:
                again = await asyncio.shield(task)
            except asyncio.CancelledError:
                if task.cancelled():  # by us, who stop: others go on at once
                    raise RetryRequested from None
                raise
            if again is not None:
                raise RetryRequested(again)

        return entrance

    async def _done(self, kind: JobKind, handler: Handler, job: Job) -> timedelta | None:
        """Do it; after how long it is to be done again, None when it is over."""
        asked = Payload.validate_json(job.payload or b"{}")
        dossier = DossierId(UUID(hex=asked["dossier"]))
        pause = timedelta(seconds=min(2**job.attempts, 3600))
        try:
            until: datetime | None = await handler(dossier, asked["subject"] or "", asked["detail"] or "")
        except TryAgain:
            return pause
        except NotFound:
            return None  # what it is about was erased
        except Exception:
            log.exception("job failed", kind=kind.value, attempts=job.attempts)
            return pause if job.attempts < MOST_FAULTS else None
        return max(until - self.clock(), timedelta()) if until is not None else None
