"""The new tables kept apart and audited, their numbers drawn from sequences, the answers that every shop starts with."""

from alembic import op
from sqlalchemy import text

from infra.db import reference_defaults

revision = "0010"
down_revision = "0009"

FULL = "SELECT, INSERT, UPDATE, DELETE"
GRANTS = {
    "category": FULL,
    "known_answer": FULL,
    "tariff_rule": FULL,
    "saved_list": FULL,
    "saved_list_line": FULL,
    "supplier_order": FULL,
    "supplier_line": FULL,
    "supply_link": FULL,
    # ledgers and documents: written once. A line that goes takes its answers along; anonymising blanks a note's addressee
    # and why somebody was put before another
    "line_answer": "SELECT, INSERT, DELETE",
    "deposit_entry": "SELECT, INSERT",
    "delivery_note": "SELECT, INSERT, UPDATE (contact)",
    "delivery_note_line": "SELECT, INSERT, UPDATE (line_id)",
    "reception_supply": "SELECT, INSERT",
    "queue_change": "SELECT, INSERT, UPDATE (reason)",
}
AUDITED = {
    "category": "code",
    "known_answer": "code",
    "tariff_rule": "tariff_rule_id",
    "saved_list": "saved_list_id",
    "supplier_order": "supplier_order_id",
    "supplier_line": "supplier_line_id",
}
SEQUENCES = ("supplier_order_number", "delivery_note_number")


def upgrade() -> None:
    for table, grants in GRANTS.items():
        op.execute(f"GRANT {grants} ON {table} TO comptoir_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"""
            CREATE POLICY own_dossier ON {table} TO comptoir_app
            USING (dossier_id = (SELECT current_setting('comptoir.dossier_id')::uuid))
            WITH CHECK (dossier_id = (SELECT current_setting('comptoir.dossier_id')::uuid))
        """)
    for table, key in AUDITED.items():
        op.execute(f"""
            CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION comptoir_audit('{key}')
        """)
    # an order may be billed to another card, which may be merged at that very moment
    op.execute("""
        CREATE FUNCTION comptoir_billed_not_merged() RETURNS trigger
        LANGUAGE plpgsql AS $$
        DECLARE
            merged uuid;
        BEGIN
            SELECT merged_into INTO merged FROM customer
            WHERE dossier_id = NEW.dossier_id AND customer_id = NEW.billed_to_id FOR KEY SHARE;
            IF merged IS NOT NULL THEN
                RAISE EXCEPTION 'comptoir: the card was merged into %', merged
                    USING ERRCODE = 'CS001', CONSTRAINT = 'merged_customer';
            END IF;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER billed_not_merged BEFORE INSERT OR UPDATE OF billed_to_id ON customer_order
        FOR EACH ROW WHEN (NEW.billed_to_id IS NOT NULL) EXECUTE FUNCTION comptoir_billed_not_merged()
    """)
    for name in SEQUENCES:
        op.execute(f"""
            DO $$ DECLARE shop record; BEGIN
                FOR shop IN SELECT replace(dossier_id::text, '-', '') AS hex FROM dossier LOOP
                    EXECUTE format('CREATE SEQUENCE %I AS integer', '{name}_' || shop.hex);
                    EXECUTE format('GRANT USAGE ON SEQUENCE %I TO comptoir_app', '{name}_' || shop.hex);
                END LOOP;
            END $$
        """)
    op.get_bind().execute(
        text("""
            INSERT INTO known_answer (dossier_id, code, label, label_en, effect, position, active, updated_at, version)
            SELECT dossier_id, :code, :label, :label_en, :effect, cast(:position AS integer), true, now(), 1 FROM dossier
        """),
        [
            {"code": code, "label": label, "label_en": english, "effect": effect, "position": position}
            for code, label, english, effect, position in reference_defaults.answers()
        ],
    )


def downgrade() -> None:
    for name in SEQUENCES:
        op.execute(f"""
            DO $$ DECLARE shop record; BEGIN
                FOR shop IN SELECT replace(dossier_id::text, '-', '') AS hex FROM dossier LOOP
                    EXECUTE format('DROP SEQUENCE %I', '{name}_' || shop.hex);
                END LOOP;
            END $$
        """)
    op.execute("DROP TRIGGER billed_not_merged ON customer_order")
    op.execute("DROP FUNCTION comptoir_billed_not_merged()")
    for table in AUDITED:
        op.execute(f"DROP TRIGGER audited ON {table}")
    for table in GRANTS:
        op.execute(f"DROP POLICY own_dossier ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"REVOKE ALL ON {table} FROM comptoir_app")
