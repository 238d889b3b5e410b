"""What a new document of a customer starts with: from the general case to the exception (A57, A60, B16, B27, B36, B40-B43).

Everything here may be changed on the document itself (B42); nothing is refused here, only told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.errors import Conflict
from domain.model.card import Address, AddressRole, BankAccount, ContactPerson
from domain.model.customer import BackOrders, Customer, SalesShare
from domain.model.settings import DossierSettings
from domain.model.values import (
    AddressId,
    BankAccountId,
    ContactId,
    CustomerId,
    DocumentType,
    Party,
    PostalAddress,
)

HOME_LANGUAGE = "fr"
"""The language of the shop that issues the document."""
UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905 - a list to read
)
"""The countries of the European Union, by their ISO 3166-1 codes."""
UNRECONCILED = "Tiers règlement : la facture et son règlement ne pourront plus être rapprochés"
"""What is told of an invoice that another card pays (B23)."""
BILLING = frozenset({DocumentType.INVOICE, DocumentType.REMINDER})
"""Documents that go to whoever is billed; the others go to the customer."""


class Source(StrEnum):
    """Where an address comes from: by its code for this document (B40), by its role (A57), the card's main one (B39), or

    the main one of another party (B41).
    """

    CODE = "code"
    ROLE = "role"
    MAIN = "main"
    PARTY = "party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The address that a document starts with. ``address_id`` and ``code`` None: no address beside the main one.

    ``party`` is whose card ``postal`` stands on, ``name`` what that card is called; both are None, and ``postal`` too, where
    the party is one that may not be seen (B30).
    """

    source: Source
    address_id: AddressId | None
    code: str | None
    party: Party | None
    name: str | None
    postal: PostalAddress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Main:
    """The main address of a card, and what the card is called."""

    name: str
    postal: PostalAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFile:
    """A card with what hangs on it, oldest first."""

    customer: Customer
    name: str
    addresses: Sequence[Address] = ()
    contacts: Sequence[ContactPerson] = ()
    bank_accounts: Sequence[BankAccount] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDefaults:
    """``blocked`` is the problem that a new document would meet now, None when it would be admitted (B8, B31, B32).

    ``back_orders`` is None for documents that know none. ``languages`` are those to print in, the shop's first (B25, B26);
    ``payer`` is the card on which payment and reminders run, ``reminded`` its central if it has one (B20, B22, B29);
    ``counted_for`` is the card whose statistics the document enters (B21).
    """

    document: DocumentType
    customer_id: CustomerId
    billed_to: CustomerId
    payer: CustomerId
    reminded: CustomerId
    counted_for: CustomerId
    delivery: Chosen
    billing: Chosen
    contact_id: ContactId | None
    bank_account_id: BankAccountId | None
    back_orders: bool | None
    language: str | None
    languages: tuple[str, ...]
    payment_mode: str | None
    print_mode: str | None
    sales_reps: tuple[SalesShare, ...]
    comment: str | None
    blocked: str | None
    warnings: list[str] = field(default_factory=list)


def document_defaults(
    document: DocumentType,
    *,
    card: CardFile,
    billed: CardFile | None,
    mains: Mapping[Party, Main],
    settings: DossierSettings,
    today: date,
) -> DocumentDefaults:
    """What a new ``document`` starts with.

    ``billed`` is the card that ``card`` is billed to, None when that one may not be seen; without a link it is ``card``
    itself. It is not followed further: whoever it is billed to in turn has no part in this document. ``mains`` are the main
    addresses of the parties that addresses of either card lead to, those that may be seen.
    """
    details = card.customer.details
    billed_to = details.billed_to or card.customer.id
    receiver = billed if document in BILLING else card
    blocked, warnings = _admitted(card.customer, today)
    payer, reminded = _payer(billed, billed_to)
    if document is DocumentType.INVOICE and payer != billed_to:
        warnings = [*warnings, UNRECONCILED]
    return DocumentDefaults(
        document=document,
        customer_id=card.customer.id,
        billed_to=billed_to,
        payer=payer,
        reminded=reminded,
        counted_for=details.statistics_party or card.customer.id,
        delivery=_address(document, AddressRole.DELIVERY, card, mains),
        billing=_address(document, AddressRole.BILLING, billed, mains) if billed else HIDDEN,
        contact_id=_contact(document, receiver, settings) if receiver else None,
        bank_account_id=_bank_account(receiver, today) if receiver else None,
        back_orders=_back_orders(document, card.customer, settings),
        language=details.language,
        languages=_languages(details.language, details.address.country),
        payment_mode=details.payment_mode,
        print_mode=details.print_mode,
        sales_reps=details.sales_reps,
        comment=details.comment,
        blocked=blocked,
        warnings=warnings,
    )


