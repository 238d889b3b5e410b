"""Invoices from outside (A52), and who was reminded of them (B28, B29)."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, String, Text, UniqueConstraint, Uuid, text
from sqlmodel import Field

from infra.db.tables.base import EUROS_OF_AN_ORDER, INSTANT, Row


class InvoiceRow(Row, table=True):
    """An invoice or a credit note (negative ``total``) that another program made; ``payer_id`` is who is reminded of it."""

    __tablename__: ClassVar[str] = "invoice"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        ForeignKeyConstraint(
            ["dossier_id", "billed_to_id"], ["customer.dossier_id", "customer.customer_id"], name="fk_invoice_billed_to"
        ),
        UniqueConstraint("dossier_id", "number"),
        CheckConstraint(
            "CASE WHEN total >= 0 THEN paid BETWEEN 0 AND total ELSE paid BETWEEN total AND 0 END", name="paid"
        ),
        CheckConstraint("state IN ('awaited', 'promised', 'disputed', 'bill', 'doubtful')", name="state"),
        Index("ix_invoice_by_customer", "dossier_id", "customer_id", "due_on", "invoice_id"),
        Index("ix_invoice_by_billed_to", "dossier_id", "billed_to_id"),
        Index("ix_invoice_unpaid", "dossier_id", "due_on", "invoice_id", postgresql_where=text("paid <> total")),
    )

    invoice_id: UUID = Field(sa_type=Uuid, primary_key=True)
    number: str = Field(sa_type=String(collation="C"))
    customer_id: UUID = Field(sa_type=Uuid)
    billed_to_id: UUID = Field(sa_type=Uuid)
    issued_on: date
    due_on: date
    total: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    paid: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    state: str = Field(sa_type=Text)
    comment: str | None = Field(sa_type=Text, default=None)
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class InvoiceReminderRow(Row, table=True):
    """A reminder that a run made (relance): one letter or e-mail to one party, of its unpaid invoices."""

    __tablename__: ClassVar[str] = "invoice_reminder"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        ForeignKeyConstraint(["dossier_id", "message_id"], ["message.dossier_id", "message.message_id"]),
        CheckConstraint("channel IN ('email', 'post')", name="channel"),
        Index("ix_invoice_reminder_by_customer", "dossier_id", "customer_id", "at"),
        Index("ix_invoice_reminder_by_run", "dossier_id", "run_id"),
    )

    invoice_reminder_id: UUID = Field(sa_type=Uuid, primary_key=True)
    run_id: UUID = Field(sa_type=Uuid)
    customer_id: UUID = Field(sa_type=Uuid)
    family: str = Field(sa_type=Text)
    step: int = Field(sa_type=Integer)
    channel: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    address: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    message_id: UUID | None = Field(sa_type=Uuid, default=None)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)


class RemindedInvoiceRow(Row, table=True):
    """An invoice of which a reminder told, and what was still to be paid of it; once for each step."""

    __tablename__: ClassVar[str] = "reminded_invoice"
    __table_args__ = (
        ForeignKeyConstraint(
            ["dossier_id", "invoice_reminder_id"],
            ["invoice_reminder.dossier_id", "invoice_reminder.invoice_reminder_id"],
        ),
        ForeignKeyConstraint(["dossier_id", "invoice_id"], ["invoice.dossier_id", "invoice.invoice_id"]),
        UniqueConstraint("dossier_id", "invoice_id", "step"),
    )

    invoice_reminder_id: UUID = Field(sa_type=Uuid, primary_key=True)
    invoice_id: UUID = Field(sa_type=Uuid, primary_key=True)
    step: int = Field(sa_type=Integer)
    unpaid: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
