"""Alembic's entry: the connection is handed in by ``infra.db.migrate``."""

from alembic import context

from infra.db.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_server_default=False,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
