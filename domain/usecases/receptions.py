"""Copies come in: each goes to who has waited longest, the rest to the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from domain.errors import Fault, Invalid
from domain.events import EventType
from domain.model.access import Caller
from domain.model.order import CustomerOrder
from domain.model.reception import Reception, ReceptionLine
from domain.model.values import Ean, OrderId, ReceptionId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import Shelf, Waiting
from domain.queries.reservations import ReservationView
from domain.usecases.stockroom import Stockroom, expect_places
from domain.usecases.views import reservation_view
from domain.usecases.work import Surroundings, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Copies of one article in the parcel."""

    ean: Ean
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """What became of the copies of one article: for whom some were set aside, and how many went to the shelf."""

    ean: Ean
    title: str
    quantity: int
    set_aside: int
    to_stock: int
    reservations: tuple[ReservationView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionView:
    id: ReceptionId
    reference: str | None
    received_at: datetime
    lines: tuple[ReceivedLine, ...]


@dataclass(frozen=True, slots=True)
class Receptions:
    around: Surroundings

    async def receive(
        self, *, by: Caller, reference: str | None, arrived: Sequence[Arrived], once: Once[ReceptionView]
    ) -> Told:
        """Book a parcel in, all of it or nothing. Raises ``Invalid`` naming every line whose article is unknown or digital."""

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                shelves = await work.stock.lock([line.ean for line in arrived])
                self._check(arrived, shelves)
                copies: dict[Ean, int] = {}
                for line in arrived:
                    copies[line.ean] = copies.get(line.ean, 0) + line.quantity
                queues = {ean: await work.orders.waiting(ean, quantity) for ean, quantity in copies.items()}
                wanted = sorted({place.order_id for queue in queues.values() for place in queue})
                orders = {order.id: order for order in (await work.orders.lock(wanted) if wanted else [])}
                expect_places(chain.from_iterable(queues.values()), orders)
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                lines = [
                    self._book(room, shelves[line.ean], orders, queues[line.ean], line.quantity, reference)
                    for line in arrived
                ]
                view = ReceptionView(
                    id=ReceptionId(self.around.new_id()),
                    reference=reference,
                    received_at=now,
                    lines=tuple(lines),
                )
                work.receptions.add(
                    Reception(
                        id=view.id,
                        reference=reference,
                        received_at=now,
                        by=by.client,
                        lines=tuple(
                            ReceptionLine(ean=line.ean, quantity=line.quantity, set_aside=line.set_aside)
                            for line in lines
                        ),
                    )
                )
                total = sum(line.quantity for line in arrived)
                work.emit(self.around.event(EventType.STOCK_RECEIVED, view.id, 1, by, now, quantity=total))
                return await told(work, once, view)

        return await until_done(attempt, retry_stale=True)

    def _check(self, arrived: Sequence[Arrived], shelves: dict[Ean, Shelf]) -> None:
        faults = []
        for index, line in enumerate(arrived):
            shelf = shelves.get(line.ean)
            if shelf is None:
                faults.append(Fault("unknown-article", f"/lines/{index}/ean", (("ean", line.ean),)))
            elif shelf.article.digital:
                faults.append(Fault("digital-article", f"/lines/{index}/ean", (("ean", line.ean),)))
        if faults:
            raise Invalid(faults=faults)

    def _book(
        self,
        room: Stockroom,
        shelf: Shelf,
        orders: dict[OrderId, CustomerOrder],
        queue: Sequence[Waiting],
        quantity: int,
        reference: str | None,
    ) -> ReceivedLine:
        room.receive(shelf, quantity, reason=reference)
        left, kept = quantity, []
        for place in queue:
            order = orders[place.order_id]
            line = next((line for line in order.lines if line.id == place.line_id), None)
            copies = min(left, line.outstanding if line else 0)
            if copies:
                reservation = room.keep_for_line(shelf, order, place.line_id, copies)
                kept.append(reservation_view(reservation, order))
                left -= copies
        return ReceivedLine(
            ean=shelf.article.ean,
            title=shelf.article.title,
            quantity=quantity,
            set_aside=quantity - left,
            to_stock=left,
            reservations=tuple(kept),
        )
