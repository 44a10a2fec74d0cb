"""What mends a finding of a form."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import count
from typing import Any

from engine.errors import ExpressionError, Problem
from engine.feel import compile_expression
from engine.forms.check_fields import misplaced_rules
from engine.forms.components import CONTAINERS, INPUTS, PRESENTATION, Component, Placed, walk
from engine.forms.expressions import is_expression
from engine.forms.names import RESERVED, is_name
from engine.studio.fixes import form_options
from engine.studio.fixes.fix import Around, Fix, in_json, instead
from engine.studio.labels import Words

#: Changes a component in place.
Change = Callable[[Component], None]
_DATES = ("date", "time", "datetime")
_NO_NAME = re.compile(r"\W+")


@dataclass(frozen=True)
class Field:
    """A component with a finding."""

    placed: Placed
    before: tuple[Placed, ...]  #: the components above it
    schema: Component
    around: Around

    @property
    def component(self) -> Component:
        """As it is written."""
        return self.placed.component


def fix_for(problem: Problem, around: Around) -> Fix | None:
    """The change that mends a problem of a form; None where people have to decide."""
    make, schema = _MAKERS.get(problem.code), around.package.forms[around.key]
    fields = list(walk(schema))
    for number, placed in enumerate(fields):
        if make is None or problem.element_id not in (placed.component.get("id"), placed.component.get("key")):
            continue
        made = make(Field(placed, tuple(fields[:number]), schema, around))
        if made is not None:
            label, change = made
            return Fix(f"{problem.code}:{problem.element_id}", label, in_json(_at(number, change)))
    return None


def _at(number: int, change: Change) -> Change:
    return lambda schema: change(list(walk(schema))[number].component)


def _type(field: Field) -> "Made":
    written = str(field.component.get("type"))
    found = get_close_matches(written, sorted(INPUTS | CONTAINERS | PRESENTATION), 1)
    return _written("type", written, found[0]) if found else None


def _key(field: Field) -> "Made":
    written = str(field.component.get("key") or "")
    if written and all(is_name(part) for part in written.split(".")):
        return None
    parts = [_NO_NAME.sub("_", part).strip("_") for part in written.split(".")]
    name = ".".join(part if is_name(part) else f"field_{part}" for part in parts if part)
    return _written("key", written, _free(name or str(field.component["type"]), field))


def _reserved_key(field: Field) -> "Made":
    written = str(field.component.get("key"))
    name = ".".join(f"{part}_value" if part in RESERVED else part for part in written.split("."))
    return _written("key", written, _free(name, field)) if name != written else None


def _repeated_key(field: Field) -> "Made":
    written = str(field.component.get("key"))
    is_second = any(other.path == field.placed.path and other.component.get("type") in INPUTS for other in field.before)
    return _written("key", written, _free(written, field)) if is_second else None


def _repeated_id(field: Field) -> "Made":
    written = field.component.get("id")
    taken = {str(placed.component.get("id")) for placed in walk(field.schema)}
    if not any(other.component.get("id") == written for other in field.before):
        return None
    return _written("id", str(written), next(name for number in count(2) if (name := f"{written}_{number}") not in taken))


def _list(field: Field) -> "Made":
    path = field.component.get("path") or _free(str(field.component.get("key") or "list"), field)

    def change(component: Component) -> None:
        component.update(path=path, isRepeating=True)

    return {"zh": f"设为可重复，路径 {path}", "en": f"Make it repeat, with the path {path}"}, change


def _date_kind(field: Field) -> "Made":
    written = str(field.component.get("subtype"))
    return _written("subtype", written, (get_close_matches(written, _DATES, 1) or _DATES)[0]) if written not in _DATES else None


def _expression(field: Field) -> "Made":
    written = str(field.component.get("expression") or "").strip()
    try:
        compile_expression(written)
    except ExpressionError:
        return None
    return _written("expression", written, f"={written}")


def _label(field: Field) -> "Made":
    """What most fields with this key are called in the other forms."""
    key = field.component.get("key")
    same = (twin.get("label") for twin in _twins(key, field.around) if isinstance(twin.get("label"), str))
    found = Counter(label for label in same if label).most_common(1)
    return _written("label", "", found[0][0]) if found and not field.component.get("label") else None


def _options(field: Field) -> "Made":
    return form_options.mended(field.component, list(_twins(field.component.get("key"), field.around)))


def _rules(field: Field) -> "Made":
    wrong = misplaced_rules(field.component)

    def change(component: Component) -> None:
        for name in wrong:
            component["validate"].pop(name, None)

    return ({"zh": f"删除规则 {'、'.join(wrong)}", "en": f"Remove {', '.join(wrong)}"}, change) if wrong else None


def _limits(field: Field) -> "Made":
    """Two limits the wrong way round change places."""
    rules = field.component.get("validate") or {}
    for low, high in (("minLength", "maxLength"), ("min", "max")):
        numbers = [number for name in (low, high) if isinstance(number := rules.get(name), int | float)]
        if len(numbers) > 1 and numbers[0] > numbers[1]:

            def change(component: Component, low: str = low, high: str = high) -> None:
                limits = component["validate"]
                limits[low], limits[high] = limits[high], limits[low]

            return {"zh": f"对调 {low} 和 {high}", "en": f"Swap {low} and {high}"}, change
    return None


def _hide_null(field: Field) -> "Made":
    """Say what happens anyway: hidden while there is no value."""
    condition = (field.component.get("conditional") or {}).get("hide")
    if not is_expression(condition):
        return None
    names = sorted(compile_expression(condition[1:]).names)
    empty = " or ".join(f"{name} = null" for name in names)

    def change(component: Component) -> None:
        component["conditional"]["hide"] = f"={empty} or ({condition[1:].strip()})"

    told = "、".join(names)
    return {"zh": f"写明：{told} 没有值时隐藏", "en": f"Say it: hidden while {', '.join(names)} has no value"}, change


def _written(name: str, before: str, after: str) -> "Made":
    def change(component: Component) -> None:
        component[name] = after

    return instead(before, after), change


def _free(name: str, field: Field) -> str:
    """The name, or the first of name_2, name_3, … that no other field of the form has."""
    others = [placed.component for placed in walk(field.schema) if placed.component is not field.component]
    taken = {other.get(attribute) for other in others for attribute in ("key", "path")}
    return name if name not in taken else next(free for number in count(2) if (free := f"{name}_{number}") not in taken)


def _twins(key: Any, around: Around) -> Iterator[Component]:
    """The fields of other forms with this key."""
    for name, schema in around.package.forms.items():
        if name != around.key and key:
            yield from (placed.component for placed in walk(schema) if placed.component.get("key") == key)


Made = tuple[Words, Change] | None
_MAKERS: Mapping[str, Callable[[Field], Made]] = {
    "form-component": _type,
    "form-key": _key,
    "form-reserved-name": _reserved_key,
    "form-duplicate-key": _repeated_key,
    "form-duplicate-id": _repeated_id,
    "form-list": _list,
    "form-date-kind": _date_kind,
    "form-expression": _expression,
    "form-label": _label,
    "form-options": _options,
    "form-rule": _rules,
    "form-limit": _limits,
    "form-hide-null": _hide_null,
}
