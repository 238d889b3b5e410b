"""What hangs on cards, third parties, the shop's own tables and flashes, in memory."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from domain.errors import CodeTaken, NotFound, StaleVersion, ThirdPartyInUse
from domain.model.access import User
from domain.model.card import AddressRole, Consent
from domain.model.flash import Flash
from domain.model.reference import CustomField, FieldRecord, ReferenceValue, Table
from domain.model.settings import DossierCard, DossierSettings
from domain.model.third_party import ThirdParty
from domain.model.values import CustomerId, Party, StaffId, ThirdPartyId
from tests.fakes.base import Base, Impossible, Tables
from tests.fakes.held import Held


class Kept(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...


P = TypeVar("P", bound=Kept)


def owner_of(part: object) -> Party:
    """Whose card the part hangs on."""
    owner: Party | None = getattr(part, "owner", None)
    return owner or Party.customer(part.customer_id)  # type: ignore[attr-defined]


class FakeParts(Generic[P]):
    """``Parts`` of one kind and dossier in one unit of work."""

    def __init__(self, base: Base, table: str) -> None:
        self._base = base
        self._table = table
        self._loaded: dict[UUID, int] = {}
        self._new: list[P] = []
        self._changed: list[P] = []
        self._gone: list[P] = []

    async def get(self, part_id: UUID) -> P:
        part = self._in(self._base.tables).get(part_id)
        if part is None:
            raise NotFound(what=self._table)
        return self._known(part)

    async def of(self, owner: Party) -> list[P]:
        found = [part for part in self._in(self._base.tables).values() if owner_of(part) == owner]
        found.sort(key=lambda part: (part.created_at, part.id))  # type: ignore[attr-defined]
        return [self._known(part) for part in found]

    def add(self, part: P) -> None:
        self._new.append(deepcopy(part))

    def save(self, part: P) -> None:
        self._changed.append(deepcopy(part))

    def remove(self, part: P) -> None:
        self._gone.append(deepcopy(part))

    async def settle(self, tables: Tables) -> None:
        there = self._in(tables)
        for part in [*self._changed, *self._gone]:
            if part.id not in there or there[part.id].version != self._loaded[part.id]:
                raise StaleVersion
        for part in self._gone:
            del there[part.id]
            _forget(tables, part.id)
        for part in [*self._changed, *self._new]:
            there[part.id] = part
        for part in there.values():
            for other in there.values():
                if part.id < other.id and owner_of(part) == owner_of(other):
                    _check(part, other)

    def _in(self, tables: Tables) -> dict[UUID, P]:
        there: dict[UUID, P] = getattr(tables, self._table)
        return there

    def _known(self, part: P) -> P:
        self._loaded[part.id] = part.version
        return deepcopy(part)


def _forget(tables: Tables, address_id: UUID) -> None:
    """A contact at an address that is gone is at none."""
    for contact in list(tables.contacts.values()):
        if contact.details.address_id == address_id:
            kept = copy(contact)
            kept.details = replace(contact.details, address_id=None)
            tables.contacts[contact.id] = kept


def _check(part: object, other: object) -> None:
    """The unique keys of the database."""
    code = getattr(part, "code", None)
    if code is not None and code == getattr(other, "code", None):
        raise CodeTaken
    one, its = part.details if hasattr(part, "details") else None, getattr(other, "details", None)
    role = getattr(one, "role", None)
    if role is not None and role is not AddressRole.OTHER and role is getattr(its, "role", None):
        raise CodeTaken
    if getattr(one, "main", False) and getattr(its, "main", False):
        raise Impossible("two main bank accounts")


def take_away(tables: Tables, owner: Party) -> None:
    """What hangs on a card goes with it."""
    for parts in (tables.addresses, tables.contacts, tables.bank_accounts, tables.notes):
        for part_id in [each.id for each in parts.values() if each.owner == owner]:
            del parts[part_id]


class FakeConsents:
    """``Consents`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._new: list[Consent] = []

    async def of(self, customer_id: CustomerId) -> list[Consent]:
        found = [each for each in self._base.tables.consents if each.customer_id == customer_id]
        return sorted(found, key=lambda each: (each.at, each.id))

    def add(self, consent: Consent) -> None:
        self._new.append(consent)

    async def settle(self, tables: Tables) -> None:
        tables.consents.extend(self._new)


class FakeThirdParties:
    """``ThirdParties`` of one dossier in one unit of work."""

    def __init__(self, base: Base, held: Held) -> None:
        self._base = base
        self._held = held
        self._loaded: dict[ThirdPartyId, int] = {}
        self._new: list[ThirdParty] = []
        self._changed: dict[ThirdPartyId, ThirdParty] = {}
        self._gone: list[ThirdParty] = []

    async def get(self, third_party_id: ThirdPartyId) -> ThirdParty:
        found = self._base.tables.third_parties.get(third_party_id)
        if found is None:
            raise NotFound(what="third party")
        self._loaded[found.id] = found.version
        return deepcopy(found)

    async def lock(self, third_party_ids: Sequence[ThirdPartyId]) -> list[ThirdParty]:
        for each in sorted(set(third_party_ids)):
            await self._held.take(("third party", each))
        return [await self.get(each) for each in third_party_ids]

    async def taken(self, code: str) -> bool:
        return any(each.code == code for each in self._base.tables.third_parties.values())

    async def next_counter(self) -> int:
        self._base.third_party_counter += 1
        return self._base.third_party_counter

    def add(self, third_party: ThirdParty) -> None:
        self._new.append(deepcopy(third_party))

    def save(self, third_party: ThirdParty) -> None:
        self._changed[third_party.id] = deepcopy(third_party)

    def remove(self, third_party: ThirdParty) -> None:
        self._gone.append(deepcopy(third_party))

    async def settle(self, tables: Tables) -> None:
        there = tables.third_parties
        for each in [*self._changed.values(), *self._gone]:
            if each.id not in there or there[each.id].version != self._loaded[each.id]:
                raise StaleVersion
        for each in [*self._new, *self._changed.values()]:
            if any(other.code == each.code for other in there.values() if other.id != each.id):
                raise CodeTaken
            there[each.id] = each
        for gone in self._gone:
            reps = {rep.sales_rep for card in tables.customers.values() for rep in card.details.sales_reps}
            lenders = {each.details.use_main_of for each in tables.addresses.values()}
            if gone.id in reps or Party.third_party(gone.id) in lenders:
                raise ThirdPartyInUse
            del there[gone.id]
            take_away(tables, Party.third_party(gone.id))


class FakeReferences:
    """``References`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._loaded: dict[object, int] = {}
        self._values: dict[tuple[Table, str], ReferenceValue] = {}
        self._new: list[ReferenceValue] = []
        self._gone: list[tuple[Table, str]] = []
        self._fields: dict[UUID, CustomField] = {}
        self._gone_fields: list[UUID] = []
        self._dossier: DossierCard | None = None
        self._rewritten: list[tuple[str, str, datetime]] = []

    async def missing(self, wanted: Collection[tuple[Table, str]]) -> set[tuple[Table, str]]:
        return {each for each in wanted if each not in self._base.tables.references}

    async def get(self, table: Table, code: str) -> ReferenceValue:
        found = self._base.tables.references.get((table, code))
        if found is None:
            raise NotFound(what="reference value")
        self._loaded[table, code] = found.version
        return deepcopy(found)

    async def used(self, table: Table, code: str) -> int:
        tables = self._base.tables
        return sum(
            getattr(each.details, column, None) == code
            for column in COLUMNS[table]
            for cards in (tables.customers, tables.third_parties, tables.contacts)
            for each in cards.values()
        )

    async def extent(self, table: Table) -> tuple[int, int]:
        found = [each.position for each in self._base.tables.references.values() if each.table is table]
        return len(found), max(found, default=0)

    def add(self, value: ReferenceValue) -> None:
        self._new.append(deepcopy(value))

    def save(self, value: ReferenceValue) -> None:
        self._values[value.table, value.code] = deepcopy(value)

    def remove(self, value: ReferenceValue) -> None:
        self._gone.append((value.table, value.code))

    def rewrite_functions(self, codes: Mapping[str, str], *, now: datetime) -> None:
        self._rewritten = [(former, new, now) for former, new in codes.items()]

    async def fields(self, record: FieldRecord) -> list[CustomField]:
        found = [each for each in self._base.tables.fields.values() if each.record is record]
        return deepcopy(sorted(found, key=lambda each: (each.questionnaire, each.position, each.code)))

    async def field(self, field_id: UUID) -> CustomField:
        found = self._base.tables.fields.get(field_id)
        if found is None:
            raise NotFound(what="custom field")
        self._loaded[field_id] = found.version
        return deepcopy(found)

    async def answered(self, field: CustomField, choices: Collection[str] | None = None) -> int:
        tables = self._base.tables
        cards = tables.customers if field.record is FieldRecord.CUSTOMER else tables.third_parties
        answers = [each.details.custom_fields.get(field.questionnaire, {}) for each in cards.values()]
        return sum(field.code in each and (choices is None or each[field.code] in choices) for each in answers)

    def add_field(self, field: CustomField) -> None:
        self._fields[field.id] = deepcopy(field)

    def save_field(self, field: CustomField) -> None:
        self._fields[field.id] = deepcopy(field)

    def remove_field(self, field: CustomField) -> None:
        self._gone_fields.append(field.id)

    async def settings(self) -> DossierSettings:
        return (await self.dossier()).settings

    async def dossier(self) -> DossierCard:
        found = self._base.tables.dossier or DossierCard(
            code="essai",
            name="Librairie d'essai",
            address="",
            time_zone="Europe/Paris",
            settings=self._base.settings,
        )
        self._loaded["dossier"] = found.version
        return deepcopy(found)

    def save_dossier(self, card: DossierCard) -> None:
        self._dossier = deepcopy(card)

    async def settle(self, tables: Tables) -> None:
        for contact in list(tables.contacts.values()):
            for former, new, now in self._rewritten:
                if contact.details.function == former:
                    changed = deepcopy(contact)
                    changed.details = replace(contact.details, function=new)
                    changed.updated_at, changed.version = now, contact.version + 1
                    tables.contacts[contact.id] = changed
        for value in self._new:
            if (value.table, value.code) in tables.references:
                raise CodeTaken
            tables.references[value.table, value.code] = value
        for key, value in self._values.items():
            if tables.references[key].version != self._loaded[key]:
                raise StaleVersion
            tables.references[key] = value
        for key in self._gone:
            if tables.references[key].version != self._loaded[key]:
                raise StaleVersion
            del tables.references[key]
        for field in self._fields.values():
            if field.id in tables.fields and tables.fields[field.id].version != self._loaded[field.id]:
                raise StaleVersion
            if any(_name_of(field) == _name_of(each) for each in tables.fields.values() if each.id != field.id):
                raise CodeTaken
            tables.fields[field.id] = field
        for field_id in self._gone_fields:
            del tables.fields[field_id]
        if self._dossier is not None:
            if tables.dossier is not None and tables.dossier.version != self._loaded["dossier"]:
                raise StaleVersion
            tables.dossier = self._dossier


