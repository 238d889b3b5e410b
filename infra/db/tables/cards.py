"""What hangs on a card: addresses, contacts, bank accounts, notes, consents, discounts; merges and the audit."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlmodel import Field

from infra.db.tables.base import FOLDED, INSTANT, PERCENT, Row
from infra.db.tables.customers import Postal

CUSTOMER = ["customer.dossier_id", "customer.customer_id"]
THIRD_PARTY = ["third_party.dossier_id", "third_party.third_party_id"]


def of_customer(*, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
    """What hangs on a card goes with it; a card that documents name cannot go (A54)."""
    return ForeignKeyConstraint(["dossier_id", "customer_id"], CUSTOMER, ondelete=ondelete)


def of_third_party(*, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["dossier_id", "third_party_id"], THIRD_PARTY, ondelete=ondelete)


def one_owner() -> CheckConstraint:
    """A part of a card belongs to one customer or to one third party."""
    return CheckConstraint("num_nonnulls(customer_id, third_party_id) = 1", name="one_owner")


def one_main_of(owner: str) -> ExcludeConstraint:
    """At most one main account of a card, judged when a statement is through: it may hand the flag from one to another."""
    return ExcludeConstraint(
        ("dossier_id", "="),
        (f"{owner}_id", "="),
        where=text("main"),
        using="btree",
        deferrable=True,
        initially="IMMEDIATE",
        name=f"ex_bank_account_{owner}_main",
    )


class Part(Row):
    """What hangs on the card of a customer or of a third party."""

    customer_id: UUID | None = Field(sa_type=Uuid, default=None)
    third_party_id: UUID | None = Field(sa_type=Uuid, default=None)
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class AddressRow(Postal, Part, table=True):
    """Addresses beside the main one, which is on the card (B39). ``use_main_of_…``: another party's main address (B41)."""

    __tablename__: ClassVar[str] = "address"
    __table_args__ = (
        UniqueConstraint("dossier_id", "customer_id", "code", name="uq_address_customer_code"),
        UniqueConstraint("dossier_id", "third_party_id", "code", name="uq_address_third_party_code"),
        of_customer(),
        of_third_party(),
        ForeignKeyConstraint(
            ["dossier_id", "use_main_of_customer_id"], CUSTOMER, name="fk_address_use_main_of_customer"
        ),
        ForeignKeyConstraint(
            ["dossier_id", "use_main_of_third_party_id"], THIRD_PARTY, name="fk_address_use_main_of_third_party"
        ),
        one_owner(),
        CheckConstraint("role IN ('delivery', 'billing', 'other')", name="role"),
        CheckConstraint("default_for <@ allowed_for", name="default_is_allowed"),
        CheckConstraint("num_nonnulls(use_main_of_customer_id, use_main_of_third_party_id) <= 1", name="one_main"),
        # one address of delivery and one of billing on a card (A57)
        Index(
            "uq_address_customer_role",
            "dossier_id",
            "customer_id",
            "role",
            unique=True,
            postgresql_where=text("role <> 'other'"),
        ),
        Index(
            "uq_address_third_party_role",
            "dossier_id",
            "third_party_id",
            "role",
            unique=True,
            postgresql_where=text("role <> 'other'"),
        ),
    )

    address_id: UUID = Field(sa_type=Uuid, primary_key=True)
    code: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    siret: str | None = Field(sa_type=FOLDED, default=None)
    phone: str | None = Field(sa_type=Text, default=None)
    email: str | None = Field(sa_type=Text, default=None)
    allowed_for: list[str] = Field(sa_type=ARRAY(Text))
    default_for: list[str] = Field(sa_type=ARRAY(Text))
    use_main_of_customer_id: UUID | None = Field(sa_type=Uuid, default=None)
    use_main_of_third_party_id: UUID | None = Field(sa_type=Uuid, default=None)


