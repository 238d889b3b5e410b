"""What customers bought, read."""

from collections.abc import Collection

from asyncpg import Record

from domain.model.purchase import PurchaseSource
from domain.model.values import CustomerId, DossierId, Ean, OrderId, PurchaseId
from domain.queries.pages import Page, PageRequest
from domain.queries.purchases import PurchaseFilter, PurchaseView
from infra.db.pools import Pool
from infra.readers.activity import current
from infra.readers.customers import DAY
from infra.readers.search import Conditions, page_of, selecting

SOURCE = "purchase p LEFT JOIN customer_order o ON o.dossier_id = p.dossier_id AND o.order_id = p.order_id"
EARNED = (
    "coalesce((SELECT sum(e.amount) FROM loyalty_entry e WHERE e.dossier_id = $1 AND e.purchase_id = p.purchase_id "
    "AND e.cause IN ('purchase', 'refund')), 0)"
)
SORTS = {"at": "p.at"}


class SqlPurchaseReader:
    """``PurchaseReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_customer(
        self,
        dossier: DossierId,
        customer_id: CustomerId,
        wanted: PurchaseFilter,
        page: PageRequest,
        *,
        clearance: Collection[str] | None,
    ) -> Page[PurchaseView]:
        async with self._pool.of(dossier) as connection:
            card = await current(connection, dossier, customer_id, clearance)
            where = Conditions(dossier, "p")
            where.equal("customer_id", card["customer_id"])
            where.equal("ean", wanted.ean)
            if wanted.since is not None:
                where.add(f"p.at >= {DAY}", wanted.since)
            if wanted.until is not None:
                where.add(f"p.at < {DAY}", wanted.until)
            return await page_of(
                connection,
                select=selecting(
                    f"p.*, o.number AS order_number, {EARNED} AS loyalty",
                    SOURCE,
                    sorts=SORTS,
                    sort=page.sort,
                    key="p.purchase_id",
                ),
                where=where,
                sorts=SORTS,
                key="p.purchase_id",
                request=page,
                make=_view,
            )


def _view(row: Record) -> PurchaseView:
    return PurchaseView(
        id=PurchaseId(row["purchase_id"]),
        at=row["at"],
        ean=Ean(row["ean"]),
        title=row["title"],
        quantity=row["quantity"],
        amount=row["amount"],
        net=row["net"],
        list_price=row["list_price"],
        vat_rate=row["vat_rate"],
        author=row["author"],
        document=row["document"],
        shipped=row["shipped"],
        undoes_id=PurchaseId(row["undoes_id"]) if row["undoes_id"] else None,
        loyalty=row["loyalty"],
        source=PurchaseSource(row["source"]),
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        order_number=row["order_number"],
    )
