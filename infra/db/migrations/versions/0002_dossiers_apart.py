"""Dossiers are kept apart by the database itself, and a write that lost a race undoes its whole statement."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = (
    "api_key",
    "article",
    "article_token",
    "channel",
    "customer",
    "customer_order",
    "customer_token",
    "dossier",
    "idempotency_answer",
    "order_line",
    "order_token",
    "outbox_event",
    "payment",
    "reception",
    "reception_line",
    "reservation",
    "staff",
    "staff_session",
    "stock_level",
    "stock_movement",
)
APPEND_ONLY = ("stock_movement", "payment", "reception", "reception_line", "outbox_event")


def upgrade() -> None:
    # a role is the whole server's: several databases may create it at the same moment
    op.execute("""
        DO $$ BEGIN
            CREATE ROLE comptoir_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
    """)
    op.execute("""
        DO $$ BEGIN
            EXECUTE format('GRANT comptoir_app TO %I', current_user);
        EXCEPTION WHEN unique_violation OR internal_error THEN NULL;
        END $$
    """)
    op.execute("GRANT USAGE ON SCHEMA public TO comptoir_app")
    for table in TABLES:
        writes = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {writes} ON {table} TO comptoir_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"""
            CREATE POLICY own_dossier ON {table} TO comptoir_app
            USING (dossier_id = (SELECT current_setting('comptoir.dossier_id')::uuid))
            WITH CHECK (dossier_id = (SELECT current_setting('comptoir.dossier_id')::uuid))
        """)
    op.execute("""
        CREATE FUNCTION comptoir_guard(part text, expected bigint, hit bigint) RETURNS void
        LANGUAGE plpgsql AS $$
        BEGIN
            IF expected IS DISTINCT FROM hit THEN
                RAISE EXCEPTION 'comptoir: % rows of % where % were meant', hit, part, expected
                    USING ERRCODE = 'CS001', CONSTRAINT = part;
            END IF;
        END $$
    """)
    # a login names its shop by a code, before the database may know which dossier is asked for
    op.execute("""
        CREATE FUNCTION comptoir_dossier(wanted text) RETURNS uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
            SELECT dossier_id FROM dossier WHERE wanted IS NULL OR code = wanted ORDER BY created_at, dossier_id LIMIT 1
        $$
    """)
    # what is kept for a time only goes for all dossiers at once, by whoever comes first
    op.execute("""
        CREATE FUNCTION comptoir_tidy(today timestamptz) RETURNS bigint
        LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
            WITH answers AS (DELETE FROM idempotency_answer WHERE at < today - interval '30 days' RETURNING 1),
                 sessions AS (DELETE FROM staff_session WHERE expires_at < today RETURNING 1),
                 events AS (DELETE FROM outbox_event WHERE at < today - interval '90 days' RETURNING 1)
            SELECT (SELECT count(*) FROM answers) + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM events)
        $$
    """)


def downgrade() -> None:
    op.execute("DROP FUNCTION comptoir_tidy(timestamptz)")
    op.execute("DROP FUNCTION comptoir_dossier(text)")
    op.execute("DROP FUNCTION comptoir_guard(text, bigint, bigint)")
    for table in TABLES:
        op.execute(f"DROP POLICY own_dossier ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"REVOKE ALL ON {table} FROM comptoir_app")
