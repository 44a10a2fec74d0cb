"""Values at the border: what JSON and Python have, and what FEEL makes of it.

Null, booleans, strings, lists and contexts are Python's own `None`, `bool`, `str`, `list` and `dict`; a number is a `Decimal`.
Lists and contexts are never copied or changed: their elements are lifted one by one when an expression looks at them.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionError
from engine.feel.durations import SECOND, DaysTime, YearsMonths
from engine.feel.functions import Function
from engine.feel.numbers import from_float, from_int
from engine.feel.ranges import Range
from engine.feel.temporals import Date, DateTime, Time

#: values in one result; an expression may refer to the same list many times over, JSON cannot
MAX_PARTS = 200_000
MAX_EXPONENT = 300  # beyond, other readers of JSON see infinity


def _time_of_day(value: time) -> Time:
    return DateTime.of(datetime.combine(date(1970, 1, 1), value)).time


def _span(value: timedelta) -> DaysTime:
    return DaysTime((value.days * 86_400 + value.seconds) * SECOND + value.microseconds * 1000)


_LIFT: dict[type, Callable[[Any], Any]] = {
    int: from_int,
    float: from_float,
    tuple: list,
    datetime: DateTime.of,
    date: lambda value: Date(value.year, value.month, value.day),
    time: _time_of_day,
    timedelta: _span,
}


def lift(value: Any) -> Any:
    """A JSON or Python value as FEEL has it; only the outermost level, so it costs the same for any list."""
    convert = _LIFT.get(value.__class__)
    return value if convert is None else convert(value)


def from_json(value: Any) -> Any:
    """A JSON value with every number a decimal, at all levels."""
    if isinstance(value, list | tuple):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    return lift(value)


def to_json(value: Any) -> Any:
    """A FEEL value as JSON: whole numbers as int, others as float, dates, times and durations as ISO 8601 text.

    Raises:
        ExpressionError: the value is or contains a range or a function, or is bigger than any data should be.
    """
    return _to_json(value, [MAX_PARTS])


def _json_number(value: Decimal) -> int | float:
    if value.adjusted() > MAX_EXPONENT:
        raise ExpressionError("结果是一个过大的数，不能保存为数据。", "The result is a number too large to be kept as data.")
    return int(value) if value == value.to_integral_value() else float(value)


def _to_json(value: Any, left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0:
        raise ExpressionError(
            f"结果超过 {MAX_PARTS:,} 个值，不能保存。", f"The result has more than {MAX_PARTS:,} values and cannot be kept."
        )
    if value is None or value.__class__ in (str, bool, int, float):
        return value
    if isinstance(value, Decimal):
        return _json_number(value)
    if isinstance(value, list):
        return [_to_json(item, left) for item in value]
    if isinstance(value, dict):
        return {key: _to_json(item, left) for key, item in value.items()}
    if isinstance(value, Date | Time | DateTime | YearsMonths | DaysTime):
        return str(value)
    lifted = lift(value)
    if lifted.__class__ is not value.__class__:
        return _to_json(lifted, left)
    kind_zh, kind_en = (
        ("区间", "range")
        if isinstance(value, Range)
        else ("函数", "function")
        if isinstance(value, Function)
        else (type(value).__name__,) * 2
    )
    raise ExpressionError(f"结果是{kind_zh}，不能保存为数据。", f"The result is a {kind_en}, which cannot be kept as data.")
