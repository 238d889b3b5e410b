"""What uvicorn serves: the application over the shop that the environment describes."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from api.app import create_app
from domain.comptoir import Comptoir
from infra import logs
from infra import settings as environment
from infra.bootstrap import running
from infra.lifetime import end_with_parent, stop_asked

settings = environment.load()
logs.configure(settings.log_level)


@asynccontextmanager
async def _shop() -> AsyncIterator[Comptoir]:
    if settings.database_url is None:
        raise environment.SettingsError("COMPTOIR_DATABASE_URL is not set; `make run` starts a database of its own.")
    watch = asyncio.create_task(end_with_parent(parent_pid=settings.parent_pid))
    try:
        async with running(
            database_url=settings.database_url,
            pool_size=settings.pool_size,
            public_url=settings.public_address,
            outlets=settings.outlets,
        ) as comptoir:
            _settle()
            yield comptoir
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


def _settle() -> None:
    """What was made at the start stays for ever: the collector need not walk it at each request (a tenth of a read)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


app = create_app(running=_shop, stop_asked=stop_asked, per_minute=settings.rate_limit, page=settings.page_dir)
