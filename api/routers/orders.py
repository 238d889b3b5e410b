"""Customer orders: the list of A3 to A8, the order of A10 to A13, and what is done to one."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.deps import Cursor, IdempotencyKey, IfMatch, Limit, OrdersRead, OrdersWrite, Pager, Shop, answer, sorts, told
from api.routers.operation import link, operation, router
from api.schemas.base import Counted, EanCode, Instant, Line, Number, QueryFlag, Word, chosen, wire_id
from api.schemas.identities import CustomerKey
from api.schemas.order_document import order_document
from api.schemas.order_requests import LinePatch, OrderCreate, OrderLineInput, OrderPatch, SuspensionPut
from api.schemas.orders import (
    AttachRequest,
    LineKey,
    Order,
    OrderKey,
    OrderLine,
    OrderLinePage,
    OrderPage,
    OrderSummary,
)
from domain.errors import NotFound
from domain.model.order import Status
from domain.model.values import CustomerId, LineId, OrderId
from domain.ports.answers import Told
from domain.queries.orders import SORTS, OrderFilter, OrderView

routes = router("orders")
OrderPath = Annotated[OrderKey, Path()]
LinePath = Annotated[LineKey, Path()]
CHANGE = ("not-found", "stale-version", "order-closed")
ADMITTED = ("customer-closed", "customer-blocked", "customer-not-approved", "customer-anonymised", "ceiling-exceeded")
TAKING = ("not-found", *ADMITTED, "unknown-party")
"""What a new order may meet."""
NEXT = ("patchOrder", "createOrderLine", "createPayment", "createDelivery", "cancelOrder", "attachCustomer")
NEXT_OF_A_LINE = ("patchOrderLine", "suspendLine", "resumeLine", "deleteOrderLine")


async def _criteria(
    name: Annotated[Line | None, Query(description="Start of the name or of a word of it.")] = None,
    number: Annotated[Number | None, Query()] = None,
    status: Annotated[list[chosen(Status)] | None, Query()] = None,  # type: ignore[valid-type]
    created_from: Annotated[Instant | None, Query(description="From this instant on.")] = None,
    created_to: Annotated[Instant | None, Query(description="Before this instant.")] = None,
    customer_id: Annotated[CustomerKey | None, Query()] = None,
    customer_reference: Annotated[Line | None, Query()] = None,
    ean: Annotated[EanCode | None, Query()] = None,
    channel: Annotated[Word | None, Query()] = None,
    deposit: Annotated[QueryFlag | None, Query(description="A deposit was paid (A7).")] = None,
    vat_exempt: Annotated[QueryFlag | None, Query()] = None,
    digital: Annotated[QueryFlag | None, Query(description="Holds a digital article (A7).")] = None,
    mail_order: Annotated[QueryFlag | None, Query()] = None,
    in_file: Annotated[QueryFlag | None, Query(description="For a customer of the file, or a free name (A3).")] = None,
) -> OrderFilter:
    return OrderFilter(
        name=name,
        number=number,
        statuses=tuple(status or ()),
        created_from=created_from,
        created_to=created_to,
        customer_id=customer_id,
        customer_reference=customer_reference,
        ean=ean,
        channel=channel,
        deposit=deposit,
        vat_exempt=vat_exempt,
        digital=digital,
        mail_order=mail_order,
        in_file=in_file,
    )


Criteria = Annotated[OrderFilter, Depends(_criteria)]


@dataclass(frozen=True, slots=True)
class Saying:
    """How an order is told after a change."""

    status: int = 200
    located: bool = False

    def __call__(self, view: OrderView) -> Told:
        headers = [("etag", f'"{view.version}"')]
        if self.located:
            headers.append(("location", f"/v1/orders/{wire_id('ord', view.id)}"))
        return Told(status=self.status, body=order_document(view), headers=tuple(headers))


@routes.get("/orders", **operation("listOrders", OrderPage, refuses=("unknown-cursor",)))
async def list_orders(
    request: Request,
    by: OrdersRead,
    shop: Shop,
    wanted: Criteria,
    sort: sorts(SORTS) = "created_at",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Search orders, oldest first unless sorted otherwise."""
    pager = Pager.of(request, by)
    page = await shop.read.orders.search(by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor))
    return answer(told(OrderPage(items=[OrderSummary.of(view) for view in page.items], next=pager.next(page.last))))


