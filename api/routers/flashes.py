"""Flashes: what colleagues tell one another of new cards (B9)."""

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.deps import Anyone, Cursor, IdempotencyKey, Limit, Pager, Shop, answer, sorts, told
from api.routers.operation import operation, router
from api.schemas import flashes as schemas
from api.schemas.base import QueryFlag
from api.schemas.identities import FlashKey
from domain.model.flash import Flash
from domain.ports.answers import Told
from domain.queries.flashes import SORTS

routes = router("customers")
FlashPath = Annotated[FlashKey, Path()]
Unread = Annotated[QueryFlag | None, Query(description="Only flashes not read yet, or only those read.")]


@routes.get("/flashes", **operation("listFlashes", schemas.FlashPage, refuses=("unknown-cursor",)))
async def list_flashes(
    request: Request,
    by: Anyone,
    shop: Shop,
    unread: Unread = None,
    sort: sorts(SORTS) = "-at",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Flashes sent to you, newest first; a key is nobody of the staff and has none."""
    pager = Pager.of(request, by)
    page = await shop.read.flashes.mine(by, unread=unread, page=pager.request(sort=sort, limit=limit, cursor=cursor))
    return answer(
        told(schemas.FlashPage(items=[schemas.Flash.of(view) for view in page.items], next=pager.next(page.last)))
    )


@routes.post("/flashes/{flash_id}/read", **operation("readFlash", None, status=204, refuses=("not-found",)))
async def read_flash(flash_id: FlashPath, by: Anyone, key: IdempotencyKey, shop: Shop) -> Response:
    """You have seen it; once read it stays read."""

    def tell(_: Flash) -> Told:
        return Told(status=204, body=b"")

    once = await key.once(by, tell)
    return answer(await shop.flashes.read(by=by, flash_id=flash_id, once=once))
