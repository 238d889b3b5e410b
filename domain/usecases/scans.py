"""Réserve des commandes clients: a found copy is scanned and goes to who has waited longest (A27, A29)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from domain.errors import Fault, Invalid, NotFound, OutOfStock, ShopError, TryAgain, UnknownArticle
from domain.model.access import Caller
from domain.model.article import short
from domain.model.order import CustomerOrder
from domain.model.supply import SupplyState
from domain.model.values import CustomerId, Ean, LineId, OrderId, SupplierLineId, SupplierOrderId
from domain.ports.answers import Once, Told
from domain.ports.orders import Waiting
from domain.ports.stock import Shelf
from domain.ports.surroundings import Company
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.articles import ArticleView
from domain.queries.orders import LineView, OrderSummary, summary_of, view_of
from domain.queries.reservations import ReservationView
from domain.usecases.stockroom import Stockroom, categories_of, expect_places
from domain.usecases.views import article_view, reservation_view
from domain.usecases.work import Surroundings, together, until_done

NEXT = 5
"""Places of the queue that a scan tells of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """A place of the queue behind the copy scanned; ``position`` 1 is served by the next copy found."""

    position: int
    order_id: OrderId
    line_id: LineId
    order_number: int
    name: str
    outstanding: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """Copies that a supplier is to bring for the line, which no longer waits for them (A28, C7)."""

    supplier_order_id: SupplierOrderId
    supplier_line_id: SupplierLineId
    number: int
    state: SupplyState
    quantity: int

    @property
    def releasable(self) -> bool:
        """Whether fewer copies would be asked for: what was sent stays asked for (A24)."""
        return self.state is SupplyState.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a scan did. Without a reservation nobody waits for the article."""

    article: ArticleView
    still_waiting: int
    reservation: ReservationView | None = None
    order: OrderSummary | None = None
    line: LineView | None = None
    waiting: tuple[Next, ...] = ()
    surplus: Surplus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One copy found. ``line_id`` serves another line than the first of the queue, and then needs its ``reason``.

    A suspended line is served only when it is chosen so, and is suspended no longer (P6).
    """

    by: Caller
    ean: Ean
    once: Once[Scanned]
    order_id: OrderId | None = None
    line_id: LineId | None = None
    reason: str | None = None


