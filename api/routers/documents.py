"""What hangs together with an order: its printed form, linked documents, the ledger of its deposits."""

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from api.deps import Cursor, CustomersRead, Limit, OrdersRead, Pager, Shop, answer, told
from api.routers.operation import operation, router
from api.routers.orders import OrderPath
from api.routers.pdf import printed, printing
from api.schemas.base import euros
from api.schemas.fulfilment import CustomerDepositPage, DepositEntry, DepositPage, OrderDocument, OrderDocumentPage
from api.schemas.identities import CustomerKey
from domain.model.values import CustomerId, OrderId

routes = router("orders")
routes_of_customers = router("customers")
CustomerPath = Annotated[CustomerKey, Path()]


@routes.get("/orders/{order_id}/print.pdf", **printing("printOrder"))
async def print_order(order_id: OrderPath, by: OrdersRead, shop: Shop) -> Response:
    """The order on A4, its comment before the list of articles (A17, A21)."""
    sheet = await shop.read.documents.order_sheet(by.dossier.id, OrderId(order_id))
    return printed(await shop.papers.order(sheet), f"commande-{sheet.order.number}")


@routes.get(
    "/orders/{order_id}/documents", **operation("listOrderDocuments", OrderDocumentPage, refuses=("not-found",))
)
async def list_order_documents(order_id: OrderPath, by: OrdersRead, shop: Shop) -> Response:
    """The quote it came from, its delivery notes, supplier orders, reservation slips and payments, oldest first (A26)."""
    views = await shop.read.documents.of_order(by.dossier.id, OrderId(order_id))
    return answer(told(OrderDocumentPage(items=[OrderDocument.of(view) for view in views], next=None)))


@routes.get("/orders/{order_id}/deposits", **operation("listOrderDeposits", DepositPage, refuses=("not-found",)))
async def list_order_deposits(order_id: OrderPath, by: OrdersRead, shop: Shop) -> Response:
    """The ledger of the order's deposits (acomptes), oldest first: its sum is what no delivery has used."""
    views = await shop.read.deposits.of_order(by.dossier.id, OrderId(order_id))
    return answer(told(DepositPage(items=[DepositEntry.of(view) for view in views], next=None)))


@routes_of_customers.get(
    "/customers/{customer_id}/deposits",
    **operation("listCustomerDeposits", CustomerDepositPage, refuses=("not-found", "unknown-cursor")),
)
async def list_customer_deposits(
    request: Request,
    customer_id: CustomerPath,
    by: CustomersRead,
    shop: Shop,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """A customer's deposits (acomptes), newest first, and what he can still use of them."""
    pager = Pager.of(request, by)
    found = await shop.read.deposits.of_customer(
        by.dossier.id,
        CustomerId(customer_id),
        pager.request(sort="-at", limit=limit, cursor=cursor),
        clearance=by.clearance,
    )
    return answer(
        told(
            CustomerDepositPage(
                items=[DepositEntry.of(view) for view in found.page.items],
                next=pager.next(found.page.last),
                balance=euros(found.balance),
            )
        )
    )
