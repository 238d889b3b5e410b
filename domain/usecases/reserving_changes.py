"""What is changed on copies that stay set aside: their place, their deadline, and that somebody asks to give them up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from domain.model.access import Caller
from domain.model.reservation import CancelRequest, Reservation
from domain.model.values import ReservationId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.reservations import ReservationView
from domain.usecases.reserving import keep_reservation, lock_reservations, views_of
from domain.usecases.work import Surroundings, expect, told, until_done


class KeptChanges(TypedDict, total=False):
    """What to change of a reservation; absent stays. ``slip_printed``: its slip was printed just now (A29)."""

    place: str | None
    pickup_deadline: date
    slip_printed: bool


@dataclass(frozen=True, slots=True)
class ReservationChanges:
    around: Surroundings

    async def change(
        self, *, by: Caller, reservation_id: ReservationId, version: int, changes: KeptChanges
    ) -> ReservationView:
        """Raises ``NotFound``, ``StaleVersion``, ``ReservationEnded``, ``DeadlinePast``."""
        today = self.around.today(by.dossier)

        def make(kept: Reservation) -> None:
            expect(kept.version, version)
            if "place" in changes:
                kept.put(changes["place"])
            if "pickup_deadline" in changes:
                kept.postpone(changes["pickup_deadline"], today=today)
            if changes.get("slip_printed"):
                kept.printed(self.around.clock())

        async def attempt() -> ReservationView:
            async with self.around.begin(by.dossier, by.client) as work:
                (view,) = await self._all(work, by, [reservation_id], make)
                await work.commit()
                return view

        return await until_done(attempt)

    async def postpone(
        self, *, by: Caller, ids: Sequence[ReservationId], until: date, once: Once[list[ReservationView]]
    ) -> Told:
        """Keep many until another day: all of the list, or none. Raises ``NotFound``, ``ReservationEnded``, ``DeadlinePast``."""
        today = self.around.today(by.dossier)

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                views = await self._all(work, by, ids, lambda kept: kept.postpone(until, today=today))
                return await told(work, once, views)

        return await until_done(attempt, retry_stale=True)

    async def ask_to_cancel(
        self, *, by: Caller, reservation_id: ReservationId, reason: str | None, once: Once[ReservationView]
    ) -> Told:
        """Somebody asks to give the copy up; a person decides (P7). Raises ``NotFound``, ``ReservationEnded``."""

        def ask(kept: Reservation) -> None:
            kept.ask_to_cancel(CancelRequest(at=self.around.clock(), by=by.client, reason=reason))

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                (view,) = await self._all(work, by, [reservation_id], ask)
                return await told(work, once, view)

        return await until_done(attempt, retry_stale=True)

    async def keep_after_all(self, *, by: Caller, reservation_id: ReservationId, version: int) -> ReservationView:
        """Nobody asks to give it up any more. Raises ``NotFound``, ``StaleVersion``, ``ReservationEnded``."""

        def make(kept: Reservation) -> None:
            expect(kept.version, version)
            kept.keep_after_all()

        async def attempt() -> ReservationView:
            async with self.around.begin(by.dossier, by.client) as work:
                (view,) = await self._all(work, by, [reservation_id], make)
                await work.commit()
                return view

        return await until_done(attempt)

    async def _all(
        self, work: UnitOfWork, by: Caller, ids: Sequence[ReservationId], make: Callable[[Reservation], None]
    ) -> list[ReservationView]:
        locked = await lock_reservations(work, ids, shelves=False)
        for kept in locked.reservations:
            seen = kept.version
            make(kept)
            if kept.version != seen:
                keep_reservation(work, kept, around=self.around, by=by)
        return await views_of(work, locked)
