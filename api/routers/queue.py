"""Queues: one for each article, over all orders (C5)."""

from fastapi import Request
from starlette.responses import Response

from api.deps import ArticlesRead, Cursor, Limit, OrdersQueue, OrdersRead, Pager, Shop, answer, told
from api.routers.articles import EanPath
from api.routers.operation import operation, router
from api.routers.orders import OrderPath
from api.schemas.queue import LinePlace, LinePlacePage, QueueChange, QueueChangePage, QueuePage, QueuePlace, QueuePut
from domain.model.values import LineId, OrderId
from domain.queries.pages import Page
from domain.queries.queue import QueueEntry

routes = router("articles")
routes_of_orders = router("orders")


@routes.get("/articles/{ean}/queue", **operation("getQueue", QueuePage, refuses=("unknown-article", "unknown-cursor")))
async def get_queue(
    request: Request, ean: EanPath, by: ArticlesRead, shop: Shop, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Who waits for the article, next served first."""
    pager = Pager.of(request, by)
    page = await shop.read.queue.of_article(by.dossier.id, ean, pager.request(sort="rank", limit=limit, cursor=cursor))
    return answer(told(_page(page, pager)))


@routes.put(
    "/articles/{ean}/queue",
    **operation("putQueue", QueuePage, refuses=("unknown-article", "queue-changed", "queue-begun")),
)
async def put_queue(request: Request, ean: EanPath, body: QueuePut, by: OrdersQueue, shop: Shop) -> Response:
    """Put the queue in another order, with a reason; answers its first page.

    All who wait must be named, each once: whoever waits by now and is not named would be passed over unseen. A line that is
    begun is not passed by one that was behind it. Who comes later is served after them.
    """
    line_ids = [LineId(line_id) for line_id in body.line_ids]
    await shop.queueing.put_in_order(by=by, ean=ean, line_ids=line_ids, reason=body.reason)
    pager = Pager.of(request, by)
    page = await shop.read.queue.of_article(by.dossier.id, ean, pager.request(sort="rank", limit=50, cursor=None))
    return answer(told(_page(page, pager)))


@routes.get(
    "/articles/{ean}/queue/changes",
    **operation("listQueueChanges", QueueChangePage, refuses=("unknown-article", "unknown-cursor")),
)
async def list_queue_changes(
    request: Request, ean: EanPath, by: ArticlesRead, shop: Shop, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Who put the queue in order, when and why, newest first."""
    pager = Pager.of(request, by)
    page = await shop.read.queue.changes(by.dossier.id, ean, pager.request(sort="-at", limit=limit, cursor=cursor))
    items = [QueueChange.of(view) for view in page.items]
    return answer(told(QueueChangePage(items=items, next=pager.next(page.last))))


@routes_of_orders.get("/orders/{order_id}/queue", **operation("getOrderQueue", LinePlacePage, refuses=("not-found",)))
async def get_order_queue(order_id: OrderPath, by: OrdersRead, shop: Shop) -> Response:
    """Where the waiting lines of the order stand in the queues of their articles."""
    views = await shop.read.queue.of_order(by.dossier.id, OrderId(order_id))
    return answer(told(LinePlacePage(items=[LinePlace.of(view) for view in views], next=None)))


def _page(page: Page[QueueEntry], pager: Pager) -> QueuePage:
    return QueuePage(items=[QueuePlace.of(entry) for entry in page.items], next=pager.next(page.last))
