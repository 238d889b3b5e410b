"""Whom an order is billed to, where it goes, and which contact and bank account stand on it (A22, B27, B40-B43)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from domain.errors import CustomerAnonymised, CustomerMerged, Fault, NotFound, UnknownParty
from domain.model.access import Caller
from domain.model.card import Address, BankAccount
from domain.model.customer import Customer
from domain.model.defaults import CardFile, Chosen, DocumentDefaults, Main, Source, document_defaults
from domain.model.order import Billing
from domain.model.settings import DossierSettings
from domain.model.values import (
    AddressId,
    BankAccountId,
    Contact,
    ContactId,
    CustomerId,
    DocumentType,
    Party,
    PostalAddress,
    ThirdPartyId,
)
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.parts import called
from domain.usecases.rulebook import visible

HIDDEN_ADDRESS = "Adresse d'une fiche confidentielle : l'adresse principale du client est prise"
"""What is told when the address of an order stands on a card that may not be seen (B30, B41)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What an order chooses for itself; None: what the card says (B42)."""

    billed_to: CustomerId | None = None
    billing_address_id: AddressId | None = None
    delivery_address_id: AddressId | None = None
    contact_id: ContactId | None = None
    bank_account_id: BankAccountId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a new order says of people and places."""

    contact: Contact
    billing: Billing | None
    delivery_address_id: AddressId | None
    contact_id: ContactId | None
    bank_account_id: BankAccountId | None
    back_orders: bool
    warnings: tuple[str, ...] = ()


class _Named(Protocol):
    @property
    def id(self) -> UUID: ...


K = TypeVar("K", bound=UUID)


