"""Who has a user task: claim, unclaim, assign, and its due date, follow-up and priority."""

from datetime import datetime
from typing import Any

from engine.errors import Conflict
from engine.runtime.engine import Engine
from engine.runtime.user_tasks import change, open_task


def claim(engine: Engine, task_id: str, actor: str) -> None:
    """Take a task that nobody has; claiming one's own again does nothing.

    Raises:
        NotFound, Conflict: no such task, no longer open, or somebody else has it.
    """
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        if task.assignee == actor:
            return
        if task.assignee is not None:
            raise Conflict(
                f"任务“{task.name}”已由 {task.assignee} 认领。",
                f"The task “{task.name}” is claimed by {task.assignee}.",
                id=task_id,
                assignee=task.assignee,
            )
        change(step, task, assignee=actor)
        instance.execution.effects.record("UserTaskClaimed", task.element_id, task_id, name=task.name)


def unclaim(engine: Engine, task_id: str, actor: str) -> None:
    """Give a task back to its group.

    Raises:
        NotFound, Conflict: no such task, no longer open, or somebody else has it.
    """
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        if task.assignee is None:
            return
        if task.assignee != actor:
            raise Conflict(
                f"任务“{task.name}”由 {task.assignee} 办理，只有本人能退回。",
                f"Only {task.assignee} can give the task “{task.name}” back.",
                id=task_id,
            )
        change(step, task, assignee=None)
        instance.execution.effects.record("UserTaskUnclaimed", task.element_id, task_id, name=task.name)


def assign(engine: Engine, task_id: str, user: str | None, actor: str | None, reason: str = "") -> None:
    """Give a task to a person (None: to nobody).

    Raises:
        NotFound, Conflict: no such task, or no longer open.
    """
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        change(step, task, assignee=user, assignment_reason=reason or None)
        instance.execution.effects.record(
            "UserTaskAssigned", task.element_id, task_id, name=task.name, before=task.assignee, after=user, reason=reason
        )


def set_follow_up(engine: Engine, task_id: str, at: datetime | None, actor: str | None) -> None:
    """Say when to look at a task again."""
    _change(engine, task_id, actor, "follow_up_at", at)


def set_due(engine: Engine, task_id: str, at: datetime | None, actor: str | None, explanation: dict[str, Any] | None = None) -> None:
    """Change when a task is due; the explanation (`{"zh": …, "en": …}`) takes the place of the computed one. Timers stay as they are."""
    _change(engine, task_id, actor, "due_at", at, explanation)


def set_priority(engine: Engine, task_id: str, priority: int, actor: str | None) -> None:
    """Change a task's priority (50 is usual, higher is more urgent)."""
    _change(engine, task_id, actor, "priority", priority)


def _change(engine: Engine, task_id: str, actor: str | None, column: str, value: Any, explanation: dict[str, Any] | None = None) -> None:
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        before = getattr(task, column)
        explained = {"due_at": "due_explanation", "follow_up_at": "follow_up_explanation"}.get(column)
        change(step, task, **{column: value}, **({explained: explanation} if explained else {}))
        instance.execution.effects.record(
            "UserTaskChanged", task.element_id, task_id, name=task.name, field=column, before=_json(before), after=_json(value)
        )


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
