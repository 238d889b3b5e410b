"""What hangs on cards, in PostgreSQL: one repository for every kind, with a pair of mappers for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from domain.errors import NotFound
from domain.model.access import Dossier
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
from domain.model.values import (
    AddressId,
    BankAccountId,
    ContactId,
    CustomerId,
    DiscountId,
    DocumentType,
    NoteId,
    Party,
    party,
)
from infra.db import flush
from infra.db.flush import Part, Row
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.customers import address_columns, address_of, phone_key
from infra.repositories.pending import Fields, Pending


class Kept(Protocol):
    """What every part of a card has."""

    @property
    def id(self) -> UUID: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def updated_at(self) -> datetime: ...
    @property
    def version(self) -> int: ...


P = TypeVar("P", bound=Kept)
D = TypeVar("D", ContactDetails, BankDetails, DiscountDetails)
"""Details that are one column a field."""


@dataclass(frozen=True, slots=True)
class Mapping(Generic[P]):
    """One kind of part: its table, its key, and its two mappers."""

    table: str
    key: str
    to_row: Callable[[P], Row]
    to_part: Callable[[Fields], P]
    new: Part
    changed: Part
    gone: Part


def mapping(table: str, key: str, to_row: Callable[[P], Row], to_part: Callable[[Fields], P]) -> Mapping[P]:
    return Mapping(
        table=table,
        key=key,
        to_row=to_row,
        to_part=to_part,
        new=flush.insert(table),
        changed=flush.update(table, versioned=True),
        gone=flush.delete(table, versioned=True),
    )


class SqlParts(Generic[P]):
    """``Parts`` of one kind and dossier on one connection."""

    def __init__(self, mapping: Mapping[P], dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._mapping = mapping
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[UUID, int] = {}

    async def get(self, part_id: UUID) -> P:
        row = await self._connection.fetchrow(
            f"SELECT * FROM {self._mapping.table} WHERE dossier_id = $1 AND {self._mapping.key} = $2",
            self._dossier.id,
            part_id,
        )
        if row is None:
            raise NotFound(what=self._mapping.table)
        return self._known(row)

    async def of(self, owner: Party) -> list[P]:
        rows = await self._connection.fetch(
            f"SELECT * FROM {self._mapping.table} WHERE dossier_id = $1 AND {owner.kind}_id = $2 "
            f"ORDER BY created_at, {self._mapping.key}",
            self._dossier.id,
            owner.id,
        )
        return [self._known(row) for row in rows]

    def add(self, part: P) -> None:
        self._pending.add(self._mapping.new, self._row(part))

    def save(self, part: P) -> None:
        self._pending.add(self._mapping.changed, {**self._row(part), "loaded_version": self._loaded.pop(part.id)})

    def remove(self, part: P) -> None:
        key = {"dossier_id": self._dossier.id, self._mapping.key: part.id}
        self._pending.add(self._mapping.gone, {**key, "loaded_version": self._loaded.pop(part.id)})

    def _row(self, part: P) -> Row:
        return {
            "dossier_id": self._dossier.id,
            self._mapping.key: part.id,
            "created_at": part.created_at,
            "updated_at": part.updated_at,
            "version": part.version,
            **self._mapping.to_row(part),
        }

    def _known(self, row: Fields) -> P:
        part = self._mapping.to_part(row)
        self._loaded[part.id] = part.version
        return part


class SqlConsents:
    """``Consents`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending

    async def of(self, customer_id: CustomerId) -> list[Consent]:
        rows = await self._connection.fetch(
            "SELECT * FROM consent WHERE dossier_id = $1 AND customer_id = $2 ORDER BY at, consent_id",
            self._dossier.id,
            customer_id,
        )
        return [consent_of(row) for row in rows]

    def add(self, consent: Consent) -> None:
        self._pending.add(parts.NEW_CONSENT, consent_row(self._dossier.id, consent))


def consent_row(dossier_id: UUID, consent: Consent) -> Row:
    return {
        "dossier_id": dossier_id,
        "consent_id": consent.id,
        "customer_id": consent.customer_id,
        "channel": consent.channel,
        "purpose": consent.purpose,
        "granted": consent.granted,
        "source": consent.source,
        "at": consent.at,
        "by": consent.by,
    }


def consent_of(row: Fields) -> Consent:
    return Consent(
        id=row["consent_id"],
        customer_id=CustomerId(row["customer_id"]),
        channel=Channel(row["channel"]),
        purpose=Purpose(row["purpose"]),
        granted=row["granted"],
        source=row["source"],
        at=row["at"],
        by=row["by"],
    )


def _columns(details: D) -> Row:
    """Details whose columns bear the names of their fields."""
    return {each.name: getattr(details, each.name) for each in fields(details)}


def _details(kind: type[D], row: Fields, **read: object) -> D:
    """The way back; ``read`` are fields that are more than their column."""
    return kind(**{each.name: row[each.name] for each in fields(kind)} | read)


def _stamps(row: Fields) -> dict[str, Any]:
    return {"created_at": row["created_at"], "updated_at": row["updated_at"], "version": row["version"]}


def _owner_columns(owner: Party) -> Row:
    return {"customer_id": owner.customer_id, "third_party_id": owner.third_party_id}


def _owner_of(row: Fields) -> Party:
    owner = party(row["customer_id"], row["third_party_id"])
    if owner is None:
        raise LookupError("the database checks that every part has an owner")
    return owner


def _documents(names: Sequence[str]) -> frozenset[DocumentType]:
    return frozenset(DocumentType(name) for name in names)


def _address_row(address: Address) -> Row:
    card = address.details
    return {
        **_owner_columns(address.owner),
        "code": address.code,
        "role": card.role,
        **address_columns(card.postal),
        "siret": card.siret,
        "phone": card.phone,
        "email": card.email,
        "allowed_for": sorted(card.allowed_for),
        "default_for": sorted(card.default_for),
        "use_main_of_customer_id": card.use_main_of.customer_id if card.use_main_of else None,
        "use_main_of_third_party_id": card.use_main_of.third_party_id if card.use_main_of else None,
    }


def address_part(row: Fields) -> Address:
    return Address(
        id=AddressId(row["address_id"]),
        owner=_owner_of(row),
        code=row["code"],
        details=AddressDetails(
            role=AddressRole(row["role"]),
            postal=address_of(row),
            siret=row["siret"],
            phone=row["phone"],
            email=row["email"],
            allowed_for=_documents(row["allowed_for"]),
            default_for=_documents(row["default_for"]),
            use_main_of=party(row["use_main_of_customer_id"], row["use_main_of_third_party_id"]),
        ),
        **_stamps(row),
    )


def _contact_row(contact: ContactPerson) -> Row:
    card = contact.details
    return {
        **_owner_columns(contact.owner),
        "code": contact.code,
        **_columns(card),
        "phone_key": phone_key(card.phone),
        "mobile_key": phone_key(card.mobile),
        "email_key": card.email.casefold() if card.email else None,
    }


def contact_part(row: Fields) -> ContactPerson:
    return ContactPerson(
        id=ContactId(row["contact_id"]),
        owner=_owner_of(row),
        code=row["code"],
        details=_details(ContactDetails, row),
        **_stamps(row),
    )


def _bank_account_row(account: BankAccount) -> Row:
    return {**_owner_columns(account.owner), "code": account.code, **_columns(account.details)}


def bank_account_part(row: Fields) -> BankAccount:
    return BankAccount(
        id=BankAccountId(row["bank_account_id"]),
        owner=_owner_of(row),
        code=row["code"],
        details=_details(BankDetails, row),
        **_stamps(row),
    )


def _note_row(note: Note) -> Row:
    return {**_owner_columns(note.owner), "text": note.text, "by": note.by}


def note_part(row: Fields) -> Note:
    return Note(
        id=NoteId(row["note_id"]),
        owner=_owner_of(row),
        text=row["text"],
        by=row["by"],
        **_stamps(row),
    )


def _discount_row(rule: DiscountRule) -> Row:
    return {"customer_id": rule.customer_id, **_columns(rule.details)}


def discount_part(row: Fields) -> DiscountRule:
    return DiscountRule(
        id=DiscountId(row["discount_id"]),
        customer_id=CustomerId(row["customer_id"]),
        details=_details(DiscountDetails, row, scope=DiscountScope(row["scope"])),
        **_stamps(row),
    )


ADDRESSES = mapping("address", "address_id", _address_row, address_part)
CONTACTS = mapping("contact_person", "contact_id", _contact_row, contact_part)
BANK_ACCOUNTS = mapping("bank_account", "bank_account_id", _bank_account_row, bank_account_part)
NOTES = mapping("note", "note_id", _note_row, note_part)
DISCOUNTS = mapping("discount_rule", "discount_id", _discount_row, discount_part)