def unknown(pointer: str) -> UnknownParty:
    return UnknownParty(faults=[Fault("unknown-party", pointer)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Reads cards for an order in one transaction, as one caller may see them."""

    work: UnitOfWork
    by: Caller
    today: date
    settings: DossierSettings

    async def place(self, customer: Customer, contact: Contact | None, choices: Choices) -> Place:
        """Where a new order of ``customer`` starts; a ``contact`` that was typed stays as it is, but for a chosen address.

        Raises ``UnknownParty`` for a billed party that may not be seen, is closed or was merged, and for an address, a contact
        or an account that is not the card's or not for orders.
        """
        card = await self.file(customer)
        billed = await self.billed(choices.billed_to or customer.details.billed_to or customer.id, card)
        start = await self.defaults(card, billed)
        delivery = start.delivery
        if choices.delivery_address_id is not None:
            delivery = await self.address(card, choices.delivery_address_id, "/delivery_address_id")
        warnings: list[str] = []
        if contact is None:
            contact = contact_of(card, self.postal(delivery, card))
            if delivery.postal is None:
                warnings.append(HIDDEN_ADDRESS)
        elif choices.delivery_address_id is not None:
            contact = replace(contact, address=self.postal(delivery, card))
        else:
            delivery = replace(delivery, address_id=None)
        billing = start.billing
        if choices.billing_address_id is not None:
            billing = await self.address(billed, choices.billing_address_id, "/billing_address_id")
        return Place(
            contact=contact,
            billing=self.billing(card.customer, billed, billing, delivered_to=contact.address),
            delivery_address_id=delivery.address_id,
            contact_id=need_one(card.contacts, choices.contact_id, "/contact_id") or start.contact_id,
            bank_account_id=self.account(card.bank_accounts, choices.bank_account_id) or start.bank_account_id,
            back_orders=bool(start.back_orders),
            warnings=tuple(warnings),
        )

    async def place_free(self, contact: Contact, choices: Choices) -> Place:
        """Where an order of a name that is not in the file starts; it may be billed to a card. Raises ``UnknownParty``."""
        own = {
            "/delivery_address_id": choices.delivery_address_id,
            "/contact_id": choices.contact_id,
            "/bank_account_id": choices.bank_account_id,
            "/billing_address_id": None if choices.billed_to else choices.billing_address_id,
        }
        if faults := [Fault("unknown-party", pointer) for pointer, chosen in own.items() if chosen is not None]:
            raise UnknownParty(faults=faults)
        billing = None
        if choices.billed_to is not None:
            billed = await self.billed(choices.billed_to, None)
            start = (await self.defaults(billed, billed)).billing
            if choices.billing_address_id is not None:
                start = await self.address(billed, choices.billing_address_id, "/billing_address_id")
            billing = self.billing(None, billed, start, delivered_to=contact.address)
        return Place(
            contact=contact,
            billing=billing,
            delivery_address_id=None,
            contact_id=None,
            bank_account_id=None,
            back_orders=self.settings.back_orders_orders,
        )

    async def file(self, customer: Customer) -> CardFile:
        """A card with what hangs on it."""
        owner = Party.customer(customer.id)
        return CardFile(
            customer=customer,
            name=called(customer),
            addresses=await self.work.addresses.of(owner),
            contacts=await self.work.contacts.of(owner),
            bank_accounts=await self.work.bank_accounts.of(owner),
        )

    async def billed(self, customer_id: CustomerId, own: CardFile | None) -> CardFile:
        """The card of whoever is billed. Raises ``UnknownParty`` where it is not fit for it; ``own`` always is."""
        if own is not None and own.customer.id == customer_id:
            return own
        try:
            customer = await self.work.customers.get(customer_id)
            visible(customer, self.by).stand()
        except (NotFound, CustomerMerged, CustomerAnonymised):
            raise unknown("/billed_to_id") from None
        closed_on = customer.details.closed_on
        if customer.id != customer_id or (closed_on is not None and closed_on <= self.today):
            raise unknown("/billed_to_id")
        return await self.file(customer)

    async def defaults(self, card: CardFile, billed: CardFile) -> DocumentDefaults:
        """What an order of ``card`` billed to ``billed`` starts with."""
        return document_defaults(
            DocumentType.ORDER,
            card=card,
            billed=billed,
            mains=await self.mains([*card.addresses, *billed.addresses]),
            settings=self.settings,
            today=self.today,
        )

    async def address(self, card: CardFile, address_id: AddressId | None, pointer: str) -> Chosen:
        """An address of the card that orders may use; None is the main one. Raises ``UnknownParty`` at ``pointer``."""
        found = need_one(card.addresses, address_id, pointer)
        if found is None:
            return main_of(card)
        address = next(each for each in card.addresses if each.id == found)
        if DocumentType.ORDER not in address.details.allowed_for:
            raise unknown(pointer)
        if (party := address.details.use_main_of) is None:
            return replace(
                main_of(card),
                source=Source.CODE,
                address_id=address.id,
                code=address.code,
                postal=address.details.postal,
            )
        main = (await self.mains([address])).get(party)
        if main is None:
            raise unknown(pointer)
        return Chosen(
            source=Source.PARTY,
            address_id=address.id,
            code=address.code,
            party=party,
            name=main.name,
            postal=main.postal,
        )

    def account(self, accounts: Sequence[BankAccount], account_id: BankAccountId | None) -> BankAccountId | None:
        """A bank account of the card that is open (B44). Raises ``UnknownParty``."""
        usable = [each for each in accounts if each.open_on(self.today)]
        return need_one(usable, account_id, "/bank_account_id")

    def billing(
        self, customer: Customer | None, billed: CardFile, chosen: Chosen, *, delivered_to: PostalAddress
    ) -> Billing | None:
        """Who is invoiced and where; None when it is the customer himself, where the order is delivered."""
        postal = written(chosen) or billed.customer.details.address
        is_himself = customer is not None and customer.id == billed.customer.id
        if is_himself and postal in {delivered_to, PostalAddress(country=postal.country)}:
            return None
        return Billing(
            customer_id=billed.customer.id,
            customer_code=billed.customer.code,
            name=billed.name,
            address=postal,
            address_id=chosen.address_id,
        )

    def postal(self, chosen: Chosen, card: CardFile) -> PostalAddress:
        """Where ``chosen`` is; the main address of ``card`` for one that may not be seen."""
        return written(chosen) or card.customer.details.address

    async def mains(self, addresses: Iterable[Address]) -> dict[Party, Main]:
        """The main addresses that ``addresses`` lead to, of the cards that may be seen."""
        mains: dict[Party, Main] = {}
        for party in {each.details.use_main_of for each in addresses}:
            if party is None:
                continue
            try:
                if party.customer_id is not None:
                    lender = visible(await self.work.customers.get(party.customer_id), self.by)
                    mains[party] = Main(name=called(lender), postal=lender.details.address)
                else:
                    third_party = await self.work.third_parties.get(ThirdPartyId(party.id))
                    mains[party] = Main(name=called(third_party), postal=third_party.details.address)
            except NotFound:
                continue
        return mains


def contact_of(card: CardFile, address: PostalAddress) -> Contact:
    """Who an order of the card is for."""
    details = card.customer.details
    return Contact(
        name=details.name,
        title=details.title,
        first_name=details.first_name,
        email=details.email,
        phone=details.phone,
        address=address,
    )


def main_of(card: CardFile) -> Chosen:
    """The card's own main address."""
    return Chosen(
        source=Source.MAIN,
        address_id=None,
        code=None,
        party=Party.customer(card.customer.id),
        name=card.name,
        postal=card.customer.details.address,
    )


def written(chosen: Chosen) -> PostalAddress | None:
    """The address as an order keeps it: one that is another card's says whose it is (NF Z10-011, line 1)."""
    if chosen.postal is None or chosen.source is not Source.PARTY:
        return chosen.postal
    return replace(chosen.postal, recipient=chosen.postal.recipient or chosen.name)


def need_one(parts: Sequence[_Named], wanted: K | None, pointer: str) -> K | None:
    """``wanted`` when it is one of ``parts``. Raises ``UnknownParty``."""
    if wanted is not None and all(each.id != wanted for each in parts):
        raise unknown(pointer)
    return wanted
