"""The new tables kept apart and audited; the job queue, whose tables are PgQueuer's own."""

from alembic import op
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment

from infra.jobs.names import SCHEMA, SETTINGS

revision = "0012"
down_revision = "0011"

GRANTS = {
    "message": "SELECT, INSERT, UPDATE",
    "message_reservation": "SELECT, INSERT",
    "message_template": "SELECT, INSERT, UPDATE, DELETE",
    "stock_check": "SELECT, INSERT",
    # a ledger; a purchase goes with its order to another card (C12), and merged cards' purchases too
    "purchase": "SELECT, INSERT, UPDATE (customer_id)",
}

OWNED = ("message", "purchase")


def upgrade() -> None:
    for table, grants in GRANTS.items():
        op.execute(f"GRANT {grants} ON {table} TO comptoir_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"""
            CREATE POLICY own_dossier ON {table} TO comptoir_app
            USING (dossier_id = (SELECT current_setting('comptoir.dossier_id')::uuid))
            WITH CHECK (dossier_id = (SELECT current_setting('comptoir.dossier_id')::uuid))
        """)
    op.execute("""
        CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON message_template
        FOR EACH ROW EXECUTE FUNCTION comptoir_audit('event')
    """)
    for table in OWNED:
        op.execute(f"""
            CREATE TRIGGER not_merged BEFORE INSERT ON {table}
            FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL) EXECUTE FUNCTION comptoir_not_merged()
        """)
    # the worker asks which shops there are before it may be in any
    op.execute("""
        CREATE FUNCTION comptoir_dossiers() RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
            SELECT dossier_id FROM dossier ORDER BY created_at, dossier_id
        $$
    """)
    queue = QueryBuilderEnvironment(SETTINGS).build_install_query()
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None  # noqa: S101 - tells the type checker
    connection.run_async(lambda raw: raw.execute(queue))  # many statements at once
    op.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO comptoir_app")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO comptoir_app")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO comptoir_app")


def downgrade() -> None:
    op.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    op.execute("DROP FUNCTION comptoir_dossiers()")
    for table in OWNED:
        op.execute(f"DROP TRIGGER not_merged ON {table}")
    op.execute("DROP TRIGGER audited ON message_template")
    for table in GRANTS:
        op.execute(f"DROP POLICY own_dossier ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"REVOKE ALL ON {table} FROM comptoir_app")
