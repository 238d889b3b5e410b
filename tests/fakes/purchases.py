"""What customers bought, in memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace

from domain.errors import TryAgain
from domain.model.card import DiscountRule
from domain.model.customer import Customer
from domain.model.purchase import Purchase
from domain.model.values import CustomerId, OrderId, PurchaseId
from domain.ports.purchases import Named, Told
from tests.fakes.base import Base, Impossible, Tables


class FakePurchases:
    """``Purchases`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._new: list[Purchase] = []
        self._recorded: list[Purchase] = []
        self._given: dict[OrderId, CustomerId] = {}

    def add(self, purchases: Sequence[Purchase]) -> None:
        self._new.extend(purchases)

    def record(self, purchases: Sequence[Purchase]) -> None:
        self._recorded.extend(purchases)

    def give(self, order_id: OrderId, customer_id: CustomerId) -> None:
        self._given[order_id] = customer_id

    async def of_order(self, order_id: OrderId) -> list[Purchase]:
        found = [each for each in self._base.tables.purchases if each.order_id == order_id]
        return sorted(found, key=lambda each: (each.at, each.id), reverse=True)

    async def told(self, references: Collection[Told]) -> Mapping[Told, Purchase]:
        told = {(each.source, each.reference): each for each in self._base.tables.purchases}
        return {each: told[each] for each in references if each in told}

    async def undone(self, purchase_ids: Collection[PurchaseId]) -> Mapping[PurchaseId, int]:
        copies: dict[PurchaseId, int] = {}
        for each in self._base.tables.purchases:
            if each.undoes in purchase_ids and each.undoes is not None:
                copies[each.undoes] = copies.get(each.undoes, 0) - each.quantity
        return copies

    async def named(self, *, ids: Collection[CustomerId], codes: Collection[str], numbers: Collection[str]) -> Named:
        cards = self._base.tables.customers.values()
        return Named(
            by_id={card.id: card.merged_into or card.id for card in cards if card.id in ids},
            by_code={card.code: card.merged_into or card.id for card in cards if card.code in codes},
            by_number=dict(_numbered(cards, numbers)),
        )

    async def discounts(self, customer_ids: Collection[CustomerId]) -> Mapping[CustomerId, Sequence[DiscountRule]]:
        found: dict[CustomerId, list[DiscountRule]] = {}
        for rule in sorted(self._base.tables.discounts.values(), key=lambda rule: (rule.created_at, rule.id)):
            if rule.customer_id in customer_ids:
                found.setdefault(rule.customer_id, []).append(deepcopy(rule))
        return found

    async def settle(self, tables: Tables) -> None:
        told = {(each.source, each.reference) for each in tables.purchases}
        if any((each.source, each.reference) in told for each in self._recorded):
            raise TryAgain
        new = [*self._new, *self._recorded]
        for each in new:
            if (each.source, each.reference) in told or not each.quantity:
                raise Impossible(f"such a purchase: {each}")
            told.add((each.source, each.reference))
        tables.purchases = [
            replace(each, customer_id=self._given[each.order_id]) if each.order_id in self._given else each
            for each in tables.purchases
        ] + new


def _numbered(cards: Iterable[Customer], numbers: Collection[str]) -> Iterable[tuple[str, CustomerId]]:
    for card in cards:
        number = card.details.fidelity_number
        if number is not None and number in numbers:
            yield number, card.merged_into or card.id