@dataclass(slots=True, kw_only=True)
class _Floor:
    """What the scans of one transaction share: locked shelves, locked orders, the places still to serve.

    The orders ``behind`` those places are not locked: they are told of, not served.
    """

    shelves: dict[Ean, Shelf]
    orders: dict[OrderId, CustomerOrder]
    queue: dict[Ean, list[Waiting]]
    behind: dict[Ean, list[Waiting]]
    categories: Mapping[CustomerId, str]


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
        served: dict[int, Scanned] = {}
        claimed: set[tuple[str, str]] = set()
        async with self.around.begin(scans[0].by.dossier, together(scan.by for scan in scans)) as work:
            answers = await work.claim_many([scan.once for scan in scans])
            fresh = [scan for scan, answer in zip(scans, answers, strict=True) if answer is None]
            floor = await self._floor(work, fresh)
            for nth, (scan, answer) in enumerate(zip(scans, answers, strict=True)):
                key = (scan.once.client, scan.once.key)
                results.append(answer or TryAgain())
                if answer is None and key not in claimed:
                    claimed.add(key)
                    try:
                        served[nth] = self._serve(work, floor, scan)
                    except ShopError as refusal:
                        results[nth] = refusal
            surplus = await _surplus(work, served.values())
            for nth, done in served.items():
                told = scans[nth].once.tell(replace(done, surplus=surplus.get(done.line.id) if done.line else None))
                work.keep(scans[nth].once, told)
                results[nth] = told
            await work.commit()
        return results

    async def _floor(self, work: UnitOfWork, scans: Sequence[Scan]) -> _Floor:
        shelves = await work.stock.lock([scan.ean for scan in scans])
        queue: dict[Ean, list[Waiting]] = {}
        behind: dict[Ean, list[Waiting]] = {}
        wanted: set[OrderId] = set()
        for ean in shelves:
            copies = sum(scan.ean == ean for scan in scans)
            chosen = [scan.line_id for scan in scans if scan.ean == ean and scan.line_id is not None]
            places = await work.orders.waiting(ean, copies, behind=NEXT, resumed=chosen)
            queue[ean], behind[ean] = _parted(places, copies)
            wanted.update(place.order_id for place in queue[ean])
        wanted.update(scan.order_id for scan in scans if scan.order_id is not None)
        locked = await work.orders.lock(sorted(wanted)) if wanted else []
        orders = {order.id: order for order in locked}
        expect_places(chain.from_iterable(queue.values()), orders)
        if len(scans) > 1 and any(_resumes(scan, orders) for scan in scans):
            raise TryAgain  # alone: whether the others find that line waiting depends on who came first
        categories = await categories_of(work, scans[0].by, (order.customer_id for order in locked)) if scans else {}
        return _Floor(shelves=shelves, orders=orders, queue=queue, behind=behind, categories=categories)

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
        room = Stockroom(around=self.around, work=work, by=scan.by, now=now, categories=floor.categories)
        reservation = room.keep_for_line(shelf, order, line_id, 1, reason=scan.reason if scan.line_id else None)
        return Scanned(
            article=article_view(shelf),
            still_waiting=shelf.waiting,
            reservation=reservation_view(reservation, order, weight_g=shelf.article.weight_g),
            order=summary_of(order),
            line=next(line for line in view_of(order).lines if line.id == line_id),
            waiting=self._next(floor, scan.ean),
        )

    def _next(self, floor: _Floor, ean: Ean) -> tuple[Next, ...]:
        """Who is served by the next copies, those left out that the scans of this moment served."""
        places: list[Next] = []
        for place in chain(floor.queue[ean], floor.behind[ean]):
            left = place.outstanding
            if (order := floor.orders.get(place.order_id)) is not None:
                left = sum(line.outstanding for line in order.lines if line.id == place.line_id)
            if left and len(places) < NEXT:
                places.append(
                    Next(
                        position=len(places) + 1,
                        order_id=place.order_id,
                        line_id=place.line_id,
                        order_number=place.order_number,
                        name=place.name,
                        outstanding=left,
                    )
                )
        return tuple(places)

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


def _resumes(scan: Scan, orders: Mapping[OrderId, CustomerOrder]) -> bool:
    """Whether it chooses a suspended line."""
    order = orders.get(scan.order_id) if scan.order_id else None
    return order is not None and any(line.id == scan.line_id and line.suspended_until for line in order.lines)


def _parted(places: Sequence[Waiting], copies: int) -> tuple[list[Waiting], list[Waiting]]:
    """The places that so many copies serve, and those behind them."""
    served = 0
    for place in places:
        if copies <= 0:
            break
        copies -= place.outstanding
        served += 1
    return list(places[:served]), list(places[served:])


async def _surplus(work: UnitOfWork, served: Iterable[Scanned]) -> Mapping[LineId, Surplus]:
    """What suppliers bring too much for the lines just served; nothing is asked where they bring nothing too much.

    The first that would be given back is told: a draft before what was sent, then the newest. Nothing of it changes (A28).
    """
    spare = {done.line.id: done.line.surplus for done in served if done.line is not None and done.line.surplus}
    found: dict[LineId, Surplus] = {}
    supplies = await work.supplier_orders.for_lines(list(spare)) if spare else []
    for supply in sorted(supplies, key=lambda each: each.state is not SupplyState.DRAFT):
        for line_id, copies in spare.items():
            for supplier_line, link in supply.links_of(line_id):
                if link.open:
                    surplus = Surplus(
                        supplier_order_id=supply.id,
                        supplier_line_id=supplier_line.id,
                        number=supply.number,
                        state=supply.state,
                        quantity=min(link.open, copies),
                    )
                    found.setdefault(line_id, surplus)
    return found
