"""Suspending a case stops its clocks: what was left of a deadline then counts again from the moment the case is resumed.

A deadline that was reckoned moves, in working time if it was reckoned so; a date that somebody named stays. Which of the two it is says the
`clock` of its explanation.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from engine.runtime.due import Explanation
from engine.runtime.step import OpenInstance, Step
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import Event, Timer, UserTask
from engine.working_time import calendar_time

TIMERS = Timer.__table__
TASKS = UserTask.__table__
EVENTS = Event.__table__

#: Columns of a user task that hold a deadline, with those of their explanations.
_OF_TASKS = {"due_at": "due_explanation", "follow_up_at": "follow_up_explanation"}


def move_deadlines(step: Step, root: OpenInstance) -> None:
    """Move the timers and due dates of a case that is being resumed; each move is an event that says why."""
    suspended = select(EVENTS.c.happened_at).where(EVENTS.c.instance_id == root.row["id"], EVENTS.c.type == "InstanceSuspended")
    since = step.session.scalars(suspended.order_by(EVENTS.c.sequence.desc()).limit(1)).one()
    for timer in step.session.execute(select(TIMERS).where(TIMERS.c.root_id == root.row["root_id"], TIMERS.c.state == "waiting")).all():
        moved = _moved(step.surroundings, timer.due_at, timer.explanation, max(since, timer.created_at))
        if moved is not None:
            due_at, explanation = moved
            step.session.execute(update(TIMERS).where(TIMERS.c.id == timer.id).values(due_at=due_at, explanation=explanation))
            _record(step, timer, "TimerRescheduled", before=timer.due_at.isoformat(), due_at=due_at.isoformat(), explanation=explanation)
    for task in step.session.execute(select(TASKS).where(TASKS.c.root_id == root.row["root_id"], TASKS.c.state == "open")).all():
        values: dict[str, Any] = {}
        for column, before, due_at, explanation in _moved_of(step.surroundings, task, since):
            values |= {column: due_at, _OF_TASKS[column]: explanation}
            change = {"field": column, "before": before.isoformat(), "after": due_at.isoformat(), "explanation": explanation}
            _record(step, task, "UserTaskChanged", name=task.name, **change)
        if values:
            step.session.execute(update(TASKS).where(TASKS.c.id == task.id).values(revision=task.revision + 1, **values))


def _moved_of(surroundings: Surroundings, task: Any, since: datetime) -> Iterator[tuple[str, datetime, datetime, Explanation]]:
    for column, explained in _OF_TASKS.items():
        before = getattr(task, column)
        moved = before and _moved(surroundings, before, getattr(task, explained), max(since, task.created_at))
        if moved:
            yield column, before, *moved


def _moved(
    surroundings: Surroundings, due_at: datetime, explanation: Explanation | None, since: datetime
) -> tuple[datetime, Explanation] | None:
    """A deadline after a pause from `since` until now; None when it stays: a date somebody named, or due before the pause."""
    clock = (explanation or {}).get("clock")
    if clock is None or due_at <= since:
        return None
    if clock == "working":
        calendar = surroundings.calendar()
        deadline = calendar.add_time(surroundings.now, calendar.working_time_between(since, due_at))
    else:
        deadline = calendar_time(surroundings.now, due_at - since, surroundings.time_zone)
    if deadline.due_at <= due_at:  # nobody would have worked during the pause
        return None
    zone = ZoneInfo(surroundings.time_zone)
    begun, ended = (f"{instant.astimezone(zone):%Y-%m-%d %H:%M}" for instant in (since, surroundings.now))
    words = deadline.explanation
    return deadline.due_at, words | {
        "zh": f"案例从 {begun} 挂起到 {ended}，剩余时间从恢复时起算：{words['zh']}",
        "en": f"The case was suspended from {begun} to {ended}; what was left counts from then: {words['en']}",
    }


def _record(step: Step, row: Any, kind: str, **data: Any) -> None:
    step.open(row.instance_id, row.root_id).execution.effects.record(kind, row.element_id, row.id, **data)
