"""`opsbook export`: histories as files, without a browser."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select

from engine.storage.database import Database
from engine.storage.tables import Event, HistoryReading
from tests.command_line.test_case import begun, opsbook

__all__ = ["begun", "opsbook"]
Opsbook = Callable[..., Result]


@pytest.mark.parametrize("form", ["xes", "ocel", "csv", "jsonl"])
def test_a_case_is_written_to_a_file(opsbook: Opsbook, begun: str, tmp_path: Path, form: str) -> None:
    """Given a case, each format is written whole, and nothing unfinished is left."""
    opsbook("export", form, "--case", begun, "-o", "out.file")

    assert begun in (tmp_path / "out.file").read_text("utf-8")
    assert not list(tmp_path.glob("*.part"))


def test_all_events_are_written_and_it_is_recorded(opsbook: Opsbook, begun: str, empty_database: Database, tmp_path: Path) -> None:
    """Given no condition, every event is written, and the record says who asked for what."""
    opsbook("export", "jsonl", "--process", "site_visit", "--pseudonymise", "--by", "li", "-o", "all.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    with empty_database.session() as session:
        events = session.scalars(select(Event)).all()
        (record,) = session.scalars(select(HistoryReading)).all()
    assert [line["sequence"] for line in lines] == [event.sequence for event in events]
    assert not any(line["actor"] == "li" for line in lines)
    assert (record.user_id, record.way, record.root_id, record.cases) == ("li", "jsonl", None, 1)
    assert record.selection == {"process": "site_visit", "pseudonymised": True}
    assert begun == lines[0]["case"]


def test_days_and_unknown_cases_are_said(opsbook: Opsbook, begun: str, tmp_path: Path) -> None:
    """Given days without cases the file is empty; a case that is not there is refused in words."""
    opsbook("export", "jsonl", "--until", "2001-01-01", "-o", "none.jsonl")
    assert (tmp_path / "none.jsonl").read_text() == ""

    assert "nobody" in opsbook("export", "csv", "--case", "nobody", "-o", "x.csv", code=1).output
    assert not (tmp_path / "x.csv").exists()
    assert begun
