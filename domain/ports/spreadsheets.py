"""Tables as files for a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

Cell = str | int | Decimal | date | None


class Figures(StrEnum):
    """What a column holds: words, a number, euros, percent (12.50 is 12.50 %), a day, or a month (its first day)."""

    TEXT = "text"
    COUNT = "count"
    EUROS = "euros"
    PERCENT = "percent"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column and its title. ``width`` is in characters."""

    title: str
    holds: Figures = Figures.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: ``name`` of at most 31 characters, a row of titles, its rows, and a total below them where there is one."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] | None = None


class Spreadsheets(Protocol):
    """Files that a spreadsheet opens. What is text stays text, also where it begins as a formula would."""

    async def xlsx(self, sheets: Sequence[Sheet]) -> bytes:
        """A workbook with real numbers and dates, its row of titles frozen."""
        ...

    async def csv(self, sheet: Sheet) -> bytes:
        """UTF-8 with a BOM, semicolons, decimal commas, days as 21/09/2017: as a French spreadsheet opens it."""
        ...
