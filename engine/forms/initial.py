"""What a form shows at first, and what its expressions need to know beside it."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from engine.errors import ExpressionError
from engine.feel import compile_expression
from engine.forms.components import (
    EMPTY_VALUES,
    INPUTS,
    MULTIPLE_CHOICES,
    SINGLE_CHOICES,
    Component,
    Path,
    children,
    is_list,
    own_path,
    walk,
)
from engine.forms.expressions import is_expression
from engine.forms.options import declared_options, same
from engine.forms.tree import MISSING, get, put
from engine.forms.twins import SUFFIX
from engine.forms.value_types import is_instant, is_time

_TEMPLATE = re.compile(r"\{\{[#/]?(?:if|loop)?(.*?)\}\}", re.DOTALL)


def initial_values(schema: Component, variables: dict[str, Any]) -> dict[str, Any]:
    """The values that the form shows at first: only what it declares, of the right kind, else the default, else empty."""
    values: dict[str, Any] = {}
    _fill(children(schema), (), variables, values, variables)
    return values


def referenced_values(schema: Component, variables: dict[str, Any]) -> dict[str, Any]:
    """The variables that expressions and templates of the form read although no field holds them, with their English twins."""
    declared = {placed.path[0] for placed in walk(schema) if placed.path}
    names: set[str] = set()
    for placed in walk(schema):
        names |= _names(placed.component)
    read = names - declared
    return {name: variables[name] for name in sorted(read | {f"{name}{SUFFIX}" for name in read}) if name in variables}


def _fill(components: list[Component], path: Path, source: dict[str, Any], values: dict[str, Any], variables: dict[str, Any]) -> None:
    for component in components:
        here = path + own_path(component)
        if here == path and (is_list(component) or component.get("type") in INPUTS):
            continue  # still being drawn: it has no name for its value yet
        if is_list(component):
            _fill_rows(component, here, source, values, variables)
        elif component.get("type") in INPUTS:
            put(values, here, _initial(component, get(source, here), variables))
        else:
            _fill(children(component), here, source, values, variables)


def _fill_rows(component: Component, path: Path, source: dict[str, Any], values: dict[str, Any], variables: dict[str, Any]) -> None:
    rows = get(source, path)
    count = len(rows) if isinstance(rows, list) else int(component.get("defaultRepetitions", 1))
    put(values, path, [{} for _ in range(count)])
    for index in range(count):
        _fill(children(component), (*path, index), source, values, variables)


def _initial(component: Component, value: Any, variables: dict[str, Any]) -> Any:
    kind = component["type"]
    if value is MISSING:
        return component.get("defaultValue", EMPTY_VALUES.get(kind))
    clean = _CLEANERS.get(kind)
    if clean is not None:
        return clean(component, value)
    if kind in SINGLE_CHOICES | MULTIPLE_CHOICES:
        return _chosen(component, value, variables)
    return EMPTY_VALUES.get(kind) if value is None else value


def _chosen(component: Component, value: Any, variables: dict[str, Any]) -> Any:
    """Only options; computed options are known to the browser alone at this moment, so the value stays."""
    is_multiple = component["type"] in MULTIPLE_CHOICES
    if component.get("valuesExpression"):
        return value
    options = declared_options(component, variables)
    if is_multiple:
        return [item for item in value if any(same(item, option) for option in options)] if isinstance(value, list) else []
    return value if any(same(value, option) for option in options) else None


def _text(component: Component, value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return re.sub(r"[\r\n\t]", " ", text) if component["type"] == "textfield" else text


def _number(component: Component, value: Any) -> Any:
    try:
        number = None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = None
    if number is None:
        return None
    if component.get("serializeToString"):
        return str(value)
    return value if isinstance(value, int | float) else int(number) if number.is_integer() else number


def _moment(component: Component, value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    kind = component.get("subtype", "date")
    try:
        if kind == "date":
            date.fromisoformat(value)
        elif kind == "datetime":
            datetime.fromisoformat(value)
    except ValueError:
        return None
    if kind == "time":
        return value if is_time(value) else None
    return value if kind == "date" or is_instant(value) else None


_CLEANERS: dict[str, Callable[[Component, Any], Any]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "datetime": _moment,
    "checkbox": lambda _component, value: value is True,
}


def _names(node: Any) -> set[str]:
    """Free names of every expression and template in a component, its own children left out."""
    if isinstance(node, dict):
        return set().union(*(_names(value) for key, value in node.items() if key != "components"), _options_key(node))
    if isinstance(node, list):
        return set().union(*(_names(item) for item in node))
    if not isinstance(node, str):
        return set()
    sources = [node[1:]] if is_expression(node) else _TEMPLATE.findall(node)
    return set().union(*(_free_names(source) for source in sources))


def _options_key(node: dict[str, Any]) -> set[str]:
    return {str(node["valuesKey"])} if node.get("valuesKey") else set()


def _free_names(source: str) -> set[str]:
    try:
        return set(compile_expression(source).names)
    except ExpressionError:
        return set()
