"""What the form of an open user task and the form's expressions see."""

from typing import Any

from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime import state
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import ProcessInstance, UserTask


def task_context(engine: Engine, task_id: str) -> dict[str, Any]:
    """The context of a user task: its own variables before those around it; of an ended task, the process variables.

    Raises:
        NotFound: no such task.
    """
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
        spec = surroundings.catalog.process(row.process_definition_id).spec
        execution = state.load(row.runtime_state, spec, row.id, row.business_key, surroundings)
        token = execution.tasks.get(task_id)
        return execution.context(token) if token is not None else state.variables_of(row.runtime_state)
