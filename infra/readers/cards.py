"""What hangs on cards, read."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from asyncpg import Record

from domain.errors import NotFound
from domain.model.card import Address
from domain.model.consents import standing
from domain.model.credit import Credit
from domain.model.customer import Customer
from domain.model.defaults import CardFile, DocumentDefaults, Main, document_defaults
from domain.model.settings import DossierSettings
from domain.model.values import CustomerId, DocumentType, DossierId, Party
from domain.queries.cards import (
    AddressView,
    BankAccountView,
    Clearance,
    Consents,
    ContactView,
    DiscountView,
    NoteView,
    address_view,
    bank_account_view,
    contact_view,
    discount_view,
    note_view,
)
from domain.queries.pages import Page, PageRequest
from infra.db.pools import Pool, ShopConnection
from infra.directory import Directory
from infra.readers.search import Conditions, page_of, selecting
from infra.repositories.cards import (
    address_part,
    bank_account_part,
    consent_of,
    contact_part,
    discount_part,
    note_part,
)
from infra.repositories.customers import CURRENT, address_of, customer_of
from infra.repositories.dossier_settings import settings_of
from infra.repositories.invoices import OWED, owed_of
from infra.repositories.references import SETTINGS

V = TypeVar("V")

SEEN = (
    "SELECT concat_ws(' ', nullif(c.title, ''), nullif(c.first_name, ''), c.name) AS named, c.no_sms, "
    "c.management_ceiling, c.insurance_ceiling FROM customer c WHERE c.dossier_id = $1 AND c.customer_id = $2 "
    "AND ($3::text[] IS NULL OR c.confidentiality_code IS NULL OR c.confidentiality_code = ANY ($3))"
)
"""A customer, when the reader may see him (B30)."""
SEEN_THIRD_PARTY = (
    "SELECT concat_ws(' ', nullif(t.title, ''), nullif(t.first_name, ''), t.name) AS named FROM third_party t "
    "WHERE t.dossier_id = $1 AND t.third_party_id = $2"
)
MAINS = (
    "SELECT 'customer' AS kind, c.customer_id AS id, concat_ws(' ', c.title, c.first_name, c.name) AS named, c.recipient, "
    "c.complement, c.building, c.street, c.locality, c.postal_code, c.town, c.country FROM customer c "
    "WHERE c.dossier_id = $1 AND c.customer_id = ANY ($2::uuid[]) "
    "AND ($4::text[] IS NULL OR c.confidentiality_code IS NULL OR c.confidentiality_code = ANY ($4)) "
    "UNION ALL SELECT 'third_party', t.third_party_id, concat_ws(' ', t.title, t.first_name, t.name), t.recipient, "
    "t.complement, t.building, t.street, t.locality, t.postal_code, t.town, t.country FROM third_party t "
    "WHERE t.dossier_id = $1 AND t.third_party_id = ANY ($3::uuid[])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[V]):
    """One kind of part: its table, its key, and how a row of it is read on a card so called, in a shop so set."""

    table: str
    key: str
    make: Callable[[Record, str, DossierSettings], V]


class SqlPartReader(Generic[V]):
    """``PartReader`` of one kind on the reading pool."""

    def __init__(self, pool: Pool, kept: Kept[V]) -> None:
        self._pool = pool
        self._kept = kept

    async def one(self, dossier: DossierId, owner: Party, part_id: UUID, clearance: Clearance) -> V:
        kept = self._kept
        async with self._pool.of(dossier) as connection:
            card = await _card(connection, dossier, owner, clearance)
            row = await connection.fetchrow(
                f"SELECT * FROM {kept.table} WHERE dossier_id = $1 AND {kept.key} = $2 AND {owner.kind}_id = $3",
                dossier,
                part_id,
                owner.id,
            )
            if row is None:
                raise NotFound(what=kept.table)
            return kept.make(row, card["named"], await _settings(connection, dossier))

    async def of(self, dossier: DossierId, owner: Party, clearance: Clearance, page: PageRequest) -> Page[V]:
        kept = self._kept
        where = Conditions(dossier, "p")
        where.equal(f"{owner.kind}_id", owner.id)
        sorts = {"created_at": "p.created_at"}
        async with self._pool.of(dossier) as connection:
            card = await _card(connection, dossier, owner, clearance)
            settings = await _settings(connection, dossier)
            return await page_of(
                connection,
                select=selecting("p.*", f"{kept.table} p", sorts=sorts, sort=page.sort, key=f"p.{kept.key}"),
                where=where,
                sorts=sorts,
                key=f"p.{kept.key}",
                request=page,
                make=lambda row: kept.make(row, card["named"], settings),
            )


class SqlCardReader:
    """``CardReader`` on the reading pool."""

    def __init__(self, pool: Pool, directory: Directory) -> None:
        self._pool = pool

        def bank_account(row: Record, _named: str, _shop: DossierSettings) -> BankAccountView:
            account = bank_account_part(row)
            bank = directory.bank(account.details.iban)
            return bank_account_view(account, bank_name=bank.name if bank else None)

        self.addresses = SqlPartReader(pool, ADDRESSES)
        self.contacts = SqlPartReader(pool, CONTACTS)
        self.bank_accounts = SqlPartReader(pool, Kept(table="bank_account", key="bank_account_id", make=bank_account))
        self.notes = SqlPartReader(pool, NOTES)
        self.discounts = SqlPartReader(pool, DISCOUNTS)

    async def consents(
        self, dossier: DossierId, customer_id: CustomerId, clearance: Clearance, page: PageRequest
    ) -> Consents:
        where = Conditions(dossier, "e")
        where.equal("customer_id", customer_id)
        sorts = {"at": "e.at"}
        async with self._pool.of(dossier) as connection:
            card = await _card(connection, dossier, Party.customer(customer_id), clearance)
            last = await connection.fetch(
                "SELECT DISTINCT ON (channel, purpose) * FROM consent WHERE dossier_id = $1 AND customer_id = $2 "
                "ORDER BY channel, purpose, at DESC, consent_id DESC",
                dossier,
                customer_id,
            )
            ledger = await page_of(
                connection,
                select=selecting("e.*", "consent e", sorts=sorts, sort=page.sort, key="e.consent_id"),
                where=where,
                sorts=sorts,
                key="e.consent_id",
                request=page,
                make=consent_of,
            )
        return Consents(page=ledger, current=standing(map(consent_of, last), no_sms=card["no_sms"]))

    async def credit(self, dossier: DossierId, customer_id: CustomerId, clearance: Clearance) -> Credit:
        async with self._pool.of(dossier) as connection:
            card = await _card(connection, dossier, Party.customer(customer_id), clearance)
            (row,) = await connection.fetch(OWED, dossier, customer_id, None)
        return Credit(
            management_ceiling=card["management_ceiling"],
            insurance_ceiling=card["insurance_ceiling"],
            owed=owed_of(row),
        )

    async def document_defaults(
        self,
        dossier: DossierId,
        customer_id: CustomerId,
        document: DocumentType,
        clearance: Clearance,
        today: date,
    ) -> DocumentDefaults:
        async with self._pool.of(dossier) as connection:
            named = await _card(connection, dossier, Party.customer(customer_id), clearance)
            row = await connection.fetchrow(
                "SELECT * FROM customer WHERE dossier_id = $1 AND customer_id = $2", dossier, customer_id
            )
            if row is None:
                raise NotFound(what="customer")
            card = await _file(connection, dossier, customer_of(row), named["named"])
            billed: CardFile | None = card
            if card.customer.details.billed_to is not None:
                billed = await _billed(connection, dossier, card.customer.details.billed_to, clearance)
            mains = await _mains(
                connection, dossier, [*card.addresses, *(billed.addresses if billed else ())], clearance
            )
            return document_defaults(
                document,
                card=card,
                billed=billed,
                mains=mains,
                settings=await _settings(connection, dossier),
                today=today,
            )


async def _card(connection: ShopConnection, dossier: DossierId, owner: Party, clearance: Clearance) -> Record:
    """What every reader needs of the card itself. Raises ``NotFound``."""
    if owner.customer_id is None:
        row = await connection.fetchrow(SEEN_THIRD_PARTY, dossier, owner.id)
    else:
        codes = None if clearance is None else sorted(clearance)
        row = await connection.fetchrow(SEEN, dossier, owner.id, codes)
    if row is None:
        raise NotFound(what=owner.kind.value)
    return row


async def _settings(connection: ShopConnection, dossier: DossierId) -> DossierSettings:
    return settings_of(json.loads(await connection.fetchval(SETTINGS, dossier)))


async def _billed(
    connection: ShopConnection, dossier: DossierId, customer_id: CustomerId, clearance: Clearance
) -> CardFile | None:
    """Who is billed, or the card it was merged into; None when it may not be seen."""
    row = await connection.fetchrow(f"{CURRENT} AND c.customer_id = $2", dossier, customer_id)
    if row is None:
        return None
    customer = customer_of(row)
    try:
        named = await _card(connection, dossier, Party.customer(customer.id), clearance)
    except NotFound:
        return None
    return await _file(connection, dossier, customer, named["named"])


async def _file(connection: ShopConnection, dossier: DossierId, customer: Customer, named: str) -> CardFile:
    async def hanging(table: str, key: str) -> list[Record]:
        return await connection.fetch(
            f"SELECT * FROM {table} WHERE dossier_id = $1 AND customer_id = $2 ORDER BY created_at, {key}",
            dossier,
            customer.id,
        )

    return CardFile(
        customer=customer,
        name=named,
        addresses=[address_part(row) for row in await hanging("address", "address_id")],
        contacts=[contact_part(row) for row in await hanging("contact_person", "contact_id")],
        bank_accounts=[bank_account_part(row) for row in await hanging("bank_account", "bank_account_id")],
    )


async def _mains(
    connection: ShopConnection, dossier: DossierId, addresses: Iterable[Address], clearance: Clearance
) -> dict[Party, Main]:
    """The main addresses that ``addresses`` lead to, of the cards that may be seen."""
    parties = {each.details.use_main_of for each in addresses if each.details.use_main_of}
    if not parties:
        return {}
    rows = await connection.fetch(
        MAINS,
        dossier,
        [each.id for each in parties if each.customer_id],
        [each.id for each in parties if each.third_party_id],
        None if clearance is None else sorted(clearance),
    )
    return {
        (Party.customer if row["kind"] == "customer" else Party.third_party)(row["id"]): Main(
            name=row["named"], postal=address_of(row)
        )
        for row in rows
    }


def _address(row: Record, named: str, _shop: DossierSettings) -> AddressView:
    return address_view(address_part(row), named=named)


def _contact(row: Record, _named: str, settings: DossierSettings) -> ContactView:
    return contact_view(contact_part(row), settings)


def _note(row: Record, _named: str, _shop: DossierSettings) -> NoteView:
    return note_view(note_part(row))


def _discount(row: Record, _named: str, _shop: DossierSettings) -> DiscountView:
    return discount_view(discount_part(row))


ADDRESSES = Kept(table="address", key="address_id", make=_address)
CONTACTS = Kept(table="contact_person", key="contact_id", make=_contact)
NOTES = Kept(table="note", key="note_id", make=_note)
DISCOUNTS = Kept(table="discount_rule", key="discount_id", make=_discount)
