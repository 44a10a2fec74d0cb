"""Commands on user tasks: complete and save drafts. Who has a task is in `assignment`, what is attached to it in `remarks`."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, update

from engine.errors import ChangedMeanwhile, Conflict, NotFound
from engine.forms import submit
from engine.runtime.engine import Engine
from engine.runtime.step import OpenInstance, Step
from engine.storage.tables import Attachment, UserTask

TASKS = UserTask.__table__
_CHANGE = update(TASKS).where(TASKS.c.id == bindparam("task_id"), TASKS.c.revision == bindparam("read_revision"))


@dataclass(frozen=True)
class NextTask:
    """A task that a completed one led to."""

    id: str
    assignee: str | None
    candidates: list[tuple[str, str]]  #: ("user" or "group", name)


def complete(
    engine: Engine,
    task_id: str,
    submitted: dict[str, Any],
    actor: str | None,
    *,
    variables: dict[str, Any] | None = None,
    request_key: str | None = None,
) -> list[NextTask]:
    """Complete a user task with the values of its form; returns the tasks this led to in the same case.

    Args:
        engine: which runs it.
        task_id: of the task.
        submitted: the form's values; what the form does not declare is not taken.
        actor: who completes it.
        variables: values that are taken as they are, for callers that may set any variable.
        request_key: the same of the same person again changes nothing and is no error: an answer got lost, or a button was pressed twice.

    Raises:
        NotFound: no such task.
        Conflict: it is completed, cancelled, suspended or somebody else's.
        FormRejected: a value breaks the form's rules; nothing is changed.
    """
    try:
        return _complete(engine, task_id, submitted, actor, variables or {}, request_key)
    except Conflict:
        with engine.database.session() as session:
            task = session.get(UserTask, task_id)
        if task is None or not is_repetition(task, actor, request_key):
            raise
        return []


def is_repetition(task: UserTask, actor: str | None, request_key: str | None) -> bool:
    """Whether this very request of this person has completed the task already."""
    return request_key is not None and task.state == "completed" and (task.completed_by, task.request_key) == (actor, _hashed(request_key))


def _hashed(request_key: str) -> str:
    return sha256(request_key.encode()).hexdigest()


def _complete(
    engine: Engine, task_id: str, submitted: dict[str, Any], actor: str | None, variables: dict[str, Any], request_key: str | None
) -> list[NextTask]:
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        if task.assignee is not None and actor is not None and task.assignee != actor:
            raise Conflict(
                f"任务“{task.name}”正由 {task.assignee} 办理。",
                f"The task “{task.name}” is with {task.assignee}.",
                id=task_id,
                assignee=task.assignee,
            )
        execution = instance.execution
        token = execution.tasks[task_id]
        values = _checked(step, task, submitted, execution.context(token)) | variables
        now = step.surroundings.now
        change(
            step,
            task,
            state="completed",
            completed_by=actor,
            request_key=None if request_key is None else _hashed(request_key),
            ended_at=now,
            assignee=task.assignee or actor,
            draft=None,
            draft_by=None,
            draft_at=None,
        )
        execution.effects.record("UserTaskCompleted", task.element_id, task_id, values=values, on_behalf_of=None)
        token.data["completed_by"] = actor
        token.task_spec.finish(token, values)
        step.run()
        return [
            NextTask(row["id"], row["assignee"], row["candidates"])
            for opened in step.instances.values()
            for row in opened.execution.effects.user_tasks.values()
        ]


def _checked(step: Step, task: Any, submitted: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    """Only what the form declares, in the right types; without a form nothing is taken."""
    if task.form_definition_id is None:
        return {}
    form = step.surroundings.catalog.form_by_id(task.form_definition_id)
    attachments = frozenset(
        step.session.scalars(select(Attachment.id).where(Attachment.root_id == task.root_id)) if _has_files(form.form_schema) else ()
    )
    return submit(form.form_schema, submitted, context, step.surroundings.environment(), attachments=attachments)


def _has_files(schema: dict[str, Any]) -> bool:
    components = schema.get("components", [])
    return any(item.get("type") in ("photo", "signature", "filepicker") or _has_files(item) for item in components)


def save_draft(engine: Engine, task_id: str, values: dict[str, Any], actor: str | None) -> None:
    """Keep what was entered so far; nothing is checked and the case does not move.

    Raises:
        NotFound, Conflict: no such task, or it is no longer open.
    """
    with engine.database.transaction() as session:
        done = session.connection().execute(
            update(TASKS)
            .where(TASKS.c.id == task_id, TASKS.c.state == "open")
            .values(draft=values, draft_by=actor, draft_at=engine.clock.now())
        )
        if done.rowcount != 1:
            raise closed(session.execute(select(TASKS).where(TASKS.c.id == task_id)).one_or_none(), task_id)


def open_task(step: Step, task_id: str) -> tuple[Any, OpenInstance]:
    """Lock a task's case and check that the task is still to do.

    Raises:
        NotFound, Conflict: no such task, or it is no longer open.
    """
    found = step.open_by_task(task_id)
    if found is None:
        raise closed(None, task_id)
    task, instance = found
    if task.state == "open" and task_id not in instance.execution.tasks:  # it ended while we waited for the lock
        task = step.session.execute(select(TASKS).where(TASKS.c.id == task_id)).one()
    if task.state != "open":
        raise closed(task, task_id)
    step.require_active(instance)
    return task, instance


def change(step: Step, task: Any, **values: Any) -> None:
    """Change an open task's row.

    Raises:
        ChangedMeanwhile: somebody else has just changed it.
    """
    this = {"task_id": task.id, "read_revision": task.revision}
    done = step.session.connection().execute(_CHANGE, this | {"revision": task.revision + 1} | values)
    if done.rowcount != 1:
        raise ChangedMeanwhile(
            f"任务“{task.name}”刚被别人改动，请重试。", f"Somebody else has just changed the task “{task.name}”; please retry.", id=task.id
        )


def closed(task: Any, task_id: str) -> NotFound | Conflict:
    """The error for a task that cannot be worked on any more."""
    if task is None:
        return NotFound(f"没有任务 {task_id}。", f"There is no task {task_id}.", id=task_id)
    if task.state == "completed":
        return Conflict(
            f"任务“{task.name}”已由 {task.completed_by} 完成。",
            f"The task “{task.name}” was completed by {task.completed_by}.",
            id=task_id,
            state=task.state,
        )
    return Conflict(f"任务“{task.name}”已不需要办理。", f"The task “{task.name}” is no longer needed.", id=task_id, state=task.state)
