"""Anonymising may blank the free texts of payments and stock movements, in which a name may stand; and who adds to a card at

the very moment in which its person is blanked is told to look again, as with one that is merged.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

NOT_MERGED = """
    CREATE OR REPLACE FUNCTION comptoir_not_merged() RETURNS trigger
    LANGUAGE plpgsql AS $$
    DECLARE
        history boolean;
    BEGIN
        SELECT {history} INTO history FROM customer
        WHERE dossier_id = NEW.dossier_id AND customer_id = NEW.customer_id FOR KEY SHARE;
        IF history THEN
            RAISE EXCEPTION 'comptoir: the card is history'
                USING ERRCODE = 'CS001', CONSTRAINT = 'merged_customer';
        END IF;
        RETURN NEW;
    END $$
"""


def upgrade() -> None:
    op.execute("GRANT UPDATE (reference) ON payment TO comptoir_app")
    op.execute("GRANT UPDATE (reason) ON stock_movement TO comptoir_app")
    op.execute(NOT_MERGED.format(history="merged_into IS NOT NULL OR anonymised_at IS NOT NULL"))


def downgrade() -> None:
    op.execute(NOT_MERGED.format(history="merged_into IS NOT NULL"))
    op.execute("REVOKE UPDATE (reason) ON stock_movement FROM comptoir_app")
    op.execute("REVOKE UPDATE (reference) ON payment FROM comptoir_app")
