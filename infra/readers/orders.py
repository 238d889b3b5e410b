"""Orders, read."""

from decimal import Decimal

from asyncpg import Record

from domain.errors import NotFound
from domain.model.order import Origin, PaymentState, Status, amount_of, discount_of, shown_answer
from domain.model.values import (
    NOTHING as NO_MONEY,
)
from domain.model.values import Contact, CustomerId, DossierId, Ean, LineId, OrderId, PostalAddress, folded
from domain.queries.orders import LineView, OrderDocument, OrderFilter, OrderSummary, OrderView, PaymentView
from domain.queries.pages import Count, Page, PageRequest
from infra.db.pools import Pool
from infra.readers.search import NOTHING, Conditions, count_of, page_of, selecting
from infra.repositories.orders import answer_of
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
        return _view(row)

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


def _view(row: Record) -> OrderView:
    """The order of one row of ``order_load.sql``; a test holds it equal to what a use case answers."""
    total, discount, lines = row["delivery_charge"], NO_MONEY, []
    for line in row["lines"]:
        view, saved = _line(line)
        total, discount = total + view.amount, discount + saved
        lines.append(view)
    return OrderView(
        id=OrderId(row["order_id"]),
        number=row["number"],
        customer_id=CustomerId(row["customer_id"]) if row["customer_id"] else None,
        customer_code=row["customer_code"],
        contact=Contact(
            name=row["name"],
            title=row["title"],
            first_name=row["first_name"],
            email=row["email"],
            phone=row["phone"],
            address=PostalAddress(
                street=row["street"],
                complement=row["complement"],
                postal_code=row["postal_code"],
                town=row["town"],
                country=row["country"],
            ),
        ),
        customer_reference=row["customer_reference"],
        comment=row["comment"],
        origin=Origin(row["origin"]),
        mail_order=row["mail_order"],
        channel=row["channel"],
        external_id=row["external_id"],
        vat_exempt=row["vat_exempt"],
        payment_state=PaymentState(row["payment_state"]),
        paid=row["paid"],
        deposit=row["deposit"],
        delivery_charge=row["delivery_charge"],
        total=total,
        discount=discount,
        status=Status(row["status"]),
        quantity=row["quantity"],
        reserved=row["reserved"],
        has_digital=row["has_digital"],
        cancelled_at=row["cancelled_at"],
        cancel_reason=row["cancel_reason"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        warnings=tuple(row["warnings"]),
        lines=tuple(lines),
    )


def _line(row: Record) -> tuple[LineView, Decimal]:
    """A line and what it costs less than at the publisher's price."""
    (
        line_id,
        position,
        ean,
        title,
        author,
        publisher,
        digital,
        ordered,
        cancelled,
        set_aside,
        delivered,
        unit_price,
        list_price,
        vat_rate,
        *answer,
    ) = row
    outstanding = ordered - cancelled - set_aside - delivered
    said = answer_of(*answer)
    view = LineView(
        id=LineId(line_id),
        position=position,
        ean=Ean(ean),
        title=title,
        author=author,
        publisher=publisher,
        digital=digital,
        ordered=ordered,
        set_aside=set_aside,
        delivered=delivered,
        cancelled=cancelled,
        outstanding=outstanding,
        unit_price=unit_price,
        list_price=list_price,
        vat_rate=vat_rate,
        amount=amount_of(unit_price=unit_price, copies=ordered - cancelled),
        answer=shown_answer(reserved=set_aside + delivered, outstanding=outstanding, answer=said),
    )
    return view, discount_of(list_price=list_price, unit_price=unit_price, copies=ordered - cancelled)
