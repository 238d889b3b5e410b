"""The customer file."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import BeforeValidator, Field, StringConstraints
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
    today,
    told,
)
from api.routers.operation import link, operation, router
from api.schemas.base import Counted, Day, EanCode, Line, QueryFlag, Word, chosen, text_only
from api.schemas.customers import ApprovalRequest, Customer, CustomerCreate, CustomerPage, CustomerPatch
from api.schemas.identities import Barcode, Code, Country, CustomerKey, TableCode
from domain.model.customer import Light
from domain.model.values import CustomerId
from domain.ports.answers import Told
from domain.queries.customers import SORTS, CustomerFilter, CustomerView

routes = router("customers")
CARD = ("code-taken", "inconsistent", "unknown-code", "unknown-party", "link-ring")
STANDING = ("stale-version", "customer-merged", "customer-anonymised")
"""What a change of a card may meet, whatever is changed."""
CustomerPath = Annotated[CustomerKey, Path()]
Words = Annotated[Line | None, Query(description="Starts of words of the name in any order, or a code.")]


Times = Annotated[int, Field(strict=False, ge=0, le=9999), BeforeValidator(text_only(r"[0-9]{1,4}", "int_parsing"))]
"""How often, in a query."""

MONTH_DAY = r"^((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$"
MonthDay = Annotated[str, StringConstraints(pattern=MONTH_DAY)]
"""A day of any year, 29 February included: "12-24"."""


def _day_of_year(text: str | None) -> int | None:
    return int(text.replace("-", "")) if text else None


async def _criteria(
    by: CustomersRead,
    shop: Shop,
    q: Words = None,
    code: Annotated[Code | None, Query(description="The code, also of a card merged into the one found.")] = None,
    gencod: Annotated[Barcode | None, Query(description="The barcode, or the loyalty card's number.")] = None,
    email: Annotated[Line | None, Query(description="Of the customer or of a contact of his.")] = None,
    phone: Annotated[
        Word | None,
        Query(description="Of the customer or of a contact of his, in any notation; of `country`, else of France."),
    ] = None,
    postal_code: Annotated[Word | None, Query(description="Or its beginning, such as `44`.")] = None,
    town: Annotated[Line | None, Query(description="Or its beginning.")] = None,
    siret: Annotated[Word | None, Query(description="Or its beginning, such as a SIREN.")] = None,
    category: Annotated[TableCode | None, Query()] = None,
    country: Annotated[Country | None, Query(description="ISO 3166-1 alpha-2.")] = None,
    light: Annotated[chosen(Light) | None, Query(description="Code feu (B31).")] = None,  # type: ignore[valid-type]
    mail_order: Annotated[QueryFlag | None, Query(description="VPC.")] = None,
    collectivity: Annotated[QueryFlag | None, Query()] = None,
    lending_library: Annotated[QueryFlag | None, Query(description="Subject to the droit au prêt.")] = None,
    accepts_mail: Annotated[QueryFlag | None, Query(description="Allows information mail (A58).")] = None,
    on_account: Annotated[QueryFlag | None, Query(description="En compte.")] = None,
    vat_exempt: Annotated[QueryFlag | None, Query()] = None,
    chorus: Annotated[QueryFlag | None, Query(description="Allows dematerialisation to Chorus Pro.")] = None,
    fidelity_active: Annotated[QueryFlag | None, Query()] = None,
    approved: Annotated[QueryFlag | None, Query(description="Has the administrative visa.")] = None,
    closed: Annotated[QueryFlag | None, Query(description="Its closing date has come.")] = None,
    group_id: Annotated[CustomerKey | None, Query()] = None,
    billed_to_id: Annotated[CustomerKey | None, Query()] = None,
    birthday_from: Annotated[
        MonthDay | None, Query(description="MM-DD. After `birthday_to`: over New Year.", examples=["12-20"])
    ] = None,
    birthday_to: Annotated[MonthDay | None, Query(description="MM-DD, that day included.", examples=["01-10"])] = None,
    no_contact_since: Annotated[
        Day | None,
        Query(description="No order, reservation, consent or note from that day on; anonymised cards apart."),
    ] = None,
    purchased_from: Annotated[
        Day | None, Query(description="Bought something from that day on, and did not bring it wholly back (A44).")
    ] = None,
    purchased_to: Annotated[Day | None, Query(description="Before that day.")] = None,
    purchased_ean: Annotated[EanCode | None, Query(description="Bought this article.")] = None,
    purchased_author: Annotated[Line | None, Query(description="Starts of words of the author.")] = None,
    purchased_category: Annotated[
        list[TableCode] | None, Query(max_length=50, description="Of this node of the tree, or of one below it.")
    ] = None,
    purchases_min: Annotated[
        Times | None, Query(description="At least so many such purchases; without other criteria of all.")
    ] = None,
    purchases_max: Annotated[
        Times | None, Query(description="At most so many; none at all, too, unless `purchases_min` says otherwise.")
    ] = None,
    loyalty_under_way: Annotated[
        Times | None, Query(description="Purchases in the unfinished round of an active loyalty card (A45).")
    ] = None,
    loyalty_short: Annotated[
        Times | None,
        Query(
            description="So many purchases short of the reward, or at most so many euros, as the program counts (A45)."
        ),
    ] = None,
    last_but_one_author: Annotated[
        Line | None, Query(description="Bought the last title but one of this author.")
    ] = None,
    last_but_one_series: Annotated[
        Line | None, Query(description="Bought the last but one of the titles that begin so.")
    ] = None,
) -> CustomerFilter:
    return CustomerFilter(
        today=today(by, shop),
        clearance=by.clearance,
        q=q,
        code=code,
        gencod=gencod,
        email=email,
        phone=phone,
        postal_code=postal_code,
        town=town,
        siret=siret,
        category=category,
        country=country,
        light=light,
        mail_order=mail_order,
        collectivity=collectivity,
        lending_library=lending_library,
        accepts_mail=accepts_mail,
        on_account=on_account,
        vat_exempt=vat_exempt,
        chorus=chorus,
        fidelity_active=fidelity_active,
        approved=approved,
        closed=closed,
        group_id=group_id,
        billed_to_id=billed_to_id,
        birthday_from=_day_of_year(birthday_from),
        birthday_to=_day_of_year(birthday_to),
        no_contact_since=no_contact_since,
        purchased_from=purchased_from,
        purchased_to=purchased_to,
        purchased_ean=purchased_ean,
        purchased_author=purchased_author,
        purchased_categories=tuple(purchased_category or ()),
        purchases_min=purchases_min,
        purchases_max=purchases_max,
        loyalty_under_way=loyalty_under_way,
        loyalty_short=loyalty_short,
        last_but_one_author=last_but_one_author,
        last_but_one_series=last_but_one_series,
    )


Criteria = Annotated[CustomerFilter, Depends(_criteria)]


@routes.get("/customers", **operation("listCustomers", CustomerPage, refuses=("unknown-cursor",)))
async def list_customers(
    request: Request,
    by: CustomersRead,
    shop: Shop,
    wanted: Criteria,
    sort: sorts(SORTS) = "name",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Search the customer file; no criterion is all customers (A47). Merged cards are not listed."""
    pager = Pager.of(request, by)
    page = await shop.read.customers.search(by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor))
    return answer(told(CustomerPage(items=[Customer.of(view) for view in page.items], next=pager.next(page.last))))


