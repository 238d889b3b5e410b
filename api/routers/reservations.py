"""Reservations: copies kept for someone, found, changed, moved, and ended."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.deps import (
    Cursor,
    IdempotencyKey,
    IfMatch,
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
from api.routers.pdf import printed, printing
from api.schemas.base import Counted, Day, EanCode, Instant, Line, Number, QueryFlag, Word, chosen, wire_id
from api.schemas.identities import Code, CustomerKey
from api.schemas.reservations import (
    CancellationRequestCreate,
    CollectRequest,
    PostponeRequest,
    ReleaseRequest,
    Reservation,
    ReservationCreate,
    ReservationKey,
    ReservationMove,
    ReservationPage,
    ReservationPatch,
)
from domain.comptoir import Comptoir
from domain.model.access import Caller
from domain.model.reservation import EndCause, State
from domain.model.values import ReservationId
from domain.ports.answers import Told
from domain.queries.reservations import (
    SORTS,
    ReservationFilter,
    ReservationView,
    SlipFormat,
    Steps,
    old_before,
)

routes = router("reservations")
ReservationPath = Annotated[ReservationKey, Path()]
ENDS = ("not-found", "reservation-ended", "order-closed")
CHANGE = ("not-found", "stale-version", "reservation-ended")
ADMITTED = ("customer-closed", "customer-blocked", "customer-not-approved")
NEXT = ("patchReservation", "moveReservation")


async def _criteria(
    by: ReservationsRead,
    shop: Shop,
    name: Annotated[Line | None, Query(description="Start of the customer's name or of a word of it.")] = None,
    title: Annotated[Line | None, Query(description="Start of a word of the title.")] = None,
    state: Annotated[list[chosen(State)] | None, Query()] = None,  # type: ignore[valid-type]
    expired: Annotated[QueryFlag | None, Query(description="Set aside and past the deadline.")] = None,
    set_aside_from: Annotated[Instant | None, Query(description="From this instant on.")] = None,
    set_aside_to: Annotated[Instant | None, Query(description="Before this instant.")] = None,
    order_number: Annotated[Number | None, Query()] = None,
    ean: Annotated[EanCode | None, Query()] = None,
    customer_id: Annotated[CustomerKey | None, Query()] = None,
    customer_code: Annotated[Code | None, Query()] = None,
    mail_order: Annotated[QueryFlag | None, Query()] = None,
    digital: Annotated[QueryFlag | None, Query()] = None,
    by_hand: Annotated[QueryFlag | None, Query(description="No order behind it (A37).")] = None,
    place: Annotated[Word | None, Query(description="Start of the place.")] = None,
    deadline_from: Annotated[Day | None, Query(description="To be picked up on this day or later.")] = None,
    deadline_to: Annotated[Day | None, Query(description="To be picked up on this day or before.")] = None,
    old: Annotated[QueryFlag | None, Query(description="Set aside longer ago than the shop finds good (P32).")] = None,
    to_remind: Annotated[QueryFlag | None, Query(description="Nobody was told of the step reached.")] = None,
    cancel_requested: Annotated[QueryFlag | None, Query(description="Somebody asked to give it up (P7).")] = None,
    end_cause: Annotated[list[chosen(EndCause)] | None, Query()] = None,  # type: ignore[valid-type]
) -> ReservationFilter:
    day, rules = today(by, shop), by.dossier.messages
    steps = Steps(steps=rules.steps, today=day, time_zone=by.dossier.time_zone)
    return ReservationFilter(
        name=name,
        title=title,
        customer_code=customer_code,
        digital=digital,
        by_hand=by_hand,
        place=place,
        deadline_from=deadline_from,
        deadline_to=deadline_to,
        old_before=old_before(by.dossier, day) if old else None,
        to_remind=steps if to_remind else None,
        cancel_requested=cancel_requested,
        end_causes=tuple(end_cause or ()),
        states=tuple(state or ()),
        expired_on=day if expired else None,
        set_aside_from=set_aside_from,
        set_aside_to=set_aside_to,
        order_number=order_number,
        ean=ean,
        customer_id=customer_id,
        mail_order=mail_order,
    )


Criteria = Annotated[ReservationFilter, Depends(_criteria)]


@dataclass(frozen=True, slots=True)
class _Saying:
    """How reservations are told: as of today, and as old as the shop finds them."""

    today: date
    old_before: datetime
    status: int = 200
    located: bool = False

    @classmethod
    def to(cls, by: Caller, shop: Comptoir, *, status: int = 200, located: bool = False) -> "_Saying":
        day = today(by, shop)
        return cls(today=day, old_before=old_before(by.dossier, day), status=status, located=located)

    def row(self, view: ReservationView) -> Reservation:
        return Reservation.of(view, today=self.today, old_before=self.old_before)

    def one(self, view: ReservationView) -> Told:
        location = f"/v1/reservations/{wire_id('rsv', view.id)}" if self.located else None
        return told(self.row(view), status=self.status, version=view.version, location=location)

    def many(self, views: list[ReservationView]) -> Told:
        return told(ReservationPage(items=[self.row(view) for view in views], next=None))


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
    pager, saying = Pager.of(request, by), _Saying.to(by, shop)
    page = await shop.read.reservations.search(
        by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor)
    )
    items = [saying.row(view) for view in page.items]
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
            *ADMITTED,
        ),
        headers=("ETag", "Location"),
        links={
            "get": link("getReservation", reservation_id="$response.body#/id"),
            "slip": link("getSlip", reservation_id="$response.body#/id"),
            "request": link("requestCancellation", reservation_id="$response.body#/id"),
            **{
                name: link(name, reservation_id="$response.body#/id", if_match="$response.header.ETag") for name in NEXT
            },
        },
    ),
)
async def create_reservation(
    body: ReservationCreate, by: ReservationsWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Set copies aside by hand, without an order (A34)."""
    once = await key.once(by, _Saying.to(by, shop, status=201, located=True).one)
    return answer(await shop.reservations.make(by=by, wanted=body.meant(), once=once))


