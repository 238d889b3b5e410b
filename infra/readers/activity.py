"""What a customer ordered and what was kept for him, read."""

from collections.abc import Collection
from datetime import date

from asyncpg import Record

from domain.errors import NotFound
from domain.model.order import Status
from domain.model.reservation import State
from domain.model.values import CustomerId, DossierId, Ean, OrderId, ReservationId
from domain.queries.activity import Activity, ActivityOrder, ActivityReservation
from infra.db.pools import Pool, ShopConnection
from infra.readers.customers import DAY, cleared
from infra.readers.search import Conditions

ORDERS = f"""
    SELECT o.order_id, o.number, o.status, o.customer_reference, o.created_at, o.quantity, o.reserved,
           o.delivery_charge + coalesce((
               SELECT sum(l.unit_price * (l.ordered - l.cancelled)) FROM order_line l
               WHERE l.dossier_id = $1 AND l.order_id = o.order_id), 0) AS total
    FROM customer_order o
    WHERE o.dossier_id = $1 AND o.customer_id = $2 AND o.created_at >= {DAY.format("$3")}
    ORDER BY o.created_at DESC, o.order_id DESC
    LIMIT $4 + 1
"""
RESERVATIONS = f"""
    SELECT r.reservation_id, r.ean, r.title, r.quantity, r.state, r.order_id, o.number AS order_number, r.set_aside_at,
           r.ended_at
    FROM reservation r LEFT JOIN customer_order o ON o.dossier_id = $1 AND o.order_id = r.order_id
    WHERE r.dossier_id = $1 AND r.customer_id = $2
      AND (r.set_aside_at >= {DAY.format("$3")} OR r.ended_at >= {DAY.format("$3")})
    ORDER BY r.set_aside_at DESC, r.reservation_id DESC
    LIMIT $4 + 1
"""


class SqlActivityReader:
    """``ActivityReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def activity(
        self,
        dossier: DossierId,
        customer_id: CustomerId,
        *,
        clearance: Collection[str] | None,
        since: date,
        limit: int,
    ) -> Activity:
        async with self._pool.of(dossier) as connection:
            asked = (dossier, (await current(connection, dossier, customer_id, clearance))["customer_id"], since, limit)
            orders = [_order(row) for row in await connection.fetch(ORDERS, *asked)]
            kept = [_reservation(row) for row in await connection.fetch(RESERVATIONS, *asked)]
        return Activity(
            customer_id=CustomerId(asked[1]),
            since=since,
            orders=tuple(orders[:limit]),
            orders_capped=len(orders) > limit,
            reservations=tuple(kept[:limit]),
            reservations_capped=len(kept) > limit,
        )


async def current(
    connection: ShopConnection, dossier: DossierId, customer_id: CustomerId, clearance: Collection[str] | None
) -> Record:
    """The card, or the one it was merged into. Raises ``NotFound``, also when the caller may not see either (B30)."""
    where = Conditions(dossier, "c")
    where.add("c.customer_id = {0}", customer_id)
    cleared(where, clearance)
    cleared(where, clearance, "k")
    row = await connection.fetchrow(
        "SELECT k.* FROM customer c JOIN customer k ON k.dossier_id = $1 "
        f"AND k.customer_id = coalesce(c.merged_into, c.customer_id) WHERE {where.text}",
        *where.arguments,
    )
    if row is None:
        raise NotFound(what="customer")
    return row


def _order(row: Record) -> ActivityOrder:
    return ActivityOrder(
        id=OrderId(row["order_id"]),
        number=row["number"],
        status=Status(row["status"]),
        customer_reference=row["customer_reference"],
        created_at=row["created_at"],
        quantity=row["quantity"],
        reserved=row["reserved"],
        total=row["total"],
    )


def _reservation(row: Record) -> ActivityReservation:
    return ActivityReservation(
        id=ReservationId(row["reservation_id"]),
        ean=Ean(row["ean"]),
        title=row["title"],
        quantity=row["quantity"],
        state=State(row["state"]),
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        order_number=row["order_number"],
        set_aside_at=row["set_aside_at"],
        ended_at=row["ended_at"],
    )
