"""Orders, read."""

from asyncpg import Record

from domain.errors import NotFound
from domain.model.order import Status
from domain.model.values import DossierId, OrderId, folded
from domain.queries.orders import OrderDocument, OrderFilter, OrderSummary, OrderView, PaymentView, view_of
from domain.queries.pages import Count, Page, PageRequest
from infra.db.pools import Pool
from infra.readers.search import NOTHING, Conditions, count_of, page_of, selecting
from infra.repositories.orders import order_of
from infra.sql import sql

BY_ID = sql("order_load").replace("= ANY ($2::uuid[])", "= $2")
DOCUMENT = sql("order_document")
COLUMNS = (
    "o.order_id, o.number, o.customer_code, o.customer_reference, o.name, o.status, o.created_at, o.quantity, "
    "o.reserved, o.mail_order, o.channel, o.has_digital, o.vat_exempt, o.deposit, o.version"
)
SORTS = {
    "created_at": "o.created_at",
    "number": "o.number",
    "customer_code": "coalesce(o.customer_code, '')",
    "customer_reference": "o.reference_key",
    "name": "o.name_key",
    "status": "o.status",
}


class SqlOrderReader:
    """``OrderReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def document(self, dossier: DossierId, order_id: OrderId) -> OrderDocument:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(DOCUMENT, dossier, order_id)
        if row is None:
            raise NotFound(what="order")
        return OrderDocument(version=row["version"], json=row["body"].encode())

    async def by_id(self, dossier: DossierId, order_id: OrderId) -> OrderView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(BY_ID, dossier, order_id)
        if row is None:
            raise NotFound(what="order")
        return view_of(order_of(row))

    async def search(self, dossier: DossierId, wanted: OrderFilter, page: PageRequest) -> Page[OrderSummary]:
        select = selecting(COLUMNS, "customer_order o", sorts=SORTS, sort=page.sort, key="o.order_id")
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=select,
                where=_where(dossier, wanted),
                sorts=SORTS,
                key="o.order_id",
                request=page,
                make=_summary,
            )

    async def count(self, dossier: DossierId, wanted: OrderFilter) -> Count:
        async with self._pool.of(dossier) as connection:
            return await count_of(connection, source="customer_order o", where=_where(dossier, wanted))

    async def payments(self, dossier: DossierId, order_id: OrderId) -> list[PaymentView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(
                "SELECT p.* FROM customer_order o LEFT JOIN payment p USING (dossier_id, order_id) "
                "WHERE o.dossier_id = $1 AND o.order_id = $2 ORDER BY p.at, p.payment_id",
                dossier,
                order_id,
            )
        if not rows:
            raise NotFound(what="order")
        return [
            PaymentView(
                id=row["payment_id"],
                amount=row["amount"],
                kind=row["kind"],
                method=row["method"],
                reference=row["reference"],
                at=row["at"],
            )
            for row in rows
            if row["payment_id"] is not None
        ]


def _where(dossier: DossierId, wanted: OrderFilter) -> Conditions:
    where = Conditions(dossier, "o")
    if wanted.name is not None:
        where.words(table="order_token", key="order_id", folded=folded(wanted.name) or NOTHING)
    where.equal("number", wanted.number)
    if wanted.statuses:
        where.add("o.status = ANY ({0}::text[])", [status.value for status in wanted.statuses])
    if wanted.created_from is not None:
        where.add("o.created_at >= {0}", wanted.created_from)
    if wanted.created_to is not None:
        where.add("o.created_at < {0}", wanted.created_to)
    where.equal("customer_id", wanted.customer_id)
    if wanted.customer_reference is not None:
        where.prefix("o.reference_key", folded(wanted.customer_reference) or NOTHING)
    if wanted.ean is not None:
        where.add(
            "o.order_id IN (SELECT l.order_id FROM order_line l WHERE l.dossier_id = $1 AND l.ean = {0})", wanted.ean
        )
    where.equal("channel", wanted.channel)
    if wanted.deposit is not None:
        where.add("(o.deposit > 0) = {0}", wanted.deposit)
    where.equal("vat_exempt", wanted.vat_exempt)
    where.equal("has_digital", wanted.digital)
    where.equal("mail_order", wanted.mail_order)
    if wanted.in_file is not None:
        where.add("(o.customer_id IS NOT NULL) = {0}", wanted.in_file)
    return where


def _summary(row: Record) -> OrderSummary:
    return OrderSummary(
        id=OrderId(row["order_id"]),
        number=row["number"],
        customer_code=row["customer_code"],
        customer_reference=row["customer_reference"],
        name=row["name"],
        status=Status(row["status"]),
        created_at=row["created_at"],
        quantity=row["quantity"],
        reserved=row["reserved"],
        mail_order=row["mail_order"],
        channel=row["channel"],
        has_digital=row["has_digital"],
        vat_exempt=row["vat_exempt"],
        deposit=row["deposit"],
        version=row["version"],
    )
