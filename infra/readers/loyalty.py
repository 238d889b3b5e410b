"""Loyalty cards, read: the sums are made from the ledger at each look."""

import json
from collections.abc import Collection
from zoneinfo import ZoneInfo

from asyncpg import Record

from domain.model.loyalty import LoyaltyCause, LoyaltyEntryId, program_of, standing
from domain.model.values import CustomerId, DossierId, PurchaseId
from domain.queries.loyalty import LoyaltyEntryView, LoyaltyView, view_of
from domain.queries.pages import Page, PageRequest
from infra.db.pools import Pool
from infra.readers.activity import current
from infra.readers.search import Conditions, page_of, selecting
from infra.repositories.customers import customer_of
from infra.repositories.dossier_settings import settings_of
from infra.repositories.loyalty import ENTRIES, entry_of

SETTINGS = "SELECT settings FROM dossier WHERE dossier_id = $1"
LEDGER = (
    "(SELECT l.*, sum(l.amount) OVER (ORDER BY l.at, l.loyalty_entry_id) AS balance FROM loyalty_entry l "
    "WHERE l.dossier_id = $1 AND l.customer_id = $2) e"
)
SORTS = {"at": "e.at"}


class SqlLoyaltyReader:
    """``LoyaltyReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_customer(
        self, dossier: DossierId, customer_id: CustomerId, *, zone: str, clearance: Collection[str] | None
    ) -> LoyaltyView:
        async with self._pool.of(dossier) as connection:
            card = customer_of(await current(connection, dossier, customer_id, clearance))
            settings = settings_of(json.loads(await connection.fetchval(SETTINGS, dossier)))
            rows = await connection.fetch(ENTRIES, dossier, [card.id])
        program = program_of(settings.loyalty, card.details.fidelity_program)
        return view_of(card, program, standing(map(entry_of, rows), program, ZoneInfo(zone)))

    async def entries(
        self, dossier: DossierId, customer_id: CustomerId, page: PageRequest, *, clearance: Collection[str] | None
    ) -> Page[LoyaltyEntryView]:
        async with self._pool.of(dossier) as connection:
            card = await current(connection, dossier, customer_id, clearance)
            where = Conditions(dossier, "e")
            where.equal("customer_id", card["customer_id"])
            return await page_of(
                connection,
                select=selecting("e.*", LEDGER, sorts=SORTS, sort=page.sort, key="e.loyalty_entry_id"),
                where=where,
                sorts=SORTS,
                key="e.loyalty_entry_id",
                request=page,
                make=_view,
            )


def _view(row: Record) -> LoyaltyEntryView:
    return LoyaltyEntryView(
        id=LoyaltyEntryId(row["loyalty_entry_id"]),
        at=row["at"],
        cause=LoyaltyCause(row["cause"]),
        amount=row["amount"],
        purchases=row["purchases"],
        base=row["base"],
        purchase_id=PurchaseId(row["purchase_id"]) if row["purchase_id"] else None,
        reference=row["reference"],
        reason=row["reason"],
        by=row["by"],
        balance=row["balance"],
    )
