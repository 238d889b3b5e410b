"""Reservations and receptions in memory."""

from collections.abc import Sequence
from copy import deepcopy

from domain.errors import NotFound, StaleVersion
from domain.model.reception import Reception
from domain.model.reservation import Reservation, State
from domain.model.values import LineId, OrderId, ReservationId
from tests.fakes.base import Base, Impossible, Tables
from tests.fakes.held import Held


class FakeReservations:
    """``Reservations`` of one dossier in one unit of work."""

    def __init__(self, base: Base, held: Held) -> None:
        self._base = base
        self._held = held
        self._loaded: dict[ReservationId, int] = {}
        self._new: dict[ReservationId, Reservation] = {}
        self._changed: dict[ReservationId, Reservation] = {}

    async def lock(self, ids: Sequence[ReservationId]) -> list[Reservation]:
        for each in sorted(set(ids)):
            await self._held.take(("reservation", each))
        return await self.peek(ids)

    async def peek(self, ids: Sequence[ReservationId]) -> list[Reservation]:
        there = self._base.tables.reservations
        if not set(ids) <= set(there):
            raise NotFound(what="reservation")
        return [self._known(there[each]) for each in dict.fromkeys(ids)]

    async def kept_for(self, line_ids: Sequence[LineId]) -> list[Reservation]:
        for kept in self._kept(line_ids):
            await self._held.take(("reservation", kept.id))
        return [self._known(kept) for kept in self._kept(line_ids)]

    async def of_order(self, order_id: OrderId) -> list[Reservation]:
        ids = [each.id for each in self._base.tables.reservations.values() if each.order_id == order_id]
        return await self.lock(sorted(ids))

    def _kept(self, line_ids: Sequence[LineId]) -> list[Reservation]:
        kept = [
            each
            for each in self._base.tables.reservations.values()
            if each.line_id in line_ids and each.state is State.SET_ASIDE
        ]
        return sorted(kept, key=lambda each: (each.set_aside_at, each.id))

    def add(self, reservation: Reservation) -> None:
        self._new[reservation.id] = reservation

    def save(self, reservation: Reservation) -> None:
        if reservation.id not in self._new:
            self._changed[reservation.id] = reservation

    def _known(self, reservation: Reservation) -> Reservation:
        self._loaded[reservation.id] = reservation.version
        return deepcopy(reservation)

    async def settle(self, tables: Tables) -> None:
        for reservation in self._changed.values():
            if tables.reservations[reservation.id].version != self._loaded[reservation.id]:
                raise StaleVersion
        for reservation in [*self._new.values(), *self._changed.values()]:
            if reservation.quantity < 1 or (reservation.state is State.SET_ASIDE) != (reservation.ended_at is None):
                raise Impossible(f"such a reservation: {reservation}")
            tables.reservations[reservation.id] = deepcopy(reservation)

    @property
    def touched(self) -> list[ReservationId]:
        return sorted(self._changed)


class FakeReceptions:
    """``Receptions`` of one dossier in one unit of work."""

    def __init__(self) -> None:
        self._new: list[Reception] = []

    def add(self, reception: Reception) -> None:
        self._new.append(reception)

    async def settle(self, tables: Tables) -> None:
        tables.receptions.extend(self._new)
