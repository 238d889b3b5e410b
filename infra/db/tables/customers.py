"""The customer file."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from infra.db.tables.base import EUROS_OF_AN_ORDER, FOLDED, INSTANT, PERCENT, Row


class Postal(SQLModel):
    """Where somebody is, line by line (NF Z10-011)."""

    recipient: str | None = Field(sa_type=Text, default=None)
    complement: str | None = Field(sa_type=Text, default=None)
    building: str | None = Field(sa_type=Text, default=None)
    street: str | None = Field(sa_type=Text, default=None)
    locality: str | None = Field(sa_type=Text, default=None)
    postal_code: str | None = Field(sa_type=FOLDED, default=None)
    town: str | None = Field(sa_type=Text, default=None)
    country: str = Field(sa_type=Text)


class Card(Postal, Row):
    """What stands on the card of a customer and of a third party alike (domain.md)."""

    code: str = Field(sa_type=String(8, collation="C"))
    kind: str = Field(sa_type=Text)
    title: str | None = Field(sa_type=Text, default=None)
    name: str = Field(sa_type=Text)
    first_name: str | None = Field(sa_type=Text, default=None)
    short_name: str = Field(sa_type=FOLDED)
    name_key: str = Field(sa_type=FOLDED)
    email: str | None = Field(sa_type=Text, default=None)
    email_key: str | None = Field(sa_type=FOLDED, default=None)
    phone: str | None = Field(sa_type=Text, default=None)
    phone_key: str | None = Field(sa_type=FOLDED, default=None)
    fax: str | None = Field(sa_type=Text, default=None)
    town_key: str | None = Field(sa_type=FOLDED, default=None)
    language: str | None = Field(sa_type=Text, default=None)
    siret: str | None = Field(sa_type=FOLDED, default=None)
    vat_number: str | None = Field(sa_type=Text, default=None)
    account_number: str | None = Field(sa_type=Text, default=None)
    our_code: str | None = Field(sa_type=Text, default=None)
    comment: str | None = Field(sa_type=Text, default=None)
    custom_fields: dict[str, Any] = Field(sa_type=JSONB)
    closed_on: date | None = None
    approved_at: datetime | None = Field(sa_type=INSTANT, default=None)
    approved_by: str | None = Field(sa_type=Text, default=None)
    origin: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


def link_to_customer(column: str) -> ForeignKeyConstraint:
    """A link from one card to another."""
    return ForeignKeyConstraint(
        ["dossier_id", column],
        ["customer.dossier_id", "customer.customer_id"],
        name=f"fk_customer_{column.removesuffix('_id')}",
    )


class CustomerRow(Card, table=True):
    __tablename__: ClassVar[str] = "customer"
    __table_args__ = (
        UniqueConstraint("dossier_id", "code"),
        UniqueConstraint("dossier_id", "barcode"),
        UniqueConstraint("dossier_id", "fidelity_number"),
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        link_to_customer("billed_to_id"),
        link_to_customer("group_id"),
        link_to_customer("statistics_party_id"),
        link_to_customer("payment_party_id"),
        link_to_customer("merged_into"),
        ForeignKeyConstraint(
            ["dossier_id", "sales_admin_id"], ["staff.dossier_id", "staff.staff_id"], name="fk_customer_sales_admin"
        ),
        *(
            ForeignKeyConstraint(
                ["dossier_id", f"sales_rep_{n}_id"],
                ["third_party.dossier_id", "third_party.third_party_id"],
                name=f"fk_customer_sales_rep_{n}",
            )
            for n in (1, 2, 3)
        ),
        CheckConstraint("management_ceiling >= 0 AND insurance_ceiling >= 0", name="ceilings"),
        CheckConstraint(
            "customer_id NOT IN (billed_to_id, group_id, statistics_party_id, payment_party_id, merged_into)",
            name="no_link_to_itself",
        ),
        Index("ix_customer_by_name", "dossier_id", "name_key", "customer_id"),
        Index("ix_customer_by_email", "dossier_id", "email_key"),
        Index("ix_customer_by_phone", "dossier_id", "phone_key"),
        Index("ix_customer_by_postal_code", "dossier_id", "postal_code", "customer_id"),
        Index("ix_customer_by_town", "dossier_id", "town_key", "customer_id"),
        Index("ix_customer_by_created", "dossier_id", "created_at", "customer_id"),
        Index("ix_customer_by_short_name", "dossier_id", "short_name", "customer_id"),
        Index("ix_customer_by_birthday", "dossier_id", "birthday", "customer_id"),
        Index("ix_customer_by_siret", "dossier_id", "siret", postgresql_where=text("siret IS NOT NULL")),
        Index("ix_customer_by_billed_to", "dossier_id", "billed_to_id"),
        Index("ix_customer_by_group", "dossier_id", "group_id"),
        Index("ix_customer_by_merged_into", "dossier_id", "merged_into"),
    )

    customer_id: UUID = Field(sa_type=Uuid, primary_key=True)
    barcode: str | None = Field(sa_type=Text, default=None)
    no_sms: bool
    mail_order: bool
    collectivity: bool
    lending_library: bool
    vat_exempt: bool
    on_account: bool
    birth_date: date | None = None
    birthday: int | None = Field(
        sa_type=SmallInteger,
        sa_column_args=(
            Computed("extract(month from birth_date) * 100 + extract(day from birth_date)", persisted=True),
        ),
    )
    category: str | None = Field(sa_type=Text, default=None)
    fidelity_active: bool
    fidelity_started_on: date | None = None
    fidelity_number: str | None = Field(sa_type=Text, default=None)
    fidelity_program: str | None = Field(sa_type=Text, default=None)
    tariff_code: str | None = Field(sa_type=Text, default=None)
    payment_mode: str | None = Field(sa_type=Text, default=None)
    print_mode: str | None = Field(sa_type=Text, default=None)
    reminder_family: str | None = Field(sa_type=Text, default=None)
    confidentiality_code: str | None = Field(sa_type=Text, default=None)
    billed_to_id: UUID | None = Field(sa_type=Uuid, default=None)
    group_id: UUID | None = Field(sa_type=Uuid, default=None)
    statistics_party_id: UUID | None = Field(sa_type=Uuid, default=None)
    payment_party_id: UUID | None = Field(sa_type=Uuid, default=None)
    sales_admin_id: UUID | None = Field(sa_type=Uuid, default=None)
    sales_rep_1_id: UUID | None = Field(sa_type=Uuid, default=None)
    sales_rep_1_share: Decimal | None = Field(sa_type=PERCENT, default=None)
    sales_rep_2_id: UUID | None = Field(sa_type=Uuid, default=None)
    sales_rep_2_share: Decimal | None = Field(sa_type=PERCENT, default=None)
    sales_rep_3_id: UUID | None = Field(sa_type=Uuid, default=None)
    sales_rep_3_share: Decimal | None = Field(sa_type=PERCENT, default=None)
    management_ceiling: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    insurance_ceiling: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    back_orders_quotes: str = Field(sa_type=Text)
    back_orders_orders: str = Field(sa_type=Text)
    back_orders_delivery_notes: str = Field(sa_type=Text)
    stat_1: str | None = Field(sa_type=FOLDED, default=None)
    stat_2: str | None = Field(sa_type=FOLDED, default=None)
    stat_3: str | None = Field(sa_type=FOLDED, default=None)
    chorus_enabled: bool
    chorus_siret: str | None = Field(sa_type=Text, default=None)
    chorus_service_code: str | None = Field(sa_type=Text, default=None)
    chorus_engagement_number: str | None = Field(sa_type=Text, default=None)
    chorus_service_required: bool
    chorus_engagement_required: bool
    light: str = Field(sa_type=Text)
    light_message: str | None = Field(sa_type=Text, default=None)
    merged_into: UUID | None = Field(sa_type=Uuid, default=None)
    anonymised_at: datetime | None = Field(sa_type=INSTANT, default=None)


class CustomerTokenRow(Row, table=True):
    """Every word of a customer's name, so that any of them finds him (performance.md, design 5)."""

    __tablename__: ClassVar[str] = "customer_token"
    __table_args__ = (
        PrimaryKeyConstraint("dossier_id", "token", "customer_id"),
        ForeignKeyConstraint(
            ["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"], ondelete="CASCADE"
        ),
        Index("ix_customer_token_by_customer", "dossier_id", "customer_id"),
    )

    token: str = Field(sa_type=FOLDED, primary_key=True)
    customer_id: UUID = Field(sa_type=Uuid, primary_key=True)


