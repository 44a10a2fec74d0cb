"""Delegating a user task and getting it back, and who else may claim it (Camunda 7's words)."""

from typing import Any, Literal

from sqlalchemy import delete, insert

from engine.errors import Conflict
from engine.runtime.engine import Engine
from engine.runtime.user_tasks import change, open_task
from engine.storage.tables import UserTaskCandidate

PENDING, RESOLVED = "PENDING", "RESOLVED"


def delegate(engine: Engine, task_id: str, user: str, actor: str) -> None:
    """Let somebody else do a task and give it back; whoever has it stays its owner.

    Raises:
        NotFound, Conflict: no such task, or no longer open.
    """
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        change(step, task, owner=task.owner or task.assignee or actor, assignee=user, delegation_state=PENDING)
        instance.execution.effects.record(
            "UserTaskAssigned", task.element_id, task_id, name=task.name, before=task.assignee, after=user, reason="", delegation=PENDING
        )


def resolve(engine: Engine, task_id: str, actor: str) -> None:
    """Give a delegated task back to its owner.

    Raises:
        NotFound, Conflict: no such task, no longer open, or it was not delegated.
    """
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        if task.delegation_state != PENDING:
            raise Conflict(f"任务“{task.name}”没有被委派。", f"The task “{task.name}” is not delegated.", id=task_id)
        change(step, task, assignee=task.owner, delegation_state=RESOLVED)
        instance.execution.effects.record(
            "UserTaskAssigned",
            task.element_id,
            task_id,
            name=task.name,
            before=task.assignee,
            after=task.owner,
            reason="",
            delegation=RESOLVED,
        )


def set_owner(engine: Engine, task_id: str, user: str | None, actor: str) -> None:
    """Say whose responsibility a task is.

    Raises:
        NotFound, Conflict: no such task, or no longer open.
    """
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        change(step, task, owner=user)
        _record_change(instance, task, "owner", task.owner, user)


def add_candidate(engine: Engine, task_id: str, kind: Literal["user", "group"], name: str, actor: str) -> None:
    """Let one more person or group claim a task; adding one again changes nothing.

    Raises:
        NotFound, Conflict: no such task, or no longer open.
    """
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        row = {"task_id": task_id, "kind": kind, "name": name}
        if step.session.get(UserTaskCandidate, (task_id, kind, name)) is None:
            step.session.execute(insert(UserTaskCandidate.__table__), row)
            _record_change(instance, task, f"candidate_{kind}", None, name)


def remove_candidate(engine: Engine, task_id: str, kind: Literal["user", "group"], name: str, actor: str) -> None:
    """Let a person or group no longer claim a task; who has it keeps it.

    Raises:
        NotFound, Conflict: no such task, or no longer open.
    """
    table = UserTaskCandidate.__table__
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        this = (table.c.task_id == task_id, table.c.kind == kind, table.c.name == name)
        if step.session.connection().execute(delete(table).where(*this)).rowcount:
            _record_change(instance, task, f"candidate_{kind}", name, None)


def _record_change(instance: Any, task: Any, field: str, before: str | None, after: str | None) -> None:
    instance.execution.effects.record("UserTaskChanged", task.element_id, task.id, name=task.name, field=field, before=before, after=after)
