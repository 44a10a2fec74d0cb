"""What kind of value a parameter has, and whether another value fits it."""

import re
from datetime import time
from typing import Any, Literal

from engine.errors import InvalidInput
from engine.feel.durations import DaysTime, parse_duration
from engine.working_time import OfficeHours
from engine.working_time.calendar import WEEKDAYS

Kind = Literal["truth", "number", "duration", "time", "text", "working_hours", "list", "table", "numbers", "lists", "other"]

_TIME = re.compile(r"\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?")
_MOST_ITEMS = 200
_LONGEST = 1000
_GREATEST = 1_000_000


def kind_of(value: Any) -> Kind:
    """The kind of a value, as the parameter file writes it."""
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "duration" if parse_duration(value) is not None else "time" if _TIME.fullmatch(value) else "text"
    if isinstance(value, list):
        return "table" if value and all(isinstance(row, dict) for row in value) else "list"
    return _kind_of_mapping(value) if isinstance(value, dict) and value else "other"


def require_fitting(given: Any, value: Any) -> None:
    """Let a value pass that may stand in the place of the one that the file gives.

    Raises:
        InvalidInput: it is of another kind, empty, negative, or not in order.
    """
    kind = kind_of(given)
    if kind == "text":
        fits = isinstance(value, str)
    elif kind in ("list", "table"):
        fits = isinstance(value, list)
    else:
        fits = kind_of(value) == kind
    if not fits or kind == "other":
        raise InvalidInput("这个值的类型不对。", "The value is of the wrong kind.", kind=kind)
    _CHECKS[kind](given, value)


def _kind_of_mapping(value: dict[str, Any]) -> Kind:
    entries = list(value.values())
    if all(isinstance(entry, dict) and entry.keys() <= set(WEEKDAYS) for entry in entries):
        return "working_hours"
    if all(isinstance(entry, list) for entry in entries):
        return "lists"
    return "numbers" if all(kind_of(entry) == "number" for entry in entries) else "other"


def _check_number(given: Any, value: Any) -> None:
    if isinstance(given, int) and value != int(value):
        raise InvalidInput("请填整数。", "It must be a whole number.")
    if not 0 <= value <= _GREATEST:
        raise InvalidInput(f"请填 0 到 {_GREATEST} 之间的数。", f"It must be a number from 0 to {_GREATEST}.")


def _check_duration(_given: Any, value: Any) -> None:
    length = parse_duration(value)
    too_long = DaysTime(3650 * 24 * 3600 * 1_000_000_000)
    if (
        length is None
        or str(length) in ("PT0S", "P0M")
        or str(value).startswith("-")
        or (isinstance(length, DaysTime) and length > too_long)
    ):
        raise InvalidInput("时长要大于零，不超过十年。", "A duration must be more than nothing and at most ten years.")


def _check_time(_given: Any, value: Any) -> None:
    try:
        time.fromisoformat(value)
    except ValueError:
        raise InvalidInput("请填一天中的时刻，如 18:00。", "It must be a time of day such as 18:00.") from None


def _check_text(_given: Any, value: Any) -> None:
    if not value.strip() or len(value) > _LONGEST:
        raise InvalidInput(f"请填 1 到 {_LONGEST} 个字。", f"It must have 1 to {_LONGEST} characters.")


def _check_hours(given: Any, value: Any) -> None:
    if value.keys() != given.keys():
        raise InvalidInput("日历不能增减。", "Calendars cannot be added or removed here.")
    for week in value.values():
        if not any(OfficeHours.read(week).by_weekday):
            raise InvalidInput("一周至少要有一段工作时间。", "A week needs at least one span of working time.")


def _check_list(_given: Any, value: Any) -> None:
    if not 1 <= len(value) <= _MOST_ITEMS:
        raise InvalidInput(f"请填 1 到 {_MOST_ITEMS} 项。", f"It must have 1 to {_MOST_ITEMS} items.")
    for item in value:
        _check_text(None, item if isinstance(item, str) else str(item))


def _check_table(given: Any, value: Any) -> None:
    _check_list(None, [next(iter(row.values()), "") if isinstance(row, dict) else "" for row in value])
    columns = given[0].keys()
    for row in value:
        if row.keys() != columns or not all(
            kind_of(row[name]) == kind_of(given[0][name]) or isinstance(row[name], str) for name in columns
        ):
            raise InvalidInput(f"每行都要有：{'、'.join(columns)}。", f"Every row needs: {', '.join(columns)}.")


def _check_numbers(given: Any, value: Any) -> None:
    _check_keys(given, value)
    for key, number in value.items():
        _check_number(given[key], number)


def _check_lists(given: Any, value: Any) -> None:
    _check_keys(given, value)
    for items in value.values():
        _check_list(None, items)


def _check_keys(given: Any, value: Any) -> None:
    if value.keys() != given.keys():
        raise InvalidInput("各项的名称不能改。", "The names of the entries cannot be changed.")


_CHECKS = {
    "truth": lambda _given, _value: None,
    "number": _check_number,
    "duration": _check_duration,
    "time": _check_time,
    "text": _check_text,
    "working_hours": _check_hours,
    "list": _check_list,
    "table": _check_table,
    "numbers": _check_numbers,
    "lists": _check_lists,
}
