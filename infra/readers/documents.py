"""The documents that hang together with an order, read."""

from asyncpg import Record

from domain.errors import NotFound
from domain.model.values import DossierId, OrderId
from domain.queries.documents import DocumentKind, DocumentView, Heading, OrderSheet
from domain.queries.orders import view_of
from infra.db.pools import Pool, ShopConnection
from infra.readers.orders import BY_ID
from infra.repositories.orders import order_of

DOCUMENTS = """
    SELECT 'quote' AS kind, o.quote_reference AS reference, NULL::uuid AS id, o.created_at AS at
    FROM customer_order o WHERE o.dossier_id = $1 AND o.order_id = $2 AND o.quote_reference IS NOT NULL
    UNION ALL
    SELECT 'delivery_note', n.number::text, n.delivery_note_id, n.created_at
    FROM delivery_note n WHERE n.dossier_id = $1 AND n.order_id = $2
    UNION ALL
    SELECT 'supplier_order', s.number::text, s.supplier_order_id, s.created_at
    FROM supplier_order s WHERE s.dossier_id = $1 AND s.supplier_order_id IN (
        SELECT l.supplier_order_id FROM supply_link k JOIN supplier_line l USING (dossier_id, supplier_line_id)
        JOIN order_line i ON i.dossier_id = k.dossier_id AND i.line_id = k.line_id
        WHERE k.dossier_id = $1 AND i.order_id = $2)
    UNION ALL
    SELECT 'reservation_slip', r.title, r.reservation_id, r.set_aside_at
    FROM reservation r WHERE r.dossier_id = $1 AND r.order_id = $2
    UNION ALL
    SELECT 'payment', p.reference, p.payment_id, p.at
    FROM payment p WHERE p.dossier_id = $1 AND p.order_id = $2
    ORDER BY at, kind, id
"""
ORDER_THERE = "SELECT EXISTS (SELECT FROM customer_order WHERE dossier_id = $1 AND order_id = $2)"
# a line without a sales rep has those of the customer's card (B16)
HEADING = """
    SELECT d.name, d.address, d.time_zone,
           nullif(concat_ws(' ', k.title, k.first_name, k.name), '') AS attention,
           ARRAY(
               SELECT concat_ws(' ', t.first_name, t.name)
               FROM third_party t
               WHERE t.dossier_id = $1 AND t.third_party_id IN (
                   SELECT l.sales_rep_id FROM order_line l WHERE l.dossier_id = $1 AND l.order_id = $2
                   UNION
                   SELECT unnest(ARRAY[c.sales_rep_1_id, c.sales_rep_2_id, c.sales_rep_3_id])
                   WHERE EXISTS (SELECT FROM order_line l
                                 WHERE l.dossier_id = $1 AND l.order_id = $2 AND l.sales_rep_id IS NULL))
               ORDER BY t.name, t.third_party_id
           ) AS sales_reps
    FROM dossier d
    JOIN customer_order o ON o.dossier_id = d.dossier_id AND o.order_id = $2
    LEFT JOIN customer c ON c.dossier_id = o.dossier_id AND c.customer_id = o.customer_id
    LEFT JOIN contact_person k ON k.dossier_id = o.dossier_id AND k.contact_id = o.contact_id
    WHERE d.dossier_id = $1
"""


class SqlDocumentReader:
    """``DocumentReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_order(self, dossier: DossierId, order_id: OrderId) -> list[DocumentView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(DOCUMENTS, dossier, order_id)
            if not rows and not await connection.fetchval(ORDER_THERE, dossier, order_id):
                raise NotFound(what="order")
        return [_document(row) for row in rows]

    async def order_sheet(self, dossier: DossierId, order_id: OrderId) -> OrderSheet:
        async with self._pool.of(dossier) as connection:
            return await sheet_of(connection, dossier, order_id)


async def sheet_of(connection: ShopConnection, dossier: DossierId, order_id: OrderId) -> OrderSheet:
    """What stands on an order's printed form. Raises ``NotFound``."""
    row = await connection.fetchrow(BY_ID, dossier, order_id)
    heading = await connection.fetchrow(HEADING, dossier, order_id)
    if row is None or heading is None:
        raise NotFound(what="order")
    return OrderSheet(
        heading=Heading(
            shop=heading["name"],
            address=heading["address"],
            time_zone=heading["time_zone"],
            sales_reps=tuple(heading["sales_reps"]),
            attention=heading["attention"],
        ),
        order=view_of(order_of(row)),
    )


def _document(row: Record) -> DocumentView:
    return DocumentView(kind=DocumentKind(row["kind"]), reference=row["reference"], id=row["id"], at=row["at"])
