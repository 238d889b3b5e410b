"""The tables: schema, constraints and indexes, one SQLModel class each, and no behaviour (architecture.md, rule 3).

``dossier_id`` is first in every key, so that row-level security keeps shops apart and the schema can be distributed by it.
Constraint names follow one convention: adapters translate them into domain errors.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: MetaData = SQLModel.metadata


class Xid8(UserDefinedType[int]):
    """A transaction id that never wraps."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


FOLDED = String(collation="C")
"""A folded search key: compared byte by byte, so that a prefix is an index range (performance.md)."""
INSTANT = DateTime(timezone=True)
EUROS = Numeric(12, 2)
EUROS_OF_AN_ORDER = Numeric(18, 2)  # 500 lines of 9999 copies at 99,999,999.99 fit, and more of the kind
PERCENT = Numeric(5, 2)


class Row(SQLModel):
    """What every table shares: it belongs to a dossier."""

    dossier_id: UUID = Field(sa_type=Uuid, primary_key=True)


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
    demo: bool = False
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


class CustomerRow(Row, table=True):
    __tablename__: ClassVar[str] = "customer"
    __table_args__ = (
        UniqueConstraint("dossier_id", "code"),
        UniqueConstraint("dossier_id", "barcode"),
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        Index("ix_customer_by_name", "dossier_id", "name_key", "customer_id"),
        Index("ix_customer_by_email", "dossier_id", "email_key"),
        Index("ix_customer_by_phone", "dossier_id", "phone_key"),
        Index("ix_customer_by_postal_code", "dossier_id", "postal_code", "customer_id"),
        Index("ix_customer_by_town", "dossier_id", "town_key", "customer_id"),
        Index("ix_customer_by_created", "dossier_id", "created_at", "customer_id"),
    )

    customer_id: UUID = Field(sa_type=Uuid, primary_key=True)
    code: str = Field(sa_type=String(8, collation="C"))
    kind: str = Field(sa_type=Text)
    title: str | None = Field(sa_type=Text, default=None)
    name: str = Field(sa_type=Text)
    first_name: str | None = Field(sa_type=Text, default=None)
    short_name: str = Field(sa_type=FOLDED)
    name_key: str = Field(sa_type=FOLDED)
    barcode: str | None = Field(sa_type=Text, default=None)
    email: str | None = Field(sa_type=Text, default=None)
    email_key: str | None = Field(sa_type=FOLDED, default=None)
    phone: str | None = Field(sa_type=Text, default=None)
    phone_key: str | None = Field(sa_type=FOLDED, default=None)
    fax: str | None = Field(sa_type=Text, default=None)
    no_sms: bool
    street: str | None = Field(sa_type=Text, default=None)
    complement: str | None = Field(sa_type=Text, default=None)
    postal_code: str | None = Field(sa_type=FOLDED, default=None)
    town: str | None = Field(sa_type=Text, default=None)
    town_key: str | None = Field(sa_type=FOLDED, default=None)
    country: str = Field(sa_type=Text)
    mail_order: bool
    collectivity: bool
    lending_library: bool
    vat_exempt: bool
    on_account: bool
    comment: str | None = Field(sa_type=Text, default=None)
    birth_date: date | None = None
    fidelity_active: bool
    fidelity_started_on: date | None = None
    light: str = Field(sa_type=Text)
    light_message: str | None = Field(sa_type=Text, default=None)
    closed_on: date | None = None
    approved_at: datetime | None = Field(sa_type=INSTANT, default=None)
    origin: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class CustomerTokenRow(Row, table=True):
    """Every word of a customer's name, so that any of them finds him (performance.md, design 5)."""

    __tablename__: ClassVar[str] = "customer_token"
    __table_args__ = (
        PrimaryKeyConstraint("dossier_id", "token", "customer_id"),
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        Index("ix_customer_token_by_customer", "dossier_id", "customer_id"),
    )

    token: str = Field(sa_type=FOLDED, primary_key=True)
    customer_id: UUID = Field(sa_type=Uuid, primary_key=True)


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


