"""Customers in memory."""

from copy import deepcopy

from domain.errors import CodeTaken, NotFound, StaleVersion
from domain.model.customer import Customer
from domain.model.values import CustomerId
from tests.fakes.base import Base, Tables


class FakeCustomers:
    """``Customers`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._loaded: dict[CustomerId, int] = {}
        self._new: list[Customer] = []
        self._changed: dict[CustomerId, Customer] = {}

    async def get(self, customer_id: CustomerId) -> Customer:
        return self._known(self._base.tables.customers.get(customer_id))

    async def by_code(self, code: str) -> Customer:
        found = [each for each in self._base.tables.customers.values() if each.code == code.upper()]
        return self._known(found[0] if found else None)

    async def next_counter(self) -> int:
        self._base.customer_counter += 1
        return self._base.customer_counter

    def add(self, customer: Customer) -> None:
        self._new.append(deepcopy(customer))

    def save(self, customer: Customer) -> None:
        self._changed[customer.id] = deepcopy(customer)

    def _known(self, customer: Customer | None) -> Customer:
        if customer is None:
            raise NotFound(what="customer")
        self._loaded[customer.id] = customer.version
        return deepcopy(customer)

    async def settle(self, tables: Tables) -> None:
        for customer in self._changed.values():
            if tables.customers[customer.id].version != self._loaded[customer.id]:
                raise StaleVersion
        for customer in [*self._new, *self._changed.values()]:
            for other in tables.customers.values():
                same_barcode = customer.details.barcode and customer.details.barcode == other.details.barcode
                if other.id != customer.id and (other.code == customer.code or same_barcode):
                    raise CodeTaken
            tables.customers[customer.id] = customer
