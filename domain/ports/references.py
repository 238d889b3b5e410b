"""The tables that the shop edits, its own fields, and its settings."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.model.reference import CustomField, FieldRecord, ReferenceValue, Table
from domain.model.settings import DossierCard, DossierSettings


class References(Protocol):
    """The tables that the shop edits, its own fields, and its settings."""

    async def missing(self, wanted: Collection[tuple[Table, str]]) -> set[tuple[Table, str]]:
        """Those of ``wanted`` that their table does not have; until the transaction ends nobody deletes the others."""
        ...

    async def get(self, table: Table, code: str) -> ReferenceValue:
        """The value, locked: whoever puts it on a card at this moment is waited for. Raises ``NotFound``."""
        ...

    async def extent(self, table: Table) -> tuple[int, int]:
        """How many values the table has, and the position of the last; until the transaction ends nobody else adds one."""
        ...

    async def used(self, table: Table, code: str) -> int:
        """How many cards and records have the code."""
        ...

    def add(self, value: ReferenceValue) -> None:
        """The commit raises ``CodeTaken``."""
        ...

    def save(self, value: ReferenceValue) -> None:
        """The commit raises ``StaleVersion``."""
        ...

    def remove(self, value: ReferenceValue) -> None: ...

    def rewrite_functions(self, codes: Mapping[str, str], *, now: datetime) -> None:
        """Every contact with a former function code gets the new one, all at once: two codes may be exchanged (B38)."""
        ...

    async def fields(self, record: FieldRecord) -> list[CustomField]:
        """By questionnaire, position and code; until the transaction ends nobody changes or deletes them."""
        ...

    async def field(self, field_id: UUID) -> CustomField:
        """The field, locked: whoever answers it on a card at this moment is waited for. Raises ``NotFound``."""
        ...

    async def answered(self, field: CustomField, choices: Collection[str] | None = None) -> int:
        """How many cards answer the field, or answer it with one of ``choices``."""
        ...

    def add_field(self, field: CustomField) -> None:
        """The commit raises ``CodeTaken``."""
        ...

    def save_field(self, field: CustomField) -> None:
        """The commit raises ``StaleVersion`` or ``CodeTaken``."""
        ...

    def remove_field(self, field: CustomField) -> None: ...

    async def settings(self) -> DossierSettings: ...

    async def dossier(self) -> DossierCard: ...

    def save_dossier(self, card: DossierCard) -> None:
        """The commit raises ``StaleVersion``."""
        ...
