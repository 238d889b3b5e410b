"""The ledger of deposits (acomptes): what deliveries take of one, what is given back (R26).

After every change, the ledger of an order sums to its deposit less what was used of it.
"""

from datetime import datetime
from decimal import Decimal

from domain.errors import OrderWithoutCustomer
from domain.model.access import Caller
from domain.model.named_deposit import NamedDepositCause, NamedDepositEntry
from domain.model.order import CustomerOrder, Status
from domain.model.payment import DepositCause, DepositEntry, Payment, PaymentKind, PaymentMethod, ways_back
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.work import Surroundings


def settle(work: UnitOfWork, order: CustomerOrder, *, around: Surroundings, by: Caller, now: datetime) -> None:
    """Let what is delivered by now take its part of the deposit, or give it back, and write that down."""
    more = order.settle_deposit()
    if more:
        cause = DepositCause.USED if more > 0 else DepositCause.UNUSED
        enter(work, order, -more, cause, method=None, around=around, by=by, now=now)


async def give_back(work: UnitOfWork, order: CustomerOrder, *, around: Surroundings, by: Caller, now: datetime) -> None:
    """Refund what is left of the deposit once the order is annulled, the way it came; nothing for any other order.

    What came by name goes back by name, to be used for another (A66).
    """
    left = order.deposit_left
    if order.status is not Status.CANCELLED or not left:
        return
    ledger = await work.orders.deposits(order.id)
    order.refund(left, now=now)
    for method, part in ways_back(ledger, left):
        work.orders.add_payment(
            Payment(
                id=around.new_id(),
                order_id=order.id,
                amount=part,
                kind=PaymentKind.REFUND,
                method=method,
                reference=None,
                at=now,
            )
        )
        enter(work, order, -part, DepositCause.REFUNDED, method=method, around=around, by=by, now=now)
        if method is PaymentMethod.NAMED_DEPOSIT:
            by_name(work, order, part, around=around, by=by, now=now)


def by_name(
    work: UnitOfWork, order: CustomerOrder, amount: Decimal, *, around: Surroundings, by: Caller, now: datetime
) -> None:
    """Write into the ledger by name of the order's customer what the order gives back, or takes where negative.

    Whoever takes has locked the card and seen that there is enough; giving back needs no lock. Raises
    ``OrderWithoutCustomer``.
    """
    if order.customer_id is None:
        raise OrderWithoutCustomer(number=order.number)
    work.named_deposits.add(
        NamedDepositEntry(
            id=around.new_id(),
            customer_id=order.customer_id,
            order_id=order.id,
            amount=amount,
            cause=NamedDepositCause.USED if amount < 0 else NamedDepositCause.RETURNED,
            method=None,
            reference=None,
            at=now,
            by=by.client,
        )
    )


def enter(
    work: UnitOfWork,
    order: CustomerOrder,
    amount: Decimal,
    cause: DepositCause,
    *,
    method: PaymentMethod | None,
    around: Surroundings,
    by: Caller,
    now: datetime,
) -> None:
    """Write ``amount``, in signed euros, into the ledger."""
    work.orders.add_deposit(
        DepositEntry(
            id=around.new_id(),
            order_id=order.id,
            amount=amount,
            cause=cause,
            method=method,
            at=now,
            by=by.client,
        )
    )
