"""The ledger of deposits by name in PostgreSQL."""

from decimal import Decimal
from uuid import UUID

from domain.model.access import Dossier
from domain.model.named_deposit import NamedDepositCause, NamedDepositEntry
from domain.model.payment import PaymentMethod
from domain.model.values import CustomerId, OrderId
from infra.db import flush
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.repositories.pending import Fields, Pending

NEW = flush.insert("named_deposit_entry")
BALANCE = "SELECT coalesce(sum(amount), 0.00) FROM named_deposit_entry WHERE dossier_id = $1 AND customer_id = $2"


class SqlNamedDeposits:
    """``NamedDeposits`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending

    async def balance(self, customer_id: CustomerId) -> Decimal:
        found: Decimal = await self._connection.fetchval(BALANCE, self._dossier.id, customer_id)
        return found

    def add(self, entry: NamedDepositEntry) -> None:
        self._pending.add(NEW, _row(self._dossier.id, entry))


def _row(dossier_id: UUID, entry: NamedDepositEntry) -> Row:
    return {
        "dossier_id": dossier_id,
        "named_deposit_entry_id": entry.id,
        "customer_id": entry.customer_id,
        "order_id": entry.order_id,
        "amount": entry.amount,
        "cause": entry.cause,
        "method": entry.method,
        "reference": entry.reference,
        "at": entry.at,
        "by": entry.by,
    }


def entry_of(row: Fields) -> NamedDepositEntry:
    """The entry of one row of its table."""
    return NamedDepositEntry(
        id=row["named_deposit_entry_id"],
        customer_id=CustomerId(row["customer_id"]),
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        amount=row["amount"],
        cause=NamedDepositCause(row["cause"]),
        method=PaymentMethod(row["method"]) if row["method"] else None,
        reference=row["reference"],
        at=row["at"],
        by=row["by"],
    )
