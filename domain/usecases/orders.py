"""Customer orders at the counter: taken and changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypedDict

from domain.errors import Fault, Invalid, NotFound, TryAgain, UnknownParty
from domain.events import EventType
from domain.model.access import Caller
from domain.model.credit import still_to_come
from domain.model.customer import Customer
from domain.model.message import MessageEvent
from domain.model.order import CustomerOrder, Origin
from domain.model.order_line import LinePrice, OrderLine
from domain.model.payment import PaymentState
from domain.model.third_party import ThirdPartyType
from domain.model.values import (
    Contact,
    CustomerId,
    LineId,
    OrderId,
    SavedListId,
    ThirdPartyId,
)
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.orders import OrderView, view_of
from domain.usecases.credit import check_ceiling
from domain.usecases.deposits import settle
from domain.usecases.placing import Choices, Placing
from domain.usecases.pricing import (
    Terms,
    WantedLine,
    as_ordered,
    line_price,
    paths_of,
    price_lines,
    recharge,
    terms_of,
)
from domain.usecases.reheading import HeaderChanges, reheaded
from domain.usecases.rulebook import visible
from domain.usecases.supplying import trim
from domain.usecases.work import Surroundings, expect, tell_of, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order as it is taken: for a customer of the file, or for a free name in ``contact`` (A3).

    What is None is what the customer's card says for orders (``Choices``, ``comment``, ``vat_exempt``, ``back_orders``), and
    for ``delivery_charge`` the least that the law allows.
    """

    lines: Sequence[WantedLine] = ()
    customer_id: CustomerId | None = None
    contact: Contact | None = None
    customer_reference: str | None = None
    comment: str | None = None
    origin: Origin = Origin.COUNTER
    quote_reference: str | None = None
    mail_order: bool = False
    vat_exempt: bool | None = None
    delivery_charge: Decimal | None = None
    back_orders: bool | None = None
    choices: Choices = field(default_factory=Choices)


class LineChanges(TypedDict, total=False):
    """What may be changed on a line; what is absent stays. A price or discount sent None lets the rules decide again."""

    ordered: int
    unit_price: Decimal | None
    discount: Decimal | None
    sales_rep: ThirdPartyId | None


