"""The tables that the shop edits, and its own fields."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.errors import CodeInUse, CodeUnfit, Conflict, Fault, TableFull
from domain.events import EventType
from domain.model.access import Caller
from domain.model.reference import MOST_VALUES, CustomField, FieldKind, FieldRecord, ReferenceValue, Table
from domain.model.statcodes import LONGEST
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.tables import FieldView, ValueView, field_view, value_view
from domain.usecases.work import Surroundings, expect, told

STAT_TABLES = (Table.STAT_1, Table.STAT_2, Table.STAT_3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCard:
    """What a person writes of a value; ``position`` None is the last."""

    label: str
    label_en: str | None
    position: int | None
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCard:
    """What a person writes of a field and may change later; ``position`` None is the last."""

    label: str
    choices: tuple[str, ...]
    position: int | None


@dataclass(frozen=True, slots=True)
class Tables:
    """Civilités, catégories, codes fonction, … as the shop wants them."""

    around: Surroundings

    async def create(self, *, by: Caller, table: Table, code: str, card: ValueCard, once: Once[ValueView]) -> Told:
        """A new value. Raises ``CodeTaken``, ``CodeUnfit``, ``TableFull``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            await _check_form(work, table, code)
            count, last = await work.references.extent(table)
            if count >= MOST_VALUES:
                raise TableFull(most=MOST_VALUES)
            value = ReferenceValue(
                table=table,
                code=code,
                label=card.label,
                label_en=card.label_en,
                position=last + 1 if card.position is None else card.position,
                active=card.active,
                updated_at=now,
            )
            work.references.add(value)
            self._tell(work, value, by, now)
            return await told(work, once, value_view(value))

    async def change(
        self, *, by: Caller, table: Table, code: str, version: int, edit: Callable[[ValueCard], ValueCard]
    ) -> ValueView:
        """Raises ``NotFound``, ``StaleVersion``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            value = await work.references.get(table, code)
            expect(value.version, version)
            before = ValueCard(label=value.label, label_en=value.label_en, position=value.position, active=value.active)
            card = edit(before)
            if card != before:
                value.label, value.label_en, value.active = card.label, card.label_en, card.active
                value.position = value.position if card.position is None else card.position
                value.updated_at = now
                value.version += 1
                work.references.save(value)
                self._tell(work, value, by, now)
                await work.commit()
            return value_view(value)

    async def remove(self, *, by: Caller, table: Table, code: str, version: int) -> None:
        """Raises ``NotFound``, ``StaleVersion``, and ``CodeInUse`` with how many cards have the code."""
        async with self.around.begin(by.dossier, by.client) as work:
            value = await work.references.get(table, code)
            expect(value.version, version)
            used = await work.references.used(table, code)
            if table is Table.FUNCTIONS:
                used += list((await work.references.settings()).contact_roles.values()).count(code)
            if used:
                raise CodeInUse(count=used)
            work.references.remove(value)
            value.version += 1
            self._tell(work, value, by, self.around.clock())
            await work.commit()

    def _tell(self, work: UnitOfWork, value: ReferenceValue, by: Caller, at: datetime) -> None:
        kind = EventType.SETTINGS_UPDATED
        work.emit(self.around.event(kind, by.dossier.id, value.version, by, at, table=value.table.value))


async def _check_form(work: UnitOfWork, table: Table, code: str) -> None:
    """The form that some tables ask of a code (B82, ISO 3166-1). Raises ``CodeUnfit``."""
    if table is Table.COUNTRIES and re.fullmatch(r"[A-Z]{2}", code) is None:
        raise CodeUnfit(faults=[Fault("country-code", "/code")])
    if table in STAT_TABLES:
        if re.fullmatch(r"[A-Z0-9]{1,8}", code) is None:
            raise CodeUnfit(faults=[Fault("stat-code-format", "/code")])
        axis = (await work.references.settings()).stat_axes[STAT_TABLES.index(table)]
        longest = axis.segments[-1] if axis.segments else LONGEST
        if len(code) > longest:
            raise CodeUnfit(faults=[Fault("stat-code-length", "/code", (("length", longest),))])


@dataclass(frozen=True, slots=True)
class CustomFields:
    """Fields of the shop's own (rubriques), case-sensitive in their questionnaires (B60)."""

    around: Surroundings

    async def create(
        self,
        *,
        by: Caller,
        record: FieldRecord,
        questionnaire: str,
        code: str,
        kind: FieldKind,
        card: FieldCard,
        once: Once[FieldView],
    ) -> Told:
        """A new field. Raises ``CodeTaken``, ``TableFull``, ``Invalid``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            others = await work.references.fields(record)
            if len(others) >= MOST_VALUES:
                raise TableFull(most=MOST_VALUES)
            last = max((each.position for each in others if each.questionnaire == questionnaire), default=0)
            field = CustomField(
                id=self.around.new_id(),
                record=record,
                questionnaire=questionnaire,
                code=code,
                label=card.label,
                kind=kind,
                choices=card.choices,
                position=last + 1 if card.position is None else card.position,
                updated_at=now,
            )
            work.references.add_field(field)
            self._tell(work, field, by, now)
            return await told(work, once, field_view(field))

    async def change(
        self, *, by: Caller, field_id: UUID, version: int, edit: Callable[[FieldCard], FieldCard]
    ) -> FieldView:
        """Raises ``NotFound``, ``StaleVersion``, ``CodeInUse`` for a choice that cards have, ``Conflict`` for unwanted ones."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            field = await work.references.field(field_id)
            expect(field.version, version)
            before = FieldCard(label=field.label, choices=field.choices, position=field.position)
            card = edit(before)
            if card.choices and field.kind is not FieldKind.CHOICE:
                raise Conflict
            gone = set(before.choices) - set(card.choices)
            if gone and (answers := await work.references.answered(field, gone)):
                raise CodeInUse(count=answers)
            if card != before:
                field.label, field.choices, field.updated_at = card.label, card.choices, now
                field.position = field.position if card.position is None else card.position
                field.version += 1
                work.references.save_field(field)
                self._tell(work, field, by, now)
                await work.commit()
            return field_view(field)

    async def remove(self, *, by: Caller, field_id: UUID, version: int) -> None:
        """Raises ``NotFound``, ``StaleVersion``, and ``CodeInUse`` with how many cards answer the field."""
        async with self.around.begin(by.dossier, by.client) as work:
            field = await work.references.field(field_id)
            expect(field.version, version)
            if answers := await work.references.answered(field):
                raise CodeInUse(count=answers)
            work.references.remove_field(field)
            field.version += 1
            self._tell(work, field, by, self.around.clock())
            await work.commit()

    def _tell(self, work: UnitOfWork, field: CustomField, by: Caller, at: datetime) -> None:
        work.emit(self.around.event(EventType.SETTINGS_UPDATED, field.id, field.version, by, at, table="custom-fields"))
