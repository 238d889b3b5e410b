"""The use cases over any house, and what they answered, unworded."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, cast

from domain.errors import ShopError
from domain.events import EventType
from domain.model.access import Caller
from domain.model.payment import PaymentKind, PaymentMethod
from domain.model.reservation import EndCause
from domain.model.values import Contact, Ean, LineId, OrderId, ReservationId
from domain.ports.answers import Once, Told
from domain.queries.articles import MovementView
from domain.queries.customers import CustomerView
from domain.queries.delivery_notes import NoteView
from domain.queries.orders import OrderView
from domain.queries.receptions import ReceptionView
from domain.queries.reservations import ReservationView
from domain.usecases.api_keys import ApiKeys
from domain.usecases.articles import ArticleCard, Articles
from domain.usecases.cancelling import Cancelling
from domain.usecases.customers import Customers
from domain.usecases.delivery_notes import DeliveryNotes, WantedNote
from domain.usecases.fulfilment import Fulfilment
from domain.usecases.orders import NewOrder, Orders
from domain.usecases.payments import Payments, Received
from domain.usecases.pricing import WantedLine
from domain.usecases.pushes import Push, Pushed, Pushes
from domain.usecases.receptions import Arrived, Parcel, Receptions
from domain.usecases.reheading import HeaderChanges
from domain.usecases.reservations import ByHand, Reservations
from domain.usecases.reserving_changes import KeptChanges, ReservationChanges
from domain.usecases.reserving_moves import ReservationMoves, Target
from domain.usecases.returns import Returns
from domain.usecases.scans import Scan, Scanned, Scans
from domain.usecases.stockroom import Wish
from domain.usecases.suspending import Suspending
from domain.usecases.work import Surroundings
from tests.contracts.house import CHANNEL, House
from tests.fakes.surroundings import FakeIdentities

NAME = Contact(name="Claire MARTIN")


@dataclass
class Heard:
    """Words a result for the use case, and remembers it unworded under its body, so that a replay is heard too."""

    results: dict[bytes, Any] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def tell(self, result: Any) -> Told:
        body = b"answer %d" % next(self.numbers)
        self.results[body] = result
        return Told(status=200, body=body)


class Shop:
    """A counter at which one member of staff and one web shop work. Answers are the use cases' own results."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.around = Surroundings(begin=house.begin, clock=house.clock, new_id=house.new_id)
        self.articles = Articles(self.around)
        self.api_keys = ApiKeys(self.around, FakeIdentities())
        self.customers = Customers(self.around)
        self.orders = Orders(self.around)
        self.fulfilment = Fulfilment(self.around)
        self.cancelling = Cancelling(self.around)
        self.returns = Returns(self.around)
        self.delivery_notes = DeliveryNotes(self.around)
        self.payments = Payments(self.around)
        self.pushes = Pushes(self.around, house.company)
        self.receptions = Receptions(self.around)
        self.reservations = Reservations(self.around)
        self.reservation_changes = ReservationChanges(self.around)
        self.reservation_moves = ReservationMoves(self.around)
        self.scans = Scans(self.around, house.company)
        self.suspending = Suspending(self.around)
        self.heard = Heard()
        self.told: Told | None = None
        self._keys = count(1)
        self.staff = self._caller("staff:camille", "staff")
        self.web = self._caller("key:boutique", "api_key")

    def _caller(self, client: str, kind: str) -> Caller:
        return Caller(
            dossier=self.house.dossier,
            client=client,
            kind=kind,
            name="Camille",
            login=None,
            scopes=frozenset({"admin"}),
        )

    def once(self, key: str | None = None, *, fingerprint: bytes = b"same") -> Once[Any]:
        return Once(
            key=key or f"key-{next(self._keys)}",
            client=self.staff.client,
            fingerprint=fingerprint,
            tell=self.heard.tell,
        )

    async def _result(self, telling: Awaitable[Told]) -> Any:
        self.told = await telling
        return self.heard.results[self.told.body]

    async def catalogue(self, eans: Sequence[Ean], *, digital: bool = False, price: str = "10.00") -> None:
        for ean in eans:
            card = ArticleCard(
                title=f"Livre {ean}",
                author="X",
                publisher="Y",
                list_price=Decimal(price),
                vat_rate=Decimal("5.50"),
                digital=digital,
            )
            await self.articles.put(by=self.staff, ean=ean, card=card)

    async def create(self, wanted: Mapping[Ean, int], *, key: str | None = None, **more: Any) -> OrderView:
        lines = [WantedLine(ean=ean, quantity=quantity) for ean, quantity in wanted.items()]
        return await self.take(NewOrder(**{"lines": lines, "contact": NAME, **more}), key=key)

    async def take(self, order: NewOrder, *, key: str | None = None) -> OrderView:
        view: OrderView = await self._result(self.orders.create(by=self.staff, order=order, once=self.once(key)))
        return view

    def push_of(self, external_id: str, wanted: Mapping[Ean, int], **more: Any) -> Push:
        content = repr((sorted(wanted.items()), more.get("contact"), more.get("comment"))).encode()
        lines = [WantedLine(ean=ean, quantity=quantity) for ean, quantity in wanted.items()]
        return Push(
            by=self.web,
            channel=CHANNEL,
            external_id=external_id,
            fingerprint=content,
            **{
                "lines": lines,
                "contact": NAME,
                "paid": False,
                "delivery_charge": Decimal("3.00"),
                "vat_exempt": False,
                "customer_code": None,
                "customer_reference": None,
                "comment": None,
                "sent_at": None,
                **more,
            },
        )

    async def push(self, external_id: str, wanted: Mapping[Ean, int], **more: Any) -> Pushed:
        return await self.pushes.push(self.push_of(external_id, wanted, **more))

    async def annotate(self, order: OrderView, **changes: Any) -> OrderView:
        return await self.orders.change(
            by=self.staff, order_id=order.id, version=order.version, changes=cast("HeaderChanges", changes)
        )

    async def add_line(self, order: OrderView, ean: Ean, quantity: int = 1, *, key: str | None = None) -> OrderView:
        adding = self.orders.add_line(
            by=self.staff,
            order_id=order.id,
            version=order.version,
            line=WantedLine(ean=ean, quantity=quantity),
            once=self.once(key),
        )
        view: OrderView = await self._result(adding)
        return view

    async def change_line(self, order: OrderView, line_id: LineId, ordered: int) -> OrderView:
        return await self.orders.change_line(
            by=self.staff, order_id=order.id, line_id=line_id, version=order.version, changes={"ordered": ordered}
        )

    async def remove_line(self, order: OrderView, line_id: LineId) -> OrderView:
        return await self.orders.remove_line(by=self.staff, order_id=order.id, line_id=line_id, version=order.version)

    async def suspend(self, order: OrderView, line_id: LineId, *, days: int = 3) -> OrderView:
        """Until so many days from today."""
        until = self.around.today(self.staff.dossier) + timedelta(days=days)
        return await self.suspending.suspend(
            by=self.staff, order_id=order.id, line_id=line_id, version=order.version, until=until
        )

    async def resume(self, order: OrderView, line_id: LineId) -> OrderView:
        return await self.suspending.resume(by=self.staff, order_id=order.id, line_id=line_id, version=order.version)

    async def pay(
        self, order: OrderView, amount: str, *, kind: PaymentKind = PaymentKind.PAYMENT, key: str | None = None
    ) -> OrderView:
        received = Received(amount=Decimal(amount), kind=kind, method=PaymentMethod.CHEQUE)
        paying = self.payments.pay(
            by=self.staff, order_id=order.id, version=order.version, received=received, once=self.once(key)
        )
        view: OrderView = await self._result(paying)
        return view

    async def deliver(
        self, order: OrderView, quantities: Mapping[LineId, int] | None = None, *, key: str | None = None
    ) -> OrderView:
        delivering = self.fulfilment.deliver(
            by=self.staff, order_id=order.id, version=order.version, quantities=quantities, once=self.once(key)
        )
        view: OrderView = await self._result(delivering)
        return view

    async def cancel(self, order: OrderView, *, key: str | None = None) -> OrderView:
        cancelling = self.cancelling.cancel(
            by=self.staff, order_id=order.id, version=order.version, reason="Le client renonce", once=self.once(key)
        )
        view: OrderView = await self._result(cancelling)
        return view

    async def cancel_remainder(
        self, order: OrderView, *line_ids: LineId, reason: str = "Epuisé", key: str | None = None
    ) -> OrderView:
        """Without ``line_ids`` all that the order waits for."""
        cancelling = self.cancelling.cancel_remainder(
            by=self.staff,
            order_id=order.id,
            version=order.version,
            line_ids=line_ids or None,
            reason=reason,
            once=self.once(key),
        )
        view: OrderView = await self._result(cancelling)
        return view

    async def lapse(self, order: OrderView, *, key: str | None = None) -> OrderView:
        lapsing = self.cancelling.lapse(by=self.staff, order_id=order.id, version=order.version, once=self.once(key))
        view: OrderView = await self._result(lapsing)
        return view

    async def reopen(self, order: OrderView, *, key: str | None = None) -> OrderView:
        reopening = self.cancelling.reopen(by=self.staff, order_id=order.id, version=order.version, once=self.once(key))
        view: OrderView = await self._result(reopening)
        return view

    async def take_back(
        self,
        order: OrderView,
        quantities: Mapping[LineId, int],
        *,
        restock: bool = True,
        replace: bool = True,
        key: str | None = None,
    ) -> OrderView:
        returning = self.returns.take_back(
            by=self.staff,
            order_id=order.id,
            version=order.version,
            quantities=quantities,
            restock=restock,
            replace=replace,
            reason="Défaut d'impression",
            once=self.once(key),
        )
        view: OrderView = await self._result(returning)
        return view

    async def note(
        self,
        order: OrderView,
        quantities: Mapping[LineId, int] | None = None,
        *,
        charge: str | None = None,
        key: str | None = None,
    ) -> NoteView:
        """Deliver with a note; ``charge`` None: what the order or the law says."""
        wanted = WantedNote(quantities=quantities, delivery_charge=Decimal(charge) if charge is not None else None)
        writing = self.delivery_notes.write(
            by=self.staff, order_id=order.id, version=order.version, wanted=wanted, once=self.once(key)
        )
        view: NoteView = await self._result(writing)
        return view

    async def receive(self, *copies: tuple[Ean, int], key: str | None = None) -> ReceptionView:
        receiving = self.receptions.receive(
            by=self.staff,
            parcel=Parcel(reference="BL 1", lines=[Arrived(ean=ean, quantity=quantity) for ean, quantity in copies]),
            once=self.once(key),
        )
        view: ReceptionView = await self._result(receiving)
        return view

    def scan_of(self, ean: Ean, *, key: str | None = None, **chosen: Any) -> Scan:
        return Scan(by=self.staff, ean=ean, once=self.once(key), **chosen)

    async def scan(self, ean: Ean, *, key: str | None = None, **chosen: Any) -> Scanned:
        scanned: Scanned = await self._result(self.scans.scan(self.scan_of(ean, key=key, **chosen)))
        return scanned

    async def collect(
        self, *ids: ReservationId, key: str | None = None, parts: Mapping[ReservationId, int] | None = None
    ) -> list[ReservationView]:
        views: list[ReservationView] = await self._result(
            self.reservations.collect(by=self.staff, ids=ids, parts=parts, once=self.once(key))
        )
        return views

    async def release(
        self,
        *ids: ReservationId,
        restock: bool = True,
        reason: str | None = None,
        cause: EndCause | None = None,
        key: str | None = None,
    ) -> list[ReservationView]:
        releasing = self.reservations.release(
            by=self.staff, ids=ids, restock=restock, reason=reason, cause=cause, once=self.once(key)
        )
        views: list[ReservationView] = await self._result(releasing)
        return views

    async def postpone(self, *ids: ReservationId, until: date, key: str | None = None) -> list[ReservationView]:
        views: list[ReservationView] = await self._result(
            self.reservation_changes.postpone(by=self.staff, ids=ids, until=until, once=self.once(key))
        )
        return views

    async def rearrange(self, kept: ReservationView, **changes: Any) -> ReservationView:
        return await self.reservation_changes.change(
            by=self.staff, reservation_id=kept.id, version=kept.version, changes=cast("KeptChanges", changes)
        )

    async def ask_to_cancel(
        self, kept: ReservationId, *, reason: str | None = None, key: str | None = None
    ) -> ReservationView:
        asking = self.reservation_changes.ask_to_cancel(
            by=self.web, reservation_id=kept, reason=reason, once=self.once(key)
        )
        view: ReservationView = await self._result(asking)
        return view

    async def keep_after_all(self, kept: ReservationView) -> ReservationView:
        return await self.reservation_changes.keep_after_all(
            by=self.staff, reservation_id=kept.id, version=kept.version
        )

    async def pass_on(self, kept: ReservationView, *, key: str | None = None, **target: Any) -> ReservationView:
        moving = self.reservation_moves.move(
            by=self.staff,
            reservation_id=kept.id,
            version=kept.version,
            target=Target(**target),
            reason="part en voyage",
            once=self.once(key),
        )
        view: ReservationView = await self._result(moving)
        return view

    async def keep(self, ean: Ean, quantity: int = 1, *, key: str | None = None, **who: Any) -> ReservationView:
        wanted = ByHand(
            ean=ean, quantity=quantity, wish=Wish(place="Casier 4"), **{"customer_id": None, "contact": NAME, **who}
        )
        view: ReservationView = await self._result(
            self.reservations.make(by=self.staff, wanted=wanted, once=self.once(key))
        )
        return view

    async def adjust(self, ean: Ean, quantity: int, *, key: str | None = None) -> MovementView:
        view: MovementView = await self._result(
            self.articles.adjust(by=self.staff, ean=ean, quantity=quantity, reason="Inventaire", once=self.once(key))
        )
        return view

    async def customer(self, **more: Any) -> CustomerView:
        creating = self.customers.create(by=self.staff, once=self.once(), **more)
        view: CustomerView = await self._result(creating)
        return view

    async def happened(self) -> Counter[EventType]:
        """How often each event was told."""
        return Counter(event.type for event in (await self.house.books()).events)

    async def stock(self, ean: Ean) -> tuple[int, int]:
        """Copies available and set aside."""
        stock = (await self.house.books()).stock[ean]
        return stock.available, stock.set_aside

    async def line(self, order_id: OrderId, position: int = 1) -> Any:
        order = (await self.house.books()).orders[order_id]
        return next(line for line in order.lines if line.position == position)


async def at_once(*acts: Awaitable[Any]) -> list[str]:
    """What becomes of acts that are done at the same moment: "done", or the code of the refusal."""
    ends = await asyncio.gather(*acts, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, ShopError):
            raise end
    return sorted(end.code if isinstance(end, ShopError) else "done" for end in ends)
