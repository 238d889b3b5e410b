"""The reservations of one order, found without reading all: an order is given to a card with them (C12)."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_index("ix_reservation_by_order", "reservation", ["dossier_id", "order_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_reservation_by_order", table_name="reservation")
