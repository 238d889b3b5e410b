"""Whose copies wait: told by a button or by the pass that runs by itself (A38, C11, P10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from domain.model.access import Caller
from domain.model.message import PICKUP_EVENTS, Kept, MessageChannel, MessageEvent, Recipient, Withheld
from domain.model.reservation import Reservation, State
from domain.model.values import ReservationId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.messages import Composition, HeldBack
from domain.usecases.composing import Composed, Composer, Occasion, held_back, kept_of
from domain.usecases.work import Surroundings, told, until_told

MOST = 500
"""Persons told by one transaction of a pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Copies whose customers are to hear of them. ``channel`` None: the first that reaches; ``event`` None: the present step."""

    reservation_ids: Sequence[ReservationId]
    channel: MessageChannel | None = None
    event: MessageEvent | None = None


@dataclass(frozen=True, slots=True)
class Reminding:
    around: Surroundings
    public_url: str

    async def preview(self, *, by: Caller, reminder: Reminder) -> Composition:
        """What ``remind`` would do now; nothing is kept. Raises ``NotFound``."""
        async with self.around.begin(by.dossier, by.client) as work:
            return (await self._composed(self._composer(work, by), reminder)).told()

    async def remind(self, *, by: Caller, reminder: Reminder, once: Once[Composition]) -> Told:
        """Tell those who wait, one message a person. Raises ``NotFound``."""

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                composer = self._composer(work, by)
                composed = await self._composed(composer, reminder)
                composer.keep(composed)
                return await told(work, once, composed.told())

        return await until_told(attempt)

    async def go_through(self, *, by: Caller) -> int:
        """The pass: whoever is due hears of it, where the step is one that goes out by itself; how many messages that makes.

        Outside of the hours nothing is composed: what comes together until the opening makes one message a person.
        """
        made = 0
        while (more := await until_told(lambda: self._some(by))) == MOST:
            made += more
        return made + more

    async def _some(self, by: Caller) -> int:
        rules, now = by.dossier.messages, self.around.clock()
        if rules.next_opening(now, ZoneInfo(by.dossier.time_zone)) != now:
            return 0
        async with self.around.begin(by.dossier, by.client) as work:
            ids = await work.messages.due(
                rules, today=self.around.today(by.dossier), before=now - timedelta(minutes=rules.grace)
            )
            if not ids:
                return 0
            composer = self._composer(work, by)
            occasions, _ = await self._occasions(composer, Reminder(reservation_ids=ids))
            wanted = [each for each in occasions if each.event in rules.automatic]
            composed = await composer.compose(wanted, channel=None, most=MOST)
            composer.keep(composed)
            await work.commit()
            return len(composed.messages)

    def _composer(self, work: UnitOfWork, by: Caller) -> Composer:
        return Composer(around=self.around, work=work, by=by, now=self.around.clock(), public_url=self.public_url)

    async def _composed(self, composer: Composer, reminder: Reminder) -> Composed:
        occasions, held = await self._occasions(composer, reminder)
        return await composer.compose(occasions, channel=reminder.channel, held=held)

    async def _occasions(self, composer: Composer, reminder: Reminder) -> tuple[list[Occasion], list[HeldBack]]:
        """What each person is to hear: of all of his copies, at the mildest of their steps.

        The mildest is true of every copy; one whose step is farther stays untold of it, and is due again the next day.
        """
        messages, wanted = composer.work.messages, list(dict.fromkeys(reminder.reservation_ids))
        reservations = await composer.work.reservations.peek(wanted)
        people = await messages.for_reservations(reservations)
        said = await messages.told(wanted)
        held, groups = [], dict[str, tuple[Recipient, list[tuple[MessageEvent, Kept]]]]()
        for each in reservations:
            recipient, kept = people[each.id], kept_of(each)
            if each.state is not State.SET_ASIDE:
                held.append(held_back(recipient, Withheld.ENDED, [kept]))
                continue
            step = reminder.event or self._step(composer, each)
            if reminder.event is None and composer.by.dossier.messages.from_step(step) & set(said[each.id]):
                held.append(held_back(recipient, Withheld.ALREADY_TOLD, [kept]))
                continue
            groups.setdefault(recipient.key, (recipient, []))[1].append((step, kept))
        occasions = [
            Occasion(
                recipient=recipient,
                event=min((step for step, _ in copies), key=PICKUP_EVENTS.index),
                kept=tuple(kept for _, kept in copies),
            )
            for recipient, copies in groups.values()
        ]
        return occasions, held

    def _step(self, composer: Composer, reservation: Reservation) -> MessageEvent:
        """The present step; before the first, a person who presses the button announces the copy."""
        dossier = composer.by.dossier
        since = reservation.set_aside_at.astimezone(ZoneInfo(dossier.time_zone)).date()
        return dossier.messages.step_on(since, self.around.today(dossier)) or MessageEvent.ARRIVAL