class CustomerOrderRow(Row, table=True):
    __tablename__: ClassVar[str] = "customer_order"
    __table_args__ = (
        UniqueConstraint("dossier_id", "number"),
        UniqueConstraint("dossier_id", "channel_id", "external_id"),
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        ForeignKeyConstraint(["dossier_id", "channel_id"], ["channel.dossier_id", "channel.channel_id"]),
        CheckConstraint("status IN ('CO', 'LP', 'LT', 'AN', 'BL')", name="status"),
        CheckConstraint("deposit >= 0 AND paid >= deposit AND delivery_charge >= 0", name="amounts"),
        Index("ix_customer_order_by_created", "dossier_id", "created_at", "order_id"),
        Index("ix_customer_order_by_name", "dossier_id", "name_key", "order_id"),
        Index("ix_customer_order_by_customer", "dossier_id", "customer_id", "created_at"),
        Index(
            "ix_customer_order_open",
            "dossier_id",
            "status",
            "created_at",
            "order_id",
            postgresql_where=text("status IN ('CO', 'LP', 'BL')"),
        ),
        Index(
            "ix_customer_order_by_reference",
            "dossier_id",
            "reference_key",
            "order_id",
            postgresql_where=text("reference_key <> ''"),
        ),
    )

    order_id: UUID = Field(sa_type=Uuid, primary_key=True)
    number: int = Field(sa_type=Integer)
    customer_id: UUID | None = Field(sa_type=Uuid, default=None)
    customer_code: str | None = Field(sa_type=String(8, collation="C"), default=None)
    name: str = Field(sa_type=Text)
    name_key: str = Field(sa_type=FOLDED)
    title: str | None = Field(sa_type=Text, default=None)
    first_name: str | None = Field(sa_type=Text, default=None)
    email: str | None = Field(sa_type=Text, default=None)
    phone: str | None = Field(sa_type=Text, default=None)
    street: str | None = Field(sa_type=Text, default=None)
    complement: str | None = Field(sa_type=Text, default=None)
    postal_code: str | None = Field(sa_type=Text, default=None)
    town: str | None = Field(sa_type=Text, default=None)
    country: str = Field(sa_type=Text)
    customer_reference: str | None = Field(sa_type=Text, default=None)
    reference_key: str = Field(sa_type=FOLDED, default="")
    comment: str | None = Field(sa_type=Text, default=None)
    origin: str = Field(sa_type=Text)
    mail_order: bool
    vat_exempt: bool
    channel_id: UUID | None = Field(sa_type=Uuid, default=None)
    channel: str | None = Field(sa_type=Text, default=None)
    external_id: str | None = Field(sa_type=Text, default=None)
    fingerprint: bytes | None = Field(sa_type=LargeBinary, default=None)
    sent_at: datetime | None = Field(sa_type=INSTANT, default=None)
    payment_state: str = Field(sa_type=Text)
    paid: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    deposit: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    delivery_charge: Decimal = Field(sa_type=EUROS)
    status: str = Field(sa_type=String(2))
    quantity: int = Field(sa_type=Integer)
    reserved: int = Field(sa_type=Integer)
    has_digital: bool
    warnings: list[str] = Field(sa_type=ARRAY(Text))
    cancelled_at: datetime | None = Field(sa_type=INSTANT, default=None)
    cancel_reason: str | None = Field(sa_type=Text, default=None)
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    version: int = Field(sa_type=Integer)


class OrderTokenRow(Row, table=True):
    """Every word of the name on an order, so that a half-remembered name finds it (A3)."""

    __tablename__: ClassVar[str] = "order_token"
    __table_args__ = (
        PrimaryKeyConstraint("dossier_id", "token", "order_id"),
        ForeignKeyConstraint(["dossier_id", "order_id"], ["customer_order.dossier_id", "customer_order.order_id"]),
        Index("ix_order_token_by_order", "dossier_id", "order_id"),
    )

    token: str = Field(sa_type=FOLDED, primary_key=True)
    order_id: UUID = Field(sa_type=Uuid, primary_key=True)


class OrderLineRow(Row, table=True):
    """A line; the four quantities obey domain.md in the database too. ``queued_at`` and ``number`` place it in its queue."""

    __tablename__: ClassVar[str] = "order_line"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "order_id"], ["customer_order.dossier_id", "customer_order.order_id"]),
        CheckConstraint("ordered >= 1", name="ordered"),
        CheckConstraint("cancelled >= 0 AND set_aside >= 0 AND delivered >= 0", name="quantities"),
        CheckConstraint("set_aside + delivered + cancelled <= ordered", name="sum"),
        CheckConstraint("unit_price >= 0 AND list_price >= 0", name="prices"),
        Index("ix_order_line_by_order", "dossier_id", "order_id", "position"),
        Index(
            "ix_order_line_queue",
            "dossier_id",
            "ean",
            "priority",
            "queued_at",
            "number",
            "position",
            postgresql_where=text("outstanding > 0 AND NOT digital"),
        ),
    )

    line_id: UUID = Field(sa_type=Uuid, primary_key=True)
    order_id: UUID = Field(sa_type=Uuid)
    position: int = Field(sa_type=Integer)
    ean: str = Field(sa_type=String(13, collation="C"))
    title: str = Field(sa_type=Text)
    author: str | None = Field(sa_type=Text, default=None)
    publisher: str | None = Field(sa_type=Text, default=None)
    digital: bool
    ordered: int = Field(sa_type=Integer)
    cancelled: int = Field(sa_type=Integer)
    set_aside: int = Field(sa_type=Integer)
    delivered: int = Field(sa_type=Integer)
    outstanding: int = Field(
        sa_type=Integer, sa_column_args=(Computed("ordered - cancelled - set_aside - delivered", persisted=True),)
    )
    unit_price: Decimal = Field(sa_type=EUROS)
    list_price: Decimal = Field(sa_type=EUROS)
    vat_rate: Decimal = Field(sa_type=PERCENT)
    answer_code: str | None = Field(sa_type=Text, default=None)
    answer_label: str | None = Field(sa_type=Text, default=None)
    answer_source: str | None = Field(sa_type=Text, default=None)
    answer_at: datetime | None = Field(sa_type=INSTANT, default=None)
    priority: int = Field(sa_type=Integer, default=0, sa_column_kwargs={"server_default": "0"})
    queued_at: datetime = Field(sa_type=INSTANT)
    number: int = Field(sa_type=Integer)


