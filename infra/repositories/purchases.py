"""The ledger of purchases in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from domain.model.access import Dossier
from domain.model.purchase import Purchase
from domain.model.values import CustomerId, OrderId
from infra.db import flush
from infra.db.flush import Part, Row
from infra.repositories.pending import Pending

NEW = flush.insert("purchase")
GIVEN = Part(
    "given_purchase",
    "UPDATE purchase t SET customer_id = r.customer_id "
    "FROM json_to_recordset({rows}::json) AS r(dossier_id uuid, order_id uuid, customer_id uuid) "
    "WHERE t.dossier_id = r.dossier_id AND t.order_id = r.order_id",
    guarded=False,
)


class SqlPurchases:
    """``Purchases`` of one dossier."""

    def __init__(self, dossier: Dossier, pending: Pending) -> None:
        self._dossier = dossier
        self._pending = pending

    def add(self, purchases: Sequence[Purchase]) -> None:
        self._pending.add(NEW, *(purchase_row(self._dossier.id, each) for each in purchases))

    def give(self, order_id: OrderId, customer_id: CustomerId) -> None:
        row: Row = {"dossier_id": self._dossier.id, "order_id": order_id, "customer_id": customer_id}
        self._pending.add(GIVEN, row)


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
        "vat_rate": purchase.vat_rate,
        "source": purchase.source,
        "reference": purchase.reference,
        "by": purchase.by,
    }
