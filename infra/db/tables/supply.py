"""What the shop asks of its suppliers, and how it sorts its articles."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field

from infra.db.tables.base import INSTANT, PERCENT, Row

EAN = String(13, collation="C")
CODE = String(collation="C")


class SupplierOrderRow(Row, table=True):
    __tablename__: ClassVar[str] = "supplier_order"
    __table_args__ = (
        UniqueConstraint("dossier_id", "number"),
        ForeignKeyConstraint(["dossier_id", "supplier_id"], ["third_party.dossier_id", "third_party.third_party_id"]),
        CheckConstraint("state IN ('draft', 'validated', 'partly_received', 'received', 'cancelled')", name="state"),
        Index("ix_supplier_order_by_created", "dossier_id", "created_at", "supplier_order_id"),
        Index("ix_supplier_order_by_supplier", "dossier_id", "supplier_id", "state"),
    )

    supplier_order_id: UUID = Field(sa_type=Uuid, primary_key=True)
    number: int = Field(sa_type=Integer)
    supplier_id: UUID = Field(sa_type=Uuid)
    supplier_name: str = Field(sa_type=Text)
    reference: str | None = Field(sa_type=Text, default=None)
    comment: str | None = Field(sa_type=Text, default=None)
    state: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    validated_at: datetime | None = Field(sa_type=INSTANT, default=None)
    cancelled_at: datetime | None = Field(sa_type=INSTANT, default=None)
    cancel_reason: str | None = Field(sa_type=Text, default=None)
    version: int = Field(sa_type=Integer)


class SupplierLineRow(Row, table=True):
    """``received`` may pass ``ordered``: what comes is booked in, asked for or not."""

    __tablename__: ClassVar[str] = "supplier_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["dossier_id", "supplier_order_id"], ["supplier_order.dossier_id", "supplier_order.supplier_order_id"]
        ),
        ForeignKeyConstraint(["dossier_id", "ean"], ["article.dossier_id", "article.ean"]),
        CheckConstraint("ordered >= 1 AND received >= 0 AND cancelled >= 0", name="quantities"),
        Index("ix_supplier_line_by_order", "dossier_id", "supplier_order_id", "position"),
        Index("ix_supplier_line_by_article", "dossier_id", "ean"),
        Index("ix_supplier_line_to_come", "dossier_id", "ean", postgresql_where=text("outstanding > 0")),
    )

    supplier_line_id: UUID = Field(sa_type=Uuid, primary_key=True)
    supplier_order_id: UUID = Field(sa_type=Uuid)
    position: int = Field(sa_type=Integer)
    ean: str = Field(sa_type=EAN)
    title: str = Field(sa_type=Text)
    ordered: int = Field(sa_type=Integer)
    received: int = Field(sa_type=Integer)
    cancelled: int = Field(sa_type=Integer)
    outstanding: int = Field(
        sa_type=Integer,
        sa_column_args=(Computed("greatest(ordered - received - cancelled, 0)", persisted=True),),
    )
    answer_code: str | None = Field(sa_type=Text, default=None)
    answer_label: str | None = Field(sa_type=Text, default=None)
    answer_source: str | None = Field(sa_type=Text, default=None)
    answer_at: datetime | None = Field(sa_type=INSTANT, default=None)
    answer_effect: str | None = Field(sa_type=Text, default=None)
    answer_new_ean: str | None = Field(sa_type=EAN, default=None)


class SupplyLinkRow(Row, table=True):
    """Copies of a supplier line that are meant for an order line."""

    __tablename__: ClassVar[str] = "supply_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["dossier_id", "supplier_line_id"],
            ["supplier_line.dossier_id", "supplier_line.supplier_line_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["dossier_id", "line_id"], ["order_line.dossier_id", "order_line.line_id"], ondelete="CASCADE"
        ),
        CheckConstraint("quantity >= 1 AND received >= 0 AND received <= quantity", name="quantities"),
        Index("ix_supply_link_by_line", "dossier_id", "line_id"),
    )

    supplier_line_id: UUID = Field(sa_type=Uuid, primary_key=True)
    line_id: UUID = Field(sa_type=Uuid, primary_key=True)
    order_id: UUID = Field(sa_type=Uuid)
    quantity: int = Field(sa_type=Integer)
    received: int = Field(sa_type=Integer)


class CategoryRow(Row, table=True):
    """A node of the tree magasin, secteur, catégorie."""

    __tablename__: ClassVar[str] = "category"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        ForeignKeyConstraint(["dossier_id", "parent"], ["category.dossier_id", "category.code"]),
        CheckConstraint("level IN ('shop', 'sector', 'category')", name="level"),
        Index("ix_category_by_parent", "dossier_id", "parent"),
    )

    code: str = Field(sa_type=CODE, primary_key=True)
    label: str = Field(sa_type=Text)
    level: str = Field(sa_type=Text)
    parent: str | None = Field(sa_type=CODE, default=None)
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class KnownAnswerRow(Row, table=True):
    """The shop's own table of answers."""

    __tablename__: ClassVar[str] = "known_answer"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        CheckConstraint("effect IN ('wait', 'ask', 'reorder', 'move', 'close')", name="effect"),
    )

    code: str = Field(sa_type=CODE, primary_key=True)
    label: str = Field(sa_type=Text)
    label_en: str | None = Field(sa_type=Text, default=None)
    effect: str = Field(sa_type=Text)
    position: int = Field(sa_type=Integer)
    active: bool
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class TariffRuleRow(Row, table=True):
    """A discount that every customer of a tariff has (A65)."""

    __tablename__: ClassVar[str] = "tariff_rule"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        ForeignKeyConstraint(["dossier_id", "category"], ["category.dossier_id", "category.code"]),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent"),
        Index("ix_tariff_rule_by_tariff", "dossier_id", "tariff", "position"),
    )

    tariff_rule_id: UUID = Field(sa_type=Uuid, primary_key=True)
    tariff: str = Field(sa_type=CODE)
    position: int = Field(sa_type=Integer)
    scope: str = Field(sa_type=Text)
    percent: Decimal = Field(sa_type=PERCENT)
    vat_rate: Decimal | None = Field(sa_type=PERCENT, default=None)
    category: str | None = Field(sa_type=CODE, default=None)
    starts_on: date | None = None
    ends_on: date | None = None
    basis: str | None = Field(sa_type=Text, default=None)


class SavedListRow(Row, table=True):
    __tablename__: ClassVar[str] = "saved_list"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        Index("ix_saved_list_by_name", "dossier_id", "name_key", "saved_list_id"),
    )

    saved_list_id: UUID = Field(sa_type=Uuid, primary_key=True)
    name: str = Field(sa_type=Text)
    name_key: str = Field(sa_type=CODE)
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class SavedListLineRow(Row, table=True):
    __tablename__: ClassVar[str] = "saved_list_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["dossier_id", "saved_list_id"],
            ["saved_list.dossier_id", "saved_list.saved_list_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["dossier_id", "ean"], ["article.dossier_id", "article.ean"]),
        CheckConstraint("quantity >= 1", name="quantity"),
        Index("ix_saved_list_line_by_article", "dossier_id", "ean"),
    )

    saved_list_id: UUID = Field(sa_type=Uuid, primary_key=True)
    position: int = Field(sa_type=Integer, primary_key=True)
    ean: str = Field(sa_type=EAN)
    quantity: int = Field(sa_type=Integer)
