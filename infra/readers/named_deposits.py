"""The ledger of deposits by name, read."""

from collections.abc import Collection

from asyncpg import Record

from domain.model.named_deposit import NamedDepositCause
from domain.model.payment import PaymentMethod
from domain.model.values import CustomerId, DossierId, OrderId
from domain.queries.named_deposits import NamedDepositLedger, NamedDepositView
from domain.queries.pages import PageRequest
from infra.db.pools import Pool
from infra.readers.activity import current
from infra.readers.search import Conditions, page_of, selecting
from infra.repositories.named_deposits import BALANCE

AFTER = (
    "(SELECT sum(b.amount) FROM named_deposit_entry b WHERE b.dossier_id = n.dossier_id "
    "AND b.customer_id = n.customer_id AND (b.at, b.named_deposit_entry_id) <= (n.at, n.named_deposit_entry_id))"
)
COLUMNS = f"n.*, o.number AS order_number, {AFTER} AS balance"
SOURCE = "named_deposit_entry n LEFT JOIN customer_order o ON o.dossier_id = n.dossier_id AND o.order_id = n.order_id"
SORTS = {"at": "n.at"}
KEY = "n.named_deposit_entry_id"


class SqlNamedDepositReader:
    """``NamedDepositReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_customer(
        self, dossier: DossierId, customer_id: CustomerId, page: PageRequest, *, clearance: Collection[str] | None
    ) -> NamedDepositLedger:
        async with self._pool.of(dossier) as connection:
            card = (await current(connection, dossier, customer_id, clearance))["customer_id"]
            where = Conditions(dossier, "n")
            where.equal("customer_id", card)
            found = await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key=KEY),
                where=where,
                sorts=SORTS,
                key=KEY,
                request=page,
                make=_view,
            )
            return NamedDepositLedger(page=found, balance=await connection.fetchval(BALANCE, dossier, card))


def _view(row: Record) -> NamedDepositView:
    return NamedDepositView(
        id=row["named_deposit_entry_id"],
        at=row["at"],
        amount=row["amount"],
        cause=NamedDepositCause(row["cause"]),
        method=PaymentMethod(row["method"]) if row["method"] else None,
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        order_number=row["order_number"],
        reference=row["reference"],
        by=row["by"],
        balance=row["balance"],
    )
