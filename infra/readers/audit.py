"""The audit, read."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from asyncpg import Record

from domain.errors import NotFound
from domain.model.values import CustomerId, DossierId, ThirdPartyId
from domain.queries.audit import AuditEntry, AuditFilter
from domain.queries.pages import Page, PageRequest
from infra.db.pools import Pool, ShopConnection
from infra.merging.report import loads
from infra.names import names_of
from infra.readers.search import Conditions, page_of, selecting

SORTS: Mapping[str, str] = {"at": "e.at"}
COLUMNS = (
    "e.entry_id, e.at, e.by, e.record, e.record_id, e.operation, e.customer_id, e.third_party_id, "
    f"e.before, e.after, {names_of('e.by')} AS by_name"
)
FAMILY = (
    "SELECT c.customer_id FROM customer c WHERE c.dossier_id = $1 AND (c.customer_id = $2 OR c.merged_into = $2) "
    "AND EXISTS (SELECT FROM customer s WHERE s.dossier_id = $1 AND s.customer_id = $2 "
    "AND ($3::text[] IS NULL OR s.confidentiality_code IS NULL OR s.confidentiality_code = ANY ($3::text[])))"
)
"""A card and those merged into it; nobody when the card may not be seen (B30)."""


class SqlAuditReader:
    """``AuditReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def search(self, dossier: DossierId, wanted: AuditFilter, page: PageRequest) -> Page[AuditEntry]:
        where = Conditions(dossier, "e")
        where.equal("record", wanted.record)
        where.equal("record_id", wanted.record_id)
        where.equal("by", wanted.by)
        if wanted.since is not None:
            where.add("e.at >= {0}", wanted.since)
        if wanted.until is not None:
            where.add("e.at < {0}", wanted.until)
        async with self._pool.of(dossier) as connection:
            return await _page(connection, where, page)

    async def of_customer(
        self, dossier: DossierId, customer_id: CustomerId, page: PageRequest, *, clearance: frozenset[str] | None
    ) -> Page[AuditEntry]:
        async with self._pool.of(dossier) as connection:
            cleared = None if clearance is None else list(clearance)
            family: list[UUID] = [
                row["customer_id"] for row in await connection.fetch(FAMILY, dossier, customer_id, cleared)
            ]
            if not family:
                raise NotFound(what="customer")
            where = Conditions(dossier, "e")
            where.add("e.customer_id = ANY ({0}::uuid[])", family)
            return await _page(connection, where, page)

    async def of_third_party(
        self, dossier: DossierId, third_party_id: ThirdPartyId, page: PageRequest
    ) -> Page[AuditEntry]:
        async with self._pool.of(dossier) as connection:
            known: bool = await connection.fetchval(
                "SELECT EXISTS (SELECT FROM third_party WHERE dossier_id = $1 AND third_party_id = $2)",
                dossier,
                third_party_id,
            )
            if not known:
                raise NotFound(what="third-party")
            where = Conditions(dossier, "e")
            where.equal("third_party_id", third_party_id)
            return await _page(connection, where, page)


async def _page(connection: ShopConnection, where: Conditions, page: PageRequest) -> Page[AuditEntry]:
    return await page_of(
        connection,
        select=selecting(COLUMNS, "audit_entry e", sorts=SORTS, sort=page.sort, key="e.entry_id"),
        where=where,
        sorts=SORTS,
        key="e.entry_id",
        request=page,
        make=_entry,
    )


def _entry(row: Record) -> AuditEntry:
    return AuditEntry(
        id=row["entry_id"],
        at=row["at"],
        by=row["by"],
        by_name=row["by_name"],
        record=row["record"],
        record_id=row["record_id"],
        operation=row["operation"],
        customer_id=row["customer_id"],
        third_party_id=row["third_party_id"],
        before=_columns(row["before"]),
        after=_columns(row["after"]),
    )


def _columns(text: str | None) -> Mapping[str, Any] | None:
    columns: Mapping[str, Any] | None = loads(text) if text else None
    return columns
