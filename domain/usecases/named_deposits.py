"""Deposits by name (acomptes nominatifs): received, used for orders, given back (A66, P25).

The card is locked before its ledger is summed, after the order where there is one; each change of an order's own deposit is
written with it, so that no cent is in both ledgers or in none.
"""

from dataclasses import dataclass
from decimal import Decimal

from domain.errors import OrderWithoutCustomer, RefundTooLarge, TryAgain
from domain.events import EventType
from domain.model.access import Caller
from domain.model.customer import Customer
from domain.model.named_deposit import NamedDepositCause, NamedDepositEntry, NamedDepositUse, take_from
from domain.model.order import CustomerOrder
from domain.model.payment import PaymentKind, PaymentMethod, came_by
from domain.model.values import NOTHING, CustomerId, OrderId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.named_deposits import NamedDepositBalance
from domain.queries.orders import OrderView, view_of
from domain.usecases.deposits import by_name, settle
from domain.usecases.payments import Received, pay, refund
from domain.usecases.rulebook import visible
from domain.usecases.work import Surroundings, expect, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftByName:
    """Money that a customer leaves at the counter, or takes back where ``refunded``; euros."""

    amount: Decimal
    refunded: bool
    method: PaymentMethod
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class NamedDeposits:
    around: Surroundings

    async def receive(
        self, *, by: Caller, customer_id: CustomerId, left: LeftByName, once: Once[NamedDepositBalance]
    ) -> Told:
        """Write down what he left or took back. Raises ``NotFound``, ``DepositTooLow``, ``CustomerAnonymised``."""

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                card = await held(work, customer_id)
                visible(card, by).stand()
                balance = await work.named_deposits.balance(card.id)
                now = self.around.clock()  # once the sum is read: entries follow each other as they were allowed
                cause, amount = NamedDepositCause.RECEIVED, left.amount
                if left.refunded:
                    take_from(balance, amount)
                    cause, amount = NamedDepositCause.REFUNDED, -amount
                work.named_deposits.add(
                    NamedDepositEntry(
                        id=self.around.new_id(),
                        customer_id=card.id,
                        order_id=None,
                        amount=amount,
                        cause=cause,
                        method=left.method,
                        reference=left.reference,
                        at=now,
                        by=by.client,
                    )
                )
                work.emit(
                    self.around.event(
                        EventType.CUSTOMER_UPDATED,
                        card.id,
                        card.version,
                        by,
                        now,
                        customer_id=card.id.hex,
                        code=card.code,
                        name=card.details.name,
                    )
                )
                return await told(work, once, NamedDepositBalance(customer_id=card.id, balance=balance + amount))

        return await until_done(attempt)

    async def move(
        self,
        *,
        by: Caller,
        order_id: OrderId,
        version: int,
        amount: Decimal,
        direction: NamedDepositUse,
        once: Once[OrderView],
    ) -> Told:
        """Use the deposit of the order's customer for the order, or give back by name what no delivery took of it.

        Raises ``NotFound``, ``StaleVersion``, ``OrderWithoutCustomer``, ``OrderClosed``, ``DepositTooLow``,
        ``RefundTooLarge``.
        """

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                (order,) = await work.orders.lock([order_id])
                expect(order.version, version)
                if order.customer_id is None:
                    raise OrderWithoutCustomer(number=order.number)
                card = await held(work, order.customer_id)
                balance, now = await work.named_deposits.balance(card.id), self.around.clock()
                if direction is NamedDepositUse.USE:
                    take_from(balance, amount)
                    pay(work, order, _money(amount, PaymentKind.DEPOSIT), by=by, around=self.around)
                    by_name(work, order, -amount, around=self.around, by=by, now=now)
                    event = EventType.ORDER_PAID
                else:
                    # what deliveries took is counted anew: prices and charges may have changed since
                    settle(work, order, around=self.around, by=by, now=now)
                    await _check_return(work, order, amount)
                    refund(work, order, _money(amount, PaymentKind.REFUND), by=by, around=self.around)
                    event = EventType.ORDER_UPDATED
                work.orders.save(order)
                work.emit(self.around.order_event(event, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)


async def held(work: UnitOfWork, customer_id: CustomerId) -> Customer:
    """The card, or the one it was merged into, locked. Raises ``NotFound``; ``TryAgain`` when it is merged at this moment."""
    found = await work.customers.get(customer_id)
    (card,) = await work.customers.lock([found.id])
    if card.merged_into is not None:
        raise TryAgain
    return card


def _money(amount: Decimal, kind: PaymentKind) -> Received:
    return Received(amount=amount, kind=kind, method=PaymentMethod.NAMED_DEPOSIT)


async def _check_return(work: UnitOfWork, order: CustomerOrder, amount: Decimal) -> None:
    """By name goes back what came by name, as far as no delivery took it. Raises ``RefundTooLarge``."""
    came = came_by(await work.orders.deposits(order.id), PaymentMethod.NAMED_DEPOSIT)
    most = max(min(came, order.deposit_left, order.refundable), NOTHING)
    if amount > most:
        raise RefundTooLarge(asked=amount, most=most)
