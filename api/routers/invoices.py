"""Invoices of other programs: told of, searched, paid; those unpaid of a selection of customers (A52)."""

import inspect
from collections.abc import Sequence
from typing import Annotated, get_args

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.deps import (
    Cursor,
    IdempotencyKey,
    IfMatch,
    IfMatchOrNew,
    InvoicesRead,
    InvoicesWrite,
    Limit,
    Pager,
    Shop,
    answer,
    sorts,
    today,
    told,
)
from api.problems.answering import wording_of
from api.routers import customers
from api.routers.operation import link, operation, router
from api.schemas.base import Counted, Day, QueryFlag, chosen
from api.schemas.identities import CustomerKey
from api.schemas.invoices import (
    Invoice,
    InvoiceBatch,
    InvoiceNumber,
    InvoicePage,
    InvoicePaymentCreate,
    InvoicePut,
    InvoicesPut,
    UnpaidSummary,
)
from domain.model.invoice import InvoiceState
from domain.model.values import CustomerId
from domain.ports.answers import Told
from domain.queries.customers import CustomerFilter
from domain.queries.invoices import SORTS, InvoiceFilter, InvoiceView
from domain.usecases.invoices import InvoiceJudged

routes = router("invoices")
routes_of_customers = router("invoices")
NumberPath = Annotated[InvoiceNumber, Path()]
SEARCH = get_args(customers.Criteria)[1].dependency
"""How a search of customers is read from the query."""


async def _selection(**criteria: object) -> CustomerFilter:
    found: CustomerFilter = await SEARCH(**criteria)
    return found


_asked = inspect.signature(SEARCH)
_selection.__signature__ = _asked.replace(  # type: ignore[attr-defined]  # FastAPI reads a dependency by its signature
    # the criteria of customers, asked for with the right to read invoices
    parameters=[
        each.replace(annotation=InvoicesRead) if name == "by" else each for name, each in _asked.parameters.items()
    ]
)
Selection = Annotated[CustomerFilter, Depends(_selection)]


async def _criteria(
    by: InvoicesRead,
    shop: Shop,
    customer_id: Annotated[CustomerKey | None, Query()] = None,
    payer_id: Annotated[CustomerKey | None, Query(description="Who pays it as the cards say now (B22).")] = None,
    unpaid: Annotated[QueryFlag | None, Query(description="Something is to be paid, or given back.")] = None,
    overdue: Annotated[QueryFlag | None, Query(description="Its money was due before today.")] = None,
    due_from: Annotated[Day | None, Query()] = None,
    due_to: Annotated[Day | None, Query(description="Before that day.")] = None,
    state: Annotated[list[chosen(InvoiceState)] | None, Query()] = None,  # type: ignore[valid-type]
    number: Annotated[InvoiceNumber | None, Query(description="Or its beginning.")] = None,
) -> InvoiceFilter:
    return InvoiceFilter(
        today=today(by, shop),
        clearance=by.clearance,
        customer_id=CustomerId(customer_id) if customer_id else None,
        payer_id=CustomerId(payer_id) if payer_id else None,
        unpaid=unpaid,
        overdue=overdue,
        due_from=due_from,
        due_to=due_to,
        states=tuple(state or ()),
        number=number,
    )


Criteria = Annotated[InvoiceFilter, Depends(_criteria)]


