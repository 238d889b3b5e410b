"""Scans: copies found in the shop (A27)."""

from starlette.responses import Response

from api.deps import IdempotencyKey, ReservationsWrite, Shop, answer, today, told
from api.routers.operation import link, operation, router
from api.schemas.scans import Scan, ScanCreate
from domain.ports.answers import Told
from domain.usecases.scans import Scan as ScanOf
from domain.usecases.scans import Scanned

routes = router("reservations")


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
    """A copy was found and scanned: it is set aside for who has waited longest (A27).

    The answer tells who waits next, and the supplier copy that became surplus; nothing is changed at the supplier's (A28, C7).
    """
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
