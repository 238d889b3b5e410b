"""The ledger of loyalty (A62). Whoever sums it or writes into it holds the lock of its card first."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.model.loyalty import LoyaltyEntry
from domain.model.values import CustomerId


class Loyalty(Protocol):
    async def entries(self, customer_ids: Collection[CustomerId]) -> Mapping[CustomerId, list[LoyaltyEntry]]:
        """The whole ledger of each, what this transaction added last."""
        ...

    async def unsettled(self, customer_ids: Collection[CustomerId]) -> set[CustomerId]:
        """Those of whose ledger something lapsed or was owed: to them a new purchase is not merely one more."""
        ...

    async def redeemed(self, ticket: str) -> bool:
        """Whether a voucher paid something under a reference that begins with ``ticket``."""
        ...

    async def lapsing(self, before: datetime | None) -> list[CustomerId]:
        """Cards, in ascending id, that may have something left from before ``before``, or whose ledger is to be settled."""
        ...

    def add(self, entries: Sequence[LoyaltyEntry]) -> None:
        """The commit raises ``TryAgain`` when one happened already."""
        ...
