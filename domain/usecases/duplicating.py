"""A new card made from another (B46, B47)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.model.access import Caller
from domain.model.card import Address, BankAccount, ContactPerson, DiscountRule
from domain.model.customer import CardOrigin, Customer, CustomerDetails
from domain.model.values import AddressId, BankAccountId, ContactId, CustomerId, DiscountId, NoteId, Party
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.customers import CustomerView, view_of
from domain.usecases.customers import announce, new_code
from domain.usecases.rulebook import check_customer, seen
from domain.usecases.work import Surroundings, told


class CardPart(StrEnum):
    """The sub-cards that may be copied with a card."""

    ADDRESSES = "addresses"
    CONTACTS = "contacts"
    BANK_ACCOUNTS = "bank_accounts"
    NOTES = "notes"
    CONSENTS = "consents"
    DISCOUNTS = "discounts"


def copied(card: CustomerDetails, *, name: str | None) -> CustomerDetails:
    """All of the main card but what belongs to one card only: its barcode and its loyalty card.

    With a ``name`` of its own the short name follows it again (B11).
    """
    own = {"name": name, "given_short_name": None} if name is not None else {}
    return replace(
        card,
        barcode=None,
        fidelity_number=None,
        fidelity_program=None,
        fidelity_active=False,
        fidelity_started_on=None,
        **own,  # type: ignore[arg-type]
    )


@dataclass(frozen=True, slots=True)
class Duplicating:
    around: Surroundings

    async def duplicate(
        self,
        *,
        by: Caller,
        customer_id: CustomerId,
        code: str | None,
        name: str | None,
        parts: Collection[CardPart],
        once: Once[CustomerView],
    ) -> Told:
        """A new customer with the data of another and the sub-cards named; without ``code`` the next automatic one (B46).

        Raises ``CodeTaken``, ``CustomerMerged``, ``CustomerAnonymised``.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            source = await seen(work, customer_id, by)
            settings = await work.references.settings()
            customer = Customer(
                id=CustomerId(self.around.new_id()),
                code=await new_code(work, code, settings),
                details=copied(source.details, name=name),
                origin=CardOrigin.COUNTER,
                approved_at=now,
                approved_by=by.client,
                created_at=now,
                updated_at=now,
            )
            # what stands on the source may stand on its copy, a link to a card closed since too
            await check_customer(work, customer.id, customer.details, source.details, by)
            work.customers.add(customer)
            await self._copy_parts(work, source.id, customer.id, parts, now)
            announce(work, customer, around=self.around, by=by, settings=settings)
            return await told(work, once, view_of(customer))

    async def _copy_parts(
        self, work: UnitOfWork, source: CustomerId, copy: CustomerId, parts: Collection[CardPart], now: datetime
    ) -> None:
        of, to = Party.customer(source), Party.customer(copy)
        addresses: dict[AddressId, AddressId] = {}
        if CardPart.ADDRESSES in parts:
            for address in await work.addresses.of(of):
                addresses[address.id] = AddressId(self.around.new_id())
                work.addresses.add(
                    Address(
                        id=addresses[address.id],
                        owner=to,
                        code=address.code,
                        details=address.details,
                        created_at=now,
                        updated_at=now,
                    )
                )
        if CardPart.CONTACTS in parts:
            for contact in await work.contacts.of(of):
                at = contact.details.address_id
                work.contacts.add(
                    ContactPerson(
                        id=ContactId(self.around.new_id()),
                        owner=to,
                        code=contact.code,
                        # an address that was not copied is the other card's
                        details=replace(contact.details, address_id=addresses.get(at) if at else None),
                        created_at=now,
                        updated_at=now,
                    )
                )
        if CardPart.BANK_ACCOUNTS in parts:
            for account in await work.bank_accounts.of(of):
                work.bank_accounts.add(
                    BankAccount(
                        id=BankAccountId(self.around.new_id()),
                        owner=to,
                        code=account.code,
                        details=account.details,
                        created_at=now,
                        updated_at=now,
                    )
                )
        await self._copy_ledgers(work, source, copy, parts, now)

    async def _copy_ledgers(
        self, work: UnitOfWork, source: CustomerId, copy: CustomerId, parts: Collection[CardPart], now: datetime
    ) -> None:
        """Notes and consents say when and by whom: their copies say it still."""
        if CardPart.NOTES in parts:
            for note in await work.notes.of(Party.customer(source)):
                work.notes.add(replace(note, id=NoteId(self.around.new_id()), owner=Party.customer(copy), version=1))
        if CardPart.CONSENTS in parts:
            for consent in await work.consents.of(source):
                work.consents.add(replace(consent, id=self.around.new_id(), customer_id=copy))
        if CardPart.DISCOUNTS in parts:
            for rule in await work.discounts.of(Party.customer(source)):
                work.discounts.add(
                    DiscountRule(
                        id=DiscountId(self.around.new_id()),
                        customer_id=copy,
                        details=rule.details,
                        created_at=now,
                        updated_at=now,
                    )
                )
