"""A card with one of everything that can hang on it, and the shop's own records beside it."""

from decimal import Decimal
from typing import Any

from domain.model.card import (
    Address,
    AddressDetails,
    BankAccount,
    BankDetails,
    Channel,
    Consent,
    ContactDetails,
    ContactPerson,
    DiscountDetails,
    DiscountRule,
    DiscountScope,
    Note,
    Purpose,
)
from domain.model.customer import CardOrigin
from domain.model.reference import CustomField, FieldKind, FieldRecord
from domain.model.third_party import ThirdParty, ThirdPartyDetails, ThirdPartyType
from domain.model.values import (
    AddressId,
    BankAccountId,
    ContactId,
    CustomerId,
    DiscountId,
    NoteId,
    Party,
    PostalAddress,
    ThirdPartyId,
)
from tests.contracts.house import House
from tests.contracts.samples import NOW, committed


async def hang_everything(house: House, customer_id: CustomerId) -> None:
    """One of each part on the card, a third party and a field of the shop's own."""
    owner, new_id = Party.customer(customer_id), house.new_id
    when: Any = {"created_at": NOW, "updated_at": NOW}
    async with committed(house) as work:
        work.addresses.add(
            Address(
                id=AddressId(new_id()),
                owner=owner,
                code="NANTES1",
                details=AddressDetails(postal=PostalAddress(street="7 quai des Libraires", town="NANTES")),
                **when,
            )
        )
        work.contacts.add(
            ContactPerson(
                id=ContactId(new_id()), owner=owner, code="PETIT1", details=ContactDetails(name="PETIT"), **when
            )
        )
        work.bank_accounts.add(
            BankAccount(
                id=BankAccountId(new_id()),
                owner=owner,
                code="RIB1",
                details=BankDetails(iban="FR1420041010050500013M02606", main=True),
                **when,
            )
        )
        work.notes.add(Note(id=NoteId(new_id()), owner=owner, text="Aime la poésie", by="staff:1", **when))
        work.discounts.add(
            DiscountRule(
                id=DiscountId(new_id()),
                customer_id=customer_id,
                details=DiscountDetails(scope=DiscountScope.ALL, percent=Decimal("5.00")),
                **when,
            )
        )
        work.consents.add(
            Consent(
                id=new_id(),
                customer_id=customer_id,
                channel=Channel.EMAIL,
                purpose=Purpose.MARKETING,
                granted=True,
                source="comptoir",
                at=NOW,
                by="staff:1",
            )
        )
        work.third_parties.add(
            ThirdParty(
                id=ThirdPartyId(new_id()),
                type=ThirdPartyType.SUPPLIER,
                code="F0000001",
                details=ThirdPartyDetails(name="DIFFUSEUR"),
                origin=CardOrigin.COUNTER,
                approved_at=NOW,
                **when,
            )
        )
        work.references.add_field(
            CustomField(
                id=new_id(),
                record=FieldRecord.CUSTOMER,
                questionnaire="IMPLICITE_CLI",
                code="A100",
                label="Genre préféré",
                kind=FieldKind.TEXT,
                choices=(),
                position=1,
                updated_at=NOW,
            )
        )
