"""Delivered copies that come back."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.events import EventType
from domain.model.access import Caller
from domain.model.purchase import PurchaseSource
from domain.model.values import LineId, OrderId
from domain.ports.answers import Once, Told
from domain.queries.orders import OrderView, view_of
from domain.usecases.deposits import give_back, settle
from domain.usecases.fulfilment import lock_with_stock
from domain.usecases.purchases import bought
from domain.usecases.stockroom import Stockroom
from domain.usecases.supplying import trim
from domain.usecases.work import Surroundings, expect, told, until_done


@dataclass(frozen=True, slots=True)
class Returns:
    around: Surroundings

    async def take_back(
        self,
        *,
        by: Caller,
        order_id: OrderId,
        version: int,
        quantities: Mapping[LineId, int],
        restock: bool,
        replace: bool,
        reason: str,
        once: Once[OrderView],
    ) -> Told:
        """Copies come back to the shelf, or are written off; with ``replace`` their line waits for others.

        The deposit that they took can be used again; where nothing of the order is left, it is given back. Raises
        ``StaleVersion``, ``OrderClosed``, ``NothingToReturn`` naming every line, ``NotFound``, ``TooManyCopies``.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                order, shelves = await lock_with_stock(work, order_id)
                expect(order.version, version)
                order.take_back(quantities, replace_copies=replace, now=now, reason=reason)
                await trim(work, [order], around=self.around, by=by, now=now, lines=list(quantities))
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                for line_id, quantity in quantities.items():
                    line = order.line(line_id)
                    if not line.digital:
                        room.take_back(shelves[line.ean], quantity, restock=restock, reason=reason)
                settle(work, order, around=self.around, by=by, now=now)
                await give_back(work, order, around=self.around, by=by, now=now)
                back = {line_id: -quantity for line_id, quantity in quantities.items()}
                await bought(room, order, back, source=PurchaseSource.RETURN)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_RETURNED, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)
