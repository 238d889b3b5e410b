"""Saved lists (listes mémorisées), and the orders made of them (A1)."""

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.deps import Cursor, IdempotencyKey, IfMatch, Limit, OrdersRead, OrdersWrite, Pager, Shop, answer, sorts, told
from api.routers.operation import link, operation, router
from api.routers.orders import TAKING, Saying
from api.schemas.base import Line
from api.schemas.order_requests import SavedListOrderCreate
from api.schemas.orders import Order
from api.schemas.saved_lists import SavedList, SavedListKey, SavedListPage, SavedListSummary, SavedListWrite
from domain.model.values import SavedListId
from domain.ports.answers import Told
from domain.queries.saved_lists import SORTS, SavedListView

routes = router("saved-lists")
ListPath = Annotated[SavedListKey, Path()]


@routes.get("/saved-lists", **operation("listSavedLists", SavedListPage, refuses=("unknown-cursor",)))
async def list_saved_lists(
    request: Request,
    by: OrdersRead,
    shop: Shop,
    name: Annotated[Line | None, Query(description="Start of the name.")] = None,
    sort: sorts(SORTS) = "name",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The saved lists, by name unless sorted otherwise."""
    pager = Pager.of(request, by)
    page = await shop.read.saved_lists.search(by.dossier.id, name, pager.request(sort=sort, limit=limit, cursor=cursor))
    items = [SavedListSummary.of(view) for view in page.items]
    return answer(told(SavedListPage(items=items, next=pager.next(page.last))))


@routes.post(
    "/saved-lists",
    **operation(
        "createSavedList",
        SavedList,
        status=201,
        headers=("ETag", "Location"),
        links={
            "get": link("getSavedList", list_id="$response.body#/id"),
            "put": link("putSavedList", list_id="$response.body#/id", if_match="$response.header.ETag"),
            "delete": link("deleteSavedList", list_id="$response.body#/id", if_match="$response.header.ETag"),
            "orders": link("createSavedListOrder", list_id="$response.body#/id"),
        },
    ),
)
async def create_saved_list(body: SavedListWrite, by: OrdersWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """A new saved list."""

    def tell(view: SavedListView) -> Told:
        made = SavedList.of(view)
        return told(made, status=201, version=made.version, location=f"/v1/saved-lists/{made.id}")

    once = await key.once(by, tell)
    return answer(await shop.saved_lists.create(by=by, name=body.name, lines=body.meant(), once=once))


@routes.get("/saved-lists/{list_id}", **operation("getSavedList", SavedList, refuses=("not-found",), headers=("ETag",)))
async def get_saved_list(list_id: ListPath, by: OrdersRead, shop: Shop) -> Response:
    """One saved list with its lines."""
    view = await shop.read.saved_lists.by_id(by.dossier.id, SavedListId(list_id))
    return answer(told(SavedList.of(view), version=view.version))


@routes.put(
    "/saved-lists/{list_id}",
    **operation("putSavedList", SavedList, refuses=("not-found", "stale-version"), headers=("ETag",)),
)
async def put_saved_list(
    list_id: ListPath, body: SavedListWrite, version: IfMatch, by: OrdersWrite, shop: Shop
) -> Response:
    """Write the list anew, name and lines."""
    view = await shop.saved_lists.change(
        by=by, list_id=SavedListId(list_id), version=version, name=body.name, lines=body.meant()
    )
    return answer(told(SavedList.of(view), version=view.version))


@routes.delete(
    "/saved-lists/{list_id}",
    **operation("deleteSavedList", None, status=204, refuses=("not-found", "stale-version")),
)
async def delete_saved_list(list_id: ListPath, version: IfMatch, by: OrdersWrite, shop: Shop) -> Response:
    """Delete a list; orders made of it stay."""
    await shop.saved_lists.remove(by=by, list_id=SavedListId(list_id), version=version)
    return Response(status_code=204)


@routes.post(
    "/saved-lists/{list_id}/orders",
    **operation("createSavedListOrder", Order, status=201, refuses=TAKING, headers=("ETag", "Location")),
)
async def create_saved_list_order(
    list_id: ListPath, body: SavedListOrderCreate, by: OrdersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Take an order for all that the list holds."""
    once = await key.once(by, Saying(201, located=True))
    return answer(await shop.orders.create(by=by, order=body.meant(), once=once, of_list=SavedListId(list_id)))
