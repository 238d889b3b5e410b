"""The shop's own tables filled for the dossiers that are there already."""

from alembic import op
from sqlalchemy import text

from infra.db import reference_defaults

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    # a dossier opened from now on gets these rows from open_dossier; the older ones have empty tables since 0003, and no card
    # could be given a title or a country. The defaults of today are what they start with, whatever those become later.
    rows = [
        {"table_name": table, "code": code, "label": label, "label_en": english, "position": position}
        for table, code, label, english, position in reference_defaults.rows()
    ]
    op.get_bind().execute(
        text("""
            INSERT INTO reference_value (dossier_id, table_name, code, label, label_en, position, active, updated_at, version)
            SELECT dossier_id, :table_name, :code, :label, :label_en, cast(:position AS integer), true, now(), 1 FROM dossier
            ON CONFLICT DO NOTHING
        """),
        rows,
    )


def downgrade() -> None:
    # the tables themselves go with 0003; what the shop wrote into them meanwhile is not told from the defaults
    pass
