"""Checks of the FEEL inside a form at deployment: it must be readable, and must not hide a field by accident."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from engine.errors import ExpressionError
from engine.feel import Environment, compile_expression
from engine.forms.components import Component
from engine.forms.expressions import evaluate, hides, is_expression
from engine.forms.findings import Finding, finding
from engine.forms.initial import initial_values

#: functions of the server that the browser does not have
_SERVER_ONLY = ("working days", "working time")


def findings(component: Component, schema: Component) -> Iterator[Finding]:
    """What is wrong with the expressions of one component.

    Args:
        component: any component.
        schema: the whole form: conditions are tried on its empty values.
    """
    sources = dict(_expressions(component, ""))
    readable = True
    for place, source in sources.items():
        try:
            compile_expression(source[1:])
        except ExpressionError as error:
            readable = False
            yield finding(component, "form-feel", f"{place} 的表达式有误：{error.zh}", f"The expression of {place} is wrong: {error.en}")
        if any(f"{name}(" in source for name in _SERVER_ONLY):
            zh = f"{place} 用了只在服务器上有的函数，浏览器无法计算。"
            yield finding(component, "form-feel", zh, f"{place} uses a function that browsers do not have.")
    condition = sources.get("conditional.hide")
    if readable and condition is not None:
        yield from _hidden_by_null(component, condition, schema)


def _hidden_by_null(component: Component, condition: str, schema: Component) -> Iterator[Finding]:
    """A condition that gives null hides; if the author did not say so with `= null`, it is an accident."""
    environment = Environment(now=datetime(2000, 1, 1, tzinfo=UTC), time_zone="UTC", calendar=None, functions={}, locale="en")
    context = initial_values(schema, {})
    if evaluate(condition, context, environment) is None and hides(condition, context, environment):
        names = ", ".join(sorted(compile_expression(condition[1:]).names)) or condition
        zh = f"{names} 还没有值时，隐藏条件得到空值，字段会被隐藏。请写明，例如 = {names} = null or …。"
        en = f"While {names} has no value the condition gives null, which hides the field. Say what you mean, e.g. = {names} = null or …."
        yield finding(component, "form-hide-null", zh, en, severity="warning")


def _expressions(node: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every FEEL text of a component with its place, without those of the components inside."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ("components", "values", "defaultValue"):
                yield from _expressions(value, f"{place}.{key}" if place else str(key))
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _expressions(item, f"{place}[{index}]")
    elif is_expression(node):
        yield place, node
