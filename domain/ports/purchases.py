"""What customers bought, as a ledger (A68)."""

from collections.abc import Sequence
from typing import Protocol

from domain.model.purchase import Purchase
from domain.model.values import CustomerId, OrderId


class Purchases(Protocol):
    def add(self, purchases: Sequence[Purchase]) -> None: ...

    def give(self, order_id: OrderId, customer_id: CustomerId) -> None:
        """What was bought by this order is this card's from now on (C12)."""
        ...
