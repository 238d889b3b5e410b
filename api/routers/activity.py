"""What a customer did, and all that the shop has about him."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from api.deps import CustomersRead, Shop, answer, today, told
from api.routers.operation import operation, router
from api.schemas.activity import CustomerActivity
from api.schemas.base import Day, Rows
from api.schemas.identities import CustomerKey
from api.schemas.personal_data import PersonalData
from domain.model.values import CustomerId
from domain.ports.answers import Told
from domain.queries.activity import a_year_before

routes = router("customers")
CustomerPath = Annotated[CustomerKey, Path()]


@routes.get(
    "/customers/{customer_id}/activity",
    **operation("getCustomerActivity", CustomerActivity, refuses=("not-found",)),
)
async def get_customer_activity(
    customer_id: CustomerPath,
    by: CustomersRead,
    shop: Shop,
    since: Annotated[
        Day | None, Query(alias="from", description="From this day on; without it the last twelve months.")
    ] = None,
    limit: Annotated[Rows, Query(description="Records of each list.")] = 200,
) -> Response:
    """Orders taken, and copies set aside or sold, for a customer: the last twelve months unless asked for more (A69)."""
    found = await shop.read.activity.activity(
        by.dossier.id,
        CustomerId(customer_id),
        clearance=by.clearance,
        since=since or a_year_before(today(by, shop)),
        limit=limit,
    )
    return answer(told(CustomerActivity.of(found)))


@routes.get(
    "/customers/{customer_id}/personal-data",
    **operation("getPersonalData", PersonalData, refuses=("not-found",), headers=("Content-Disposition",)),
)
async def get_personal_data(customer_id: CustomerPath, by: CustomersRead, shop: Shop) -> Response:
    """All that the shop has about a person, as one file to hand over (RGPD)."""
    archive = await shop.read.personal_data.archive(by.dossier.id, CustomerId(customer_id), clearance=by.clearance)
    body = PersonalData.of(archive, made_at=shop.clock()).model_dump_json().encode()
    named = f'attachment; filename="donnees-personnelles-{archive.code}.json"'
    return answer(Told(status=200, body=body, headers=(("content-disposition", named), ("cache-control", "no-store"))))
