"""Money for an order: received, or given back."""

from dataclasses import dataclass, field
from decimal import Decimal

from domain.events import EventType
from domain.model.access import Caller
from domain.model.order import CustomerOrder
from domain.model.payment import DepositCause, Payment, PaymentKind, PaymentMethod
from domain.model.values import OrderId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.orders import OrderView, view_of
from domain.usecases.deposits import by_name, enter, settle
from domain.usecases.work import Surroundings, expect, told


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Money received now, in euros; a refund is money given back."""

    amount: Decimal
    kind: PaymentKind
    method: PaymentMethod
    reference: str | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Payments:
    around: Surroundings

    async def pay(
        self, *, by: Caller, order_id: OrderId, version: int, received: Received, once: Once[OrderView]
    ) -> Told:
        """Record money; BL becomes CO once the whole is paid. A refund goes out of the deposit first.

        Raises ``StaleVersion``, ``OrderClosed`` for money received on AN, ``RefundTooLarge``.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            order = await work.orders.get(order_id)
            expect(order.version, version)
            if received.kind is PaymentKind.REFUND:
                # what deliveries took is counted anew: prices and charges may have changed since
                settle(work, order, around=self.around, by=by, now=now)
                refund(work, order, received, by=by, around=self.around)
                event = EventType.ORDER_UPDATED
            else:
                pay(work, order, received, by=by, around=self.around)
                event = EventType.ORDER_PAID
            work.orders.save(order)
            work.emit(self.around.order_event(event, order, by, now))
            return await told(work, once, view_of(order))


def pay(work: UnitOfWork, order: CustomerOrder, received: Received, *, by: Caller, around: Surroundings) -> None:
    """Write money down on the order and in its payments; copies delivered already take their part of a deposit."""
    now = around.clock()
    payment = _payment(order, received, around=around)
    order.pay(payment, now=now)
    work.orders.add_payment(payment)
    if received.kind is PaymentKind.DEPOSIT:
        enter(
            work,
            order,
            received.amount,
            DepositCause.RECEIVED,
            method=received.method,
            around=around,
            by=by,
            now=now,
        )
        settle(work, order, around=around, by=by, now=now)


def refund(work: UnitOfWork, order: CustomerOrder, received: Received, *, by: Caller, around: Surroundings) -> None:
    """Write money given back down on the order, in its payments, and in the ledgers it goes out of; settle it before."""
    now = around.clock()
    from_deposit = order.refund(received.amount, now=now)
    work.orders.add_payment(_payment(order, received, around=around))
    if from_deposit:
        enter(
            work,
            order,
            -from_deposit,
            DepositCause.REFUNDED,
            method=received.method,
            around=around,
            by=by,
            now=now,
        )
    if received.method is PaymentMethod.NAMED_DEPOSIT:
        by_name(work, order, received.amount, around=around, by=by, now=now)


def _payment(order: CustomerOrder, received: Received, *, around: Surroundings) -> Payment:
    return Payment(
        id=around.new_id(),
        order_id=order.id,
        amount=received.amount,
        kind=received.kind,
        method=received.method,
        reference=received.reference,
        at=around.clock(),
    )
