"""Commandes non traitées: what customers wait for and no supplier order brings (A30 to A32)."""

from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.deps import Cursor, Limit, Pager, Shop, SupplyRead, answer, sorts, told
from api.routers.operation import operation, router
from api.schemas.base import Counted, EanCode, Instant, Line, QueryFlag, Word
from api.schemas.identities import ThirdPartyKey
from api.schemas.supply import UntreatedLine, UntreatedLinePage
from domain.queries.untreated import SORTS, UntreatedFilter

routes = router("supply")


async def _criteria(
    created_from: Annotated[Instant | None, Query(description="Orders from this instant on.")] = None,
    created_to: Annotated[Instant | None, Query(description="Orders before this instant.")] = None,
    category: Annotated[
        list[Word] | None,
        Query(description="A magasin, secteur or catégorie, with all below it; none is every article (A31)."),
    ] = None,
    blocked: Annotated[
        QueryFlag | None, Query(description="Orders at BL alone, or without them; both when absent (O5).")
    ] = None,
    supplier_id: Annotated[ThirdPartyKey | None, Query(description="The article's own supplier.")] = None,
    ean: Annotated[EanCode | None, Query()] = None,
    q: Annotated[Line | None, Query(description="Starts of words of the title or of the author.")] = None,
) -> UntreatedFilter:
    return UntreatedFilter(
        created_from=created_from,
        created_to=created_to,
        categories=tuple(category or ()),
        blocked=blocked,
        supplier_id=supplier_id,
        ean=ean,
        words=q,
    )


Criteria = Annotated[UntreatedFilter, Depends(_criteria)]


@routes.get("/untreated-lines", **operation("listUntreatedLines", UntreatedLinePage, refuses=("unknown-cursor",)))
async def list_untreated_lines(
    request: Request,
    by: SupplyRead,
    shop: Shop,
    wanted: Criteria,
    sort: sorts(SORTS) = "created_at",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Commandes non traitées: the lines, of orders neither LT nor AN, whose copies no supplier order brings (A30 to A32)."""
    pager = Pager.of(request, by)
    page = await shop.read.untreated.search(by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor))
    items = [UntreatedLine.of(view) for view in page.items]
    return answer(told(UntreatedLinePage(items=items, next=pager.next(page.last))))


@routes.get("/untreated-lines/count", **operation("countUntreatedLines", Counted))
async def count_untreated_lines(by: SupplyRead, shop: Shop, wanted: Criteria) -> Response:
    """Number of lines that the same search finds."""
    found = await shop.read.untreated.count(by.dossier.id, wanted)
    return answer(told(Counted(count=found.count, capped=found.capped)))
