"""Putting the queue of an article in another order: it needs a right and a reason (C5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import UnknownArticle
from domain.events import EventType
from domain.model.access import Caller
from domain.model.queue import check_order
from domain.model.values import Ean, LineId
from domain.ports.orders import QueueChange
from domain.usecases.work import Surroundings, until_done


@dataclass(frozen=True, slots=True)
class Queueing:
    around: Surroundings

    async def put_in_order(self, *, by: Caller, ean: Ean, line_ids: Sequence[LineId], reason: str) -> None:
        """Serve those who wait for an article in this order from now on; whoever comes later is served after them.

        The article's stock is held meanwhile, so that scans and receptions see the queue before or after, never between.
        Raises ``UnknownArticle``; ``QueueChanged`` unless ``line_ids`` are exactly those who wait now; ``QueueBegun`` when a
        line that is being served would be passed.
        """

        async def attempt() -> None:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if ean not in await work.stock.lock([ean]):
                    raise UnknownArticle(ean=ean)
                places = await work.orders.place(ean)
                before = tuple(place.line_id for place in places)
                after = tuple(line_ids)
                check_order(before=before, begun={place.line_id for place in places if place.begun}, after=after)
                if before == after:
                    return
                change = QueueChange(
                    id=self.around.new_id(), ean=ean, before=before, after=after, reason=reason, at=now, by=by.client
                )
                work.orders.put_in_order(change)
                work.emit(
                    self.around.event(EventType.QUEUE_REORDERED, change.id, 1, by, now, ean=ean, quantity=len(after))
                )
                await work.commit()

        # a line may leave its order between the reading and the writing: then the queue is another, and is read again
        await until_done(attempt, retry_stale=True)
