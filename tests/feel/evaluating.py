"""Evaluates an expression the short way."""

from datetime import UTC, datetime
from typing import Any

from engine.feel import Environment, compile_expression

#: 2026-11-20 16:00 in Shanghai, a Friday
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def environment(**choices: Any) -> Environment:
    """The world on a Friday afternoon in Shanghai."""
    return Environment(now=NOW, **choices)


def value(text: str, context: dict[str, Any] | None = None, **choices: Any) -> Any:
    """The FEEL value of an expression."""
    return compile_expression(text).evaluate(context or {}, environment(**choices))


def warnings(text: str, context: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    """What an evaluation complains about, in Chinese and English."""
    env = environment()
    compile_expression(text).evaluate(context or {}, env)
    return [(warning.zh, warning.en) for warning in env.warnings]
