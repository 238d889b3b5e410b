"""What is kept for a time only: idempotency answers 30 days, events 90, sessions until they end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import asyncpg
import structlog

from domain.errors import TryAgain
from domain.ports.surroundings import Clock
from infra.db.pools import Pool

EVERY = 3600.0
"""Seconds between two rounds."""

log = structlog.get_logger(__name__)


async def tidy(pool: Pool, now: datetime) -> int:
    """Remove what is past its time, in every dossier; how many rows went."""
    async with pool.any() as connection:
        gone: int = await connection.fetchval("SELECT comptoir_tidy($1)", now)
        return gone


@asynccontextmanager
async def tidying(pool: Pool, clock: Clock) -> AsyncIterator[None]:
    """Tidy now and every hour, until left. A round that fails is logged and made good by the next."""

    async def rounds() -> None:
        while True:
            try:
                await tidy(pool, clock())
            except (TryAgain, asyncpg.PostgresError) as fault:
                log.warning("tidy failed", fault=repr(fault))
            await asyncio.sleep(EVERY)

    task = asyncio.create_task(rounds())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
