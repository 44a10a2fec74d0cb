"""`string`, `number` and `not`."""

import re
from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.errors import NullResult
from engine.feel.functions import Function
from engine.feel.numbers import CONTEXT, number_text
from engine.feel.ranges import Range
from engine.feel.scope import Run
from engine.feel.values import lift

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?", re.ASCII)
_MAX_DIGITS = 10_000


@builtin("not(negand: Any)")
def negated(value: Any) -> bool | None:
    """False for true, true for false, null for everything else."""
    return not value if isinstance(value, bool) else None


@builtin("string(from: Any)")
def string(run: Run, value: Any) -> str | None:
    """The value as text; null stays null."""
    return None if value is None else text_of(value, run)


def text_of(value: Any, run: Run) -> str:
    """A value as FEEL writes it, strings without quotes on the outermost level."""
    return value if isinstance(value, str) else _literal(value, run)


def _literal(value: Any, run: Run) -> str:
    run.meter.spend()
    value = lift(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item, run) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_literal(item, run)}" for key, item in value.items()) + "}"
    if isinstance(value, Range):
        return _range_text(value, run)
    if isinstance(value, Function):
        raise NullResult("函数没有文本形式。", "a function has no text.")
    return str(value)


def _range_text(value: Range, run: Run) -> str:
    if value.op:
        return f"({value.op} {_literal(value.start if value.start is not None else value.end, run)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{_literal(value.start, run)}..{_literal(value.end, run)}{closing}"


@builtin("number(from: string, grouping separator?: string|Null, decimal separator?: string|Null)")
def number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal:
    """The number that a text writes; separators: space, comma or period."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping is not None and grouping == point):
        raise NullResult("分隔符只能是空格、逗号或句点，且两者不同。", "a separator is a space, comma or period, and the two differ.")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if len(plain) > _MAX_DIGITS or not _NUMBER.fullmatch(plain):
        raise NullResult(f"“{text[:50]}”不是数字。", f"'{text[:50]}' is no number.")
    return CONTEXT.create_decimal(plain)


@builtin("number(from: number)")
def number_itself(value: Decimal) -> Decimal:
    """A number stays what it is."""
    return value
