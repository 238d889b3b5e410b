"""The tree of article categories as it is read (A31)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.model.category import Category, Level
from domain.model.values import DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryView:
    """A node of the tree."""

    code: str
    label: str
    level: Level
    parent: str | None
    updated_at: datetime
    version: int


def category_view(category: Category) -> CategoryView:
    """The node as its reader would answer it."""
    return CategoryView(
        code=category.code,
        label=category.label,
        level=category.level,
        parent=category.parent,
        updated_at=category.updated_at,
        version=category.version,
    )


class CategoryReader(Protocol):
    async def all(self, dossier: DossierId) -> list[CategoryView]:
        """The whole tree: magasins, then secteurs, then catégories, each by code."""
        ...

    async def one(self, dossier: DossierId, code: str) -> CategoryView:
        """Raises ``NotFound``."""
        ...
