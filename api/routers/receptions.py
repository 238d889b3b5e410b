"""Receptions: typed by hand, or read from the distributor's shipping notice (avis d'expédition)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.deps import (
    Cursor,
    IdempotencyKey,
    Limit,
    Pager,
    ReservationsRead,
    ReservationsWrite,
    Shop,
    answer,
    sorts,
    today,
    told,
)
from api.problems.answering import ApiProblem
from api.routers.operation import operation, router
from api.schemas.base import Counted, EanCode, Instant, Line, QueryFlag, chosen
from api.schemas.identities import ThirdPartyKey
from api.schemas.receptions import (
    Reception,
    ReceptionCreate,
    ReceptionKey,
    ReceptionPage,
    ReceptionSummary,
    notice,
)
from api.schemas.supply import SupplierOrderKey
from domain.model.reception import ReceptionKind
from domain.model.values import ReceptionId
from domain.ports.answers import Told
from domain.queries.receptions import SORTS, ReceptionFilter, ReceptionView

routes = router("reservations")
ReceptionPath = Annotated[ReceptionKey, Path()]
REFUSES = ("not-found", "supplier-order-closed", "inconsistent", "unknown-party", "too-many-copies")
PROPOSED = {200: "A dry run: what would be done; nothing was."}


async def _criteria(
    kind: Annotated[chosen(ReceptionKind) | None, Query()] = None,  # type: ignore[valid-type]
    supplier_id: Annotated[ThirdPartyKey | None, Query()] = None,
    supplier_order_id: Annotated[SupplierOrderKey | None, Query(description="Brought copies asked for on it.")] = None,
    ean: Annotated[EanCode | None, Query()] = None,
    received_from: Annotated[Instant | None, Query(description="From this instant on.")] = None,
    received_to: Annotated[Instant | None, Query(description="Before this instant.")] = None,
) -> ReceptionFilter:
    return ReceptionFilter(
        kind=kind,
        supplier_id=supplier_id,
        supplier_order_id=supplier_order_id,
        ean=ean,
        received_from=received_from,
        received_to=received_to,
    )


Criteria = Annotated[ReceptionFilter, Depends(_criteria)]


@dataclass(frozen=True, slots=True)
class _Saying:
    """How a parcel is told: booked in, or only proposed."""

    today: date

    def __call__(self, view: ReceptionView) -> Told:
        made = Reception.of(view, today=self.today)
        if made.id is None:
            return told(made)
        return told(made, status=201, location=f"/v1/receptions/{made.id}")


@routes.post(
    "/receptions",
    **operation("createReception", Reception, status=201, also=PROPOSED, refuses=REFUSES, headers=("Location",)),
)
async def create_reception(body: ReceptionCreate, by: ReservationsWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """Book a parcel in: each copy goes to who has waited longest, the rest to the shelf; suppliers are ticked off.

    The supplier order named is ticked off first, then those sent that ask for the article, oldest first.
    """
    once = await key.once(by, _Saying(today(by, shop)))
    return answer(await shop.receptions.receive(by=by, parcel=body.meant(), once=once))


def _notice() -> dict[str, Any]:
    spec = operation(
        "createReceptionOfNotice", Reception, status=201, also=PROPOSED, refuses=REFUSES, headers=("Location",)
    )
    spec["openapi_extra"]["requestBody"] = {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}, "example": "EAN;quantité\r\n9791094908020;2\r\n"}},
    }
    return spec


@routes.post("/receptions/shipping-notice", **_notice())
async def create_reception_of_notice(
    request: Request,
    by: ReservationsWrite,
    key: IdempotencyKey,
    shop: Shop,
    reference: Annotated[Line | None, Query(description="The notice's own number.")] = None,
    supplier_order_id: Annotated[SupplierOrderKey | None, Query(description="Ticked off first.")] = None,
    dry_run: Annotated[QueryFlag, Query(description="True answers what would be done, and does nothing.")] = False,
) -> Response:
    """Book in what a shipping notice announces: "EAN;quantité" a line, a heading or none, ; or tab between (P31).

    Copies of an article named twice are summed. Every bad line is named by its number, and then nothing is booked in.
    """
    if request.headers.get("content-type", "").split(";", maxsplit=1)[0].strip().lower() != "text/csv":
        raise ApiProblem("csv-expected")
    body = await request.body()
    parcel = notice(body, reference=reference, supplier_order_id=supplier_order_id, dry_run=dry_run)
    asked = request.scope["query_string"] + b"\n" + body
    once = await key.once(by, _Saying(today(by, shop)), body=asked)
    return answer(await shop.receptions.receive(by=by, parcel=parcel, once=once))


@routes.get("/receptions", **operation("listReceptions", ReceptionPage, refuses=("unknown-cursor",)))
async def list_receptions(
    request: Request,
    by: ReservationsRead,
    shop: Shop,
    wanted: Criteria,
    sort: sorts(SORTS) = "-received_at",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Search receptions, newest first unless sorted otherwise."""
    pager = Pager.of(request, by)
    page = await shop.read.receptions.search(
        by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor)
    )
    items = [ReceptionSummary.of(view) for view in page.items]
    return answer(told(ReceptionPage(items=items, next=pager.next(page.last))))


@routes.get("/receptions/count", **operation("countReceptions", Counted))
async def count_receptions(by: ReservationsRead, shop: Shop, wanted: Criteria) -> Response:
    """Number of receptions that the same search finds."""
    found = await shop.read.receptions.count(by.dossier.id, wanted)
    return answer(told(Counted(count=found.count, capped=found.capped)))


@routes.get("/receptions/{reception_id}", **operation("getReception", Reception, refuses=("not-found",)))
async def get_reception(reception_id: ReceptionPath, by: ReservationsRead, shop: Shop) -> Response:
    """One reception with its lines."""
    view = await shop.read.receptions.by_id(by.dossier.id, ReceptionId(reception_id))
    return answer(told(Reception.of(view, today=today(by, shop))))
