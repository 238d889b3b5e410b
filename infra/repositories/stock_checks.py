"""The stock looked at in PostgreSQL."""

from dataclasses import asdict

from domain.model.access import Dossier
from domain.model.stocktaking import MOST_FINDINGS, Finding, FindingKind, Looked, StockCheck
from domain.model.values import Ean
from infra.db import flush
from infra.db.pools import ShopConnection
from infra.repositories.pending import Fields, Pending
from infra.sql import sql

NEW = flush.insert("stock_check")
LOOK = sql("stock_look")


class SqlStockChecks:
    """``StockChecks`` of one dossier."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending

    async def look(self) -> Looked:
        rows = await self._connection.fetch(LOOK, self._dossier.id, MOST_FINDINGS)
        return Looked(
            articles=rows[0]["articles"],
            findings=tuple(finding_of(row) for row in rows if row["kind"] is not None),
        )

    def add(self, check: StockCheck) -> None:
        self._pending.add(
            NEW,
            {
                "dossier_id": self._dossier.id,
                "stock_check_id": check.id,
                "at": check.at,
                "by": check.by,
                "articles": check.articles,
                "findings": [asdict(each) for each in check.findings],
            },
        )


def finding_of(row: Fields) -> Finding:
    return Finding(
        kind=FindingKind(row["kind"]),
        ean=Ean(row["ean"]),
        title=row["title"],
        expected=row["expected"],
        found=row["found"],
        order_number=row["order_number"],
        position=row["position"],
    )
