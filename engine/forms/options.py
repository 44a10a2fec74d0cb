"""The options of choices: written in the form, taken from a variable, or computed."""

from typing import Any

from engine.feel import Environment
from engine.forms.components import Component
from engine.forms.expressions import evaluate


def option_values(component: Component, initial: dict[str, Any], context: dict[str, Any], env: Environment) -> list[Any]:
    """The values that may be chosen.

    Args:
        component: a choice.
        initial: the variables before the form was filled: options never come from what somebody submits.
        context: what FEEL sees.
        env: of the evaluation.
    """
    if "valuesKey" in component or "values" in component:
        return declared_options(component, initial)
    return _values(evaluate(component.get("valuesExpression") or "=null", context, env))


def declared_options(component: Component, initial: dict[str, Any]) -> list[Any]:
    """The values of options that need no FEEL: written in the form, or in a variable."""
    return _values(initial.get(component["valuesKey"]) if "valuesKey" in component else component.get("values"))


def _values(source: Any) -> list[Any]:
    return [value for option in (source if isinstance(source, list) else []) for value in _value(option)]


def _value(option: Any) -> list[Any]:
    """The option's value as a list of one; an option that form-js drops gives none."""
    if _is_plain(option):
        return [option]
    if not isinstance(option, dict):
        return []
    value = option.get("value")
    has_label = isinstance(option.get("label"), str) and option["label"] != ""
    if _is_plain(value) or (has_label and isinstance(value, dict | list) and value):
        return [value]
    return []


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and value != "")


def same(left: Any, right: Any) -> bool:
    """Equality as JavaScript sees it: 1 and true differ."""
    return bool(left == right and isinstance(left, bool) == isinstance(right, bool))
