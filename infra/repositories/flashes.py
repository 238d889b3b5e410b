"""Flashes in PostgreSQL."""

from collections.abc import Collection
from uuid import UUID

from domain.errors import NotFound
from domain.model.access import Dossier
from domain.model.flash import Flash
from domain.model.values import Party, StaffId, party
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.pending import Fields, Pending

LOAD = "SELECT * FROM flash WHERE dossier_id = $1 AND flash_id = $2"
STAFF = "SELECT staff_id FROM staff WHERE dossier_id = $1 AND staff_id = ANY ($2::uuid[])"


class SqlFlashes:
    """``Flashes`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending

    async def get(self, flash_id: UUID) -> Flash:
        row = await self._connection.fetchrow(LOAD, self._dossier.id, flash_id)
        if row is None:
            raise NotFound(what="flash")
        return flash_of(row)

    async def staff(self, staff_ids: Collection[StaffId]) -> set[StaffId]:
        if not staff_ids:
            return set()
        rows = await self._connection.fetch(STAFF, self._dossier.id, list(staff_ids))
        return {StaffId(row["staff_id"]) for row in rows}

    def add(self, flash: Flash) -> None:
        self._pending.add(parts.NEW_FLASH, self._row(flash))

    def save(self, flash: Flash) -> None:
        self._pending.add(parts.CHANGED_FLASH, self._row(flash))

    def _row(self, flash: Flash) -> Row:
        return {
            "dossier_id": self._dossier.id,
            "flash_id": flash.id,
            "staff_id": flash.staff_id,
            "customer_id": flash.card.customer_id,
            "third_party_id": flash.card.third_party_id,
            "name": flash.name,
            "approved": flash.approved,
            "by": flash.by,
            "at": flash.at,
            "read_at": flash.read_at,
        }


def flash_of(row: Fields) -> Flash:
    card: Party | None = party(row["customer_id"], row["third_party_id"])
    if card is None:
        raise LookupError("the database checks that every flash names a card")
    return Flash(
        id=row["flash_id"],
        staff_id=StaffId(row["staff_id"]),
        card=card,
        name=row["name"],
        approved=row["approved"],
        by=row["by"],
        at=row["at"],
        read_at=row["read_at"],
    )
