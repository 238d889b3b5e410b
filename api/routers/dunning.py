"""Reminders of unpaid invoices: looked at, made, printed (B22, B28, B29)."""

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.deps import Cursor, IdempotencyKey, InvoicesRead, InvoicesWrite, Limit, Pager, Shop, answer, told
from api.routers.operation import operation, router
from api.routers.pdf import printed, printing
from api.schemas.dunning import (
    Reminder,
    ReminderPage,
    ReminderProposal,
    ReminderProposals,
    ReminderRun,
    ReminderRunCreate,
    ReminderRunPage,
    ReminderRunSummary,
    RunKey,
)
from api.schemas.identities import CustomerKey
from domain.model.values import CustomerId
from domain.ports.answers import Told
from domain.queries.dunning import RunView

routes = router("invoice-reminders")
RunPath = Annotated[RunKey, Path()]


@routes.post("/reminder-runs/preview", **operation("previewReminderRun", ReminderProposals))
async def preview_reminder_run(body: ReminderRunCreate, by: InvoicesRead, shop: Shop) -> Response:
    """What `POST /reminder-runs` would do now: one letter or e-mail to a party. Nothing is kept."""
    found = await shop.dunning.preview(by=by, run=body.meant())
    return answer(told(ReminderProposals(items=[ReminderProposal.of(each) for each in found])))


@routes.post("/reminder-runs", **operation("createReminderRun", ReminderRun, status=201))
async def create_reminder_run(body: ReminderRunCreate, by: InvoicesWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """Remind of unpaid invoices: who pays them, or his central, hears once of each step that an invoice comes to.

    E-mails go to the queue of messages; letters wait to be printed. A second run at once tells nobody again.
    """

    def tell(view: RunView) -> Told:
        return told(ReminderRun.of(view), status=201)

    return answer(await shop.dunning.run(by=by, run=body.meant(), once=await key.once(by, tell)))


@routes.get("/reminder-runs", **operation("listReminderRuns", ReminderRunPage, refuses=("unknown-cursor",)))
async def list_reminder_runs(
    request: Request, by: InvoicesRead, shop: Shop, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Runs that reminded anybody, newest first."""
    pager = Pager.of(request, by)
    page = await shop.read.dunning.runs(
        by.dossier.id, pager.request(sort="-at", limit=limit, cursor=cursor), clearance=by.clearance
    )
    items = [ReminderRunSummary.of(view) for view in page.items]
    return answer(told(ReminderRunPage(items=items, next=pager.next(page.last))))


_LETTERS = printing("printReminderLetters")
_LETTERS["openapi_extra"]["x-refuses"] = ["not-found", "no-letters"]


@routes.get("/reminder-runs/{run_id}/letters.pdf", **_LETTERS)
async def print_reminder_letters(run_id: RunPath, by: InvoicesRead, shop: Shop) -> Response:
    """The letters of a run on A4, for window envelopes, by name."""
    sheet = await shop.read.dunning.letters(by.dossier.id, run_id, clearance=by.clearance)
    return printed(await shop.papers.reminders(sheet), "relances")


@routes.get("/invoice-reminders", **operation("listInvoiceReminders", ReminderPage, refuses=("unknown-cursor",)))
async def list_invoice_reminders(
    request: Request,
    by: InvoicesRead,
    shop: Shop,
    customer_id: Annotated[CustomerKey | None, Query(description="Who was reminded.")] = None,
    run_id: Annotated[RunKey | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Letters and e-mails that runs made, newest first."""
    pager = Pager.of(request, by)
    page = await shop.read.dunning.reminders(
        by.dossier.id,
        pager.request(sort="-at", limit=limit, cursor=cursor),
        customer_id=CustomerId(customer_id) if customer_id else None,
        run_id=run_id,
        clearance=by.clearance,
    )
    return answer(told(ReminderPage(items=[Reminder.of(view) for view in page.items], next=pager.next(page.last))))
