"""A line passed over until a date, because its customer is away, and served again from that day on (P6)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial

from domain.errors import Fault, Invalid, TryAgain
from domain.events import EventType
from domain.model.access import Caller
from domain.model.order import CustomerOrder
from domain.model.values import LineId, OrderId
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.orders import OrderView, view_of
from domain.usecases.work import Surroundings, expect, until_done


@dataclass(frozen=True, slots=True)
class Suspending:
    around: Surroundings

    async def suspend(self, *, by: Caller, order_id: OrderId, line_id: LineId, version: int, until: date) -> OrderView:
        """Pass the line over until that day, another than today or one gone by; a second call sets another day.

        Raises ``Invalid``, ``NotFound``, ``StaleVersion``, ``OrderClosed``, ``NothingWaits``, ``LineKept``.
        """
        if until <= self.around.today(by.dossier):
            raise Invalid(faults=[Fault("not-after-today", "/until")])

        def make(order: CustomerOrder) -> bool:
            order.suspend(line_id, until, now=self.around.clock())
            return True

        return await self._changed(by, order_id, line_id, version, make)

    async def resume(self, *, by: Caller, order_id: OrderId, line_id: LineId, version: int) -> OrderView:
        """Serve the line again before its day; one that is not suspended stays as it is. Raises ``NotFound``, ``StaleVersion``."""
        return await self._changed(
            by, order_id, line_id, version, lambda order: order.resume(line_id, now=self.around.clock())
        )

    async def resume_due(self, *, by: Caller) -> int:
        """Serve again the lines whose day has come, each order by itself; how many lines that makes."""
        today = self.around.today(by.dossier)
        async with self.around.begin(by.dossier, by.client) as work:
            due = await work.orders.suspended(until=today)
        return sum([await until_done(partial(self._resumed, by, order_id, today)) for order_id in due])

    async def _resumed(self, by: Caller, order_id: OrderId, today: date) -> int:
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            seen = await work.orders.get(order_id)
            due = {line.id for line in seen.lines if _is_due(line.suspended_until, today)}
            order = await _locked(work, seen, due)
            resumed = [order.resume(line.id, now=now) for line in order.lines if _is_due(line.suspended_until, today)]
            if resumed:
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
                await work.commit()
            return len(resumed)

    async def _changed(
        self,
        by: Caller,
        order_id: OrderId,
        line_id: LineId,
        version: int,
        make: Callable[[CustomerOrder], bool],
    ) -> OrderView:
        async def attempt() -> OrderView:
            async with self.around.begin(by.dossier, by.client) as work:
                order = await _locked(work, await work.orders.get(order_id), {line_id})
                expect(order.version, version)
                if make(order):
                    work.orders.save(order)
                    work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, order.updated_at))
                    await work.commit()
                return view_of(order)

        return await until_done(attempt)


async def _locked(work: UnitOfWork, seen: CustomerOrder, line_ids: Collection[LineId]) -> CustomerOrder:
    """The order locked, and before it the articles of these lines: no scan serves their queues meanwhile.

    Raises ``NotFound`` for a line that is not on it, ``TryAgain`` for one that came to wait for another article meanwhile.
    """
    eans = {line_id: seen.line(line_id).ean for line_id in line_ids}
    await work.stock.lock(list(eans.values()))
    (order,) = await work.orders.lock([seen.id])
    if any(order.line(line_id).ean != ean for line_id, ean in eans.items()):
        raise TryAgain
    return order


def _is_due(until: date | None, today: date) -> bool:
    return until is not None and until <= today
