"""A user task that ends otherwise than completed: with a business error or an escalation."""

from typing import Any

from engine.errors import InvalidInput
from engine.runtime.engine import Engine
from engine.runtime.execution import throwing
from engine.runtime.user_tasks import open_task


def throw_error(engine: Engine, task_id: str, code: str, message: str, variables: dict[str, Any], actor: str) -> None:
    """Report a business error from a task; the diagram's error handler goes on with it.

    Raises:
        NotFound, Conflict: no such task, or no longer open.
        InvalidInput: nothing in the diagram catches the error (the task stays as it is).
    """
    with engine.step(actor) as step:
        task, instance = open_task(step, task_id)
        if not throwing.throw_error(instance.execution.tasks[task_id], code, message, variables):
            raise InvalidInput(
                f"图上没有捕获错误“{code}”的边界事件。", f"No error boundary event catches the error {code!r} of “{task.name}”.", code=code
            )


def throw_escalation(engine: Engine, task_id: str, code: str, variables: dict[str, Any], actor: str) -> None:
    """Report an escalation from a task; the task goes on unless its handler interrupts it.

    Raises:
        NotFound, Conflict: no such task, or no longer open.
    """
    with engine.step(actor) as step:
        _task, instance = open_task(step, task_id)
        token = instance.execution.tasks[task_id]
        instance.execution.assign(token, variables, source=token)
        throwing.throw_escalation(token, code)
