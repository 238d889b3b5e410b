"""What customers bought (A68), what it earned on their loyalty cards (A62), and their named deposits (A66)."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, String, Text, UniqueConstraint, Uuid, text
from sqlmodel import Field

from infra.db.tables.base import EUROS, EUROS_OF_AN_ORDER, FOLDED, INSTANT, PERCENT, Row


class PurchaseRow(Row, table=True):
    """One article bought, or brought back where ``quantity`` is negative: a ledger, unique by what it tells of.

    ``document`` is the ticket or the invoice; ``buyer`` who the customer was to the law on that day.
    """

    __tablename__: ClassVar[str] = "purchase"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        ForeignKeyConstraint(["dossier_id", "order_id"], ["customer_order.dossier_id", "customer_order.order_id"]),
        ForeignKeyConstraint(["dossier_id", "undoes_id"], ["purchase.dossier_id", "purchase.purchase_id"]),
        ForeignKeyConstraint(["dossier_id", "sales_rep_id"], ["third_party.dossier_id", "third_party.third_party_id"]),
        UniqueConstraint("dossier_id", "source", "reference"),
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("undoes_id IS NULL OR quantity < 0", name="undoes"),
        CheckConstraint("buyer IN ('private', 'public_body', 'library', 'school_association')", name="buyer"),
        CheckConstraint("kind IN ('book', 'used_book', 'other')", name="kind"),
        Index("ix_purchase_by_customer", "dossier_id", "customer_id", "at", "purchase_id"),
        Index("ix_purchase_by_order", "dossier_id", "order_id"),
        Index("ix_purchase_by_date", "dossier_id", "at"),
        Index("ix_purchase_by_article", "dossier_id", "ean", "customer_id"),
        Index("ix_purchase_by_author", "dossier_id", "author_key", "customer_id"),
        Index("ix_purchase_undoing", "dossier_id", "undoes_id", postgresql_where=text("undoes_id IS NOT NULL")),
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
    net: Decimal = Field(sa_type=EUROS)
    list_price: Decimal = Field(sa_type=EUROS)
    vat_rate: Decimal = Field(sa_type=PERCENT)
    author: str | None = Field(sa_type=Text, default=None)
    author_key: str = Field(sa_type=FOLDED, default="")
    kind: str = Field(sa_type=Text)
    digital: bool
    school_book: bool
    buyer: str = Field(sa_type=Text)
    shipped: bool
    document: str | None = Field(sa_type=Text, default=None)
    sales_rep_id: UUID | None = Field(sa_type=Uuid, default=None)
    undoes_id: UUID | None = Field(sa_type=Uuid, default=None)
    source: str = Field(sa_type=Text)
    reference: str = Field(sa_type=Text)
    by: str = Field(sa_type=Text)


class LoyaltyEntryRow(Row, table=True):
    """The ledger of loyalty: a card's balance, its count of purchases and the sum that earned are sums of it."""

    __tablename__: ClassVar[str] = "loyalty_entry"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        ForeignKeyConstraint(["dossier_id", "purchase_id"], ["purchase.dossier_id", "purchase.purchase_id"]),
        UniqueConstraint("dossier_id", "cause", "reference"),
        CheckConstraint(
            "cause IN ('opening', 'purchase', 'refund', 'redeem', 'redeem_undone', 'expire', 'expire_undone', "
            "'shortfall', 'recovery', 'adjust', 'merge')",
            name="cause",
        ),
        Index("ix_loyalty_entry_by_customer", "dossier_id", "customer_id", "at", "loyalty_entry_id"),
        Index("ix_loyalty_entry_by_purchase", "dossier_id", "purchase_id"),
    )

    loyalty_entry_id: UUID = Field(sa_type=Uuid, primary_key=True)
    customer_id: UUID = Field(sa_type=Uuid)
    at: datetime = Field(sa_type=INSTANT)
    cause: str = Field(sa_type=Text)
    amount: Decimal = Field(sa_type=EUROS)
    purchases: int = Field(sa_type=Integer)
    base: Decimal = Field(sa_type=EUROS)
    purchase_id: UUID | None = Field(sa_type=Uuid, default=None)
    reference: str = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text, default=None)
    by: str = Field(sa_type=Text)


class NamedDepositEntryRow(Row, table=True):
    """The ledger of deposits by name (acompte nominatif): what a customer can use on any order is the sum."""

    __tablename__: ClassVar[str] = "named_deposit_entry"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        ForeignKeyConstraint(["dossier_id", "order_id"], ["customer_order.dossier_id", "customer_order.order_id"]),
        CheckConstraint("cause IN ('received', 'used', 'returned', 'refunded')", name="cause"),
        CheckConstraint("(amount >= 0) = (cause IN ('received', 'returned')) OR amount = 0", name="sign"),
        CheckConstraint("(order_id IS NULL) = (cause IN ('received', 'refunded'))", name="order"),
        Index("ix_named_deposit_entry_by_customer", "dossier_id", "customer_id", "at", "named_deposit_entry_id"),
        Index("ix_named_deposit_entry_by_order", "dossier_id", "order_id"),
    )

    named_deposit_entry_id: UUID = Field(sa_type=Uuid, primary_key=True)
    customer_id: UUID = Field(sa_type=Uuid)
    order_id: UUID | None = Field(sa_type=Uuid, default=None)
    amount: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    cause: str = Field(sa_type=Text)
    method: str | None = Field(sa_type=Text, default=None)
    reference: str | None = Field(sa_type=Text, default=None)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)
