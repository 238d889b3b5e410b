"""The new tables kept apart; every change of a record written down by the database itself; no new part on a merged card."""

from alembic import op

revision = "0004"
down_revision = "0003"

FULL = "SELECT, INSERT, UPDATE, DELETE"
GRANTS = {
    "third_party": FULL,
    "third_party_token": FULL,
    "address": FULL,
    "contact_person": FULL,
    "bank_account": FULL,
    "note": FULL,
    "discount_rule": FULL,
    "reference_value": FULL,
    "custom_field": FULL,
    "flash": FULL,
    # a ledger: a merge may give it another owner, anonymising may blank it, nothing else
    "consent": "SELECT, INSERT, UPDATE (customer_id, source)",
    "customer_merge": "SELECT, INSERT, UPDATE (choices, undone_at, undone_by)",
    "merged_row": "SELECT, INSERT, UPDATE (before, after)",
    "audit_entry": "SELECT, UPDATE (customer_id, before, after)",
}
AUDITED = {
    "customer": "customer_id",
    "third_party": "third_party_id",
    "address": "address_id",
    "contact_person": "contact_id",
    "bank_account": "bank_account_id",
    "note": "note_id",
    "consent": "consent_id",
    "discount_rule": "discount_id",
    "reference_value": "code",
    "custom_field": "field_id",
    "staff": "staff_id",
    "dossier": "dossier_id",
    "customer_merge": "merge_id",
    "customer_order": "order_id",
    "order_line": "line_id",
    "reservation": "reservation_id",
}
"""Each record with its key. Of orders, lines and reservations the creation tells itself (its event, its date)."""
CREATION_TELLS_ITSELF = ("customer_order", "order_line", "reservation")
OWNED = (
    "customer_order",
    "reservation",
    "address",
    "contact_person",
    "bank_account",
    "note",
    "consent",
    "discount_rule",
    "flash",
)
"""What may be added to a card at the very moment in which it is merged into another."""


def upgrade() -> None:
    # the short name is searched by name, too (B11)
    op.execute("""
        INSERT INTO customer_token (dossier_id, token, customer_id)
        SELECT dossier_id, short_name, customer_id FROM customer WHERE short_name <> '' ON CONFLICT DO NOTHING
    """)
    for table, grants in GRANTS.items():
        op.execute(f"GRANT {grants} ON {table} TO comptoir_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"""
            CREATE POLICY own_dossier ON {table} TO comptoir_app
            USING (dossier_id = (SELECT current_setting('comptoir.dossier_id')::uuid))
            WITH CHECK (dossier_id = (SELECT current_setting('comptoir.dossier_id')::uuid))
        """)
    # anonymising blanks what was told of a person
    op.execute("GRANT UPDATE (data) ON outbox_event TO comptoir_app")
    # search keys and versions say nothing that the other columns do not; secrets are nobody's to read
    op.execute("""
        CREATE FUNCTION comptoir_told(record jsonb) RETURNS jsonb
        LANGUAGE sql IMMUTABLE AS $$
            SELECT coalesce(jsonb_object_agg(key, value), '{}')
            FROM jsonb_each(record)
            WHERE key NOT IN ('dossier_id', 'version', 'updated_at', 'short_name', 'secret', 'password_hash', 'fingerprint',
                              'customer_counter', 'third_party_counter',
                              'order_sequence', 'birthday', 'queued_at')
              AND key NOT LIKE '%\\_key'
        $$
    """)
    op.execute("""
        CREATE FUNCTION comptoir_audit() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
        DECLARE
            was jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
            now_is jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
            named jsonb := coalesce(now_is, was);
            before jsonb := comptoir_told(was);
            after jsonb := comptoir_told(now_is);
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                SELECT coalesce(jsonb_object_agg(key, value), '{}') INTO before
                FROM jsonb_each(before) WHERE value IS DISTINCT FROM after -> key;
                SELECT coalesce(jsonb_object_agg(key, value), '{}') INTO after
                FROM jsonb_each(after) WHERE before ? key;
                IF before = '{}' THEN
                    RETURN NULL;
                END IF;
            ELSE
                before := jsonb_strip_nulls(nullif(before, '{}'));
                after := jsonb_strip_nulls(nullif(after, '{}'));
            END IF;
            INSERT INTO audit_entry (dossier_id, by, record, record_id, operation, customer_id, third_party_id, before, after)
            VALUES (
                (named ->> 'dossier_id')::uuid,
                coalesce(nullif(current_setting('comptoir.by', true), ''), 'system'),
                TG_TABLE_NAME,
                CASE WHEN TG_TABLE_NAME = 'reference_value' THEN (named ->> 'table_name') || '/' ELSE '' END
                    || (named ->> TG_ARGV[0]),
                lower(TG_OP),
                -- what went with its card keeps no link to it
                (SELECT c.customer_id FROM customer c WHERE c.dossier_id = (named ->> 'dossier_id')::uuid
                    AND c.customer_id = (named ->> 'customer_id')::uuid),
                (SELECT t.third_party_id FROM third_party t WHERE t.dossier_id = (named ->> 'dossier_id')::uuid
                    AND t.third_party_id = (named ->> 'third_party_id')::uuid),
                before,
                after
            );
            RETURN NULL;
        END $$
    """)
    for table, key in AUDITED.items():
        events = "UPDATE OR DELETE" if table in CREATION_TELLS_ITSELF else "INSERT OR UPDATE OR DELETE"
        op.execute(f"""
            CREATE TRIGGER audited AFTER {events} ON {table}
            FOR EACH ROW EXECUTE FUNCTION comptoir_audit('{key}')
        """)
    # a merge holds the absorbed card FOR UPDATE: who adds to it meanwhile waits here, then is told to look again
    op.execute("""
        CREATE FUNCTION comptoir_not_merged() RETURNS trigger
        LANGUAGE plpgsql AS $$
        DECLARE
            merged uuid;
        BEGIN
            SELECT merged_into INTO merged FROM customer
            WHERE dossier_id = NEW.dossier_id AND customer_id = NEW.customer_id FOR KEY SHARE;
            IF merged IS NOT NULL THEN
                RAISE EXCEPTION 'comptoir: the card was merged into %', merged
                    USING ERRCODE = 'CS001', CONSTRAINT = 'merged_customer';
            END IF;
            RETURN NEW;
        END $$
    """)
    for table in OWNED:
        op.execute(f"""
            CREATE TRIGGER not_merged BEFORE INSERT ON {table}
            FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL) EXECUTE FUNCTION comptoir_not_merged()
        """)


def downgrade() -> None:
    for table in OWNED:
        op.execute(f"DROP TRIGGER not_merged ON {table}")
    op.execute("DROP FUNCTION comptoir_not_merged()")
    for table in AUDITED:
        op.execute(f"DROP TRIGGER audited ON {table}")
    op.execute("DROP FUNCTION comptoir_audit()")
    op.execute("DROP FUNCTION comptoir_told(jsonb)")
    op.execute("REVOKE UPDATE (data) ON outbox_event FROM comptoir_app")
    for table in GRANTS:
        op.execute(f"DROP POLICY own_dossier ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"REVOKE ALL ON {table} FROM comptoir_app")
