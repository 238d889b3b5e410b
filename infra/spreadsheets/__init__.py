"""Tables as files, made with openpyxl."""

from infra.spreadsheets.workbooks import OpenpyxlSpreadsheets

__all__ = ["OpenpyxlSpreadsheets"]
