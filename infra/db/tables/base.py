"""What every table is made of."""

from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Numeric, String, Uuid
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: MetaData = SQLModel.metadata


class Xid8(UserDefinedType[int]):
    """A transaction id that never wraps."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


FOLDED = String(collation="C")
"""A folded search key: compared byte by byte, so that a prefix is an index range (performance.md)."""
INSTANT = DateTime(timezone=True)
EUROS = Numeric(12, 2)
EUROS_OF_AN_ORDER = Numeric(18, 2)  # 500 lines of 9999 copies at 99,999,999.99 fit, and more of the kind
PERCENT = Numeric(5, 2)


class Row(SQLModel):
    """What every table shares: it belongs to a dossier."""

    dossier_id: UUID = Field(sa_type=Uuid, primary_key=True)
