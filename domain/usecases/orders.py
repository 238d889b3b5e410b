"""Customer orders at the counter: taken, changed, paid, delivered, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.errors import CeilingExceeded, Fault, Invalid, OutOfStock, TryAgain
from domain.events import EventType
from domain.model.access import Caller
from domain.model.article import Article
from domain.model.customer import Customer
from domain.model.order import (
    CustomerOrder,
    OrderLine,
    Origin,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentState,
    number_lines,
)
from domain.model.reservation import State
from domain.model.settings import CreditPolicy
from domain.model.values import NOTHING, Contact, CustomerId, Ean, LineId, OrderId, ReservationId
from domain.ports.answers import Once, Told
from domain.ports.surroundings import NewId
from domain.ports.unit_of_work import Shelf, UnitOfWork
from domain.queries.orders import OrderView, view_of
from domain.usecases.rulebook import visible
from domain.usecases.stockroom import Stockroom
from domain.usecases.work import Surroundings, expect, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLine:
    """What someone asks for; without ``unit_price`` the publisher's price holds. Euros, VAT included, per copy."""

    ean: Ean
    quantity: int
    unit_price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order as it is taken: for a customer of the file, or for a free name in ``contact`` (A3)."""

    lines: Sequence[WantedLine]
    customer_id: CustomerId | None = None
    contact: Contact | None = None
    customer_reference: str | None = None
    comment: str | None = None
    origin: Origin = Origin.COUNTER
    mail_order: bool = False
    vat_exempt: bool | None = None
    delivery_charge: Decimal = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Money received now, in euros."""

    amount: Decimal
    kind: PaymentKind
    method: PaymentMethod
    reference: str | None = field(default=None)


def priced_lines(wanted: Sequence[WantedLine], articles: Mapping[Ean, Article], *, new_id: NewId) -> list[OrderLine]:
    """The lines with their article's snapshot. Raises ``Invalid`` naming every line whose article is unknown."""
    faults = [
        Fault("unknown-article", f"/lines/{index}/ean", (("ean", line.ean),))
        for index, line in enumerate(wanted)
        if line.ean not in articles
    ]
    if faults:
        raise Invalid(faults=faults)
    return number_lines(
        OrderLine(
            id=LineId(new_id()),
            position=0,
            ean=line.ean,
            title=article.title,
            author=article.author,
            publisher=article.publisher,
            digital=article.digital,
            ordered=line.quantity,
            unit_price=article.list_price if line.unit_price is None else line.unit_price,
            list_price=article.list_price,
            vat_rate=article.vat_rate,
        )
        for line in wanted
        for article in (articles[line.ean],)
    )


