"""Reservations, read."""

from asyncpg import Record

from domain.errors import NotFound
from domain.model.order import Status
from domain.model.reservation import State
from domain.model.values import CustomerId, DossierId, Ean, LineId, OrderId, ReservationId, folded
from domain.queries.pages import Count, Page, PageRequest
from domain.queries.reservations import ReservationFilter, ReservationView
from infra.db.pools import Pool
from infra.readers.search import NOTHING, Conditions, count_of, page_of, selecting

COLUMNS = "r.*, o.number AS order_number, o.status AS order_status, o.mail_order, c.code AS customer_code"
SOURCE = (
    "reservation r LEFT JOIN customer_order o ON o.dossier_id = r.dossier_id AND o.order_id = r.order_id "
    "LEFT JOIN customer c ON c.dossier_id = r.dossier_id AND c.customer_id = r.customer_id"
)
SORTS = {
    "set_aside_at": "r.set_aside_at",
    "title": "r.title_key",
    "order_number": "coalesce(o.number, 0)",
    "customer_code": "coalesce(c.code, '')",
    "customer_name": "r.name_key",
}


class SqlReservationReader:
    """``ReservationReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_ids(self, dossier: DossierId, ids: list[ReservationId]) -> list[ReservationView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(
                f"SELECT {COLUMNS} FROM {SOURCE} WHERE r.dossier_id = $1 AND r.reservation_id = ANY ($2::uuid[])",
                dossier,
                ids,
            )
        found = {view.id: view for view in map(_view, rows)}
        if len(found) != len(set(ids)):
            raise NotFound(what="reservation")
        return [found[each] for each in ids]

    async def search(self, dossier: DossierId, wanted: ReservationFilter, page: PageRequest) -> Page[ReservationView]:
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key="r.reservation_id"),
                where=_where(dossier, wanted),
                sorts=SORTS,
                key="r.reservation_id",
                request=page,
                make=_view,
            )

    async def count(self, dossier: DossierId, wanted: ReservationFilter) -> Count:
        async with self._pool.of(dossier) as connection:
            return await count_of(connection, source=SOURCE, where=_where(dossier, wanted))


def _where(dossier: DossierId, wanted: ReservationFilter) -> Conditions:
    where = Conditions(dossier, "r")
    if wanted.name is not None:
        for word in (folded(wanted.name) or NOTHING).split():
            # reservations set aside are few; no token table for them
            where.add("(' ' || r.name_key) LIKE '% ' || {0} || '%'", word)
    if wanted.states:
        where.add("r.state = ANY ({0}::text[])", [state.value for state in wanted.states])
    if wanted.expired_on is not None:
        where.add("r.state = 'set_aside' AND r.pickup_deadline < {0}", wanted.expired_on)
    if wanted.set_aside_from is not None:
        where.add("r.set_aside_at >= {0}", wanted.set_aside_from)
    if wanted.set_aside_to is not None:
        where.add("r.set_aside_at < {0}", wanted.set_aside_to)
    if wanted.order_number is not None:
        where.add("o.number = {0}", wanted.order_number)
    where.equal("ean", wanted.ean)
    where.equal("customer_id", wanted.customer_id)
    if wanted.mail_order is not None:
        where.add("coalesce(o.mail_order, false) = {0}", wanted.mail_order)
    return where


def _view(row: Record) -> ReservationView:
    return ReservationView(
        id=ReservationId(row["reservation_id"]),
        ean=Ean(row["ean"]),
        title=row["title"],
        digital=row["digital"],
        quantity=row["quantity"],
        state=State(row["state"]),
        customer_id=CustomerId(row["customer_id"]) if row["customer_id"] else None,
        customer_code=row["customer_code"],
        customer_name=row["name"],
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        order_number=row["order_number"],
        order_status=Status(row["order_status"]) if row["order_status"] else None,
        mail_order=row["mail_order"],
        line_id=LineId(row["line_id"]) if row["line_id"] else None,
        place=row["place"],
        set_aside_at=row["set_aside_at"],
        pickup_deadline=row["pickup_deadline"],
        ended_at=row["ended_at"],
        end_reason=row["end_reason"],
        version=row["version"],
    )
