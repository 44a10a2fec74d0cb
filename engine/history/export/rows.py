"""CSV for process mining: one row per run of an element, with its start and its end."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

from engine.formulas import harmless
from engine.history.export.pseudonyms import Pseudonyms
from engine.history.export.reading import Case, Histories

MEDIA_TYPE = "text/csv; charset=utf-8"

HEAD = (
    "case_id", "activity", "start", "end", "resource", "business_key", "process", "definition", "instance", "run", "element", "type",
    "state", "round", "assignee", "due", "overdue", "case_state", "case_start", "case_end",
)  # fmt: skip


def write_csv(histories: Histories, names: Pseudonyms) -> Iterator[str]:
    """The table, some rows at a time; begins with a byte order mark, so that Excel reads Chinese."""
    yield "\ufeff" + _line(HEAD)
    for piece in histories.pieces():
        rounds: Counter[tuple[str, str]] = Counter()  # of these cases only
        for run in histories.runs(piece):
            rounds[run.instance_id, run.element_id] += 1
            yield _line(_cells(run, piece[run.root_id], rounds[run.instance_id, run.element_id], histories, names))


def _cells(run: Any, case: Case, number: int, histories: Histories, names: Pseudonyms) -> tuple[Any, ...]:
    root = case.root
    return (
        root.id,
        histories.titles(run.process_definition_id).get(run.element_id, run.element_id),
        run.entered_at,
        run.left_at,
        names.name("person", run.completed_by),
        names.name("order", root.business_key),
        run.process_definition_id.partition(":")[0],
        run.process_definition_id,
        run.instance_id,
        run.id,
        run.element_id,
        run.element_type,
        run.state,
        number,
        names.name("person", run.assignee),
        run.due_at,
        None if run.due_at is None or run.left_at is None else run.left_at > run.due_at,
        root.state,
        root.started_at,
        root.ended_at,
    )


def _line(cells: tuple[Any, ...]) -> str:
    file = StringIO()
    csv.writer(file, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return file.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, bool):
        return str(value).lower()
    return harmless(value) if isinstance(value, str) else str(value)