@dataclass(frozen=True, slots=True)
class Orders:
    around: Surroundings

    async def create(self, *, by: Caller, order: NewOrder, once: Once[OrderView]) -> Told:
        """Take an order. Raises ``Invalid``, ``NotFound``, ``CustomerClosed``, ``CustomerBlocked``, ``CustomerNotApproved``.

        A card that is merged at this very moment is read again: the order is then the kept card's.
        """
        return await until_done(lambda: self._create(by, order, once))

    async def _create(self, by: Caller, order: NewOrder, once: Once[OrderView]) -> Told:
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            contact, customer, warnings, comment, exempt = (
                order.contact,
                None,
                [],
                order.comment,
                order.vat_exempt,
            )
            if order.customer_id is not None:
                customer = visible(await work.customers.get(order.customer_id), by)
                warnings = customer.admit(today=self.around.today(by.dossier))
                card = customer.details
                comment = comment if comment is not None else card.comment
                exempt = card.vat_exempt if exempt is None else exempt
                contact = contact or Contact(
                    name=card.name,
                    title=card.title,
                    first_name=card.first_name,
                    email=card.email,
                    phone=card.phone,
                    address=card.address,
                )
            if contact is None:
                raise Invalid(faults=[Fault("name-or-customer", "/contact")])
            articles = await work.articles.many([line.ean for line in order.lines])
            taken = CustomerOrder(
                id=OrderId(self.around.new_id()),
                number=await work.orders.next_number(),
                customer_id=customer.id if customer else None,
                customer_code=customer.code if customer else None,
                contact=contact,
                customer_reference=order.customer_reference,
                comment=comment,
                origin=order.origin,
                mail_order=order.mail_order,
                vat_exempt=bool(exempt),
                external=None,
                payment_state=PaymentState.NONE,
                delivery_charge=order.delivery_charge,
                created_at=now,
                updated_at=now,
                lines=priced_lines(order.lines, articles, new_id=self.around.new_id),
                warnings=warnings,
            )
            if customer is not None:
                await check_ceiling(work, customer, taken)
            work.orders.add(taken)
            work.emit(self.around.order_event(EventType.ORDER_CREATED, taken, by, now))
            return await told(work, once, view_of(taken))

    async def annotate(
        self,
        *,
        by: Caller,
        order_id: OrderId,
        version: int,
        changes: Mapping[str, str | None],
    ) -> OrderView:
        """Change the réf. comm. or the comment (A21, A23); keys absent from ``changes`` stay. Raises ``StaleVersion``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            order = await work.orders.get(order_id)
            expect(order.version, version)
            changed = order.annotate(
                customer_reference=changes.get("customer_reference", order.customer_reference),
                comment=changes.get("comment", order.comment),
                now=now,
            )
            if changed:
                await self._changed(work, order, by)
            return view_of(order)

    async def add_line(
        self, *, by: Caller, order_id: OrderId, version: int, line: WantedLine, once: Once[OrderView]
    ) -> Told:
        """Raises ``StaleVersion``, ``OrderClosed``, ``Invalid``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            order = await work.orders.get(order_id)
            expect(order.version, version)
            articles = await work.articles.many([line.ean])
            if line.ean not in articles:
                raise Invalid(faults=[Fault("unknown-article", "/ean", (("ean", line.ean),))])
            (priced,) = priced_lines([line], articles, new_id=self.around.new_id)
            order.add_line(priced, now=now)
            work.orders.save(order)
            work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
            return await told(work, once, view_of(order))

    async def change_line(
        self, *, by: Caller, order_id: OrderId, line_id: LineId, version: int, ordered: int
    ) -> OrderView:
        """Raises ``StaleVersion``, ``OrderClosed``, ``LineInUse``, ``NotFound``."""
        async with self.around.begin(by.dossier, by.client) as work:
            order = await work.orders.get(order_id)
            expect(order.version, version)
            order.change_line(line_id, ordered=ordered, now=self.around.clock())
            await self._changed(work, order, by)
            return view_of(order)

    async def remove_line(self, *, by: Caller, order_id: OrderId, line_id: LineId, version: int) -> OrderView:
        """Raises ``StaleVersion``, ``OrderClosed``, ``LineInUse``, ``NotFound``."""
        async with self.around.begin(by.dossier, by.client) as work:
            order = await work.orders.get(order_id)
            expect(order.version, version)
            order.remove_line(line_id, now=self.around.clock())
            await self._changed(work, order, by)
            return view_of(order)

    async def pay(
        self, *, by: Caller, order_id: OrderId, version: int, received: Received, once: Once[OrderView]
    ) -> Told:
        """Record money; BL becomes CO once the whole is paid. Raises ``StaleVersion``, ``OrderClosed``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            order = await work.orders.get(order_id)
            expect(order.version, version)
            pay(work, order, received, around=self.around)
            work.orders.save(order)
            work.emit(self.around.order_event(EventType.ORDER_PAID, order, by, now))
            return await told(work, once, view_of(order))

    async def deliver(
        self,
        *,
        by: Caller,
        order_id: OrderId,
        version: int,
        quantities: Mapping[LineId, int] | None,
        once: Once[OrderView],
    ) -> Told:
        """Hand copies over or ship them; None is all that is set aside, and the digital lines.

        Raises ``StaleVersion``, ``OrderClosed``, ``NothingToDeliver``, ``OutOfStock`` naming every short line.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                order, shelves = await lock_with_stock(work, order_id)
                expect(order.version, version)
                handed = order.deliver(order.deliverable() if quantities is None else quantities, now=now)
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                await self._hand_over(work, room, order, shelves, handed)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_DELIVERED, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)

    async def cancel(
        self, *, by: Caller, order_id: OrderId, version: int, reason: str | None, once: Once[OrderView]
    ) -> Told:
        """Annul an order; its kept copies go back to the shelf. Raises ``StaleVersion``, ``OrderClosed``."""

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                order, shelves = await lock_with_stock(work, order_id)
                expect(order.version, version)
                freed = order.cancel(reason=reason, now=now)
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                for kept in await work.reservations.kept_for(list(freed)):
                    room.end(shelves[kept.ean], kept, State.RETURNED, reason=reason)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_CANCELLED, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)

    async def attach(
        self, *, by: Caller, order_id: OrderId, version: int, customer_id: CustomerId, once: Once[OrderView]
    ) -> Told:
        """Give an order of a free name, with all its reservations, to a card, or to the one it was merged into (C12).

        Lines keep their places in the queues. Raises ``NotFound``, ``StaleVersion``, ``OrderHasCustomer``,
        ``CustomerAnonymised``.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                found = await work.customers.get(customer_id)
                (customer,) = await work.customers.lock([found.id])
                if customer.merged_into is not None:
                    raise TryAgain  # merged between the two: the next attempt follows it
                visible(customer, by).stand()
                (order,) = await work.orders.lock([order_id])
                expect(order.version, version)
                order.attach(customer_id=customer.id, customer_code=customer.code, now=now)
                for kept in await work.reservations.of_order(order.id):
                    kept.attach(customer.id)
                    work.reservations.save(kept)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)

    async def _changed(self, work: UnitOfWork, order: CustomerOrder, by: Caller) -> None:
        work.orders.save(order)
        work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, order.updated_at))
        await work.commit()

    async def _hand_over(
        self,
        work: UnitOfWork,
        room: Stockroom,
        order: CustomerOrder,
        shelves: Mapping[Ean, Shelf],
        handed: Mapping[LineId, tuple[int, int]],
    ) -> None:
        """Kept copies end their reservations, oldest first, the last one split if need be; the rest leaves the shelf."""
        owed = {line_id: kept for line_id, (kept, _) in handed.items() if kept}
        for reservation in await work.reservations.kept_for(list(owed)):
            if reservation.line_id is None or not (wanted := owed[reservation.line_id]):
                continue
            part = reservation
            if reservation.quantity > wanted:
                part = reservation.split(wanted, new_id=ReservationId(self.around.new_id()))
                work.reservations.save(reservation)
                work.reservations.add(part)
            owed[reservation.line_id] -= part.quantity
            room.end(shelves[part.ean], part, State.COLLECTED, reason=None)
        faults: list[Fault] = []
        for line_id, (_, fresh) in handed.items():
            line = order.line(line_id)
            if fresh and not line.digital:
                try:
                    room.sell(shelves[line.ean], fresh)
                except OutOfStock as refusal:
                    faults.extend(Fault(fault.code, "/lines", fault.facts) for fault in refusal.faults)
        if faults:
            raise OutOfStock(faults=faults)


async def check_ceiling(work: UnitOfWork, customer: Customer, order: CustomerOrder) -> None:
    """Warn on the order, or refuse it, above the management ceiling (B15, O13). Raises ``CeilingExceeded``."""
    ceiling = customer.details.management_ceiling
    if not ceiling:
        return
    outstanding = await work.customers.outstanding(customer.id) + sum(line.amount for line in order.lines)
    if outstanding <= ceiling:
        return
    settings = await work.references.settings()
    if settings.credit_policy is CreditPolicy.BLOCK:
        raise CeilingExceeded(name=customer.details.name, ceiling=f"{ceiling:.2f}", outstanding=f"{outstanding:.2f}")
    order.warnings.append(f"Plafond de direction dépassé : encours {outstanding:.2f} € pour {ceiling:.2f} €")


async def lock_with_stock(work: UnitOfWork, order_id: OrderId) -> tuple[CustomerOrder, dict[Ean, Shelf]]:
    """An order and the shelves of its articles, locked stock first as everyone does, so that nobody waits in a ring."""
    seen = await work.orders.get(order_id)
    shelves = await work.stock.lock([line.ean for line in seen.lines if not line.digital])
    (order,) = await work.orders.lock([order_id])
    return order, shelves


def pay(work: UnitOfWork, order: CustomerOrder, received: Received, *, around: Surroundings) -> None:
    """Write money down on the order and in its payments."""
    now = around.clock()
    payment = Payment(
        id=around.new_id(),
        order_id=order.id,
        amount=received.amount,
        kind=received.kind,
        method=received.method,
        reference=received.reference,
        at=now,
    )
    order.pay(payment, now=now)
    work.orders.add_payment(payment)
