"""What customers bought, as a ledger (A68)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.model.card import DiscountRule
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.values import CustomerId, OrderId, PurchaseId

Told = tuple[PurchaseSource, str]
"""What a purchase is told by: its source, and its reference there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The cards that a batch names, each led on to the one it was merged into."""

    by_id: Mapping[CustomerId, CustomerId]
    by_code: Mapping[str, CustomerId]
    by_number: Mapping[str, CustomerId]


class Purchases(Protocol):
    def add(self, purchases: Sequence[Purchase]) -> None: ...

    def record(self, purchases: Sequence[Purchase]) -> None:
        """As ``add``, of what others tell: the commit raises ``TryAgain`` when one was told at the same moment."""
        ...

    def give(self, order_id: OrderId, customer_id: CustomerId) -> None:
        """What was bought by this order is this card's from now on (C12)."""
        ...

    async def of_order(self, order_id: OrderId) -> list[Purchase]:
        """All that was bought and brought back by an order, newest first."""
        ...

    async def told(self, references: Collection[Told]) -> Mapping[Told, Purchase]:
        """Those of ``references`` under which a purchase is known."""
        ...

    async def undone(self, purchase_ids: Collection[PurchaseId]) -> Mapping[PurchaseId, int]:
        """How many copies of each were brought back, where any were."""
        ...

    async def named(self, *, ids: Collection[CustomerId], codes: Collection[str], numbers: Collection[str]) -> Named:
        """Those cards that exist; ``codes`` are in capitals, ``numbers`` are those of loyalty cards."""
        ...

    async def discounts(self, customer_ids: Collection[CustomerId]) -> Mapping[CustomerId, Sequence[DiscountRule]]:
        """The own discounts of each that has any, oldest first: who he is to the law may depend on them."""
        ...
