"""What somebody did in a sandbox, as a scenario writes it."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.forms import initial_values
from engine.runtime.engine import Engine
from engine.runtime.task_context import task_context
from engine.scenarios.answering import waiting_jobs
from engine.scenarios.entering import FILES
from engine.scenarios.people import open_tasks
from engine.scenarios.values import WALL_CLOCK
from engine.storage.tables import Attachment, FormDefinition, Job, ProcessInstance, UserTask

Written = dict[str, Any]


def start_step(process: str, values: dict[str, Any], *, by: str | None, key: str) -> Written:
    """Somebody starts a process."""
    return _written(start=process, by=by, key=key or None, **{"with": values or None})


def complete_step(engine: Engine, task: UserTask, submitted: dict[str, Any], by: str) -> Written:
    """Somebody completes a task; only what differs from what the form showed at first is written."""
    with engine.database.session() as session:
        form = session.get(FormDefinition, task.form_definition_id) if task.form_definition_id else None
        words = _words_of_files(session)
    shown = initial_values(form.form_schema, task_context(engine, task.id)) if form is not None else {}
    entered = {name: value for name, value in submitted.items() if name not in shown or shown[name] != value}
    among = [item for item in open_tasks(engine) if item.element_id == task.element_id]
    return _written(complete=task.element_id, by=by, **_which(among, task, "process_key"), enter=literal(_mapped(entered, words)) or None)


def answer_step(
    engine: Engine, job: Job, *, values: dict[str, Any] | None = None, error: str | None = None, failure: str | None = None
) -> Written:
    """A handler is answered for; without an answer it works itself."""
    among = [item for item in waiting_jobs(engine) if item.element_id == job.element_id]
    with engine.database.session() as session:
        keys = {
            row.id: row.process_key
            for row in session.execute(
                select(ProcessInstance.id, ProcessInstance.process_key).where(ProcessInstance.id.in_({item.instance_id for item in among}))
            )
        }
    processes = [_Placed(item.id, keys[item.instance_id or ""]) for item in among]
    which = _which(processes, next(item for item in processes if item.id == job.id), "process_key")
    answer = {"with": literal(values)} if values is not None else {}
    return _written(answer=job.element_id, **which, **answer, error=error, failure=failure)


def moment_after(instant: datetime, engine: Engine) -> str:
    """The first full minute of the office's clock that is not before an instant, as a scenario writes it."""
    full = instant.replace(second=0, microsecond=0)
    if full < instant:
        full += timedelta(minutes=1)
    return full.astimezone(ZoneInfo(engine.settings.time_zone)).strftime("%Y-%m-%d %H:%M")


def literal(value: Any) -> Any:
    """A value that a scenario takes as it is, at all levels: what looks like FEEL or like the office's clock becomes a FEEL text."""
    if isinstance(value, dict):
        return {key: literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [literal(item) for item in value]
    if isinstance(value, str) and (value.startswith("=") or WALL_CLOCK.fullmatch(value)):
        return f"={json.dumps(value, ensure_ascii=False)}"
    return value


class _Placed:
    """A job and the process it belongs to."""

    def __init__(self, job_id: str, process_key: str) -> None:
        self.id, self.process_key = job_id, process_key


def _which(among: Collection[Any], one: Any, process: str) -> Written:
    """What tells one of several of the same element: its process, or its number."""
    if len(among) < 2:
        return {}
    key = getattr(one, process)
    same = [item.id for item in among if getattr(item, process) == key]
    return {"process": key} if len(same) == 1 else {"process": key, "nth": same.index(one.id) + 1}


def _words_of_files(session: Session) -> dict[str, str]:
    """The word of a scenario for every file that is there, by its id."""
    rows = session.execute(select(Attachment.id, Attachment.kind))
    return {row.id: row.kind if row.kind in FILES else "file" for row in rows}


def _mapped(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _mapped(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_mapped(item, words) for item in value]
    return words.get(value, value) if isinstance(value, str) else value


def _written(**parts: Any) -> Written:
    return {name: value for name, value in parts.items() if value is not None}
