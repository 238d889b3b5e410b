"""The shop's table of answers, and what is said of a line by hand (A13-A15)."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.deps import (
    ArticlesRead,
    ArticlesWrite,
    Cursor,
    IdempotencyKey,
    IfMatch,
    IfMatchOrNew,
    Limit,
    OrdersRead,
    OrdersWrite,
    Pager,
    Shop,
    answer,
    told,
)
from api.routers.operation import operation, router
from api.routers.orders import CHANGE, LinePath, OrderPath, Saying
from api.schemas.answers import (
    AnswerPut,
    KnownAnswer,
    KnownAnswerPage,
    LineAnswerCreate,
    LineAnswerEntry,
    LineAnswerPage,
    LineMove,
)
from api.schemas.base import QueryFlag
from api.schemas.identities import TableCode
from api.schemas.orders import Order
from domain.model.values import LineId, OrderId
from domain.usecases.answers import Saying as Said

routes = router("settings")
routes_of_lines = router("orders")
AnswerPath = Annotated[TableCode, Path(examples=["6"])]
Active = Annotated[QueryFlag | None, Query(description="Only answers that are proposed, or only those that are not.")]


@routes.get("/answers", **operation("listAnswers", KnownAnswerPage))
async def list_answers(by: ArticlesRead, shop: Shop, active: Active = None) -> Response:
    """The shop's own table of answers, in its order; it starts with the codes of the trade's file (FEL)."""
    views = await shop.read.answers.known(by.dossier.id, active=active)
    return answer(told(KnownAnswerPage(items=[KnownAnswer.of(view) for view in views], next=None)))


@routes.get("/answers/{code}", **operation("getAnswer", KnownAnswer, refuses=("not-found",), headers=("ETag",)))
async def get_answer(code: AnswerPath, by: ArticlesRead, shop: Shop) -> Response:
    """One answer of the table."""
    view = await shop.read.answers.one(by.dossier.id, code)
    return answer(told(KnownAnswer.of(view), version=view.version))


@routes.put(
    "/answers/{code}",
    **operation(
        "putAnswer",
        KnownAnswer,
        also={201: "The answer is new."},
        refuses=("not-found", "code-taken", "table-full"),
        headers=("ETag", "Location"),
    ),
)
async def put_answer(
    code: AnswerPath, body: AnswerPut, version: IfMatchOrNew, by: ArticlesWrite, shop: Shop
) -> Response:
    """Without `If-Match` a new answer (201), with it the whole of a known one; what was said of lines stays as it was said."""
    view, new = await shop.answers.put(by=by, code=code, card=body.meant(), version=version)
    location = f"/v1/answers/{quote(code)}"
    return answer(told(KnownAnswer.of(view), status=201 if new else 200, version=view.version, location=location))


@routes.delete("/answers/{code}", **operation("deleteAnswer", None, status=204, refuses=("not-found",)))
async def delete_answer(code: AnswerPath, version: IfMatch, by: ArticlesWrite, shop: Shop) -> Response:
    """Take an answer off the table; lines keep what was said of them."""
    await shop.answers.remove(by=by, code=code, version=version)
    return Response(status_code=204)


@routes_of_lines.get(
    "/orders/{order_id}/lines/{line_id}/answers",
    **operation("listLineAnswers", LineAnswerPage, refuses=("not-found", "unknown-cursor")),
)
async def list_line_answers(
    request: Request,
    order_id: OrderPath,
    line_id: LinePath,
    by: OrdersRead,
    shop: Shop,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """All that was ever said of the line, newest first (A15)."""
    pager = Pager.of(request, by)
    page = await shop.read.answers.history(
        by.dossier.id, OrderId(order_id), LineId(line_id), pager.request(sort="-at", limit=limit, cursor=cursor)
    )
    items = [LineAnswerEntry.of(view) for view in page.items]
    return answer(told(LineAnswerPage(items=items, next=pager.next(page.last))))


@routes_of_lines.post(
    "/orders/{order_id}/lines/{line_id}/answers",
    **operation("createLineAnswer", Order, status=201, refuses=CHANGE, headers=("ETag",)),
)
async def create_line_answer(
    order_id: OrderPath,
    line_id: LinePath,
    body: LineAnswerCreate,
    version: IfMatch,
    by: OrdersWrite,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """Give the line its answer by hand (Modif. Réponse, A15); answers the order."""
    once = await key.once(by, Saying(201))
    said = Said(code=body.code, label=body.label, new_ean=body.new_ean)
    return answer(
        await shop.answers.say(
            by=by, order_id=OrderId(order_id), line_id=LineId(line_id), version=version, saying=said, once=once
        )
    )


@routes_of_lines.post(
    "/orders/{order_id}/lines/{line_id}/move",
    **operation("moveLine", Order, refuses=(*CHANGE, "nothing-to-cancel", "inconsistent"), headers=("ETag",)),
)
async def move_line(
    order_id: OrderPath,
    line_id: LinePath,
    body: LineMove,
    version: IfMatch,
    by: OrdersWrite,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """What the line waits for is waited for under another EAN, at the place of the order's date (P9); answers the order.

    A line of which nothing was served becomes the new article's; else its remainder is cancelled and a new line waits.
    """
    once = await key.once(by, Saying())
    return answer(
        await shop.moving.move(
            by=by, order_id=OrderId(order_id), line_id=LineId(line_id), version=version, ean=body.ean, once=once
        )
    )