class PaymentRow(Row, table=True):
    __tablename__: ClassVar[str] = "payment"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "order_id"], ["customer_order.dossier_id", "customer_order.order_id"]),
        Index("ix_payment_by_order", "dossier_id", "order_id", "at", "payment_id"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    payment_id: UUID = Field(sa_type=Uuid, primary_key=True)
    order_id: UUID = Field(sa_type=Uuid)
    amount: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    kind: str = Field(sa_type=Text)
    method: str = Field(sa_type=Text)
    reference: str | None = Field(sa_type=Text, default=None)
    at: datetime = Field(sa_type=INSTANT)


class ReservationRow(Row, table=True):
    __tablename__: ClassVar[str] = "reservation"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "ean"], ["article.dossier_id", "article.ean"]),
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        ForeignKeyConstraint(["dossier_id", "order_id"], ["customer_order.dossier_id", "customer_order.order_id"]),
        # a line may go once nothing is kept for it; the reservations it had stay
        ForeignKeyConstraint(
            ["dossier_id", "line_id"],
            ["order_line.dossier_id", "order_line.line_id"],
            ondelete="SET NULL (line_id)",
        ),
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint("state IN ('set_aside', 'collected', 'returned', 'written_off')", name="state"),
        CheckConstraint("(state = 'set_aside') = (ended_at IS NULL)", name="ended"),
        Index("ix_reservation_by_date", "dossier_id", "set_aside_at", "reservation_id"),
        Index("ix_reservation_by_name", "dossier_id", "name_key", "reservation_id"),
        Index("ix_reservation_by_customer", "dossier_id", "customer_id", "set_aside_at"),
        Index("ix_reservation_by_line", "dossier_id", "line_id", "set_aside_at"),
        Index("ix_reservation_by_article", "dossier_id", "ean"),
    )

    reservation_id: UUID = Field(sa_type=Uuid, primary_key=True)
    ean: str = Field(sa_type=String(13, collation="C"))
    title: str = Field(sa_type=Text)
    title_key: str = Field(sa_type=FOLDED)
    digital: bool
    quantity: int = Field(sa_type=Integer)
    state: str = Field(sa_type=Text)
    customer_id: UUID | None = Field(sa_type=Uuid, default=None)
    name: str = Field(sa_type=Text)
    name_key: str = Field(sa_type=FOLDED)
    order_id: UUID | None = Field(sa_type=Uuid, default=None)
    line_id: UUID | None = Field(sa_type=Uuid, default=None)
    place: str | None = Field(sa_type=Text, default=None)
    set_aside_at: datetime = Field(sa_type=INSTANT)
    pickup_deadline: date
    ended_at: datetime | None = Field(sa_type=INSTANT, default=None)
    end_reason: str | None = Field(sa_type=Text, default=None)
    version: int = Field(sa_type=Integer)


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


class OutboxEventRow(Row, table=True):
    """What happened. (``xid``, ``seq``) is the order in which a reader below the oldest transaction loses nothing."""

    __tablename__: ClassVar[str] = "outbox_event"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        Index("ix_outbox_event_feed", "dossier_id", "xid", "seq"),
    )

    event_id: UUID = Field(sa_type=Uuid, primary_key=True)
    xid: int = Field(sa_type=Xid8, sa_column_kwargs={"server_default": text("pg_current_xact_id()")})
    seq: int = Field(sa_type=BigInteger, sa_column_args=(Identity(always=True, cache=50),))
    type: str = Field(sa_type=Text)
    subject: UUID = Field(sa_type=Uuid)
    version: int = Field(sa_type=Integer)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)
    data: dict[str, Any] = Field(sa_type=JSONB)


class IdempotencyAnswerRow(Row, table=True):
    """What a caller was told for its key, kept with the effect."""

    __tablename__: ClassVar[str] = "idempotency_answer"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        Index("ix_idempotency_answer_by_age", "dossier_id", "at"),
    )

    client: str = Field(sa_type=Text, primary_key=True)
    key: str = Field(sa_type=Text, primary_key=True)
    fingerprint: bytes = Field(sa_type=LargeBinary)
    status: int = Field(sa_type=Integer)
    headers: list[str] = Field(sa_type=ARRAY(Text))
    body: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=INSTANT)
