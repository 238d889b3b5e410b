"""What customers bought (A68)."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlmodel import Field

from infra.db.tables.base import EUROS, INSTANT, PERCENT, Row


class PurchaseRow(Row, table=True):
    """One article bought, or brought back where ``quantity`` is negative: a ledger, unique by what it tells of."""

    __tablename__: ClassVar[str] = "purchase"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        ForeignKeyConstraint(["dossier_id", "order_id"], ["customer_order.dossier_id", "customer_order.order_id"]),
        UniqueConstraint("dossier_id", "source", "reference"),
        CheckConstraint("quantity <> 0", name="quantity"),
        Index("ix_purchase_by_customer", "dossier_id", "customer_id", "at", "purchase_id"),
        Index("ix_purchase_by_order", "dossier_id", "order_id"),
    )

    purchase_id: UUID = Field(sa_type=Uuid, primary_key=True)
    customer_id: UUID | None = Field(sa_type=Uuid, default=None)
    order_id: UUID | None = Field(sa_type=Uuid, default=None)
    reservation_id: UUID | None = Field(sa_type=Uuid, default=None)
    at: datetime = Field(sa_type=INSTANT)
    ean: str = Field(sa_type=String(13, collation="C"))
    title: str = Field(sa_type=Text)
    quantity: int = Field(sa_type=Integer)
    amount: Decimal = Field(sa_type=EUROS)
    vat_rate: Decimal = Field(sa_type=PERCENT)
    source: str = Field(sa_type=Text)
    reference: str = Field(sa_type=Text)
    by: str = Field(sa_type=Text)
