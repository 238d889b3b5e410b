"""What customers bought, read."""

from collections.abc import Collection

from asyncpg import Record

from domain.model.purchase import PurchaseSource
from domain.model.values import CustomerId, DossierId, Ean, OrderId, PurchaseId
from domain.queries.pages import Page, PageRequest
from domain.queries.purchases import PurchaseView
from infra.db.pools import Pool
from infra.readers.activity import current
from infra.readers.search import Conditions, page_of, selecting

SOURCE = "purchase p LEFT JOIN customer_order o ON o.dossier_id = p.dossier_id AND o.order_id = p.order_id"
SORTS = {"at": "p.at"}


class SqlPurchaseReader:
    """``PurchaseReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_customer(
        self, dossier: DossierId, customer_id: CustomerId, page: PageRequest, *, clearance: Collection[str] | None
    ) -> Page[PurchaseView]:
        async with self._pool.of(dossier) as connection:
            card = await current(connection, dossier, customer_id, clearance)
            where = Conditions(dossier, "p")
            where.equal("customer_id", card["customer_id"])
            return await page_of(
                connection,
                select=selecting(
                    "p.*, o.number AS order_number", SOURCE, sorts=SORTS, sort=page.sort, key="p.purchase_id"
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
        vat_rate=row["vat_rate"],
        source=PurchaseSource(row["source"]),
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        order_number=row["order_number"],
    )
