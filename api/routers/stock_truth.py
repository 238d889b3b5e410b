"""Whether the stock tells the truth, what is missing from it, and the shelf counted."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.deps import ArticlesRead, ArticlesWrite, Cursor, IdempotencyKey, Limit, Pager, Shop, answer, told
from api.problems.answering import english
from api.routers.operation import link, operation, router
from api.schemas.base import Day
from api.schemas.stock_truth import (
    Shrinkage,
    StockCheck,
    StockCheckKey,
    StockCheckPage,
    StockCheckSummary,
    StockCount,
    StockCountCreate,
)
from domain.errors import Fault, Inconsistent
from domain.model.stocktaking import CountedLine
from domain.model.stocktaking import StockCheck as CheckView
from domain.model.values import StockCheckId
from domain.ports.answers import Told
from domain.queries.shrinkage import Period

routes = router("articles")
CheckPath = Annotated[StockCheckKey, Path()]


@routes.post(
    "/stock-checks",
    **operation(
        "createStockCheck",
        StockCheck,
        status=201,
        headers=("Location",),
        links={"get": link("getStockCheck", stock_check_id="$response.body#/id")},
    ),
)
async def create_stock_check(request: Request, by: ArticlesWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """Look at all stock now: reservations, order lines and movements must add up to it (C19). It changes nothing."""

    def tell(view: CheckView) -> Told:
        made = StockCheck.of(view, english=english(request))
        return told(made, status=201, location=f"/v1/stock-checks/{made.id}")

    return answer(await shop.stocktaking.check_now(by=by, once=await key.once(by, tell)))


@routes.get("/stock-checks", **operation("listStockChecks", StockCheckPage, refuses=("unknown-cursor",)))
async def list_stock_checks(
    request: Request, by: ArticlesRead, shop: Shop, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Those of the nights and those asked for, newest first."""
    pager = Pager.of(request, by)
    page = await shop.read.stock_checks.search(by.dossier.id, pager.request(sort="-at", limit=limit, cursor=cursor))
    items = [StockCheckSummary.of(view) for view in page.items]
    return answer(told(StockCheckPage(items=items, next=pager.next(page.last))))


@routes.get("/stock-checks/{stock_check_id}", **operation("getStockCheck", StockCheck, refuses=("not-found",)))
async def get_stock_check(request: Request, stock_check_id: CheckPath, by: ArticlesRead, shop: Shop) -> Response:
    """One check, with what it found."""
    view = await shop.read.stock_checks.by_id(by.dossier.id, StockCheckId(stock_check_id))
    return answer(told(StockCheck.of(view, english=english(request))))


@routes.get("/shrinkage", **operation("getShrinkage", Shrinkage, refuses=("unknown-cursor", "inconsistent")))
async def get_shrinkage(
    request: Request,
    by: ArticlesRead,
    shop: Shop,
    start: Annotated[Day, Query(alias="from", description="From the beginning of this day of the shop on.")],
    until: Annotated[Day, Query(alias="to", description="Up to the beginning of this day: it is left out.")],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What was lost in a period, by cause and reason, and the movements behind it, newest first (A41)."""
    if until <= start:
        raise Inconsistent(faults=[Fault("period", "to")])
    period, pager = Period(start=start, until=until), Pager.of(request, by)
    view = await shop.read.shrinkage.of(by.dossier.id, period, pager.request(sort="-at", limit=limit, cursor=cursor))
    return answer(told(Shrinkage.told(view, period, next_page=pager.next(view.page.last))))


@routes.post(
    "/stock-counts",
    **operation(
        "createStockCount",
        StockCount,
        status=201,
        also={200: "A dry run: what would be corrected; nothing was."},
        refuses=("unfit-lines",),
    ),
)
async def create_stock_count(body: StockCountCreate, by: ArticlesWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """Correct the available stock to what was counted: all lines or none, each by a movement that says why (A41)."""

    def tell(views: Sequence[CountedLine]) -> Told:
        made = StockCount.of(list(views), dry_run=body.dry_run)
        return told(made, status=200 if body.dry_run else 201)

    return answer(await shop.stocktaking.count(by=by, count=body.meant(), once=await key.once(by, tell)))
