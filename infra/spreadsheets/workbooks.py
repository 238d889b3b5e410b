"""Workbooks and CSV files."""

import asyncio
import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as ACell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from domain.model.prices import WHOLE
from domain.ports.spreadsheets import Cell, Figures, Sheet

FORMATS = {
    Figures.TEXT: "@",
    Figures.COUNT: "#,##0",
    Figures.EUROS: '#,##0.00\\ "€"',
    Figures.PERCENT: "0.00%",
    Figures.DAY: "dd/mm/yyyy",
    Figures.MONTH: "mmm\\ yyyy",
}
BOLD = Font(bold=True)
FORMULA = re.compile(r"^[=+\-@\t\r]")
"""What a spreadsheet would calculate when it opens a CSV file."""


class OpenpyxlSpreadsheets:
    """``Spreadsheets`` with openpyxl, each made in a thread of its own: thousands of rows take a second."""

    async def xlsx(self, sheets: Sequence[Sheet]) -> bytes:
        return await asyncio.to_thread(_workbook, sheets)

    async def csv(self, sheet: Sheet) -> bytes:
        return await asyncio.to_thread(_csv, sheet)


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page: Worksheet = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        titles = [column.title for column in sheet.columns]
        total = () if sheet.total is None else (sheet.total,)
        for number, line in enumerate((titles, *sheet.rows, *total), start=1):
            bold = number == 1 or number > 1 + len(sheet.rows)
            for place, (value, column) in enumerate(zip(line, sheet.columns, strict=True), start=1):
                _write(cast(ACell, page.cell(number, place)), value, column.holds, bold=bold)  # no cell is merged
        for place, column in enumerate(sheet.columns, start=1):
            page.column_dimensions[get_column_letter(place)].width = column.width
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(cell: ACell, value: Cell, holds: Figures, *, bold: bool) -> None:
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # "=1+1" is a title, not a formula
    elif value is not None:
        cell.value = value / WHOLE if isinstance(value, Decimal) and holds is Figures.PERCENT else value
        cell.number_format = FORMATS[holds]
    if bold:
        cell.font = BOLD


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow([_word(column.title) for column in sheet.columns])
    lines.writerows([_word(value) for value in row] for row in sheet.rows)
    if sheet.total is not None:
        lines.writerow([_word(value) for value in sheet.total])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _word(value: Cell) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str):
        return f"'{value}" if FORMULA.match(value) else value
    return "" if value is None else str(value)