HIDDEN = Chosen(source=Source.MAIN, address_id=None, code=None, party=None, name=None, postal=None)
"""The address of a party that may not be seen."""


def _payer(billed: CardFile | None, billed_to: CustomerId) -> tuple[CustomerId, CustomerId]:
    """Who pays what is billed to this card, and who is reminded: each link is followed once (B20, B22, B29)."""
    if billed is None:
        return billed_to, billed_to
    links = billed.customer.details
    payer = links.payment_party or billed_to
    return payer, links.group or payer


def _languages(language: str | None, country: str) -> tuple[str, ...]:
    """The languages to print in: within the Union the shop's and the customer's, elsewhere the customer's alone (B26)."""
    own = language or HOME_LANGUAGE
    if own == HOME_LANGUAGE:
        return (HOME_LANGUAGE,)
    return (HOME_LANGUAGE, own) if country in UNION else (own,)


def _admitted(customer: Customer, today: date) -> tuple[str | None, list[str]]:
    try:
        return None, customer.admit(today=today)
    except Conflict as refusal:
        return refusal.code, []


_POSITIONED_BY = {
    AddressRole.DELIVERY: (DocumentType.DELIVERY_NOTE, BILLING),
    AddressRole.BILLING: (DocumentType.INVOICE, frozenset(DocumentType) - BILLING),
}
"""A document's own code positions its own address; its other address is positioned by the code of the document that uses
that one: an order is billed where invoices go, an invoice was delivered where delivery notes go."""


def _address(document: DocumentType, role: AddressRole, card: CardFile, mains: Mapping[Party, Main]) -> Chosen:
    """The address of ``card`` for one of the two roles."""
    other_document, uses_other = _POSITIONED_BY[role]
    named_for = other_document if document in uses_other else document
    other_role = AddressRole.BILLING if role is AddressRole.DELIVERY else AddressRole.DELIVERY
    usable = [
        each
        for each in card.addresses
        if document in each.details.allowed_for and each.details.role is not other_role and not _is_empty(each)
    ]
    for address in usable:
        if named_for in address.details.default_for:
            return _led(Source.CODE, address, card, mains)
    for address in usable:
        if address.details.role is role:
            return _led(Source.ROLE, address, card, mains)
    return Chosen(
        source=Source.MAIN,
        address_id=None,
        code=None,
        party=Party.customer(card.customer.id),
        name=card.name,
        postal=card.customer.details.address,
    )


def _is_empty(address: Address) -> bool:
    """Whether nothing was written on it: an empty tab is none (A57)."""
    blank = PostalAddress(country=address.details.postal.country)
    return address.details.use_main_of is None and address.details.postal == blank


def _led(source: Source, address: Address, card: CardFile, mains: Mapping[Party, Main]) -> Chosen:
    """The address chosen, or where it leads (B41)."""
    party = address.details.use_main_of
    if party is None:
        owner, name, postal = Party.customer(card.customer.id), card.name, address.details.postal
        return Chosen(source=source, address_id=address.id, code=address.code, party=owner, name=name, postal=postal)
    main = mains.get(party)
    return Chosen(
        source=Source.PARTY,
        address_id=address.id,
        code=address.code,
        party=party if main else None,
        name=main.name if main else None,
        postal=main.postal if main else None,
    )


def _contact(document: DocumentType, card: CardFile, settings: DossierSettings) -> ContactId | None:
    """The first contact whose function is the one that receives the document (B36, O10)."""
    function = settings.contact_roles.get(document)
    return next((each.id for each in card.contacts if function and each.details.function == function), None)


def _bank_account(card: CardFile, today: date) -> BankAccountId | None:
    """The main account, unless it is closed by now (B43, B44)."""
    return next((each.id for each in card.bank_accounts if each.details.main and each.open_on(today)), None)


def _back_orders(document: DocumentType, customer: Customer, settings: DossierSettings) -> bool | None:
    """The customer's own rule, else the dossier's (B27)."""
    own = customer.details.back_orders
    rules = {
        DocumentType.QUOTE: (own.quotes, settings.back_orders_quotes),
        DocumentType.ORDER: (own.orders, settings.back_orders_orders),
        DocumentType.DELIVERY_NOTE: (own.delivery_notes, settings.back_orders_delivery_notes),
    }
    if document not in rules:
        return None
    rule, general = rules[document]
    return general if rule is BackOrders.INHERIT else rule is BackOrders.YES


def roles_of(function: str | None, settings: DossierSettings) -> tuple[DocumentType, ...]:
    """The documents that a contact with this function receives (B36, O10)."""
    return tuple(document for document in DocumentType if function and settings.contact_roles.get(document) == function)
