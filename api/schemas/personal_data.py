"""The archive of a person's data on the wire."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from api.schemas.base import Open, UtcInstant, utc_text, wire_id
from domain.queries.personal_data import PersonalData as Archive
from domain.queries.personal_data import Record, Value

PREFIXES: Mapping[str, str] = {
    "customer_id": "cus",
    "billed_to_id": "cus",
    "group_id": "cus",
    "statistics_party_id": "cus",
    "payment_party_id": "cus",
    "merged_into": "cus",
    "kept_id": "cus",
    "absorbed_id": "cus",
    "use_main_of_customer_id": "cus",
    "third_party_id": "tpa",
    "use_main_of_third_party_id": "tpa",
    "sales_rep_1_id": "tpa",
    "sales_rep_2_id": "tpa",
    "sales_rep_3_id": "tpa",
    "sales_admin_id": "usr",
    "staff_id": "usr",
    "address_id": "adr",
    "contact_id": "con",
    "bank_account_id": "rib",
    "note_id": "not",
    "consent_id": "cst",
    "discount_id": "dis",
    "merge_id": "mrg",
    "flash_id": "fls",
    "entry_id": "aud",
    "order_id": "ord",
    "line_id": "lin",
    "payment_id": "pay",
    "deposit_entry_id": "dep",
    "line_answer_id": "ans",
    "delivery_note_id": "dln",
    "delivery_address_id": "adr",
    "sales_rep_id": "tpa",
    "reservation_id": "rsv",
    "message_id": "msg",
    "purchase_id": "pur",
    "undoes_id": "pur",
    "loyalty_entry_id": "loy",
    "named_deposit_entry_id": "nde",
    "invoice_id": "inv",
    "invoice_reminder_id": "rem",
    "run_id": "run",
}
"""Ids as the rest of the contract writes them; others stay plain UUIDs."""

Said = dict[str, Any]
"""A record as it is kept, field by field: ids in their wire form, amounts and dates as text."""


def _said(name: str, value: Value) -> Any:
    match value:
        case UUID():
            return wire_id(PREFIXES[name], value) if name in PREFIXES else str(value)
        case Decimal():
            return f"{value:f}"
        case datetime():
            return utc_text(value)
        case date():
            return value.isoformat()
        case _:
            return value


def _record(record: Record) -> Said:
    return {name: _said(name, value) for name, value in record.items()}


def _records(records: Sequence[Record]) -> list[Said]:
    return [_record(record) for record in records]


class PersonalData(Open):
    """All that the shop has about a person (RGPD, articles 15 and 20): his card and every record that hangs on it.

    Records are given as they are kept, oldest first; a later version may add fields and sections. What other customers'
    cards, free-name orders and the shop's own books say is not in it.
    """

    customer_id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    code: str = Field(examples=["C0000042"])
    made_at: UtcInstant
    card: Said
    absorbed_cards: list[Said] = Field(description="Cards merged into this one.")
    third_parties: list[Said] = Field(description="The prospect that became this customer.")
    addresses: list[Said]
    contacts: list[Said]
    bank_accounts: list[Said]
    notes: list[Said]
    consents: list[Said]
    discounts: list[Said]
    orders: list[Said]
    order_lines: list[Said]
    payments: list[Said]
    deposits: list[Said] = Field(description="The ledger of deposits (acomptes).")
    line_answers: list[Said] = Field(description="What was ever said of the lines of orders.")
    delivery_notes: list[Said]
    delivery_note_lines: list[Said]
    reservations: list[Said]
    messages: list[Said] = Field(description="What the shop wrote to him, or told him by telephone.")
    purchases: list[Said]
    loyalty: list[Said]
    named_deposits: list[Said]
    invoices: list[Said]
    invoice_reminders: list[Said]
    flashes: list[Said] = Field(description="What colleagues were told of the card.")
    merges: list[Said]
    merged_rows: list[Said] = Field(description="What each merge changed, before and after.")
    audit: list[Said] = Field(description="Who changed what, before and after.")

    @classmethod
    def of(cls, archive: Archive, *, made_at: datetime) -> "PersonalData":
        return cls(
            customer_id=wire_id("cus", archive.customer_id),
            code=archive.code,
            made_at=made_at,
            card=_record(archive.card),
            **{name: _records(records) for name, records in archive.sections.items()},
        )
