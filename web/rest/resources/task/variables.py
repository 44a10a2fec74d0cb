"""The variables that a task sees, and those that are its own; changing them is for those who steer cases."""

from collections.abc import Mapping

from engine.runtime import operations
from engine.runtime.task_context import task_variables
from engine.storage.tables import UserTask
from web.current import database, engine, person
from web.permissions import require_may_steer
from web.rest import files
from web.rest.answers import Answer
from web.rest.operation import operation
from web.rest.resources.process_instance.variables import DATA_BODY, ModificationsDto, data_answer, one, sent_file
from web.rest.resources.task.find import find
from web.rest.types import Flag
from web.rest.values import TypedValue, VariableValue

_TAG = "task"
_REASON = "REST"


@operation("GET", "/task/{task_id}/variables", tag=_TAG)
def variables(task_id: str, deserialize_values: Flag = True) -> dict[str, VariableValue]:
    """The variables that a task sees: its own before those around it."""
    return _shown(find(task_id), local=False)


@operation("GET", "/task/{task_id}/variables/{name}", tag=_TAG)
def variable(task_id: str, name: str, deserialize_value: Flag = True) -> VariableValue:
    """One variable that a task sees."""
    return one(_shown(find(task_id), local=False), name, task_id)


@operation("GET", "/task/{task_id}/variables/{name}/data", tag=_TAG, media_type="application/octet-stream")
def variable_data(task_id: str, name: str) -> Answer:
    """The bytes of a file that a task sees."""
    return _data(find(task_id), name, local=False)


@operation("POST", "/task/{task_id}/variables", tag=_TAG, scope="operate")
def modify_variables(task_id: str, body: ModificationsDto) -> None:
    """Write and remove variables of a task's instance."""
    _write(find(task_id), body.modifications, tuple(body.deletions), local=False)


@operation("PUT", "/task/{task_id}/variables/{name}", tag=_TAG, scope="operate")
def put_variable(task_id: str, name: str, body: TypedValue) -> None:
    """Write one variable of a task's instance."""
    _write(find(task_id), {name: body}, local=False)


@operation("DELETE", "/task/{task_id}/variables/{name}", tag=_TAG, scope="operate")
def delete_variable(task_id: str, name: str) -> None:
    """Remove one variable of a task's instance."""
    _write(find(task_id), {}, (name,), local=False)


@operation("POST", "/task/{task_id}/variables/{name}/data", tag=_TAG, scope="operate", multipart=DATA_BODY)
def put_variable_data(task_id: str, name: str) -> None:
    """Write one variable of a task's instance as a file."""
    _write(find(task_id), {name: sent_file()}, local=False)


@operation("GET", "/task/{task_id}/localVariables", tag=_TAG)
def local_variables(task_id: str, deserialize_values: Flag = True) -> dict[str, VariableValue]:
    """The variables that are a task's own."""
    return _shown(find(task_id), local=True)


@operation("GET", "/task/{task_id}/localVariables/{name}", tag=_TAG)
def local_variable(task_id: str, name: str, deserialize_value: Flag = True) -> VariableValue:
    """One variable that is a task's own."""
    return one(_shown(find(task_id), local=True), name, task_id)


@operation("GET", "/task/{task_id}/localVariables/{name}/data", tag=_TAG, media_type="application/octet-stream")
def local_variable_data(task_id: str, name: str) -> Answer:
    """The bytes of a file that is a task's own."""
    return _data(find(task_id), name, local=True)


@operation("POST", "/task/{task_id}/localVariables", tag=_TAG, scope="operate")
def modify_local_variables(task_id: str, body: ModificationsDto) -> None:
    """Write and remove a task's own variables."""
    _write(find(task_id), body.modifications, tuple(body.deletions), local=True)


@operation("PUT", "/task/{task_id}/localVariables/{name}", tag=_TAG, scope="operate")
def put_local_variable(task_id: str, name: str, body: TypedValue) -> None:
    """Write one of a task's own variables."""
    _write(find(task_id), {name: body}, local=True)


@operation("DELETE", "/task/{task_id}/localVariables/{name}", tag=_TAG, scope="operate")
def delete_local_variable(task_id: str, name: str) -> None:
    """Remove one of a task's own variables."""
    _write(find(task_id), {}, (name,), local=True)


def _shown(task: UserTask, *, local: bool) -> dict[str, VariableValue]:
    found = task_variables(engine(), task.id)
    with database().session() as session:
        return files.show(session, task.root_id, found.local if local else found.visible)


def _data(task: UserTask, name: str, *, local: bool) -> Answer:
    found = task_variables(engine(), task.id)
    value = one(found.local if local else found.visible, name, task.id)
    with database().session() as session:
        return data_answer(files.content(session, task.root_id, value) if isinstance(value, str) else None, name)


def _write(task: UserTask, written: Mapping[str, TypedValue], removed: tuple[str, ...] = (), *, local: bool) -> None:
    me = person()
    require_may_steer(me)
    values = files.keep_variables(written, me.id)
    files.belong_to(task.instance_id, values)
    change = operations.SetVariables(task.instance_id, values, removed, scope=task.id if local else None)
    operations.apply(engine(), change, actor=me.id, reason=_REASON)
