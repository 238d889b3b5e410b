"""What was sold, by month, fiscal year, buyer, category, statistics code, sales rep or customer (A67, B16-B18, B81, B82)."""

from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator, Field
from starlette.responses import Response

from api.deps import Shop, StatisticsRead, answer, told
from api.problems.answering import english
from api.routers.operation import operation, router
from api.routers.sheets import Xlsx, filed, filing
from api.schemas.base import Day, chosen, text_only
from api.schemas.identities import CustomerKey
from api.schemas.statistics import Statistics, sheet_of
from domain.model.category import Level
from domain.model.values import CustomerId
from domain.queries.statistics import StatisticsBy, StatisticsQuery

routes = router("statistics")
REFUSES = ("inconsistent", "not-found")
DIGIT = BeforeValidator(text_only("[0-9]", "int_parsing"))
Axis = Annotated[int, Field(strict=False, ge=1, le=3), DIGIT]
Segment = Annotated[int, Field(strict=False, ge=1, le=4), DIGIT]


async def _wanted(
    caller: StatisticsRead,
    by: Annotated[chosen(StatisticsBy), Query(description="What a row stands for.")],  # type: ignore[valid-type]
    start: Annotated[Day, Query(alias="from", description="From the beginning of this day of the shop on.")],
    until: Annotated[Day, Query(alias="to", description="Up to the beginning of this day: it is left out.")],
    level: Annotated[
        chosen(Level),  # type: ignore[valid-type]
        Query(description="By category: the level of the tree."),
    ] = Level.CATEGORY,
    axis: Annotated[Axis, Query(description="By statistics code: which of the three.")] = 1,
    segment: Annotated[
        Segment | None, Query(description="By statistics code: the level to cut codes at; none leaves them whole.")
    ] = None,
    customer_id: Annotated[CustomerKey | None, Query(description="Of this customer and the cards he gathers.")] = None,
) -> StatisticsQuery:
    return StatisticsQuery(
        by=by,
        start=start,
        until=until,
        level=level,
        axis=axis,
        segment=segment,
        customer_id=None if customer_id is None else CustomerId(customer_id),
        clearance=caller.clearance,
    )


Wanted = Annotated[StatisticsQuery, Depends(_wanted)]


@routes.get("/statistics", **operation("getStatistics", Statistics, refuses=REFUSES))
async def get_statistics(request: Request, by: StatisticsRead, shop: Shop, wanted: Wanted) -> Response:
    """Sales less returns of a period, the most sold first; months and fiscal years in their order, empty ones too.

    A card with a statistics party counts as that party (B17). A sale is its line's sales rep's, else those' of the card by
    their shares; of a sale in which two have a part both show the copies, but each his part of the money (B16).
    """
    view = await shop.read.statistics.of(by.dossier.id, wanted)
    return answer(told(Statistics.of(view, english=english(request))))


@routes.get("/statistics.xlsx", **filing("getStatisticsFile", Xlsx, refuses=REFUSES))
async def get_statistics_file(request: Request, by: StatisticsRead, shop: Shop, wanted: Wanted) -> Response:
    """The same as a workbook, with every row."""
    view = await shop.read.statistics.of(by.dossier.id, wanted)
    file = await shop.spreadsheets.xlsx([sheet_of(view, english=english(request))])
    return filed(file, Xlsx, f"statistiques-{wanted.by}-{wanted.start}-{wanted.until}.xlsx")
