"""Third parties, read."""

from asyncpg import Record

from domain.errors import NotFound
from domain.model.values import DossierId, ThirdPartyId, folded
from domain.queries.pages import Count, Page, PageRequest
from domain.queries.third_parties import ThirdPartyFilter, ThirdPartyView, third_party_view
from infra.db.pools import Pool
from infra.readers.search import NOTHING, Conditions, count_of, page_of, selecting
from infra.repositories.third_parties import LOAD, third_party_of

SORTS = {"name": "t.name_key", "code": "t.code", "created_at": "t.created_at"}


class SqlThirdPartyReader:
    """``ThirdPartyReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(self, dossier: DossierId, third_party_id: ThirdPartyId) -> ThirdPartyView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(LOAD, dossier, third_party_id)
        if row is None:
            raise NotFound(what="third party")
        return _view(row)

    async def search(self, dossier: DossierId, wanted: ThirdPartyFilter, page: PageRequest) -> Page[ThirdPartyView]:
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting("t.*", "third_party t", sorts=SORTS, sort=page.sort, key="t.third_party_id"),
                where=_where(dossier, wanted),
                sorts=SORTS,
                key="t.third_party_id",
                request=page,
                make=_view,
            )

    async def count(self, dossier: DossierId, wanted: ThirdPartyFilter) -> Count:
        async with self._pool.of(dossier) as connection:
            return await count_of(connection, source="third_party t", where=_where(dossier, wanted))


def _view(row: Record) -> ThirdPartyView:
    return third_party_view(third_party_of(row))


def _where(dossier: DossierId, wanted: ThirdPartyFilter) -> Conditions:
    where = Conditions(dossier, "t")
    where.equal("type", wanted.type)
    where.equal("code", wanted.code.upper() if wanted.code else None)
    if wanted.q is not None:
        words = folded(wanted.q)
        if len(words.split()) == 1:
            where.add(
                "(t.code = {0} OR t.third_party_id IN (SELECT w.third_party_id FROM third_party_token w "
                "WHERE w.dossier_id = $1 AND w.token >= {0} AND w.token < {1}))",
                words,
                words + "\U0010ffff",
            )
        else:
            where.words(table="third_party_token", key="third_party_id", folded=words or NOTHING)
    return where
