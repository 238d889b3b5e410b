"""What comes by itself every quarter of an hour, for each shop: the pass, the nightly check, lines to be
served again, and what was left behind.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.ports.messages import Job, JobKind
from domain.ports.surroundings import Clock
from infra.db.pools import Pool
from infra.jobs.enqueueing import enqueue
from infra.jobs.names import SCHEMA
from infra.jobs.shops import SqlShops

EVERY_QUARTER = "*/15 * * * *"
CHECK_AT = time(3, 30)
"""When the stock is checked and loyalty lapses, in the shop's time zone."""
KEPT = timedelta(days=30)
"""For how long the queue remembers what it did."""

STRANDED = f"""
    SELECT m.message_id FROM message m
    WHERE m.dossier_id = $1 AND m.state IN ('queued', 'sending') AND NOT EXISTS (
        SELECT FROM {SCHEMA}.pgqueuer q WHERE q.entrypoint = '{JobKind.SEND}'
        AND convert_from(q.payload, 'UTF8')::json ->> 'subject' = replace(m.message_id::text, '-', '')
    )
"""
"""Messages on their way that no job carries: one that ended without an end."""
DUE = "SELECT true FROM order_line WHERE dossier_id = $1 AND suspended_until <= $2 LIMIT 1"
"""Whether a line is suspended whose day has come (P6)."""
FORGET = (
    f"DELETE FROM {SCHEMA}.pgqueuer_log WHERE created < $1",
    f"DELETE FROM {SCHEMA}.pgqueuer_statistics WHERE created < $1",
)


async def tick(shops: SqlShops, pool: Pool, clock: Clock) -> None:
    """Ask for what is to be done in each shop; what is asked for already is not asked twice."""
    now = clock()
    for dossier_id in await shops.all():
        zone = ZoneInfo((await shops.dossier(dossier_id)).time_zone)
        async with pool.of(dossier_id) as connection:
            stranded = await connection.fetch(STRANDED, dossier_id)
            due = await connection.fetchval(DUE, dossier_id, now.astimezone(zone).date())
            jobs = [
                Job(kind=JobKind.REMIND, key=JobKind.REMIND),
                # it waits in the queue until its hour, and so is done late rather than never
                Job(kind=JobKind.CHECK_STOCK, key=JobKind.CHECK_STOCK, after=next_check(now, zone)),
                Job(kind=JobKind.EXPIRE, key=JobKind.EXPIRE, after=next_check(now, zone)),
                *([Job(kind=JobKind.RESUME, key=JobKind.RESUME)] if due else []),
                *(Job(kind=JobKind.SEND, subject=row["message_id"].hex) for row in stranded),
            ]
            await enqueue(connection, dossier_id, jobs, now=now)
    async with pool.any() as connection:
        for statement in FORGET:
            await connection.execute(statement, now - KEPT)


def next_check(now: datetime, zone: ZoneInfo) -> datetime:
    """The next time at which that is."""
    here = now.astimezone(zone)
    day = here.date() if here.time() < CHECK_AT else here.date() + timedelta(days=1)
    return datetime.combine(day, CHECK_AT, zone).astimezone(now.tzinfo)
