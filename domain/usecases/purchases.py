"""What leaves the shop with a customer, and what comes back, told to the ledgers of purchases and of loyalty (A68, A62)."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import TryAgain
from domain.model.article import Article
from domain.model.booklaw import Buyer, buyer_of
from domain.model.customer import Customer
from domain.model.loyalty import earned_by
from domain.model.order import CustomerOrder
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.reservation import Reservation
from domain.model.values import CustomerId, LineId, Party, PurchaseId
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.loyalty_cards import collects, ledgers_of, write
from domain.usecases.stockroom import Stockroom


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sold:
    """``frozen``: what its order line said of loyalty. Of what came back ``left`` copies of the ``original`` are out."""

    purchase: Purchase
    frozen: bool | None = None
    original: Purchase | None = None
    left: int = 0


async def buyer(work: UnitOfWork, customer_id: CustomerId | None) -> Buyer:
    """Who the customer is to the law on this day; a free name is private."""
    if customer_id is None:
        return Buyer.PRIVATE
    customer = await work.customers.get(customer_id)
    return buyer_of(customer.details, await work.discounts.of(Party.customer(customer.id)))


async def bought(
    room: Stockroom,
    order: CustomerOrder,
    copies: Mapping[LineId, int],
    *,
    source: PurchaseSource,
    kept: Reservation | None = None,
) -> None:
    """So many copies of each line were just delivered, or brought back (negative); ``kept`` is what was collected of them.

    What came back undoes the last purchases of its article by this order. Call it once the quantities of ``order`` are as
    they stay, and its reservations locked.
    """
    who = await buyer(room.work, order.customer_id)
    sold = [
        _Sold(
            purchase=Purchase.of_line(
                order.line(line_id),
                quantity,
                id=PurchaseId(room.around.new_id()),
                customer_id=order.customer_id,
                order_id=order.id,
                reservation_id=kept.id if kept else None,
                at=room.now,
                source=source,
                reference=kept.id.hex if kept else _reference(order, line_id),
                by=room.by.client,
                buyer=who,
                shipped=order.mail_order,
            ),
            frozen=order.line(line_id).earns_loyalty,
        )
        for line_id, quantity in copies.items()
        if quantity > 0
    ]
    if back := {line_id: -quantity for line_id, quantity in copies.items() if quantity < 0}:
        sold += await _brought_back(room, order, back, source=source, who=who)
    await _tell(room, order.customer_id, sold)


async def bought_by_hand(room: Stockroom, article: Article, kept: Reservation) -> None:
    """Copies kept without an order were collected, at the publisher's price."""
    purchase = Purchase.of_kept(
        article,
        kept.quantity,
        id=PurchaseId(room.around.new_id()),
        customer_id=kept.customer_id,
        reservation_id=kept.id,
        at=room.now,
        by=room.by.client,
        buyer=await buyer(room.work, kept.customer_id),
    )
    await _tell(room, kept.customer_id, [_Sold(purchase=purchase)])


def _reference(order: CustomerOrder, line_id: LineId) -> str:
    return f"{order.id.hex}:{order.version}:{line_id.hex}"


async def _brought_back(
    room: Stockroom, order: CustomerOrder, back: Mapping[LineId, int], *, source: PurchaseSource, who: Buyer
) -> list[_Sold]:
    """The copies of each line as they undo purchases, the last one first; a purchase for each part."""
    known = [each for each in await room.work.purchases.of_order(order.id) if each.quantity > 0]
    undone = await room.work.purchases.undone([each.id for each in known])
    out = {each.id: each.quantity - undone.get(each.id, 0) for each in known}
    found: list[_Sold] = []
    for line_id, copies in back.items():
        line, rest, parts = order.line(line_id), copies, 0
        # copies whose purchase is not known, of a ledger older than its undoings, undo none
        for original in [*(each for each in known if each.ean == line.ean), None]:
            taken = min(rest, out[original.id]) if original else rest
            if not taken:
                continue
            rest, parts = rest - taken, parts + 1
            if original:
                out[original.id] -= taken
            purchase = Purchase.of_line(
                line,
                -taken,
                id=PurchaseId(room.around.new_id()),
                customer_id=order.customer_id,
                order_id=order.id,
                reservation_id=None,
                at=room.now,
                source=source,
                reference=_reference(order, line_id) + (f":{parts}" if parts > 1 else ""),
                by=room.by.client,
                buyer=original.buyer if original else who,
                shipped=original.shipped if original else order.mail_order,
                delivered=line.delivered + rest,
                undoes=original.id if original else None,
            )
            found.append(_Sold(purchase=purchase, original=original, left=out[original.id] if original else 0))
    return found


async def _tell(room: Stockroom, customer_id: CustomerId | None, sold: list[_Sold]) -> None:
    """Write the purchases, and what they earn or take back on the loyalty card of whom they are."""
    room.work.purchases.add([each.purchase for each in sold])
    back = [(each.purchase, each.original, each.left) for each in sold if each.original]
    earning = [each for each in sold if each.purchase.quantity > 0 and each.frozen is not False]
    if customer_id is None or not (back or earning):
        return
    card = await room.work.customers.get(customer_id)
    if not back and not collects(card.details, room.today):
        return
    card = await _locked(room.work, card.id)
    settings = await room.work.references.settings()
    whole = [card.id] if back else []
    ledgers = await ledgers_of(room.work, [card], settings, around=room.around, by=room.by, whole=whole)
    ledger = ledgers[card.id]
    if collects(card.details, room.today):
        for each in earning:
            earned = earned_by(
                each.purchase, program=ledger.program, law=settings.book_law, on=room.today, frozen=each.frozen
            )
            if earned is not None:
                ledger.earn(each.purchase, earned)
    for purchase, original, left in back:
        ledger.give_back(purchase, original, left=left)
    write(room.work, [ledger])


async def _locked(work: UnitOfWork, customer_id: CustomerId) -> Customer:
    """The card, locked. Raises ``TryAgain`` when it was merged between the two: the next attempt follows it."""
    (card,) = await work.customers.lock([customer_id])
    if card.merged_into is not None:
        raise TryAgain
    return card
