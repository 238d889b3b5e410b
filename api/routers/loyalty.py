"""Loyalty cards: how they stand, their ledgers, vouchers (A62, P24, P34)."""

from fastapi import Request
from starlette.responses import Response

from api.deps import Cursor, CustomersRead, CustomersWrite, IdempotencyKey, Limit, Pager, Shop, answer, told
from api.routers.activity import CustomerPath
from api.routers.operation import operation, router
from api.schemas.loyalty import (
    Loyalty,
    LoyaltyAdjustment,
    LoyaltyEntry,
    LoyaltyEntryPage,
    LoyaltyOpening,
    Redemption,
    RedemptionCreate,
)
from domain.model.values import CustomerId
from domain.ports.answers import Told
from domain.queries.loyalty import LoyaltyView, RedemptionView

routes = router("loyalty")
STANDING = ("not-found", "customer-merged", "customer-anonymised")
"""What writing into the ledger of a card may meet."""


def _card(view: LoyaltyView) -> Told:
    return told(Loyalty.of(view), status=201)


@routes.get("/customers/{customer_id}/loyalty", **operation("getLoyalty", Loyalty, refuses=("not-found",)))
async def get_loyalty(customer_id: CustomerPath, by: CustomersRead, shop: Shop) -> Response:
    """A loyalty card as it stands; of a merged card that of the kept one."""
    view = await shop.read.loyalty.of_customer(
        by.dossier.id, CustomerId(customer_id), zone=by.dossier.time_zone, clearance=by.clearance
    )
    return answer(told(Loyalty.of(view)))


@routes.get(
    "/customers/{customer_id}/loyalty/entries",
    **operation("listLoyaltyEntries", LoyaltyEntryPage, refuses=("not-found", "unknown-cursor")),
)
async def list_loyalty_entries(
    request: Request,
    customer_id: CustomerPath,
    by: CustomersRead,
    shop: Shop,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The ledger of a loyalty card, newest first: all that its sums are made of."""
    pager = Pager.of(request, by)
    page = await shop.read.loyalty.entries(
        by.dossier.id,
        CustomerId(customer_id),
        pager.request(sort="-at", limit=limit, cursor=cursor),
        clearance=by.clearance,
    )
    items = [LoyaltyEntry.of(view) for view in page.items]
    return answer(told(LoyaltyEntryPage(items=items, next=pager.next(page.last))))


@routes.post(
    "/customers/{customer_id}/loyalty/openings",
    **operation("openLoyalty", Loyalty, status=201, refuses=(*STANDING, "loyalty-begun")),
)
async def open_loyalty(
    customer_id: CustomerPath, body: LoyaltyOpening, by: CustomersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Begin the ledger with what the card had in another program: once, and before anything else (P34)."""
    once = await key.once(by, _card)
    return answer(
        await shop.loyalty.open(by=by, customer_id=CustomerId(customer_id), correction=body.meant(), once=once)
    )


@routes.post(
    "/customers/{customer_id}/loyalty/adjustments",
    **operation("adjustLoyalty", Loyalty, status=201, refuses=(*STANDING, "loyalty-too-low")),
)
async def adjust_loyalty(
    customer_id: CustomerPath, body: LoyaltyAdjustment, by: CustomersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Put the ledger right, with the reason; nothing of it falls below nil."""
    once = await key.once(by, _card)
    return answer(
        await shop.loyalty.adjust(by=by, customer_id=CustomerId(customer_id), correction=body.meant(), once=once)
    )


@routes.post(
    "/customers/{customer_id}/loyalty/redemptions",
    **operation(
        "redeemLoyalty",
        Redemption,
        status=201,
        refuses=(
            *STANDING,
            "loyalty-inactive",
            "loyalty-too-low",
            "voucher-over-cap",
            "reference-reused",
            "inconsistent",
        ),
    ),
)
async def redeem_loyalty(
    customer_id: CustomerPath, body: RedemptionCreate, by: CustomersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Spend a voucher on a ticket, before its lines are recorded with what is then paid for them.

    On each line it takes no more than the law leaves (R11). Lines brought back later give it back in proportion.
    """

    def tell(view: RedemptionView) -> Told:
        return told(Redemption.of(view), status=201)

    once = await key.once(by, tell)
    return answer(
        await shop.loyalty.redeem(by=by, customer_id=CustomerId(customer_id), voucher=body.meant(), once=once)
    )
