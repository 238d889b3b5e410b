"""Copies come in: each goes to who has waited longest (P31), the rest to the shelf; suppliers are ticked off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from domain.errors import Fault, Inconsistent, Invalid, NotFound, SupplierOrderClosed, UnknownParty
from domain.events import EventType
from domain.model.access import Caller
from domain.model.order import CustomerOrder
from domain.model.reception import Reception, ReceptionKind, ReceptionLine
from domain.model.supply import SupplierOrder, SupplyState
from domain.model.third_party import ThirdPartyType
from domain.model.values import Ean, LineId, OrderId, ReceptionId, SupplierOrderId, ThirdPartyId
from domain.ports.answers import Once, Told
from domain.ports.orders import Waiting
from domain.ports.stock import Shelf
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.receptions import Asked, Ledger, ReceivedLine, ReceptionView
from domain.queries.reservations import ReservationView
from domain.usecases.stockroom import Stockroom, categories_of, expect_places
from domain.usecases.supplying import expect_people, keep
from domain.usecases.views import reservation_view
from domain.usecases.work import Surroundings, told, until_done

SENT = frozenset({SupplyState.VALIDATED, SupplyState.PARTLY_RECEIVED})
UNSENT = frozenset({SupplyState.DRAFT, SupplyState.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Copies of one article in the parcel; ``row`` is the line of the notice that said so first."""

    ean: Ean
    quantity: int
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What came in. ``faults`` is what was found wrong with a notice while it was read.

    ``supplier_order_id`` names the supplier order that is ticked off first, ``supplier_id`` whose the others are; without
    either, whoever was asked. ``dry_run`` only proposes.
    """

    lines: Sequence[Arrived]
    kind: ReceptionKind = ReceptionKind.MANUAL
    reference: str | None = None
    supplier_order_id: SupplierOrderId | None = None
    supplier_id: ThirdPartyId | None = None
    dry_run: bool = False
    faults: Sequence[Fault] = ()


@dataclass(slots=True, kw_only=True)
class _Dock:
    """What one transaction works on, locked in the order in which everyone does; ``supplies``: first to be ticked off first."""

    shelves: Mapping[Ean, Shelf]
    queues: Mapping[Ean, Sequence[Waiting]]
    orders: dict[OrderId, CustomerOrder]
    supplies: list[SupplierOrder]
    supplier_id: ThirdPartyId | None
    served: dict[Ean, dict[LineId, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receptions:
    around: Surroundings

    async def receive(self, *, by: Caller, parcel: Parcel, once: Once[ReceptionView]) -> Told:
        """Book a parcel in, all of it or nothing.

        Raises ``Invalid`` naming every line that is malformed, or whose article is unknown or digital; ``NotFound`` and
        ``SupplierOrderClosed`` for a supplier order that was not sent; ``Inconsistent`` when it is another supplier's;
        ``UnknownParty``; ``TooManyCopies``.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                dock = await self._dock(work, parcel)
                people = (order.customer_id for order in dock.orders.values())
                categories = await categories_of(work, by, people)
                room = Stockroom(around=self.around, work=work, by=by, now=now, categories=categories)
                booked = [self._book(room, dock, line, parcel.reference) for line in parcel.lines]
                asked = self._tick_off(work, dock, parcel, by, now)
                ledger = Ledger(asked)
                view = ReceptionView(
                    id=None if parcel.dry_run else ReceptionId(self.around.new_id()),
                    kind=parcel.kind,
                    supplier_id=dock.supplier_id,
                    reference=parcel.reference,
                    received_at=now,
                    lines=tuple(
                        ReceivedLine(
                            ean=line.ean,
                            title=dock.shelves[line.ean].article.title,
                            quantity=line.quantity,
                            set_aside=sum(kept.quantity for kept in reservations),
                            asked=ledger.take(line.ean, line.quantity),
                            reservations=tuple(reservations),
                        )
                        for line, reservations in zip(parcel.lines, booked, strict=True)
                    ),
                )
                if view.id is None:
                    return once.tell(view)
                self._write(work, view.id, view, asked, by)
                return await told(work, once, view)

        return await until_done(attempt, retry_stale=True)

    async def _dock(self, work: UnitOfWork, parcel: Parcel) -> _Dock:
        eans = sorted({line.ean for line in parcel.lines})
        shelves = await work.stock.lock(eans)
        _check(parcel, shelves)
        if parcel.supplier_id is not None:
            await _need_supplier(work, parcel.supplier_id)
        queues = {ean: await work.orders.waiting(ean, _copies(parcel, ean)) for ean in eans}
        people = await work.supplier_orders.meant_for(eans=eans)
        wanted = people | {place.order_id for queue in queues.values() for place in queue}
        orders = {order.id: order for order in (await work.orders.lock(sorted(wanted)) if wanted else [])}
        expect_places(chain.from_iterable(queues.values()), orders)
        expecting = await work.supplier_orders.expecting(eans, only=None)
        supplier_id, named = parcel.supplier_id, None
        if parcel.supplier_order_id is not None:
            (named,) = await work.supplier_orders.lock([parcel.supplier_order_id])
            if named.state in UNSENT:
                raise SupplierOrderClosed(number=named.number, state=named.state.value)
            if supplier_id not in {None, named.supplier_id}:
                raise Inconsistent(faults=[Fault("other-supplier", "/supplier_id", (("name", named.supplier_name),))])
            supplier_id = named.supplier_id
        supplies = [
            supply
            for supply in sorted(expecting, key=lambda each: each is not named)
            if supply.state in SENT and supplier_id in {None, supply.supplier_id}
        ]
        expect_people(supplies, orders.values(), eans=eans)
        return _Dock(shelves=shelves, queues=queues, orders=orders, supplies=supplies, supplier_id=supplier_id)

    def _book(self, room: Stockroom, dock: _Dock, arrived: Arrived, reference: str | None) -> list[ReservationView]:
        shelf = dock.shelves[arrived.ean]
        room.receive(shelf, arrived.quantity, reason=reference)
        served = dock.served.setdefault(arrived.ean, {})
        left, kept = arrived.quantity, []
        for place in dock.queues[arrived.ean]:
            order = dock.orders[place.order_id]
            line = next((line for line in order.lines if line.id == place.line_id), None)
            copies = min(left, line.outstanding if line else 0)
            if copies:
                reservation = room.keep_for_line(shelf, order, place.line_id, copies)
                kept.append(reservation_view(reservation, order, weight_g=shelf.article.weight_g))
                served[place.line_id] = served.get(place.line_id, 0) + copies
                left -= copies
        return kept

    def _tick_off(self, work: UnitOfWork, dock: _Dock, parcel: Parcel, by: Caller, now: datetime) -> list[Asked]:
        """Count the copies on the supplier lines that asked for them, and off the lines that they were meant for."""
        asked: list[Asked] = []
        left = {ean: _copies(parcel, ean) for ean in dock.shelves}
        people = {line.id: (order, line) for order in dock.orders.values() for line in order.lines}
        bereft: set[OrderId] = set()
        for supply in dock.supplies:
            ticked = False
            for line in supply.lines:
                copies = min(left.get(line.ean, 0), line.outstanding)
                if not copies:
                    continue
                served = dock.served[line.ean]
                spare = {link.line_id: people[link.line_id][1].surplus for link in line.links if link.open}
                came, lost = supply.receive(line.id, copies, served=served, spare=spare, now=now)
                for fallen in (came, lost):
                    for line_id, fewer in fallen.items():
                        people[line_id][0].note_supply(line_id, -fewer, now=now)
                        work.orders.save(people[line_id][0])
                for line_id, fewer in came.items():
                    served[line_id] -= fewer
                bereft.update(people[line_id][0].id for line_id in lost)
                left[line.ean] -= copies
                ticked = True
                asked.append(
                    Asked(
                        supplier_order_id=supply.id,
                        number=supply.number,
                        line_id=line.id,
                        ean=line.ean,
                        quantity=copies,
                    )
                )
            if ticked:
                keep(work, supply, around=self.around, by=by, now=now)
        for order_id in sorted(bereft):
            work.emit(self.around.order_event(EventType.ORDER_UPDATED, dock.orders[order_id], by, now))
        return asked

    def _write(
        self, work: UnitOfWork, reception_id: ReceptionId, view: ReceptionView, asked: Sequence[Asked], by: Caller
    ) -> None:
        work.receptions.add(
            Reception(
                id=reception_id,
                kind=view.kind,
                supplier_id=view.supplier_id,
                reference=view.reference,
                received_at=view.received_at,
                by=by.client,
                lines=tuple(
                    ReceptionLine(ean=line.ean, quantity=line.quantity, set_aside=line.set_aside) for line in view.lines
                ),
                expected=tuple((each.line_id, each.quantity) for each in asked),
            )
        )
        total = sum(line.quantity for line in view.lines)
        work.emit(self.around.event(EventType.STOCK_RECEIVED, reception_id, 1, by, view.received_at, quantity=total))


