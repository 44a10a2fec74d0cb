"""What a handler takes and gives, as a person chooses it: names, types, options and help, from the handler's own models."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from engine.runtime.handlers import Handler
from engine.studio.labels import Words

FieldType = Literal["text", "number", "boolean", "choice", "list", "object", "instant"]
_TYPES: Mapping[str, FieldType] = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "array": "list",
    "object": "object",
}
_CAPITAL = re.compile(r"[_\s]+")


@dataclass(frozen=True)
class HandlerField:
    """One input or output of a handler."""

    name: str
    title: Words
    description: Words
    type: FieldType
    required: bool
    options: tuple[str, ...] = ()
    default: Any = None


@dataclass(frozen=True)
class DescribedHandler:
    """A handler as a person chooses it."""

    topic: str
    title: Words
    description: Words
    inputs: tuple[HandlerField, ...]
    outputs: tuple[HandlerField, ...]
    errors: tuple[str, ...] = field(default=())


def describe(handler: Handler, labels: Mapping[str, Words]) -> DescribedHandler:
    """A handler with its fields.

    Args:
        handler: of the registry.
        labels: what forms call fields of the same names; a field that no form has is called by its name.
    """
    return DescribedHandler(
        topic=handler.topic,
        title={"zh": handler.title, "en": handler.title_en},
        description=_both(handler.function.__doc__ or ""),
        inputs=_fields(handler.request, labels),
        outputs=_fields(handler.result, labels) if handler.result is not None else (),
        errors=handler.errors,
    )


def _fields(model: type[BaseModel], labels: Mapping[str, Words]) -> tuple[HandlerField, ...]:
    schema = model.model_json_schema()
    required = set(schema.get("required", ()))
    return tuple(
        _field(name, _resolved(described, schema), name in required, labels) for name, described in schema.get("properties", {}).items()
    )


def _field(name: str, described: Mapping[str, Any], required: bool, labels: Mapping[str, Words]) -> HandlerField:
    options = tuple(str(value) for value in described.get("enum", ()) if value is not None)
    kind: FieldType = _TYPES.get(str(described.get("type")), "text")
    if options:
        kind = "choice"
    elif described.get("format") in ("date-time", "date"):
        kind = "instant"
    title = labels.get(name) or _both(_CAPITAL.sub(" ", name).capitalize())
    return HandlerField(name, title, _both(str(described.get("description", ""))), kind, required, options, described.get("default"))


def _resolved(described: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A property without references and without the branch that says it may be null."""
    branches = [item for item in described.get("anyOf", ()) if item.get("type") != "null"]
    found = dict(described) | (dict(branches[0]) if branches else {})
    reference = str(found.get("$ref", "")).rpartition("/")[2]
    return {**schema.get("$defs", {}).get(reference, {}), **{key: value for key, value in found.items() if key not in ("$ref", "anyOf")}}


def _both(text: str) -> Words:
    first = text.strip().split("\n\n")[0].replace("\n", " ")
    words = re.sub(r"\s+", " ", first)
    return {"zh": words, "en": words}
