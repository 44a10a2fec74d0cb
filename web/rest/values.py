"""Typed variables: Camunda's `{type, value, valueInfo}` in, the engine's JSON values inside, and back."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine.errors import InvalidInput
from web.rest.types import Dto, read_instant, show_instant

_INTEGER, _LONG, _SHORT = 2**31, 2**63, 2**15


class TypedValue(Dto):
    """A variable as clients send it; without a type it is told from the value."""

    value: Any = None
    type: str | None = None
    value_info: dict[str, Any] | None = None
    local: bool = False


class VariableValue(Dto):
    """A variable as it is answered; `Json` values are texts, files are fetched apart."""

    type: str
    value: Any = None
    value_info: dict[str, Any]


@dataclass(frozen=True)
class GivenFile:
    """A file that came as the value of a variable; it is kept as an attachment of the case, whose id becomes the value."""

    name: str
    content: bytes


def read_variables(given: Mapping[str, TypedValue] | None) -> dict[str, Any]:
    """The engine's values of sent variables; a file is a `GivenFile`. Transient ones are left out.

    Raises:
        InvalidInput: an unknown type, or a value that is not of its type; names the variable.
    """
    transient = {name for name, typed in (given or {}).items() if (typed.value_info or {}).get("transient") is True}
    return {name: read_value(name, typed) for name, typed in (given or {}).items() if name not in transient}


def read_value(name: str, typed: TypedValue) -> Any:
    """The engine's value of one sent variable.

    Raises:
        InvalidInput: an unknown type, or a value that is not of its type.
    """
    kind = (typed.type or "").lower()
    if kind in ("", "null") or typed.value is None:
        return None if kind == "null" else typed.value
    reader = _READERS.get(kind)
    if reader is None:
        raise InvalidInput(
            f"变量“{name}”的类型“{typed.type}”不支持。", f"Unsupported value type '{typed.type}' of the variable '{name}'", name=name
        )
    try:
        return reader(name, typed)
    except (ValueError, TypeError, binascii.Error, orjson.JSONDecodeError):
        shown = str(typed.value)[:100]
        raise InvalidInput(
            f"变量“{name}”的值“{shown}”不是 {typed.type}。",
            f"Cannot convert value '{shown}' of type '{typed.type}' (variable '{name}')",
            name=name,
        ) from None


def show_variables(values: Mapping[str, Any], files: Mapping[str, "FileFacts"] | None = None) -> dict[str, VariableValue]:
    """The engine's variables as clients expect them.

    Args:
        values: by name.
        files: the attachments among the values, by id (see `web.rest.files`).
    """
    return {name: show_value(value, files) for name, value in values.items()}


@dataclass(frozen=True)
class FileFacts:
    """What is said of a file instead of its content."""

    name: str
    media_type: str


def show_value(value: Any, files: Mapping[str, FileFacts] | None = None) -> VariableValue:
    """One value with the type that it has by itself; a text that is an instant is a `Date`."""
    if value is None:
        return VariableValue(type="Null", value=None, value_info={})
    if isinstance(value, bool):
        return VariableValue(type="Boolean", value=value, value_info={})
    if isinstance(value, int):
        return VariableValue(type="Integer" if -_INTEGER <= value < _INTEGER else "Long", value=value, value_info={})
    if isinstance(value, float):
        return VariableValue(type="Double", value=value, value_info={})
    if not isinstance(value, str):
        return VariableValue(type="Json", value=orjson.dumps(value).decode(), value_info={})
    found = (files or {}).get(value)
    if found is not None:
        return VariableValue(
            type="File", value=None, value_info={"filename": found.name, "mimeType": found.media_type, "encoding": "UTF-8"}
        )
    instant = _instant(value)
    if instant is not None:
        return VariableValue(type="Date", value=show_instant(instant), value_info={})
    return VariableValue(type="String", value=value, value_info={})


def _instant(text: str) -> datetime | None:
    """The instant of a text in the form that FEEL and the engine write: date, time and offset."""
    if len(text) < 20 or text[4:5] != "-" or text[10:11] != "T" or not (text.endswith("Z") or text[-6] in "+-"):
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def _whole(limit: int) -> Callable[[str, TypedValue], int]:
    def read(_name: str, typed: TypedValue) -> int:
        value = typed.value
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise TypeError
        number = int(value)
        if not -limit <= number < limit:
            raise ValueError
        return number

    return read


def _boolean(_name: str, typed: TypedValue) -> bool:
    if isinstance(typed.value, bool):
        return typed.value
    return {"true": True, "false": False}[str(typed.value).lower()] if str(typed.value).lower() in ("true", "false") else _refuse()


def _refuse() -> Any:
    raise ValueError


def _double(_name: str, typed: TypedValue) -> float:
    number = float(typed.value)
    if isinstance(typed.value, bool) or number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 -- NaN
        raise ValueError
    return number


def _number(name: str, typed: TypedValue) -> int | float:
    return _whole(_LONG)(name, typed) if isinstance(typed.value, int) else _double(name, typed)


def _text(_name: str, typed: TypedValue) -> str:
    if not isinstance(typed.value, str):
        raise TypeError
    return typed.value


def _date(name: str, typed: TypedValue) -> str:
    return read_instant(_text(name, typed)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _json(_name: str, typed: TypedValue) -> Any:
    return orjson.loads(typed.value) if isinstance(typed.value, str) else typed.value


def _object(name: str, typed: TypedValue) -> Any:
    form = (typed.value_info or {}).get("serializationDataFormat")
    if form not in (None, "application/json"):
        raise InvalidInput(
            f"变量“{name}”：对象只接受 application/json，不接受 {form}。",
            f"The variable '{name}': objects are taken as application/json only, not as {form}",
            name=name,
        )
    return _json(name, typed)


def _file(name: str, typed: TypedValue) -> GivenFile:
    filename = (typed.value_info or {}).get("filename")
    if not isinstance(filename, str) or not filename:
        raise InvalidInput(f"变量“{name}”：文件要有 filename。", f"The file of the variable '{name}' needs a filename", name=name)
    return GivenFile(filename, base64.b64decode(typed.value, validate=True))


_READERS: dict[str, Callable[[str, TypedValue], Any]] = {
    "boolean": _boolean,
    "short": _whole(_SHORT),
    "integer": _whole(_INTEGER),
    "long": _whole(_LONG),
    "double": _double,
    "number": _number,
    "string": _text,
    "date": _date,
    "json": _json,
    "object": _object,
    "xml": _text,
    "bytes": _text,
    "file": _file,
}
