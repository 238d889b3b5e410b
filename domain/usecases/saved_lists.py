"""Saved lists (listes mémorisées): kept, written anew, thrown away (A1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.model.access import Caller
from domain.model.article import Article
from domain.model.saved_list import SavedLine, SavedList
from domain.model.values import Ean, SavedListId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.saved_lists import SavedListView, saved_list_view
from domain.usecases.pricing import need_articles
from domain.usecases.work import Surroundings, expect, told


@dataclass(frozen=True, slots=True)
class SavedLists:
    around: Surroundings

    async def create(self, *, by: Caller, name: str, lines: Sequence[SavedLine], once: Once[SavedListView]) -> Told:
        """A new list. Raises ``Invalid`` naming every line whose article is unknown."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            articles = await _articles(work, lines)
            saved = SavedList(
                id=SavedListId(self.around.new_id()), name=name, lines=tuple(lines), created_at=now, updated_at=now
            )
            work.saved_lists.add(saved)
            return await told(work, once, saved_list_view(saved, articles))

    async def change(
        self, *, by: Caller, list_id: SavedListId, version: int, name: str, lines: Sequence[SavedLine]
    ) -> SavedListView:
        """Write the list anew. Raises ``NotFound``, ``StaleVersion``, ``Invalid``."""
        async with self.around.begin(by.dossier, by.client) as work:
            saved = await work.saved_lists.get(list_id)
            expect(saved.version, version)
            articles = await _articles(work, lines)
            if (name, tuple(lines)) != (saved.name, saved.lines):
                saved.name, saved.lines = name, tuple(lines)
                saved.updated_at = self.around.clock()
                saved.version += 1
                work.saved_lists.save(saved)
                await work.commit()
            return saved_list_view(saved, articles)

    async def remove(self, *, by: Caller, list_id: SavedListId, version: int) -> None:
        """Raises ``NotFound``, ``StaleVersion``."""
        async with self.around.begin(by.dossier, by.client) as work:
            saved = await work.saved_lists.get(list_id)
            expect(saved.version, version)
            work.saved_lists.remove(saved)
            await work.commit()


async def _articles(work: UnitOfWork, lines: Sequence[SavedLine]) -> Mapping[Ean, Article]:
    eans = [line.ean for line in lines]
    articles = await work.articles.many(eans)
    need_articles(eans, articles)
    return articles
