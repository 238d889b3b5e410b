"""The dossier, its people, its web shops and their keys."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from infra.db.tables.base import INSTANT, Row


class DossierRow(Row, table=True):
    __tablename__: ClassVar[str] = "dossier"
    __table_args__ = (UniqueConstraint("code"),)

    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    address: str = Field(sa_type=Text, default="")
    time_zone: str = Field(sa_type=Text, default="Europe/Paris")
    secret: bytes = Field(sa_type=LargeBinary)
    order_sequence: str = Field(sa_type=Text)
    customer_counter: int = Field(sa_type=Integer, default=0)
    third_party_counter: int = Field(sa_type=Integer, default=0)
    demo: bool = False
    settings: dict[str, Any] = Field(sa_type=JSONB)
    version: int = Field(sa_type=Integer)
    created_at: datetime = Field(sa_type=INSTANT)


class StaffRow(Row, table=True):
    __tablename__: ClassVar[str] = "staff"
    __table_args__ = (
        UniqueConstraint("dossier_id", "login"),
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
    )

    staff_id: UUID = Field(sa_type=Uuid, primary_key=True)
    login: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    password_hash: str = Field(sa_type=Text)
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    created_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class StaffSessionRow(Row, table=True):
    __tablename__: ClassVar[str] = "staff_session"
    __table_args__ = (ForeignKeyConstraint(["dossier_id", "staff_id"], ["staff.dossier_id", "staff.staff_id"]),)

    digest: bytes = Field(sa_type=LargeBinary, primary_key=True)
    staff_id: UUID = Field(sa_type=Uuid)
    expires_at: datetime = Field(sa_type=INSTANT)


class ChannelRow(Row, table=True):
    __tablename__: ClassVar[str] = "channel"
    __table_args__ = (
        UniqueConstraint("dossier_id", "code"),
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
    )

    channel_id: UUID = Field(sa_type=Uuid, primary_key=True)
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)


class ApiKeyRow(Row, table=True):
    __tablename__: ClassVar[str] = "api_key"
    __table_args__ = (
        UniqueConstraint("dossier_id", "digest"),
        ForeignKeyConstraint(["dossier_id", "channel_id"], ["channel.dossier_id", "channel.channel_id"]),
    )

    api_key_id: UUID = Field(sa_type=Uuid, primary_key=True)
    digest: bytes = Field(sa_type=LargeBinary)
    label: str = Field(sa_type=Text)
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    channel_id: UUID | None = Field(sa_type=Uuid, default=None)
    created_at: datetime = Field(sa_type=INSTANT)
    revoked_at: datetime | None = Field(sa_type=INSTANT, default=None)


class ReferenceValueRow(Row, table=True):
    """One value of a table that the shop edits: civilités, countries, categories, function codes, and so on."""

    __tablename__: ClassVar[str] = "reference_value"
    __table_args__ = (ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),)

    table_name: str = Field(sa_type=Text, primary_key=True)
    code: str = Field(sa_type=String(collation="C"), primary_key=True)
    label: str = Field(sa_type=Text)
    label_en: str | None = Field(sa_type=Text, default=None)
    position: int = Field(sa_type=Integer)
    active: bool
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class CustomFieldRow(Row, table=True):
    """A field of the shop's own (rubrique) in a questionnaire; its code is case-sensitive (B60)."""

    __tablename__: ClassVar[str] = "custom_field"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        UniqueConstraint("dossier_id", "record", "questionnaire", "code"),
        CheckConstraint("kind IN ('text', 'number', 'date', 'flag', 'choice')", name="kind"),
    )

    field_id: UUID = Field(sa_type=Uuid, primary_key=True)
    record: str = Field(sa_type=Text)
    questionnaire: str = Field(sa_type=String(collation="C"))
    code: str = Field(sa_type=String(collation="C"))
    label: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    choices: list[str] = Field(sa_type=ARRAY(Text))
    position: int = Field(sa_type=Integer)
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class FlashRow(Row, table=True):
    """What a colleague is told of a new card (B9)."""

    __tablename__: ClassVar[str] = "flash"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "staff_id"], ["staff.dossier_id", "staff.staff_id"]),
        ForeignKeyConstraint(
            ["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["dossier_id", "third_party_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("num_nonnulls(customer_id, third_party_id) = 1", name="one_card"),
        Index("ix_flash_by_staff", "dossier_id", "staff_id", "at", "flash_id"),
        Index("ix_flash_by_customer", "dossier_id", "customer_id"),
        Index("ix_flash_by_third_party", "dossier_id", "third_party_id"),
    )

    flash_id: UUID = Field(sa_type=Uuid, primary_key=True)
    staff_id: UUID = Field(sa_type=Uuid)
    customer_id: UUID | None = Field(sa_type=Uuid, default=None)
    third_party_id: UUID | None = Field(sa_type=Uuid, default=None)
    name: str = Field(sa_type=Text)
    approved: bool
    by: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=INSTANT)
    read_at: datetime | None = Field(sa_type=INSTANT, default=None)
