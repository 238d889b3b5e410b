"""Lines passed over until a date (P6); what a copy weighs (P33)."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("article", sa.Column("weight_g", sa.Integer(), nullable=True))
    op.create_check_constraint(op.f("ck_article_weight_g"), "article", "weight_g > 0")
    op.add_column("order_line", sa.Column("suspended_until", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_order_line_suspended"), "order_line", "suspended_until IS NULL OR set_aside = 0"
    )
    op.create_index(
        "ix_order_line_suspended",
        "order_line",
        ["dossier_id", "suspended_until"],
        unique=False,
        postgresql_where=sa.text("suspended_until IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_order_line_suspended",
        table_name="order_line",
        postgresql_where=sa.text("suspended_until IS NOT NULL"),
    )
    op.drop_constraint(op.f("ck_order_line_suspended"), "order_line", type_="check")
    op.drop_column("order_line", "suspended_until")
    op.drop_constraint(op.f("ck_article_weight_g"), "article", type_="check")
    op.drop_column("article", "weight_g")
