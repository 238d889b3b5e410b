"""Messages to customers: what went out, what is on its way, what failed."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.deps import (
    Cursor,
    IdempotencyKey,
    IfMatch,
    Limit,
    MessagesRead,
    MessagesWrite,
    Pager,
    Shop,
    answer,
    sorts,
    told,
)
from api.routers.operation import link, operation, router
from api.schemas.base import Counted, Day, Line, chosen
from api.schemas.identities import CustomerKey
from api.schemas.messages import Message, MessageCreate, MessageKey, MessagePage, Messages
from api.schemas.orders import OrderKey
from api.schemas.reservations import ReservationKey
from domain.model.message import MessageChannel, MessageEvent, MessageState
from domain.model.values import MessageId
from domain.ports.answers import Told
from domain.queries.messages import SORTS, Composition, MessageFilter, MessageView

routes = router("messages")
MessagePath = Annotated[MessageKey, Path()]


async def _criteria(
    state: Annotated[list[chosen(MessageState)] | None, Query()] = None,  # type: ignore[valid-type]
    channel: Annotated[chosen(MessageChannel) | None, Query()] = None,  # type: ignore[valid-type]
    event: Annotated[chosen(MessageEvent) | None, Query()] = None,  # type: ignore[valid-type]
    customer_id: Annotated[CustomerKey | None, Query()] = None,
    order_id: Annotated[OrderKey | None, Query()] = None,
    reservation_id: Annotated[ReservationKey | None, Query()] = None,
    day_from: Annotated[Day | None, Query(description="From this business day on.")] = None,
    day_to: Annotated[Day | None, Query(description="Until this business day, included.")] = None,
    name: Annotated[Line | None, Query(description="Starts of words of the recipient's name.")] = None,
) -> MessageFilter:
    return MessageFilter(
        states=tuple(state or ()),
        channel=channel,
        event=event,
        customer_id=customer_id,
        order_id=order_id,
        reservation_id=reservation_id,
        day_from=day_from,
        day_to=day_to,
        name=name,
    )


Criteria = Annotated[MessageFilter, Depends(_criteria)]


@routes.get("/messages", **operation("listMessages", MessagePage, refuses=("unknown-cursor",)))
async def list_messages(
    request: Request,
    by: MessagesRead,
    shop: Shop,
    wanted: Criteria,
    sort: sorts(SORTS) = "-created_at",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Search messages, newest first unless sorted otherwise."""
    pager = Pager.of(request, by)
    page = await shop.read.messages.search(by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor))
    return answer(told(MessagePage(items=[Message.of(view) for view in page.items], next=pager.next(page.last))))


@routes.get("/messages/count", **operation("countMessages", Counted))
async def count_messages(by: MessagesRead, shop: Shop, wanted: Criteria) -> Response:
    """Number of messages that the same search finds."""
    found = await shop.read.messages.count(by.dossier.id, wanted)
    return answer(told(Counted(count=found.count, capped=found.capped)))


@routes.post("/messages/preview", **operation("previewMessages", Messages, refuses=("not-found",)))
async def preview_messages(body: MessageCreate, by: MessagesWrite, shop: Shop) -> Response:
    """What `POST /messages` would do now: the very messages, and who is not written to. Nothing is kept."""
    return answer(told(Messages.of(await shop.messaging.preview(by=by, mailing=body.meant()))))


@routes.post(
    "/messages",
    **operation(
        "createMessages",
        Messages,
        status=201,
        refuses=("not-found", "message-told"),
        links={"get": link("getMessage", message_id="$response.body#/messages/0/id")},
    ),
)
async def create_messages(body: MessageCreate, by: MessagesWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """Write to customers (A51): a rule that protects one of them withholds his message, never the others'."""

    def tell(made: Composition) -> Told:
        return told(Messages.of(made), status=201)

    return answer(await shop.messaging.send(by=by, mailing=body.meant(), once=await key.once(by, tell)))


@routes.get(
    "/messages/{message_id}",
    **operation(
        "getMessage",
        Message,
        refuses=("not-found",),
        headers=("ETag",),
        links={
            "retry": link("retryMessage", message_id="$response.body#/id", if_match="$response.header.ETag"),
            "drop": link("dropMessage", message_id="$response.body#/id", if_match="$response.header.ETag"),
        },
    ),
)
async def get_message(message_id: MessagePath, by: MessagesRead, shop: Shop) -> Response:
    """One message."""
    view = await shop.read.messages.by_id(by.dossier.id, MessageId(message_id))
    return answer(_told(view))


def _told(view: MessageView) -> Told:
    return told(Message.of(view), version=view.version)


GONE = ("not-found", "stale-version", "message-gone", "message-told")


@routes.post("/messages/{message_id}/retry", **operation("retryMessage", Message, refuses=GONE, headers=("ETag",)))
async def retry_message(
    message_id: MessagePath, version: IfMatch, by: MessagesWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Have a message sent after all that is dead, or of which nobody knows (uncertain)."""
    once = await key.once(by, _told)
    return answer(await shop.messaging.retry(by=by, message_id=MessageId(message_id), version=version, once=once))


@routes.post("/messages/{message_id}/drop", **operation("dropMessage", Message, refuses=GONE, headers=("ETag",)))
async def drop_message(
    message_id: MessagePath, version: IfMatch, by: MessagesWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Give a message up that was not sent."""
    once = await key.once(by, _told)
    return answer(await shop.messaging.drop(by=by, message_id=MessageId(message_id), version=version, once=once))
