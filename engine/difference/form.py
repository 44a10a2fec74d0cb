"""A form-js form as parts: its fields, wherever they are nested, and the form itself."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.difference.parts import Part, Parts
from engine.errors import InvalidInput
from engine.forms.components import are_components

_OF_THE_TOOL = frozenset(("exporter", "schemaVersion", "components", "id", "type", "generated"))


def read_parts(content: bytes) -> Parts:
    """The parts of a form by id; a field without an id goes by its key.

    Raises:
        InvalidInput: not JSON, or no form.
    """
    try:
        schema = json.loads(content)
    except ValueError:
        raise InvalidInput("表单不是有效的 JSON。", "The form is not valid JSON.") from None
    if not isinstance(schema, dict) or not are_components(schema.get("components") or []):
        raise InvalidInput("表单应为 JSON 对象，components 是一列组件。", "A form is a JSON object, its components a list of objects.")
    name = str(schema.get("name") or schema.get("id") or "")
    form = Part("", "form", name, {key: text for key, text in _leaves(schema) if key.split(".")[0] not in _OF_THE_TOOL or key == "id"})
    return {"": form} | {part.id: part for part in _fields(schema.get("components") or [], "")}


def _fields(components: list[Mapping[str, Any]], parent: str) -> Iterator[Part]:
    row = None
    for place, component in enumerate(components):
        kind = str(component.get("type", ""))
        identifier = str(component.get("id") or component.get("key") or f"{parent}/{place}")
        own = {key: value for key, value in component.items() if key not in ("id", "type", "components", "layout", "values")}
        facts = dict(_leaves(own)) | dict(_options(component.get("values")))
        name = str(component.get("label") or component.get("text") or component.get("key") or "")
        layout = component.get("layout") or {}
        beside, row = row is not None and layout.get("row") == row, layout.get("row")
        yield Part(identifier, kind, name, facts, parent, place, drawing=f"{layout.get('columns') or ''}{' beside' if beside else ''}")
        yield from _fields(component.get("components") or [], identifier)


def _leaves(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every value with its path; what is not set says nothing."""
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _leaves(item, f"{prefix}{key}.")
        elif item is not None and item is not False and item != "":
            yield f"{prefix}{key}", item if isinstance(item, str) else json.dumps(item, ensure_ascii=False, sort_keys=True)


def _options(values: Any) -> Iterator[tuple[str, str]]:
    """The options of a choice by their value, and their order when there are several."""
    if not isinstance(values, list):
        return
    keys = []
    for option in values:
        entry = option if isinstance(option, dict) else {"label": str(option), "value": option}
        key = json.dumps(entry.get("value"), ensure_ascii=False).strip('"')
        keys.append(key)
        yield f"option {key}", str(entry.get("label", ""))
    yield "options", ", ".join(keys)


def same_options(old: str, new: str) -> bool:
    """Whether two orders differ only by options that came or went: those are told by themselves."""
    before, after = old.split(", "), new.split(", ")
    return [key for key in before if key in after] == [key for key in after if key in before]
