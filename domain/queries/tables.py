"""The shop's own tables and fields as they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.model.reference import CustomField, FieldKind, FieldRecord, ReferenceValue, Table
from domain.model.values import DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueView:
    """One value of a table."""

    table: Table
    code: str
    label: str
    label_en: str | None
    position: int
    active: bool
    updated_at: datetime
    version: int


def value_view(value: ReferenceValue) -> ValueView:
    """The value as its reader would answer it."""
    return ValueView(
        table=value.table,
        code=value.code,
        label=value.label,
        label_en=value.label_en,
        position=value.position,
        active=value.active,
        updated_at=value.updated_at,
        version=value.version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field of the shop's own (rubrique)."""

    id: UUID
    record: FieldRecord
    questionnaire: str
    code: str
    label: str
    kind: FieldKind
    choices: tuple[str, ...]
    position: int
    updated_at: datetime
    version: int


def field_view(field: CustomField) -> FieldView:
    """The field as its reader would answer it."""
    return FieldView(
        id=field.id,
        record=field.record,
        questionnaire=field.questionnaire,
        code=field.code,
        label=field.label,
        kind=field.kind,
        choices=field.choices,
        position=field.position,
        updated_at=field.updated_at,
        version=field.version,
    )


class TableReader(Protocol):
    async def counts(self, dossier: DossierId) -> Mapping[Table, int]:
        """How many values each table has; a table without any is left out."""
        ...

    async def values(self, dossier: DossierId, table: Table, *, active: bool | None) -> list[ValueView]:
        """All of a table, at most ``MOST_VALUES``, in the order of their positions; ``active`` None is both."""
        ...

    async def value(self, dossier: DossierId, table: Table, code: str) -> ValueView:
        """Raises ``NotFound``."""
        ...

    async def field(self, dossier: DossierId, field_id: UUID) -> FieldView:
        """Raises ``NotFound``."""
        ...

    async def fields(self, dossier: DossierId, record: FieldRecord | None) -> list[FieldView]:
        """The shop's own fields, by record, questionnaire and position; ``record`` None is both."""
        ...
