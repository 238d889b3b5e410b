"""A new card made from another (B46, B47)."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.deps import CustomersWrite, IdempotencyKey, Shop, answer, told
from api.routers.operation import link, operation, router
from api.schemas.customers import Customer
from api.schemas.duplicating import DuplicateRequest
from api.schemas.identities import CustomerKey
from domain.model.values import CustomerId
from domain.ports.answers import Told
from domain.queries.customers import CustomerView

routes = router("customers")


@routes.post(
    "/customers/{customer_id}/duplicate",
    **operation(
        "duplicateCustomer",
        Customer,
        status=201,
        refuses=("not-found", "code-taken", "unknown-party", "customer-merged", "customer-anonymised"),
        headers=("ETag", "Location"),
        links={
            "get": link("getCustomer", customer_id="$response.body#/id"),
            "patch": link("patchCustomer", customer_id="$response.body#/id", if_match="$response.header.ETag"),
        },
    ),
)
async def duplicate_customer(
    customer_id: Annotated[CustomerKey, Path()],
    body: DuplicateRequest,
    by: CustomersWrite,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """A new card with all of the main one; its code, barcode and loyalty card are its own."""

    def tell(view: CustomerView) -> Told:
        made = Customer.of(view)
        return told(made, status=201, version=made.version, location=f"/v1/customers/{made.id}")

    once = await key.once(by, tell)
    return answer(
        await shop.duplicating.duplicate(
            by=by,
            customer_id=CustomerId(customer_id),
            code=body.code,
            name=body.name,
            parts=body.parts,
            once=once,
        )
    )
