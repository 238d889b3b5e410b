"""The tree of article categories: magasin over secteur over catégorie (A31)."""

from dataclasses import dataclass
from datetime import datetime

from domain.errors import CategoryInUse, CodeTaken, Fault, Inconsistent, NotFound, TableFull, UnknownCode
from domain.events import EventType
from domain.model.access import Caller
from domain.model.category import ABOVE, MOST_CATEGORIES, Category, Level
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.categories import CategoryView, category_view
from domain.usecases.work import Surroundings, expect


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryCard:
    """What a person writes of a node."""

    label: str
    level: Level
    parent: str | None


@dataclass(frozen=True, slots=True)
class Categories:
    around: Surroundings

    async def put(self, *, by: Caller, code: str, card: CategoryCard, version: int | None) -> tuple[CategoryView, bool]:
        """A new node (``version`` None), or another label or place for one; whether it is new.

        Raises ``CodeTaken`` for a new one whose code is there, ``NotFound`` and ``StaleVersion`` for a known one,
        ``UnknownCode`` for a parent that the tree does not have, ``Inconsistent`` for one that is not of the level above the
        node's, or for a level that is not above the node's children; ``TableFull``.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            tree = await work.categories.all()
            there = tree.get(code)
            wanted = Category(code=code, label=card.label, level=card.level, parent=card.parent, updated_at=now)
            if version is None:
                if there is not None:
                    raise CodeTaken
                if len(tree) >= MOST_CATEGORIES:
                    raise TableFull(most=MOST_CATEGORIES)
                _fit(wanted, tree)
                work.categories.add(wanted)
                self._tell(work, wanted, by, now)
                await work.commit()
                return category_view(wanted), True
            if there is None:
                raise NotFound(what="category")
            expect(there.version, version)
            if (there.label, there.level, there.parent) != (card.label, card.level, card.parent):
                _fit(wanted, tree)
                wanted.version = there.version + 1
                work.categories.save(wanted)
                self._tell(work, wanted, by, now)
                await work.commit()
                there = wanted
            return category_view(there), False

    async def remove(self, *, by: Caller, code: str, version: int) -> None:
        """Raises ``NotFound``, ``StaleVersion``, ``CategoryInUse`` when an article, a discount or another node names it."""
        async with self.around.begin(by.dossier, by.client) as work:
            there = (await work.categories.all()).get(code)
            if there is None:
                raise NotFound(what="category")
            expect(there.version, version)
            if await work.categories.discounted(code):
                raise CategoryInUse
            work.categories.remove(there)
            there.version += 1
            self._tell(work, there, by, self.around.clock())
            await work.commit()

    def _tell(self, work: UnitOfWork, category: Category, by: Caller, at: datetime) -> None:
        kind = EventType.SETTINGS_UPDATED
        work.emit(self.around.event(kind, by.dossier.id, category.version, by, at, table="article-categories"))


def _fit(node: Category, tree: dict[str, Category]) -> None:
    """Raises ``UnknownCode`` or ``Inconsistent`` when the node does not go between its parent and its children."""
    if node.parent is not None and node.parent not in tree:
        raise UnknownCode(faults=[Fault("unknown-code", "/parent", (("table", "article-categories"),))])
    node.under(tree[node.parent] if node.parent is not None else None)
    if any(child.parent == node.code and ABOVE.get(child.level) is not node.level for child in tree.values()):
        raise Inconsistent(faults=[Fault("children-level", "/level")])
