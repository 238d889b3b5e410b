"""Purchases whole; loyalty, named deposits, invoices and their reminders."""

import sqlalchemy as sa
from alembic import op

from domain.model.values import folded

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "invoice",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(collation="C"), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("billed_to_id", sa.Uuid(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("total", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("paid", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('awaited', 'promised', 'disputed', 'bill', 'doubtful')", name=op.f("ck_invoice_state")
        ),
        sa.CheckConstraint(
            "CASE WHEN total >= 0 THEN paid BETWEEN 0 AND total ELSE paid BETWEEN total AND 0 END",
            name=op.f("ck_invoice_paid"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "billed_to_id"], ["customer.dossier_id", "customer.customer_id"], name="fk_invoice_billed_to"
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_invoice_customer"),
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_invoice_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "invoice_id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("dossier_id", "number", name=op.f("uq_invoice_dossier_id_number")),
    )
    op.create_index("ix_invoice_by_billed_to", "invoice", ["dossier_id", "billed_to_id"], unique=False)
    op.create_index(
        "ix_invoice_by_customer", "invoice", ["dossier_id", "customer_id", "due_on", "invoice_id"], unique=False
    )
    op.create_index(
        "ix_invoice_unpaid",
        "invoice",
        ["dossier_id", "due_on", "invoice_id"],
        unique=False,
        postgresql_where=sa.text("paid <> total"),
    )
    op.create_table(
        "named_deposit_entry",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("named_deposit_entry_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(amount >= 0) = (cause IN ('received', 'returned')) OR amount = 0",
            name=op.f("ck_named_deposit_entry_sign"),
        ),
        sa.CheckConstraint(
            "(order_id IS NULL) = (cause IN ('received', 'refunded'))", name=op.f("ck_named_deposit_entry_order")
        ),
        sa.CheckConstraint(
            "cause IN ('received', 'used', 'returned', 'refunded')", name=op.f("ck_named_deposit_entry_cause")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_named_deposit_entry_customer"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "order_id"],
            ["customer_order.dossier_id", "customer_order.order_id"],
            name=op.f("fk_named_deposit_entry_customer_order"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "named_deposit_entry_id", name=op.f("pk_named_deposit_entry")),
    )
    op.create_index(
        "ix_named_deposit_entry_by_customer",
        "named_deposit_entry",
        ["dossier_id", "customer_id", "at", "named_deposit_entry_id"],
        unique=False,
    )
    op.create_index("ix_named_deposit_entry_by_order", "named_deposit_entry", ["dossier_id", "order_id"], unique=False)
    op.create_table(
        "invoice_reminder",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_reminder_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("channel IN ('email', 'post')", name=op.f("ck_invoice_reminder_channel")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_invoice_reminder_customer"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "message_id"],
            ["message.dossier_id", "message.message_id"],
            name=op.f("fk_invoice_reminder_message"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "invoice_reminder_id", name=op.f("pk_invoice_reminder")),
    )
    op.create_index(
        "ix_invoice_reminder_by_customer", "invoice_reminder", ["dossier_id", "customer_id", "at"], unique=False
    )
    op.create_index("ix_invoice_reminder_by_run", "invoice_reminder", ["dossier_id", "run_id"], unique=False)
    op.create_table(
        "loyalty_entry",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("loyalty_entry_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("purchases", sa.Integer(), nullable=False),
        sa.Column("base", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('opening', 'purchase', 'refund', 'redeem', 'redeem_undone', 'expire', 'expire_undone', 'shortfall', 'recovery', 'adjust', 'merge')",
            name=op.f("ck_loyalty_entry_cause"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_loyalty_entry_customer"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "purchase_id"],
            ["purchase.dossier_id", "purchase.purchase_id"],
            name=op.f("fk_loyalty_entry_purchase"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "loyalty_entry_id", name=op.f("pk_loyalty_entry")),
        sa.UniqueConstraint(
            "dossier_id", "cause", "reference", name=op.f("uq_loyalty_entry_dossier_id_cause_reference")
        ),
    )
    op.create_index(
        "ix_loyalty_entry_by_customer",
        "loyalty_entry",
        ["dossier_id", "customer_id", "at", "loyalty_entry_id"],
        unique=False,
    )
    op.create_index("ix_loyalty_entry_by_purchase", "loyalty_entry", ["dossier_id", "purchase_id"], unique=False)
    op.create_table(
        "reminded_invoice",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_reminder_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("unpaid", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "invoice_id"],
            ["invoice.dossier_id", "invoice.invoice_id"],
            name=op.f("fk_reminded_invoice_invoice"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "invoice_reminder_id"],
            ["invoice_reminder.dossier_id", "invoice_reminder.invoice_reminder_id"],
            name=op.f("fk_reminded_invoice_invoice_reminder"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "invoice_reminder_id", "invoice_id", name=op.f("pk_reminded_invoice")),
        sa.UniqueConstraint(
            "dossier_id", "invoice_id", "step", name=op.f("uq_reminded_invoice_dossier_id_invoice_id_step")
        ),
    )
    op.add_column("customer", sa.Column("fidelity_program", sa.Text(), nullable=True))
    op.add_column("purchase", sa.Column("net", sa.Numeric(precision=12, scale=2), nullable=True))
    op.add_column("purchase", sa.Column("list_price", sa.Numeric(precision=12, scale=2), nullable=True))
    op.add_column("purchase", sa.Column("author", sa.Text(), nullable=True))
    op.add_column("purchase", sa.Column("author_key", sa.String(collation="C"), nullable=True))
    op.add_column("purchase", sa.Column("kind", sa.Text(), nullable=True))
    op.add_column("purchase", sa.Column("digital", sa.Boolean(), nullable=True))
    op.add_column("purchase", sa.Column("school_book", sa.Boolean(), nullable=True))
    op.add_column("purchase", sa.Column("buyer", sa.Text(), nullable=True))
    op.add_column("purchase", sa.Column("shipped", sa.Boolean(), nullable=True))
    op.add_column("purchase", sa.Column("document", sa.Text(), nullable=True))
    op.add_column("purchase", sa.Column("sales_rep_id", sa.Uuid(), nullable=True))
    op.add_column("purchase", sa.Column("undoes_id", sa.Uuid(), nullable=True))
    op.execute("""
        UPDATE purchase p SET
            net = round(p.amount / (1 + p.vat_rate / 100), 2),
            list_price = coalesce(a.list_price, abs(round(p.amount / p.quantity, 2))),
            author = a.author, kind = coalesce(a.kind, 'book'), digital = coalesce(a.digital, false),
            school_book = coalesce(a.school_book, false),
            buyer = CASE WHEN c.lending_library THEN 'library' WHEN c.collectivity THEN 'public_body' ELSE 'private' END,
            shipped = coalesce(o.mail_order, false)
        FROM purchase q
        LEFT JOIN article a ON a.dossier_id = q.dossier_id AND a.ean = q.ean
        LEFT JOIN customer c ON c.dossier_id = q.dossier_id AND c.customer_id = q.customer_id
        LEFT JOIN customer_order o ON o.dossier_id = q.dossier_id AND o.order_id = q.order_id
        WHERE q.dossier_id = p.dossier_id AND q.purchase_id = p.purchase_id
    """)
    bind = op.get_bind()
    for author in bind.execute(sa.text("SELECT DISTINCT author FROM purchase")).scalars().all():
        bind.execute(
            sa.text("UPDATE purchase SET author_key = :key WHERE author IS NOT DISTINCT FROM :author"),
            {"key": folded(author or ""), "author": author},
        )
    for column in ("net", "list_price", "author_key", "kind", "digital", "school_book", "buyer", "shipped"):
        op.alter_column("purchase", column, nullable=False)
    op.create_check_constraint(op.f("ck_purchase_undoes"), "purchase", "undoes_id IS NULL OR quantity < 0")
    op.create_check_constraint(
        op.f("ck_purchase_buyer"), "purchase", "buyer IN ('private', 'public_body', 'library', 'school_association')"
    )
    op.create_check_constraint(op.f("ck_purchase_kind"), "purchase", "kind IN ('book', 'used_book', 'other')")
    op.create_index("ix_purchase_by_article", "purchase", ["dossier_id", "ean", "customer_id"], unique=False)
    op.create_index("ix_purchase_by_author", "purchase", ["dossier_id", "author_key", "customer_id"], unique=False)
    op.create_index("ix_purchase_by_date", "purchase", ["dossier_id", "at"], unique=False)
    op.create_index(
        "ix_purchase_undoing",
        "purchase",
        ["dossier_id", "undoes_id"],
        unique=False,
        postgresql_where=sa.text("undoes_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_purchase_purchase"), "purchase", "purchase", ["dossier_id", "undoes_id"], ["dossier_id", "purchase_id"]
    )
    op.create_foreign_key(
        op.f("fk_purchase_third_party"),
        "purchase",
        "third_party",
        ["dossier_id", "sales_rep_id"],
        ["dossier_id", "third_party_id"],
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_purchase_third_party"), "purchase", type_="foreignkey")
    op.drop_constraint(op.f("fk_purchase_purchase"), "purchase", type_="foreignkey")
    op.drop_index("ix_purchase_undoing", table_name="purchase", postgresql_where=sa.text("undoes_id IS NOT NULL"))
    op.drop_index("ix_purchase_by_date", table_name="purchase")
    op.drop_index("ix_purchase_by_author", table_name="purchase")
    op.drop_index("ix_purchase_by_article", table_name="purchase")
    op.drop_column("purchase", "undoes_id")
    op.drop_column("purchase", "sales_rep_id")
    op.drop_column("purchase", "document")
    op.drop_column("purchase", "shipped")
    op.drop_column("purchase", "buyer")
    op.drop_column("purchase", "school_book")
    op.drop_column("purchase", "digital")
    op.drop_column("purchase", "kind")
    op.drop_column("purchase", "author_key")
    op.drop_column("purchase", "author")
    op.drop_column("purchase", "list_price")
    op.drop_column("purchase", "net")
    op.drop_column("customer", "fidelity_program")
    op.drop_table("reminded_invoice")
    op.drop_index("ix_loyalty_entry_by_purchase", table_name="loyalty_entry")
    op.drop_index("ix_loyalty_entry_by_customer", table_name="loyalty_entry")
    op.drop_table("loyalty_entry")
    op.drop_index("ix_invoice_reminder_by_run", table_name="invoice_reminder")
    op.drop_index("ix_invoice_reminder_by_customer", table_name="invoice_reminder")
    op.drop_table("invoice_reminder")
    op.drop_index("ix_named_deposit_entry_by_order", table_name="named_deposit_entry")
    op.drop_index("ix_named_deposit_entry_by_customer", table_name="named_deposit_entry")
    op.drop_table("named_deposit_entry")
    op.drop_index("ix_invoice_unpaid", table_name="invoice", postgresql_where=sa.text("paid <> total"))
    op.drop_index("ix_invoice_by_customer", table_name="invoice")
    op.drop_index("ix_invoice_by_billed_to", table_name="invoice")
    op.drop_table("invoice")
