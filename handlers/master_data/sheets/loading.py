"""Excel and CSV files as rows of texts, each with the number of its line; whatever a file holds, it cannot do harm."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from engine.errors import InvalidInput
from engine.formulas import as_meant

#: Larger files are better split: while one is written, everybody else who writes waits (SQLite has one writer).
MOST_ROWS = 10_000
_MOST_COLUMNS = 100
_MOST_UNPACKED_BYTES = 200_000_000
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Sheet:
    """The head of a file and its rows that are not blank, each with its line number (the head's is 1 in an ordinary file)."""

    head: list[str]
    rows: list[tuple[int, list[str]]]


def load(name: str, content: bytes) -> Sheet:
    """Read a file by its content; its name only matters for the message.

    Raises:
        InvalidInput: it is neither Excel nor CSV, or larger than can be imported.
    """
    found = _excel_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    rows: list[tuple[int, list[str]]] = []
    for number, cells in found:
        if len(cells) > _MOST_COLUMNS or len(rows) > MOST_ROWS:
            raise InvalidInput(
                f"文件太大：最多 {MOST_ROWS} 行、{_MOST_COLUMNS} 列，请分成几个文件。",
                f"The file is too large: at most {MOST_ROWS} rows and {_MOST_COLUMNS} columns; split it.",
            )
        if any(cells):
            rows.append((number, cells))
    if not rows:
        raise InvalidInput(f"文件“{name}”里没有内容。", f"There is nothing in the file “{name}”.")
    return Sheet(rows[0][1], rows[1:])


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decode(content)
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, [as_meant(cell.strip()) for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput(
            f"CSV 第 {number} 行读不懂：引号没有成对，或格子太长。", f"Line {number} of the CSV file cannot be read: {error}."
        ) from error


def _decode(content: bytes) -> str:
    """UTF-8, or what Excel in China writes: GBK (read as its superset GB 18030), or UTF-16 as “Unicode text”."""
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable()
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable()


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "读不懂这个文件：要 Excel（.xlsx）或 CSV（UTF-8 或 GBK）。",
        "The file cannot be read: it must be Excel (.xlsx) or CSV (UTF-8 or GBK).",
    )


def _excel_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with ZipFile(BytesIO(content)) as archive:
            _refuse_dangerous(archive)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:  # a syntax error of XML is one of Python's
        raise _unreadable() from error
    sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
    if sheet is None:
        raise _unreadable()
    sheet.reset_dimensions()  # some programs write wrong ones
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, _without_tail([_excel_text(cell.value) for cell in cells])


def _refuse_dangerous(archive: ZipFile) -> None:
    """Neither a small file that unpacks to a huge one, nor XML that grows by entities."""
    if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED_BYTES:
        raise _unreadable()
    for part in archive.infolist():
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as file:
                if b"<!DOCTYPE" in file.read(4096):
                    raise _unreadable()


def _excel_text(value: Any) -> str:
    """A cell as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return as_meant(str(value).strip())


def _without_tail(cells: list[str]) -> list[str]:
    """Formatted but blank cells to the right do not count."""
    while cells and not cells[-1]:
        cells.pop()
    return cells
