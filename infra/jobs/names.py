"""What the job queue is called in the database: PgQueuer's tables in a schema of their own."""

from typing import Final

from pgqueuer.domain.settings import DBSettings

SCHEMA: Final = "jobs"
SETTINGS: Final = DBSettings(db_schema=SCHEMA)
