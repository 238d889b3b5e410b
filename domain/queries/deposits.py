"""The ledger of deposits (acomptes), read (R26)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.model.payment import DepositCause, PaymentMethod
from domain.model.values import CustomerId, DossierId, OrderId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositView:
    """An entry in signed euros."""

    id: UUID
    order_id: OrderId
    order_number: int
    amount: Decimal
    cause: DepositCause
    method: PaymentMethod | None
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposits:
    """A page of a customer's ledger, and ``balance``: what he can still use of all his deposits, in euros."""

    page: Page[DepositView]
    balance: Decimal


class DepositReader(Protocol):
    """Reads the committed ledger of one dossier."""

    async def of_order(self, dossier: DossierId, order_id: OrderId) -> list[DepositView]:
        """Oldest first. Raises ``NotFound``."""
        ...

    async def of_customer(
        self, dossier: DossierId, customer_id: CustomerId, page: PageRequest, *, clearance: Collection[str] | None
    ) -> Deposits:
        """Of all his orders, by their instant. Raises ``NotFound``, also for a card he may not see (B30)."""
        ...
