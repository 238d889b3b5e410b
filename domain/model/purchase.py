"""Purchases: what customers took with them, and what they brought back (A68)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.model.values import CustomerId, Ean, OrderId, PurchaseId, ReservationId


class PurchaseSource(StrEnum):
    """What tells of a purchase; with its reference it is unique, so that nothing is told twice."""

    RESERVATION = "reservation"
    DELIVERY = "delivery"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One article bought; ``quantity`` and ``amount`` (euros, VAT included) are negative for copies brought back.

    ``customer_id`` None: a free name, whose order may be given to a card later (C12).
    """

    id: PurchaseId
    customer_id: CustomerId | None
    order_id: OrderId | None
    reservation_id: ReservationId | None
    at: datetime
    ean: Ean
    title: str
    quantity: int
    amount: Decimal
    vat_rate: Decimal
    source: PurchaseSource
    reference: str
    by: str
