"""The shop's own tables, fields and settings in PostgreSQL."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from domain.errors import NotFound
from domain.model.access import Dossier
from domain.model.reference import CustomField, FieldKind, FieldRecord, ReferenceValue, Table
from domain.model.settings import DossierCard, DossierSettings
from infra.db import flush
from infra.db.flush import Part, Row
from infra.db.pools import ShopConnection
from infra.repositories.dossier_settings import settings_json, settings_of
from infra.repositories.pending import Begin, Fields, Pending

NEW_VALUE = flush.insert("reference_value")
CHANGED_VALUE = flush.update("reference_value", versioned=True)
GONE_VALUE = flush.delete("reference_value", versioned=True)
NEW_FIELD = flush.insert("custom_field")
CHANGED_FIELD = flush.update("custom_field", versioned=True)
GONE_FIELD = flush.delete("custom_field", versioned=True)

CHANGED_DOSSIER = Part(
    # neither the counters, which cards take from meanwhile, nor the secret
    "changed_dossier",
    "UPDATE dossier t SET name = r.name, address = r.address, settings = r.settings, version = r.version "
    "FROM json_to_recordset({rows}::json) "
    "AS r(dossier_id uuid, name text, address text, settings jsonb, version integer, loaded_version integer) "
    "WHERE t.dossier_id = r.dossier_id AND t.version = r.loaded_version RETURNING 1",
    guarded=True,
)

# who puts a code on a card keeps it there until the commit; who deletes it waits for him, and then counts the card
FOUND = (
    "SELECT v.table_name, v.code FROM reference_value v JOIN unnest($2::text[], $3::text[]) AS w(table_name, code) "
    "USING (table_name, code) WHERE v.dossier_id = $1 ORDER BY v.table_name, v.code FOR KEY SHARE OF v"
)
LOAD = "SELECT * FROM reference_value WHERE dossier_id = $1 AND table_name = $2 AND code = $3 FOR UPDATE"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('table ' || $1::text, 0))"
EXTENT = (
    "SELECT count(*), coalesce(max(position), 0) AS last FROM reference_value WHERE dossier_id = $1 AND table_name = $2"
)
REWRITTEN_FUNCTIONS = Part(
    "rewritten_functions",
    "UPDATE contact_person p SET function = r.new, version = p.version + 1, updated_at = r.at "
    "FROM json_to_recordset({rows}::json) AS r(dossier_id uuid, former text, new text, at timestamptz) "
    "WHERE p.dossier_id = r.dossier_id AND p.function = r.former",
    guarded=False,
)
FIELDS = (
    "SELECT * FROM custom_field WHERE dossier_id = $1 AND record = $2 ORDER BY questionnaire, position, code FOR SHARE"
)
FIELD = "SELECT * FROM custom_field WHERE dossier_id = $1 AND field_id = $2 FOR UPDATE"
ANSWERED = (
    "SELECT count(*) FROM {table} WHERE dossier_id = $1 AND custom_fields -> $2 ? $3 "
    "AND ($4::text[] IS NULL OR custom_fields -> $2 ->> $3 = ANY ($4::text[]))"
)
SETTINGS = "SELECT settings FROM dossier WHERE dossier_id = $1"
DOSSIER = "SELECT code, name, address, time_zone, settings, version FROM dossier WHERE dossier_id = $1"

USERS: Mapping[Table, tuple[tuple[str, str], ...]] = {
    Table.TITLES: (("customer", "title"), ("third_party", "title"), ("contact_person", "title")),
    Table.COUNTRIES: (("customer", "country"), ("third_party", "country"), ("address", "country")),
    Table.LANGUAGES: (("customer", "language"), ("third_party", "language")),
    Table.CATEGORIES: (("customer", "category"),),
    Table.FUNCTIONS: (("contact_person", "function"),),
    Table.PAYMENT_MODES: (("customer", "payment_mode"),),
    Table.PRINT_MODES: (("customer", "print_mode"),),
    Table.REMINDER_FAMILIES: (("customer", "reminder_family"),),
    Table.TARIFFS: (("customer", "tariff_code"), ("tariff_rule", "tariff")),
    Table.CONFIDENTIALITY: (("customer", "confidentiality_code"),),
    Table.STAT_1: (("customer", "stat_1"),),
    Table.STAT_2: (("customer", "stat_2"),),
    Table.STAT_3: (("customer", "stat_3"),),
}
"""Where the codes of each table stand."""


class SqlReferences:
    """``References`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._begin = begin
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[object, int] = {}

    async def missing(self, wanted: Collection[tuple[Table, str]]) -> set[tuple[Table, str]]:
        if not wanted:
            return set()
        await self._begin()
        tables, codes = zip(*wanted, strict=True)
        rows = await self._connection.fetch(FOUND, self._dossier.id, list(tables), list(codes))
        return set(wanted) - {(Table(row["table_name"]), row["code"]) for row in rows}

    async def get(self, table: Table, code: str) -> ReferenceValue:
        await self._begin()
        row = await self._connection.fetchrow(LOAD, self._dossier.id, table, code)
        if row is None:
            raise NotFound(what="reference value")
        value = value_of(row)
        self._loaded[table, code] = value.version
        return value

    async def extent(self, table: Table) -> tuple[int, int]:
        await self._begin()
        await self._connection.execute(ONE_AT_A_TIME, f"{self._dossier.id} {table}")
        row = await self._connection.fetchrow(EXTENT, self._dossier.id, table)
        return (row["count"], row["last"]) if row else (0, 0)

    async def used(self, table: Table, code: str) -> int:
        counts = " + ".join(
            f"(SELECT count(*) FROM {name} WHERE dossier_id = $1 AND {column} = $2)" for name, column in USERS[table]
        )
        found: int = await self._connection.fetchval(f"SELECT {counts}", self._dossier.id, code)
        return found

    def add(self, value: ReferenceValue) -> None:
        self._pending.add(NEW_VALUE, value_row(self._dossier.id, value))

    def save(self, value: ReferenceValue) -> None:
        loaded = self._loaded.pop((value.table, value.code))
        self._pending.add(CHANGED_VALUE, {**value_row(self._dossier.id, value), "loaded_version": loaded})

    def remove(self, value: ReferenceValue) -> None:
        loaded = self._loaded.pop((value.table, value.code))
        self._pending.add(GONE_VALUE, {**value_row(self._dossier.id, value), "loaded_version": loaded})

    def rewrite_functions(self, codes: Mapping[str, str], *, now: datetime) -> None:
        rows: list[Row] = [
            {"dossier_id": self._dossier.id, "former": former, "new": new, "at": now} for former, new in codes.items()
        ]
        self._pending.add(REWRITTEN_FUNCTIONS, *rows)

    async def fields(self, record: FieldRecord) -> list[CustomField]:
        await self._begin()
        rows = await self._connection.fetch(FIELDS, self._dossier.id, record)
        return [field_of(row) for row in rows]

    async def field(self, field_id: UUID) -> CustomField:
        await self._begin()
        row = await self._connection.fetchrow(FIELD, self._dossier.id, field_id)
        if row is None:
            raise NotFound(what="custom field")
        field = field_of(row)
        self._loaded[field.id] = field.version
        return field

    async def answered(self, field: CustomField, choices: Collection[str] | None = None) -> int:
        found: int = await self._connection.fetchval(
            ANSWERED.format(table=field.record.value),
            self._dossier.id,
            field.questionnaire,
            field.code,
            None if choices is None else list(choices),
        )
        return found

    def add_field(self, field: CustomField) -> None:
        self._pending.add(NEW_FIELD, field_row(self._dossier.id, field))

    def save_field(self, field: CustomField) -> None:
        loaded = self._loaded.pop(field.id)
        self._pending.add(CHANGED_FIELD, {**field_row(self._dossier.id, field), "loaded_version": loaded})

    def remove_field(self, field: CustomField) -> None:
        loaded = self._loaded.pop(field.id)
        self._pending.add(GONE_FIELD, {**field_row(self._dossier.id, field), "loaded_version": loaded})

    async def settings(self) -> DossierSettings:
        return settings_of(json.loads(await self._connection.fetchval(SETTINGS, self._dossier.id)))

    async def dossier(self) -> DossierCard:
        row = await self._connection.fetchrow(DOSSIER, self._dossier.id)
        if row is None:
            raise NotFound(what="dossier")
        card = dossier_of(row)
        self._loaded["dossier"] = card.version
        return card

    def save_dossier(self, card: DossierCard) -> None:
        self._pending.add(
            CHANGED_DOSSIER,
            {
                "dossier_id": self._dossier.id,
                "name": card.name,
                "address": card.address,
                "settings": settings_json(card.settings),
                "version": card.version,
                "loaded_version": self._loaded.pop("dossier"),
            },
        )


def dossier_of(row: Fields) -> DossierCard:
    return DossierCard(
        code=row["code"],
        name=row["name"],
        address=row["address"],
        time_zone=row["time_zone"],
        settings=settings_of(json.loads(row["settings"])),
        version=row["version"],
    )


def value_row(dossier_id: UUID, value: ReferenceValue) -> Row:
    return {
        "dossier_id": dossier_id,
        "table_name": value.table,
        "code": value.code,
        "label": value.label,
        "label_en": value.label_en,
        "position": value.position,
        "active": value.active,
        "updated_at": value.updated_at,
        "version": value.version,
    }


def value_of(row: Fields) -> ReferenceValue:
    return ReferenceValue(
        table=Table(row["table_name"]),
        code=row["code"],
        label=row["label"],
        label_en=row["label_en"],
        position=row["position"],
        active=row["active"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


def field_row(dossier_id: UUID, field: CustomField) -> Row:
    return {
        "dossier_id": dossier_id,
        "field_id": field.id,
        "record": field.record,
        "questionnaire": field.questionnaire,
        "code": field.code,
        "label": field.label,
        "kind": field.kind,
        "choices": field.choices,
        "position": field.position,
        "updated_at": field.updated_at,
        "version": field.version,
    }


def field_of(row: Fields) -> CustomField:
    return CustomField(
        id=row["field_id"],
        record=FieldRecord(row["record"]),
        questionnaire=row["questionnaire"],
        code=row["code"],
        label=row["label"],
        kind=FieldKind(row["kind"]),
        choices=tuple(row["choices"]),
        position=row["position"],
        updated_at=row["updated_at"],
        version=row["version"],
    )