@routes.post(
    "/reservations/collect",
    **operation("collectReservations", ReservationPage, refuses=(*ENDS, "out-of-stock", "inconsistent")),
)
async def collect_reservations(
    body: CollectRequest, by: ReservationsWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """The customer takes the copies: all of the list, or none of it.

    Of what ``parts`` names only so many copies are taken: they are answered as a reservation of their own, and the one that
    stays, with its place and its deadline, after all others.
    """
    once = await key.once(by, _Saying.to(by, shop).many)
    ids = [ReservationId(each) for each in body.reservation_ids]
    return answer(await shop.reservations.collect(by=by, ids=ids, parts=body.taken(), once=once))


@routes.post(
    "/reservations/release", **operation("releaseReservations", ReservationPage, refuses=(*ENDS, "inconsistent"))
)
async def release_reservations(
    body: ReleaseRequest, by: ReservationsWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Give the copies up: back to stock, or, with a reason, written off as not found (A40)."""
    once = await key.once(by, _Saying.to(by, shop).many)
    ids = [ReservationId(each) for each in body.reservation_ids]
    return answer(
        await shop.reservations.release(
            by=by, ids=ids, restock=body.restock, reason=body.reason, cause=body.end_cause, once=once
        )
    )


@routes.post(
    "/reservations/postpone",
    **operation("postponeReservations", ReservationPage, refuses=("not-found", "reservation-ended", "deadline-past")),
)
async def postpone_reservations(
    body: PostponeRequest, by: ReservationsWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Keep copies until another day: all of the list, or none of it."""
    once = await key.once(by, _Saying.to(by, shop).many)
    ids = [ReservationId(each) for each in body.reservation_ids]
    return answer(await shop.reservation_changes.postpone(by=by, ids=ids, until=body.pickup_deadline, once=once))


@routes.get(
    "/reservations/{reservation_id}",
    **operation("getReservation", Reservation, refuses=("not-found",), headers=("ETag",)),
)
async def get_reservation(reservation_id: ReservationPath, by: ReservationsRead, shop: Shop) -> Response:
    """One reservation."""
    (view,) = await shop.read.reservations.by_ids(by.dossier.id, [ReservationId(reservation_id)])
    return answer(_Saying.to(by, shop).one(view))


@routes.patch(
    "/reservations/{reservation_id}",
    **operation("patchReservation", Reservation, refuses=(*CHANGE, "deadline-past"), headers=("ETag",)),
)
async def patch_reservation(
    reservation_id: ReservationPath, body: ReservationPatch, version: IfMatch, by: ReservationsWrite, shop: Shop
) -> Response:
    """Change where the copies lie or until when they are kept, or note that their slip was printed."""
    view = await shop.reservation_changes.change(
        by=by, reservation_id=ReservationId(reservation_id), version=version, changes=body.changes()
    )
    return answer(_Saying.to(by, shop).one(view))


@routes.post(
    "/reservations/{reservation_id}/move",
    **operation(
        "moveReservation",
        Reservation,
        refuses=(*CHANGE, "line-in-use", "queue-begun", *ADMITTED),
        headers=("ETag",),
    ),
)
async def move_reservation(
    reservation_id: ReservationPath,
    body: ReservationMove,
    version: IfMatch,
    by: ReservationsWrite,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """Give kept copies to another line that waits for them, another customer, or a free name.

    The line that had them waits again at its old place; the pick-up time begins anew.
    """
    return answer(
        await shop.reservation_moves.move(
            by=by,
            reservation_id=ReservationId(reservation_id),
            version=version,
            target=body.meant(),
            reason=body.reason,
            once=await key.once(by, _Saying.to(by, shop).one),
        )
    )


@routes.post(
    "/reservations/{reservation_id}/cancellation-request",
    **operation(
        "requestCancellation",
        Reservation,
        refuses=("not-found", "reservation-ended"),
        headers=("ETag",),
        links={
            "withdraw": link(
                "withdrawCancellation", reservation_id="$response.body#/id", if_match="$response.header.ETag"
            )
        },
    ),
)
async def request_cancellation(
    reservation_id: ReservationPath,
    body: CancellationRequestCreate,
    by: ReservationsWrite,
    key: IdempotencyKey,
    shop: Shop,
) -> Response:
    """The customer asks to give up copies that are set aside already; a person decides (P7)."""
    return answer(
        await shop.reservation_changes.ask_to_cancel(
            by=by,
            reservation_id=ReservationId(reservation_id),
            reason=body.reason,
            once=await key.once(by, _Saying.to(by, shop).one),
        )
    )


@routes.delete(
    "/reservations/{reservation_id}/cancellation-request",
    **operation("withdrawCancellation", Reservation, refuses=CHANGE, headers=("ETag",)),
)
async def withdraw_cancellation(
    reservation_id: ReservationPath, version: IfMatch, by: ReservationsWrite, shop: Shop
) -> Response:
    """The customer wants the copies after all."""
    view = await shop.reservation_changes.keep_after_all(
        by=by, reservation_id=ReservationId(reservation_id), version=version
    )
    return answer(_Saying.to(by, shop).one(view))


@routes.get("/reservations/{reservation_id}/slip.pdf", **printing("getSlip"))
async def get_slip(
    reservation_id: ReservationPath,
    by: ReservationsRead,
    shop: Shop,
    paper: Annotated[chosen(SlipFormat), Query(alias="format")] = SlipFormat.TILL,  # type: ignore[valid-type]
) -> Response:
    """The bon de réserve, on 80 mm till paper or on A6 (A29)."""
    (view,) = await shop.read.reservations.by_ids(by.dossier.id, [ReservationId(reservation_id)])
    return printed(await shop.papers.slip(by.dossier, view, paper=paper), f"bon-de-reserve-{view.id.hex}")
