"""The ledger of deposits by name, read (A66)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.model.named_deposit import NamedDepositCause
from domain.model.payment import PaymentMethod
from domain.model.values import CustomerId, DossierId, OrderId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDepositBalance:
    """What a customer can use of what he left, in euros."""

    customer_id: CustomerId
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDepositView:
    """An entry in signed euros; ``balance`` is what there was after it."""

    id: UUID
    at: datetime
    amount: Decimal
    cause: NamedDepositCause
    method: PaymentMethod | None
    order_id: OrderId | None
    order_number: int | None
    reference: str | None
    by: str
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDepositLedger:
    """A page of the ledger, and ``balance``: the sum of all of it."""

    page: Page[NamedDepositView]
    balance: Decimal


class NamedDepositReader(Protocol):
    """Reads the committed ledger of one dossier."""

    async def of_customer(
        self, dossier: DossierId, customer_id: CustomerId, page: PageRequest, *, clearance: Collection[str] | None
    ) -> NamedDepositLedger:
        """Of the card, or of the one it was merged into. Raises ``NotFound``, also for a card he may not see (B30)."""
        ...
