"""What a customer bought, as it is read (A68)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from domain.model.purchase import PurchaseSource
from domain.model.values import CustomerId, DossierId, Ean, OrderId, PurchaseId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseFilter:
    """Days are those of the shop; ``until`` is excluded. None leaves a criterion out."""

    since: date | None = None
    until: date | None = None
    ean: Ean | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseView:
    """One article bought, or brought back where ``quantity`` and ``amount`` (euros, VAT included) are negative.

    ``loyalty`` is what it earned on the card, net of what was taken back.
    """

    id: PurchaseId
    at: datetime
    ean: Ean
    title: str
    quantity: int
    amount: Decimal
    net: Decimal
    list_price: Decimal
    vat_rate: Decimal
    author: str | None
    document: str | None
    shipped: bool
    undoes_id: PurchaseId | None
    loyalty: Decimal
    source: PurchaseSource
    order_id: OrderId | None
    order_number: int | None


class PurchaseReader(Protocol):
    async def of_customer(
        self,
        dossier: DossierId,
        customer_id: CustomerId,
        wanted: PurchaseFilter,
        page: PageRequest,
        *,
        clearance: Collection[str] | None,
    ) -> Page[PurchaseView]:
        """Of the card, or of the one it was merged into.

        Raises ``NotFound``, also for a card that the caller may not see (B30).
        """
        ...
