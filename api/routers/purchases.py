"""What customers bought: the detailed list of purchases (A68)."""

from fastapi import Request
from starlette.responses import Response

from api.deps import Cursor, CustomersRead, Limit, Pager, Shop, answer, told
from api.routers.activity import CustomerPath
from api.routers.operation import operation, router
from api.schemas.purchases import Purchase, PurchasePage
from domain.model.values import CustomerId

routes = router("customers")


@routes.get(
    "/customers/{customer_id}/purchases",
    **operation("listPurchases", PurchasePage, refuses=("not-found", "unknown-cursor")),
)
async def list_purchases(
    request: Request,
    customer_id: CustomerPath,
    by: CustomersRead,
    shop: Shop,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What a customer took with him and brought back, newest first; of a merged card what the kept one has."""
    pager = Pager.of(request, by)
    page = await shop.read.purchases.of_customer(
        by.dossier.id,
        CustomerId(customer_id),
        pager.request(sort="-at", limit=limit, cursor=cursor),
        clearance=by.clearance,
    )
    return answer(told(PurchasePage(items=[Purchase.of(view) for view in page.items], next=pager.next(page.last))))
