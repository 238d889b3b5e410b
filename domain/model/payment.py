"""Money for an order: what was received and given back, and the ledger of deposits (acomptes)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.model.values import NOTHING, OrderId


class PaymentState(StrEnum):
    """``awaited`` is the hold of BL: a web order whose payment has not come (A6); ``lapsed``: it never came."""

    NONE = "none"
    AWAITED = "awaited"
    PAID = "paid"
    LAPSED = "lapsed"


class PaymentKind(StrEnum):
    """A deposit is an acompte: a sum in advance (trade R26). A refund goes the other way."""

    PAYMENT = "payment"
    DEPOSIT = "deposit"
    REFUND = "refund"


class PaymentMethod(StrEnum):
    """How money comes and goes; ``named_deposit`` is what the customer left before, for any order (A66)."""

    CHEQUE = "cheque"
    CARD = "card"
    CASH = "cash"
    TRANSFER = "transfer"
    OTHER = "other"
    NAMED_DEPOSIT = "named_deposit"


MOST_PAID = Decimal("9999999999999999.99")
"""Euros that one order can have been paid; the database holds no more."""

MOST_CHARGED = Decimal("9999999999.99")
"""Euros of delivery that one order can be charged; the database holds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money received for an order, or given back by a refund; ``amount`` in euros, never negative."""

    id: UUID
    order_id: OrderId
    amount: Decimal
    kind: PaymentKind
    method: PaymentMethod
    reference: str | None
    at: datetime


class DepositCause(StrEnum):
    """``used`` is what deliveries took of it; a return gives back what its copies took (``unused``)."""

    RECEIVED = "received"
    USED = "used"
    UNUSED = "unused"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositEntry:
    """An entry of the ledger of deposits, in signed euros, never altered: what can be used is the sum."""

    id: UUID
    order_id: OrderId
    amount: Decimal
    cause: DepositCause
    method: PaymentMethod | None
    at: datetime
    by: str


def came_by(ledger: Iterable[DepositEntry], method: PaymentMethod) -> Decimal:
    """Euros of an order's deposit that came by ``method`` and did not go back by it."""
    causes = {DepositCause.RECEIVED, DepositCause.REFUNDED}
    return sum((each.amount for each in ledger if each.method is method and each.cause in causes), NOTHING)


def ways_back(ledger: Iterable[DepositEntry], amount: Decimal) -> list[tuple[PaymentMethod, Decimal]]:
    """How ``amount`` of a deposit goes back: the way it came, the newest first.

    ``ledger`` is the order's, oldest first. What no way is left for (it was given back another way before) goes the newest.
    """
    came: dict[PaymentMethod, Decimal] = {}
    for entry in ledger:
        if entry.method is not None and entry.cause is DepositCause.RECEIVED:
            came[entry.method] = came.pop(entry.method, NOTHING) + entry.amount
        elif entry.method in came and entry.cause is DepositCause.REFUNDED:
            came[entry.method] += entry.amount
    parts: dict[PaymentMethod, Decimal] = {}
    newest = list(reversed(came)) or [PaymentMethod.OTHER]
    for method in newest:
        part = min(max(came.get(method, NOTHING), NOTHING), amount)
        parts[method] = part
        amount -= part
    parts[newest[0]] += amount
    return [(method, part) for method, part in parts.items() if part]
