"""Orders, prices and supply, whole: what supplier orders, delivery notes, answers, deposits and saved lists are kept in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

FILLED = {
    "article": ("kind", "school_book"),
    "customer_order": ("back_orders", "deposit_used", "refunded", "total", "discount", "vat_totals"),
    "order_line": ("supplied", "dropped", "kind", "school_book", "price_source", "earns_loyalty", "amount", "net"),
    "reception": ("kind",),
}
"""Columns of tables that have rows: a default fills them first."""


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table, column and index
    op.create_table(
        "category",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(collation="C"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.String(collation="C"), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("level IN ('shop', 'sector', 'category')", name=op.f("ck_category_level")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "parent"], ["category.dossier_id", "category.code"], name=op.f("fk_category_category")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_category_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "code", name=op.f("pk_category")),
    )
    op.create_index("ix_category_by_parent", "category", ["dossier_id", "parent"], unique=False)
    op.create_table(
        "known_answer",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(collation="C"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "effect IN ('wait', 'ask', 'reorder', 'move', 'close')", name=op.f("ck_known_answer_effect")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_known_answer_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "code", name=op.f("pk_known_answer")),
    )
    op.create_table(
        "saved_list",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("saved_list_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.String(collation="C"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_saved_list_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "saved_list_id", name=op.f("pk_saved_list")),
    )
    op.create_index("ix_saved_list_by_name", "saved_list", ["dossier_id", "name_key", "saved_list_id"], unique=False)
    op.create_table(
        "supplier_order",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_name", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("validated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'validated', 'partly_received', 'received', 'cancelled')",
            name=op.f("ck_supplier_order_state"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "supplier_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            name=op.f("fk_supplier_order_third_party"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "supplier_order_id", name=op.f("pk_supplier_order")),
        sa.UniqueConstraint("dossier_id", "number", name=op.f("uq_supplier_order_dossier_id_number")),
    )
    op.create_index(
        "ix_supplier_order_by_created",
        "supplier_order",
        ["dossier_id", "created_at", "supplier_order_id"],
        unique=False,
    )
    op.create_index(
        "ix_supplier_order_by_supplier", "supplier_order", ["dossier_id", "supplier_id", "state"], unique=False
    )
    op.create_table(
        "tariff_rule",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("tariff_rule_id", sa.Uuid(), nullable=False),
        sa.Column("tariff", sa.String(collation="C"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("category", sa.String(collation="C"), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.CheckConstraint("percent >= 0 AND percent <= 100", name=op.f("ck_tariff_rule_percent")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "category"], ["category.dossier_id", "category.code"], name=op.f("fk_tariff_rule_category")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_tariff_rule_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "tariff_rule_id", name=op.f("pk_tariff_rule")),
    )
    op.create_index("ix_tariff_rule_by_tariff", "tariff_rule", ["dossier_id", "tariff", "position"], unique=False)
    op.create_table(
        "queue_change",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("queue_change_id", sa.Uuid(), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("before", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("after", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "ean"], ["article.dossier_id", "article.ean"], name=op.f("fk_queue_change_article")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "queue_change_id", name=op.f("pk_queue_change")),
    )
    op.create_index(
        "ix_queue_change_by_article", "queue_change", ["dossier_id", "ean", "at", "queue_change_id"], unique=False
    )
    op.create_table(
        "saved_list_line",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("saved_list_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_saved_list_line_quantity")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "ean"], ["article.dossier_id", "article.ean"], name=op.f("fk_saved_list_line_article")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "saved_list_id"],
            ["saved_list.dossier_id", "saved_list.saved_list_id"],
            name=op.f("fk_saved_list_line_saved_list"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "saved_list_id", "position", name=op.f("pk_saved_list_line")),
    )
    op.create_index("ix_saved_list_line_by_article", "saved_list_line", ["dossier_id", "ean"], unique=False)
    op.create_table(
        "supplier_line",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_line_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column(
            "outstanding",
            sa.Integer(),
            sa.Computed("greatest(ordered - received - cancelled, 0)", persisted=True),
            nullable=False,
        ),
        sa.Column("answer_code", sa.Text(), nullable=True),
        sa.Column("answer_label", sa.Text(), nullable=True),
        sa.Column("answer_source", sa.Text(), nullable=True),
        sa.Column("answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_effect", sa.Text(), nullable=True),
        sa.Column("answer_new_ean", sa.String(length=13, collation="C"), nullable=True),
        sa.CheckConstraint(
            "ordered >= 1 AND received >= 0 AND cancelled >= 0", name=op.f("ck_supplier_line_quantities")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "ean"], ["article.dossier_id", "article.ean"], name=op.f("fk_supplier_line_article")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "supplier_order_id"],
            ["supplier_order.dossier_id", "supplier_order.supplier_order_id"],
            name=op.f("fk_supplier_line_supplier_order"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "supplier_line_id", name=op.f("pk_supplier_line")),
    )
    op.create_index("ix_supplier_line_by_article", "supplier_line", ["dossier_id", "ean"], unique=False)
    op.create_index(
        "ix_supplier_line_by_order", "supplier_line", ["dossier_id", "supplier_order_id", "position"], unique=False
    )
    op.create_index(
        "ix_supplier_line_to_come",
        "supplier_line",
        ["dossier_id", "ean"],
        unique=False,
        postgresql_where=sa.text("outstanding > 0"),
    )
    op.create_table(
        "delivery_note",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_note_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("contact", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("delivery_charge", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("charge_ruling", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("delivery_charge >= 0", name=op.f("ck_delivery_note_delivery_charge")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "order_id"],
            ["customer_order.dossier_id", "customer_order.order_id"],
            name=op.f("fk_delivery_note_customer_order"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "delivery_note_id", name=op.f("pk_delivery_note")),
        sa.UniqueConstraint("dossier_id", "number", name=op.f("uq_delivery_note_dossier_id_number")),
    )
    op.create_index("ix_delivery_note_by_order", "delivery_note", ["dossier_id", "order_id", "number"], unique=False)
    op.create_table(
        "deposit_entry",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("deposit_entry_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(amount >= 0) = (cause IN ('received', 'unused')) OR amount = 0", name=op.f("ck_deposit_entry_sign")
        ),
        sa.CheckConstraint("cause IN ('received', 'used', 'unused', 'refunded')", name=op.f("ck_deposit_entry_cause")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "order_id"],
            ["customer_order.dossier_id", "customer_order.order_id"],
            name=op.f("fk_deposit_entry_customer_order"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "deposit_entry_id", name=op.f("pk_deposit_entry")),
    )
    op.create_index(
        "ix_deposit_entry_by_order", "deposit_entry", ["dossier_id", "order_id", "at", "deposit_entry_id"], unique=False
    )
    op.create_table(
        "reception_supply",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("reception_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_line_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_reception_supply_quantity")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "reception_id"],
            ["reception.dossier_id", "reception.reception_id"],
            name=op.f("fk_reception_supply_reception"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "supplier_line_id"],
            ["supplier_line.dossier_id", "supplier_line.supplier_line_id"],
            name=op.f("fk_reception_supply_supplier_line"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "reception_id", "supplier_line_id", name=op.f("pk_reception_supply")),
    )
    op.create_index("ix_reception_supply_by_line", "reception_supply", ["dossier_id", "supplier_line_id"], unique=False)
    op.create_table(
        "delivery_note_line",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_note_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("ean", sa.String(length=13, collation="C"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("left_over", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("exempt", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity >= 1 AND left_over >= 0", name=op.f("ck_delivery_note_line_quantities")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "delivery_note_id"],
            ["delivery_note.dossier_id", "delivery_note.delivery_note_id"],
            name=op.f("fk_delivery_note_line_delivery_note"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "line_id"],
            ["order_line.dossier_id", "order_line.line_id"],
            name=op.f("fk_delivery_note_line_order_line"),
            ondelete="SET NULL (line_id)",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "delivery_note_id", "position", name=op.f("pk_delivery_note_line")),
    )
    op.create_index("ix_delivery_note_line_by_line", "delivery_note_line", ["dossier_id", "line_id"], unique=False)
    op.create_table(
        "line_answer",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("line_answer_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("new_ean", sa.String(length=13, collation="C"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("effect IN ('wait', 'ask', 'reorder', 'move', 'close')", name=op.f("ck_line_answer_effect")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "line_id"],
            ["order_line.dossier_id", "order_line.line_id"],
            name=op.f("fk_line_answer_order_line"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "line_answer_id", name=op.f("pk_line_answer")),
    )
    op.create_index(
        "ix_line_answer_by_line", "line_answer", ["dossier_id", "line_id", "at", "line_answer_id"], unique=False
    )
    op.create_table(
        "supply_link",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_line_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "quantity >= 1 AND received >= 0 AND received <= quantity", name=op.f("ck_supply_link_quantities")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "line_id"],
            ["order_line.dossier_id", "order_line.line_id"],
            name=op.f("fk_supply_link_order_line"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "supplier_line_id"],
            ["supplier_line.dossier_id", "supplier_line.supplier_line_id"],
            name=op.f("fk_supply_link_supplier_line"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "supplier_line_id", "line_id", name=op.f("pk_supply_link")),
    )
    op.create_index("ix_supply_link_by_line", "supply_link", ["dossier_id", "line_id"], unique=False)
    op.add_column("article", sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("'book'")))
    op.add_column("article", sa.Column("school_book", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("article", sa.Column("category", sa.String(collation="C"), nullable=True))
    op.add_column("article", sa.Column("supplier_id", sa.Uuid(), nullable=True))
    op.add_column("article", sa.Column("availability", sa.Text(), nullable=True))
    op.add_column("article", sa.Column("published_on", sa.Date(), nullable=True))
    op.create_index("ix_article_by_category", "article", ["dossier_id", "category"], unique=False)
    op.create_index("ix_article_by_supplier", "article", ["dossier_id", "supplier_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_article_category"), "article", "category", ["dossier_id", "category"], ["dossier_id", "code"]
    )
    op.create_foreign_key(
        op.f("fk_article_third_party"),
        "article",
        "third_party",
        ["dossier_id", "supplier_id"],
        ["dossier_id", "third_party_id"],
    )
    op.add_column("customer_order", sa.Column("quote_reference", sa.Text(), nullable=True))
    op.add_column("customer_order", sa.Column("billed_to_id", sa.Uuid(), nullable=True))
    op.add_column(
        "customer_order",
        sa.Column("billing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )
    op.add_column("customer_order", sa.Column("delivery_address_id", sa.Uuid(), nullable=True))
    op.add_column("customer_order", sa.Column("contact_id", sa.Uuid(), nullable=True))
    op.add_column("customer_order", sa.Column("bank_account_id", sa.Uuid(), nullable=True))
    op.add_column(
        "customer_order", sa.Column("back_orders", sa.Boolean(), nullable=False, server_default=sa.text("true"))
    )
    op.add_column(
        "customer_order",
        sa.Column("deposit_used", sa.Numeric(precision=18, scale=2), nullable=False, server_default=sa.text("0")),
    )
    op.add_column(
        "customer_order",
        sa.Column("refunded", sa.Numeric(precision=18, scale=2), nullable=False, server_default=sa.text("0")),
    )
    op.add_column(
        "customer_order",
        sa.Column("charge_ruling", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )
    op.add_column(
        "customer_order",
        sa.Column("total", sa.Numeric(precision=18, scale=2), nullable=False, server_default=sa.text("0")),
    )
    op.add_column(
        "customer_order",
        sa.Column("discount", sa.Numeric(precision=18, scale=2), nullable=False, server_default=sa.text("0")),
    )
    op.add_column(
        "customer_order",
        sa.Column(
            "vat_totals", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'[]'")
        ),
    )
    op.create_index(
        "ix_customer_order_by_billed",
        "customer_order",
        ["dossier_id", "billed_to_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("billed_to_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_customer_order_contact_person"),
        "customer_order",
        "contact_person",
        ["dossier_id", "contact_id"],
        ["dossier_id", "contact_id"],
        ondelete="SET NULL (contact_id)",
    )
    op.create_foreign_key(
        "fk_customer_order_billed_to",
        "customer_order",
        "customer",
        ["dossier_id", "billed_to_id"],
        ["dossier_id", "customer_id"],
    )
    op.create_foreign_key(
        op.f("fk_customer_order_bank_account"),
        "customer_order",
        "bank_account",
        ["dossier_id", "bank_account_id"],
        ["dossier_id", "bank_account_id"],
        ondelete="SET NULL (bank_account_id)",
    )
    op.create_foreign_key(
        op.f("fk_customer_order_address"),
        "customer_order",
        "address",
        ["dossier_id", "delivery_address_id"],
        ["dossier_id", "address_id"],
        ondelete="SET NULL (delivery_address_id)",
    )
    op.add_column("order_line", sa.Column("supplied", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("order_line", sa.Column("dropped", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("order_line", sa.Column("cancel_reason", sa.Text(), nullable=True))
    op.add_column("order_line", sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("'book'")))
    op.add_column("order_line", sa.Column("school_book", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column(
        "order_line", sa.Column("price_source", sa.Text(), nullable=False, server_default=sa.text("'publisher'"))
    )
    op.add_column(
        "order_line", sa.Column("ruling", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    )
    op.add_column(
        "order_line", sa.Column("earns_loyalty", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column(
        "order_line",
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False, server_default=sa.text("0")),
    )
    op.add_column(
        "order_line", sa.Column("net", sa.Numeric(precision=18, scale=2), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("order_line", sa.Column("sales_rep_id", sa.Uuid(), nullable=True))
    op.add_column("order_line", sa.Column("answer_effect", sa.Text(), nullable=True))
    op.add_column("order_line", sa.Column("answer_new_ean", sa.String(length=13, collation="C"), nullable=True))
    op.create_index(
        "ix_order_line_untreated",
        "order_line",
        ["dossier_id", "queued_at", "line_id"],
        unique=False,
        postgresql_where=sa.text("outstanding > supplied AND NOT digital"),
    )
    op.create_foreign_key(
        op.f("fk_order_line_third_party"),
        "order_line",
        "third_party",
        ["dossier_id", "sales_rep_id"],
        ["dossier_id", "third_party_id"],
    )
    op.add_column("reception", sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("'manual'")))
    op.add_column("reception", sa.Column("supplier_id", sa.Uuid(), nullable=True))
    op.create_index("ix_reception_by_date", "reception", ["dossier_id", "received_at", "reception_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_reception_third_party"),
        "reception",
        "third_party",
        ["dossier_id", "supplier_id"],
        ["dossier_id", "third_party_id"],
    )
    op.create_check_constraint(op.f("ck_article_kind"), "article", "kind IN ('book', 'used_book', 'other')")
    op.create_check_constraint(
        op.f("ck_customer_order_deposit"),
        "customer_order",
        "deposit_used >= 0 AND deposit_used <= deposit AND refunded >= 0",
    )
    op.create_check_constraint(
        op.f("ck_customer_order_billing"), "customer_order", "(billed_to_id IS NULL) = (billing IS NULL)"
    )
    op.create_check_constraint(
        op.f("ck_order_line_supplied"), "order_line", "supplied >= 0 AND dropped >= 0 AND dropped <= cancelled"
    )
    op.create_check_constraint(op.f("ck_order_line_kind"), "order_line", "kind IN ('book', 'used_book', 'other')")
    op.create_check_constraint(op.f("ck_reception_kind"), "reception", "kind IN ('manual', 'shipping_notice')")

    fill()
    for table, columns in FILLED.items():
        for column in columns:
            op.alter_column(table, column, server_default=None)


def fill() -> None:
    """Give the rows there are what the new columns say of them; nobody changed them, so the audit is silent."""
    for table in ("customer_order", "order_line"):
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER audited")
    op.execute("UPDATE article SET kind = 'other' WHERE NOT (ean LIKE '978%' OR ean LIKE '979%') OR ean LIKE '9790%'")
    op.execute(
        "UPDATE order_line l SET kind = a.kind FROM article a WHERE a.dossier_id = l.dossier_id AND a.ean = l.ean"
    )
    op.execute("""
        UPDATE order_line l SET
            dropped = CASE WHEN o.cancelled_at IS NOT NULL THEN l.cancelled ELSE 0 END,
            price_source = CASE WHEN o.channel_id IS NOT NULL THEN 'channel'
                                WHEN l.unit_price = l.list_price THEN 'publisher' ELSE 'typed' END,
            net = round(l.unit_price * (l.ordered - l.cancelled) * 100 / (100 + l.vat_rate), 2),
            amount = CASE WHEN o.vat_exempt
                          THEN round(l.unit_price * (l.ordered - l.cancelled) * 100 / (100 + l.vat_rate), 2)
                          ELSE l.unit_price * (l.ordered - l.cancelled) END
        FROM customer_order o WHERE o.dossier_id = l.dossier_id AND o.order_id = l.order_id
    """)
    op.execute("""
        WITH charge AS (
            SELECT o.dossier_id, o.order_id, max(l.vat_rate) AS rate, o.vat_exempt,
                   CASE WHEN bool_or(l.cancelled < l.ordered) THEN o.delivery_charge ELSE 0 END AS gross
            FROM customer_order o JOIN order_line l USING (dossier_id, order_id)
            GROUP BY o.dossier_id, o.order_id, o.delivery_charge, o.vat_exempt
        ), owed AS (
            SELECT dossier_id, order_id, vat_rate AS rate, net, amount - net AS vat FROM order_line
            UNION ALL
            SELECT dossier_id, order_id, rate, round(gross * 100 / (100 + rate), 2),
                   CASE WHEN vat_exempt THEN 0 ELSE gross - round(gross * 100 / (100 + rate), 2) END
            FROM charge WHERE gross > 0
        ), rated AS (
            SELECT dossier_id, order_id, rate, sum(net) AS net, sum(vat) AS vat FROM owed GROUP BY 1, 2, 3
        ), totals AS (
            SELECT dossier_id, order_id, sum(net + vat) AS total, json_agg(json_build_object(
                       'rate', rate::numeric(5, 2)::text, 'net', net::numeric(18, 2)::text, 'vat', vat::numeric(18, 2)::text
                   ) ORDER BY rate) AS vat_totals
            FROM rated GROUP BY 1, 2
        ), discounts AS (
            SELECT dossier_id, order_id, sum(greatest((list_price - unit_price) * (ordered - cancelled), 0)) AS discount
            FROM order_line GROUP BY 1, 2
        )
        UPDATE customer_order o
        SET total = t.total, vat_totals = t.vat_totals, discount = d.discount
        FROM totals t JOIN discounts d USING (dossier_id, order_id)
        WHERE o.dossier_id = t.dossier_id AND o.order_id = t.order_id
    """)
    # the ledger begins with the deposits that were paid; what is wholly delivered has used its own
    op.execute("""
        INSERT INTO deposit_entry (dossier_id, deposit_entry_id, order_id, amount, cause, method, at, by)
        SELECT dossier_id, payment_id, order_id, amount, 'received', method, at, 'system' FROM payment WHERE kind = 'deposit'
    """)
    op.execute("UPDATE customer_order SET deposit_used = least(deposit, total) WHERE status = 'LT'")
    op.execute("""
        INSERT INTO deposit_entry (dossier_id, deposit_entry_id, order_id, amount, cause, method, at, by)
        SELECT dossier_id, uuidv7(), order_id, -deposit_used, 'used', NULL, updated_at, 'system'
        FROM customer_order WHERE deposit_used > 0
    """)
    # what foreign keys have still to check stands against changing a table
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("customer_order", "order_line"):
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER audited")


def downgrade() -> None:  # noqa: PLR0915 - idem
    op.drop_constraint(op.f("ck_article_kind"), "article", type_="check")
    op.drop_constraint(op.f("ck_customer_order_deposit"), "customer_order", type_="check")
    op.drop_constraint(op.f("ck_customer_order_billing"), "customer_order", type_="check")
    op.drop_constraint(op.f("ck_order_line_supplied"), "order_line", type_="check")
    op.drop_constraint(op.f("ck_order_line_kind"), "order_line", type_="check")
    op.drop_constraint(op.f("ck_reception_kind"), "reception", type_="check")
    op.drop_constraint(op.f("fk_reception_third_party"), "reception", type_="foreignkey")
    op.drop_index("ix_reception_by_date", table_name="reception")
    op.drop_column("reception", "supplier_id")
    op.drop_column("reception", "kind")
    op.drop_constraint(op.f("fk_order_line_third_party"), "order_line", type_="foreignkey")
    op.drop_index(
        "ix_order_line_untreated",
        table_name="order_line",
        postgresql_where=sa.text("outstanding > supplied AND NOT digital"),
    )
    op.drop_column("order_line", "answer_new_ean")
    op.drop_column("order_line", "answer_effect")
    op.drop_column("order_line", "sales_rep_id")
    op.drop_column("order_line", "net")
    op.drop_column("order_line", "amount")
    op.drop_column("order_line", "earns_loyalty")
    op.drop_column("order_line", "ruling")
    op.drop_column("order_line", "price_source")
    op.drop_column("order_line", "school_book")
    op.drop_column("order_line", "kind")
    op.drop_column("order_line", "cancel_reason")
    op.drop_column("order_line", "dropped")
    op.drop_column("order_line", "supplied")
    op.drop_constraint(op.f("fk_customer_order_address"), "customer_order", type_="foreignkey")
    op.drop_constraint(op.f("fk_customer_order_bank_account"), "customer_order", type_="foreignkey")
    op.drop_constraint("fk_customer_order_billed_to", "customer_order", type_="foreignkey")
    op.drop_constraint(op.f("fk_customer_order_contact_person"), "customer_order", type_="foreignkey")
    op.drop_index(
        "ix_customer_order_by_billed", table_name="customer_order", postgresql_where=sa.text("billed_to_id IS NOT NULL")
    )
    op.drop_column("customer_order", "vat_totals")
    op.drop_column("customer_order", "discount")
    op.drop_column("customer_order", "total")
    op.drop_column("customer_order", "charge_ruling")
    op.drop_column("customer_order", "refunded")
    op.drop_column("customer_order", "deposit_used")
    op.drop_column("customer_order", "back_orders")
    op.drop_column("customer_order", "bank_account_id")
    op.drop_column("customer_order", "contact_id")
    op.drop_column("customer_order", "delivery_address_id")
    op.drop_column("customer_order", "billing")
    op.drop_column("customer_order", "billed_to_id")
    op.drop_column("customer_order", "quote_reference")
    op.drop_constraint(op.f("fk_article_third_party"), "article", type_="foreignkey")
    op.drop_constraint(op.f("fk_article_category"), "article", type_="foreignkey")
    op.drop_index("ix_article_by_supplier", table_name="article")
    op.drop_index("ix_article_by_category", table_name="article")
    op.drop_column("article", "published_on")
    op.drop_column("article", "availability")
    op.drop_column("article", "supplier_id")
    op.drop_column("article", "category")
    op.drop_column("article", "school_book")
    op.drop_column("article", "kind")
    op.drop_index("ix_supply_link_by_line", table_name="supply_link")
    op.drop_table("supply_link")
    op.drop_index("ix_line_answer_by_line", table_name="line_answer")
    op.drop_table("line_answer")
    op.drop_index("ix_delivery_note_line_by_line", table_name="delivery_note_line")
    op.drop_table("delivery_note_line")
    op.drop_index("ix_reception_supply_by_line", table_name="reception_supply")
    op.drop_table("reception_supply")
    op.drop_index("ix_deposit_entry_by_order", table_name="deposit_entry")
    op.drop_table("deposit_entry")
    op.drop_index("ix_delivery_note_by_order", table_name="delivery_note")
    op.drop_table("delivery_note")
    op.drop_index("ix_supplier_line_to_come", table_name="supplier_line", postgresql_where=sa.text("outstanding > 0"))
    op.drop_index("ix_supplier_line_by_order", table_name="supplier_line")
    op.drop_index("ix_supplier_line_by_article", table_name="supplier_line")
    op.drop_table("supplier_line")
    op.drop_index("ix_saved_list_line_by_article", table_name="saved_list_line")
    op.drop_table("saved_list_line")
    op.drop_index("ix_queue_change_by_article", table_name="queue_change")
    op.drop_table("queue_change")
    op.drop_index("ix_tariff_rule_by_tariff", table_name="tariff_rule")
    op.drop_table("tariff_rule")
    op.drop_index("ix_supplier_order_by_supplier", table_name="supplier_order")
    op.drop_index("ix_supplier_order_by_created", table_name="supplier_order")
    op.drop_table("supplier_order")
    op.drop_index("ix_saved_list_by_name", table_name="saved_list")
    op.drop_table("saved_list")
    op.drop_table("known_answer")
    op.drop_index("ix_category_by_parent", table_name="category")
    op.drop_table("category")
