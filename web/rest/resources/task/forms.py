"""The form of a task: which one, its schema, the values that it shows."""

from typing import Any

from engine.forms import initial_values
from engine.runtime.task_context import task_context
from engine.storage.tables import FormDefinition
from web.current import database, engine
from web.definitions import form
from web.rest import files
from web.rest.errors import Refused
from web.rest.forms import FormDto
from web.rest.operation import operation
from web.rest.resources.task.find import find
from web.rest.resources.task.shape import show_task
from web.rest.resources.task.variables import variables_of_task
from web.rest.types import Flag, TextList
from web.rest.values import VariableValue

_TAG = "task"


@operation("GET", "/task/{task_id}/form", tag=_TAG)
def task_form(task_id: str) -> FormDto:
    """Which form a task shows."""
    task = find(task_id)
    with database().session() as session:
        return FormDto(camunda_form_ref=show_task(session, task).camunda_form_ref)


@operation("GET", "/task/{task_id}/deployed-form", tag=_TAG)
def deployed_form(task_id: str) -> dict[str, Any]:
    """The form of a task, as form-js JSON."""
    task = find(task_id)
    if task.form_definition_id is None:
        raise Refused(
            404, "InvalidRequestException", "这个任务没有表单。", f"No matching rendered form for task with the id {task_id} found."
        )
    with database().session() as session:
        return form(session, task.form_definition_id).schema


@operation("GET", "/task/{task_id}/form-variables", tag=_TAG)
def form_variables(task_id: str, variable_names: TextList | None = None, deserialize_values: Flag = True) -> dict[str, VariableValue]:
    """The values that a task's form shows; of a task without a form, the variables that it sees."""
    task = find(task_id)
    with database().session() as session:
        declared = session.get(FormDefinition, task.form_definition_id) if task.form_definition_id else None
        if declared is not None:
            values = initial_values(declared.form_schema, task_context(engine(), task.id))
        else:
            values = variables_of_task(session, task).visible
        asked = {name: value for name, value in values.items() if variable_names is None or name in variable_names}
        return files.show(session, task.root_id, asked)
