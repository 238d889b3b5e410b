"""The ledger of purchases in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from asyncpg import Record

from domain.model.access import Dossier
from domain.model.article import ArticleKind
from domain.model.booklaw import Buyer
from domain.model.card import DiscountRule
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.values import CustomerId, Ean, OrderId, PurchaseId, ReservationId, ThirdPartyId, folded
from domain.ports.purchases import Named, Told
from infra.db import flush
from infra.db.flush import Part, Row
from infra.db.pools import ShopConnection
from infra.repositories.cards import discount_part
from infra.repositories.pending import Pending

NEW = flush.insert("purchase")
RECORDED = replace(
    # one more sender of the same purchase at the same moment: the guard has the work done again
    NEW,
    name="recorded_purchase",
    sql=f"{NEW.sql} ON CONFLICT (dossier_id, source, reference) DO NOTHING RETURNING 1",
    guarded=True,
)
GIVEN = Part(
    "given_purchase",
    "UPDATE purchase t SET customer_id = r.customer_id "
    "FROM json_to_recordset({rows}::json) AS r(dossier_id uuid, order_id uuid, customer_id uuid) "
    "WHERE t.dossier_id = r.dossier_id AND t.order_id = r.order_id",
    guarded=False,
)
OF_ORDER = "SELECT * FROM purchase WHERE dossier_id = $1 AND order_id = $2 ORDER BY at DESC, purchase_id DESC"
TOLD = (
    "SELECT p.* FROM unnest($2::text[], $3::text[]) AS asked(source, reference) "
    "JOIN purchase p ON p.dossier_id = $1 AND p.source = asked.source AND p.reference = asked.reference"
)
UNDONE = (
    "SELECT undoes_id, -sum(quantity) AS copies FROM purchase "
    "WHERE dossier_id = $1 AND undoes_id = ANY ($2::uuid[]) GROUP BY undoes_id"
)
NAMED = (
    "SELECT {column} AS named, coalesce(merged_into, customer_id) AS customer_id FROM customer "
    "WHERE dossier_id = $1 AND {column} = ANY ($2)"
)
DISCOUNTS = "SELECT * FROM discount_rule WHERE dossier_id = $1 AND customer_id = ANY ($2::uuid[]) ORDER BY created_at, discount_id"


class SqlPurchases:
    """``Purchases`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending

    def add(self, purchases: Sequence[Purchase]) -> None:
        self._pending.add(NEW, *(purchase_row(self._dossier.id, each) for each in purchases))

    def record(self, purchases: Sequence[Purchase]) -> None:
        self._pending.add(RECORDED, *(purchase_row(self._dossier.id, each) for each in purchases))

    def give(self, order_id: OrderId, customer_id: CustomerId) -> None:
        row: Row = {"dossier_id": self._dossier.id, "order_id": order_id, "customer_id": customer_id}
        self._pending.add(GIVEN, row)

    async def of_order(self, order_id: OrderId) -> list[Purchase]:
        return [purchase_of(row) for row in await self._connection.fetch(OF_ORDER, self._dossier.id, order_id)]

    async def told(self, references: Collection[Told]) -> Mapping[Told, Purchase]:
        asked = list(set(references))
        rows = await self._connection.fetch(
            TOLD, self._dossier.id, [source.value for source, _ in asked], [reference for _, reference in asked]
        )
        return {(each.source, each.reference): each for each in map(purchase_of, rows)}

    async def undone(self, purchase_ids: Collection[PurchaseId]) -> Mapping[PurchaseId, int]:
        rows = await self._connection.fetch(UNDONE, self._dossier.id, list(purchase_ids))
        return {PurchaseId(row["undoes_id"]): int(row["copies"]) for row in rows}

    async def named(self, *, ids: Collection[CustomerId], codes: Collection[str], numbers: Collection[str]) -> Named:
        by_id = await self._named("customer_id", ids)
        by_code = await self._named("code", codes)
        by_number = await self._named("fidelity_number", numbers)
        return Named(
            by_id={CustomerId(row["named"]): CustomerId(row["customer_id"]) for row in by_id},
            by_code={row["named"]: CustomerId(row["customer_id"]) for row in by_code},
            by_number={row["named"]: CustomerId(row["customer_id"]) for row in by_number},
        )

    async def discounts(self, customer_ids: Collection[CustomerId]) -> Mapping[CustomerId, Sequence[DiscountRule]]:
        found: dict[CustomerId, list[DiscountRule]] = {}
        if customer_ids:
            for row in await self._connection.fetch(DISCOUNTS, self._dossier.id, list(customer_ids)):
                found.setdefault(CustomerId(row["customer_id"]), []).append(discount_part(row))
        return found

    async def _named(self, column: str, names: Collection[object]) -> Sequence[Record]:
        if not names:
            return []
        return await self._connection.fetch(NAMED.format(column=column), self._dossier.id, list(names))


def purchase_row(dossier_id: UUID, purchase: Purchase) -> Row:
    return {
        "dossier_id": dossier_id,
        "purchase_id": purchase.id,
        "customer_id": purchase.customer_id,
        "order_id": purchase.order_id,
        "reservation_id": purchase.reservation_id,
        "at": purchase.at,
        "ean": purchase.ean,
        "title": purchase.title,
        "quantity": purchase.quantity,
        "amount": purchase.amount,
        "net": purchase.net,
        "list_price": purchase.list_price,
        "vat_rate": purchase.vat_rate,
        "author": purchase.author,
        "author_key": folded(purchase.author or ""),
        "kind": purchase.kind,
        "digital": purchase.digital,
        "school_book": purchase.school_book,
        "buyer": purchase.buyer,
        "shipped": purchase.shipped,
        "document": purchase.document,
        "sales_rep_id": purchase.sales_rep,
        "undoes_id": purchase.undoes,
        "source": purchase.source,
        "reference": purchase.reference,
        "by": purchase.by,
    }


def purchase_of(row: Record) -> Purchase:
    """The purchase of one row of its table."""
    return Purchase(
        id=PurchaseId(row["purchase_id"]),
        customer_id=CustomerId(row["customer_id"]) if row["customer_id"] else None,
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        reservation_id=ReservationId(row["reservation_id"]) if row["reservation_id"] else None,
        at=row["at"],
        ean=Ean(row["ean"]),
        title=row["title"],
        quantity=row["quantity"],
        amount=row["amount"],
        net=row["net"],
        list_price=row["list_price"],
        vat_rate=row["vat_rate"],
        source=PurchaseSource(row["source"]),
        reference=row["reference"],
        by=row["by"],
        author=row["author"],
        kind=ArticleKind(row["kind"]),
        digital=row["digital"],
        school_book=row["school_book"],
        buyer=Buyer(row["buyer"]),
        shipped=row["shipped"],
        document=row["document"],
        sales_rep=ThirdPartyId(row["sales_rep_id"]) if row["sales_rep_id"] else None,
        undoes=PurchaseId(row["undoes_id"]) if row["undoes_id"] else None,
    )
