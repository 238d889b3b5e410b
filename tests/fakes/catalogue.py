"""Categories, answers, tariffs and saved lists in memory."""

from collections.abc import Collection, Sequence
from copy import deepcopy

from domain.errors import CategoryInUse, CodeTaken, NotFound, StaleVersion
from domain.model.answers import KnownAnswer
from domain.model.card import DiscountDetails
from domain.model.category import Category
from domain.model.saved_list import SavedList
from domain.model.values import SavedListId
from tests.fakes.base import Base, Tables
from tests.fakes.held import Held


class FakeAnswers:
    """``Answers`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._loaded: dict[str, int] = {}
        self._new: list[KnownAnswer] = []
        self._changed: list[KnownAnswer] = []
        self._gone: list[KnownAnswer] = []

    async def known(self) -> dict[str, KnownAnswer]:
        found = deepcopy(self._base.tables.known_answers)
        self._loaded = {code: answer.version for code, answer in found.items()}
        return found

    def add(self, answer: KnownAnswer) -> None:
        self._new.append(answer)

    def save(self, answer: KnownAnswer) -> None:
        self._changed.append(answer)

    def remove(self, answer: KnownAnswer) -> None:
        self._gone.append(answer)

    async def settle(self, tables: Tables) -> None:
        for answer in self._new:
            if answer.code in tables.known_answers:
                raise CodeTaken
            tables.known_answers[answer.code] = deepcopy(answer)
        for answer in [*self._changed, *self._gone]:
            there = tables.known_answers.get(answer.code)
            if there is None or there.version != self._loaded.get(answer.code):
                raise StaleVersion
        for answer in self._changed:
            tables.known_answers[answer.code] = deepcopy(answer)
        for answer in self._gone:
            del tables.known_answers[answer.code]


class FakeCategories:
    """``Categories`` of one dossier in one unit of work."""

    def __init__(self, base: Base, held: Held) -> None:
        self._base = base
        self._held = held
        self._loaded: dict[str, int] = {}
        self._new: list[Category] = []
        self._changed: list[Category] = []
        self._gone: list[Category] = []

    async def all(self) -> dict[str, Category]:
        await self._held.take("categories")
        found = deepcopy(self._base.tables.categories)
        self._loaded = {code: category.version for code, category in found.items()}
        return found

    async def discounted(self, code: str) -> bool:
        return any(rule.details.category == code for rule in self._base.tables.discounts.values())

    async def ancestry(self, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
        tree = self._base.tables.categories
        paths: dict[str, tuple[str, ...]] = {}
        for code in codes:
            path: list[str] = []
            at: str | None = code
            while at is not None and at in tree:
                path.append(at)
                at = tree[at].parent
            if path:
                paths[code] = tuple(path)
        return paths

    def add(self, category: Category) -> None:
        self._new.append(category)

    def save(self, category: Category) -> None:
        self._changed.append(category)

    def remove(self, category: Category) -> None:
        self._gone.append(category)

    async def settle(self, tables: Tables) -> None:
        for category in self._new:
            if category.code in tables.categories:
                raise CodeTaken
            tables.categories[category.code] = deepcopy(category)
        for category in [*self._changed, *self._gone]:
            there = tables.categories.get(category.code)
            if there is None or there.version != self._loaded.get(category.code):
                raise StaleVersion
        for category in self._changed:
            tables.categories[category.code] = deepcopy(category)
        for category in self._gone:
            if _named(tables, category.code):
                raise CategoryInUse
            del tables.categories[category.code]


def _named(tables: Tables, code: str) -> bool:
    return (
        any(article.category == code for article in tables.articles.values())
        or any(category.parent == code for category in tables.categories.values())
        or any(rule.category == code for rules in tables.tariffs.values() for rule in rules)
    )


class FakeTariffs:
    """``Tariffs`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._new: dict[str, list[DiscountDetails]] = {}

    async def rules(self, tariff: str) -> list[DiscountDetails]:
        return list(self._base.tables.tariffs.get(tariff, []))

    async def replace(self, tariff: str, rules: Sequence[DiscountDetails]) -> None:
        self._new[tariff] = list(rules)

    async def settle(self, tables: Tables) -> None:
        tables.tariffs |= self._new


class FakeSavedLists:
    """``SavedLists`` of one dossier in one unit of work."""

    def __init__(self, base: Base, held: Held) -> None:
        self._base = base
        self._held = held
        self._loaded: dict[SavedListId, int] = {}
        self._written: list[SavedList] = []
        self._gone: list[SavedList] = []

    async def get(self, list_id: SavedListId) -> SavedList:
        await self._held.take(("saved list", list_id))
        if list_id not in self._base.tables.saved_lists:
            raise NotFound(what="saved-list")
        saved = deepcopy(self._base.tables.saved_lists[list_id])
        self._loaded[list_id] = saved.version
        return saved

    def add(self, saved: SavedList) -> None:
        self._written.append(saved)

    def save(self, saved: SavedList) -> None:
        self._written.append(saved)

    def remove(self, saved: SavedList) -> None:
        self._gone.append(saved)

    async def settle(self, tables: Tables) -> None:
        for saved in [*self._written, *self._gone]:
            there = tables.saved_lists.get(saved.id)
            if there is not None and there.version != self._loaded.get(saved.id):
                raise StaleVersion
        for saved in self._written:
            tables.saved_lists[saved.id] = deepcopy(saved)
        for saved in self._gone:
            del tables.saved_lists[saved.id]