class ThirdPartyRow(Card, table=True):
    """Prospects, suppliers, sales reps and others: the skeleton of a card (domain.md)."""

    __tablename__: ClassVar[str] = "third_party"
    __table_args__ = (
        UniqueConstraint("dossier_id", "code"),
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        CheckConstraint("type IN ('prospect', 'supplier', 'sales_rep', 'other')", name="type"),
        Index("ix_third_party_by_name", "dossier_id", "type", "name_key", "third_party_id"),
        Index("ix_third_party_by_customer", "dossier_id", "customer_id"),
    )

    third_party_id: UUID = Field(sa_type=Uuid, primary_key=True)
    type: str = Field(sa_type=Text)
    commission: Decimal | None = Field(sa_type=PERCENT, default=None)
    customer_id: UUID | None = Field(sa_type=Uuid, default=None)


class ThirdPartyTokenRow(Row, table=True):
    """Every word of a third party's name."""

    __tablename__: ClassVar[str] = "third_party_token"
    __table_args__ = (
        PrimaryKeyConstraint("dossier_id", "token", "third_party_id"),
        ForeignKeyConstraint(
            ["dossier_id", "third_party_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            ondelete="CASCADE",
        ),
        Index("ix_third_party_token_by_third_party", "dossier_id", "third_party_id"),
    )

    token: str = Field(sa_type=FOLDED, primary_key=True)
    third_party_id: UUID = Field(sa_type=Uuid, primary_key=True)
