"""Flashes: colleagues are told of a new card, so that whoever must can check it and give its visa (B9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.errors import NotFound
from domain.events import EventType
from domain.model.access import Caller
from domain.model.flash import Flash
from domain.model.values import Party, StaffId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.work import Surroundings, told


@dataclass(frozen=True, slots=True)
class Flashes:
    around: Surroundings

    async def read(self, *, by: Caller, flash_id: UUID, once: Once[Flash]) -> Told:
        """The recipient has seen it; a second time changes nothing. Raises ``NotFound``, for another's flash too."""
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            flash = await work.flashes.get(flash_id)
            if by.staff_id is None or flash.staff_id != by.staff_id:
                raise NotFound(what="flash")
            if flash.read_at is None:
                flash.read_at = self.around.clock()
                work.flashes.save(flash)
            return await told(work, once, flash)


def tell_colleagues(
    work: UnitOfWork,
    *,
    around: Surroundings,
    by: Caller,
    people: Iterable[StaffId],
    card: Party,
    name: str,
    approved: bool,
    at: datetime,
) -> None:
    """A flash to each of ``people``, whom the dossier's settings name for this kind of card; their pages hear of it at once.

    The event names nobody: a card's name is told to those only who may see the card (B30).
    """
    for staff_id in people:
        flash = Flash(
            id=around.new_id(), staff_id=staff_id, card=card, name=name, approved=approved, by=by.client, at=at
        )
        work.flashes.add(flash)
        work.emit(
            around.event(
                EventType.FLASH_SENT,
                flash.id,
                1,
                by,
                at,
                user_id=staff_id.hex,
                customer_id=card.customer_id.hex if card.customer_id else None,
                third_party_id=card.third_party_id.hex if card.third_party_id else None,
            )
        )
