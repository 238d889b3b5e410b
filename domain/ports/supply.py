"""Supplier orders."""

from collections.abc import Collection
from typing import Protocol

from domain.model.supply import SupplierOrder
from domain.model.values import Ean, LineId, OrderId, SupplierLineId, SupplierOrderId, ThirdPartyId


class SupplierOrders(Protocol):
    """Locked after stock and customer orders, in ascending id."""

    async def next_number(self) -> int:
        """Numbers rise and are never given twice."""
        ...

    async def lock(self, ids: Collection[SupplierOrderId]) -> list[SupplierOrder]:
        """In ascending id, as they are once locked. Raises ``NotFound``."""
        ...

    async def drafts(self, suppliers: Collection[ThirdPartyId]) -> dict[ThirdPartyId, SupplierOrder]:
        """The newest draft of each supplier that has one, locked. Raises ``TryAgain`` when one was just sent or annulled."""
        ...

    async def for_lines(self, line_ids: Collection[LineId]) -> list[SupplierOrder]:
        """Those with copies still to come for these order lines, newest first, locked in ascending id."""
        ...

    async def expecting(self, eans: Collection[Ean], *, only: SupplierOrderId | None) -> list[SupplierOrder]:
        """Those sent and not wholly received that still wait for one of the articles, oldest first; ``only`` names one of them.

        Locked in ascending id.
        """
        ...

    async def articles_of(self, order_id: SupplierOrderId, line_ids: Collection[SupplierLineId]) -> set[Ean]:
        """The articles of those of these lines that the supplier order has; nothing is locked."""
        ...

    async def meant_for(self, *, of: Collection[SupplierOrderId] = (), eans: Collection[Ean] = ()) -> set[OrderId]:
        """The customer orders for which copies are to come on these supplier orders, or of these articles; nothing is locked."""
        ...

    def add(self, order: SupplierOrder) -> None: ...

    def save(self, order: SupplierOrder) -> None:
        """The commit raises ``StaleVersion``."""
        ...
