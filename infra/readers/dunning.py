"""Reminders of unpaid invoices, read."""

from collections.abc import Collection
from uuid import UUID

from asyncpg import Record

from domain.errors import NoLetters, NotFound
from domain.model.dunning import DunningChannel
from domain.model.message import Language
from domain.model.values import CustomerId, DossierId
from domain.queries.dunning import PrintedReminder, ReminderSheet, ReminderView, RunSummary
from domain.queries.pages import Page, PageRequest
from infra.db.pools import Pool
from infra.readers.customers import cleared
from infra.readers.invoices import CURRENT
from infra.readers.search import Conditions, page_of, selecting
from infra.repositories.invoices import INVOICES, reminder_of

COLUMNS = f"r.*, c.code AS customer_code, c.language, {INVOICES}"
SOURCE = "invoice_reminder r JOIN customer c ON c.dossier_id = r.dossier_id AND c.customer_id = r.customer_id"
SORTS = {"at": "r.at"}
KEY = "r.invoice_reminder_id"
UNPAID = (
    "(SELECT coalesce(sum(t.unpaid), 0) FROM reminded_invoice t WHERE t.dossier_id = r.dossier_id "
    "AND t.invoice_reminder_id = r.invoice_reminder_id)"
)
RUNS = (
    "(SELECT r.dossier_id, r.run_id, min(r.at) AS at, min(r.by) AS by, count(*) FILTER (WHERE r.channel = 'email') AS emails, "
    f"count(*) FILTER (WHERE r.channel = 'post') AS letters, sum({UNPAID}) AS total FROM {SOURCE} WHERE {{}} "
    "GROUP BY r.dossier_id, r.run_id) run"
)


class SqlDunningReader:
    """``DunningReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def reminders(
        self,
        dossier: DossierId,
        page: PageRequest,
        *,
        customer_id: CustomerId | None,
        run_id: UUID | None,
        clearance: Collection[str] | None,
    ) -> Page[ReminderView]:
        where = Conditions(dossier, "r")
        cleared(where, clearance)
        where.equal("run_id", run_id)
        if customer_id is not None:
            where.add(f"r.customer_id = {CURRENT}", customer_id)
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key=KEY),
                where=where,
                sorts=SORTS,
                key=KEY,
                request=page,
                make=_view,
            )

    async def runs(
        self, dossier: DossierId, page: PageRequest, *, clearance: Collection[str] | None
    ) -> Page[RunSummary]:
        where = Conditions(dossier, "r")
        cleared(where, clearance)
        pages = Conditions(dossier, "run")
        pages.arguments = where.arguments
        sorts = {"at": "run.at"}
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting("run.*", RUNS.format(where.text), sorts=sorts, sort=page.sort, key="run.run_id"),
                where=pages,
                sorts=sorts,
                key="run.run_id",
                request=page,
                make=_run,
            )

    async def letters(self, dossier: DossierId, run_id: UUID, *, clearance: Collection[str] | None) -> ReminderSheet:
        where = Conditions(dossier, "r")
        cleared(where, clearance)
        where.equal("run_id", run_id)
        async with self._pool.of(dossier) as connection:
            (shop,) = await connection.fetch(
                "SELECT name, address, time_zone FROM dossier WHERE dossier_id = $1", dossier
            )
            rows = await connection.fetch(
                f"SELECT {COLUMNS} FROM {SOURCE} WHERE {where.text} ORDER BY r.name, {KEY}", *where.arguments
            )
        if not rows:
            raise NotFound(what="run")
        letters = tuple(_printed(row) for row in rows if row["channel"] == DunningChannel.POST)
        if not letters:
            raise NoLetters
        return ReminderSheet(shop=shop["name"], address=shop["address"], time_zone=shop["time_zone"], letters=letters)


def _view(row: Record) -> ReminderView:
    return ReminderView(reminder=reminder_of(row), customer_code=row["customer_code"])


def _run(row: Record) -> RunSummary:
    return RunSummary(
        id=row["run_id"],
        at=row["at"],
        by=row["by"],
        emails=row["emails"],
        letters=row["letters"],
        total=row["total"],
    )


def _printed(row: Record) -> PrintedReminder:
    reminder = reminder_of(row)
    return PrintedReminder(
        lines=tuple(reminder.address.splitlines()),
        customer_code=row["customer_code"],
        language=Language.ENGLISH if row["language"] == Language.ENGLISH else Language.FRENCH,
        subject=reminder.words.subject,
        body=reminder.words.body,
        invoices=reminder.invoices,
        total=reminder.total,
        at=reminder.at,
        step=reminder.step,
    )
