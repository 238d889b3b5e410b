"""Deposits by name (acomptes nominatifs): left, taken back, used for orders (A66)."""

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from api.deps import (
    Cursor,
    CustomersRead,
    CustomersWrite,
    IdempotencyKey,
    IfMatch,
    Limit,
    OrdersWrite,
    Pager,
    Shop,
    answer,
    told,
)
from api.routers.operation import operation, router
from api.routers.orders import CHANGE, OrderPath, Saying
from api.schemas.base import euros
from api.schemas.identities import CustomerKey
from api.schemas.named_deposits import (
    NamedDeposit,
    NamedDepositCreate,
    NamedDepositEntry,
    NamedDepositPage,
    OrderNamedDepositCreate,
)
from api.schemas.orders import Order
from domain.model.named_deposit import NamedDepositUse
from domain.model.values import CustomerId, OrderId
from domain.ports.answers import Told
from domain.queries.named_deposits import NamedDepositBalance

routes = router("deposits")
CustomerPath = Annotated[CustomerKey, Path()]


@routes.get(
    "/customers/{customer_id}/named-deposits",
    **operation("listNamedDeposits", NamedDepositPage, refuses=("not-found", "unknown-cursor")),
)
async def list_named_deposits(
    request: Request,
    customer_id: CustomerPath,
    by: CustomersRead,
    shop: Shop,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What a customer left by name and what became of it, newest first; of a merged card what the kept one has."""
    pager = Pager.of(request, by)
    found = await shop.read.named_deposits.of_customer(
        by.dossier.id,
        CustomerId(customer_id),
        pager.request(sort="-at", limit=limit, cursor=cursor),
        clearance=by.clearance,
    )
    items = [NamedDepositEntry.of(view) for view in found.page.items]
    page = NamedDepositPage(items=items, next=pager.next(found.page.last), balance=euros(found.balance))
    return answer(told(page))


@routes.post(
    "/customers/{customer_id}/named-deposits",
    **operation(
        "createNamedDeposit",
        NamedDeposit,
        status=201,
        refuses=("not-found", "deposit-too-low", "customer-anonymised"),
    ),
)
async def create_named_deposit(
    customer_id: CustomerPath, body: NamedDepositCreate, by: CustomersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Money that a customer leaves for any of his orders, or takes back; never more than he has."""

    def tell(view: NamedDepositBalance) -> Told:
        return told(NamedDeposit.of(view), status=201)

    return answer(
        await shop.named_deposits.receive(
            by=by, customer_id=CustomerId(customer_id), left=body.meant(), once=await key.once(by, tell)
        )
    )


@routes.post(
    "/orders/{order_id}/named-deposits",
    **operation(
        "createOrderNamedDeposit",
        Order,
        status=201,
        refuses=(*CHANGE, "order-without-customer", "deposit-too-low", "refund-too-large"),
        headers=("ETag",),
    ),
)
async def create_order_named_deposit(
    order_id: OrderPath,
    body: OrderNamedDepositCreate,
    version: IfMatch,
    by: OrdersWrite,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """Pay a deposit of the order out of what its customer left by name, or give back by name what no delivery took."""
    once = await key.once(by, Saying(201))
    return answer(
        await shop.named_deposits.move(
            by=by,
            order_id=OrderId(order_id),
            version=version,
            amount=body.amount.amount,
            direction=NamedDepositUse(body.direction),
            once=once,
        )
    )
