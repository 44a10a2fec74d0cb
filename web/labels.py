"""Texts of diagrams and forms in the reader's language, and form values as people read them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from web.display import when
from web.language import locale


def label(text: str, english: Mapping[str, Any]) -> str:
    """A label of a diagram or form: Chinese as drawn, or the English its author gave (Chinese where none was)."""
    if locale() == "zh":
        return text
    return str(english.get(text) or text)


def in_language(values: Mapping[str, Any], name: str) -> Any:
    """A value; in English the twin that a text has beside it, if it has one."""
    return (values.get(f"{name}_en") if locale() == "en" else None) or values.get(name)


def in_one_language(value: Any) -> Any:
    """A value, at every depth, without the twins of texts; in English each stands in the place of its text."""
    if isinstance(value, list):
        return [in_one_language(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: in_one_language(in_language(value, name)) for name in value if not is_twin(name, value)}


def is_twin(name: str, names: Iterable[str]) -> bool:
    """Whether a name is that of another one's English."""
    return name.endswith("_en") and name.removesuffix("_en") in names


@dataclass(frozen=True)
class Field:
    """One keyed field of a form."""

    key: str
    label: str
    type: str
    options: Mapping[str, str]  #: value to label
    columns: tuple["Field", ...] = ()  #: of a dynamic list


@dataclass(frozen=True)
class Shown:
    """One value as a person reads it."""

    label: str
    text: str = ""
    attachments: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


_FILE_TYPES = frozenset(("signature", "photo", "filepicker"))


def form_fields(schema: Mapping[str, Any]) -> dict[str, Field]:
    """The keyed fields of a form-js schema, in order, by key; a dynamic list counts as one field with columns."""
    return {field.key: field for field in _fields(schema.get("components", ()))}


def show(field: Field, value: Any, english: Mapping[str, Any]) -> Shown | None:
    """A form value with its label; None when there is nothing to show."""
    if value in (None, "", [], {}):
        return None
    name = label(field.label, english)
    if field.type in _FILE_TYPES:
        return Shown(name, attachments=tuple(str(item) for item in value) if isinstance(value, list) else (str(value),))
    if field.columns and isinstance(value, list):
        rows = tuple(
            tuple(_text(column, in_language(row, column.key), english) for column in field.columns)
            for row in value
            if isinstance(row, dict)
        )
        return Shown(name, columns=tuple(label(column.label, english) for column in field.columns), rows=rows)
    return Shown(name, text=_text(field, value, english))


def show_variable(name: str, value: Any) -> Shown | None:
    """A variable that no form names, such as the result of a handler: lists and contexts as compact text."""
    return show(Field(name, name, "text", {}), in_one_language(value), {})


def _fields(components: Any) -> Iterator[Field]:
    for component in components:
        kind = str(component.get("type", ""))
        nested = component.get("components", ())
        if kind == "dynamiclist":
            key = str(component.get("path") or component.get("key") or "")
            yield Field(key, str(component.get("label") or key), kind, {}, tuple(_fields(nested)))
        elif nested:
            yield from _fields(nested)
        elif component.get("key") and kind != "button":
            options = {
                str(option.get("value")): str(option.get("label", ""))
                for option in component.get("values") or ()
                if isinstance(option, dict)
            }
            yield Field(str(component["key"]), _label_of(component), kind, options)


def _label_of(component: Mapping[str, Any]) -> str:
    """What people call a field; form-js gives dates and times labels of their own."""
    return str(component.get("label") or component.get("dateLabel") or component.get("timeLabel") or component["key"])


def _text(field: Field, value: Any, english: Mapping[str, Any]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(gettext("是") if value else gettext("否"))
    if isinstance(value, list):
        return str(gettext("、")).join(_text(field, item, english) for item in value)
    if isinstance(value, dict):
        return str(gettext("；")).join(f"{key}: {_text(field, item, english)}" for key, item in value.items())
    if str(value) in field.options:
        return label(field.options[str(value)], english)
    return _instant_text(str(value)) if field.type == "datetime" else str(value)


def _instant_text(text: str) -> str:
    """A date and time in office time; a bare date or time as it was entered."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return when(instant) if instant.tzinfo else text
