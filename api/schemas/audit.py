"""The audit on the wire: who changed what, when, before and after (C13)."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from api.schemas.base import Listing, Open, UtcInstant, open_choice, wire_id
from domain.queries.audit import AuditEntry as Entry
from domain.queries.audit import AuditRecord

RECORDS: Mapping[str, tuple[str, str]] = {
    "customer": ("cus", "customer_id"),
    "third_party": ("tpa", "third_party_id"),
    "address": ("adr", "address_id"),
    "contact_person": ("con", "contact_id"),
    "bank_account": ("rib", "bank_account_id"),
    "note": ("not", "note_id"),
    "consent": ("cst", "consent_id"),
    "discount_rule": ("dis", "discount_id"),
    "custom_field": ("fld", "field_id"),
    "staff": ("usr", "staff_id"),
    "dossier": ("dos", "dossier_id"),
    "customer_merge": ("mrg", "merge_id"),
    "customer_order": ("ord", "order_id"),
    "order_line": ("lin", "line_id"),
    "reservation": ("rsv", "reservation_id"),
    "saved_list": ("lst", "saved_list_id"),
    "supplier_order": ("sup", "supplier_order_id"),
    "supplier_line": ("sln", "supplier_line_id"),
    "tariff_rule": ("trf", "tariff_rule_id"),
    "flash": ("fls", "flash_id"),
    "message": ("msg", "message_id"),
    "purchase": ("pur", "purchase_id"),
    "audit_entry": ("aud", "entry_id"),
}
"""Of each kind of record the prefix of its ids and the column that holds them; values of tables are named by table and code."""
LINKS: Mapping[str, str] = {
    **{column: prefix for prefix, column in RECORDS.values()},
    "billed_to_id": "cus",
    "group_id": "cus",
    "statistics_party_id": "cus",
    "payment_party_id": "cus",
    "merged_into": "cus",
    "kept_id": "cus",
    "absorbed_id": "cus",
    "use_main_of_customer_id": "cus",
    "use_main_of_third_party_id": "tpa",
    "sales_rep_1_id": "tpa",
    "sales_rep_2_id": "tpa",
    "sales_rep_3_id": "tpa",
    "sales_rep_id": "tpa",
    "supplier_id": "tpa",
    "delivery_address_id": "adr",
    "sales_admin_id": "usr",
    "channel_id": "chn",
}
"""Columns that hold the id of a record, with its prefix."""


class Operation(StrEnum):
    """What was done to the record."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


def wire_record(record: str, key: str) -> str:
    """The id of a record as the wire names it; a code of a table stays as it is."""
    prefix = RECORDS.get(record)
    return wire_id(prefix[0], UUID(key)) if prefix else key


def plain_record(wire: str) -> str:
    """The id of a record as the audit keeps it, from its id on the wire."""
    prefix, _, digits = wire.partition("_")
    known = prefix in {each for each, _ in RECORDS.values()} and len(digits) == len(UUID(int=0).hex)
    try:
        return str(UUID(hex=digits)) if known else wire
    except ValueError:
        return wire


class AuditChange(Open):
    """A field that changed. Values are text; lists and objects are JSON as text; null is no value."""

    field: str = Field(examples=["phone"])
    before: str | None = Field(examples=["0240000000"])
    after: str | None = Field(examples=["0240000009"])


class AuditEntry(Open):
    """One change of one record: who, when, what it was and what it became."""

    id: str = Field(examples=["aud_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    at: UtcInstant
    by: str = Field(description="The client, for ever.", examples=["staff:019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    by_name: str = Field(description="Its person, the label of its key, or `system`.", examples=["Camille"])
    record: open_choice(AuditRecord)  # type: ignore[valid-type]
    record_id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    operation: open_choice(Operation)  # type: ignore[valid-type]
    customer_id: str | None = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    third_party_id: str | None = Field(examples=[None])
    changes: list[AuditChange]

    @classmethod
    def of(cls, entry: Entry) -> "AuditEntry":
        before, after = entry.before or {}, entry.after or {}
        own = RECORDS.get(entry.record, ("", ""))[1]
        return cls(
            id=wire_id("aud", entry.id),
            at=entry.at,
            by=entry.by,
            by_name=entry.by_name,
            record=entry.record,
            record_id=wire_record(entry.record, entry.record_id),
            operation=entry.operation,
            customer_id=wire_id("cus", entry.customer_id) if entry.customer_id else None,
            third_party_id=wire_id("tpa", entry.third_party_id) if entry.third_party_id else None,
            changes=[
                AuditChange(field=name, before=_text(name, before.get(name)), after=_text(name, after.get(name)))
                for name in sorted({*before, *after} - {own})
            ],
        )


def _text(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if name in LINKS and isinstance(value, str):
        return wire_id(LINKS[name], UUID(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


class AuditPage(Listing[AuditEntry]):
    """One page of the audit, newest first."""
