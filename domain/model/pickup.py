"""Until when a copy is kept: by customer category, closed days not counted (P5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.errors import Fault, Inconsistent

PICKUP_DAYS = 14
LONGEST = 365
"""Open days that a copy may be kept at most: more is a slip of the keyboard."""
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupRules:
    """``days`` counts days on which the shop is open; ``by_category`` goes before it, by the customer's category.

    ``closed_weekdays`` are ISO weekdays (1 is Monday), ``closed_dates`` single days; neither is counted, and no deadline falls
    on one. Raises ``Inconsistent`` when the shop would never open.
    """

    days: int = PICKUP_DAYS
    by_category: Mapping[str, int] = field(default_factory=dict)
    closed_weekdays: frozenset[int] = frozenset()
    closed_dates: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.closed_weekdays) >= WEEK:
            raise Inconsistent(faults=[Fault("never-open", "/pickup/closed_weekdays")])

    def is_open(self, day: date) -> bool:
        return day.isoweekday() not in self.closed_weekdays and day not in self.closed_dates

    def deadline(self, today: date, *, category: str | None = None, wanted: date | None = None) -> date:
        """The last day of the pick-up time of a copy set aside ``today``.

        ``wanted`` is the customer's own date: it wins where it is earlier, but never lies before ``today``.
        """
        left = self.by_category.get(category, self.days) if category is not None else self.days
        day = today
        while left > 0:
            day += timedelta(days=1)
            left -= self.is_open(day)
        return day if wanted is None else max(today, min(day, wanted))
