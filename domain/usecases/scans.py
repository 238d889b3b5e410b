"""Réserve des commandes clients: a found copy is scanned and goes to who has waited longest (A27, A29)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from domain.errors import Fault, Invalid, NotFound, OutOfStock, ShopError, TryAgain, UnknownArticle
from domain.model.access import Caller
from domain.model.article import short
from domain.model.order import CustomerOrder
from domain.model.values import Ean, LineId, OrderId
from domain.ports.answers import Once, Told
from domain.ports.orders import Waiting
from domain.ports.stock import Shelf
from domain.ports.surroundings import Company
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.articles import ArticleView
from domain.queries.orders import LineView, OrderSummary, summary_of, view_of
from domain.queries.reservations import ReservationView
from domain.usecases.stockroom import Stockroom, expect_places
from domain.usecases.views import article_view, reservation_view
from domain.usecases.work import Surroundings, together, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a scan did. Without a reservation nobody waits for the article."""

    article: ArticleView
    still_waiting: int
    reservation: ReservationView | None = None
    order: OrderSummary | None = None
    line: LineView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One copy found. ``line_id`` serves another line than the first of the queue, and then needs its ``reason``."""

    by: Caller
    ean: Ean
    once: Once[Scanned]
    order_id: OrderId | None = None
    line_id: LineId | None = None
    reason: str | None = None


@dataclass(slots=True, kw_only=True)
class _Floor:
    """What the scans of one transaction share: locked shelves, locked orders, the places still to serve."""

    shelves: dict[Ean, Shelf]
    orders: dict[OrderId, CustomerOrder]
    queue: dict[Ean, list[Waiting]]


@dataclass(frozen=True, slots=True)
class Scans:
    """Scans that wait at the same moment are served by one transaction, in their order of arrival."""

    around: Surroundings
    company: Company

    async def scan(self, scan: Scan) -> Told:
        """Set the copy aside for the first line of the queue.

        Raises ``UnknownArticle``; ``OutOfStock`` when someone waits and available stock is 0; ``Invalid`` for a chosen line
        without a reason; ``LineInUse`` when the chosen line waits for nothing.
        """
        if scan.line_id is not None and not (scan.reason or "").strip():
            raise Invalid(faults=[Fault("reason-needed", "/reason")])
        key = ("scan", scan.by.dossier.id)
        return await until_done(lambda: self.company.join(key, scan, self._together), retry_stale=True)

    async def _together(self, scans: Sequence[Scan]) -> list[Told | Exception]:
        results: list[Told | Exception] = []
        claimed: set[tuple[str, str]] = set()
        async with self.around.begin(scans[0].by.dossier, together(scan.by for scan in scans)) as work:
            answers = await work.claim_many([scan.once for scan in scans])
            fresh = [scan for scan, answer in zip(scans, answers, strict=True) if answer is None]
            floor = await self._floor(work, fresh)
            for scan, answer in zip(scans, answers, strict=True):
                key = (scan.once.client, scan.once.key)
                if answer is not None:
                    results.append(answer)
                elif key in claimed:
                    results.append(TryAgain())
                else:
                    claimed.add(key)
                    try:
                        told = scan.once.tell(self._serve(work, floor, scan))
                    except ShopError as refusal:
                        results.append(refusal)
                    else:
                        work.keep(scan.once, told)
                        results.append(told)
            await work.commit()
        return results

    async def _floor(self, work: UnitOfWork, scans: Sequence[Scan]) -> _Floor:
        shelves = await work.stock.lock([scan.ean for scan in scans])
        queue: dict[Ean, list[Waiting]] = {}
        wanted: set[OrderId] = set()
        for ean in shelves:
            copies = sum(scan.ean == ean for scan in scans)
            queue[ean] = await work.orders.waiting(ean, copies)
            wanted.update(place.order_id for place in queue[ean])
        wanted.update(scan.order_id for scan in scans if scan.order_id is not None)
        locked = await work.orders.lock(sorted(wanted)) if wanted else []
        orders = {order.id: order for order in locked}
        expect_places(chain.from_iterable(queue.values()), orders)
        return _Floor(shelves=shelves, orders=orders, queue=queue)

    def _serve(self, work: UnitOfWork, floor: _Floor, scan: Scan) -> Scanned:
        shelf = floor.shelves.get(scan.ean)
        if shelf is None:
            raise UnknownArticle(ean=scan.ean)
        place = self._chosen(floor, scan) if scan.line_id else self._first(floor, scan.ean)
        if place is None:
            return Scanned(article=article_view(shelf), still_waiting=shelf.waiting)
        if not shelf.stock.available:
            raise OutOfStock(faults=[short(scan.ean, 1, 0)])
        order, line_id = place
        now = self.around.clock()
        room = Stockroom(around=self.around, work=work, by=scan.by, now=now)
        reservation = room.keep_for_line(shelf, order, line_id, 1)
        return Scanned(
            article=article_view(shelf),
            still_waiting=shelf.waiting,
            reservation=reservation_view(reservation, order),
            order=summary_of(order),
            line=next(line for line in view_of(order).lines if line.id == line_id),
        )

    def _first(self, floor: _Floor, ean: Ean) -> tuple[CustomerOrder, LineId] | None:
        for place in floor.queue[ean]:
            order = floor.orders[place.order_id]
            line = next((line for line in order.lines if line.id == place.line_id), None)
            if line is not None and line.outstanding:
                return order, line.id
        return None

    def _chosen(self, floor: _Floor, scan: Scan) -> tuple[CustomerOrder, LineId]:
        order = floor.orders.get(scan.order_id) if scan.order_id else None
        if order is None or scan.line_id is None or order.line(scan.line_id).ean != scan.ean:
            raise NotFound(what="line")
        return order, scan.line_id
