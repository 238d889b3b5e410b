"""Merging two cards, undoing it, and blanking a person."""

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.deps import (
    Cursor,
    CustomersAnonymise,
    CustomersRead,
    CustomersWrite,
    IdempotencyKey,
    IfMatch,
    Limit,
    Pager,
    Shop,
    answer,
    told,
)
from api.routers.operation import link, operation, router
from api.schemas.customers import Customer
from api.schemas.identities import CustomerKey, MergeKey
from api.schemas.merges import (
    AnonymiseRequest,
    CustomerMerge,
    CustomerMergeCreate,
    CustomerMergePage,
    CustomerMergeSummary,
)
from domain.model.values import CustomerId, MergeId
from domain.ports.answers import Told
from domain.queries.customers import CustomerView
from domain.queries.merges import MergeView

routes = router("customers")
MergePath = Annotated[MergeKey, Path()]
STANDING = ("customer-merged", "customer-anonymised")


@routes.post(
    "/customer-merges",
    **operation(
        "createCustomerMerge",
        CustomerMerge,
        status=201,
        also={200: "The report of a merge that was not done (`dry_run`)"},
        refuses=("not-found", "same-customer", *STANDING),
        headers=("Location",),
        links={
            "get": link("getCustomerMerge", merge_id="$response.body#/merge_id"),
            "undo": link("undoCustomerMerge", merge_id="$response.body#/merge_id"),
        },
    ),
)
async def create_customer_merge(
    body: CustomerMergeCreate, by: CustomersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Merge one card into another (C9): all that hangs on it moves, its code and barcode lead to the kept card.

    With `dry_run` the same report is answered with 200 and `merge_id` null, and nothing is written.
    """

    def tell(view: MergeView) -> Told:
        made = CustomerMerge.of(view)
        if made.merge_id is None:
            return told(made)
        return told(made, status=201, location=f"/v1/customer-merges/{made.merge_id}")

    once = await key.once(by, tell)
    act = shop.merges.preview if body.dry_run else shop.merges.merge
    return answer(await act(by=by, order=body.meant(), once=once))


@routes.get("/customer-merges", **operation("listCustomerMerges", CustomerMergePage, refuses=("unknown-cursor",)))
async def list_customer_merges(
    request: Request,
    by: CustomersRead,
    shop: Shop,
    customer_id: Annotated[CustomerKey | None, Query(description="One of the two cards.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Merges, newest first."""
    pager = Pager.of(request, by)
    page = await shop.read.merges.search(
        by.dossier.id,
        pager.request(sort="-at", limit=limit, cursor=cursor),
        customer_id=CustomerId(customer_id) if customer_id else None,
        clearance=by.clearance,
    )
    items = [CustomerMergeSummary.of(view) for view in page.items]
    return answer(told(CustomerMergePage(items=items, next=pager.next(page.last))))


@routes.get("/customer-merges/{merge_id}", **operation("getCustomerMerge", CustomerMerge, refuses=("not-found",)))
async def get_customer_merge(merge_id: MergePath, by: CustomersRead, shop: Shop) -> Response:
    """The report of a merge."""
    view = await shop.read.merges.by_id(by.dossier.id, MergeId(merge_id), clearance=by.clearance)
    return answer(told(CustomerMerge.of(view)))


@routes.post(
    "/customer-merges/{merge_id}/undo",
    **operation(
        "undoCustomerMerge",
        CustomerMerge,
        refuses=("not-found", "merge-undone", "merge-built-on", "customer-anonymised"),
    ),
)
async def undo_customer_merge(merge_id: MergePath, by: CustomersWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """Take a merge back while nothing it moved was changed since; else `merge-built-on` lists what was."""

    def tell(view: MergeView) -> Told:
        return told(CustomerMerge.of(view))

    once = await key.once(by, tell)
    return answer(await shop.merges.undo(by=by, merge_id=MergeId(merge_id), once=once))


@routes.post(
    "/customers/{customer_id}/anonymise",
    **operation(
        "anonymiseCustomer",
        Customer,
        refuses=("not-found", "stale-version", "customer-busy", *STANDING),
        headers=("ETag",),
    ),
)
async def anonymise_customer(
    customer_id: Annotated[CustomerKey, Path()],
    body: AnonymiseRequest,
    version: IfMatch,
    by: CustomersAnonymise,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """Blank the person of a card everywhere, history included (C14). It cannot be undone; numbers and amounts stay."""

    def tell(view: CustomerView) -> Told:
        return told(Customer.of(view), version=view.version)

    once = await key.once(by, tell)
    return answer(
        await shop.anonymising.anonymise(
            by=by, customer_id=CustomerId(customer_id), version=version, reason=body.reason, once=once
        )
    )
