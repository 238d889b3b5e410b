"""The audit: who changed what, when, before and after."""

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.deps import Admin, Cursor, CustomersRead, Limit, Pager, Shop, answer, told
from api.routers.operation import operation, router
from api.schemas.audit import AuditEntry, AuditPage, plain_record
from api.schemas.base import Instant, Line, chosen
from api.schemas.identities import CustomerKey, ThirdPartyKey
from domain.model.values import CustomerId, ThirdPartyId
from domain.queries.audit import AuditEntry as Entry
from domain.queries.audit import AuditFilter, AuditRecord
from domain.queries.pages import Page

routes = router("audit")
NEWEST_FIRST = "-at"


def _page(page: Page[Entry], pager: Pager) -> Response:
    return answer(told(AuditPage(items=[AuditEntry.of(entry) for entry in page.items], next=pager.next(page.last))))


@routes.get("/audit", **operation("listAudit", AuditPage, refuses=("unknown-cursor",)))
async def list_audit(
    request: Request,
    by_admin: Admin,
    shop: Shop,
    record: Annotated[chosen(AuditRecord) | None, Query(description="The kind of record.")] = None,  # type: ignore[valid-type]
    record_id: Annotated[Line | None, Query(description="Its id, or `table/code`.")] = None,
    by: Annotated[Line | None, Query(description="The client, as `by` tells it.")] = None,
    since: Annotated[Instant | None, Query(alias="from", description="From this instant on.")] = None,
    until: Annotated[Instant | None, Query(alias="to", description="Before this instant.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Every change in the shop, newest first (C13)."""
    pager = Pager.of(request, by_admin)
    wanted = AuditFilter(
        record=record.value if record else None,
        record_id=plain_record(record_id) if record_id else None,
        by=by,
        since=since,
        until=until,
    )
    request_page = pager.request(sort=NEWEST_FIRST, limit=limit, cursor=cursor)
    return _page(await shop.read.audit.search(by_admin.dossier.id, wanted, request_page), pager)


@routes.get(
    "/customers/{customer_id}/audit",
    **operation("listCustomerAudit", AuditPage, refuses=("not-found", "unknown-cursor")),
)
async def list_customer_audit(
    request: Request,
    customer_id: Annotated[CustomerKey, Path()],
    by: CustomersRead,
    shop: Shop,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Every change of a card, of what hangs on it and of the cards merged into it, newest first (C13)."""
    pager = Pager.of(request, by)
    wanted = pager.request(sort=NEWEST_FIRST, limit=limit, cursor=cursor)
    page = await shop.read.audit.of_customer(by.dossier.id, CustomerId(customer_id), wanted, clearance=by.clearance)
    return _page(page, pager)


@routes.get(
    "/third-parties/{third_party_id}/audit",
    **operation("listThirdPartyAudit", AuditPage, refuses=("not-found", "unknown-cursor")),
)
async def list_third_party_audit(
    request: Request,
    third_party_id: Annotated[ThirdPartyKey, Path()],
    by: CustomersRead,
    shop: Shop,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Every change of a third party's card and of what hangs on it, newest first (C13)."""
    pager = Pager.of(request, by)
    wanted = pager.request(sort=NEWEST_FIRST, limit=limit, cursor=cursor)
    page = await shop.read.audit.of_third_party(by.dossier.id, ThirdPartyId(third_party_id), wanted)
    return _page(page, pager)
