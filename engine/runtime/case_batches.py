"""Batches of work on many cases in the background: one job per case, so that progress outlives pages, workers and servers."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table, insert, update

from engine.runtime import writing
from engine.storage.tables import Job, ProcessInstance

if TYPE_CHECKING:
    from engine.runtime.engine import Engine
    from engine.runtime.step import Step

Row = dict[str, Any]

#: A batch waits for the daily work.
_PRIORITY = -10


def ended_within(engine: "Engine", since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """What is true of cases that ended from one day of the office to another, both included; None: whatever."""
    zone, ended_at = ZoneInfo(engine.settings.time_zone), ProcessInstance.ended_at
    conditions: list[ColumnElement[bool]] = [ProcessInstance.parent_id.is_(None), ended_at.is_not(None)]
    if since:
        conditions.append(ended_at >= datetime.combine(since, time(), tzinfo=zone))
    if until:
        conditions.append(ended_at < datetime.combine(until + timedelta(days=1), time(), tzinfo=zone))
    return conditions


def new_job(step: "Step", kind: str, content: Row, at: Any = None) -> Row:
    """The row of the job that does a case of a batch. `at`: of the instance that it changes; None for a job that only reads."""
    return writing.new_job(step.surroundings, kind, content, at, priority=_PRIORITY)


def add(step: "Step", batches: Table, batch: Row, items: Table, rows: Sequence[Row], jobs: Iterable[Row]) -> None:
    """Write down a batch, a row for each of its cases, and their jobs."""
    step.session.execute(insert(batches), batch)
    step.session.execute(insert(items), rows)
    step.session.execute(insert(Job.__table__), list(jobs))
    step.makes_work = True


def write_down(step: "Step", items: Table, item_id: str, values: Row) -> None:
    """Keep what became of a case that still waits."""
    waiting = (items.c.id == item_id, items.c.state == "waiting")
    step.session.execute(update(items).where(*waiting).values(values | {"done_at": step.surroundings.now}))


def leave_waiting(step: "Step", items: Table, of_batch: ColumnElement[bool]) -> int:
    """Leave the cases of a batch that still wait; how many."""
    values = {"state": "cancelled", "done_at": step.surroundings.now}
    statement = update(items).where(of_batch, items.c.state == "waiting").values(values)
    return int(step.session.connection().execute(statement).rowcount)
