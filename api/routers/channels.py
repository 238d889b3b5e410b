"""The web shops' door: an order is pushed under the shop's own number."""

from typing import Annotated

from fastapi import Path
from pydantic import StringConstraints
from starlette.responses import Response

from api.deps import OrdersWrite, Shop, answer
from api.routers.operation import link, operation, router
from api.routers.orders import Saying
from api.schemas.orders import Order, OrderPush
from domain.errors import UnknownChannel

routes = router("channels")
ChannelPath = Annotated[str, StringConstraints(pattern="^[a-z0-9-]{1,40}$"), Path()]
ExternalPath = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9._~:@-]{1,100}$"), Path()]


@routes.put(
    "/channels/{channel}/orders/{external_id}",
    **operation(
        "pushOrder",
        Order,
        also={201: "The order is new."},
        refuses=(
            "unknown-channel",
            "not-found",
            "order-locked",
            "order-closed",
            "customer-closed",
            "customer-blocked",
            "customer-not-approved",
            "unknown-party",
        ),
        headers=("ETag", "Location"),
        links={"get": link("getOrder", order_id="$response.body#/id")},
    ),
)
async def push_order(
    channel: ChannelPath, external_id: ExternalPath, body: OrderPush, by: OrdersWrite, shop: Shop
) -> Response:
    """Push a mail-order order. 201 the first time; then 200, for ever, without any header: ten times is one order (C2).

    New content under the same number is taken over until picking begins; then it is refused with ``order-locked``.
    ``paid`` going from false to true records the payment and opens a blocked order; it never goes back.
    """
    if by.channel not in {None, channel}:
        raise UnknownChannel
    pushed = await shop.pushes.push(body.meant(by=by, channel=channel, external_id=external_id))
    return answer(Saying(201 if pushed.created else 200, located=True)(pushed.order))
