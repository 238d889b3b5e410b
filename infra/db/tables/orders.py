"""Customer orders and what hangs on them: payments, deposits, answers, delivery notes, reservations."""

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
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from infra.db.tables.base import EUROS, EUROS_OF_AN_ORDER, FOLDED, INSTANT, PERCENT, Row


class CustomerOrderRow(Row, table=True):
    __tablename__: ClassVar[str] = "customer_order"
    __table_args__ = (
        UniqueConstraint("dossier_id", "number"),
        UniqueConstraint("dossier_id", "channel_id", "external_id"),
        ForeignKeyConstraint(["dossier_id", "customer_id"], ["customer.dossier_id", "customer.customer_id"]),
        ForeignKeyConstraint(["dossier_id", "channel_id"], ["channel.dossier_id", "channel.channel_id"]),
        CheckConstraint("status IN ('CO', 'LP', 'LT', 'AN', 'BL')", name="status"),
        ForeignKeyConstraint(
            ["dossier_id", "billed_to_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name="fk_customer_order_billed_to",
        ),
        ForeignKeyConstraint(
            ["dossier_id", "delivery_address_id"],
            ["address.dossier_id", "address.address_id"],
            ondelete="SET NULL (delivery_address_id)",
        ),
        ForeignKeyConstraint(
            ["dossier_id", "contact_id"],
            ["contact_person.dossier_id", "contact_person.contact_id"],
            ondelete="SET NULL (contact_id)",
        ),
        ForeignKeyConstraint(
            ["dossier_id", "bank_account_id"],
            ["bank_account.dossier_id", "bank_account.bank_account_id"],
            ondelete="SET NULL (bank_account_id)",
        ),
        CheckConstraint("deposit >= 0 AND paid >= deposit AND delivery_charge >= 0", name="amounts"),
        CheckConstraint("deposit_used >= 0 AND deposit_used <= deposit AND refunded >= 0", name="deposit"),
        CheckConstraint("(billed_to_id IS NULL) = (billing IS NULL)", name="billing"),
        Index(
            "ix_customer_order_by_billed",
            "dossier_id",
            "billed_to_id",
            "created_at",
            postgresql_where=text("billed_to_id IS NOT NULL"),
        ),
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
    recipient: str | None = Field(sa_type=Text, default=None)
    complement: str | None = Field(sa_type=Text, default=None)
    building: str | None = Field(sa_type=Text, default=None)
    street: str | None = Field(sa_type=Text, default=None)
    locality: str | None = Field(sa_type=Text, default=None)
    postal_code: str | None = Field(sa_type=Text, default=None)
    town: str | None = Field(sa_type=Text, default=None)
    country: str = Field(sa_type=Text)
    customer_reference: str | None = Field(sa_type=Text, default=None)
    reference_key: str = Field(sa_type=FOLDED, default="")
    comment: str | None = Field(sa_type=Text, default=None)
    origin: str = Field(sa_type=Text)
    quote_reference: str | None = Field(sa_type=Text, default=None)
    mail_order: bool
    vat_exempt: bool
    billed_to_id: UUID | None = Field(sa_type=Uuid, default=None)
    billing: dict[str, Any] | None = Field(sa_type=JSONB(none_as_null=True), default=None)
    delivery_address_id: UUID | None = Field(sa_type=Uuid, default=None)
    contact_id: UUID | None = Field(sa_type=Uuid, default=None)
    bank_account_id: UUID | None = Field(sa_type=Uuid, default=None)
    back_orders: bool
    channel_id: UUID | None = Field(sa_type=Uuid, default=None)
    channel: str | None = Field(sa_type=Text, default=None)
    external_id: str | None = Field(sa_type=Text, default=None)
    fingerprint: bytes | None = Field(sa_type=LargeBinary, default=None)
    sent_at: datetime | None = Field(sa_type=INSTANT, default=None)
    payment_state: str = Field(sa_type=Text)
    paid: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    deposit: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    deposit_used: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    refunded: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    delivery_charge: Decimal = Field(sa_type=EUROS)
    charge_ruling: dict[str, Any] | None = Field(sa_type=JSONB(none_as_null=True), default=None)
    total: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    discount: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    vat_totals: list[dict[str, Any]] = Field(sa_type=JSONB)
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
        CheckConstraint("supplied >= 0 AND dropped >= 0 AND dropped <= cancelled", name="supplied"),
        CheckConstraint("kind IN ('book', 'used_book', 'other')", name="kind"),
        CheckConstraint("suspended_until IS NULL OR set_aside = 0", name="suspended"),
        ForeignKeyConstraint(["dossier_id", "sales_rep_id"], ["third_party.dossier_id", "third_party.third_party_id"]),
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
        Index(
            "ix_order_line_untreated",
            "dossier_id",
            "queued_at",
            "line_id",
            postgresql_where=text("outstanding > supplied AND NOT digital"),
        ),
        Index(
            "ix_order_line_suspended",
            "dossier_id",
            "suspended_until",
            postgresql_where=text("suspended_until IS NOT NULL"),
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
    supplied: int = Field(sa_type=Integer)
    dropped: int = Field(sa_type=Integer)
    cancel_reason: str | None = Field(sa_type=Text, default=None)
    kind: str = Field(sa_type=Text)
    school_book: bool
    unit_price: Decimal = Field(sa_type=EUROS)
    list_price: Decimal = Field(sa_type=EUROS)
    vat_rate: Decimal = Field(sa_type=PERCENT)
    price_source: str = Field(sa_type=Text)
    ruling: dict[str, Any] | None = Field(sa_type=JSONB(none_as_null=True), default=None)
    earns_loyalty: bool
    amount: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    net: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    sales_rep_id: UUID | None = Field(sa_type=Uuid, default=None)
    suspended_until: date | None = None
    answer_code: str | None = Field(sa_type=Text, default=None)
    answer_label: str | None = Field(sa_type=Text, default=None)
    answer_source: str | None = Field(sa_type=Text, default=None)
    answer_at: datetime | None = Field(sa_type=INSTANT, default=None)
    answer_effect: str | None = Field(sa_type=Text, default=None)
    answer_new_ean: str | None = Field(sa_type=String(13, collation="C"), default=None)
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


class LineAnswerRow(Row, table=True):
    """What was ever said of a line (A15)."""

    __tablename__: ClassVar[str] = "line_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["dossier_id", "line_id"], ["order_line.dossier_id", "order_line.line_id"], ondelete="CASCADE"
        ),
        CheckConstraint("effect IN ('wait', 'ask', 'reorder', 'move', 'close')", name="effect"),
        Index("ix_line_answer_by_line", "dossier_id", "line_id", "at", "line_answer_id"),
    )

    line_answer_id: UUID = Field(sa_type=Uuid, primary_key=True)
    order_id: UUID = Field(sa_type=Uuid)
    line_id: UUID = Field(sa_type=Uuid)
    code: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    effect: str = Field(sa_type=Text)
    new_ean: str | None = Field(sa_type=String(13, collation="C"), default=None)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)


