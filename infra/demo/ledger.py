"""The demo's books: every order, copy and euro goes through the domain's own methods, so that all of them agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from domain.model.answers import Answer, LineAnswer
from domain.model.article import Article, Cause, Movement, StockLevel
from domain.model.booklaw import Buyer
from domain.model.customer import Customer
from domain.model.order import CustomerOrder, External, Origin
from domain.model.order_line import LinePrice, OrderLine, line_of, number_lines
from domain.model.payment import DepositCause, DepositEntry, Payment, PaymentKind, PaymentMethod, PaymentState
from domain.model.pickup import PickupRules
from domain.model.prices import PriceSource
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.reservation import Reservation, State
from domain.model.values import NOTHING, Contact, CustomerId, Ean, LineId, OrderId, PurchaseId, ReservationId, cents
from infra.demo.cards import CardFile
from infra.demo.days import Days
from infra.demo.supply import Supply

ENDS = {State.COLLECTED: Cause.SALE, State.RETURNED: Cause.RELEASE, State.WRITTEN_OFF: Cause.WRITE_OFF}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One line to be: copies of an article, ``discount`` in percent of the publisher's price."""

    ean: Ean
    quantity: int = 1
    discount: int = 0
    answer: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All that will be loaded. ``by`` is who did it, as movements name him."""

    days: Days
    by: str
    customers: list[Customer] = field(default_factory=list)
    articles: dict[Ean, Article] = field(default_factory=dict)
    stock: dict[Ean, StockLevel] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    orders: list[CustomerOrder] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    deposits: list[DepositEntry] = field(default_factory=list)
    answers: list[LineAnswer] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    file: CardFile = field(default_factory=CardFile)
    supply: Supply = field(default_factory=Supply)

    def add_article(self, article: Article, *, copies: int, at: datetime) -> None:
        self.articles[article.ean] = article
        self.stock[article.ean] = StockLevel(ean=article.ean, available=copies, set_aside=0)
        if copies:
            self._move(article.ean, Cause.ADJUST, at, available=copies, reason="Stock à l'ouverture du dossier")

    def take(
        self,
        number: int,
        wishes: Sequence[Wish],
        *,
        at: datetime,
        customer: Customer | None = None,
        contact: Contact | None = None,
        origin: Origin = Origin.COUNTER,
        mail_order: bool = False,
        reference: str | None = None,
        comment: str | None = None,
        external: External | None = None,
    ) -> CustomerOrder:
        """A new order of a customer or of a free name; one from a web shop awaits its payment."""
        warnings: list[str] = []
        if customer is not None:
            contact = contact or _contact(customer)
            warnings = customer.admit(today=at.astimezone(self.days.zone).date())
            comment = comment or customer.details.comment
        if contact is None:
            raise ValueError("an order has a customer or a name")
        exempt = customer.details.vat_exempt if customer else False
        lines = number_lines(self._line(wish, at, exempt=exempt, web=external is not None) for wish in wishes)
        order = CustomerOrder(
            id=OrderId(self.days.new_id(at)),
            number=number,
            customer_id=customer.id if customer else None,
            customer_code=customer.code if customer else None,
            contact=contact,
            customer_reference=reference,
            comment=comment,
            origin=origin,
            mail_order=mail_order,
            vat_exempt=exempt,
            external=external,
            payment_state=PaymentState.AWAITED if external else PaymentState.NONE,
            delivery_charge=delivery_charge(lines) if mail_order else NOTHING,
            created_at=at,
            updated_at=at,
            lines=lines,
            warnings=warnings,
        )
        self.orders.append(order)
        self.answers.extend(
            LineAnswer(
                id=self.days.new_id(line.answer.at or at),
                order_id=order.id,
                line_id=line.id,
                answer=line.answer,
                by=self.by,
            )
            for line in order.lines
            if line.answer is not None
        )
        return order

    def pay(
        self,
        order: CustomerOrder,
        amount: Decimal,
        *,
        kind: PaymentKind,
        method: PaymentMethod,
        at: datetime,
        reference: str | None = None,
    ) -> None:
        payment = Payment(
            id=self.days.new_id(at),
            order_id=order.id,
            amount=amount,
            kind=kind,
            method=method,
            reference=reference,
            at=at,
        )
        order.pay(payment, now=at)
        self.payments.append(payment)
        if kind is PaymentKind.DEPOSIT:
            self._deposit(order, amount, DepositCause.RECEIVED, at, method=method)

    def receive(self, ean: Ean, quantity: int, *, at: datetime) -> None:
        """Copies come in from a supplier."""
        self.stock[ean].receive(quantity)
        self._move(ean, Cause.RECEIPT, at, available=quantity)

    def keep(
        self, order: CustomerOrder, line: OrderLine, quantity: int, *, at: datetime, place: str | None = None
    ) -> Reservation:
        """Copies come in and are set aside for a line, as a reception does it."""
        self.receive(line.ean, quantity, at=at - timedelta(seconds=20))
        order.set_aside(line.id, quantity, now=at)
        return self._keep(line.ean, quantity, at, order=order, line=line, place=place)

    def keep_by_hand(
        self,
        ean: Ean,
        *,
        at: datetime,
        customer: Customer | None = None,
        name: str | None = None,
        place: str | None = None,
    ) -> Reservation:
        """A copy from the shelf for a person without an order."""
        return self._keep(ean, 1, at, customer=customer, name=name, place=place)

    def collect(self, order: CustomerOrder, kept: Sequence[Reservation], *, at: datetime) -> None:
        """The customer takes what was set aside."""
        quantities: dict[LineId, int] = {}
        for reservation in kept:
            if reservation.line_id is not None:
                quantities[reservation.line_id] = quantities.get(reservation.line_id, 0) + reservation.quantity
        order.deliver(quantities, now=at)
        self._bought(order, quantities, at)
        self._use_deposit(order, at)
        for reservation in kept:
            self.end(reservation, State.COLLECTED, at=at)

    def hand_over(self, order: CustomerOrder, lines: Sequence[OrderLine], *, at: datetime) -> None:
        """Copies come in and go straight into the customer's hands; digital ones need none."""
        quantities = {line.id: line.outstanding for line in lines}
        order.deliver(quantities, now=at)
        self._bought(order, quantities, at)
        self._use_deposit(order, at)
        for line in lines:
            if not line.digital:
                self.receive(line.ean, line.delivered, at=at - timedelta(hours=1))
                self.stock[line.ean].take(line.delivered)
                self._move(line.ean, Cause.SALE, at, available=-line.delivered)

    def cancel(self, order: CustomerOrder, kept: Sequence[Reservation], *, at: datetime, reason: str) -> None:
        order.cancel(reason=reason, now=at)
        for reservation in kept:
            self.end(reservation, State.RETURNED, at=at, reason=reason)
        if left := order.deposit_left:
            method = next(each.method for each in self.payments if each.order_id == order.id)
            order.refund(left, now=at)
            self.payments.append(
                Payment(
                    id=self.days.new_id(at),
                    order_id=order.id,
                    amount=left,
                    kind=PaymentKind.REFUND,
                    method=method,
                    reference=None,
                    at=at,
                )
            )
            self._deposit(order, -left, DepositCause.REFUNDED, at, method=method)

    def end(self, reservation: Reservation, state: State, *, at: datetime, reason: str | None = None) -> None:
        reservation.end(state, reason=reason, now=at, today=at.astimezone(self.days.zone).date(), by=self.by)
        shelf, quantity = self.stock[reservation.ean], reservation.quantity
        back = quantity if state is State.RETURNED else 0
        if back:
            shelf.release(quantity)
        else:
            shelf.hand_over(quantity)
        if state is State.COLLECTED and reservation.order_id is None:
            self._bought_by_hand(reservation, at)
        self._move(
            reservation.ean,
            ENDS[state],
            at,
            available=back,
            set_aside=-quantity,
            reason=reason,
            reservation_id=reservation.id,
        )

    def _bought(self, order: CustomerOrder, copies: Mapping[LineId, int], at: datetime) -> None:
        self.purchases.extend(
            Purchase.of_line(
                order.line(line_id),
                quantity,
                id=PurchaseId(self.days.new_id(at)),
                customer_id=order.customer_id,
                order_id=order.id,
                reservation_id=None,
                at=at,
                source=PurchaseSource.DELIVERY,
                reference=f"{order.id.hex}:{order.version}:{line_id.hex}",
                by=self.by,
                buyer=Buyer.PRIVATE,
                shipped=order.mail_order,
            )
            for line_id, quantity in copies.items()
            if quantity
        )

    def _bought_by_hand(self, kept: Reservation, at: datetime) -> None:
        self.purchases.append(
            Purchase.of_kept(
                self.articles[kept.ean],
                kept.quantity,
                id=PurchaseId(self.days.new_id(at)),
                customer_id=kept.customer_id,
                reservation_id=kept.id,
                at=at,
                by=self.by,
                buyer=Buyer.PRIVATE,
            )
        )

    def _use_deposit(self, order: CustomerOrder, at: datetime) -> None:
        if more := order.settle_deposit():
            self._deposit(order, -more, DepositCause.USED, at)

    def _deposit(
        self,
        order: CustomerOrder,
        amount: Decimal,
        cause: DepositCause,
        at: datetime,
        *,
        method: PaymentMethod | None = None,
    ) -> None:
        self.deposits.append(
            DepositEntry(
                id=self.days.new_id(at),
                order_id=order.id,
                amount=amount,
                cause=cause,
                method=method,
                at=at,
                by=self.by,
            )
        )

    def _keep(
        self,
        ean: Ean,
        quantity: int,
        at: datetime,
        *,
        order: CustomerOrder | None = None,
        line: OrderLine | None = None,
        customer: Customer | None = None,
        name: str | None = None,
        place: str | None = None,
    ) -> Reservation:
        self.stock[ean].keep(quantity)
        customer_id: CustomerId | None = order.customer_id if order else customer.id if customer else None
        article = self.articles[ean]
        reservation = Reservation(
            id=ReservationId(self.days.new_id(at)),
            ean=ean,
            title=article.title,
            digital=article.digital,
            quantity=quantity,
            customer_id=customer_id,
            name=order.contact.name if order else customer.details.name if customer else name or "",
            order_id=order.id if order else None,
            line_id=line.id if line else None,
            place=place,
            set_aside_at=at,
            pickup_deadline=PickupRules().deadline(at.astimezone(self.days.zone).date()),
        )
        self.reservations.append(reservation)
        self._move(ean, Cause.SET_ASIDE, at, available=-quantity, set_aside=quantity, reservation_id=reservation.id)
        return reservation

    def _line(self, wish: Wish, at: datetime, *, exempt: bool, web: bool) -> OrderLine:
        article = self.articles[wish.ean]
        source = PriceSource.CHANNEL if web else PriceSource.TYPED if wish.discount else PriceSource.PUBLISHER
        line = line_of(
            article,
            line_id=LineId(self.days.new_id(at)),
            quantity=wish.quantity,
            price=LinePrice(unit_price=cents(article.list_price * (100 - wish.discount) / 100), source=source),
            exempt=exempt,
        )
        line.answer = wish.answer
        return line

    def _move(
        self,
        ean: Ean,
        cause: Cause,
        at: datetime,
        *,
        available: int = 0,
        set_aside: int = 0,
        reason: str | None = None,
        reservation_id: UUID | None = None,
    ) -> None:
        self.movements.append(
            Movement(
                id=self.days.new_id(at),
                ean=ean,
                available=available,
                set_aside=set_aside,
                cause=cause,
                reason=reason,
                reservation_id=ReservationId(reservation_id) if reservation_id else None,
                at=at,
                by=self.by,
            )
        )


def delivery_charge(lines: Sequence[OrderLine]) -> Decimal:
    """What sending books must cost in France: at least 3 euros, or a token cent from 35 euros of books on."""
    if all(line.digital for line in lines):
        return NOTHING
    return Decimal("0.01") if sum(line.amount for line in lines) >= 35 else Decimal("3.00")


def _contact(customer: Customer) -> Contact:
    card = customer.details
    return Contact(
        name=card.name,
        title=card.title,
        first_name=card.first_name,
        email=card.email,
        phone=card.phone,
        address=replace(card.address),
    )
