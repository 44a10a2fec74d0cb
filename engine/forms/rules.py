"""The `validate` block of a field, and what a number field checks beside it."""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import FieldProblem
from engine.feel import Environment
from engine.forms import messages, patterns
from engine.forms.components import Component
from engine.forms.expressions import evaluate, is_expression
from engine.forms.value_types import is_empty, length

RULES = frozenset({"required", "minLength", "maxLength", "min", "max", "pattern", "patternErrorMessage", "validationType"})


def broken_rules(component: Component, value: Any, context: dict[str, Any], env: Environment) -> list[FieldProblem]:
    """Every rule that the value breaks, in the order of form-js; the value is already of the right kind."""
    problems = list(_number_rules(component, value)) if component["type"] == "number" and not is_empty(value) else []
    rules = component.get("validate") or {}
    limits = {name: evaluate(rule, context, env) if is_expression(rule) else rule for name, rule in rules.items()}
    problems += _pattern(limits, value)
    if rules.get("required") and (is_empty(value) or (component["type"] == "checkbox" and value is False)):
        problems.append(messages.required())
    if component["type"] == "number" and not is_empty(value):
        problems += _limits(limits, value)
    if isinstance(value, str) and value:
        problems += _text_rules(limits, value)
    return problems


def _pattern(rules: dict[str, Any], value: Any) -> list[FieldProblem]:
    pattern = rules.get("pattern")
    if not pattern or not isinstance(value, str) or not value or patterns.matches(pattern, value):
        return []
    return [messages.pattern(pattern, rules.get("patternErrorMessage"))]


def _number_rules(component: Component, value: Any) -> Iterator[FieldProblem]:
    number = Decimal(str(value))
    if not number:
        return
    digits = component.get("decimalDigits")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(digits, int) and digits >= 0 and isinstance(exponent, int) and -exponent > digits:
        yield messages.decimals(digits)
    step = _decimal(component.get("increment"))
    if step and number % step != 0:
        below = number - number % step
        yield messages.off_step(_plain(below), _plain(below + step))


def _limits(rules: dict[str, Any], value: Any) -> list[FieldProblem]:
    number = Decimal(str(value))
    low, high = _decimal(rules.get("min")), _decimal(rules.get("max"))
    problems = []
    if low is not None and number < low:
        problems.append(messages.minimum(rules["min"]))
    if high is not None and number > high:
        problems.append(messages.maximum(rules["max"]))
    return problems


def _text_rules(rules: dict[str, Any], value: str) -> list[FieldProblem]:
    problems = []
    shortest, longest = _decimal(rules.get("minLength")), _decimal(rules.get("maxLength"))
    if shortest is not None and length(value) < shortest:
        problems.append(messages.minimum_length(rules["minLength"]))
    if longest is not None and length(value) > longest:
        problems.append(messages.maximum_length(rules["maxLength"]))
    check = _TEXT_TYPES.get(rules.get("validationType", ""))
    if check is not None and not check[0](value):
        problems.append(check[1]())
    return problems


_TEXT_TYPES: dict[str, tuple[Callable[[str], bool], Callable[[], FieldProblem]]] = {
    "phone": (patterns.is_phone, messages.phone),
    "email": (patterns.is_email, messages.email),
}


def _plain(number: Decimal) -> str:
    """Without zeros at the end and without an exponent."""
    return format(number.normalize() + 0, "f")


def _decimal(value: Any) -> Decimal | None:
    """The limit as a number; None when there is none."""
    if is_empty(value) or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