class DepositEntryRow(Row, table=True):
    """The ledger of deposits (acomptes): what an order's can still be used for is the sum."""

    __tablename__: ClassVar[str] = "deposit_entry"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "order_id"], ["customer_order.dossier_id", "customer_order.order_id"]),
        CheckConstraint("cause IN ('received', 'used', 'unused', 'refunded')", name="cause"),
        CheckConstraint("(amount >= 0) = (cause IN ('received', 'unused')) OR amount = 0", name="sign"),
        Index("ix_deposit_entry_by_order", "dossier_id", "order_id", "at", "deposit_entry_id"),
    )

    deposit_entry_id: UUID = Field(sa_type=Uuid, primary_key=True)
    order_id: UUID = Field(sa_type=Uuid)
    amount: Decimal = Field(sa_type=EUROS_OF_AN_ORDER)
    cause: str = Field(sa_type=Text)
    method: str | None = Field(sa_type=Text, default=None)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)


class DeliveryNoteRow(Row, table=True):
    """A bon de livraison (A18); ``contact`` is whom and where it went to."""

    __tablename__: ClassVar[str] = "delivery_note"
    __table_args__ = (
        UniqueConstraint("dossier_id", "number"),
        ForeignKeyConstraint(["dossier_id", "order_id"], ["customer_order.dossier_id", "customer_order.order_id"]),
        CheckConstraint("delivery_charge >= 0", name="delivery_charge"),
        Index("ix_delivery_note_by_order", "dossier_id", "order_id", "number"),
    )

    delivery_note_id: UUID = Field(sa_type=Uuid, primary_key=True)
    number: int = Field(sa_type=Integer)
    order_id: UUID = Field(sa_type=Uuid)
    contact: dict[str, Any] = Field(sa_type=JSONB)
    shipped: bool
    delivery_charge: Decimal = Field(sa_type=EUROS)
    charge_ruling: dict[str, Any] | None = Field(sa_type=JSONB(none_as_null=True), default=None)
    created_at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)


