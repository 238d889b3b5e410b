"""Links from card to card: who is billed, who pays, which group. They must not run in a ring."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def closes_ring(start: Node, target: Node, follow: Mapping[Node, Node]) -> bool:
    """Whether the link ``start`` -> ``target`` would close a ring, ``follow`` being the links there are.

    A link to oneself is a ring; the link ``start`` has already is the one replaced. Rings elsewhere, in old data, are
    not this link's doing: the answer is then False.
    """
    seen: set[Node] = set()
    here = target
    while here != start:
        if here in seen or here not in follow:
            return False
        seen.add(here)
        here = follow[here]
    return True
