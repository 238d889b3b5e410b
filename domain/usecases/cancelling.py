"""Orders given up, in whole or for what they lack, and opened again."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from domain.events import EventType
from domain.model.access import Caller
from domain.model.message import MessageEvent
from domain.model.order import CustomerOrder, Status
from domain.model.reservation import State
from domain.model.values import LineId, OrderId
from domain.ports.answers import Once, Told
from domain.queries.orders import OrderView, view_of
from domain.usecases.deposits import give_back, settle
from domain.usecases.fulfilment import lock_with_stock
from domain.usecases.stockroom import Stockroom
from domain.usecases.supplying import trim
from domain.usecases.work import Surroundings, expect, tell_of, told, until_done

LAPSED = "Règlement non reçu"
"""Why the kept copies of an order whose payment never came go back to the shelf."""


@dataclass(frozen=True, slots=True)
class Cancelling:
    around: Surroundings

    async def cancel(
        self, *, by: Caller, order_id: OrderId, version: int, reason: str | None, once: Once[OrderView]
    ) -> Told:
        """Annul an order: kept copies go back to the shelf, drafts ask for fewer (A24), the deposit is given back.

        Raises ``StaleVersion``, ``OrderClosed``.
        """
        now = self.around.clock
        return await self._annul(
            by, order_id, version, once, reason, lambda order: order.cancel(reason=reason, now=now())
        )

    async def lapse(self, *, by: Caller, order_id: OrderId, version: int, once: Once[OrderView]) -> Told:
        """The payment of a blocked order never came: it is annulled likewise. Raises ``StaleVersion``, ``OrderClosed``."""
        now = self.around.clock
        return await self._annul(by, order_id, version, once, LAPSED, lambda order: order.lapse(now=now()))

    async def _annul(
        self,
        by: Caller,
        order_id: OrderId,
        version: int,
        once: Once[OrderView],
        reason: str | None,
        annul: Callable[[CustomerOrder], Mapping[LineId, int]],
    ) -> Told:
        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                order, shelves = await lock_with_stock(work, order_id)
                expect(order.version, version)
                freed = annul(order)
                await trim(work, [order], around=self.around, by=by, now=now)
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                for kept in await work.reservations.kept_for(list(freed)):
                    room.end(shelves[kept.ean], kept, State.RETURNED, reason=reason)
                await give_back(work, order, around=self.around, by=by, now=now)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_CANCELLED, order, by, now))
                tell_of(work, order, MessageEvent.CANCELLED, by=by)
                return await told(work, once, view_of(order))

        return await until_done(attempt)

    async def cancel_remainder(
        self,
        *,
        by: Caller,
        order_id: OrderId,
        version: int,
        line_ids: Collection[LineId] | None,
        reason: str,
        once: Once[OrderView],
    ) -> Told:
        """Wait no more for these lines, None for all (LP becomes LT); an order that keeps nothing is annulled.

        Raises ``StaleVersion``, ``OrderClosed``, ``NothingToCancel``, ``NotFound``.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                (order,) = await work.orders.lock([order_id])
                expect(order.version, version)
                waiting = [line.id for line in order.lines if line.outstanding]
                order.cancel_remainder(line_ids, reason=reason, now=now)
                ended = [each for each in waiting if not order.line(each).outstanding]
                await trim(work, [order], around=self.around, by=by, now=now, lines=ended)
                settle(work, order, around=self.around, by=by, now=now)
                await give_back(work, order, around=self.around, by=by, now=now)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
                if order.status is Status.CANCELLED:
                    tell_of(work, order, MessageEvent.CANCELLED, by=by)
                return await told(work, once, view_of(order))

        return await until_done(attempt)

    async def reopen(self, *, by: Caller, order_id: OrderId, version: int, once: Once[OrderView]) -> Told:
        """Open an annulled order again. Raises ``StaleVersion``, ``OrderClosed``, ``AlreadyRefunded``."""

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                (order,) = await work.orders.lock([order_id])
                expect(order.version, version)
                order.reopen(now=now)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_REOPENED, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)