class DeliveryNoteLineRow(Row, table=True):
    __tablename__: ClassVar[str] = "delivery_note_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["dossier_id", "delivery_note_id"], ["delivery_note.dossier_id", "delivery_note.delivery_note_id"]
        ),
        # a line whose copies all came back may go; the note that delivered them stays
        ForeignKeyConstraint(
            ["dossier_id", "line_id"],
            ["order_line.dossier_id", "order_line.line_id"],
            ondelete="SET NULL (line_id)",
        ),
        CheckConstraint("quantity >= 1 AND left_over >= 0", name="quantities"),
        Index("ix_delivery_note_line_by_line", "dossier_id", "line_id"),
    )

    delivery_note_id: UUID = Field(sa_type=Uuid, primary_key=True)
    position: int = Field(sa_type=Integer, primary_key=True)
    line_id: UUID | None = Field(sa_type=Uuid, default=None)
    ean: str = Field(sa_type=String(13, collation="C"))
    title: str = Field(sa_type=Text)
    quantity: int = Field(sa_type=Integer)
    left_over: int = Field(sa_type=Integer)
    unit_price: Decimal = Field(sa_type=EUROS)
    vat_rate: Decimal = Field(sa_type=PERCENT)
    exempt: bool


class QueueChangeRow(Row, table=True):
    """Who put an article's queue in another order, and why (C5)."""

    __tablename__: ClassVar[str] = "queue_change"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "ean"], ["article.dossier_id", "article.ean"]),
        Index("ix_queue_change_by_article", "dossier_id", "ean", "at", "queue_change_id"),
    )

    queue_change_id: UUID = Field(sa_type=Uuid, primary_key=True)
    ean: str = Field(sa_type=String(13, collation="C"))
    before: list[UUID] = Field(sa_type=ARRAY(Uuid))
    after: list[UUID] = Field(sa_type=ARRAY(Uuid))
    reason: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)


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
        CheckConstraint("(state = 'set_aside') = (end_cause IS NULL)", name="end_cause"),
        Index("ix_reservation_by_date", "dossier_id", "set_aside_at", "reservation_id"),
        Index("ix_reservation_by_name", "dossier_id", "name_key", "reservation_id"),
        Index("ix_reservation_by_customer", "dossier_id", "customer_id", "set_aside_at"),
        Index("ix_reservation_by_line", "dossier_id", "line_id", "set_aside_at"),
        Index("ix_reservation_by_order", "dossier_id", "order_id"),
        Index("ix_reservation_by_article", "dossier_id", "ean"),
        Index(
            "ix_reservation_by_deadline",
            "dossier_id",
            "pickup_deadline",
            "reservation_id",
            postgresql_where=text("state = 'set_aside'"),
        ),
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
    end_cause: str | None = Field(sa_type=Text, default=None)
    ended_by: str | None = Field(sa_type=Text, default=None)
    email: str | None = Field(sa_type=Text, default=None)
    phone: str | None = Field(sa_type=Text, default=None)
    slip_printed_at: datetime | None = Field(sa_type=INSTANT, default=None)
    cancel_requested_at: datetime | None = Field(sa_type=INSTANT, default=None)
    cancel_requested_by: str | None = Field(sa_type=Text, default=None)
    cancel_request: str | None = Field(sa_type=Text, default=None)
    version: int = Field(sa_type=Integer)
