"""The ledger of loyalty in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from domain.errors import TryAgain
from domain.model.loyalty import UNSETTLING, LoyaltyCause, LoyaltyEntry
from domain.model.values import CustomerId
from tests.fakes.base import Base, Impossible, Tables


class FakeLoyalty:
    """``Loyalty`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._new: list[LoyaltyEntry] = []

    async def entries(self, customer_ids: Collection[CustomerId]) -> Mapping[CustomerId, list[LoyaltyEntry]]:
        ordered = [*sorted(self._base.tables.loyalty, key=lambda entry: entry.key), *self._new]
        return {each: [entry for entry in ordered if entry.customer_id == each] for each in customer_ids}

    async def unsettled(self, customer_ids: Collection[CustomerId]) -> set[CustomerId]:
        entries = [*self._base.tables.loyalty, *self._new]
        marked = {entry.customer_id for entry in entries if entry.cause in UNSETTLING}
        return marked & set(customer_ids)

    async def redeemed(self, ticket: str) -> bool:
        return any(
            entry.cause is LoyaltyCause.REDEEM and entry.reference.startswith(ticket)
            for entry in self._base.tables.loyalty
        )

    async def lapsing(self, before: datetime | None) -> list[CustomerId]:
        return sorted({entry.customer_id for entry in self._base.tables.loyalty})

    def add(self, entries: Sequence[LoyaltyEntry]) -> None:
        self._new.extend(entries)

    async def settle(self, tables: Tables) -> None:
        happened = {(each.cause, each.reference) for each in tables.loyalty}
        for entry in self._new:
            if (entry.cause, entry.reference) in happened:
                raise TryAgain
            if entry.purchase_id is not None and all(each.id != entry.purchase_id for each in tables.purchases):
                raise Impossible(f"no such purchase: {entry}")
            happened.add((entry.cause, entry.reference))
        tables.loyalty = tables.loyalty + self._new
