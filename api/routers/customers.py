"""The customer file."""

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.deps import (
    Cursor,
    CustomersRead,
    CustomersWrite,
    IdempotencyKey,
    IfMatch,
    Limit,
    Pager,
    Shop,
    answer,
    sorts,
    told,
)
from api.routers.operation import link, operation, router
from api.schemas.base import Counted, Line, QueryFlag, Word
from api.schemas.customers import Code, Customer, CustomerCreate, CustomerKey, CustomerPage, CustomerPatch
from domain.model.values import CustomerId
from domain.ports.answers import Told
from domain.queries.customers import SORTS, CustomerFilter, CustomerView

routes = router("customers")
CustomerPath = Annotated[CustomerKey, Path()]
Words = Annotated[Line | None, Query(description="Starts of words of the name in any order, or a code.")]


@routes.get("/customers", **operation("listCustomers", CustomerPage, refuses=("unknown-cursor",)))
async def list_customers(
    request: Request,
    by: CustomersRead,
    shop: Shop,
    q: Words = None,
    code: Code | None = None,
    email: Line | None = None,
    phone: Word | None = None,
    postal_code: Word | None = None,
    town: Line | None = None,
    mail_order: QueryFlag | None = None,
    collectivity: QueryFlag | None = None,
    sort: sorts(SORTS) = "name",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Search the customer file; no criterion is all customers (A47)."""
    wanted = CustomerFilter(
        q=q,
        code=code,
        email=email,
        phone=phone,
        postal_code=postal_code,
        town=town,
        mail_order=mail_order,
        collectivity=collectivity,
    )
    pager = Pager.of(request, by)
    page = await shop.read.customers.search(by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor))
    return answer(told(CustomerPage(items=[Customer.of(view) for view in page.items], next=pager.next(page.last))))


@routes.get("/customers/count", **operation("countCustomers", Counted))
async def count_customers(
    by: CustomersRead,
    shop: Shop,
    q: Words = None,
    code: Code | None = None,
    email: Line | None = None,
    phone: Word | None = None,
    postal_code: Word | None = None,
    town: Line | None = None,
    mail_order: QueryFlag | None = None,
    collectivity: QueryFlag | None = None,
) -> Response:
    """Number of customers that the same search finds (Nombre de fiches)."""
    wanted = CustomerFilter(
        q=q,
        code=code,
        email=email,
        phone=phone,
        postal_code=postal_code,
        town=town,
        mail_order=mail_order,
        collectivity=collectivity,
    )
    found = await shop.read.customers.count(by.dossier.id, wanted)
    return answer(told(Counted(count=found.count, capped=found.capped)))


@routes.post(
    "/customers",
    **operation(
        "createCustomer",
        Customer,
        status=201,
        refuses=("code-taken",),
        headers=("ETag", "Location"),
        links={
            "get": link("getCustomer", customer_id="$response.body#/id"),
            "patch": link("patchCustomer", customer_id="$response.body#/id", if_match="$response.header.ETag"),
        },
    ),
)
async def create_customer(body: CustomerCreate, by: CustomersWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """A new customer, approved at once at the counter (B10)."""

    def tell(view: CustomerView) -> Told:
        made = Customer.of(view)
        return told(made, status=201, version=made.version, location=f"/v1/customers/{made.id}")

    return answer(
        await shop.customers.create(by=by, code=body.code, details=body.meant(), once=await key.once(by, tell))
    )


@routes.get("/customers/{customer_id}", **operation("getCustomer", Customer, refuses=("not-found",), headers=("ETag",)))
async def get_customer(customer_id: CustomerPath, by: CustomersRead, shop: Shop) -> Response:
    """One card."""
    view = await shop.read.customers.by_id(by.dossier.id, CustomerId(customer_id))
    return answer(told(Customer.of(view), version=view.version))


@routes.patch(
    "/customers/{customer_id}",
    **operation("patchCustomer", Customer, refuses=("not-found", "stale-version", "code-taken"), headers=("ETag",)),
)
async def patch_customer(
    customer_id: CustomerPath, body: CustomerPatch, version: IfMatch, by: CustomersWrite, shop: Shop
) -> Response:
    """Change the fields sent; an absent one stays, a null empties (RFC 7396)."""
    view = await shop.customers.change(by=by, customer_id=CustomerId(customer_id), version=version, edit=body.edit)
    return answer(told(Customer.of(view), version=view.version))
