"""The ledger of loyalty in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from domain.model.access import Dossier
from domain.model.loyalty import UNSETTLING, LoyaltyCause, LoyaltyEntry, LoyaltyEntryId
from domain.model.values import CustomerId, PurchaseId
from infra.db import flush
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.repositories.pending import Fields, Pending

NEW = flush.insert("loyalty_entry")
ENTRIES = (
    "SELECT * FROM loyalty_entry WHERE dossier_id = $1 AND customer_id = ANY ($2::uuid[]) ORDER BY at, loyalty_entry_id"
)
UNSETTLED = (
    "SELECT DISTINCT customer_id FROM loyalty_entry "
    "WHERE dossier_id = $1 AND customer_id = ANY ($2::uuid[]) AND cause IN ('expire', 'shortfall')"
)
REDEEMED = (
    "SELECT EXISTS (SELECT FROM loyalty_entry WHERE dossier_id = $1 AND cause = 'redeem' "
    "AND starts_with(reference, $2))"
)
LAPSING = """
SELECT customer_id FROM loyalty_entry WHERE dossier_id = $1 GROUP BY customer_id
HAVING sum(amount) < 0
    OR sum(amount) > 0 AND sum(amount) FILTER (WHERE cause IN ('shortfall', 'recovery')) > 0
    OR coalesce(sum(amount) FILTER (
        WHERE cause IN ('opening', 'purchase') AND at < $2 OR cause = 'adjust' AND (amount < 0 OR at < $2)
           OR cause IN ('redeem', 'redeem_undone', 'expire', 'expire_undone')
    ), 0) > 0
ORDER BY customer_id
"""
"""What is old and not used up, refunds apart: the ledger itself says how much of it there is."""


class SqlLoyalty:
    """``Loyalty`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._added: list[LoyaltyEntry] = []

    async def entries(self, customer_ids: Collection[CustomerId]) -> Mapping[CustomerId, list[LoyaltyEntry]]:
        found: dict[CustomerId, list[LoyaltyEntry]] = {each: [] for each in customer_ids}
        if found:
            for row in await self._connection.fetch(ENTRIES, self._dossier.id, list(found)):
                found[CustomerId(row["customer_id"])].append(entry_of(row))
        for entry in self._added:
            if entry.customer_id in found:
                found[entry.customer_id].append(entry)
        return found

    async def unsettled(self, customer_ids: Collection[CustomerId]) -> set[CustomerId]:
        rows = await self._connection.fetch(UNSETTLED, self._dossier.id, list(customer_ids))
        added = {each.customer_id for each in self._added if each.cause in UNSETTLING}
        return {CustomerId(row["customer_id"]) for row in rows} | added & set(customer_ids)

    async def redeemed(self, ticket: str) -> bool:
        found: bool = await self._connection.fetchval(REDEEMED, self._dossier.id, ticket)
        return found

    async def lapsing(self, before: datetime | None) -> list[CustomerId]:
        rows = await self._connection.fetch(LAPSING, self._dossier.id, before)
        return [CustomerId(row["customer_id"]) for row in rows]

    def add(self, entries: Sequence[LoyaltyEntry]) -> None:
        self._added.extend(entries)
        self._pending.add(NEW, *(entry_row(self._dossier.id, each) for each in entries))


def entry_row(dossier_id: UUID, entry: LoyaltyEntry) -> Row:
    return {
        "dossier_id": dossier_id,
        "loyalty_entry_id": entry.id,
        "customer_id": entry.customer_id,
        "at": entry.at,
        "cause": entry.cause,
        "amount": entry.amount,
        "purchases": entry.purchases,
        "base": entry.base,
        "purchase_id": entry.purchase_id,
        "reference": entry.reference,
        "reason": entry.reason,
        "by": entry.by,
    }


def entry_of(row: Fields) -> LoyaltyEntry:
    """The entry of one row of its table."""
    return LoyaltyEntry(
        id=LoyaltyEntryId(row["loyalty_entry_id"]),
        customer_id=CustomerId(row["customer_id"]),
        at=row["at"],
        cause=LoyaltyCause(row["cause"]),
        amount=row["amount"],
        reference=row["reference"],
        by=row["by"],
        purchases=row["purchases"],
        base=row["base"],
        purchase_id=PurchaseId(row["purchase_id"]) if row["purchase_id"] else None,
        reason=row["reason"],
    )
