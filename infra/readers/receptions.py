"""Receptions, read."""

from asyncpg import Record

from domain.errors import NotFound
from domain.model.reception import ReceptionKind
from domain.model.values import DossierId, Ean, ReceptionId, SupplierLineId, SupplierOrderId, ThirdPartyId
from domain.queries.pages import Count, Page, PageRequest
from domain.queries.receptions import Asked, Ledger, ReceivedLine, ReceptionFilter, ReceptionSummary, ReceptionView
from infra.db.pools import Pool
from infra.readers.search import Conditions, count_of, page_of, selecting
from infra.sql import sql

COLUMNS = sql("reception_row")
SOURCE = "reception r LEFT JOIN third_party t ON t.dossier_id = r.dossier_id AND t.third_party_id = r.supplier_id"
LINES = (
    "SELECT l.ean, a.title, l.quantity, l.set_aside FROM reception_line l JOIN article a USING (dossier_id, ean) "
    "WHERE l.dossier_id = $1 AND l.reception_id = $2 ORDER BY l.position"
)
ASKED = (
    "SELECT s.supplier_order_id, s.number, l.supplier_line_id, l.ean, k.quantity FROM reception_supply k "
    "JOIN supplier_line l USING (dossier_id, supplier_line_id) JOIN supplier_order s USING (dossier_id, supplier_order_id) "
    "WHERE k.dossier_id = $1 AND k.reception_id = $2 ORDER BY s.created_at, s.number"
)
SORTS = {"received_at": "r.received_at"}


class SqlReceptionReader:
    """``ReceptionReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(self, dossier: DossierId, reception_id: ReceptionId) -> ReceptionView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(
                "SELECT * FROM reception WHERE dossier_id = $1 AND reception_id = $2", dossier, reception_id
            )
            if row is None:
                raise NotFound(what="reception")
            lines = await connection.fetch(LINES, dossier, reception_id)
            asked = await connection.fetch(ASKED, dossier, reception_id)
        ledger = Ledger([_asked(each) for each in asked])
        return ReceptionView(
            id=reception_id,
            kind=ReceptionKind(row["kind"]),
            supplier_id=ThirdPartyId(row["supplier_id"]) if row["supplier_id"] else None,
            reference=row["reference"],
            received_at=row["received_at"],
            lines=tuple(
                ReceivedLine(
                    ean=Ean(line["ean"]),
                    title=line["title"],
                    quantity=line["quantity"],
                    set_aside=line["set_aside"],
                    asked=ledger.take(Ean(line["ean"]), line["quantity"]),
                )
                for line in lines
            ),
        )

    async def search(self, dossier: DossierId, wanted: ReceptionFilter, page: PageRequest) -> Page[ReceptionSummary]:
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key="r.reception_id"),
                where=_where(dossier, wanted),
                sorts=SORTS,
                key="r.reception_id",
                request=page,
                make=_summary,
            )

    async def count(self, dossier: DossierId, wanted: ReceptionFilter) -> Count:
        async with self._pool.of(dossier) as connection:
            return await count_of(connection, source=SOURCE, where=_where(dossier, wanted))


def _where(dossier: DossierId, wanted: ReceptionFilter) -> Conditions:
    where = Conditions(dossier, "r")
    where.equal("kind", wanted.kind)
    where.equal("supplier_id", wanted.supplier_id)
    if wanted.supplier_order_id is not None:
        where.add(
            "r.reception_id IN (SELECT k.reception_id FROM supplier_line l "
            "JOIN reception_supply k ON k.dossier_id = l.dossier_id AND k.supplier_line_id = l.supplier_line_id "
            "WHERE l.dossier_id = $1 AND l.supplier_order_id = {0})",
            wanted.supplier_order_id,
        )
    if wanted.ean is not None:
        where.add(
            "r.reception_id IN (SELECT l.reception_id FROM reception_line l WHERE l.dossier_id = $1 AND l.ean = {0})",
            wanted.ean,
        )
    if wanted.received_from is not None:
        where.add("r.received_at >= {0}", wanted.received_from)
    if wanted.received_to is not None:
        where.add("r.received_at < {0}", wanted.received_to)
    return where


def _asked(row: Record) -> Asked:
    return Asked(
        supplier_order_id=SupplierOrderId(row["supplier_order_id"]),
        number=row["number"],
        line_id=SupplierLineId(row["supplier_line_id"]),
        ean=Ean(row["ean"]),
        quantity=row["quantity"],
    )


def _summary(row: Record) -> ReceptionSummary:
    return ReceptionSummary(
        id=ReceptionId(row["reception_id"]),
        kind=ReceptionKind(row["kind"]),
        supplier_id=ThirdPartyId(row["supplier_id"]) if row["supplier_id"] else None,
        supplier_name=row["supplier_name"],
        reference=row["reference"],
        received_at=row["received_at"],
        titles=row["copies"][0],
        quantity=row["copies"][1],
        set_aside=row["copies"][2],
        expected=row["expected"],
    )
