"""The calls on variables that instances, executions and tasks have alike: all, one, the bytes of a file; changing is for those who steer cases."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from flask import request
from pydantic import Field
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.runtime import operations
from web.current import database, engine, person
from web.permissions import require_may_steer
from web.rest import files
from web.rest.answers import Answer, file_answer
from web.rest.errors import Refused
from web.rest.operation import operation
from web.rest.types import Dto, Flag
from web.rest.values import TypedValue, VariableValue

_REASON = "REST"
#: A multipart body with one value: a file, or text of a given type.
_DATA_BODY: dict[str, Any] = {
    "type": "object",
    "properties": {"data": {"type": "string", "format": "binary"}, "valueType": {"type": "string", "enum": ["File", "Bytes"]}},
    "required": ["data"],
}


class ModificationsDto(Dto):
    """Which variables to write and which to remove."""

    modifications: dict[str, TypedValue] = {}
    deletions: Annotated[list[str], Field(default_factory=list)]


@dataclass(frozen=True)
class Variables:
    """Variables, and where they belong."""

    values: Mapping[str, Any]
    root_id: str  #: the case, which has the files among them
    instance_id: str
    scope: str | None = None  #: the element run whose own they are; None for the instance's


@dataclass(frozen=True)
class Holder:
    """Something that has variables."""

    path: str  #: of all its variables, with `{holder_id}`
    tag: str
    name: str  #: of one of them, in the names of the operations
    of_it: str  #: what they are of, in English
    find: Callable[[Session, str], Variables]  #: raises when there is none that the caller may see

    def declare(self) -> None:
        """Make the operations."""
        name, tag, one, data = self.name, self.tag, f"{self.path}/{{name}}", f"{self.path}/{{name}}/data"

        @operation(
            "GET", self.path, tag=tag, name=f"{name}s", about=f"The variables {self.of_it}; values of type Json are texts either way."
        )
        def read_all(holder_id: str, deserialize_values: Flag = True, deserialize_value: Flag = True) -> dict[str, VariableValue]:
            with database().session() as session:
                found = self.find(session, holder_id)
                return files.show(session, found.root_id, found.values)

        @operation("GET", one, tag=tag, name=name, about=f"One variable {self.of_it}.")
        def read(holder_id: str, name: str, deserialize_value: Flag = True) -> VariableValue:
            with database().session() as session:
                found = self.find(session, holder_id)
                return files.show(session, found.root_id, {name: _value(found, name, holder_id)})[name]

        @operation(
            "GET", data, tag=tag, name=f"{name}_data", media_type="application/octet-stream", about=f"The bytes of a file {self.of_it}."
        )
        def read_data(holder_id: str, name: str) -> Answer:
            with database().session() as session:
                found = self.find(session, holder_id)
                value = _value(found, name, holder_id)
                content = files.content(session, found.root_id, value) if isinstance(value, str) else None
            if content is None:
                raise InvalidInput(f"变量“{name}”不是文件。", f"Value of variable '{name}' is not a binary value")
            return file_answer(content[0], content[1].name, content[1].media_type)

        @operation("POST", self.path, tag=tag, name=f"modify_{name}s", scope="operate", about=f"Write and remove variables {self.of_it}.")
        def modify(holder_id: str, body: ModificationsDto) -> None:
            self._write(holder_id, body.modifications, tuple(body.deletions))

        @operation("PUT", one, tag=tag, name=f"put_{name}", scope="operate", about=f"Write one variable {self.of_it}.")
        def put(holder_id: str, name: str, body: TypedValue) -> None:
            self._write(holder_id, {name: body})

        @operation(
            "DELETE",
            one,
            tag=tag,
            name=f"delete_{name}",
            scope="operate",
            about=f"Remove one variable {self.of_it}; 204 also when there is none.",
        )
        def delete(holder_id: str, name: str) -> None:
            self._write(holder_id, {}, (name,))

        @operation(
            "POST",
            data,
            tag=tag,
            name=f"put_{name}_data",
            scope="operate",
            multipart=_DATA_BODY,
            about=f"Write one variable {self.of_it} as a file.",
        )
        def put_data(holder_id: str, name: str) -> None:
            self._write(holder_id, {name: _sent_file()})

    def _write(self, holder_id: str, written: Mapping[str, TypedValue], removed: tuple[str, ...] = ()) -> None:
        me = person()
        with database().session() as session:
            found = self.find(session, holder_id)
        require_may_steer(me)
        values = files.keep_variables(written, me.id)
        files.belong_to(found.instance_id, values)
        change = operations.SetVariables(found.instance_id, values, removed, scope=found.scope)
        operations.apply(engine(), change, actor=me.id, reason=_REASON)


def _value(found: Variables, name: str, holder_id: str) -> Any:
    if name not in found.values:
        raise Refused(
            404, "InvalidRequestException", f"没有变量“{name}”。", f"variable instance with name {name} does not exist in {holder_id}"
        )
    return found.values[name]


def _sent_file() -> TypedValue:
    sent = request.files.get("data")
    if sent is None or not sent.filename:
        raise InvalidInput("没有收到文件（data）。", "No 'data' file was sent.")
    return TypedValue(type="File", value=base64.b64encode(sent.read()).decode(), value_info={"filename": sent.filename})
