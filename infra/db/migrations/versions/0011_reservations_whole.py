"""Reservations, messages and stock checks, whole; what was bought."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "message_template",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sms", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('fr', 'en')", name=op.f("ck_message_template_language")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_message_template_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "event", "language", name=op.f("pk_message_template")),
    )
    op.create_table(
        "stock_check",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("stock_check_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_stock_check_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "stock_check_id", name=op.f("pk_stock_check")),
    )
    op.create_index("ix_stock_check_by_date", "stock_check", ["dossier_id", "at", "stock_check_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("told_key", sa.String(collation="C"), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state IN ('queued', 'sending')) = (ended_at IS NULL)", name=op.f("ck_message_ended")),
        sa.CheckConstraint("channel IN ('email', 'sms', 'phone')", name=op.f("ck_message_channel")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'withheld', 'dead', 'uncertain')", name=op.f("ck_message_state")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_message_customer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "order_id"],
            ["customer_order.dossier_id", "customer_order.order_id"],
            name=op.f("fk_message_customer_order"),
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_message_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "message_id", name=op.f("pk_message")),
        sa.UniqueConstraint("dossier_id", "told_key", name=op.f("uq_message_dossier_id_told_key")),
    )
    op.create_index("ix_message_by_customer", "message", ["dossier_id", "customer_id", "created_at"], unique=False)
    op.create_index("ix_message_by_date", "message", ["dossier_id", "created_at", "message_id"], unique=False)
    op.create_index("ix_message_by_order", "message", ["dossier_id", "order_id"], unique=False)
    op.create_index(
        "ix_message_in_hand",
        "message",
        ["dossier_id", "state", "created_at", "message_id"],
        unique=False,
        postgresql_where=sa.text("state NOT IN ('sent', 'withheld')"),
    )
    op.create_table(
        "purchase",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("reservation_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_purchase_quantity")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_purchase_customer"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "order_id"],
            ["customer_order.dossier_id", "customer_order.order_id"],
            name=op.f("fk_purchase_customer_order"),
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_purchase_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "purchase_id", name=op.f("pk_purchase")),
        sa.UniqueConstraint("dossier_id", "source", "reference", name=op.f("uq_purchase_dossier_id_source_reference")),
    )
    op.create_index(
        "ix_purchase_by_customer", "purchase", ["dossier_id", "customer_id", "at", "purchase_id"], unique=False
    )
    op.create_index("ix_purchase_by_order", "purchase", ["dossier_id", "order_id"], unique=False)
    op.create_table(
        "message_reservation",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("reservation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "message_id"],
            ["message.dossier_id", "message.message_id"],
            name=op.f("fk_message_reservation_message"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "reservation_id"],
            ["reservation.dossier_id", "reservation.reservation_id"],
            name=op.f("fk_message_reservation_reservation"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "message_id", "reservation_id", name=op.f("pk_message_reservation")),
    )
    op.create_index(
        "ix_message_reservation_by_reservation", "message_reservation", ["dossier_id", "reservation_id"], unique=False
    )
    op.add_column("reservation", sa.Column("end_cause", sa.Text(), nullable=True))
    op.add_column("reservation", sa.Column("ended_by", sa.Text(), nullable=True))
    op.add_column("reservation", sa.Column("email", sa.Text(), nullable=True))
    op.add_column("reservation", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column("reservation", sa.Column("slip_printed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reservation", sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reservation", sa.Column("cancel_requested_by", sa.Text(), nullable=True))
    op.add_column("reservation", sa.Column("cancel_request", sa.Text(), nullable=True))
    op.create_index(
        "ix_reservation_by_deadline",
        "reservation",
        ["dossier_id", "pickup_deadline", "reservation_id"],
        unique=False,
        postgresql_where=sa.text("state = 'set_aside'"),
    )

    op.create_index(
        "ix_stock_movement_of_shrinkage",
        "stock_movement",
        ["dossier_id", "at", "movement_id"],
        unique=False,
        postgresql_where=sa.text("cause IN ('write_off', 'adjust')"),
    )
    # what ended before says why as far as its state tells
    op.execute("""
        UPDATE reservation SET end_cause = CASE state WHEN 'collected' THEN 'collected' WHEN 'written_off' THEN 'not_found'
                                           ELSE 'cancelled' END
        WHERE state <> 'set_aside'
    """)
    # a shop that has copies aside for long already is not to write to everybody at once: it says when messages begin
    op.execute("""
        UPDATE dossier SET settings = settings || '{"messages": {
            "channels": ["email", "sms"], "steps": [["arrival", 0], ["reminder_1", 7], ["last_call", 14]],
            "automatic": [], "grace": 15, "from_hour": 9, "to_hour": 19
        }}'
    """)
    op.create_check_constraint(
        op.f("ck_reservation_end_cause"), "reservation", "(state = 'set_aside') = (end_cause IS NULL)"
    )


def downgrade() -> None:
    op.drop_index(
        "ix_stock_movement_of_shrinkage",
        table_name="stock_movement",
        postgresql_where=sa.text("cause IN ('write_off', 'adjust')"),
    )
    op.drop_constraint(op.f("ck_reservation_end_cause"), "reservation", type_="check")
    op.drop_index(
        "ix_reservation_by_deadline", table_name="reservation", postgresql_where=sa.text("state = 'set_aside'")
    )
    op.drop_column("reservation", "cancel_request")
    op.drop_column("reservation", "cancel_requested_by")
    op.drop_column("reservation", "cancel_requested_at")
    op.drop_column("reservation", "slip_printed_at")
    op.drop_column("reservation", "phone")
    op.drop_column("reservation", "email")
    op.drop_column("reservation", "ended_by")
    op.drop_column("reservation", "end_cause")
    op.drop_index("ix_message_reservation_by_reservation", table_name="message_reservation")
    op.drop_table("message_reservation")
    op.drop_index("ix_purchase_by_order", table_name="purchase")
    op.drop_index("ix_purchase_by_customer", table_name="purchase")
    op.drop_table("purchase")
    op.drop_index(
        "ix_message_in_hand", table_name="message", postgresql_where=sa.text("state NOT IN ('sent', 'withheld')")
    )
    op.drop_index("ix_message_by_order", table_name="message")
    op.drop_index("ix_message_by_date", table_name="message")
    op.drop_index("ix_message_by_customer", table_name="message")
    op.drop_table("message")
    op.drop_index("ix_stock_check_by_date", table_name="stock_check")
    op.drop_table("stock_check")
    op.drop_table("message_template")
