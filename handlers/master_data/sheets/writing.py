"""Tables as Excel and CSV files."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from engine.formulas import harmless
from handlers.master_data.types import Cell

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

#: Widest column, in characters.
_WIDEST = 48


def csv_file(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A CSV file; UTF-8 with a byte order mark, so that Excel reads Chinese."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return harmless(cell) if isinstance(cell, str) else str(cell)


def excel_file(title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """An Excel file of one sheet: its head stays in sight, texts are texts, numbers and dates are such."""
    return excel_book([(title, head, rows)])


def excel_book(sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]) -> bytes:
    """An Excel file of several sheets: title, head and rows of each."""
    book = Workbook(write_only=True)
    for title, head, rows in sheets:
        sheet = book.create_sheet(title[:31])
        sheet.freeze_panes = "A2"
        for number, name in enumerate(head, start=1):
            longest = max((_width(str(row[number - 1] or "")) for row in rows[:200]), default=0)
            sheet.column_dimensions[get_column_letter(number)].width = min(_WIDEST, max(_width(name), longest) + 2)
        sheet.append([_excel_cell(sheet, name, bold=True) for name in head])
        for row in rows:
            sheet.append([_excel_cell(sheet, cell) for cell in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _excel_cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    cell: Any
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", harmless(value)))
        cell.data_type = "s"
        cell.number_format = "@"
    else:
        cell = WriteOnlyCell(sheet)
        cell.value = value
        cell.number_format = "yyyy-mm-dd" if isinstance(value, date) else "0.00" if isinstance(value, Decimal) else "General"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _width(text: str) -> int:
    """In Latin letters; a Chinese character is as wide as two."""
    return sum(1 if letter.isascii() else 2 for letter in text)
