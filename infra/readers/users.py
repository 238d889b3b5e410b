"""The people of the shop, read."""

from asyncpg import Record

from domain.errors import NotFound
from domain.model.values import DossierId, StaffId
from domain.queries.pages import Page, PageRequest
from domain.queries.users import UserView, user_view
from infra.db.pools import Pool
from infra.readers.search import Conditions, page_of, selecting
from infra.repositories.users import user_of

SORTS = {"name": "s.name", "login": "s.login"}


class SqlUserReader:
    """``UserReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(self, dossier: DossierId, staff_id: StaffId) -> UserView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(
                "SELECT * FROM staff WHERE dossier_id = $1 AND staff_id = $2", dossier, staff_id
            )
        if row is None:
            raise NotFound(what="user")
        return _view(row)

    async def search(self, dossier: DossierId, page: PageRequest) -> Page[UserView]:
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting("s.*", "staff s", sorts=SORTS, sort=page.sort, key="s.staff_id"),
                where=Conditions(dossier, "s"),
                sorts=SORTS,
                key="s.staff_id",
                request=page,
                make=_view,
            )


def _view(row: Record) -> UserView:
    return user_view(user_of(row))
