"""What leaves the shop with a customer, and what comes back, told to the ledger of purchases (A68)."""

from collections.abc import Mapping

from domain.model.article import Article
from domain.model.order import CustomerOrder
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.reservation import Reservation
from domain.model.values import LineId, PurchaseId
from domain.usecases.stockroom import Stockroom


def bought(
    room: Stockroom,
    order: CustomerOrder,
    copies: Mapping[LineId, int],
    *,
    source: PurchaseSource,
    kept: Reservation | None = None,
) -> None:
    """So many copies of each line were just delivered, or brought back (negative); ``kept`` is what was collected of them.

    What a purchase cost is what the line owes for all that is delivered by now, less what it owed before: however the copies
    go, the purchases of a line add up to the cent. Call it once the quantities of ``order`` are as they stay.
    """
    room.work.purchases.add(
        [
            Purchase(
                id=PurchaseId(room.around.new_id()),
                customer_id=order.customer_id,
                order_id=order.id,
                reservation_id=kept.id if kept else None,
                at=room.now,
                ean=line.ean,
                title=line.title,
                quantity=quantity,
                amount=line.owed_for(line.delivered).due - line.owed_for(line.delivered - quantity).due,
                vat_rate=line.vat_rate,
                source=source,
                reference=kept.id.hex if kept else f"{order.id.hex}:{order.version}:{line.id.hex}",
                by=room.by.client,
            )
            for line, quantity in ((order.line(line_id), quantity) for line_id, quantity in copies.items())
        ]
    )


def bought_by_hand(room: Stockroom, article: Article, kept: Reservation) -> None:
    """Copies kept without an order were collected, at the publisher's price."""
    room.work.purchases.add(
        [
            Purchase(
                id=PurchaseId(room.around.new_id()),
                customer_id=kept.customer_id,
                order_id=None,
                reservation_id=kept.id,
                at=room.now,
                ean=kept.ean,
                title=kept.title,
                quantity=kept.quantity,
                amount=article.list_price * kept.quantity,
                vat_rate=article.vat_rate,
                source=PurchaseSource.RESERVATION,
                reference=kept.id.hex,
                by=room.by.client,
            )
        ]
    )
