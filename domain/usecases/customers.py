"""The customer file."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.events import Event, EventType
from domain.model.access import Caller
from domain.model.customer import Customer, CustomerDetails, automatic_code, customer_code
from domain.model.values import CustomerId
from domain.ports.answers import Once, Told
from domain.queries.customers import CustomerView, view_of
from domain.usecases.work import Surroundings, expect, told


@dataclass(frozen=True, slots=True)
class Customers:
    """Create and change customers."""

    around: Surroundings

    async def create(self, *, by: Caller, code: str | None, details: CustomerDetails, once: Once[CustomerView]) -> Told:
        """A new customer, approved at once at the counter (B10); without ``code`` the next automatic one (B7).

        Raises ``CodeTaken`` or ``Invalid``.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier) as work:
            if (before := await work.claim(once)) is not None:
                return before
            chosen = customer_code(code) if code else automatic_code(await work.customers.next_counter())
            customer = Customer(
                id=CustomerId(self.around.new_id()),
                code=chosen,
                details=details,
                origin="counter",
                approved_at=now,
                created_at=now,
                updated_at=now,
            )
            work.customers.add(customer)
            work.emit(self._event(EventType.CUSTOMER_CREATED, customer, by))
            return await told(work, once, view_of(customer))

    async def change(
        self,
        *,
        by: Caller,
        customer_id: CustomerId,
        version: int,
        edit: Callable[[CustomerDetails], CustomerDetails],
    ) -> CustomerView:
        """Apply ``edit`` to the card the caller saw as ``version``. Raises ``StaleVersion``, ``CodeTaken``, ``Invalid``."""
        async with self.around.begin(by.dossier) as work:
            customer = await work.customers.get(customer_id)
            expect(customer.version, version)
            if customer.change(edit(customer.details), now=self.around.clock()):
                work.customers.save(customer)
                work.emit(self._event(EventType.CUSTOMER_UPDATED, customer, by))
                await work.commit()
            return view_of(customer)

    def _event(self, kind: EventType, customer: Customer, by: Caller) -> Event:
        return self.around.event(
            kind,
            customer.id,
            customer.version,
            by,
            customer.updated_at,
            customer_id=customer.id.hex,
            code=customer.code,
            name=customer.details.name,
        )
