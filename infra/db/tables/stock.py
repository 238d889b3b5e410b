"""Articles, their stock and what came in."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, String, Text, Uuid
from sqlmodel import Field

from infra.db.tables.base import EUROS, FOLDED, INSTANT, PERCENT, Row


class ArticleRow(Row, table=True):
    __tablename__: ClassVar[str] = "article"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        CheckConstraint("list_price >= 0", name="list_price"),
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
    __table_args__ = (ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),)

    reception_id: UUID = Field(sa_type=Uuid, primary_key=True)
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
