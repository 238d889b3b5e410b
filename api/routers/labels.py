"""Labels and lists of addresses of customers, for mailings (A50, A53)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from api.deps import Cursor, CustomersRead, Limit, Pager, Shop, answer, sorts, told
from api.routers.customers import Criteria
from api.routers.operation import operation, router
from api.routers.pdf import Pdf, printed, printing
from api.schemas.base import Number, Rows, chosen
from api.schemas.identities import CustomerKey
from api.schemas.labels import CustomerEmail, CustomerEmailCount, CustomerEmailPage, Millimetres
from domain.errors import Fault, Inconsistent, NothingToPrint
from domain.model.card import Purpose
from domain.model.values import CustomerId
from domain.queries.customers import SORTS
from domain.queries.labels import SHEETS, Chosen, LabelAddress, LabelFormat, LabelSheet

routes = router("customers")
MOST_CODES = 100
NEEDED = ("columns", "rows", "width_mm", "height_mm")
"""What a sheet of which nothing is known must at least say; its margins and gaps are none unless given."""
Purposes = Annotated[
    Literal["marketing", "order_arrival"],
    Query(description="Advertising needs consent (R23); that an order arrived is told to who did not refuse it."),
]


async def _chosen(
    wanted: Criteria,
    ids: Annotated[
        list[CustomerKey] | None,
        Field(max_length=200),
        Query(alias="id", description="Of these customers only, as far as the search finds them."),
    ] = None,
) -> Chosen:
    return Chosen(wanted=wanted, ids=tuple(CustomerId(each) for each in ids or ()))


Found = Annotated[Chosen, Depends(_chosen)]


async def _sheet(
    format: Annotated[  # noqa: A002 - the contract's name
        chosen(LabelFormat),  # type: ignore[valid-type]
        Query(description="The sheet: Avery L7160 (21), L7159 (24), L7163 (14), or `free`, measured below."),
    ] = LabelFormat.L7160,
    columns: Annotated[Rows | None, Query()] = None,
    rows: Annotated[Rows | None, Query()] = None,
    width_mm: Annotated[Millimetres | None, Query(description="Of one label.")] = None,
    height_mm: Annotated[Millimetres | None, Query(description="Of one label.")] = None,
    left_mm: Annotated[Millimetres | None, Query(description="From the edge of the sheet to the first label.")] = None,
    top_mm: Annotated[Millimetres | None, Query(description="From the edge of the sheet to the first label.")] = None,
    gap_x_mm: Annotated[Millimetres | None, Query(description="Between two labels of a row.")] = None,
    gap_y_mm: Annotated[Millimetres | None, Query(description="Between two rows.")] = None,
) -> LabelSheet:
    given: Mapping[str, int | Decimal | None] = {
        "columns": columns,
        "rows": rows,
        "width_mm": width_mm,
        "height_mm": height_mm,
        "left_mm": left_mm,
        "top_mm": top_mm,
        "gap_x_mm": gap_x_mm,
        "gap_y_mm": gap_y_mm,
    }
    if format is not LabelFormat.FREE:
        if fixed := [name for name, value in given.items() if value is not None]:
            raise Inconsistent(faults=[Fault("measure-fixed", name) for name in fixed])
        return SHEETS[format]
    if columns is None or rows is None or width_mm is None or height_mm is None:
        raise Inconsistent(faults=[Fault("measure-missing", name) for name in NEEDED if given[name] is None])
    return LabelSheet(
        columns=columns,
        rows=rows,
        width=width_mm,
        height=height_mm,
        left=left_mm or Decimal(0),
        top=top_mm or Decimal(0),
        gap_x=gap_x_mm or Decimal(0),
        gap_y=gap_y_mm or Decimal(0),
    )


Sheet = Annotated[LabelSheet, Depends(_sheet)]


def _printing() -> dict[str, Any]:
    """A paper of a search: it is always there, but may have nothing on it."""
    spec = printing("printCustomerLabels")
    spec["openapi_extra"]["x-refuses"] = ["too-many", "nothing-to-print", "inconsistent"]
    spec["openapi_extra"]["x-headers"] = [
        "Content-Disposition",
        "Labels-Skipped",
        "Labels-Shortened",
        "Labels-Shortened-Codes",
    ]
    return spec


@routes.get("/customers/labels.pdf", **_printing())
async def print_customer_labels(
    by: CustomersRead,
    shop: Shop,
    found: Found,
    sheet: Sheet,
    start: Annotated[Number, Query(description="The label of the first sheet to begin on, along the rows.")] = 1,
    address: Annotated[
        chosen(LabelAddress),  # type: ignore[valid-type]
        Query(description="Who has no such address is written to at the main one."),
    ] = LabelAddress.MAIN,
    sort: sorts(SORTS) = "name",  # type: ignore[valid-type]
) -> Pdf:
    """Address labels of the customers that a search finds, on A4 sheets, after NF Z10-011 (A53).

    At most 2,000. A line too long for its label is folded; where no line is free, words are left out, and the headers tell
    of whom. Customers without a postal address are counted in `Labels-Skipped`.
    """
    if start > sheet.labels:
        raise Inconsistent(faults=[Fault("start-beyond", "start", (("most", sheet.labels),))])
    labels = await shop.read.labels.labels(by.dossier.id, found, address=address, sort=sort)
    if not labels.labels:
        raise NothingToPrint(skipped=labels.skipped)
    paper = printed(await shop.papers.labels(sheet, labels.labels, start=start), "etiquettes")
    short = [each.code for each in labels.labels if each.shortened]
    paper.headers["labels-skipped"] = str(labels.skipped)
    paper.headers["labels-shortened"] = str(len(short))
    if short:
        paper.headers["labels-shortened-codes"] = ", ".join(short[:MOST_CODES])
    return paper


@routes.get("/customers/emails", **operation("listCustomerEmails", CustomerEmailPage, refuses=("unknown-cursor",)))
async def list_customer_emails(
    request: Request,
    by: CustomersRead,
    shop: Shop,
    found: Found,
    purpose: Purposes = "marketing",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The e-mail addresses of the customers that a search finds who may be written to, each once, by address (A50)."""
    pager = Pager.of(request, by)
    page = await shop.read.labels.emails(
        by.dossier.id, found, Purpose(purpose), pager.request(sort="email", limit=limit, cursor=cursor)
    )
    items = [CustomerEmail.of(view) for view in page.items]
    return answer(told(CustomerEmailPage(items=items, next=pager.next(page.last))))


@routes.get("/customers/emails/count", **operation("countCustomerEmails", CustomerEmailCount))
async def count_customer_emails(
    by: CustomersRead, shop: Shop, found: Found, purpose: Purposes = "marketing"
) -> Response:
    """How many addresses the same search gives, and how many customers it leaves out and why."""
    return answer(told(CustomerEmailCount.of(await shop.read.labels.count(by.dossier.id, found, Purpose(purpose)))))
