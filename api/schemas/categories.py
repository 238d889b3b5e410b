"""The tree of article categories on the wire (A31)."""

from pydantic import Field

from api.schemas.base import Closed, Line, Listing, Open, UtcInstant, chosen, open_choice
from api.schemas.identities import TableCode
from domain.model.category import Level
from domain.queries.categories import CategoryView
from domain.usecases.categories import CategoryCard


class CategoryPut(Closed):
    """A node of the tree: a magasin (``shop``), a secteur (``sector``) or a catégorie; its parent is of the level above."""

    label: Line = Field(examples=["Albums"])
    level: chosen(Level) = Field(examples=["category"])  # type: ignore[valid-type]
    parent: TableCode | None = Field(default=None, examples=[None])

    def meant(self) -> CategoryCard:
        return CategoryCard(label=self.label, level=self.level, parent=self.parent)


class Category(Open):
    """A node of the tree; ``parent`` is the code of the node above."""

    code: str = Field(examples=["ALB"])
    label: str = Field(examples=["Albums"])
    level: open_choice(Level)  # type: ignore[valid-type]
    parent: str | None = Field(examples=["JEU"])
    updated_at: UtcInstant
    version: int = Field(examples=[1])

    @classmethod
    def of(cls, view: CategoryView) -> "Category":
        return cls(
            code=view.code,
            label=view.label,
            level=view.level.value,
            parent=view.parent,
            updated_at=view.updated_at,
            version=view.version,
        )


class CategoryPage(Listing[Category]):
    """The whole tree: magasins, then secteurs, then catégories."""
