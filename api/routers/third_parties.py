"""Third parties that are no customers."""

from typing import Annotated

from fastapi import Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from api.deps import (
    Cursor,
    CustomersApprove,
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
from api.schemas.base import Counted, Line
from api.schemas.customers import ApprovalRequest, Customer
from api.schemas.identities import Code, ThirdPartyKey
from api.schemas.third_parties import ConvertRequest, ThirdParty, ThirdPartyCreate, ThirdPartyPage, ThirdPartyPatch
from domain.model.third_party import ThirdPartyType
from domain.model.values import ThirdPartyId
from domain.ports.answers import Told
from domain.queries.customers import CustomerView
from domain.queries.third_parties import SORTS, ThirdPartyFilter, ThirdPartyView

routes = router("third-parties")
ThirdPartyPath = Annotated[ThirdPartyKey, Path()]
Words = Annotated[Line | None, Query(description="Starts of words of the name in any order, or a code.")]
Type = Annotated[ThirdPartyType | None, Field(strict=False), Query()]


@routes.get("/third-parties", **operation("listThirdParties", ThirdPartyPage, refuses=("unknown-cursor",)))
async def list_third_parties(
    request: Request,
    by: CustomersRead,
    shop: Shop,
    q: Words = None,
    code: Code | None = None,
    type: Type = None,  # noqa: A002 - the name of the parameter
    sort: sorts(SORTS) = "name",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Search the third parties; no criterion is all of them."""
    pager = Pager.of(request, by)
    wanted = ThirdPartyFilter(q=q, code=code, type=type)
    page = await shop.read.third_parties.search(
        by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor)
    )
    return answer(told(ThirdPartyPage(items=[ThirdParty.of(view) for view in page.items], next=pager.next(page.last))))


@routes.get("/third-parties/count", **operation("countThirdParties", Counted))
async def count_third_parties(
    by: CustomersRead,
    shop: Shop,
    q: Words = None,
    code: Code | None = None,
    type: Type = None,  # noqa: A002 - idem
) -> Response:
    """Number of third parties that the same search finds."""
    found = await shop.read.third_parties.count(by.dossier.id, ThirdPartyFilter(q=q, code=code, type=type))
    return answer(told(Counted(count=found.count, capped=found.capped)))


@routes.post(
    "/third-parties",
    **operation(
        "createThirdParty",
        ThirdParty,
        status=201,
        refuses=("code-taken", "unknown-code"),
        headers=("ETag", "Location"),
        links={
            "get": link("getThirdParty", third_party_id="$response.body#/id"),
            "patch": link("patchThirdParty", third_party_id="$response.body#/id", if_match="$response.header.ETag"),
        },
    ),
)
async def create_third_party(body: ThirdPartyCreate, by: CustomersWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """A new prospect, supplier, sales rep or other, approved at once at the counter (B10)."""

    def tell(view: ThirdPartyView) -> Told:
        made = ThirdParty.of(view)
        return told(made, status=201, version=made.version, location=f"/v1/third-parties/{made.id}")

    once = await key.once(by, tell)
    return answer(
        await shop.third_parties.create(
            by=by, type=body.type, code=body.code, details=body.meant(), origin=body.origin, once=once
        )
    )


@routes.get(
    "/third-parties/{third_party_id}",
    **operation("getThirdParty", ThirdParty, refuses=("not-found",), headers=("ETag",)),
)
async def get_third_party(third_party_id: ThirdPartyPath, by: CustomersRead, shop: Shop) -> Response:
    """One card."""
    view = await shop.read.third_parties.by_id(by.dossier.id, ThirdPartyId(third_party_id))
    return answer(told(ThirdParty.of(view), version=view.version))


@routes.patch(
    "/third-parties/{third_party_id}",
    **operation(
        "patchThirdParty", ThirdParty, refuses=("not-found", "stale-version", "unknown-code"), headers=("ETag",)
    ),
)
async def patch_third_party(
    third_party_id: ThirdPartyPath, body: ThirdPartyPatch, version: IfMatch, by: CustomersWrite, shop: Shop
) -> Response:
    """Change the fields sent; an absent one stays, a null empties (RFC 7396)."""
    view = await shop.third_parties.change(
        by=by, third_party_id=ThirdPartyId(third_party_id), version=version, edit=body.edit
    )
    return answer(told(ThirdParty.of(view), version=view.version))


@routes.delete(
    "/third-parties/{third_party_id}",
    **operation("deleteThirdParty", None, status=204, refuses=("not-found", "stale-version", "third-party-in-use")),
)
async def delete_third_party(
    third_party_id: ThirdPartyPath, version: IfMatch, by: CustomersWrite, shop: Shop
) -> Response:
    """Delete a card that no other names."""
    await shop.third_parties.remove(by=by, third_party_id=ThirdPartyId(third_party_id), version=version)
    return Response(status_code=204)


@routes.post(
    "/third-parties/{third_party_id}/approval",
    **operation("approveThirdParty", ThirdParty, refuses=("not-found", "stale-version"), headers=("ETag",)),
)
async def approve_third_party(
    third_party_id: ThirdPartyPath,
    body: ApprovalRequest,
    version: IfMatch,
    by: CustomersApprove,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """Give the administrative visa, or take it back (B9)."""

    def tell(view: ThirdPartyView) -> Told:
        return told(ThirdParty.of(view), version=view.version)

    once = await key.once(by, tell)
    return answer(
        await shop.third_parties.approve(
            by=by, third_party_id=ThirdPartyId(third_party_id), version=version, approved=body.approved, once=once
        )
    )


@routes.post(
    "/third-parties/{third_party_id}/convert",
    **operation(
        "convertThirdParty",
        Customer,
        status=201,
        refuses=("not-found", "stale-version", "not-a-prospect", "code-taken"),
        headers=("ETag", "Location"),
        links={"get": link("getCustomer", customer_id="$response.body#/id")},
    ),
)
async def convert_third_party(
    third_party_id: ThirdPartyPath,
    body: ConvertRequest,
    version: IfMatch,
    by: CustomersWrite,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """Make a customer of a prospect; its addresses, contacts, bank accounts and notes go with it."""

    def tell(view: CustomerView) -> Told:
        made = Customer.of(view)
        return told(made, status=201, version=made.version, location=f"/v1/customers/{made.id}")

    once = await key.once(by, tell)
    return answer(
        await shop.third_parties.convert(
            by=by, third_party_id=ThirdPartyId(third_party_id), version=version, code=body.code, once=once
        )
    )