class ContactPersonRow(Part, table=True):
    """Natural persons to turn to (B34); their roles follow from the function code (B36)."""

    __tablename__: ClassVar[str] = "contact_person"
    __table_args__ = (
        UniqueConstraint("dossier_id", "customer_id", "code", name="uq_contact_person_customer_code"),
        UniqueConstraint("dossier_id", "third_party_id", "code", name="uq_contact_person_third_party_code"),
        of_customer(),
        of_third_party(),
        ForeignKeyConstraint(
            ["dossier_id", "address_id"], ["address.dossier_id", "address.address_id"], ondelete="SET NULL (address_id)"
        ),
        one_owner(),
        Index("ix_contact_person_by_email", "dossier_id", "email_key"),
        Index("ix_contact_person_by_phone", "dossier_id", "phone_key"),
        Index("ix_contact_person_by_mobile", "dossier_id", "mobile_key"),
    )

    contact_id: UUID = Field(sa_type=Uuid, primary_key=True)
    code: str = Field(sa_type=Text)
    title: str | None = Field(sa_type=Text, default=None)
    name: str = Field(sa_type=Text)
    first_name: str | None = Field(sa_type=Text, default=None)
    function: str | None = Field(sa_type=Text, default=None)
    phone: str | None = Field(sa_type=Text, default=None)
    phone_key: str | None = Field(sa_type=FOLDED, default=None)
    mobile: str | None = Field(sa_type=Text, default=None)
    mobile_key: str | None = Field(sa_type=FOLDED, default=None)
    email: str | None = Field(sa_type=Text, default=None)
    email_key: str | None = Field(sa_type=FOLDED, default=None)
    fax: str | None = Field(sa_type=Text, default=None)
    address_id: UUID | None = Field(sa_type=Uuid, default=None)
    comment: str | None = Field(sa_type=Text, default=None)


class BankAccountRow(Part, table=True):
    """Bank accounts (RIB); at most one main one that is open (B33, B43)."""

    __tablename__: ClassVar[str] = "bank_account"
    __table_args__ = (
        UniqueConstraint("dossier_id", "customer_id", "code", name="uq_bank_account_customer_code"),
        UniqueConstraint("dossier_id", "third_party_id", "code", name="uq_bank_account_third_party_code"),
        of_customer(),
        of_third_party(),
        one_owner(),
        one_main_of("customer"),
        one_main_of("third_party"),
    )

    bank_account_id: UUID = Field(sa_type=Uuid, primary_key=True)
    code: str = Field(sa_type=Text)
    iban: str = Field(sa_type=Text)
    bic: str | None = Field(sa_type=Text, default=None)
    domiciliation: str | None = Field(sa_type=Text, default=None)
    main: bool
    closed_on: date | None = None


class NoteRow(Part, table=True):
    """Notes on a card (B64)."""

    __tablename__: ClassVar[str] = "note"
    __table_args__ = (
        of_customer(),
        of_third_party(),
        one_owner(),
        Index("ix_note_by_customer", "dossier_id", "customer_id", "created_at"),
        Index("ix_note_by_third_party", "dossier_id", "third_party_id", "created_at"),
    )

    note_id: UUID = Field(sa_type=Uuid, primary_key=True)
    text: str = Field(sa_type=Text)
    by: str = Field(sa_type=Text)


class ConsentRow(Row, table=True):
    """What a customer allowed or refused, and when: append-only, the last one of a channel and purpose holds (A58, A59)."""

    __tablename__: ClassVar[str] = "consent"
    __table_args__ = (
        of_customer(),
        Index("ix_consent_by_customer", "dossier_id", "customer_id", "channel", "purpose", "at", "consent_id"),
    )

    consent_id: UUID = Field(sa_type=Uuid, primary_key=True)
    customer_id: UUID = Field(sa_type=Uuid)
    channel: str = Field(sa_type=Text)
    purpose: str = Field(sa_type=Text)
    granted: bool
    source: str | None = Field(sa_type=Text, default=None)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)


