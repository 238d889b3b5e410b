"""Customers in memory."""

from collections.abc import Sequence
from copy import deepcopy

from domain.errors import CodeTaken, CustomerInUse, NotFound, StaleVersion
from domain.model.customer import Customer
from domain.model.values import CustomerId, Party
from domain.ports.cards import Links
from tests.fakes.base import Base, Tables
from tests.fakes.cards import take_away
from tests.fakes.held import Held


class FakeCustomers:
    """``Customers`` of one dossier in one unit of work."""

    def __init__(self, base: Base, held: Held) -> None:
        self._base = base
        self._held = held
        self._loaded: dict[CustomerId, int] = {}
        self._new: list[Customer] = []
        self._changed: dict[CustomerId, Customer] = {}
        self._gone: dict[CustomerId, Customer] = {}

    async def get(self, customer_id: CustomerId) -> Customer:
        return self._known(self._current(self._base.tables.customers.get(customer_id)))

    async def by_code(self, code: str) -> Customer:
        found = [each for each in self._base.tables.customers.values() if each.code == code.upper()]
        return self._known(self._current(found[0] if found else None))

    async def lock(self, customer_ids: Sequence[CustomerId]) -> list[Customer]:
        for customer_id in sorted(set(customer_ids)):
            await self._held.take(("customer", customer_id))
        found = {each: self._known(self._base.tables.customers.get(each)) for each in customer_ids}
        return [found[each] for each in customer_ids]

    async def categories(self, customer_ids: Sequence[CustomerId]) -> dict[CustomerId, str]:
        cards = [self._base.tables.customers[each] for each in customer_ids]
        return {card.id: card.details.category for card in cards if card.details.category is not None}

    async def links(self) -> Links:
        await self._held.take("links")
        cards = [(each.id, each.details) for each in self._base.tables.customers.values()]
        return Links(
            billed_to={found: card.billed_to for found, card in cards if card.billed_to},
            group={found: card.group for found, card in cards if card.group},
            statistics_party={found: card.statistics_party for found, card in cards if card.statistics_party},
            payment_party={found: card.payment_party for found, card in cards if card.payment_party},
        )

    async def taken(self, code: str) -> bool:
        return any(each.code == code for each in self._base.tables.customers.values())

    async def next_counter(self) -> int:
        self._base.customer_counter += 1
        return self._base.customer_counter

    def add(self, customer: Customer) -> None:
        self._new.append(deepcopy(customer))

    def save(self, customer: Customer) -> None:
        self._changed[customer.id] = deepcopy(customer)

    def remove(self, customer: Customer) -> None:
        self._gone[customer.id] = deepcopy(customer)

    def _current(self, customer: Customer | None) -> Customer | None:
        if customer is not None and customer.merged_into is not None:
            return self._base.tables.customers[customer.merged_into]
        return customer

    def _known(self, customer: Customer | None) -> Customer:
        if customer is None:
            raise NotFound(what="customer")
        self._loaded[customer.id] = customer.version
        return deepcopy(customer)

    async def settle(self, tables: Tables) -> None:
        for customer in [*self._changed.values(), *self._gone.values()]:
            if (
                customer.id not in tables.customers
                or tables.customers[customer.id].version != self._loaded[customer.id]
            ):
                raise StaleVersion
        for customer in [*self._new, *self._changed.values()]:
            for other in tables.customers.values():
                if other.id != customer.id and _clash(customer, other):
                    raise CodeTaken
            tables.customers[customer.id] = customer
        for customer_id in self._gone:
            _let_go(tables, customer_id)


def _clash(one: Customer, other: Customer) -> bool:
    card, its = one.details, other.details
    return (
        one.code == other.code
        or bool(card.barcode and card.barcode == its.barcode)
        or bool(card.fidelity_number and card.fidelity_number == its.fidelity_number)
    )


def _let_go(tables: Tables, customer_id: CustomerId) -> None:
    """Remove a card with what hangs on it, unless something names it."""
    cards = [each for each in tables.customers.values() if each.id != customer_id]
    links = {link for each in cards for link in (each.merged_into, *_links(each))}
    named = {order.customer_id for order in tables.orders.values()}
    named |= {kept.customer_id for kept in tables.reservations.values()}
    named |= {each.customer_id for each in tables.third_parties.values()}
    named |= {each.customer_id for each in tables.purchases}
    named |= {each.customer_id for each in tables.loyalty}
    named |= {each.customer_id for each in tables.named_deposits}
    named |= {
        each
        for invoice in tables.invoices.values()
        for each in (invoice.details.customer_id, invoice.details.billed_to)
    }
    lenders = {each.details.use_main_of for each in tables.addresses.values()}
    if customer_id in links | named or Party.customer(customer_id) in lenders:
        raise CustomerInUse
    del tables.customers[customer_id]
    take_away(tables, Party.customer(customer_id))
    for rule_id in [each.id for each in tables.discounts.values() if each.customer_id == customer_id]:
        del tables.discounts[rule_id]
    tables.consents = [each for each in tables.consents if each.customer_id != customer_id]


def _links(customer: Customer) -> tuple[CustomerId | None, ...]:
    card = customer.details
    return card.billed_to, card.group, card.statistics_party, card.payment_party
