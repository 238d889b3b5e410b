"""Messages to customers, and the words they are made of."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, String, Text, UniqueConstraint, Uuid, text
from sqlmodel import Field

from infra.db.tables.base import INSTANT, Row
from infra.db.tables.cards import of_customer


class MessageRow(Row, table=True):
    """One message to one person; ``told_key`` lets nobody hear the same twice, and is free again once it was withheld."""

    __tablename__: ClassVar[str] = "message"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        of_customer(),
        ForeignKeyConstraint(["dossier_id", "order_id"], ["customer_order.dossier_id", "customer_order.order_id"]),
        UniqueConstraint("dossier_id", "told_key"),
        CheckConstraint("channel IN ('email', 'sms', 'phone')", name="channel"),
        CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'withheld', 'dead', 'uncertain')",
            name="state",
        ),
        CheckConstraint("(state IN ('queued', 'sending')) = (ended_at IS NULL)", name="ended"),
        Index("ix_message_by_date", "dossier_id", "created_at", "message_id"),
        Index("ix_message_by_customer", "dossier_id", "customer_id", "created_at"),
        Index("ix_message_by_order", "dossier_id", "order_id"),
        Index(
            "ix_message_in_hand",
            "dossier_id",
            "state",
            "created_at",
            "message_id",
            postgresql_where=text("state NOT IN ('sent', 'withheld')"),
        ),
    )

    message_id: UUID = Field(sa_type=Uuid, primary_key=True)
    customer_id: UUID | None = Field(sa_type=Uuid, default=None)
    name: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    address: str = Field(sa_type=Text)
    language: str = Field(sa_type=Text)
    purpose: str = Field(sa_type=Text)
    event: str = Field(sa_type=Text)
    told_key: str | None = Field(sa_type=String(collation="C"), default=None)
    day: date
    subject: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    order_id: UUID | None = Field(sa_type=Uuid, default=None)
    created_at: datetime = Field(sa_type=INSTANT)
    send_after: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text, default=None)
    attempts: int = Field(sa_type=Integer)
    error: str | None = Field(sa_type=Text, default=None)
    provider_id: str | None = Field(sa_type=Text, default=None)
    ended_at: datetime | None = Field(sa_type=INSTANT, default=None)
    version: int = Field(sa_type=Integer)


class MessageReservationRow(Row, table=True):
    """The reservations that a message speaks of."""

    __tablename__: ClassVar[str] = "message_reservation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["dossier_id", "message_id"], ["message.dossier_id", "message.message_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["dossier_id", "reservation_id"], ["reservation.dossier_id", "reservation.reservation_id"]
        ),
        Index("ix_message_reservation_by_reservation", "dossier_id", "reservation_id"),
    )

    message_id: UUID = Field(sa_type=Uuid, primary_key=True)
    reservation_id: UUID = Field(sa_type=Uuid, primary_key=True)


class MessageTemplateRow(Row, table=True):
    """What the shop wrote instead of the words that every shop starts with."""

    __tablename__: ClassVar[str] = "message_template"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        CheckConstraint("language IN ('fr', 'en')", name="language"),
    )

    event: str = Field(sa_type=Text, primary_key=True)
    language: str = Field(sa_type=Text, primary_key=True)
    subject: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    sms: str = Field(sa_type=Text)
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)
