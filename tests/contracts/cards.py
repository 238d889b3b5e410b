"""Cards and what hangs on them, made for tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

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
    DiscountScope,
    Note,
    Purpose,
)
from domain.model.customer import CardOrigin, Kind
from domain.model.dunning import DunningChannel, RemindedInvoice, Reminder
from domain.model.invoice import Invoice, InvoiceDetails
from domain.model.loyalty import LoyaltyCause, LoyaltyEntry, LoyaltyEntryId
from domain.model.message import Words
from domain.model.named_deposit import NamedDepositCause, NamedDepositEntry
from domain.model.payment import PaymentMethod
from domain.model.reference import CustomField, FieldKind, FieldRecord
from domain.model.third_party import ThirdParty, ThirdPartyDetails, ThirdPartyType
from domain.model.values import (
    AddressId,
    BankAccountId,
    ContactId,
    CustomerId,
    DiscountId,
    DocumentType,
    InvoiceId,
    InvoiceReminderId,
    NoteId,
    Party,
    PostalAddress,
    ThirdPartyId,
)
from tests.contracts import samples
from tests.contracts.house import House
from tests.contracts.samples import NOW, committed

EVERYWHERE = PostalAddress(
    recipient="Réception",
    complement="3e",
    building="Bât. B",
    street="1 rue de l'Œuf",
    locality="BP 4",
    postal_code="44000",
    town="Nantes",
    country="BE",
)


def third_party(house: House, *, code: str = "F0000001", **more: Any) -> ThirdParty:
    details = ThirdPartyDetails(
        name="Œuvres d'Été",
        kind=Kind.PERSON,
        title="M.",
        first_name="Jean-Noël",
        given_short_name="OEUVRES",
        email="Jean@Example.org",
        phone="02 40 00 00 00",
        fax="0240000001",
        address=EVERYWHERE,
        siret="73282932000074",
        vat_number="FR44732829320",
        language="fr",
        account_number="401OEUVRE",
        our_code="LIB42",
        commission=Decimal("12.50"),
        comment="Passe\nle mardi",
        custom_fields={"FICHE": {"A1": "x"}},
        closed_on=date(2099, 1, 1),
    )
    return ThirdParty(
        id=ThirdPartyId(house.new_id()),
        code=code,
        **{
            "type": ThirdPartyType.SUPPLIER,
            "details": details,
            "origin": CardOrigin.CRM,
            "approved_at": NOW,
            "approved_by": "staff:1",
            "created_at": NOW,
            "updated_at": NOW,
            **more,
        },
    )


async def customer(house: House, code: str = "C1", **more: Any) -> CustomerId:
    card = samples.customer(house.new_id, code=code, barcode=None)
    card.details = replace(card.details, **more)
    async with committed(house) as work:
        work.customers.add(card)
    return card.id


_numbers = count(100)


async def owner_of(house: House, kind: str) -> Party:
    """A new card of one kind."""
    if kind == "customer":
        return Party.customer(await customer(house, code=f"C{next(_numbers)}"))
    card = third_party(house, code=f"F{next(_numbers)}")
    async with committed(house) as work:
        work.third_parties.add(card)
    return Party.third_party(card.id)


def address(house: House, owner: Party, *, code: str = "QUAI", at: int = 0, **details: Any) -> Address:
    when = NOW + timedelta(microseconds=at)
    return Address(
        id=AddressId(house.new_id()),
        owner=owner,
        code=code,
        details=AddressDetails(**details),
        created_at=when,
        updated_at=when,
        version=1,
    )


def contact(house: House, owner: Party, *, code: str = "PETIT1", at: int = 0, **details: Any) -> ContactPerson:
    when = NOW + timedelta(microseconds=at)
    return ContactPerson(
        id=ContactId(house.new_id()),
        owner=owner,
        code=code,
        details=ContactDetails(**{"name": "Petit", **details}),
        created_at=when,
        updated_at=when,
    )


def account(house: House, owner: Party, *, code: str = "RIB1", at: int = 0, **details: Any) -> BankAccount:
    when = NOW + timedelta(microseconds=at)
    return BankAccount(
        id=BankAccountId(house.new_id()),
        owner=owner,
        code=code,
        details=BankDetails(**{"iban": "FR1420041010050500013M02606", **details}),
        created_at=when,
        updated_at=when,
    )


def note(house: House, owner: Party, *, code: str = "", at: int = 0, text: str = "Aime\nla poésie") -> Note:
    del code
    when = NOW + timedelta(microseconds=at)
    return Note(id=NoteId(house.new_id()), owner=owner, text=text, by="staff:1", created_at=when, updated_at=when)


def full(house: House, kind: str, owner: Party) -> Any:
    """A part of one kind with every field filled."""
    made: dict[str, Callable[[], Any]] = {
        "addresses": lambda: address(
            house,
            owner,
            role=AddressRole.BILLING,
            postal=EVERYWHERE,
            siret="73282932000074",
            phone="0240",
            email="a@example.org",
            allowed_for=frozenset({DocumentType.ORDER, DocumentType.QUOTE}),
            default_for=frozenset({DocumentType.ORDER}),
        ),
        "contacts": lambda: contact(
            house,
            owner,
            title="Mme",
            first_name="Zoë",
            function="CDE",
            phone="02 40 00 00 00",
            mobile="06 06 06 06 07",
            email="Zoe@Example.org",
            fax="0240",
            comment="Le\nmatin",
        ),
        "bank_accounts": lambda: account(
            house, owner, bic="PSSTFRPPPAR", domiciliation="Nantes", main=True, closed_on=date(2099, 1, 1)
        ),
        "notes": lambda: note(house, owner),
    }
    return made[kind]()


PLAIN: dict[str, Callable[..., Any]] = {
    "addresses": address,
    "contacts": contact,
    "bank_accounts": account,
    "notes": note,
}


def invoice(house: House, customer_id: CustomerId) -> Invoice:
    return Invoice(
        id=InvoiceId(house.new_id()),
        number="F2026-0001",
        details=InvoiceDetails(
            customer_id=customer_id,
            billed_to=customer_id,
            issued_on=NOW.date(),
            due_on=NOW.date(),
            total=Decimal("118.40"),
        ),
        created_at=NOW,
        updated_at=NOW,
    )


def reminder(house: House, bill: Invoice) -> Reminder:
    """A letter about one invoice."""
    told = bill.details
    return Reminder(
        id=InvoiceReminderId(house.new_id()),
        run_id=house.new_id(),
        customer_id=told.customer_id,
        name="PETIT",
        family="",
        step=1,
        channel=DunningChannel.POST,
        address="NANTES",
        words=Words(subject="Relance", body="Bonjour"),
        invoices=(
            RemindedInvoice(
                id=bill.id,
                number=bill.number,
                step=1,
                issued_on=told.issued_on,
                due_on=told.due_on,
                total=told.total,
                unpaid=told.unpaid,
            ),
        ),
        message_id=None,
        at=NOW,
        by="staff:1",
    )


async def hang_everything(house: House, customer_id: CustomerId) -> None:
    """One of each part on the card, a third party and a field of the shop's own."""
    owner = Party.customer(customer_id)
    street = PostalAddress(street="7 quai des Libraires", town="NANTES")
    async with committed(house) as work:
        work.addresses.add(address(house, owner, code="NANTES1", postal=street))
        work.contacts.add(contact(house, owner, name="PETIT"))
        work.bank_accounts.add(account(house, owner, main=True))
        work.notes.add(note(house, owner, text="Aime la poésie"))
        work.discounts.add(
            DiscountRule(
                id=DiscountId(house.new_id()),
                customer_id=customer_id,
                details=DiscountDetails(scope=DiscountScope.ALL, percent=Decimal("5.00")),
                created_at=NOW,
                updated_at=NOW,
            )
        )
        work.consents.add(
            Consent(
                id=house.new_id(),
                customer_id=customer_id,
                channel=Channel.EMAIL,
                purpose=Purpose.MARKETING,
                granted=True,
                source="comptoir",
                at=NOW,
                by="staff:1",
            )
        )
        work.loyalty.add(
            [
                LoyaltyEntry(
                    id=LoyaltyEntryId(house.new_id()),
                    customer_id=customer_id,
                    at=NOW,
                    cause=LoyaltyCause.OPENING,
                    amount=Decimal("5.00"),
                    reference=customer_id.hex,
                    by="staff:1",
                    purchases=3,
                    base=Decimal("100.00"),
                )
            ]
        )
        work.named_deposits.add(
            NamedDepositEntry(
                id=house.new_id(),
                customer_id=customer_id,
                order_id=None,
                amount=Decimal("20.00"),
                cause=NamedDepositCause.RECEIVED,
                method=PaymentMethod.CASH,
                reference=None,
                at=NOW,
                by="staff:1",
            )
        )
        bill = invoice(house, customer_id)
        work.invoices.add(bill)
        work.invoices.remind(reminder(house, bill))
        supplier = ThirdPartyDetails(name="DIFFUSEUR")
        work.third_parties.add(third_party(house, details=supplier, origin=CardOrigin.COUNTER, approved_by=None))
        work.references.add_field(
            CustomField(
                id=house.new_id(),
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
