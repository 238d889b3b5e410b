"""Health, readiness, and the live feed of tablets."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from api.deps import OrdersRead, Shop, answer, told
from api.routers.operation import operation, router
from api.schemas.operations import Health, LiveEvent
from api.strict import ShopRoute
from domain.errors import TryAgain

health = APIRouter(tags=["operations"], route_class=ShopRoute)
routes = router("operations")

LAST = 2**63 - 1
"""The highest sequence number of an event; nineteen digits can say more."""

PAUSE = 0.25
"""Seconds between two looks at the outbox while somebody listens."""


@health.get("/healthz", **operation("getHealth", Health))
async def get_health() -> Response:
    """The process lives."""
    return answer(told(Health(status="ok")))


@health.get("/readyz", **operation("getReadiness", Health))
async def get_readiness(shop: Shop) -> Response:
    """The database answers."""
    if not await shop.ready():
        raise TryAgain
    return answer(told(Health(status="ready")))


@routes.get("/events", response_class=EventSourceResponse, operation_id="streamEvents")
async def stream_events(
    request: Request,
    by: OrdersRead,
    shop: Shop,
    last_event_id: Annotated[str | None, Header(pattern=r"^[0-9]{1,19}-[0-9]{1,19}$")] = None,
) -> AsyncIterator[ServerSentEvent]:
    """What happens, as it happens: text/event-stream. ``Last-Event-ID`` resumes after an interruption without a gap."""
    happenings, dossier = shop.read.happenings, by.dossier.id
    if last_event_id is not None and (place := re.fullmatch(r"([0-9]+)-([0-9]+)", last_event_id)):
        position = (int(place[1]), min(int(place[2]), LAST))
    else:
        position = await happenings.now(dossier)
    yield ServerSentEvent(comment="bonjour", id=f"{position[0]}-{position[1]}", retry=1000)
    while not request.app.state.closing.is_set() and "comptoir.head" not in request.scope:
        found = await happenings.after(dossier, position, 200)
        for happening in found:
            position = happening.position
            yield ServerSentEvent(
                event=happening.type,
                id=f"{position[0]}-{position[1]}",
                raw_data=LiveEvent.of(happening).model_dump_json(exclude_none=True),
            )
        if not found:
            await asyncio.sleep(PAUSE)
