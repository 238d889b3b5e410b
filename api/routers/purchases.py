"""What customers bought: the detailed list of purchases, and batches of them (A68)."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from api.deps import (
    Cursor,
    CustomersRead,
    CustomersWrite,
    IdempotencyKey,
    Limit,
    Pager,
    Shop,
    answer,
    told,
)
from api.problems.answering import english
from api.problems.table import FAULTS
from api.routers.activity import CustomerPath
from api.routers.operation import operation, router
from api.schemas.base import Day, EanCode
from api.schemas.purchases import Purchase, PurchaseBatch, PurchaseBatchCreate, PurchasePage
from domain.errors import Fault
from domain.model.values import CustomerId
from domain.ports.answers import Told
from domain.queries.purchases import PurchaseFilter
from domain.usecases.recording import Recorded

routes = router("customers")
routes_of_batches = router("purchases")


@routes.get(
    "/customers/{customer_id}/purchases",
    **operation("listPurchases", PurchasePage, refuses=("not-found", "unknown-cursor")),
)
async def list_purchases(
    request: Request,
    customer_id: CustomerPath,
    by: CustomersRead,
    shop: Shop,
    since: Annotated[Day | None, Query(alias="from", description="From this day on.")] = None,
    until: Annotated[Day | None, Query(alias="to", description="Before this day.")] = None,
    ean: Annotated[EanCode | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What a customer took with him and brought back, newest first; of a merged card what the kept one has."""
    pager = Pager.of(request, by)
    page = await shop.read.purchases.of_customer(
        by.dossier.id,
        CustomerId(customer_id),
        PurchaseFilter(since=since, until=until, ean=ean),
        pager.request(sort="-at", limit=limit, cursor=cursor),
        clearance=by.clearance,
    )
    return answer(told(PurchasePage(items=[Purchase.of(view) for view in page.items], next=pager.next(page.last))))


@routes_of_batches.post("/purchases", **operation("createPurchases", PurchaseBatch))
async def create_purchases(
    body: PurchaseBatchCreate, request: Request, by: CustomersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Lines of tickets and invoices at which the customer was known; sent again they change nothing.

    Each line is judged alone: one that is refused says why, and stops no other. What they earn on the loyalty card is told.
    """

    def tell(lines: Sequence[Recorded]) -> Told:
        return told(PurchaseBatch.of(lines, [_detail(request, line.problem) for line in lines]))

    return answer(await shop.recording.record(by=by, lines=body.meant(), once=await key.once(by, tell)))


def _detail(request: Request, fault: Fault | None) -> str | None:
    return FAULTS[fault.code][english(request)].format(**dict(fault.facts)) if fault else None
