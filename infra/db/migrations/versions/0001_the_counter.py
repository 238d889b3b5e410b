"""the counter."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.tables import Xid8

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "dossier",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("order_sequence", sa.Text(), nullable=False),
        sa.Column("customer_counter", sa.Integer(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_code")),
    )
    op.create_table(
        "article",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.String(collation="C"), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("list_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("digital", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("list_price >= 0", name=op.f("ck_article_list_price")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_article_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "ean", name=op.f("pk_article")),
    )
    op.create_index("ix_article_by_title", "article", ["dossier_id", "title_key", "ean"], unique=False)
    op.create_table(
        "article_token",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(collation="C"), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "ean"], ["article.dossier_id", "article.ean"], name=op.f("fk_article_token_article")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "token", "ean", name=op.f("pk_article_token")),
    )
    op.create_index("ix_article_token_by_article", "article_token", ["dossier_id", "ean"], unique=False)
    op.create_table(
        "channel",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_channel_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "channel_id", name=op.f("pk_channel")),
        sa.UniqueConstraint("dossier_id", "code", name=op.f("uq_channel_dossier_id_code")),
    )
    op.create_table(
        "customer",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8, collation="C"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("short_name", sa.String(collation="C"), nullable=False),
        sa.Column("name_key", sa.String(collation="C"), nullable=False),
        sa.Column("barcode", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_key", sa.String(collation="C"), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_key", sa.String(collation="C"), nullable=True),
        sa.Column("fax", sa.Text(), nullable=True),
        sa.Column("no_sms", sa.Boolean(), nullable=False),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("complement", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.String(collation="C"), nullable=True),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("town_key", sa.String(collation="C"), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("mail_order", sa.Boolean(), nullable=False),
        sa.Column("collectivity", sa.Boolean(), nullable=False),
        sa.Column("lending_library", sa.Boolean(), nullable=False),
        sa.Column("vat_exempt", sa.Boolean(), nullable=False),
        sa.Column("on_account", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("fidelity_active", sa.Boolean(), nullable=False),
        sa.Column("fidelity_started_on", sa.Date(), nullable=True),
        sa.Column("light", sa.Text(), nullable=False),
        sa.Column("light_message", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_customer_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "customer_id", name=op.f("pk_customer")),
        sa.UniqueConstraint("dossier_id", "barcode", name=op.f("uq_customer_dossier_id_barcode")),
        sa.UniqueConstraint("dossier_id", "code", name=op.f("uq_customer_dossier_id_code")),
    )
    op.create_index("ix_customer_by_created", "customer", ["dossier_id", "created_at", "customer_id"], unique=False)
    op.create_index("ix_customer_by_email", "customer", ["dossier_id", "email_key"], unique=False)
    op.create_index("ix_customer_by_name", "customer", ["dossier_id", "name_key", "customer_id"], unique=False)
    op.create_index("ix_customer_by_phone", "customer", ["dossier_id", "phone_key"], unique=False)
    op.create_index(
        "ix_customer_by_postal_code", "customer", ["dossier_id", "postal_code", "customer_id"], unique=False
    )
    op.create_index("ix_customer_by_town", "customer", ["dossier_id", "town_key", "customer_id"], unique=False)
    op.create_table(
        "idempotency_answer",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_idempotency_answer_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "client", "key", name=op.f("pk_idempotency_answer")),
    )
    op.create_index("ix_idempotency_answer_by_age", "idempotency_answer", ["dossier_id", "at"], unique=False)
    op.create_table(
        "outbox_event",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True, cache=50), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_outbox_event_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "event_id", name=op.f("pk_outbox_event")),
    )
    op.create_index("ix_outbox_event_feed", "outbox_event", ["dossier_id", "xid", "seq"], unique=False)
    op.create_table(
        "reception",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("reception_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_reception_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "reception_id", name=op.f("pk_reception")),
    )
    op.create_table(
        "staff",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_staff_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "staff_id", name=op.f("pk_staff")),
        sa.UniqueConstraint("dossier_id", "login", name=op.f("uq_staff_dossier_id_login")),
    )
    op.create_table(
        "api_key",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("api_key_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id", "channel_id"], ["channel.dossier_id", "channel.channel_id"], name=op.f("fk_api_key_channel")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "api_key_id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("dossier_id", "digest", name=op.f("uq_api_key_dossier_id_digest")),
    )
    op.create_table(
        "customer_order",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("customer_code", sa.String(length=8, collation="C"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.String(collation="C"), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("complement", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("customer_reference", sa.Text(), nullable=True),
        sa.Column("reference_key", sa.String(collation="C"), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("mail_order", sa.Boolean(), nullable=False),
        sa.Column("vat_exempt", sa.Boolean(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payment_state", sa.Text(), nullable=False),
        sa.Column("paid", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("deposit", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("delivery_charge", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("status", sa.String(length=2), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("has_digital", sa.Boolean(), nullable=False),
        sa.Column("warnings", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('CO', 'LP', 'LT', 'AN', 'BL')", name=op.f("ck_customer_order_status")),
        sa.CheckConstraint(
            "deposit >= 0 AND paid >= deposit AND delivery_charge >= 0", name=op.f("ck_customer_order_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "channel_id"],
            ["channel.dossier_id", "channel.channel_id"],
            name=op.f("fk_customer_order_channel"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_customer_order_customer"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "order_id", name=op.f("pk_customer_order")),
        sa.UniqueConstraint(
            "dossier_id", "channel_id", "external_id", name=op.f("uq_customer_order_dossier_id_channel_id_external_id")
        ),
        sa.UniqueConstraint("dossier_id", "number", name=op.f("uq_customer_order_dossier_id_number")),
    )
    op.create_index(
        "ix_customer_order_by_created", "customer_order", ["dossier_id", "created_at", "order_id"], unique=False
    )
    op.create_index(
        "ix_customer_order_by_customer", "customer_order", ["dossier_id", "customer_id", "created_at"], unique=False
    )
    op.create_index("ix_customer_order_by_name", "customer_order", ["dossier_id", "name_key", "order_id"], unique=False)
    op.create_index(
        "ix_customer_order_by_reference",
        "customer_order",
        ["dossier_id", "reference_key", "order_id"],
        unique=False,
        postgresql_where=sa.text("reference_key <> ''"),
    )
    op.create_index(
        "ix_customer_order_open",
        "customer_order",
        ["dossier_id", "status", "created_at", "order_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('CO', 'LP', 'BL')"),
    )
    op.create_table(
        "customer_token",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(collation="C"), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_customer_token_customer"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "token", "customer_id", name=op.f("pk_customer_token")),
    )
    op.create_index("ix_customer_token_by_customer", "customer_token", ["dossier_id", "customer_id"], unique=False)
    op.create_table(
        "reception_line",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("reception_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "quantity >= 1 AND set_aside >= 0 AND set_aside <= quantity", name=op.f("ck_reception_line_quantities")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "ean"], ["article.dossier_id", "article.ean"], name=op.f("fk_reception_line_article")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "reception_id"],
            ["reception.dossier_id", "reception.reception_id"],
            name=op.f("fk_reception_line_reception"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "reception_id", "position", name=op.f("pk_reception_line")),
    )
    op.create_table(
        "staff_session",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "staff_id"], ["staff.dossier_id", "staff.staff_id"], name=op.f("fk_staff_session_staff")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "digest", name=op.f("pk_staff_session")),
    )
    op.create_table(
        "stock_level",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.CheckConstraint("available >= 0", name=op.f("ck_stock_level_available")),
        sa.CheckConstraint("set_aside >= 0", name=op.f("ck_stock_level_set_aside")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "ean"], ["article.dossier_id", "article.ean"], name=op.f("fk_stock_level_article")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "ean", name=op.f("pk_stock_level")),
    )
    op.create_table(
        "stock_movement",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("movement_id", sa.Uuid(), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reservation_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "ean"], ["article.dossier_id", "article.ean"], name=op.f("fk_stock_movement_article")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "movement_id", name=op.f("pk_stock_movement")),
    )
    op.create_index(
        "ix_stock_movement_by_article", "stock_movement", ["dossier_id", "ean", "at", "movement_id"], unique=False
    )
    op.create_table(
        "order_line",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("digital", sa.Boolean(), nullable=False),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column(
            "outstanding",
            sa.Integer(),
            sa.Computed("ordered - cancelled - set_aside - delivered", persisted=True),
            nullable=False,
        ),
        sa.Column("unit_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("list_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("answer_code", sa.Text(), nullable=True),
        sa.Column("answer_label", sa.Text(), nullable=True),
        sa.Column("answer_source", sa.Text(), nullable=True),
        sa.Column("answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cancelled >= 0 AND set_aside >= 0 AND delivered >= 0", name=op.f("ck_order_line_quantities")
        ),
        sa.CheckConstraint("ordered >= 1", name=op.f("ck_order_line_ordered")),
        sa.CheckConstraint("set_aside + delivered + cancelled <= ordered", name=op.f("ck_order_line_sum")),
        sa.CheckConstraint("unit_price >= 0 AND list_price >= 0", name=op.f("ck_order_line_prices")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "order_id"],
            ["customer_order.dossier_id", "customer_order.order_id"],
            name=op.f("fk_order_line_customer_order"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "line_id", name=op.f("pk_order_line")),
    )
    op.create_index("ix_order_line_by_order", "order_line", ["dossier_id", "order_id", "position"], unique=False)
    op.create_index(
        "ix_order_line_queue",
        "order_line",
        ["dossier_id", "ean", "priority", "queued_at", "number", "position"],
        unique=False,
        postgresql_where=sa.text("outstanding > 0 AND NOT digital"),
    )
    op.create_table(
        "order_token",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(collation="C"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "order_id"],
            ["customer_order.dossier_id", "customer_order.order_id"],
            name=op.f("fk_order_token_customer_order"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "token", "order_id", name=op.f("pk_order_token")),
    )
    op.create_index("ix_order_token_by_order", "order_token", ["dossier_id", "order_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "order_id"],
            ["customer_order.dossier_id", "customer_order.order_id"],
            name=op.f("fk_payment_customer_order"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "payment_id", name=op.f("pk_payment")),
    )
    op.create_index("ix_payment_by_order", "payment", ["dossier_id", "order_id", "at", "payment_id"], unique=False)
    op.create_table(
        "reservation",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("reservation_id", sa.Uuid(), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.String(collation="C"), nullable=False),
        sa.Column("digital", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.String(collation="C"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pickup_deadline", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'set_aside') = (ended_at IS NULL)", name=op.f("ck_reservation_ended")),
        sa.CheckConstraint(
            "state IN ('set_aside', 'collected', 'returned', 'written_off')", name=op.f("ck_reservation_state")
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_reservation_quantity")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_reservation_customer"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "ean"], ["article.dossier_id", "article.ean"], name=op.f("fk_reservation_article")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "line_id"],
            ["order_line.dossier_id", "order_line.line_id"],
            name=op.f("fk_reservation_order_line"),
            ondelete="SET NULL (line_id)",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "order_id"],
            ["customer_order.dossier_id", "customer_order.order_id"],
            name=op.f("fk_reservation_customer_order"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "reservation_id", name=op.f("pk_reservation")),
    )
    op.create_index("ix_reservation_by_article", "reservation", ["dossier_id", "ean"], unique=False)
    op.create_index(
        "ix_reservation_by_customer", "reservation", ["dossier_id", "customer_id", "set_aside_at"], unique=False
    )
    op.create_index(
        "ix_reservation_by_date", "reservation", ["dossier_id", "set_aside_at", "reservation_id"], unique=False
    )
    op.create_index("ix_reservation_by_name", "reservation", ["dossier_id", "name_key", "reservation_id"], unique=False)
    op.create_index("ix_reservation_by_line", "reservation", ["dossier_id", "line_id", "set_aside_at"], unique=False)


def downgrade() -> None:

    op.drop_index("ix_reservation_by_line", table_name="reservation")
    op.drop_index("ix_reservation_by_name", table_name="reservation")
    op.drop_index("ix_reservation_by_date", table_name="reservation")
    op.drop_index("ix_reservation_by_customer", table_name="reservation")
    op.drop_index("ix_reservation_by_article", table_name="reservation")
    op.drop_table("reservation")
    op.drop_index("ix_payment_by_order", table_name="payment")
    op.drop_table("payment")
    op.drop_index("ix_order_token_by_order", table_name="order_token")
    op.drop_table("order_token")
    op.drop_index(
        "ix_order_line_queue", table_name="order_line", postgresql_where=sa.text("outstanding > 0 AND NOT digital")
    )
    op.drop_index("ix_order_line_by_order", table_name="order_line")
    op.drop_table("order_line")
    op.drop_index("ix_stock_movement_by_article", table_name="stock_movement")
    op.drop_table("stock_movement")
    op.drop_table("stock_level")
    op.drop_table("staff_session")
    op.drop_table("reception_line")
    op.drop_index("ix_customer_token_by_customer", table_name="customer_token")
    op.drop_table("customer_token")
    op.drop_index(
        "ix_customer_order_open", table_name="customer_order", postgresql_where=sa.text("status IN ('CO', 'LP', 'BL')")
    )
    op.drop_index(
        "ix_customer_order_by_reference", table_name="customer_order", postgresql_where=sa.text("reference_key <> ''")
    )
    op.drop_index("ix_customer_order_by_name", table_name="customer_order")
    op.drop_index("ix_customer_order_by_customer", table_name="customer_order")
    op.drop_index("ix_customer_order_by_created", table_name="customer_order")
    op.drop_table("customer_order")
    op.drop_table("api_key")
    op.drop_table("staff")
    op.drop_table("reception")
    op.drop_index("ix_outbox_event_feed", table_name="outbox_event")
    op.drop_table("outbox_event")
    op.drop_index("ix_idempotency_answer_by_age", table_name="idempotency_answer")
    op.drop_table("idempotency_answer")
    op.drop_index("ix_customer_by_town", table_name="customer")
    op.drop_index("ix_customer_by_postal_code", table_name="customer")
    op.drop_index("ix_customer_by_phone", table_name="customer")
    op.drop_index("ix_customer_by_name", table_name="customer")
    op.drop_index("ix_customer_by_email", table_name="customer")
    op.drop_index("ix_customer_by_created", table_name="customer")
    op.drop_table("customer")
    op.drop_table("channel")
    op.drop_index("ix_article_by_title", table_name="article")
    op.drop_table("article_token")
    op.drop_table("article")
    op.drop_table("dossier")
