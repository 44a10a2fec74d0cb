"""The variables that a task sees, and those that are its own."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.runtime.state import TaskVariables, task_variables_of
from engine.storage.tables import ProcessInstance, UserTask
from web.rest.resources.task.find import find
from web.rest.variable_calls import Holder, Variables


def variables_of_task(session: Session, task: UserTask) -> TaskVariables:
    """Both kinds."""
    state = select(ProcessInstance.runtime_state).where(ProcessInstance.id == task.instance_id)
    return task_variables_of(session.scalars(state).one(), task.id)


def _visible(session: Session, task_id: str) -> Variables:
    task = find(task_id)
    return Variables(variables_of_task(session, task).visible, task.root_id, task.instance_id)


def _own(session: Session, task_id: str) -> Variables:
    task = find(task_id)
    return Variables(variables_of_task(session, task).local, task.root_id, task.instance_id, scope=task.id)


Holder("/task/{holder_id}/variables", "task", "variable", "that a task sees", _visible).declare()
Holder("/task/{holder_id}/localVariables", "task", "local_variable", "of a task alone", _own).declare()
