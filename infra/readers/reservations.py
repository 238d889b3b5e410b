"""Reservations, read."""

from datetime import UTC, datetime, time, timedelta

from asyncpg import Record

from domain.errors import NotFound
from domain.model.order import Status
from domain.model.payment import PaymentState
from domain.model.reservation import EndCause, State
from domain.model.values import CustomerId, DossierId, Ean, LineId, OrderId, ReservationId, folded
from domain.queries.pages import Count, Page, PageRequest
from domain.queries.reservations import ReservationFilter, ReservationView, Steps
from infra.db.pools import Pool
from infra.readers.customers import CURRENT
from infra.readers.search import NOTHING, Conditions, count_of, page_of, selecting
from infra.repositories.reservations import cancel_request_of
from infra.sql import sql

COLUMNS = (
    "r.*, o.number AS order_number, o.status AS order_status, o.mail_order, o.payment_state, c.code AS customer_code, "
    "a.weight_g"
)
SOURCE = (
    "reservation r LEFT JOIN customer_order o ON o.dossier_id = r.dossier_id AND o.order_id = r.order_id "
    "LEFT JOIN customer c ON c.dossier_id = r.dossier_id AND c.customer_id = r.customer_id "
    "LEFT JOIN article a ON a.dossier_id = r.dossier_id AND a.ean = r.ean"
)
SORTS = {
    "set_aside_at": "r.set_aside_at",
    "title": "r.title_key",
    "order_number": "coalesce(o.number, 0)",
    "customer_code": "coalesce(c.code, '')",
    "customer_name": "r.name_key",
    "pickup_deadline": "r.pickup_deadline - DATE '0001-01-01'",
    "place": "coalesce(r.place, '')",
}
OF_CODE = f"r.customer_id = ANY (ARRAY({CURRENT} AND m.code = {{0}}))"
DUE = sql("reservations_due")
for _place, _parameter in enumerate(("$2", "$3", "$4", "$5", "$6")):
    DUE = DUE.replace(_parameter, f"{{{_place}}}")
TO_REMIND = f"r.reservation_id IN ({DUE})"


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
    for key, text in (("name_key", wanted.name), ("title_key", wanted.title)):
        for word in (folded(text) or NOTHING).split() if text is not None else ():
            # reservations set aside are few; no token table for them
            where.add(f"(' ' || r.{key}) LIKE '% ' || {{0}} || '%'", word)
    for condition, value in (
        ("r.state = ANY ({0}::text[])", [state.value for state in wanted.states] or None),
        ("r.end_cause = ANY ({0}::text[])", [cause.value for cause in wanted.end_causes] or None),
        ("r.state = 'set_aside' AND r.pickup_deadline < {0}", wanted.expired_on),
        ("r.pickup_deadline >= {0}", wanted.deadline_from),
        ("r.pickup_deadline <= {0}", wanted.deadline_to),
        ("r.set_aside_at >= {0}", wanted.set_aside_from),
        ("r.set_aside_at < {0}", wanted.set_aside_to),
        ("r.state = 'set_aside' AND r.set_aside_at < {0}", wanted.old_before),
        ("(r.state = 'set_aside' AND r.cancel_requested_at IS NOT NULL) = {0}", wanted.cancel_requested),
        ("starts_with(lower(r.place), lower({0}))", wanted.place),
        ("o.number = {0}", wanted.order_number),
        ("(r.order_id IS NULL) = {0}", wanted.by_hand),
        ("coalesce(o.mail_order, false) = {0}", wanted.mail_order),
        (OF_CODE, wanted.customer_code.upper() if wanted.customer_code else None),
    ):
        if value is not None:
            where.add(condition, value)
    where.equal("ean", wanted.ean)
    where.equal("customer_id", wanted.customer_id)
    where.equal("digital", wanted.digital)
    if wanted.to_remind is not None:
        _to_remind(where, wanted.to_remind)
    return where


def _to_remind(where: Conditions, steps: Steps) -> None:
    where.add(
        TO_REMIND,
        [step.event.value for step in steps.steps],
        [step.after_days for step in steps.steps],
        steps.today,
        datetime.combine(steps.today + timedelta(days=2), time(), UTC),  # whatever was set aside by now
        steps.time_zone,
    )


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
        paid=PaymentState(row["payment_state"]) is PaymentState.PAID if row["payment_state"] else None,
        weight_g=row["weight_g"],
        line_id=LineId(row["line_id"]) if row["line_id"] else None,
        place=row["place"],
        set_aside_at=row["set_aside_at"],
        pickup_deadline=row["pickup_deadline"],
        slip_printed_at=row["slip_printed_at"],
        cancel_request=cancel_request_of(row),
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
        end_cause=EndCause(row["end_cause"]) if row["end_cause"] else None,
        end_reason=row["end_reason"],
        version=row["version"],
    )