def _copies(parcel: Parcel, ean: Ean) -> int:
    return sum(line.quantity for line in parcel.lines if line.ean == ean)


def _check(parcel: Parcel, shelves: Mapping[Ean, Shelf]) -> None:
    faults = list(parcel.faults)
    for index, line in enumerate(parcel.lines):
        shelf = shelves.get(line.ean)
        if shelf is not None and not shelf.article.digital:
            continue
        pointer = f"/lines/{index}/ean"
        code = "unknown-article" if shelf is None else "digital-article"
        facts: tuple[tuple[str, object], ...] = (("ean", line.ean),)
        if line.row is not None:
            code, pointer, facts = f"notice-{code}", f"/{line.row}", (*facts, ("row", line.row))
        faults.append(Fault(code, pointer, facts))
    if faults:
        # a notice is refused in the order of its lines, a request in that of its list: both as they came
        raise Invalid(faults=sorted(faults, key=_row))


def _row(fault: Fault) -> int:
    row = dict(fault.facts).get("row", 0)
    return row if isinstance(row, int) else 0


async def _need_supplier(work: UnitOfWork, supplier_id: ThirdPartyId) -> None:
    try:
        supplier = await work.third_parties.get(supplier_id)
    except NotFound:
        raise UnknownParty(faults=[Fault("unknown-party", "/supplier_id")]) from None
    if supplier.type is not ThirdPartyType.SUPPLIER:
        raise UnknownParty(faults=[Fault("not-a-supplier", "/supplier_id")])