def _name_of(field: CustomField) -> tuple[FieldRecord, str, str]:
    return field.record, field.questionnaire, field.code


COLUMNS = {
    Table.TITLES: ("title",),
    Table.COUNTRIES: (),
    Table.LANGUAGES: ("language",),
    Table.CATEGORIES: ("category",),
    Table.FUNCTIONS: ("function",),
    Table.PAYMENT_MODES: ("payment_mode",),
    Table.PRINT_MODES: ("print_mode",),
    Table.REMINDER_FAMILIES: ("reminder_family",),
    Table.TARIFFS: ("tariff_code",),
    Table.CONFIDENTIALITY: ("confidentiality_code",),
    Table.STAT_1: ("stat_1",),
    Table.STAT_2: ("stat_2",),
    Table.STAT_3: ("stat_3",),
}
"""Where the codes of each table stand on a card; countries stand in addresses, which no test of the fakes asks about."""


class FakeUsers:
    """``Users`` of one dossier in one unit of work."""

    def __init__(self, base: Base, held: Held) -> None:
        self._base = base
        self._held = held
        self._loaded: dict[StaffId, int] = {}
        self._new: list[User] = []
        self._changed: list[User] = []

    async def everyone(self) -> list[User]:
        await self._held.take("users")
        people = [deepcopy(user) for _, user in sorted(self._base.tables.users.items())]
        self._loaded = {user.id: user.version for user in people}
        return people

    def add(self, user: User) -> None:
        self._new.append(deepcopy(user))

    def save(self, user: User) -> None:
        self._changed.append(deepcopy(user))

    def end_sessions(self, user: User) -> None:
        """Nobody logs in here."""

    async def settle(self, tables: Tables) -> None:
        for user in self._changed:
            if tables.users[user.id].version != self._loaded[user.id]:
                raise StaleVersion
        for user in [*self._new, *self._changed]:
            if any(each.login == user.login for each in tables.users.values() if each.id != user.id):
                raise CodeTaken
            tables.users[user.id] = user


class FakeFlashes:
    """``Flashes`` of one dossier in one unit of work."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._put: dict[UUID, Flash] = {}

    async def get(self, flash_id: UUID) -> Flash:
        found = self._base.tables.flashes.get(flash_id)
        if found is None:
            raise NotFound(what="flash")
        return deepcopy(found)

    async def staff(self, staff_ids: Collection[StaffId]) -> set[StaffId]:
        return set(staff_ids) & (self._base.staff | self._base.tables.users.keys())

    def add(self, flash: Flash) -> None:
        self._put[flash.id] = deepcopy(flash)

    def save(self, flash: Flash) -> None:
        self._put[flash.id] = deepcopy(flash)

    async def settle(self, tables: Tables) -> None:
        tables.flashes.update(self._put)
