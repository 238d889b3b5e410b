"""What every use case shares: its surroundings, its events, and how an answer is kept with its effect."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import MessageTold, StaleVersion, TryAgain
from domain.events import Event, EventType
from domain.model.access import Caller, Dossier
from domain.model.message import MessageEvent
from domain.model.order import CustomerOrder
from domain.model.reservation import Reservation
from domain.ports.answers import Once, Told
from domain.ports.messages import Job, JobKind
from domain.ports.surroundings import Clock, NewId
from domain.ports.unit_of_work import UnitOfWork, UnitsOfWork

T = TypeVar("T")

ATTEMPTS = 5
"""How often work is done again that lost a race inside the database, before the caller hears of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Handed to every use case by the composition root."""

    begin: UnitsOfWork
    clock: Clock
    new_id: NewId

    def today(self, dossier: Dossier) -> date:
        """The business day in the dossier's time zone."""
        return self.clock().astimezone(ZoneInfo(dossier.time_zone)).date()

    def event(
        self, kind: EventType, subject: UUID, version: int, by: Caller, at: datetime, **data: str | int | None
    ) -> Event:
        return Event(id=self.new_id(), type=kind, subject=subject, version=version, at=at, by=by.client, data=data)

    def order_event(self, kind: EventType, order: CustomerOrder, by: Caller, at: datetime) -> Event:
        return self.event(
            kind,
            order.id,
            order.version,
            by,
            at,
            order_id=order.id.hex,
            order_number=order.number,
            name=order.contact.name,
            status=order.status.value,
        )

    def reservation_event(self, kind: EventType, kept: Reservation, by: Caller, at: datetime) -> Event:
        return self.event(
            kind,
            kept.id,
            kept.version,
            by,
            at,
            reservation_id=kept.id.hex,
            order_id=kept.order_id.hex if kept.order_id else None,
            ean=kept.ean,
            name=kept.name,
        )


def expect(version: int, wanted: int | None) -> None:
    """Raises ``StaleVersion`` when the caller's picture of a record (``wanted``) is not the present one."""
    if wanted is not None and wanted != version:
        raise StaleVersion(version=version)


def together(callers: Iterable[Caller]) -> str:
    """Whose change it is, in one name, when several are served by one transaction."""
    return ", ".join(dict.fromkeys(by.client for by in callers))


def tell_of(work: UnitOfWork, order: CustomerOrder, event: MessageEvent, *, by: Caller) -> None:
    """Have the customer hear of his order, where the shop wants that to go out by itself (P10)."""
    if event in by.dossier.messages.automatic:
        work.later(Job(kind=JobKind.TELL_OF_ORDER, subject=order.id.hex, detail=event.value))


async def told(work: UnitOfWork, once: Once[T], result: T) -> Told:
    """Word the result, keep the wording with the effect, commit, and only then answer."""
    answer = once.tell(result)
    work.keep(once, answer)
    await work.commit()
    return answer


async def until_done(attempt: Callable[[], Awaitable[T]], *, retry_stale: bool = False) -> T:
    """Do ``attempt`` again while it loses races inside the database; ``retry_stale`` where no caller's version is at stake."""
    for _ in range(ATTEMPTS - 1):
        try:
            return await attempt()
        except TryAgain:
            continue
        except StaleVersion:
            if not retry_stale:
                raise
    return await attempt()


async def until_told(attempt: Callable[[], Awaitable[T]]) -> T:
    """Do ``attempt`` again when somebody told one of the same people at the same moment: it then sees what was told."""
    for _ in range(ATTEMPTS - 1):
        try:
            return await attempt()
        except (TryAgain, StaleVersion, MessageTold):
            continue
    return await attempt()
