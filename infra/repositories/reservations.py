"""Reservations and receptions in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from domain.errors import NotFound
from domain.model.access import Dossier
from domain.model.reception import Reception
from domain.model.reservation import CancelRequest, EndCause, Reservation, State
from domain.model.values import CustomerId, Ean, LineId, OrderId, ReservationId, folded
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.pending import Begin, Fields, Pending

PEEK = "SELECT * FROM reservation WHERE dossier_id = $1 AND reservation_id = ANY ($2::uuid[])"
LOCK = f"{PEEK} ORDER BY reservation_id FOR UPDATE"
KEPT = (
    "SELECT * FROM reservation WHERE dossier_id = $1 AND line_id = ANY ($2::uuid[]) AND state = 'set_aside' "
    "ORDER BY set_aside_at, reservation_id FOR UPDATE"
)
OF_ORDER = "SELECT * FROM reservation WHERE dossier_id = $1 AND order_id = $2 ORDER BY reservation_id FOR UPDATE"


class SqlReservations:
    """``Reservations`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._begin = begin
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[ReservationId, int] = {}
        self._new: dict[ReservationId, Reservation] = {}

    async def lock(self, ids: Sequence[ReservationId]) -> list[Reservation]:
        await self._begin()
        return await self._found(LOCK, ids)

    async def peek(self, ids: Sequence[ReservationId]) -> list[Reservation]:
        return await self._found(PEEK, ids)

    async def kept_for(self, line_ids: Sequence[LineId]) -> list[Reservation]:
        if not line_ids:
            return []
        await self._begin()
        rows = await self._connection.fetch(KEPT, self._dossier.id, list(line_ids))
        return [self._known(row) for row in rows]

    async def of_order(self, order_id: OrderId) -> list[Reservation]:
        await self._begin()
        rows = await self._connection.fetch(OF_ORDER, self._dossier.id, order_id)
        return [self._known(row) for row in rows]

    def add(self, reservation: Reservation) -> None:
        self._new[reservation.id] = reservation

    def save(self, reservation: Reservation) -> None:
        if reservation.id not in self._new:
            row = reservation_row(self._dossier.id, reservation)
            row["loaded_version"] = self._loaded[reservation.id]
            self._pending.add(parts.CHANGED_RESERVATION, row)

    def settle(self) -> None:
        """Put new reservations, as they are by now, among what is to be written."""
        for reservation in self._new.values():
            self._pending.add(parts.NEW_RESERVATION, reservation_row(self._dossier.id, reservation))

    async def _found(self, statement: str, ids: Sequence[ReservationId]) -> list[Reservation]:
        rows = await self._connection.fetch(statement, self._dossier.id, list(set(ids)))
        found = {kept.id: kept for kept in map(self._known, rows)}
        if len(found) != len(set(ids)):
            raise NotFound(what="reservation")
        return [found[each] for each in dict.fromkeys(ids)]

    def _known(self, row: Fields) -> Reservation:
        reservation = reservation_of(row)
        self._loaded[reservation.id] = reservation.version
        return reservation


class SqlReceptions:
    """``Receptions`` of one dossier."""

    def __init__(self, dossier: Dossier, pending: Pending) -> None:
        self._dossier = dossier
        self._pending = pending

    def add(self, reception: Reception) -> None:
        key = {"dossier_id": self._dossier.id, "reception_id": reception.id}
        self._pending.add(
            parts.NEW_RECEPTION,
            {
                **key,
                "kind": reception.kind,
                "supplier_id": reception.supplier_id,
                "reference": reception.reference,
                "received_at": reception.received_at,
                "by": reception.by,
            },
        )
        self._pending.add(
            parts.NEW_RECEPTION_SUPPLY,
            *({**key, "supplier_line_id": line_id, "quantity": quantity} for line_id, quantity in reception.expected),
        )
        for position, line in enumerate(reception.lines, start=1):
            row = {**key, "position": position, "ean": line.ean, "quantity": line.quantity, "set_aside": line.set_aside}
            self._pending.add(parts.NEW_RECEPTION_LINE, row)


def reservation_row(dossier_id: UUID, kept: Reservation) -> Row:
    asked = kept.cancel_request
    return {
        "dossier_id": dossier_id,
        "reservation_id": kept.id,
        "ean": kept.ean,
        "title": kept.title,
        "title_key": folded(kept.title),
        "digital": kept.digital,
        "quantity": kept.quantity,
        "state": kept.state,
        "customer_id": kept.customer_id,
        "name": kept.name,
        "name_key": folded(kept.name),
        "order_id": kept.order_id,
        "line_id": kept.line_id,
        "place": kept.place,
        "set_aside_at": kept.set_aside_at,
        "pickup_deadline": kept.pickup_deadline,
        "email": kept.email,
        "phone": kept.phone,
        "slip_printed_at": kept.slip_printed_at,
        "cancel_requested_at": asked.at if asked else None,
        "cancel_requested_by": asked.by if asked else None,
        "cancel_request": asked.reason if asked else None,
        "ended_at": kept.ended_at,
        "ended_by": kept.ended_by,
        "end_cause": kept.end_cause,
        "end_reason": kept.end_reason,
        "version": kept.version,
    }


def reservation_of(row: Fields) -> Reservation:
    return Reservation(
        id=ReservationId(row["reservation_id"]),
        ean=Ean(row["ean"]),
        title=row["title"],
        digital=row["digital"],
        quantity=row["quantity"],
        customer_id=CustomerId(row["customer_id"]) if row["customer_id"] else None,
        name=row["name"],
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        line_id=LineId(row["line_id"]) if row["line_id"] else None,
        place=row["place"],
        set_aside_at=row["set_aside_at"],
        pickup_deadline=row["pickup_deadline"],
        email=row["email"],
        phone=row["phone"],
        slip_printed_at=row["slip_printed_at"],
        cancel_request=cancel_request_of(row),
        state=State(row["state"]),
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
        end_cause=EndCause(row["end_cause"]) if row["end_cause"] else None,
        end_reason=row["end_reason"],
        version=row["version"],
    )


def cancel_request_of(row: Fields) -> CancelRequest | None:
    """That somebody asks to give the copy up, of a reservation's row."""
    if row["cancel_requested_at"] is None:
        return None
    return CancelRequest(at=row["cancel_requested_at"], by=row["cancel_requested_by"], reason=row["cancel_request"])