class DiscountRuleRow(Row, table=True):
    """Permanent discounts (A63, A64)."""

    __tablename__: ClassVar[str] = "discount_rule"
    __table_args__ = (
        of_customer(),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent"),
        CheckConstraint("scope IN ('all', 'vat_rate', 'category', 'school_books')", name="scope"),
        Index("ix_discount_rule_by_customer", "dossier_id", "customer_id", "created_at"),
    )

    discount_id: UUID = Field(sa_type=Uuid, primary_key=True)
    customer_id: UUID = Field(sa_type=Uuid)
    scope: str = Field(sa_type=Text)
    vat_rate: Decimal | None = Field(sa_type=PERCENT, default=None)
    category: str | None = Field(sa_type=Text, default=None)
    percent: Decimal = Field(sa_type=PERCENT)
    starts_on: date | None = None
    ends_on: date | None = None
    basis: str | None = Field(sa_type=Text, default=None)
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class CustomerMergeRow(Row, table=True):
    """One card merged into another (C9)."""

    __tablename__: ClassVar[str] = "customer_merge"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "kept_id"], CUSTOMER, name="fk_customer_merge_kept"),
        ForeignKeyConstraint(["dossier_id", "absorbed_id"], CUSTOMER, name="fk_customer_merge_absorbed"),
        Index("ix_customer_merge_by_date", "dossier_id", "at", "merge_id"),
        Index("ix_customer_merge_by_kept", "dossier_id", "kept_id"),
        Index("ix_customer_merge_by_absorbed", "dossier_id", "absorbed_id"),
    )

    merge_id: UUID = Field(sa_type=Uuid, primary_key=True)
    kept_id: UUID = Field(sa_type=Uuid)
    absorbed_id: UUID = Field(sa_type=Uuid)
    choices: dict[str, Any] = Field(sa_type=JSONB)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)
    undone_at: datetime | None = Field(sa_type=INSTANT, default=None)
    undone_by: str | None = Field(sa_type=Text, default=None)


class MergedRowRow(Row, table=True):
    """One row that a merge changed: as it was, and as the merge left it (null: the merge took it away)."""

    __tablename__: ClassVar[str] = "merged_row"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "merge_id"], ["customer_merge.dossier_id", "customer_merge.merge_id"]),
    )

    merge_id: UUID = Field(sa_type=Uuid, primary_key=True)
    position: int = Field(sa_type=Integer, primary_key=True)
    table_name: str = Field(sa_type=Text)
    key: dict[str, Any] = Field(sa_type=JSONB)
    before: dict[str, Any] | None = Field(sa_type=JSONB, default=None)
    after: dict[str, Any] | None = Field(sa_type=JSONB, default=None)


class AuditEntryRow(Row, table=True):
    """Who changed what, when, before and after (C13): written by the trigger ``comptoir_audit`` only."""

    __tablename__: ClassVar[str] = "audit_entry"
    __table_args__ = (
        of_customer(ondelete="SET NULL (customer_id)"),
        of_third_party(ondelete="SET NULL (third_party_id)"),
        Index("ix_audit_entry_by_customer", "dossier_id", "customer_id", "at", "entry_id"),
        Index("ix_audit_entry_by_third_party", "dossier_id", "third_party_id", "at", "entry_id"),
        Index("ix_audit_entry_by_record", "dossier_id", "record", "record_id", "at", "entry_id"),
        Index("ix_audit_entry_by_date", "dossier_id", "at", "entry_id"),
    )

    entry_id: UUID = Field(
        sa_type=Uuid, primary_key=True, sa_column_kwargs={"server_default": text("gen_random_uuid()")}
    )
    at: datetime = Field(sa_type=INSTANT, sa_column_kwargs={"server_default": text("clock_timestamp()")})
    by: str = Field(sa_type=Text)
    record: str = Field(sa_type=Text)
    record_id: str = Field(sa_type=Text)
    operation: str = Field(sa_type=Text)
    customer_id: UUID | None = Field(sa_type=Uuid, default=None)
    third_party_id: UUID | None = Field(sa_type=Uuid, default=None)
    before: dict[str, Any] | None = Field(sa_type=JSONB, default=None)
    after: dict[str, Any] | None = Field(sa_type=JSONB, default=None)