@routes.get("/customers/count", **operation("countCustomers", Counted))
async def count_customers(by: CustomersRead, shop: Shop, wanted: Criteria) -> Response:
    """Number of customers that the same search finds (Nombre de fiches)."""
    found = await shop.read.customers.count(by.dossier.id, wanted)
    return answer(told(Counted(count=found.count, capped=found.capped)))


@routes.post(
    "/customers",
    **operation(
        "createCustomer",
        Customer,
        status=201,
        refuses=CARD,
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

    once = await key.once(by, tell)
    return answer(
        await shop.customers.create(by=by, code=body.code, details=body.meant(), origin=body.origin, once=once)
    )


@routes.get("/customers/{customer_id}", **operation("getCustomer", Customer, refuses=("not-found",), headers=("ETag",)))
async def get_customer(customer_id: CustomerPath, by: CustomersRead, shop: Shop) -> Response:
    """One card."""
    view = await shop.read.customers.by_id(by.dossier.id, CustomerId(customer_id), clearance=by.clearance)
    return answer(told(Customer.of(view), version=view.version))


@routes.patch(
    "/customers/{customer_id}",
    **operation("patchCustomer", Customer, refuses=("not-found", *STANDING, *CARD), headers=("ETag",)),
)
async def patch_customer(
    customer_id: CustomerPath, body: CustomerPatch, version: IfMatch, by: CustomersWrite, shop: Shop
) -> Response:
    """Change the fields sent; an absent one stays, a null empties (RFC 7396)."""
    view = await shop.customers.change(by=by, customer_id=CustomerId(customer_id), version=version, edit=body.edit)
    return answer(told(Customer.of(view), version=view.version))


@routes.delete(
    "/customers/{customer_id}",
    **operation("deleteCustomer", None, status=204, refuses=("not-found", "customer-in-use", *STANDING)),
)
async def delete_customer(customer_id: CustomerPath, version: IfMatch, by: CustomersWrite, shop: Shop) -> Response:
    """Delete a card that no document and no other card names (A54)."""
    await shop.customers.remove(by=by, customer_id=CustomerId(customer_id), version=version)
    return Response(status_code=204)


@routes.post(
    "/customers/{customer_id}/approval",
    **operation("approveCustomer", Customer, refuses=("not-found", *STANDING), headers=("ETag",)),
)
async def approve_customer(
    customer_id: CustomerPath,
    body: ApprovalRequest,
    version: IfMatch,
    by: CustomersApprove,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """Give the administrative visa, or take it back (B8, B9)."""

    def tell(view: CustomerView) -> Told:
        return told(Customer.of(view), version=view.version)

    return answer(
        await shop.customers.approve(
            by=by,
            customer_id=CustomerId(customer_id),
            version=version,
            approved=body.approved,
            once=await key.once(by, tell),
        )
    )
