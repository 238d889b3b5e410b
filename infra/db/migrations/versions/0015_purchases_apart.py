"""The new tables kept apart, and what changes in them audited."""

from alembic import op

revision = "0015"
down_revision = "0014"

GRANTS = {
    # ledgers; merged cards' entries go to the card that is kept
    "loyalty_entry": "SELECT, INSERT, UPDATE (customer_id)",
    "named_deposit_entry": "SELECT, INSERT, UPDATE (customer_id)",
    "invoice": "SELECT, INSERT, UPDATE",
    "invoice_reminder": "SELECT, INSERT, UPDATE (customer_id)",
    "reminded_invoice": "SELECT, INSERT",
}
OWNED = ("loyalty_entry", "named_deposit_entry", "invoice", "invoice_reminder")


def upgrade() -> None:
    for table, grants in GRANTS.items():
        op.execute(f"GRANT {grants} ON {table} TO comptoir_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"""
            CREATE POLICY own_dossier ON {table} TO comptoir_app
            USING (dossier_id = (SELECT current_setting('comptoir.dossier_id')::uuid))
            WITH CHECK (dossier_id = (SELECT current_setting('comptoir.dossier_id')::uuid))
        """)
    for table in OWNED:
        op.execute(f"""
            CREATE TRIGGER not_merged BEFORE INSERT ON {table}
            FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL) EXECUTE FUNCTION comptoir_not_merged()
        """)
    op.execute("""
        CREATE TRIGGER audited AFTER UPDATE ON invoice
        FOR EACH ROW EXECUTE FUNCTION comptoir_audit('invoice_id')
    """)


def downgrade() -> None:
    op.execute("DROP TRIGGER audited ON invoice")
    for table in OWNED:
        op.execute(f"DROP TRIGGER not_merged ON {table}")
    for table in GRANTS:
        op.execute(f"DROP POLICY own_dossier ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"REVOKE ALL ON {table} FROM comptoir_app")
