"""What happened, and what callers were told."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from infra.db.tables.base import INSTANT, Row, Xid8


class OutboxEventRow(Row, table=True):
    """What happened. (``xid``, ``seq``) is the order in which a reader below the oldest transaction loses nothing."""

    __tablename__: ClassVar[str] = "outbox_event"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        Index("ix_outbox_event_feed", "dossier_id", "xid", "seq"),
    )

    event_id: UUID = Field(sa_type=Uuid, primary_key=True)
    xid: int = Field(sa_type=Xid8, sa_column_kwargs={"server_default": text("pg_current_xact_id()")})
    seq: int = Field(sa_type=BigInteger, sa_column_args=(Identity(always=True, cache=50),))
    type: str = Field(sa_type=Text)
    subject: UUID = Field(sa_type=Uuid)
    version: int = Field(sa_type=Integer)
    at: datetime = Field(sa_type=INSTANT)
    by: str = Field(sa_type=Text)
    data: dict[str, Any] = Field(sa_type=JSONB)


class IdempotencyAnswerRow(Row, table=True):
    """What a caller was told for its key, kept with the effect."""

    __tablename__: ClassVar[str] = "idempotency_answer"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id"], ["dossier.dossier_id"]),
        Index("ix_idempotency_answer_by_age", "dossier_id", "at"),
    )

    client: str = Field(sa_type=Text, primary_key=True)
    key: str = Field(sa_type=Text, primary_key=True)
    fingerprint: bytes = Field(sa_type=LargeBinary)
    status: int = Field(sa_type=Integer)
    headers: list[str] = Field(sa_type=ARRAY(Text))
    body: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=INSTANT)
