"""One main bank account a card, judged when a statement is through: one statement may hand the flag from account to account."""

from alembic import op

revision = "0006"
down_revision = "0005"

OWNERS = ("customer", "third_party")


def upgrade() -> None:
    for owner in OWNERS:
        op.drop_index(f"uq_bank_account_{owner}_main", table_name="bank_account")
        # a unique index is asked for each row as it is written, and the rows of one statement come in any order
        op.execute(f"""
            ALTER TABLE bank_account ADD CONSTRAINT ex_bank_account_{owner}_main
            EXCLUDE USING btree (dossier_id WITH =, {owner}_id WITH =) WHERE (main) DEFERRABLE INITIALLY IMMEDIATE
        """)


def downgrade() -> None:
    for owner in OWNERS:
        op.execute(f"ALTER TABLE bank_account DROP CONSTRAINT ex_bank_account_{owner}_main")
        op.execute(f"""
            CREATE UNIQUE INDEX uq_bank_account_{owner}_main ON bank_account (dossier_id, {owner}_id) WHERE main
        """)
