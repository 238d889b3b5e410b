"""Deposits by name, as a ledger (A66)."""

from decimal import Decimal
from typing import Protocol

from domain.model.named_deposit import NamedDepositEntry
from domain.model.values import CustomerId


class NamedDeposits(Protocol):
    async def balance(self, customer_id: CustomerId) -> Decimal:
        """The sum of a card's committed ledger, in euros; whoever takes of it holds the card's lock."""
        ...

    def add(self, entry: NamedDepositEntry) -> None: ...
