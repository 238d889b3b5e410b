"""The lending right, read out of the purchases."""

from collections.abc import Collection
from datetime import date

from asyncpg import Record

from domain.errors import NotFound
from domain.model.lending import Library, LibraryPurchase, declaration, gln_of
from domain.model.values import CustomerId, DossierId, Ean, PurchaseId
from domain.queries.lending import LendingReport, Supplier
from domain.queries.statistics import check_period
from infra.db.pools import Pool
from infra.readers.statistics import midnight
from infra.repositories.references import DOSSIER, dossier_of
from infra.sql import sql


class SqlLendingReader:
    """``LendingReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def declaration(
        self, dossier: DossierId, *, start: date, until: date, clearance: Collection[str] | None
    ) -> LendingReport:
        check_period(start, until)
        cleared = None if clearance is None else sorted(clearance)
        async with self._pool.of(dossier) as connection:
            kept = await connection.fetchrow(DOSSIER, dossier)
            if kept is None:
                raise NotFound(what="dossier")
            shop = dossier_of(kept)
            period = (midnight(start, shop.time_zone), midnight(until, shop.time_zone))
            rows = await connection.fetch(sql("lending_sold"), dossier, *period, cleared)
        return LendingReport(
            start=start,
            until=until,
            supplier=Supplier(name=shop.name, gln=shop.settings.gln, siret=shop.settings.siret),
            declared=declaration([_purchase(row) for row in rows]),
        )


def _purchase(row: Record) -> LibraryPurchase:
    return LibraryPurchase(
        id=PurchaseId(row["purchase_id"]),
        at=row["at"],
        on=row["day"],
        library=Library(
            id=CustomerId(row["customer_id"]),
            name=row["name"],
            gln=gln_of(row["barcode"]),
            siret=row["siret"],
            hidden=row["hidden"],
        ),
        document=row["document"],
        issued_on=row["issued_on"],
        ean=Ean(row["ean"]),
        title=row["title"],
        quantity=row["quantity"],
        gross=row["amount"],
        net=row["net"],
        list_price=row["list_price"],
        vat_rate=row["vat_rate"],
    )
