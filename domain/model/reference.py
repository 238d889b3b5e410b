"""The tables that the shop edits (civilités, catégories, codes fonction, …) and its own fields (rubriques)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.errors import Fault, Invalid


class Table(StrEnum):
    """The closed list of tables, as ``/v1/tables/{name}`` names them."""

    TITLES = "titles"
    COUNTRIES = "countries"
    LANGUAGES = "languages"
    CATEGORIES = "categories"
    FUNCTIONS = "functions"
    PAYMENT_MODES = "payment-modes"
    PRINT_MODES = "print-modes"
    REMINDER_FAMILIES = "reminder-families"
    TARIFFS = "tariffs"
    CONFIDENTIALITY = "confidentiality"
    STAT_1 = "stat-1"
    STAT_2 = "stat-2"
    STAT_3 = "stat-3"


MOST_VALUES = 2000
"""Values of one table, and fields of one kind of card: a page shows them whole."""


@dataclass(slots=True, kw_only=True, eq=False)
class ReferenceValue:
    """One value. An inactive one stays on the cards that have it and is proposed no more."""

    table: Table
    code: str
    label: str
    label_en: str | None
    position: int
    active: bool
    updated_at: datetime
    version: int = 1


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"


class FieldRecord(StrEnum):
    """On which cards a field of the shop's own stands."""

    CUSTOMER = "customer"
    THIRD_PARTY = "third_party"


@dataclass(slots=True, kw_only=True, eq=False)
class CustomField:
    """A field of the shop's own (rubrique) in a questionnaire; both codes are case-sensitive (B60).

    Raises ``Invalid`` when ``choices`` do not go with ``kind``.
    """

    id: UUID
    record: FieldRecord
    questionnaire: str
    code: str
    label: str
    kind: FieldKind
    choices: tuple[str, ...]
    position: int
    updated_at: datetime
    version: int = 1

    def __post_init__(self) -> None:
        if self.kind is FieldKind.CHOICE and not self.choices:
            raise Invalid(faults=[Fault("choices-needed", "/choices")])
        if self.kind is not FieldKind.CHOICE and self.choices:
            raise Invalid(faults=[Fault("choices-unwanted", "/choices")])
