"""FEEL inside forms: conditions, limits, options and computed fields."""

import re
from typing import Any, TypeGuard

from engine.errors import ExpressionError
from engine.feel import Environment, compile_expression, to_json

_NEGATION = re.compile(r"not\s*\((?P<inner>.*)\)", re.DOTALL)


def is_expression(value: object) -> TypeGuard[str]:
    """Whether form-js takes a property as FEEL: a text that begins with `=`."""
    return isinstance(value, str) and value.startswith("=")


def evaluate(expression: str, context: dict[str, Any], env: Environment) -> Any:
    """The JSON value of an expression; null when its value has no JSON form (a range, a function).

    Raises:
        ExpressionError: the expression was never checked, or its evaluation became too big.
    """
    value = compile_expression(expression[1:]).evaluate(context, env)
    try:
        return to_json(value)
    except ExpressionError:
        return None


def hides(condition: str, context: dict[str, Any], env: Environment) -> bool:
    """Whether a `conditional.hide` hides.

    form-js evaluates it as a unary test of null, so that a condition which gives null hides too, and `not(…)` around the whole
    condition turns round the test, not the value.
    """
    inner = _negated(condition[1:])
    if inner is not None:
        return not hides(f"={inner}", context, env)
    value = evaluate(condition, context, env)
    return value is True or value is None or (isinstance(value, list) and None in value)


def _negated(text: str) -> str | None:
    match = _NEGATION.fullmatch(text.strip())
    if match is None:
        return None
    depth = 0
    for sign in re.sub(r'"(?:\\.|[^"\\])*"', '""', match["inner"]):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return None
    return match["inner"]
