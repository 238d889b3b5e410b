"""Customers, read."""

from asyncpg import Record

from domain.errors import NotFound
from domain.model.values import CustomerId, DossierId, folded
from domain.queries.customers import CustomerFilter, CustomerView, view_of
from domain.queries.pages import Count, Page, PageRequest
from infra.db.pools import Pool
from infra.readers.search import NOTHING, Conditions, count_of, page_of, selecting
from infra.repositories.customers import customer_of, phone_key

SORTS = {
    "name": "c.name_key",
    "code": "c.code",
    "postal_code": "coalesce(c.postal_code, '')",
    "town": "coalesce(c.town_key, '')",
    "created_at": "c.created_at",
}


class SqlCustomerReader:
    """``CustomerReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(self, dossier: DossierId, customer_id: CustomerId) -> CustomerView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(
                "SELECT * FROM customer WHERE dossier_id = $1 AND customer_id = $2", dossier, customer_id
            )
        if row is None:
            raise NotFound(what="customer")
        return _view(row)

    async def search(self, dossier: DossierId, wanted: CustomerFilter, page: PageRequest) -> Page[CustomerView]:
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting("c.*", "customer c", sorts=SORTS, sort=page.sort, key="c.customer_id"),
                where=_where(dossier, wanted),
                sorts=SORTS,
                key="c.customer_id",
                request=page,
                make=_view,
            )

    async def count(self, dossier: DossierId, wanted: CustomerFilter) -> Count:
        async with self._pool.of(dossier) as connection:
            return await count_of(connection, source="customer c", where=_where(dossier, wanted))


def _view(row: Record) -> CustomerView:
    return view_of(customer_of(row))


def _where(dossier: DossierId, wanted: CustomerFilter) -> Conditions:
    where = Conditions(dossier, "c")
    if wanted.q is not None:
        words = folded(wanted.q)
        if len(words.split()) == 1:
            where.add(
                "(c.code = {0} OR c.customer_id IN (SELECT w.customer_id FROM customer_token w "
                "WHERE w.dossier_id = $1 AND w.token >= {0} AND w.token < {1}))",
                words,
                words + "\U0010ffff",
            )
        else:
            where.words(table="customer_token", key="customer_id", folded=words or NOTHING)
    where.equal("code", wanted.code.upper() if wanted.code else None)
    where.equal("email_key", wanted.email.casefold() if wanted.email else None)
    if wanted.phone is not None:
        where.equal("phone_key", phone_key(wanted.phone) or NOTHING)
    where.equal("postal_code", wanted.postal_code)
    if wanted.town is not None:
        where.prefix("c.town_key", folded(wanted.town) or NOTHING)
    where.equal("mail_order", wanted.mail_order)
    where.equal("collectivity", wanted.collectivity)
    return where
