"""Articles, their stock and what came in."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from infra.db.tables.base import EUROS, FOLDED, INSTANT, PERCENT, Row


class ArticleRow(Row, table=True):
    __tablename__: ClassVar[str] = "article"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        ForeignKeyConstraint(["dossier_id", "category"], ["category.dossier_id", "category.code"]),
        ForeignKeyConstraint(["dossier_id", "supplier_id"], ["third_party.dossier_id", "third_party.third_party_id"]),
        CheckConstraint("list_price >= 0", name="list_price"),
        CheckConstraint("kind IN ('book', 'used_book', 'other')", name="kind"),
        CheckConstraint("weight_g > 0", name="weight_g"),
        Index("ix_article_by_category", "dossier_id", "category"),
        Index("ix_article_by_supplier", "dossier_id", "supplier_id"),
        Index("ix_article_by_title", "dossier_id", "title_key", "ean"),
    )

    ean: str = Field(sa_type=String(13, collation="C"), primary_key=True)
    title: str = Field(sa_type=Text)
    title_key: str = Field(sa_type=FOLDED)
    author: str | None = Field(sa_type=Text, default=None)
    publisher: str | None = Field(sa_type=Text, default=None)
    list_price: Decimal = Field(sa_type=EUROS)
    vat_rate: Decimal = Field(sa_type=PERCENT)
    digital: bool
    kind: str = Field(sa_type=Text)
    school_book: bool
    category: str | None = Field(sa_type=String(collation="C"), default=None)
    supplier_id: UUID | None = Field(sa_type=Uuid, default=None)
    availability: str | None = Field(sa_type=Text, default=None)
    published_on: date | None = None
    weight_g: int | None = Field(sa_type=Integer, default=None)
    updated_at: datetime = Field(sa_type=INSTANT)


class ArticleTokenRow(Row, table=True):
    """Every word of an article's title and author, so that any of them finds it."""

    __tablename__: ClassVar[str] = "article_token"
    __table_args__ = (
        PrimaryKeyConstraint("dossier_id", "token", "ean"),
        ForeignKeyConstraint(["dossier_id", "ean"], ["article.dossier_id", "article.ean"]),
        Index("ix_article_token_by_article", "dossier_id", "ean"),
    )

    token: str = Field(sa_type=FOLDED, primary_key=True)
    ean: str = Field(sa_type=String(13, collation="C"), primary_key=True)


class StockLevelRow(Row, table=True):
    """Copies of an article: the database itself keeps both numbers from going below zero."""

    __tablename__: ClassVar[str] = "stock_level"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "ean"], ["article.dossier_id", "article.ean"]),
        CheckConstraint("available >= 0", name="available"),
        CheckConstraint("set_aside >= 0", name="set_aside"),
    )

    ean: str = Field(sa_type=String(13, collation="C"), primary_key=True)
    available: int = Field(sa_type=Integer)
    set_aside: int = Field(sa_type=Integer)


class StockMovementRow(Row, table=True):
    __tablename__: ClassVar[str] = "stock_movement"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "ean"], ["article.dossier_id", "article.ean"]),
        Index("ix_stock_movement_by_article", "dossier_id", "ean", "at", "movement_id"),
        Index(
            "ix_stock_movement_of_shrinkage",
            "dossier_id",
            "at",
            "movement_id",
            postgresql_where=text("cause IN ('write_off', 'adjust')"),
        ),
    )

    movement_id: UUID = Field(sa_type=Uuid, primary_key=True)
    ean: str = Field(sa_type=String(13, collation="C"))
    available: int = Field(sa_type=Integer)
    set_aside: int = Field(sa_type=Integer)
    cause: str = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text, default=None)
    reservation_id: UUID | None = Field(sa_type=Uuid, default=None)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)


class ReceptionRow(Row, table=True):
    __tablename__: ClassVar[str] = "reception"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        ForeignKeyConstraint(["dossier_id", "supplier_id"], ["third_party.dossier_id", "third_party.third_party_id"]),
        CheckConstraint("kind IN ('manual', 'shipping_notice')", name="kind"),
        Index("ix_reception_by_date", "dossier_id", "received_at", "reception_id"),
    )

    reception_id: UUID = Field(sa_type=Uuid, primary_key=True)
    kind: str = Field(sa_type=Text)
    supplier_id: UUID | None = Field(sa_type=Uuid, default=None)
    reference: str | None = Field(sa_type=Text, default=None)
    received_at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)


class ReceptionLineRow(Row, table=True):
    __tablename__: ClassVar[str] = "reception_line"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "reception_id"], ["reception.dossier_id", "reception.reception_id"]),
        ForeignKeyConstraint(["dossier_id", "ean"], ["article.dossier_id", "article.ean"]),
        CheckConstraint("quantity >= 1 AND set_aside >= 0 AND set_aside <= quantity", name="quantities"),
    )

    reception_id: UUID = Field(sa_type=Uuid, primary_key=True)
    position: int = Field(sa_type=Integer, primary_key=True)
    ean: str = Field(sa_type=String(13, collation="C"))
    quantity: int = Field(sa_type=Integer)
    set_aside: int = Field(sa_type=Integer)


class ReceptionSupplyRow(Row, table=True):
    """The copies of a reception that a supplier order had asked for."""

    __tablename__: ClassVar[str] = "reception_supply"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "reception_id"], ["reception.dossier_id", "reception.reception_id"]),
        ForeignKeyConstraint(
            ["dossier_id", "supplier_line_id"], ["supplier_line.dossier_id", "supplier_line.supplier_line_id"]
        ),
        CheckConstraint("quantity >= 1", name="quantity"),
        Index("ix_reception_supply_by_line", "dossier_id", "supplier_line_id"),
    )

    reception_id: UUID = Field(sa_type=Uuid, primary_key=True)
    supplier_line_id: UUID = Field(sa_type=Uuid, primary_key=True)
    quantity: int = Field(sa_type=Integer)


class StockCheckRow(Row, table=True):
    """One look at all stock: which articles disagree with their reservations or movements, and why (C19)."""

    __tablename__: ClassVar[str] = "stock_check"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        Index("ix_stock_check_by_date", "dossier_id", "at", "stock_check_id"),
    )

    stock_check_id: UUID = Field(sa_type=Uuid, primary_key=True)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)
    articles: int = Field(sa_type=Integer)
    findings: list[dict[str, Any]] = Field(sa_type=JSONB)
