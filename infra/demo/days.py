"""The demo's calendar: everything but the seeds is counted back from the day of loading."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Draws instants and identifiers. ``now`` is the moment of loading, in UTC."""

    now: datetime
    rng: Random
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Paris"))

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def moment_on(self, day: date) -> datetime:
        """Some moment of that day's opening hours, never in the future."""
        opening = datetime.combine(day, time(9, 30), self.zone).astimezone(UTC)
        return min(opening + timedelta(seconds=self.rng.randrange(9 * 3600)), self.just_now())

    def ago(self, days: int) -> datetime:
        """Some moment of the opening hours so many days ago, on the Saturday before if the shop was shut."""
        if days == 0:
            return self.just_now()
        day = self.today - timedelta(days=days)
        return self.moment_on(day - timedelta(days=day.weekday() == SUNDAY))

    def just_now(self) -> datetime:
        return self.now - timedelta(seconds=self.rng.randrange(300, 9000))

    def between(self, start: datetime, end: datetime) -> datetime:
        """Some moment after ``start`` and not after ``end``."""
        return start + (end - start) * self.rng.uniform(0.2, 0.8)

    def new_id(self, at: datetime) -> UUID:
        """A UUIDv7 (RFC 9562) of that moment, so that history sorts as if it had been lived."""
        stamp = int(at.timestamp() * 1000)
        return UUID(int=stamp << 80 | 7 << 76 | self.rng.getrandbits(12) << 64 | 2 << 62 | self.rng.getrandbits(62))
