"""Two sides in turn."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median

PAIRS = 5

Side = Callable[[int], Awaitable[float]]
"""Measures one round, whose number it is given; answers its figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``ratio`` is the median of the pairs, ``spread`` the smallest and the largest, ``told`` the raw figures in words."""

    ratio: float
    spread: tuple[float, float]
    told: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One side and what it is called."""

    name: str
    measure: Side


async def compare(*, ours: Named, theirs: Named, unit: str, pairs: int = PAIRS) -> Result:
    """``ours`` / ``theirs``, measured ``pairs`` times, one after the other; who begins changes each time."""
    figures: tuple[list[float], list[float]] = ([], [])
    for number in range(pairs):
        both = ((ours, figures[0]), (theirs, figures[1]))
        for side, into in both if number % 2 == 0 else reversed(both):
            into.append(await side.measure(number))
    ratios = [mine / other for mine, other in zip(*figures, strict=True)]
    told = [
        f"{side.name}: median {median(found):.4g} {unit} ({', '.join(f'{each:.4g}' for each in found)})"
        for side, found in zip((ours, theirs), figures, strict=True)
    ]
    return Result(ratio=median(ratios), spread=(min(ratios), max(ratios)), told=told)
