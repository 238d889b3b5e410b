"""The shop's analysis of its articles in three levels: magasin over secteur over catégorie (A31, A44)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.errors import Fault, Inconsistent


class Level(StrEnum):
    SHOP = "shop"
    SECTOR = "sector"
    CATEGORY = "category"


ABOVE = {Level.CATEGORY: Level.SECTOR, Level.SECTOR: Level.SHOP}
"""The level of a node's parent; a magasin has none."""
MOST_CATEGORIES = 5000


@dataclass(slots=True, kw_only=True, eq=False)
class Category:
    """A node of the tree. Its code is unique over all levels; ``parent`` is of the level above, or unknown."""

    code: str
    label: str
    level: Level
    parent: str | None
    updated_at: datetime
    version: int = 1

    def under(self, parent: "Category | None") -> None:
        """Raises ``Inconsistent`` when ``parent`` is not of the level above."""
        if parent is not None and ABOVE.get(self.level) is not parent.level:
            raise Inconsistent(faults=[Fault("parent-level", "/parent")])
