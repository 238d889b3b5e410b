"""The tree of article categories, read."""

from domain.errors import NotFound
from domain.model.category import MOST_CATEGORIES
from domain.model.values import DossierId
from domain.queries.categories import CategoryView, category_view
from infra.db.pools import Pool
from infra.repositories.catalogue import category_of

CATEGORIES = "SELECT * FROM category WHERE dossier_id = $1"
BY_LEVEL = "array_position(ARRAY['shop', 'sector', 'category'], level), code"


class SqlCategoryReader:
    """``CategoryReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def all(self, dossier: DossierId) -> list[CategoryView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(f"{CATEGORIES} ORDER BY {BY_LEVEL} LIMIT {MOST_CATEGORIES}", dossier)
        return [category_view(category_of(row)) for row in rows]

    async def one(self, dossier: DossierId, code: str) -> CategoryView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(f"{CATEGORIES} AND code = $2", dossier, code)
        if row is None:
            raise NotFound(what="category")
        return category_view(category_of(row))
