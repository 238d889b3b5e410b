"""The deposit by name (acompte nominatif, A66): money that a customer left, for any of his orders."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.errors import DepositTooLow
from domain.model.payment import PaymentMethod
from domain.model.values import CustomerId, OrderId


class NamedDepositCause(StrEnum):
    """``received`` at the counter, ``used`` for an order, ``returned`` by one, ``refunded`` to the customer."""

    RECEIVED = "received"
    USED = "used"
    RETURNED = "returned"
    REFUNDED = "refunded"


class NamedDepositUse(StrEnum):
    """Which way money goes between the deposit by name and that of an order."""

    USE = "use"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDepositEntry:
    """An entry of the ledger, in signed euros, never altered: what can be used is the sum, which is never below zero.

    It is money owed to the customer, no revenue until an order takes it (P25). ``order_id`` is the order that took it or gave
    it back, ``method`` how it came or went at the counter.
    """

    id: UUID
    customer_id: CustomerId
    order_id: OrderId | None
    amount: Decimal
    cause: NamedDepositCause
    method: PaymentMethod | None
    reference: str | None
    at: datetime
    by: str


def take_from(balance: Decimal, amount: Decimal) -> Decimal:
    """What is left of ``balance`` without ``amount``. Raises ``DepositTooLow``."""
    if amount > balance:
        raise DepositTooLow(asked=amount, most=balance)
    return balance - amount
