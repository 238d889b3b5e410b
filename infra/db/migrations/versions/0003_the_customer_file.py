"""The customer file, whole: cards and what hangs on them, third parties, the shop's own tables, merges, the audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table, column and index
    op.create_table(
        "third_party",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("third_party_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=8, collation="C"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("short_name", sa.String(collation="C"), nullable=False),
        sa.Column("name_key", sa.String(collation="C"), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_key", sa.String(collation="C"), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_key", sa.String(collation="C"), nullable=True),
        sa.Column("fax", sa.Text(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("complement", sa.Text(), nullable=True),
        sa.Column("building", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.String(collation="C"), nullable=True),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("town_key", sa.String(collation="C"), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("siret", sa.String(collation="C"), nullable=True),
        sa.Column("vat_number", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("account_number", sa.Text(), nullable=True),
        sa.Column("our_code", sa.Text(), nullable=True),
        sa.Column("commission", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("custom_fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("type IN ('prospect', 'supplier', 'sales_rep', 'other')", name=op.f("ck_third_party_type")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_third_party_customer"),
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_third_party_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "third_party_id", name=op.f("pk_third_party")),
        sa.UniqueConstraint("dossier_id", "code", name=op.f("uq_third_party_dossier_id_code")),
    )
    op.create_index("ix_third_party_by_customer", "third_party", ["dossier_id", "customer_id"], unique=False)
    op.create_index(
        "ix_third_party_by_name", "third_party", ["dossier_id", "type", "name_key", "third_party_id"], unique=False
    )
    op.create_table(
        "address",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("third_party_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("complement", sa.Text(), nullable=True),
        sa.Column("building", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.String(collation="C"), nullable=True),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("siret", sa.String(collation="C"), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("allowed_for", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("default_for", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("use_main_of_customer_id", sa.Uuid(), nullable=True),
        sa.Column("use_main_of_third_party_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("role IN ('delivery', 'billing', 'other')", name=op.f("ck_address_role")),
        sa.CheckConstraint("default_for <@ allowed_for", name=op.f("ck_address_default_is_allowed")),
        sa.CheckConstraint("num_nonnulls(customer_id, third_party_id) = 1", name=op.f("ck_address_one_owner")),
        sa.CheckConstraint(
            "num_nonnulls(use_main_of_customer_id, use_main_of_third_party_id) <= 1", name=op.f("ck_address_one_main")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_address_customer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "third_party_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            name=op.f("fk_address_third_party"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "use_main_of_customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name="fk_address_use_main_of_customer",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "use_main_of_third_party_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            name="fk_address_use_main_of_third_party",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "address_id", name=op.f("pk_address")),
        sa.UniqueConstraint("dossier_id", "customer_id", "code", name="uq_address_customer_code"),
        sa.UniqueConstraint("dossier_id", "third_party_id", "code", name="uq_address_third_party_code"),
    )
    op.create_index(
        "uq_address_customer_role",
        "address",
        ["dossier_id", "customer_id", "role"],
        unique=True,
        postgresql_where=sa.text("role <> 'other'"),
    )
    op.create_index(
        "uq_address_third_party_role",
        "address",
        ["dossier_id", "third_party_id", "role"],
        unique=True,
        postgresql_where=sa.text("role <> 'other'"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("third_party_id", sa.Uuid(), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_audit_entry_customer"),
            ondelete="SET NULL (customer_id)",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "third_party_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            name=op.f("fk_audit_entry_third_party"),
            ondelete="SET NULL (third_party_id)",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "entry_id", name=op.f("pk_audit_entry")),
    )
    op.create_index(
        "ix_audit_entry_by_customer", "audit_entry", ["dossier_id", "customer_id", "at", "entry_id"], unique=False
    )
    op.create_index("ix_audit_entry_by_date", "audit_entry", ["dossier_id", "at", "entry_id"], unique=False)
    op.create_index(
        "ix_audit_entry_by_record", "audit_entry", ["dossier_id", "record", "record_id", "at", "entry_id"], unique=False
    )
    op.create_index(
        "ix_audit_entry_by_third_party", "audit_entry", ["dossier_id", "third_party_id", "at", "entry_id"], unique=False
    )
    op.create_table(
        "bank_account",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("third_party_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("bic", sa.Text(), nullable=True),
        sa.Column("domiciliation", sa.Text(), nullable=True),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("num_nonnulls(customer_id, third_party_id) = 1", name=op.f("ck_bank_account_one_owner")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_bank_account_customer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "third_party_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            name=op.f("fk_bank_account_third_party"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "bank_account_id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint("dossier_id", "customer_id", "code", name="uq_bank_account_customer_code"),
        sa.UniqueConstraint("dossier_id", "third_party_id", "code", name="uq_bank_account_third_party_code"),
    )
    op.create_index(
        "uq_bank_account_customer_main",
        "bank_account",
        ["dossier_id", "customer_id"],
        unique=True,
        postgresql_where=sa.text("main"),
    )
    op.create_index(
        "uq_bank_account_third_party_main",
        "bank_account",
        ["dossier_id", "third_party_id"],
        unique=True,
        postgresql_where=sa.text("main"),
    )
    op.create_table(
        "consent",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_consent_customer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "consent_id", name=op.f("pk_consent")),
    )
    op.create_index(
        "ix_consent_by_customer",
        "consent",
        ["dossier_id", "customer_id", "channel", "purpose", "at", "consent_id"],
        unique=False,
    )
    op.create_table(
        "custom_field",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("field_id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("questionnaire", sa.String(collation="C"), nullable=False),
        sa.Column("code", sa.String(collation="C"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('text', 'number', 'date', 'flag', 'choice')", name=op.f("ck_custom_field_kind")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_custom_field_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "field_id", name=op.f("pk_custom_field")),
        sa.UniqueConstraint(
            "dossier_id",
            "record",
            "questionnaire",
            "code",
            name=op.f("uq_custom_field_dossier_id_record_questionnaire_code"),
        ),
    )
    op.create_table(
        "customer_merge",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("absorbed_id", sa.Uuid(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id", "absorbed_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name="fk_customer_merge_absorbed",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "kept_id"], ["customer.dossier_id", "customer.customer_id"], name="fk_customer_merge_kept"
        ),
        sa.PrimaryKeyConstraint("dossier_id", "merge_id", name=op.f("pk_customer_merge")),
    )
    op.create_index("ix_customer_merge_by_absorbed", "customer_merge", ["dossier_id", "absorbed_id"], unique=False)
    op.create_index("ix_customer_merge_by_date", "customer_merge", ["dossier_id", "at", "merge_id"], unique=False)
    op.create_index("ix_customer_merge_by_kept", "customer_merge", ["dossier_id", "kept_id"], unique=False)
    op.create_table(
        "discount_rule",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("discount_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "scope IN ('all', 'vat_rate', 'category', 'school_books')", name=op.f("ck_discount_rule_scope")
        ),
        sa.CheckConstraint("percent >= 0 AND percent <= 100", name=op.f("ck_discount_rule_percent")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_discount_rule_customer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "discount_id", name=op.f("pk_discount_rule")),
    )
    op.create_index(
        "ix_discount_rule_by_customer", "discount_rule", ["dossier_id", "customer_id", "created_at"], unique=False
    )
    op.create_table(
        "note",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("third_party_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("num_nonnulls(customer_id, third_party_id) = 1", name=op.f("ck_note_one_owner")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_note_customer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "third_party_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            name=op.f("fk_note_third_party"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "note_id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_by_customer", "note", ["dossier_id", "customer_id", "created_at"], unique=False)
    op.create_index("ix_note_by_third_party", "note", ["dossier_id", "third_party_id", "created_at"], unique=False)
    op.create_table(
        "reference_value",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("code", sa.String(collation="C"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"], name=op.f("fk_reference_value_dossier")),
        sa.PrimaryKeyConstraint("dossier_id", "table_name", "code", name=op.f("pk_reference_value")),
    )
    op.create_table(
        "third_party_token",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(collation="C"), nullable=False),
        sa.Column("third_party_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "third_party_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            name=op.f("fk_third_party_token_third_party"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "token", "third_party_id", name=op.f("pk_third_party_token")),
    )
    op.create_index(
        "ix_third_party_token_by_third_party", "third_party_token", ["dossier_id", "third_party_id"], unique=False
    )
    op.create_table(
        "contact_person",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("third_party_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("function", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_key", sa.String(collation="C"), nullable=True),
        sa.Column("mobile", sa.Text(), nullable=True),
        sa.Column("mobile_key", sa.String(collation="C"), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_key", sa.String(collation="C"), nullable=True),
        sa.Column("fax", sa.Text(), nullable=True),
        sa.Column("address_id", sa.Uuid(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.CheckConstraint("num_nonnulls(customer_id, third_party_id) = 1", name=op.f("ck_contact_person_one_owner")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "address_id"],
            ["address.dossier_id", "address.address_id"],
            name=op.f("fk_contact_person_address"),
            ondelete="SET NULL (address_id)",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_contact_person_customer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "third_party_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            name=op.f("fk_contact_person_third_party"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "contact_id", name=op.f("pk_contact_person")),
        sa.UniqueConstraint("dossier_id", "customer_id", "code", name="uq_contact_person_customer_code"),
        sa.UniqueConstraint("dossier_id", "third_party_id", "code", name="uq_contact_person_third_party_code"),
    )
    op.create_index("ix_contact_person_by_email", "contact_person", ["dossier_id", "email_key"], unique=False)
    op.create_index("ix_contact_person_by_mobile", "contact_person", ["dossier_id", "mobile_key"], unique=False)
    op.create_index("ix_contact_person_by_phone", "contact_person", ["dossier_id", "phone_key"], unique=False)
    op.create_table(
        "flash",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("flash_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("third_party_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("num_nonnulls(customer_id, third_party_id) = 1", name=op.f("ck_flash_one_card")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "customer_id"],
            ["customer.dossier_id", "customer.customer_id"],
            name=op.f("fk_flash_customer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "staff_id"], ["staff.dossier_id", "staff.staff_id"], name=op.f("fk_flash_staff")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "third_party_id"],
            ["third_party.dossier_id", "third_party.third_party_id"],
            name=op.f("fk_flash_third_party"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dossier_id", "flash_id", name=op.f("pk_flash")),
    )
    op.create_index("ix_flash_by_customer", "flash", ["dossier_id", "customer_id"], unique=False)
    op.create_index("ix_flash_by_staff", "flash", ["dossier_id", "staff_id", "at", "flash_id"], unique=False)
    op.create_index("ix_flash_by_third_party", "flash", ["dossier_id", "third_party_id"], unique=False)
    op.create_table(
        "merged_row",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("key", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id", "merge_id"],
            ["customer_merge.dossier_id", "customer_merge.merge_id"],
            name=op.f("fk_merged_row_customer_merge"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "merge_id", "position", name=op.f("pk_merged_row")),
    )
    op.add_column("customer", sa.Column("recipient", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("building", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("locality", sa.Text(), nullable=True))
    op.add_column(
        "customer",
        sa.Column(
            "birthday",
            sa.SmallInteger(),
            sa.Computed("extract(month from birth_date) * 100 + extract(day from birth_date)", persisted=True),
            nullable=True,
        ),
    )
    op.add_column("customer", sa.Column("category", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("siret", sa.String(collation="C"), nullable=True))
    op.add_column("customer", sa.Column("vat_number", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("fidelity_number", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("tariff_code", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("account_number", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("our_code", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("payment_mode", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("print_mode", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("reminder_family", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("confidentiality_code", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("billed_to_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("group_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("statistics_party_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("payment_party_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("sales_admin_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("sales_rep_1_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("sales_rep_1_share", sa.Numeric(precision=5, scale=2), nullable=True))
    op.add_column("customer", sa.Column("sales_rep_2_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("sales_rep_2_share", sa.Numeric(precision=5, scale=2), nullable=True))
    op.add_column("customer", sa.Column("sales_rep_3_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("sales_rep_3_share", sa.Numeric(precision=5, scale=2), nullable=True))
    op.add_column(
        "customer",
        sa.Column("management_ceiling", sa.Numeric(precision=18, scale=2), nullable=False, server_default="0"),
    )
    op.add_column(
        "customer",
        sa.Column("insurance_ceiling", sa.Numeric(precision=18, scale=2), nullable=False, server_default="0"),
    )
    op.add_column("customer", sa.Column("back_orders_quotes", sa.Text(), nullable=False, server_default="inherit"))
    op.add_column("customer", sa.Column("back_orders_orders", sa.Text(), nullable=False, server_default="inherit"))
    op.add_column(
        "customer", sa.Column("back_orders_delivery_notes", sa.Text(), nullable=False, server_default="inherit")
    )
    op.add_column("customer", sa.Column("stat_1", sa.String(collation="C"), nullable=True))
    op.add_column("customer", sa.Column("stat_2", sa.String(collation="C"), nullable=True))
    op.add_column("customer", sa.Column("stat_3", sa.String(collation="C"), nullable=True))
    op.add_column("customer", sa.Column("chorus_enabled", sa.Boolean(), nullable=False, server_default="false"))
    op.add_column("customer", sa.Column("chorus_siret", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("chorus_service_code", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("chorus_engagement_number", sa.Text(), nullable=True))
    op.add_column(
        "customer", sa.Column("chorus_service_required", sa.Boolean(), nullable=False, server_default="false")
    )
    op.add_column(
        "customer", sa.Column("chorus_engagement_required", sa.Boolean(), nullable=False, server_default="false")
    )
    op.add_column(
        "customer",
        sa.Column("custom_fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="{}"),
    )
    op.add_column("customer", sa.Column("approved_by", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_customer_by_billed_to", "customer", ["dossier_id", "billed_to_id"], unique=False)
    op.create_index("ix_customer_by_birthday", "customer", ["dossier_id", "birthday", "customer_id"], unique=False)
    op.create_index("ix_customer_by_group", "customer", ["dossier_id", "group_id"], unique=False)
    op.create_index("ix_customer_by_merged_into", "customer", ["dossier_id", "merged_into"], unique=False)
    op.create_index("ix_customer_by_short_name", "customer", ["dossier_id", "short_name", "customer_id"], unique=False)
    op.create_index(
        "ix_customer_by_siret",
        "customer",
        ["dossier_id", "siret"],
        unique=False,
        postgresql_where=sa.text("siret IS NOT NULL"),
    )
    op.create_unique_constraint(
        op.f("uq_customer_dossier_id_fidelity_number"), "customer", ["dossier_id", "fidelity_number"]
    )
    op.create_foreign_key(
        "fk_customer_sales_admin", "customer", "staff", ["dossier_id", "sales_admin_id"], ["dossier_id", "staff_id"]
    )
    op.create_foreign_key(
        "fk_customer_sales_rep_1",
        "customer",
        "third_party",
        ["dossier_id", "sales_rep_1_id"],
        ["dossier_id", "third_party_id"],
    )
    op.create_foreign_key(
        "fk_customer_group", "customer", "customer", ["dossier_id", "group_id"], ["dossier_id", "customer_id"]
    )
    op.create_foreign_key(
        "fk_customer_sales_rep_3",
        "customer",
        "third_party",
        ["dossier_id", "sales_rep_3_id"],
        ["dossier_id", "third_party_id"],
    )
    op.create_foreign_key(
        "fk_customer_statistics_party",
        "customer",
        "customer",
        ["dossier_id", "statistics_party_id"],
        ["dossier_id", "customer_id"],
    )
    op.create_foreign_key(
        "fk_customer_sales_rep_2",
        "customer",
        "third_party",
        ["dossier_id", "sales_rep_2_id"],
        ["dossier_id", "third_party_id"],
    )
    op.create_foreign_key(
        "fk_customer_payment_party",
        "customer",
        "customer",
        ["dossier_id", "payment_party_id"],
        ["dossier_id", "customer_id"],
    )
    op.create_foreign_key(
        "fk_customer_merged_into", "customer", "customer", ["dossier_id", "merged_into"], ["dossier_id", "customer_id"]
    )
    op.create_foreign_key(
        "fk_customer_billed_to", "customer", "customer", ["dossier_id", "billed_to_id"], ["dossier_id", "customer_id"]
    )
    op.add_column("customer_order", sa.Column("recipient", sa.Text(), nullable=True))
    op.add_column("customer_order", sa.Column("building", sa.Text(), nullable=True))
    op.add_column("customer_order", sa.Column("locality", sa.Text(), nullable=True))
    op.add_column("dossier", sa.Column("third_party_counter", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "dossier", sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="{}")
    )
    op.add_column("dossier", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("staff", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    # what is there already got a value; from now on each row names its own
    op.alter_column("dossier", "third_party_counter", server_default=None)
    op.alter_column("customer", "management_ceiling", server_default=None)
    op.alter_column("customer", "insurance_ceiling", server_default=None)
    op.alter_column("customer", "back_orders_quotes", server_default=None)
    op.alter_column("customer", "back_orders_orders", server_default=None)
    op.alter_column("customer", "back_orders_delivery_notes", server_default=None)
    op.alter_column("customer", "chorus_enabled", server_default=None)
    op.alter_column("customer", "chorus_service_required", server_default=None)
    op.alter_column("customer", "chorus_engagement_required", server_default=None)
    op.alter_column("customer", "custom_fields", server_default=None)
    op.alter_column("dossier", "settings", server_default=None)
    op.alter_column("dossier", "version", server_default=None)
    op.alter_column("staff", "version", server_default=None)
    op.drop_constraint("fk_customer_token_customer", "customer_token", type_="foreignkey")
    op.create_foreign_key(
        op.f("fk_customer_token_customer"),
        "customer_token",
        "customer",
        ["dossier_id", "customer_id"],
        ["dossier_id", "customer_id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        op.f("ck_customer_ceilings"), "customer", "management_ceiling >= 0 AND insurance_ceiling >= 0"
    )
    op.create_check_constraint(
        op.f("ck_customer_no_link_to_itself"),
        "customer",
        "customer_id NOT IN (billed_to_id, group_id, statistics_party_id, payment_party_id, merged_into)",
    )
    # phones were kept as national digits, now they are E.164
    op.execute("UPDATE customer SET phone_key = '+33' || substr(phone_key, 2) WHERE phone_key ~ '^0[1-9][0-9]{8}$'")


def downgrade() -> None:  # noqa: PLR0915 - idem
    op.drop_constraint("fk_customer_token_customer", "customer_token", type_="foreignkey")
    op.create_foreign_key(
        op.f("fk_customer_token_customer"),
        "customer_token",
        "customer",
        ["dossier_id", "customer_id"],
        ["dossier_id", "customer_id"],
    )
    op.drop_constraint(op.f("ck_customer_no_link_to_itself"), "customer", type_="check")
    op.drop_constraint(op.f("ck_customer_ceilings"), "customer", type_="check")
    op.drop_column("staff", "version")
    op.drop_column("dossier", "version")
    op.drop_column("dossier", "settings")
    op.drop_column("dossier", "third_party_counter")
    op.drop_column("customer_order", "locality")
    op.drop_column("customer_order", "building")
    op.drop_column("customer_order", "recipient")
    op.drop_constraint("fk_customer_billed_to", "customer", type_="foreignkey")
    op.drop_constraint("fk_customer_merged_into", "customer", type_="foreignkey")
    op.drop_constraint("fk_customer_payment_party", "customer", type_="foreignkey")
    op.drop_constraint("fk_customer_sales_rep_2", "customer", type_="foreignkey")
    op.drop_constraint("fk_customer_statistics_party", "customer", type_="foreignkey")
    op.drop_constraint("fk_customer_sales_rep_3", "customer", type_="foreignkey")
    op.drop_constraint("fk_customer_group", "customer", type_="foreignkey")
    op.drop_constraint("fk_customer_sales_rep_1", "customer", type_="foreignkey")
    op.drop_constraint("fk_customer_sales_admin", "customer", type_="foreignkey")
    op.drop_constraint(op.f("uq_customer_dossier_id_fidelity_number"), "customer", type_="unique")
    op.drop_index("ix_customer_by_siret", table_name="customer", postgresql_where=sa.text("siret IS NOT NULL"))
    op.drop_index("ix_customer_by_short_name", table_name="customer")
    op.drop_index("ix_customer_by_merged_into", table_name="customer")
    op.drop_index("ix_customer_by_group", table_name="customer")
    op.drop_index("ix_customer_by_birthday", table_name="customer")
    op.drop_index("ix_customer_by_billed_to", table_name="customer")
    op.drop_column("customer", "anonymised_at")
    op.drop_column("customer", "merged_into")
    op.drop_column("customer", "approved_by")
    op.drop_column("customer", "custom_fields")
    op.drop_column("customer", "chorus_engagement_required")
    op.drop_column("customer", "chorus_service_required")
    op.drop_column("customer", "chorus_engagement_number")
    op.drop_column("customer", "chorus_service_code")
    op.drop_column("customer", "chorus_siret")
    op.drop_column("customer", "chorus_enabled")
    op.drop_column("customer", "stat_3")
    op.drop_column("customer", "stat_2")
    op.drop_column("customer", "stat_1")
    op.drop_column("customer", "back_orders_delivery_notes")
    op.drop_column("customer", "back_orders_orders")
    op.drop_column("customer", "back_orders_quotes")
    op.drop_column("customer", "insurance_ceiling")
    op.drop_column("customer", "management_ceiling")
    op.drop_column("customer", "sales_rep_3_share")
    op.drop_column("customer", "sales_rep_3_id")
    op.drop_column("customer", "sales_rep_2_share")
    op.drop_column("customer", "sales_rep_2_id")
    op.drop_column("customer", "sales_rep_1_share")
    op.drop_column("customer", "sales_rep_1_id")
    op.drop_column("customer", "sales_admin_id")
    op.drop_column("customer", "payment_party_id")
    op.drop_column("customer", "statistics_party_id")
    op.drop_column("customer", "group_id")
    op.drop_column("customer", "billed_to_id")
    op.drop_column("customer", "confidentiality_code")
    op.drop_column("customer", "reminder_family")
    op.drop_column("customer", "print_mode")
    op.drop_column("customer", "payment_mode")
    op.drop_column("customer", "our_code")
    op.drop_column("customer", "account_number")
    op.drop_column("customer", "tariff_code")
    op.drop_column("customer", "fidelity_number")
    op.drop_column("customer", "vat_number")
    op.drop_column("customer", "siret")
    op.drop_column("customer", "language")
    op.drop_column("customer", "category")
    op.drop_column("customer", "birthday")
    op.drop_column("customer", "locality")
    op.drop_column("customer", "building")
    op.drop_column("customer", "recipient")
    op.drop_table("merged_row")
    op.drop_index("ix_flash_by_third_party", table_name="flash")
    op.drop_index("ix_flash_by_staff", table_name="flash")
    op.drop_index("ix_flash_by_customer", table_name="flash")
    op.drop_table("flash")
    op.drop_index("ix_contact_person_by_phone", table_name="contact_person")
    op.drop_index("ix_contact_person_by_mobile", table_name="contact_person")
    op.drop_index("ix_contact_person_by_email", table_name="contact_person")
    op.drop_table("contact_person")
    op.drop_index("ix_third_party_token_by_third_party", table_name="third_party_token")
    op.drop_table("third_party_token")
    op.drop_table("reference_value")
    op.drop_index("ix_note_by_third_party", table_name="note")
    op.drop_index("ix_note_by_customer", table_name="note")
    op.drop_table("note")
    op.drop_index("ix_discount_rule_by_customer", table_name="discount_rule")
    op.drop_table("discount_rule")
    op.drop_index("ix_customer_merge_by_kept", table_name="customer_merge")
    op.drop_index("ix_customer_merge_by_date", table_name="customer_merge")
    op.drop_index("ix_customer_merge_by_absorbed", table_name="customer_merge")
    op.drop_table("customer_merge")
    op.drop_table("custom_field")
    op.drop_index("ix_consent_by_customer", table_name="consent")
    op.drop_table("consent")
    op.drop_index("uq_bank_account_third_party_main", table_name="bank_account", postgresql_where=sa.text("main"))
    op.drop_index("uq_bank_account_customer_main", table_name="bank_account", postgresql_where=sa.text("main"))
    op.drop_table("bank_account")
    op.drop_index("ix_audit_entry_by_third_party", table_name="audit_entry")
    op.drop_index("ix_audit_entry_by_record", table_name="audit_entry")
    op.drop_index("ix_audit_entry_by_date", table_name="audit_entry")
    op.drop_index("ix_audit_entry_by_customer", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index("uq_address_third_party_role", table_name="address", postgresql_where=sa.text("role <> 'other'"))
    op.drop_index("uq_address_customer_role", table_name="address", postgresql_where=sa.text("role <> 'other'"))
    op.drop_table("address")
    op.drop_index("ix_third_party_by_name", table_name="third_party")
    op.drop_index("ix_third_party_by_customer", table_name="third_party")
    op.drop_table("third_party")
