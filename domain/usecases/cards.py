"""Addresses, contacts, bank accounts, notes, discounts and consents: what is special about each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from domain.errors import CodeTaken, CustomerMerged, Fault, Inconsistent, NotFound, UnknownParty
from domain.model.access import Caller
from domain.model.card import (
    Address,
    AddressDetails,
    AddressRole,
    BankAccount,
    BankDetails,
    Channel,
    Consent,
    ContactDetails,
    ContactPerson,
    DiscountDetails,
    DiscountRule,
    Note,
    Purpose,
)
from domain.model.reference import Table
from domain.model.values import (
    AddressId,
    BankAccountId,
    ContactId,
    CustomerId,
    DiscountId,
    NoteId,
    Party,
    ThirdPartyId,
)
from domain.ports.answers import Once, Told
from domain.ports.cards import Parts
from domain.ports.surroundings import Banks
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.cards import (
    AddressView,
    BankAccountView,
    ContactView,
    DiscountView,
    NoteView,
    address_view,
    bank_account_view,
    contact_view,
    discount_view,
    note_view,
)
from domain.usecases.parts import CardParts, Occasion, as_customer, called, changed, owner_of, part_code
from domain.usecases.rulebook import check_article_categories, check_codes, seen, visible
from domain.usecases.work import Surroundings, told


class Addresses(CardParts[Address, AddressDetails, AddressView]):
    """Addresses beside the main one (B39-B41, A57)."""

    def _of(self, work: UnitOfWork) -> Parts[Address]:
        return work.addresses

    def _new(self, part_id: UUID, there: Occasion, code: str, details: AddressDetails) -> Address:
        return Address(
            id=AddressId(part_id),
            owner=owner_of(there.card),
            code=code,
            details=details,
            created_at=there.now,
            updated_at=there.now,
        )

    def _read(self, part: Address) -> AddressDetails:
        return part.details

    def _write(self, part: Address, details: AddressDetails) -> None:
        part.details = details

    def _names(self, details: AddressDetails) -> Collection[CustomerId]:
        lender = details.use_main_of.customer_id if details.use_main_of else None
        return () if lender is None else (lender,)

    def _code(self, wanted: str | None, details: AddressDetails, others: Sequence[Address]) -> str:
        return part_code(wanted, stem=details.postal.town or "", taken=[each.code for each in others])

    async def _fit(
        self, there: Occasion, part: Address, others: Sequence[Address], before: AddressDetails | None
    ) -> None:
        card = part.details
        _check_code(part.code, [each.code for each in others])
        if card.role is not AddressRole.OTHER and any(each.details.role is card.role for each in others):
            raise CodeTaken(faults=[Fault("role-taken", "/role", (("role", card.role.value),))])
        if before is None or before.postal.country != card.postal.country:
            await check_codes(there.work, [("/address/country", Table.COUNTRIES, card.postal.country)])
        if card.use_main_of is not None and (before is None or before.use_main_of != card.use_main_of):
            await self._check_party(there, card.use_main_of)
        for other in others:
            if other.details.default_for & card.default_for:
                other.details = replace(other.details, default_for=other.details.default_for - card.default_for)
                self._save(there, other)

    async def _check_party(self, there: Occasion, party: Party) -> None:
        """Raises ``UnknownParty`` when its main address cannot be borrowed: its own card, or one unknown or merged (B41)."""
        unknown = UnknownParty(faults=[Fault("unknown-party", "/use_main_of_id")])
        if party == owner_of(there.card):
            raise unknown
        try:
            if party.customer_id is not None:
                (customer,) = await there.work.customers.lock([party.customer_id])
                visible(customer, there.by).stand()
            else:
                await there.work.third_parties.get(ThirdPartyId(party.id))
        except (NotFound, CustomerMerged):
            raise unknown from None

    async def _view(self, there: Occasion, part: Address) -> AddressView:
        return address_view(part, named=called(there.card))


class Contacts(CardParts[ContactPerson, ContactDetails, ContactView]):
    """Natural persons to turn to; their roles follow from their function (B34-B37)."""

    def _of(self, work: UnitOfWork) -> Parts[ContactPerson]:
        return work.contacts

    def _new(self, part_id: UUID, there: Occasion, code: str, details: ContactDetails) -> ContactPerson:
        return ContactPerson(
            id=ContactId(part_id),
            owner=owner_of(there.card),
            code=code,
            details=details,
            created_at=there.now,
            updated_at=there.now,
        )

    def _read(self, part: ContactPerson) -> ContactDetails:
        return part.details

    def _write(self, part: ContactPerson, details: ContactDetails) -> None:
        part.details = details

    def _code(self, wanted: str | None, details: ContactDetails, others: Sequence[ContactPerson]) -> str:
        return part_code(wanted, stem=details.name, taken=[each.code for each in others])

    async def _fit(
        self, there: Occasion, part: ContactPerson, others: Sequence[ContactPerson], before: ContactDetails | None
    ) -> None:
        card = part.details
        _check_code(part.code, [each.code for each in others])
        stood = (before.title, before.function) if before else (None, None)
        codes = [("/title", Table.TITLES, card.title), ("/function", Table.FUNCTIONS, card.function)]
        await check_codes(there.work, [each for each, was in zip(codes, stood, strict=True) if each[2] != was])
        if card.address_id is not None and (before is None or before.address_id != card.address_id):
            own = await there.work.addresses.of(owner_of(there.card))
            if card.address_id not in {address.id for address in own}:
                raise UnknownParty(faults=[Fault("unknown-party", "/address_id")])

    async def _view(self, there: Occasion, part: ContactPerson) -> ContactView:
        return contact_view(part, await there.work.references.settings())


@dataclass(frozen=True, slots=True)
class BankAccounts(CardParts[BankAccount, BankDetails, BankAccountView]):
    """RIB: one of those that are open is the main one (B43, B44)."""

    banks: Banks

    def _of(self, work: UnitOfWork) -> Parts[BankAccount]:
        return work.bank_accounts

    def _new(self, part_id: UUID, there: Occasion, code: str, details: BankDetails) -> BankAccount:
        return BankAccount(
            id=BankAccountId(part_id),
            owner=owner_of(there.card),
            code=code,
            details=details,
            created_at=there.now,
            updated_at=there.now,
        )

    def _read(self, part: BankAccount) -> BankDetails:
        return part.details

    def _write(self, part: BankAccount, details: BankDetails) -> None:
        part.details = details

    def _code(self, wanted: str | None, details: BankDetails, others: Sequence[BankAccount]) -> str:
        return part_code(wanted, stem=details.domiciliation or "RIB", taken=[each.code for each in others])

    async def _fit(
        self, there: Occasion, part: BankAccount, others: Sequence[BankAccount], before: BankDetails | None
    ) -> None:
        _check_code(part.code, [each.code for each in others])
        card = part.details
        if card.main and not part.open_on(there.today):
            if before is None or not before.main:
                raise Inconsistent(faults=[Fault("closed-account", "/main")])
            part.details = card = replace(card, main=False)
        has_moved = before is not None and before.iban != card.iban and before.bic == card.bic
        if card.bic is None or has_moved:
            bank = self.banks.bank(card.iban)
            part.details = card = replace(card, bic=bank.bic if bank else None)
        if card.main:
            for other in others:
                if other.details.main:
                    self._mark(there, other, main=False)
        elif not any(each.details.main for each in others):
            first = _first_open([part, *others], there)
            if first is part:
                part.details = replace(card, main=True)
            elif first is not None:
                self._mark(there, first, main=True)

    def _left(self, there: Occasion, others: Sequence[BankAccount]) -> None:
        first = _first_open(others, there)
        if first is not None and not any(each.details.main for each in others):
            self._mark(there, first, main=True)

    def _mark(self, there: Occasion, account: BankAccount, *, main: bool) -> None:
        account.details = replace(account.details, main=main)
        self._save(there, account)

    async def _view(self, there: Occasion, part: BankAccount) -> BankAccountView:
        del there
        bank = self.banks.bank(part.details.iban)
        return bank_account_view(part, bank_name=bank.name if bank else None)


def _first_open(accounts: Sequence[BankAccount], there: Occasion) -> BankAccount | None:
    """The oldest account that may be used today: the main one where no other was chosen."""
    usable = [each for each in accounts if each.open_on(there.today)]
    return min(usable, key=lambda each: (each.created_at, each.id), default=None)


class Notes(CardParts[Note, str, NoteView]):
    """Notes on a card (B64)."""

    def _of(self, work: UnitOfWork) -> Parts[Note]:
        return work.notes

    def _new(self, part_id: UUID, there: Occasion, code: str, details: str) -> Note:
        del code
        return Note(
            id=NoteId(part_id),
            owner=owner_of(there.card),
            text=details,
            by=there.by.client,
            created_at=there.now,
            updated_at=there.now,
        )

    def _read(self, part: Note) -> str:
        return part.text

    def _write(self, part: Note, details: str) -> None:
        part.text = details

    async def _view(self, there: Occasion, part: Note) -> NoteView:
        del there
        return note_view(part)


class Discounts(CardParts[DiscountRule, DiscountDetails, DiscountView]):
    """Permanent discounts of a customer (A63, A64)."""

    async def _at(self, work: UnitOfWork, owner: Party, by: Caller, details: DiscountDetails | None = None) -> Occasion:
        as_customer(owner)
        return await super()._at(work, owner, by, details)

    def _of(self, work: UnitOfWork) -> Parts[DiscountRule]:
        return work.discounts

    def _new(self, part_id: UUID, there: Occasion, code: str, details: DiscountDetails) -> DiscountRule:
        del code
        return DiscountRule(
            id=DiscountId(part_id),
            customer_id=as_customer(owner_of(there.card)),
            details=details,
            created_at=there.now,
            updated_at=there.now,
        )

    def _read(self, part: DiscountRule) -> DiscountDetails:
        return part.details

    def _write(self, part: DiscountRule, details: DiscountDetails) -> None:
        part.details = details

    async def _fit(
        self, there: Occasion, part: DiscountRule, others: Sequence[DiscountRule], before: DiscountDetails | None
    ) -> None:
        del others
        if before is None or before.category != part.details.category:
            await check_article_categories(there.work, [("/category", part.details.category)])

    async def _view(self, there: Occasion, part: DiscountRule) -> DiscountView:
        del there
        return discount_view(part)


def _check_code(code: str, taken: Sequence[str]) -> None:
    """Raises ``CodeTaken`` when another part of the card has the code."""
    if code in taken:
        raise CodeTaken(faults=[Fault("code-taken", "/code")])


@dataclass(frozen=True, slots=True)
class Consents:
    """The ledger of what a customer allowed and refused (A58, trade R23)."""

    around: Surroundings

    async def record(
        self,
        *,
        by: Caller,
        customer_id: CustomerId,
        channel: Channel,
        purpose: Purpose,
        granted: bool,
        source: str | None,
        once: Once[Consent],
    ) -> Told:
        """Write down what the customer said; from now on it holds. Raises ``NotFound``, ``CustomerMerged``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            customer = await seen(work, customer_id, by)
            consent = Consent(
                id=self.around.new_id(),
                customer_id=customer.id,
                channel=channel,
                purpose=purpose,
                granted=granted,
                source=source,
                at=now,
                by=by.client,
            )
            work.consents.add(consent)
            work.emit(changed(self.around, customer, by, now))
            return await told(work, once, consent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """What hangs on cards, each kind with its use cases."""

    addresses: Addresses
    contacts: Contacts
    bank_accounts: BankAccounts
    notes: Notes
    discounts: Discounts
    consents: Consents


def cards(around: Surroundings, banks: Banks) -> Cards:
    """The use cases of every kind."""
    return Cards(
        addresses=Addresses(around),
        contacts=Contacts(around),
        bank_accounts=BankAccounts(around, banks),
        notes=Notes(around),
        discounts=Discounts(around),
        consents=Consents(around),
    )
