"""Reservations and scans."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

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
from api.routers.operation import link, operation, router
from api.schemas.base import Counted, EanCode, Instant, Line, Number, QueryFlag, chosen
from api.schemas.identities import CustomerKey
from api.schemas.reservations import (
    CollectRequest,
    ReleaseRequest,
    Reservation,
    ReservationCreate,
    ReservationKey,
    ReservationPage,
    Scan,
    ScanCreate,
)
from domain.model.reservation import State
from domain.model.values import ReservationId
from domain.ports.answers import Told
from domain.queries.reservations import SORTS, ReservationFilter, ReservationView
from domain.usecases.scans import Scan as ScanOf
from domain.usecases.scans import Scanned

routes = router("reservations")
ReservationPath = Annotated[ReservationKey, Path()]
ENDS = ("not-found", "reservation-ended", "order-closed")


async def _criteria(
    by: ReservationsRead,
    shop: Shop,
    name: Annotated[Line | None, Query(description="Start of the customer's name or of a word of it.")] = None,
    state: Annotated[list[chosen(State)] | None, Query()] = None,  # type: ignore[valid-type]
    expired: Annotated[QueryFlag | None, Query(description="Set aside and past the deadline.")] = None,
    set_aside_from: Annotated[Instant | None, Query(description="From this instant on.")] = None,
    set_aside_to: Annotated[Instant | None, Query(description="Before this instant.")] = None,
    order_number: Annotated[Number | None, Query()] = None,
    ean: Annotated[EanCode | None, Query()] = None,
    customer_id: Annotated[CustomerKey | None, Query()] = None,
    mail_order: Annotated[QueryFlag | None, Query()] = None,
) -> ReservationFilter:
    return ReservationFilter(
        name=name,
        states=tuple(state or ()),
        expired_on=today(by, shop) if expired else None,
        set_aside_from=set_aside_from,
        set_aside_to=set_aside_to,
        order_number=order_number,
        ean=ean,
        customer_id=customer_id,
        mail_order=mail_order,
    )


Criteria = Annotated[ReservationFilter, Depends(_criteria)]


@routes.get("/reservations", **operation("listReservations", ReservationPage, refuses=("unknown-cursor",)))
async def list_reservations(
    request: Request,
    by: ReservationsRead,
    shop: Shop,
    wanted: Criteria,
    sort: sorts(SORTS) = "set_aside_at",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Search reservations, oldest first unless sorted otherwise (A36)."""
    pager, day = Pager.of(request, by), today(by, shop)
    page = await shop.read.reservations.search(
        by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor)
    )
    items = [Reservation.of(view, today=day) for view in page.items]
    return answer(told(ReservationPage(items=items, next=pager.next(page.last))))


@routes.get("/reservations/count", **operation("countReservations", Counted))
async def count_reservations(by: ReservationsRead, shop: Shop, wanted: Criteria) -> Response:
    """Number of reservations that the same search finds (Nombre de fiches)."""
    found = await shop.read.reservations.count(by.dossier.id, wanted)
    return answer(told(Counted(count=found.count, capped=found.capped)))


@routes.post(
    "/reservations",
    **operation(
        "createReservation",
        Reservation,
        status=201,
        refuses=(
            "not-found",
            "unknown-article",
            "out-of-stock",
            "customer-closed",
            "customer-blocked",
            "customer-not-approved",
        ),
        headers=("Location",),
        links={
            "get": link("getReservation", reservation_id="$response.body#/id"),
            "slip": link("getSlip", reservation_id="$response.body#/id"),
        },
    ),
)
async def create_reservation(
    body: ReservationCreate, by: ReservationsWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Set copies aside by hand, without an order (A34)."""
    day = today(by, shop)

    def tell(view: ReservationView) -> Told:
        made = Reservation.of(view, today=day)
        return told(made, status=201, location=f"/v1/reservations/{made.id}")

    once = await key.once(by, tell)
    return answer(await shop.reservations.make(by=by, wanted=body.meant(), once=once))


@dataclass(frozen=True, slots=True)
class _Ended:
    """How reservations are told that have just ended."""

    today: date

    def __call__(self, views: list[ReservationView]) -> Told:
        return told(ReservationPage(items=[Reservation.of(view, today=self.today) for view in views], next=None))


@routes.post("/reservations/collect", **operation("collectReservations", ReservationPage, refuses=ENDS))
async def collect_reservations(
    body: CollectRequest, by: ReservationsWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """The customer takes the copies: all of the list, or none of it."""
    once = await key.once(by, _Ended(today(by, shop)))
    ids = [ReservationId(each) for each in body.reservation_ids]
    return answer(await shop.reservations.collect(by=by, ids=ids, once=once))


@routes.post("/reservations/release", **operation("releaseReservations", ReservationPage, refuses=ENDS))
async def release_reservations(
    body: ReleaseRequest, by: ReservationsWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Give the copies up: back to stock, or, with a reason, written off as not found (A40)."""
    once = await key.once(by, _Ended(today(by, shop)))
    ids = [ReservationId(each) for each in body.reservation_ids]
    return answer(await shop.reservations.release(by=by, ids=ids, restock=body.restock, reason=body.reason, once=once))


@routes.get("/reservations/{reservation_id}", **operation("getReservation", Reservation, refuses=("not-found",)))
async def get_reservation(reservation_id: ReservationPath, by: ReservationsRead, shop: Shop) -> Response:
    """One reservation."""
    (view,) = await shop.read.reservations.by_ids(by.dossier.id, [ReservationId(reservation_id)])
    return answer(told(Reservation.of(view, today=today(by, shop))))


class _Pdf(Response):
    media_type = "application/pdf"


@routes.get(
    "/reservations/{reservation_id}/slip.pdf",
    response_class=_Pdf,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
    **operation("getSlip", None, refuses=("not-found",)),
)
async def get_slip(reservation_id: ReservationPath, by: ReservationsRead, shop: Shop) -> Response:
    """The bon de réserve, on 80 mm till paper (A29)."""
    (view,) = await shop.read.reservations.by_ids(by.dossier.id, [ReservationId(reservation_id)])
    paper = await shop.papers.slip(by.dossier, view)
    return _Pdf(paper, headers={"content-disposition": f'inline; filename="bon-de-reserve-{view.id.hex}.pdf"'})


@routes.post(
    "/scans",
    **operation(
        "createScan",
        Scan,
        status=201,
        also={200: "Nobody waits for the article; nothing was moved."},
        refuses=("not-found", "unknown-article", "out-of-stock", "line-in-use"),
        links={"slip": link("getSlip", reservation_id="$response.body#/reservation/id")},
    ),
)
async def create_scan(body: ScanCreate, by: ReservationsWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """A copy was found and scanned: it is set aside for who has waited longest (A27)."""
    day = today(by, shop)

    def tell(scanned: Scanned) -> Told:
        return told(Scan.of(scanned, today=day), status=201 if scanned.reservation else 200)

    once = await key.once(by, tell)
    return answer(
        await shop.scans.scan(
            ScanOf(
                by=by,
                ean=body.ean,
                order_id=body.order_id,
                line_id=body.line_id,
                reason=body.reason,
                once=once,
            )
        )
    )
