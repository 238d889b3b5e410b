"""Putting the queue of an article in another order (C5, P3)."""

from collections.abc import Collection, Sequence

from domain.errors import Fault, QueueBegun, QueueChanged
from domain.model.values import LineId

MOST_PLACES = 5000
"""Lines of one queue that a person can put in order at once."""


def check_order(*, before: Sequence[LineId], begun: Collection[LineId], after: Sequence[LineId]) -> None:
    """Whether the queue ``before`` may be served in the order ``after``.

    A line that is being served (``begun``) is never passed by one that was behind it; it may move forward itself. Raises
    ``QueueChanged`` unless ``after`` names each line of the queue once and nothing else, ``QueueBegun`` naming each line
    that would be passed.
    """
    places = {line_id: place for place, line_id in enumerate(before)}
    if len(after) != len(before) or set(after) != places.keys():
        raise QueueChanged
    faults = []
    furthest = -1
    for index, line_id in enumerate(after):
        if line_id in begun and furthest > places[line_id]:
            faults.append(Fault("passed", f"/line_ids/{index}"))
        furthest = max(furthest, places[line_id])
    if faults:
        raise QueueBegun(faults=faults)
