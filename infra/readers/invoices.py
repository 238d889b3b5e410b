"""Invoices from outside, read."""

from collections.abc import Callable, Collection
from datetime import date

from asyncpg import Record

from domain.errors import NotFound
from domain.model.values import CustomerId, DossierId
from domain.queries.customers import CustomerFilter
from domain.queries.invoices import (
    InvoiceFilter,
    InvoiceParty,
    InvoiceView,
    Reminded,
    UnpaidSum,
    invoice_view,
)
from domain.queries.pages import Count, Page, PageRequest
from infra.db.pools import Pool, ShopConnection
from infra.readers.customers import cleared, coded_as, where_of
from infra.readers.search import Conditions, count_of, page_of, selecting
from infra.repositories.invoices import invoice_of

SOURCE = (
    "invoice i JOIN customer c ON c.dossier_id = i.dossier_id AND c.customer_id = i.customer_id "
    "JOIN customer b ON b.dossier_id = i.dossier_id AND b.customer_id = i.billed_to_id "
    "JOIN customer p ON p.dossier_id = i.dossier_id AND p.customer_id = coalesce(b.payment_party_id, b.customer_id)"
)
"""An invoice with its customer, who is billed, and who pays (B22)."""
TOLD = (
    "LEFT JOIN LATERAL (SELECT t.step, r.at FROM reminded_invoice t JOIN invoice_reminder r USING (dossier_id, invoice_reminder_id) "
    "WHERE t.dossier_id = i.dossier_id AND t.invoice_id = i.invoice_id ORDER BY r.at DESC, r.invoice_reminder_id DESC LIMIT 1) l ON true"
)
COLUMNS = ", ".join(
    [
        "i.*",
        "l.step AS told_step",
        "l.at AS told_at",
        *(
            f"{each}.customer_id AS {each}_id, {each}.code AS {each}_code, "
            f"concat_ws(' ', nullif({each}.first_name, ''), {each}.name) AS {each}_name"
            for each in "cbp"
        ),
    ]
)
KEY = "i.invoice_id"
SORTS = {
    "due_on": "i.due_on - DATE '0001-01-01'",
    "issued_on": "i.issued_on - DATE '0001-01-01'",
    "number": "i.number",
    "unpaid": "((i.total - i.paid) * 100)::bigint",
}
CURRENT = (
    "(SELECT coalesce(m.merged_into, m.customer_id) FROM customer m WHERE m.dossier_id = $1 AND m.customer_id = {0})"
)
"""A card, or the one it was merged into."""


class SqlInvoiceReader:
    """``InvoiceReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_number(
        self, dossier: DossierId, number: str, *, clearance: Collection[str] | None, today: date
    ) -> InvoiceView:
        where = _seen(Conditions(dossier, "i"), clearance)
        where.equal("number", number)
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(
                f"SELECT {COLUMNS} FROM {SOURCE} {TOLD} WHERE {where.text}", *where.arguments
            )
        if row is None:
            raise NotFound(what="invoice")
        return _maker(today)(row)

    async def search(self, dossier: DossierId, wanted: InvoiceFilter, page: PageRequest) -> Page[InvoiceView]:
        async with self._pool.of(dossier) as connection:
            return await _page(connection, _where(dossier, wanted), page, wanted.today)

    async def count(self, dossier: DossierId, wanted: InvoiceFilter) -> Count:
        async with self._pool.of(dossier) as connection:
            return await count_of(connection, source=SOURCE, where=_where(dossier, wanted))

    async def unpaid_of(self, dossier: DossierId, selection: CustomerFilter, page: PageRequest) -> Page[InvoiceView]:
        async with self._pool.of(dossier) as connection:
            return await _page(connection, await _of(connection, dossier, selection), page, selection.today)

    async def unpaid_sum(self, dossier: DossierId, selection: CustomerFilter) -> UnpaidSum:
        async with self._pool.of(dossier) as connection:
            where = await _of(connection, dossier, selection)
            (row,) = await connection.fetch(
                f"SELECT count(*) AS found, coalesce(sum(i.total - i.paid), 0.00) AS unpaid FROM {SOURCE} WHERE {where.text}",
                *where.arguments,
            )
        return UnpaidSum(count=row["found"], unpaid=row["unpaid"])


async def _page(connection: ShopConnection, where: Conditions, page: PageRequest, today: date) -> Page[InvoiceView]:
    return await page_of(
        connection,
        select=selecting(COLUMNS, f"{SOURCE} {TOLD}", sorts=SORTS, sort=page.sort, key=KEY),
        where=where,
        sorts=SORTS,
        key=KEY,
        request=page,
        make=_maker(today),
    )


def _seen(where: Conditions, clearance: Collection[str] | None) -> Conditions:
    """Only invoices all of whose cards the caller may see (B30)."""
    for alias in "cbp":
        cleared(where, clearance, alias)
    return where


async def _of(connection: ShopConnection, dossier: DossierId, selection: CustomerFilter) -> Conditions:
    """Unpaid invoices whose customer the search finds."""
    where = where_of(dossier, selection, coded=await coded_as(connection, dossier, selection))
    for alias in "bp":
        cleared(where, selection.clearance, alias)
    where.add("i.paid <> i.total")
    return where


def _where(dossier: DossierId, wanted: InvoiceFilter) -> Conditions:
    where = _seen(Conditions(dossier, "i"), wanted.clearance)
    if wanted.customer_id is not None:
        where.add(f"i.customer_id = {CURRENT}", wanted.customer_id)
    if wanted.payer_id is not None:
        where.add(f"p.customer_id = {CURRENT}", wanted.payer_id)
    if wanted.unpaid is not None:
        where.add("(i.paid <> i.total) = {0}", wanted.unpaid)
    if wanted.overdue is not None:
        where.add("(i.total - i.paid > 0 AND i.due_on < {0}) = {1}", wanted.today, wanted.overdue)
    if wanted.due_from is not None:
        where.add("i.due_on >= {0}", wanted.due_from)
    if wanted.due_to is not None:
        where.add("i.due_on < {0}", wanted.due_to)
    if wanted.states:
        where.add("i.state = ANY ({0}::text[])", [each.value for each in wanted.states])
    if wanted.number is not None:
        where.prefix("i.number", wanted.number)
    return where


def _maker(today: date) -> Callable[[Record], InvoiceView]:
    def view(row: Record) -> InvoiceView:
        return invoice_view(
            invoice_of(row),
            customer=_party(row, "c"),
            billed=_party(row, "b"),
            payer=_party(row, "p"),
            last=Reminded(step=row["told_step"], at=row["told_at"]) if row["told_step"] else None,
            today=today,
        )

    return view


def _party(row: Record, alias: str) -> InvoiceParty:
    return InvoiceParty(id=CustomerId(row[f"{alias}_id"]), code=row[f"{alias}_code"], name=row[f"{alias}_name"])
