"""The customer file."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.events import Event, EventType
from domain.model.access import Caller
from domain.model.customer import CardOrigin, Customer, CustomerDetails
from domain.model.identifiers import automatic_code, padded_code
from domain.model.settings import CodePadding, DossierSettings
from domain.model.values import CustomerId, Party
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.customers import CustomerView, view_of
from domain.usecases.flashes import tell_colleagues
from domain.usecases.rulebook import check_customer, linked, seen, visible
from domain.usecases.work import Surroundings, expect, told, until_done


@dataclass(frozen=True, slots=True)
class Customers:
    """Create, change, approve and remove customers."""

    around: Surroundings

    async def create(
        self,
        *,
        by: Caller,
        code: str | None,
        details: CustomerDetails,
        once: Once[CustomerView],
        origin: CardOrigin = CardOrigin.COUNTER,
    ) -> Told:
        """A new customer; without ``code`` the next automatic one (B7).

        Made at the counter it has its visa at once, made in the CRM it waits for it (B10). Those whom the dossier names are
        told (B9). Raises ``CodeTaken``, ``Invalid``, ``UnknownCode``, ``UnknownParty`` or ``LinkRing``.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            settings = await work.references.settings()
            customer = Customer(
                id=CustomerId(self.around.new_id()),
                code=await new_code(work, code, settings),
                details=details,
                origin=origin,
                approved_at=None if origin is CardOrigin.CRM else now,
                approved_by=None if origin is CardOrigin.CRM else by.client,
                created_at=now,
                updated_at=now,
            )
            await check_customer(work, customer.id, details, None, by)
            work.customers.add(customer)
            announce(work, customer, around=self.around, by=by, settings=settings)
            return await told(work, once, view_of(customer))

    async def change(
        self,
        *,
        by: Caller,
        customer_id: CustomerId,
        version: int,
        edit: Callable[[CustomerDetails], CustomerDetails],
    ) -> CustomerView:
        """Apply ``edit`` to the card the caller saw as ``version``.

        Raises ``StaleVersion``, ``CodeTaken``, ``Invalid``, ``UnknownCode``, ``UnknownParty``, ``LinkRing``, ``CustomerMerged``.
        """

        async def attempt() -> CustomerView:
            async with self.around.begin(by.dossier, by.client) as work:
                peeked = visible(await work.customers.get(customer_id), by).details
                customer = await seen(work, customer_id, by, linking=linked(edit(peeked)) - linked(peeked))
                expect(customer.version, version)
                before, card = customer.details, edit(customer.details)
                await check_customer(work, customer.id, card, before, by)
                if customer.change(card, now=self.around.clock()):
                    work.customers.save(customer)
                    work.emit(self._event(EventType.CUSTOMER_UPDATED, customer, by))
                    await work.commit()
                return view_of(customer)

        return await until_done(attempt)

    async def approve(
        self, *, by: Caller, customer_id: CustomerId, version: int, approved: bool, once: Once[CustomerView]
    ) -> Told:
        """Give or take back the administrative visa (B8, B9). Raises ``StaleVersion``, ``CustomerMerged``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            customer = await seen(work, customer_id, by)
            expect(customer.version, version)
            done = customer.approve(by=by.client, now=now) if approved else customer.withdraw_approval(now=now)
            if done:
                work.customers.save(customer)
                work.emit(self._event(EventType.CUSTOMER_UPDATED, customer, by))
            return await told(work, once, view_of(customer))

    async def remove(self, *, by: Caller, customer_id: CustomerId, version: int) -> None:
        """Delete a card that no document names (A54). Raises ``StaleVersion``, ``CustomerInUse``, ``CustomerMerged``."""
        async with self.around.begin(by.dossier, by.client) as work:
            customer = await seen(work, customer_id, by)
            expect(customer.version, version)
            work.customers.remove(customer)
            customer.version += 1
            work.emit(self._event(EventType.CUSTOMER_DELETED, customer, by))
            await work.commit()

    def _event(self, kind: EventType, customer: Customer, by: Caller) -> Event:
        return customer_event(kind, customer, around=self.around, by=by)


def customer_event(kind: EventType, customer: Customer, *, around: Surroundings, by: Caller) -> Event:
    """What is told of a card to all who listen: of a confidential one neither code nor name (B30)."""
    secret = customer.details.confidentiality_code is not None
    return around.event(
        kind,
        customer.id,
        customer.version,
        by,
        customer.updated_at,
        customer_id=customer.id.hex,
        code=None if secret else customer.code,
        name=None if secret else customer.details.name,
    )


def announce(
    work: UnitOfWork, customer: Customer, *, around: Surroundings, by: Caller, settings: DossierSettings
) -> None:
    """A new card is told to all who listen, and to the colleagues whom the dossier names (B9)."""
    work.emit(customer_event(EventType.CUSTOMER_CREATED, customer, around=around, by=by))
    tell_colleagues(
        work,
        around=around,
        by=by,
        people=settings.flash_customers,
        card=Party.customer(customer.id),
        name=customer.details.name,
        approved=customer.approved_at is not None,
        at=customer.created_at,
    )


async def new_code(work: UnitOfWork, wanted: str | None, settings: DossierSettings) -> str:
    """The code of a new customer: the one wanted as the dossier pads it, else the next automatic one that is free (O1)."""
    if wanted:
        return padded_code(wanted, right_zeros=settings.code_padding is CodePadding.RIGHT_ZEROS)
    while await work.customers.taken(
        code := automatic_code(settings.customer_prefix, await work.customers.next_counter())
    ):
        pass
    return code
