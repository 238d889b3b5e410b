"""Brings a database to the newest schema, one process at a time."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

_LOCK = 7_264_110_583
"""Any number, the same for every process: who migrates holds it as an advisory lock."""


def upgrade(url: str, *, revision: str = "head") -> None:
    """Migrate the database at ``url`` (``postgresql://…``). Processes that start together wait for the first."""
    asyncio.run(_with_connection(url, lambda connection: command.upgrade(_config(connection), revision)))


def check(url: str) -> None:
    """Raises when the tables of the code and of the database differ."""
    asyncio.run(_with_connection(url, lambda connection: command.check(_config(connection))))


def generate(url: str, *, message: str) -> None:
    """Write a new migration from the difference between code and database."""
    asyncio.run(
        _with_connection(
            url, lambda connection: command.revision(_config(connection), message=message, autogenerate=True)
        )
    )


async def _with_connection(url: str, work: Callable[[Connection], object]) -> None:
    engine = create_async_engine(
        url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+asyncpg://", 1),
        poolclass=NullPool,
    )
    async with engine.connect() as connection:
        await connection.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
        await connection.commit()
        await connection.run_sync(work)
        await connection.commit()
    await engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
