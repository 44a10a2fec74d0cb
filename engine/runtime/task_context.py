"""What an open user task sees: the variables that its form shows and that its form's expressions read."""

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.task import Task
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime import state
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine
from engine.runtime.execution.execution import Execution
from engine.runtime.execution.variables import visible
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import ProcessInstance, UserTask


@dataclass(frozen=True)
class TaskVariables:
    """The variables of a user task, without what expressions have besides."""

    visible: dict[str, Any]  #: its own before those around it
    local: dict[str, Any]  #: its own


def task_context(engine: Engine, task_id: str) -> dict[str, Any]:
    """The context of a user task: its own variables before those around it; of an ended task, the process variables.

    Raises:
        NotFound: no such task.
    """
    execution, token, past = _task(engine, task_id)
    return execution.context(token) if token is not None else past


def task_variables(engine: Engine, task_id: str) -> TaskVariables:
    """The variables of a user task; of an ended task, the process variables.

    Raises:
        NotFound: no such task.
    """
    _execution, token, past = _task(engine, task_id)
    return TaskVariables(visible(token), dict(token.data)) if token is not None else TaskVariables(past, {})


def _task(engine: Engine, task_id: str) -> tuple[Execution, Task | None, dict[str, Any]]:
    """The execution, the task in it (None when it has ended) and the process variables."""
    with engine.database.session() as session:
        row = session.execute(
            select(ProcessInstance.id, ProcessInstance.process_definition_id, ProcessInstance.business_key, ProcessInstance.runtime_state)
            .join(UserTask, UserTask.instance_id == ProcessInstance.id)
            .where(UserTask.id == task_id)
        ).one_or_none()
        if row is None:
            raise NotFound(f"没有任务 {task_id}。", f"There is no task {task_id}.", id=task_id)
        surroundings = Surroundings(
            now=engine.clock.now(),
            calendars=engine.calendars,
            catalog=Catalog(session, engine.cache),
            time_zone=engine.settings.time_zone,
            actor=None,
        )
        execution = state.load(
            row.runtime_state, surroundings.catalog.process(row.process_definition_id).spec, row.id, row.business_key, surroundings
        )
        return execution, execution.tasks.get(task_id), state.variables_of(row.runtime_state)
