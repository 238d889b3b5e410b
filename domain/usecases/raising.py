"""Asking suppliers for what customers wait for and no supplier order brings (A19, C6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.errors import Fault, NoSupplier, NotFound, NothingToOrder, UnfitLines, UnknownParty
from domain.events import EventType
from domain.model.access import Caller
from domain.model.article import Article
from domain.model.order import CustomerOrder, Status
from domain.model.order_line import OrderLine
from domain.model.supply import SupplierLine, SupplierOrder, SupplyLink
from domain.model.third_party import ThirdParty, ThirdPartyType
from domain.model.values import Ean, LineId, SupplierLineId, SupplierOrderId, ThirdPartyId
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.supplying import keep, supply_event
from domain.usecases.work import Surroundings

CLOSED = frozenset({Status.DELIVERED, Status.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A line for which copies are to be asked; ``quantity`` None is all that nobody brings."""

    line_id: LineId
    quantity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One transaction of asking. ``supplier_id`` None is each article's own; ``apart`` joins no draft.

    ``list_at`` points to where the request lists its lines.
    """

    around: Surroundings
    work: UnitOfWork
    by: Caller
    now: datetime
    supplier_id: ThirdPartyId | None
    apart: bool = False
    list_at: str = "/lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A line to order for: where the request named it, and how many copies."""

    pointer: str
    order: CustomerOrder
    line: OrderLine
    copies: int


def every_line(order: CustomerOrder) -> list[Wanted]:
    """All lines of an order for which copies can be asked."""
    return [Wanted(line_id=line.id) for line in order.lines if not line.digital]


async def raise_orders(
    asking: Asking, orders: Sequence[CustomerOrder], wanted: Sequence[Wanted]
) -> list[SupplierOrder]:
    """Put the copies on supplier orders and count them on the lines of ``orders``, locked; saved and told of, oldest first.

    A line of which everything was ordered meanwhile is left out. Raises ``UnfitLines``, ``NothingToOrder``, ``NoSupplier``,
    ``UnknownParty``.
    """
    places = _places(asking.list_at, orders, wanted)
    articles = await asking.work.articles.many(sorted({place.line.ean for place in places}))
    suppliers = await _suppliers(asking, places, articles)
    drafts = {} if asking.apart else await asking.work.supplier_orders.drafts(list(suppliers))
    raised = []
    for supplier_id in sorted(suppliers):
        its = [place for place in places if _supplier_of(asking, articles[place.line.ean]) == supplier_id]
        draft = drafts.get(supplier_id)
        supply = draft or await _new(asking, suppliers[supplier_id])
        supply.ask(*_lines(asking, its), now=asking.now)
        if draft is None:
            asking.work.supplier_orders.add(supply)
            asking.work.emit(
                supply_event(
                    EventType.SUPPLIER_ORDER_CREATED, supply, around=asking.around, by=asking.by, now=asking.now
                )
            )
        else:
            keep(asking.work, supply, around=asking.around, by=asking.by, now=asking.now)
        raised.append(supply)
    for place in places:
        place.order.note_supply(place.line.id, place.copies, now=asking.now)
    for order in {place.order.id: place.order for place in places}.values():
        asking.work.orders.save(order)
        asking.work.emit(asking.around.order_event(EventType.ORDER_UPDATED, order, asking.by, asking.now))
    return sorted(raised, key=lambda supply: supply.number)


def _places(list_at: str, orders: Sequence[CustomerOrder], wanted: Sequence[Wanted]) -> list[_Place]:
    known = {line.id: (order, line) for order in orders for line in order.lines}
    faults: list[Fault] = []
    places: list[_Place] = []
    seen: set[LineId] = set()
    for index, each in enumerate(wanted):
        pointer = f"{list_at}/{index}"
        if each.line_id not in known:
            faults.append(Fault("unknown-line", pointer))
            continue
        order, line = known[each.line_id]
        facts = (("title", line.title), ("number", order.number), ("unsupplied", line.unsupplied))
        if each.line_id in seen:
            faults.append(Fault("line-twice", pointer, facts))
        elif order.status in CLOSED:
            faults.append(Fault("order-is-closed", pointer, facts))
        elif line.digital:
            faults.append(Fault("digital-line", pointer, facts))
        elif each.quantity is not None and each.quantity > line.unsupplied:
            faults.append(Fault("more-than-unsupplied", pointer, facts))
        elif copies := line.unsupplied if each.quantity is None else each.quantity:
            places.append(_Place(pointer=pointer, order=order, line=line, copies=copies))
        seen.add(each.line_id)
    if faults:
        raise UnfitLines(faults=faults)
    if not places:
        raise NothingToOrder
    return places


def _supplier_of(asking: Asking, article: Article) -> ThirdPartyId | None:
    return asking.supplier_id or article.supplier_id


async def _suppliers(
    asking: Asking, places: Sequence[_Place], articles: Mapping[Ean, Article]
) -> dict[ThirdPartyId, ThirdParty]:
    """Whom to ask, locked, so that two who ask at once join one draft."""
    named = {place.pointer: _supplier_of(asking, articles[place.line.ean]) for place in places}
    try:
        found = await asking.work.third_parties.lock(sorted({each for each in named.values() if each is not None}))
    except NotFound:
        raise UnknownParty(faults=[Fault("unknown-party", "/supplier_id")]) from None
    today = asking.around.today(asking.by.dossier)
    fit = {
        each.id: each
        for each in found
        if each.type is ThirdPartyType.SUPPLIER and (each.details.closed_on is None or each.details.closed_on > today)
    }
    if asking.supplier_id is not None and asking.supplier_id not in fit:
        raise UnknownParty(faults=[Fault("not-a-supplier", "/supplier_id")])
    faults = [
        Fault("nobody-supplies", place.pointer, (("title", place.line.title), ("number", place.order.number)))
        for place in places
        if named[place.pointer] not in fit
    ]
    if faults:
        raise NoSupplier(faults=faults)
    return fit


async def _new(asking: Asking, supplier: ThirdParty) -> SupplierOrder:
    return SupplierOrder(
        id=SupplierOrderId(asking.around.new_id()),
        number=await asking.work.supplier_orders.next_number(),
        supplier_id=supplier.id,
        supplier_name=supplier.details.name,
        reference=None,
        comment=None,
        created_at=asking.now,
        updated_at=asking.now,
        lines=[],
        version=0,
    )


def _lines(asking: Asking, places: Sequence[_Place]) -> list[SupplierLine]:
    return [
        SupplierLine(
            id=SupplierLineId(asking.around.new_id()),
            position=0,
            ean=place.line.ean,
            title=place.line.title,
            ordered=place.copies,
            links=[
                SupplyLink(
                    order_id=place.order.id,
                    line_id=place.line.id,
                    order_number=place.order.number,
                    name=place.order.contact.name,
                    quantity=place.copies,
                )
            ],
        )
        for place in places
    ]
