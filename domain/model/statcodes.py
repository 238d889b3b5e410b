"""Statistics codes: three axes, each with its table of values and its levels (B81, B82)."""

import re
from dataclasses import dataclass
from itertools import pairwise

from domain.errors import Fault, Invalid

AXES = range(1, 4)
MOST_LEVELS = 4
LONGEST = 8
"""Positions of a statistics code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatAxis:
    """One of the three statistics codes of a customer, as the company file defines it (B81, B82).

    ``label`` is its name on all screens. ``segments`` are the cumulative lengths of its levels, in characters: (2, 4, 8)
    reads FR44ABCD as FR, FR44, FR44ABCD; none leaves the code whole. Raises ``Invalid`` with every fault there is.
    """

    number: int
    label: str
    segments: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        faults = []
        if self.number not in AXES:
            faults.append(Fault("axis-number", "/number"))
        if not self.label.strip():
            faults.append(Fault("blank", "/label"))
        is_rising = all(shorter < longer for shorter, longer in pairwise((0, *self.segments, LONGEST + 1)))
        if len(self.segments) > MOST_LEVELS or not is_rising:
            faults.append(Fault("segments", "/segments"))
        if faults:
            raise Invalid(faults=faults)

    def levels(self, code: str) -> list[str]:
        """The codes of the levels ``code`` belongs to, from the widest: itself is the last, whether it fills its level or not."""
        filled = [code[:length] for length in self.segments if length <= len(code)]
        return filled if code in {"", *filled} else [*filled, code]


def stat_code(text: str, *, pointer: str) -> str:
    """A statistics code as kept: 1 to 8 letters and digits in capitals (B82). Raises ``Invalid`` with ``stat-code-format``."""
    code = text.strip()
    if re.fullmatch(r"[A-Za-z0-9]{1,8}", code) is None:
        raise Invalid(faults=[Fault("stat-code-format", pointer)])
    return code.upper()
