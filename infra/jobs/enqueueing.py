"""Work for later, written into the queue by the transaction that wants it done."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.ports.driver import Driver
from pydantic import TypeAdapter

from domain.model.values import DossierId
from domain.ports.messages import Job
from infra.db.pools import ShopConnection
from infra.jobs.names import SETTINGS

Payload = TypeAdapter(dict[str, str | None])


def queries(driver: Driver) -> Queries:
    """The queue, under our names."""
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(SETTINGS),
        qbq=QueryQueueBuilder(SETTINGS),
        qbs=QuerySchedulerBuilder(SETTINGS),
    )


async def enqueue(connection: ShopConnection, dossier: DossierId, jobs: Sequence[Job], *, now: datetime) -> None:
    """Make ``jobs`` part of the transaction of ``connection``; those whose key waits already are left out."""
    keyed = {job.key or position: job for position, job in enumerate(jobs)}.values()
    await queries(AsyncpgDriver(connection)).enqueue(  # a pooled connection does as well
        [job.kind.value for job in keyed],
        [Payload.dump_json({"dossier": dossier.hex, "subject": job.subject, "detail": job.detail}) for job in keyed],
        [0 for _ in keyed],
        [max(job.after - now, timedelta()) if job.after else timedelta() for job in keyed],
        [f"{dossier.hex}:{job.key}" if job.key else None for job in keyed],
        on_conflict="skip",
    )