@dataclass(frozen=True, slots=True)
class Orders:
    around: Surroundings

    async def create(
        self, *, by: Caller, order: NewOrder, once: Once[OrderView], of_list: SavedListId | None = None
    ) -> Told:
        """Take an order; ``of_list`` is the saved list whose articles are ordered (A1).

        Raises ``Invalid``, ``NotFound``, ``CustomerClosed``, ``CustomerBlocked``, ``CustomerNotApproved``, ``CeilingExceeded``,
        ``UnknownParty``. A card that is merged at this very moment is read again: the order is then the kept card's.
        """
        return await until_done(lambda: self._create(by, order, once, of_list))

    async def _create(self, by: Caller, order: NewOrder, once: Once[OrderView], of_list: SavedListId | None) -> Told:
        now, today = self.around.clock(), self.around.today(by.dossier)
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            if of_list is not None:
                saved = await work.saved_lists.get(of_list)
                lines = [WantedLine(ean=line.ean, quantity=line.quantity) for line in saved.lines]
                order = replace(order, lines=lines, origin=Origin.SAVED_LIST)
            placing = await self._placing(work, by)
            customer, warnings = None, []
            if order.customer_id is not None:
                customer = visible(await work.customers.get(order.customer_id), by)
                warnings = customer.admit(today=today)
                place = await placing.place(customer, order.contact, order.choices)
            elif order.contact is not None:
                place = await placing.place_free(order.contact, order.choices)
            else:
                raise Invalid(faults=[Fault("name-or-customer", "/contact")])
            exempt = is_exempt(order, customer)
            await check_reps(work, [(f"/lines/{index}", line.sales_rep) for index, line in enumerate(order.lines)])
            terms = await terms_of(work, customer, placing.settings, on=today)
            priced = await price_lines(
                work,
                order.lines,
                terms=terms,
                shipped=order.mail_order,
                exempt=exempt,
                new_id=self.around.new_id,
            )
            made = [line for line, _ in priced]
            charge, ruling = terms.charge(made, asked=order.delivery_charge, shipped=order.mail_order)
            comment = order.comment
            if comment is None and customer is not None:
                comment = customer.details.comment
            taken = CustomerOrder(
                id=OrderId(self.around.new_id()),
                number=await work.orders.next_number(),
                customer_id=customer.id if customer else None,
                customer_code=customer.code if customer else None,
                contact=place.contact,
                customer_reference=order.customer_reference,
                comment=comment,
                origin=order.origin,
                quote_reference=order.quote_reference,
                mail_order=order.mail_order,
                vat_exempt=exempt,
                external=None,
                billing=place.billing,
                delivery_address_id=place.delivery_address_id,
                contact_id=place.contact_id,
                bank_account_id=place.bank_account_id,
                back_orders=place.back_orders if order.back_orders is None else order.back_orders,
                payment_state=PaymentState.NONE,
                delivery_charge=charge,
                charge_ruling=ruling,
                created_at=now,
                updated_at=now,
                lines=made,
                warnings=[*warnings, *place.warnings],
            )
            if customer is not None:
                await check_ceiling(work, customer, taken, placing.settings.credit_policy)
            work.orders.add(taken)
            work.emit(self.around.order_event(EventType.ORDER_CREATED, taken, by, now))
            tell_of(work, taken, MessageEvent.ORDER_CONFIRMED, by=by)
            return await told(work, once, view_of(taken))

    async def change(self, *, by: Caller, order_id: OrderId, version: int, changes: HeaderChanges) -> OrderView:
        """Change what the order says beside its lines (A20-A23, B40-B43); keys absent from ``changes`` stay.

        Once it leaves the shop otherwise (``mail_order``) the prices of what was not delivered are held against the law anew
        (a collected order that becomes shipped loses its 5 %, see ``hold_to_law``), and the delivery charge too, which a new
        ``delivery_charge`` or ``vat_exempt`` asks for as well. Raises ``StaleVersion``, ``OrderClosed``, ``UnknownParty``.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            order = await work.orders.get(order_id)
            expect(order.version, version)
            header = await reheaded(await self._placing(work, by), order, changes, now=now)
            if order.change_header(header, now=now):
                settle(work, order, around=self.around, by=by, now=now)
                await self._changed(work, order, by)
            return view_of(order)

    async def add_line(
        self, *, by: Caller, order_id: OrderId, version: int, line: WantedLine, once: Once[OrderView]
    ) -> Told:
        """Add an article at its price of today.

        Raises ``StaleVersion``, ``OrderClosed``, ``Invalid``, ``UnknownParty``, ``CeilingExceeded``.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                order = await work.orders.get(order_id)
                expect(order.version, version)
                await check_reps(work, [("", line.sales_rep)])
                terms = await self._terms(work, by, order)
                ((made, _),) = await price_lines(
                    work,
                    [line],
                    terms=terms,
                    shipped=order.mail_order,
                    exempt=order.vat_exempt,
                    new_id=self.around.new_id,
                    pointer="/ean",
                )
                order.add_line(made, now=now)
                recharge(order, terms)
                await self._check_credit(work, order)
                settle(work, order, around=self.around, by=by, now=now)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)

    async def change_line(
        self, *, by: Caller, order_id: OrderId, line_id: LineId, version: int, changes: LineChanges
    ) -> OrderView:
        """Another quantity, price or sales rep; what suppliers were asked for beyond the new quantity is given back.

        Raises ``StaleVersion``, ``OrderClosed``, ``LineInUse``, ``NotFound``, ``UnknownParty``, ``CeilingExceeded``.
        """

        async def attempt() -> OrderView:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                (order,) = await work.orders.lock([order_id])
                expect(order.version, version)
                line = order.line(line_id)
                rep = changes.get("sales_rep", line.sales_rep)
                if rep != line.sales_rep:
                    await check_reps(work, [("", rep)])
                terms = await self._terms(work, by, order)
                price = None
                if changes.keys() & {"unit_price", "discount"}:
                    price = await self._price(work, order, line, terms, changes)
                ordered = changes.get("ordered", line.ordered)
                before = still_to_come(order)
                order.change_line(line_id, ordered=ordered, now=now, price=price, sales_rep=rep)
                recharge(order, terms)
                if still_to_come(order) > before:
                    await self._check_credit(work, order)
                await trim(work, [order], around=self.around, by=by, now=now, lines=[line_id])
                settle(work, order, around=self.around, by=by, now=now)
                await self._changed(work, order, by)
                return view_of(order)

        return await until_done(attempt)

    async def remove_line(self, *, by: Caller, order_id: OrderId, line_id: LineId, version: int) -> OrderView:
        """Take a line off; drafts of supplier orders ask for fewer.

        Raises ``StaleVersion``, ``OrderClosed``, ``LineInUse``, ``NotFound``.
        """

        async def attempt() -> OrderView:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                (order,) = await work.orders.lock([order_id])
                expect(order.version, version)
                await trim(work, [order], around=self.around, by=by, now=now, gone={order.line(line_id).id})
                order.remove_line(line_id, now=now)
                recharge(order, await self._terms(work, by, order))
                settle(work, order, around=self.around, by=by, now=now)
                await self._changed(work, order, by)
                return view_of(order)

        return await until_done(attempt)

    async def attach(
        self, *, by: Caller, order_id: OrderId, version: int, customer_id: CustomerId, once: Once[OrderView]
    ) -> Told:
        """Give an order of a free name, with all its reservations, to a card, or to the one it was merged into (C12).

        The card is judged as for a new order (visa, light, closing date, ceiling); what is written on the order stays, and its
        lines keep their places in the queues. Raises ``NotFound``, ``StaleVersion``, ``OrderHasCustomer``,
        ``CustomerAnonymised``, ``CustomerClosed``, ``CustomerBlocked``, ``CustomerNotApproved``, ``CeilingExceeded``.
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
                told_of = visible(customer, by).admit(today=self.around.today(by.dossier))
                (order,) = await work.orders.lock([order_id])
                expect(order.version, version)
                order.attach(customer_id=customer.id, customer_code=customer.code, now=now)
                order.warnings.extend(told_of)
                await check_ceiling(work, customer, order, (await work.references.settings()).credit_policy)
                for kept in await work.reservations.of_order(order.id):
                    kept.attach(customer.id)
                    work.reservations.save(kept)
                work.purchases.give(order.id, customer.id)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)

    async def _check_credit(self, work: UnitOfWork, order: CustomerOrder) -> None:
        """What is added by hand counts against the ceiling like a new order (B15). Raises ``CeilingExceeded``."""
        if order.customer_id is not None:
            customer = await work.customers.get(order.customer_id)
            await check_ceiling(work, customer, order, (await work.references.settings()).credit_policy)

    async def _placing(self, work: UnitOfWork, by: Caller) -> Placing:
        return Placing(work=work, by=by, today=self.around.today(by.dossier), settings=await work.references.settings())

    async def _terms(self, work: UnitOfWork, by: Caller, order: CustomerOrder) -> Terms:
        """The terms of whom the order is for, today."""
        customer = await work.customers.get(order.customer_id) if order.customer_id else None
        return await terms_of(work, customer, await work.references.settings(), on=self.around.today(by.dossier))

    async def _price(
        self, work: UnitOfWork, order: CustomerOrder, line: OrderLine, terms: Terms, changes: LineChanges
    ) -> LinePrice:
        """The price that was typed for a line, or what the rules make of it; the publisher's is still that of the order."""
        known = await work.articles.many([line.ean])
        category = known[line.ean].category if line.ean in known else None
        article = as_ordered(line, category=category, now=self.around.clock())
        priced = terms.price(
            article,
            shipped=order.mail_order,
            paths=await paths_of(work, terms, [article]),
            typed=changes.get("unit_price"),
            percent=changes.get("discount"),
        )
        return line_price(priced)

    async def _changed(self, work: UnitOfWork, order: CustomerOrder, by: Caller) -> None:
        work.orders.save(order)
        work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, order.updated_at))
        await work.commit()


def is_exempt(order: NewOrder, customer: Customer | None) -> bool:
    """Whether no VAT is owed: as the order says, else as the card does."""
    if order.vat_exempt is not None:
        return order.vat_exempt
    return customer is not None and customer.details.vat_exempt


async def check_reps(work: UnitOfWork, chosen: Iterable[tuple[str, ThirdPartyId | None]]) -> None:
    """``chosen`` are the pointers of lines with their sales rep. Raises ``UnknownParty`` naming each that is none (B16)."""
    types: dict[ThirdPartyId, ThirdPartyType | None] = {}
    faults = []
    for pointer, rep in chosen:
        if rep is None:
            continue
        if rep not in types:
            try:
                types[rep] = (await work.third_parties.get(rep)).type
            except NotFound:
                types[rep] = None
        if types[rep] is not ThirdPartyType.SALES_REP:
            code = "no-sales-rep" if types[rep] else "unknown-party"
            faults.append(Fault(code, f"{pointer}/sales_rep_id"))
    if faults:
        raise UnknownParty(faults=faults)
