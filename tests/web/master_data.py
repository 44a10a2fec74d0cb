"""The application with the demo's master data, and files as people upload them."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from handlers.demo.master_data import load
from tests.web.conftest import Client, Site


@pytest.fixture
def office(site_on_each: Site) -> Site:
    """An office with customers, devices, parts and people."""
    load(site_on_each.engine)
    return site_on_each


@pytest.fixture
def small_office(site: Site) -> Site:
    """The same on SQLite only, for what does not depend on the database."""
    load(site.engine)
    return site


def csv_text(*lines: str, encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def excel(*rows: tuple[Any, ...]) -> bytes:
    """An Excel file of one sheet."""
    book, file = Workbook(), BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def excel_rows(content: bytes) -> list[tuple[Any, ...]]:
    """What an Excel file holds."""
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return list(sheet.values)


def upload(client: Client, kind: str, name: str, content: bytes, reason: str = "") -> str:
    """Upload a file; returns the address of its preview."""
    answer = client.send(f"/data/{kind}/import", {"file": (BytesIO(content), name), "reason": reason})
    assert answer.status_code == 302, answer.get_data(as_text=True)[:3000]
    return str(answer.headers["Location"])


def seen(page: str) -> str:
    """What the button of a preview sends along."""
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def version(page: str) -> str:
    """What the form of a record sends along."""
    return page.split('name="version" value="')[1].split('"', maxsplit=1)[0]
