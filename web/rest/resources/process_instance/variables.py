"""The variables of a running instance: all, one, the bytes of a file; changing them is for those who steer cases."""

import base64
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from flask import request
from pydantic import Field

from engine.errors import InvalidInput
from engine.runtime import operations
from engine.runtime.state import variables_of
from web.current import database, engine, person
from web.permissions import require_may_steer
from web.rest import files
from web.rest.answers import Answer, file_answer
from web.rest.errors import Refused
from web.rest.operation import operation
from web.rest.resources.process_instance.shape import find_running
from web.rest.types import Dto, Flag
from web.rest.values import FileFacts, TypedValue, VariableValue

_TAG = "process-instance"
_REASON = "REST"
Value = TypeVar("Value")
#: A multipart body with one value: a file, or text of a given type.
DATA_BODY: dict[str, Any] = {
    "type": "object",
    "properties": {"data": {"type": "string", "format": "binary"}, "valueType": {"type": "string", "enum": ["File", "Bytes"]}},
    "required": ["data"],
}


class ModificationsDto(Dto):
    """Which variables to write and which to remove."""

    modifications: dict[str, TypedValue] = {}
    deletions: Annotated[list[str], Field(default_factory=list)]


@operation("GET", "/process-instance/{instance_id}/variables", tag=_TAG)
def variables(instance_id: str, deserialize_values: Flag = True, deserialize_value: Flag = True) -> dict[str, VariableValue]:
    """The variables of an instance; values of type Json are texts either way."""
    with database().session() as session:
        found = find_running(session, person(), instance_id)
        return files.show(session, found.root_id, variables_of(found.runtime_state))


@operation("GET", "/process-instance/{instance_id}/variables/{name}", tag=_TAG)
def variable(instance_id: str, name: str, deserialize_value: Flag = True) -> VariableValue:
    """One variable of an instance."""
    with database().session() as session:
        found = find_running(session, person(), instance_id)
        return files.show(session, found.root_id, {name: one(variables_of(found.runtime_state), name, instance_id)})[name]


@operation("GET", "/process-instance/{instance_id}/variables/{name}/data", tag=_TAG, media_type="application/octet-stream")
def variable_data(instance_id: str, name: str) -> Answer:
    """The bytes of a file."""
    with database().session() as session:
        found = find_running(session, person(), instance_id)
        value = one(variables_of(found.runtime_state), name, instance_id)
        return data_answer(files.content(session, found.root_id, value) if isinstance(value, str) else None, name)


@operation("POST", "/process-instance/{instance_id}/variables", tag=_TAG, scope="operate")
def modify_variables(instance_id: str, body: ModificationsDto) -> None:
    """Write and remove variables of an instance."""
    _write(instance_id, body.modifications, tuple(body.deletions))


@operation("PUT", "/process-instance/{instance_id}/variables/{name}", tag=_TAG, scope="operate")
def put_variable(instance_id: str, name: str, body: TypedValue) -> None:
    """Write one variable of an instance."""
    _write(instance_id, {name: body})


@operation("DELETE", "/process-instance/{instance_id}/variables/{name}", tag=_TAG, scope="operate")
def delete_variable(instance_id: str, name: str) -> None:
    """Remove one variable of an instance; 204 also when there is none."""
    _write(instance_id, {}, (name,))


@operation("POST", "/process-instance/{instance_id}/variables/{name}/data", tag=_TAG, scope="operate", multipart=DATA_BODY)
def put_variable_data(instance_id: str, name: str) -> None:
    """Write one variable of an instance as a file."""
    _write(instance_id, {name: sent_file()})


def one(values: Mapping[str, Value], name: str, holder_id: str) -> Value:
    """A variable by its name.

    Raises:
        Refused: 404, there is none.
    """
    if name not in values:
        raise Refused(
            404, "InvalidRequestException", f"没有变量“{name}”。", f"variable instance with name {name} does not exist in {holder_id}"
        )
    return values[name]


def data_answer(found: tuple[bytes, FileFacts] | None, name: str) -> Answer:
    """The bytes of a file variable.

    Raises:
        InvalidInput: the variable is no file.
    """
    if found is None:
        raise InvalidInput(f"变量“{name}”不是文件。", f"Value of variable '{name}' is not a binary value")
    return file_answer(found[0], found[1].name, found[1].media_type)


def sent_file() -> TypedValue:
    """The file of a multipart request (field `data`).

    Raises:
        InvalidInput: there is none, or it has no name.
    """
    sent = request.files.get("data")
    if sent is None or not sent.filename:
        raise InvalidInput("没有收到文件（data）。", "No 'data' file was sent.")
    return TypedValue(type="File", value=base64.b64encode(sent.read()).decode(), value_info={"filename": sent.filename})


def _write(instance_id: str, written: dict[str, TypedValue], removed: tuple[str, ...] = ()) -> None:
    me = person()
    with database().session() as session:
        find_running(session, me, instance_id)
    require_may_steer(me)
    values = files.keep_variables(written, me.id)
    files.belong_to(instance_id, values)
    operations.apply(engine(), operations.SetVariables(instance_id, values, removed), actor=me.id, reason=_REASON)