@routes.get("/orders/count", **operation("countOrders", Counted))
async def count_orders(by: OrdersRead, shop: Shop, wanted: Criteria) -> Response:
    """Number of orders that the same search finds (Nombre de fiches)."""
    found = await shop.read.orders.count(by.dossier.id, wanted)
    return answer(told(Counted(count=found.count, capped=found.capped)))


@routes.post(
    "/orders",
    **operation(
        "createOrder",
        Order,
        status=201,
        refuses=TAKING,
        headers=("ETag", "Location"),
        links={
            "get": link("getOrder", order_id="$response.body#/id"),
            "lines": link("listOrderLines", order_id="$response.body#/id"),
            "payments": link("listPayments", order_id="$response.body#/id"),
            **{name: link(name, order_id="$response.body#/id", if_match="$response.header.ETag") for name in NEXT},
            **{
                name: link(
                    name,
                    order_id="$response.body#/id",
                    line_id="$response.body#/lines/0/id",
                    if_match="$response.header.ETag",
                )
                for name in NEXT_OF_A_LINE
            },
        },
    ),
)
async def create_order(body: OrderCreate, by: OrdersWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """Take an order at the counter."""
    once = await key.once(by, Saying(201, located=True))
    return answer(await shop.orders.create(by=by, order=body.meant(), once=once))


@routes.get("/orders/{order_id}", **operation("getOrder", Order, refuses=("not-found",), headers=("ETag",)))
async def get_order(order_id: OrderPath, by: OrdersRead, shop: Shop) -> Response:
    """One order with its lines."""
    found = await shop.read.orders.document(by.dossier.id, OrderId(order_id))
    return answer(Told(status=200, body=found.json, headers=(("etag", f'"{found.version}"'),)))


@routes.patch(
    "/orders/{order_id}", **operation("patchOrder", Order, refuses=(*CHANGE, "unknown-party"), headers=("ETag",))
)
async def patch_order(order_id: OrderPath, body: OrderPatch, version: IfMatch, by: OrdersWrite, shop: Shop) -> Response:
    """Change what the order says beside its lines; an absent field stays, a null empties (RFC 7396).

    Of a closed order the réf. comm. and the comment alone may change. Shipped instead of collected, or the other way round,
    the prices of what was not delivered yet and the delivery charge are held against the law anew (C8).
    """
    view = await shop.orders.change(by=by, order_id=OrderId(order_id), version=version, changes=body.changes())
    return answer(Saying()(view))


@routes.get("/orders/{order_id}/lines", **operation("listOrderLines", OrderLinePage, refuses=("not-found",)))
async def list_order_lines(order_id: OrderPath, by: OrdersRead, shop: Shop) -> Response:
    """The lines of an order, in their order."""
    view = await shop.read.orders.by_id(by.dossier.id, OrderId(order_id))
    return answer(told(OrderLinePage(items=[OrderLine.of(line, view.version) for line in view.lines], next=None)))


@routes.get(
    "/orders/{order_id}/lines/{line_id}",
    **operation("getOrderLine", OrderLine, refuses=("not-found",), headers=("ETag",)),
)
async def get_order_line(order_id: OrderPath, line_id: LinePath, by: OrdersRead, shop: Shop) -> Response:
    """One line; its ETag is the order's (A16)."""
    view = await shop.read.orders.by_id(by.dossier.id, OrderId(order_id))
    line = next((each for each in view.lines if each.id == line_id), None)
    if line is None:
        raise NotFound(what="line")
    return answer(told(OrderLine.of(line, view.version), version=view.version))


@routes.post(
    "/orders/{order_id}/lines",
    **operation("createOrderLine", Order, status=201, refuses=(*CHANGE, "unknown-party"), headers=("ETag",)),
)
async def create_order_line(
    order_id: OrderPath, body: OrderLineInput, version: IfMatch, by: OrdersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Add an article to the order."""
    once = await key.once(by, Saying(201))
    return answer(
        await shop.orders.add_line(by=by, order_id=OrderId(order_id), version=version, line=body.meant(), once=once)
    )


@routes.patch(
    "/orders/{order_id}/lines/{line_id}",
    **operation("patchOrderLine", Order, refuses=(*CHANGE, "line-in-use", "unknown-party"), headers=("ETag",)),
)
async def patch_order_line(
    order_id: OrderPath, line_id: LinePath, body: LinePatch, version: IfMatch, by: OrdersWrite, shop: Shop
) -> Response:
    """Another quantity, price or sales rep of a line; fewer copies are asked of suppliers where fewer are waited for."""
    view = await shop.orders.change_line(
        by=by, order_id=OrderId(order_id), line_id=LineId(line_id), version=version, changes=body.changes()
    )
    return answer(Saying()(view))


@routes.delete(
    "/orders/{order_id}/lines/{line_id}",
    **operation("deleteOrderLine", Order, refuses=(*CHANGE, "line-in-use"), headers=("ETag",)),
)
async def delete_order_line(
    order_id: OrderPath, line_id: LinePath, version: IfMatch, by: OrdersWrite, shop: Shop
) -> Response:
    """Take a line off the order that nothing was done for yet; answers the order."""
    view = await shop.orders.remove_line(by=by, order_id=OrderId(order_id), line_id=LineId(line_id), version=version)
    return answer(Saying()(view))


@routes.put(
    "/orders/{order_id}/lines/{line_id}/suspension",
    **operation("suspendLine", Order, refuses=(*CHANGE, "line-kept", "nothing-waits"), headers=("ETag",)),
)
async def suspend_line(
    order_id: OrderPath, line_id: LinePath, body: SuspensionPut, version: IfMatch, by: OrdersWrite, shop: Shop
) -> Response:
    """Pass the line over until a day, for a customer who is away; answers the order.

    It keeps its place in the queue and waits again from that day on, or as soon as somebody chooses it for a copy.
    """
    view = await shop.suspending.suspend(
        by=by, order_id=OrderId(order_id), line_id=LineId(line_id), version=version, until=body.until
    )
    return answer(Saying()(view))


@routes.delete(
    "/orders/{order_id}/lines/{line_id}/suspension",
    **operation("resumeLine", Order, refuses=("not-found", "stale-version"), headers=("ETag",)),
)
async def resume_line(
    order_id: OrderPath, line_id: LinePath, version: IfMatch, by: OrdersWrite, shop: Shop
) -> Response:
    """Serve the line again before its day; answers the order, as it is where the line was not suspended."""
    view = await shop.suspending.resume(by=by, order_id=OrderId(order_id), line_id=LineId(line_id), version=version)
    return answer(Saying()(view))


@routes.post(
    "/orders/{order_id}/attach-customer",
    **operation(
        "attachCustomer",
        Order,
        refuses=("not-found", "stale-version", "order-has-customer", *ADMITTED),
        headers=("ETag",),
    ),
)
async def attach_customer(
    order_id: OrderPath, body: AttachRequest, version: IfMatch, by: OrdersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Give an order of a free name, with its reservations, to a card; what is written on it stays (C12)."""
    once = await key.once(by, Saying())
    return answer(
        await shop.orders.attach(
            by=by, order_id=OrderId(order_id), version=version, customer_id=CustomerId(body.customer_id), once=once
        )
    )
