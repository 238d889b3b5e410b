"""The lending right (droit de prêt): what the shop declares to SOFIA (R13, R14)."""

from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.deps import Shop, StatisticsRead, answer, told
from api.problems.answering import english
from api.routers.operation import operation, router
from api.routers.sheets import Csv, Xlsx, filed, filing
from api.schemas.base import Day
from api.schemas.lending import LendingDeclaration, sheets_of
from domain.queries.lending import LendingReport

routes = router("statistics")
REFUSES = ("inconsistent",)


async def _report(
    by: StatisticsRead,
    shop: Shop,
    start: Annotated[Day, Query(alias="from", description="From the beginning of this day of the shop on.")],
    until: Annotated[Day, Query(alias="to", description="Up to the beginning of this day: it is left out.")],
) -> LendingReport:
    return await shop.read.lending.declaration(by.dossier.id, start=start, until=until, clearance=by.clearance)


Report = Annotated[LendingReport, Depends(_report)]


@routes.get("/lending-declaration", **operation("getLendingDeclaration", LendingDeclaration, refuses=REFUSES))
async def get_lending_declaration(request: Request, report: Report) -> Response:
    """New printed books sold to lending libraries, invoice by invoice, and the 6 % of their public price that is due.

    Who was a lending library on the day of the sale counts. Second-hand books, other articles and digital books are left
    out. An invoice that the shop does not have is of the day of its first purchase.
    """
    return answer(told(LendingDeclaration.of(report, english=english(request))))


@routes.get("/lending-declaration.csv", **filing("getLendingDeclarationCsv", Csv, refuses=REFUSES))
async def get_lending_declaration_csv(request: Request, shop: Shop, report: Report) -> Response:
    """The items of the declaration as French CSV: semicolons, decimal commas."""
    file = await shop.spreadsheets.csv(sheets_of(report, english=english(request))[0])
    return filed(file, Csv, f"droit-de-pret-{report.start}-{report.until}.csv")


@routes.get("/lending-declaration.xlsx", **filing("getLendingDeclarationFile", Xlsx, refuses=REFUSES))
async def get_lending_declaration_file(request: Request, shop: Shop, report: Report) -> Response:
    """The declaration as a workbook; what could not be declared is on its second sheet."""
    file = await shop.spreadsheets.xlsx(sheets_of(report, english=english(request)))
    return filed(file, Xlsx, f"droit-de-pret-{report.start}-{report.until}.xlsx")
