"""Cards that may be one person's."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from api.deps import Cursor, CustomersRead, Limit, Pager, Shop, answer, told
from api.routers.operation import operation, router
from api.schemas.base import chosen
from api.schemas.duplicates import CustomerDuplicate, CustomerDuplicatePage
from domain.queries.duplicates import Reason

routes = router("customers")


@routes.get(
    "/customer-duplicates",
    **operation("listCustomerDuplicates", CustomerDuplicatePage, refuses=("unknown-cursor",)),
)
async def list_customer_duplicates(
    request: Request,
    by: CustomersRead,
    shop: Shop,
    reason: Annotated[chosen(Reason) | None, Query(description="Pairs that this holds for.")] = None,  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Pairs of cards that may be one person's, the likeliest first, each once, for its strongest reason (C9)."""
    pager = Pager.of(request, by)
    after = pager.request(sort="score", limit=limit, cursor=cursor).after
    page = await shop.read.duplicates.pairs(
        by.dossier.id, clearance=by.clearance, reason=reason, limit=limit, after=after
    )
    items = [CustomerDuplicate.of(pair) for pair in page.items]
    return answer(told(CustomerDuplicatePage(items=items, next=pager.next(page.last))))
