"""What happens to an order: money, copies handed over and brought back, the order annulled and opened again."""

from starlette.responses import Response

from api.deps import IdempotencyKey, IfMatch, OrdersRead, OrdersReopen, OrdersWrite, Shop, answer, told
from api.routers.operation import operation, router
from api.routers.orders import CHANGE, OrderPath, Saying
from api.schemas.fulfilment import RemainderCancel, ReturnCreate
from api.schemas.orders import CancelRequest, DeliveryCreate, Order, Payment, PaymentCreate, PaymentPage
from domain.model.values import LineId, OrderId

routes = router("orders")


@routes.get("/orders/{order_id}/payments", **operation("listPayments", PaymentPage, refuses=("not-found",)))
async def list_payments(order_id: OrderPath, by: OrdersRead, shop: Shop) -> Response:
    """Money received for the order and given back, oldest first."""
    views = await shop.read.orders.payments(by.dossier.id, OrderId(order_id))
    return answer(told(PaymentPage(items=[Payment.of(view) for view in views], next=None)))


@routes.post(
    "/orders/{order_id}/payments",
    **operation("createPayment", Order, status=201, refuses=(*CHANGE, "refund-too-large"), headers=("ETag",)),
)
async def create_payment(
    order_id: OrderPath, body: PaymentCreate, version: IfMatch, by: OrdersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Record money received, or given back by a refund; a blocked order opens once the whole is paid (BL becomes CO)."""
    once = await key.once(by, Saying(201))
    return answer(
        await shop.payments.pay(by=by, order_id=OrderId(order_id), version=version, received=body.meant(), once=once)
    )


@routes.post(
    "/orders/{order_id}/deliveries",
    **operation(
        "createDelivery",
        Order,
        status=201,
        refuses=(*CHANGE, "nothing-to-deliver", "out-of-stock"),
        headers=("ETag",),
    ),
)
async def create_delivery(
    order_id: OrderPath, body: DeliveryCreate, version: IfMatch, by: OrdersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Hand copies over or ship them (CO becomes LP, LP becomes LT). Without back-orders what is left is cancelled (B27)."""
    quantities: dict[LineId, int] | None = None
    if body.lines is not None:
        quantities = {}
        for line in body.lines:
            quantities[LineId(line.line_id)] = quantities.get(LineId(line.line_id), 0) + line.quantity
    once = await key.once(by, Saying(201))
    return answer(
        await shop.fulfilment.deliver(
            by=by, order_id=OrderId(order_id), version=version, quantities=quantities, once=once
        )
    )


@routes.post(
    "/orders/{order_id}/returns",
    **operation(
        "createReturn",
        Order,
        status=201,
        refuses=(*CHANGE, "nothing-to-return", "too-many-copies"),
        headers=("ETag",),
    ),
)
async def create_return(
    order_id: OrderPath, body: ReturnCreate, version: IfMatch, by: OrdersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Take delivered copies back (LP and LT become CO or LP); the deposit they took can be used again."""
    once = await key.once(by, Saying(201))
    return answer(
        await shop.returns.take_back(
            by=by,
            order_id=OrderId(order_id),
            version=version,
            quantities=body.quantities(),
            restock=body.restock,
            replace=body.replace,
            reason=body.reason,
            once=once,
        )
    )


@routes.post("/orders/{order_id}/cancel", **operation("cancelOrder", Order, refuses=CHANGE, headers=("ETag",)))
async def cancel_order(
    order_id: OrderPath, body: CancelRequest, version: IfMatch, by: OrdersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Annul an order of which nothing was delivered.

    Its kept copies go back to the shelf, supplier orders not yet validated ask for fewer (A24), its deposit is given back.
    """
    once = await key.once(by, Saying())
    return answer(
        await shop.cancelling.cancel(by=by, order_id=OrderId(order_id), version=version, reason=body.reason, once=once)
    )


@routes.post(
    "/orders/{order_id}/cancel-remainder",
    **operation("cancelRemainder", Order, refuses=(*CHANGE, "nothing-to-cancel"), headers=("ETag",)),
)
async def cancel_remainder(
    order_id: OrderPath, body: RemainderCancel, version: IfMatch, by: OrdersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Wait no more for some lines, or for all that a partly delivered order lacks (LP becomes LT)."""
    once = await key.once(by, Saying())
    line_ids = None if body.line_ids is None else [LineId(each) for each in body.line_ids]
    return answer(
        await shop.cancelling.cancel_remainder(
            by=by, order_id=OrderId(order_id), version=version, line_ids=line_ids, reason=body.reason, once=once
        )
    )


@routes.post("/orders/{order_id}/lapse", **operation("lapseOrder", Order, refuses=CHANGE, headers=("ETag",)))
async def lapse_order(
    order_id: OrderPath, version: IfMatch, by: OrdersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Annul a blocked order whose payment never came (BL becomes AN)."""
    once = await key.once(by, Saying())
    return answer(await shop.cancelling.lapse(by=by, order_id=OrderId(order_id), version=version, once=once))


@routes.post(
    "/orders/{order_id}/reopen",
    **operation("reopenOrder", Order, refuses=(*CHANGE, "already-refunded"), headers=("ETag",)),
)
async def reopen_order(
    order_id: OrderPath, version: IfMatch, by: OrdersReopen, key: IdempotencyKey, shop: Shop
) -> Response:
    """Open an annulled order again, unless money was given back; its lines wait anew at their old places."""
    once = await key.once(by, Saying())
    return answer(await shop.cancelling.reopen(by=by, order_id=OrderId(order_id), version=version, once=once))
