"""Deposits by name in memory."""

from decimal import Decimal

from domain.model.named_deposit import NamedDepositCause, NamedDepositEntry
from domain.model.values import NOTHING, CustomerId
from tests.fakes.base import Base, Impossible, Tables

GIVES = {NamedDepositCause.RECEIVED, NamedDepositCause.RETURNED}
OF_AN_ORDER = {NamedDepositCause.USED, NamedDepositCause.RETURNED}


class FakeNamedDeposits:
    """``NamedDeposits`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._new: list[NamedDepositEntry] = []

    async def balance(self, customer_id: CustomerId) -> Decimal:
        ledger = self._base.tables.named_deposits
        return sum((each.amount for each in ledger if each.customer_id == customer_id), NOTHING)

    def add(self, entry: NamedDepositEntry) -> None:
        self._new.append(entry)

    async def settle(self, tables: Tables) -> None:
        for entry in self._new:
            if entry.amount and (entry.amount > 0) is not (entry.cause in GIVES):
                raise Impossible(entry)
            if (entry.order_id is not None) is not (entry.cause in OF_AN_ORDER):
                raise Impossible(entry)
        tables.named_deposits += self._new
