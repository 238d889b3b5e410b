"""The ledger of deposits, read."""

from collections.abc import Collection

from asyncpg import Record

from domain.errors import NotFound
from domain.model.payment import DepositCause, PaymentMethod
from domain.model.values import CustomerId, DossierId, OrderId
from domain.queries.deposits import Deposits, DepositView
from domain.queries.pages import PageRequest
from infra.db.pools import Pool
from infra.readers.activity import current
from infra.readers.search import Conditions, page_of, selecting

COLUMNS = "d.*, o.number AS order_number"
SOURCE = "deposit_entry d JOIN customer_order o ON o.dossier_id = d.dossier_id AND o.order_id = d.order_id"
OF_ORDER = (
    "SELECT d.*, o.number AS order_number FROM customer_order o LEFT JOIN deposit_entry d USING (dossier_id, order_id) "
    "WHERE o.dossier_id = $1 AND o.order_id = $2 ORDER BY d.at, d.deposit_entry_id"
)
BALANCE = f"SELECT coalesce(sum(d.amount), 0.00) FROM {SOURCE} WHERE d.dossier_id = $1 AND o.customer_id = $2"
SORTS = {"at": "d.at"}
KEY = "d.deposit_entry_id"


class SqlDepositReader:
    """``DepositReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_order(self, dossier: DossierId, order_id: OrderId) -> list[DepositView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(OF_ORDER, dossier, order_id)
        if not rows:
            raise NotFound(what="order")
        return [_view(row) for row in rows if row["deposit_entry_id"] is not None]

    async def of_customer(
        self, dossier: DossierId, customer_id: CustomerId, page: PageRequest, *, clearance: Collection[str] | None
    ) -> Deposits:
        async with self._pool.of(dossier) as connection:
            card = (await current(connection, dossier, customer_id, clearance))["customer_id"]
            where = Conditions(dossier, "d")
            where.add("o.customer_id = {0}", card)
            found = await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key=KEY),
                where=where,
                sorts=SORTS,
                key=KEY,
                request=page,
                make=_view,
            )
            return Deposits(page=found, balance=await connection.fetchval(BALANCE, dossier, card))


def _view(row: Record) -> DepositView:
    return DepositView(
        id=row["deposit_entry_id"],
        order_id=OrderId(row["order_id"]),
        order_number=row["order_number"],
        amount=row["amount"],
        cause=DepositCause(row["cause"]),
        method=PaymentMethod(row["method"]) if row["method"] else None,
        at=row["at"],
        by=row["by"],
    )
