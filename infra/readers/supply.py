"""Supplier orders, read."""

from asyncpg import Record

from domain.errors import NotFound
from domain.model.supply import SupplyState
from domain.model.values import DossierId, SupplierOrderId, ThirdPartyId
from domain.queries.pages import Count, Page, PageRequest
from domain.queries.supply import SupplyFilter, SupplySummary, SupplyView, supply_view
from infra.db.pools import Pool
from infra.readers.search import Conditions, count_of, page_of, selecting
from infra.repositories.supply import LOAD, supplier_order_of
from infra.sql import sql

COLUMNS = sql("supplier_order_row")
SOURCE = "supplier_order s JOIN third_party t ON t.dossier_id = s.dossier_id AND t.third_party_id = s.supplier_id"
SORTS = {"created_at": "s.created_at", "number": "s.number", "supplier": "t.name_key", "state": "s.state"}


class SqlSupplyReader:
    """``SupplyReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(self, dossier: DossierId, supplier_order_id: SupplierOrderId) -> SupplyView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(LOAD, dossier, [supplier_order_id])
        if row is None:
            raise NotFound(what="supplier-order")
        return supply_view(supplier_order_of(row))

    async def search(self, dossier: DossierId, wanted: SupplyFilter, page: PageRequest) -> Page[SupplySummary]:
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key="s.supplier_order_id"),
                where=_where(dossier, wanted),
                sorts=SORTS,
                key="s.supplier_order_id",
                request=page,
                make=_summary,
            )

    async def count(self, dossier: DossierId, wanted: SupplyFilter) -> Count:
        async with self._pool.of(dossier) as connection:
            return await count_of(connection, source=SOURCE, where=_where(dossier, wanted))


def _where(dossier: DossierId, wanted: SupplyFilter) -> Conditions:
    where = Conditions(dossier, "s")
    if wanted.states:
        where.add("s.state = ANY ({0}::text[])", [state.value for state in wanted.states])
    where.equal("supplier_id", wanted.supplier_id)
    where.equal("number", wanted.number)
    if wanted.ean is not None:
        where.add(
            "s.supplier_order_id IN (SELECT l.supplier_order_id FROM supplier_line l "
            "WHERE l.dossier_id = $1 AND l.ean = {0})",
            wanted.ean,
        )
    if wanted.order_id is not None:
        where.add(
            "s.supplier_order_id IN (SELECT l.supplier_order_id FROM order_line o "
            "JOIN supply_link k ON k.dossier_id = o.dossier_id AND k.line_id = o.line_id "
            "JOIN supplier_line l ON l.dossier_id = k.dossier_id AND l.supplier_line_id = k.supplier_line_id "
            "WHERE o.dossier_id = $1 AND o.order_id = {0})",
            wanted.order_id,
        )
    if wanted.created_from is not None:
        where.add("s.created_at >= {0}", wanted.created_from)
    if wanted.created_to is not None:
        where.add("s.created_at < {0}", wanted.created_to)
    if wanted.late is not None:
        where.add(
            "(s.state IN ('validated', 'partly_received') AND s.validated_at < {0}) = {1}",
            wanted.late_before,
            wanted.late,
        )
    return where


def _summary(row: Record) -> SupplySummary:
    return SupplySummary(
        id=SupplierOrderId(row["supplier_order_id"]),
        number=row["number"],
        supplier_id=ThirdPartyId(row["supplier_id"]),
        supplier_name=row["supplier_name"],
        reference=row["reference"],
        state=SupplyState(row["state"]),
        created_at=row["created_at"],
        validated_at=row["validated_at"],
        titles=row["copies"][0],
        quantity=row["copies"][1],
        received=row["copies"][2],
        outstanding=row["copies"][3],
        for_customers=row["for_customers"],
        version=row["version"],
    )