@routes.get("/invoices", **operation("listInvoices", InvoicePage, refuses=("unknown-cursor",)))
async def list_invoices(
    request: Request,
    by: InvoicesRead,
    shop: Shop,
    wanted: Criteria,
    sort: sorts(SORTS) = "due_on",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Search invoices, by due date unless sorted otherwise."""
    pager = Pager.of(request, by)
    page = await shop.read.invoices.search(by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor))
    return answer(told(InvoicePage(items=[Invoice.of(view) for view in page.items], next=pager.next(page.last))))


@routes.get("/invoices/count", **operation("countInvoices", Counted))
async def count_invoices(by: InvoicesRead, shop: Shop, wanted: Criteria) -> Response:
    """Number of invoices that the same search finds."""
    found = await shop.read.invoices.count(by.dossier.id, wanted)
    return answer(told(Counted(count=found.count, capped=found.capped)))


@routes.post("/invoices", **operation("putInvoices", InvoiceBatch))
async def put_invoices(
    request: Request, body: InvoicesPut, by: InvoicesWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Tell of up to 1,000 invoices at once: each is judged alone, none is lost in silence."""

    def tell(judged: Sequence[InvoiceJudged]) -> Told:
        return told(InvoiceBatch.of(judged, lambda refusal: wording_of(request, refusal)))

    once = await key.once(by, tell)
    return answer(await shop.invoices.put_many(by=by, wanted=body.told(), once=once))


@routes.get(
    "/invoices/{number}",
    **operation(
        "getInvoice",
        Invoice,
        refuses=("not-found",),
        headers=("ETag",),
        links={
            "pay": link("createInvoicePayment", number="$response.body#/number", if_match="$response.header.ETag"),
            "put": link("putInvoice", number="$response.body#/number", if_match="$response.header.ETag"),
        },
    ),
)
async def get_invoice(number: NumberPath, by: InvoicesRead, shop: Shop) -> Response:
    """One invoice."""
    view = await shop.read.invoices.by_number(by.dossier.id, number, clearance=by.clearance, today=today(by, shop))
    return answer(_told(view))


@routes.put(
    "/invoices/{number}",
    **operation(
        "putInvoice",
        Invoice,
        also={201: "The invoice is new."},
        refuses=("not-found", "stale-version", "unknown-party", "customer-anonymised", "inconsistent"),
        headers=("ETag",),
        links={"get": link("getInvoice", number="$response.body#/number")},
    ),
)
async def put_invoice(
    number: NumberPath, body: InvoicePut, version: IfMatchOrNew, by: InvoicesWrite, shop: Shop
) -> Response:
    """Tell of an invoice. 201 the first time, then 200; with `If-Match` it must be there as it was read."""
    put = await shop.invoices.put(by=by, wanted=body.told(number), version=version)
    return answer(_told(put.view, status=201 if put.created else 200))


@routes.post(
    "/invoices/{number}/payments",
    **operation(
        "createInvoicePayment",
        Invoice,
        status=201,
        refuses=("not-found", "stale-version", "invoice-overpaid"),
        headers=("ETag",),
    ),
)
async def create_invoice_payment(
    number: NumberPath,
    body: InvoicePaymentCreate,
    version: IfMatch,
    by: InvoicesWrite,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """Money received for an invoice, or given back of a credit note; never more than is left of it."""

    def tell(view: InvoiceView) -> Told:
        return _told(view, status=201)

    once = await key.once(by, tell)
    return answer(await shop.invoices.pay(by=by, number=number, version=version, amount=body.amount.amount, once=once))


@routes_of_customers.get(
    "/customers/unpaid-invoices",
    **operation("listUnpaidInvoices", InvoicePage, refuses=("unknown-cursor",)),
)
async def list_unpaid_invoices(
    request: Request,
    by: InvoicesRead,
    shop: Shop,
    wanted: Selection,
    sort: sorts(SORTS) = "due_on",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The unpaid invoices of the customers that a search finds (Factures NR)."""
    pager = Pager.of(request, by)
    page = await shop.read.invoices.unpaid_of(
        by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor)
    )
    return answer(told(InvoicePage(items=[Invoice.of(view) for view in page.items], next=pager.next(page.last))))


@routes_of_customers.get("/customers/unpaid-invoices/summary", **operation("sumUnpaidInvoices", UnpaidSummary))
async def sum_unpaid_invoices(by: InvoicesRead, shop: Shop, wanted: Selection) -> Response:
    """How many invoices of the same selection are unpaid, and what they come to."""
    return answer(told(UnpaidSummary.of(await shop.read.invoices.unpaid_sum(by.dossier.id, wanted))))


def _told(view: InvoiceView, *, status: int = 200) -> Told:
    return told(Invoice.of(view), status=status, version=view.version)
