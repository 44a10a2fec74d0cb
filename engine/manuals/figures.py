"""Whether two figures are the same, however they are written."""

import re
from decimal import Decimal
from typing import Any

from engine.feel.durations import DAY, SECOND, DaysTime, Duration, YearsMonths, parse_duration
from engine.manuals.units import UNITS

_DURATION = re.compile(r"(?<![\w.])P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?(?!\w)")
_WORKING_DAYS = re.compile(r"\bworking days\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*,\s*(\d+)\s*\)")
_AS_UNIT = re.compile(r"""duration\("[^"]*"\)\s*\*|\*\s*duration\("[^"]*"\)""")
_NUMBER = re.compile(r"(?<![\w.\"])\d+(?:\.\d+)?(?![\w.\"])")
#: What the keys of figures that are numbers say about their unit.
_KEY_UNITS = ("minutes", "hours", "working_days", "days", "km")


def is_quantity(key: str, figure: Any) -> bool:
    """Whether a figure of the catalogue is a duration, or a number whose key names its unit; others count chapters, steps and the like."""
    return duration(figure) is not None if isinstance(figure, str) else isinstance(figure, int) and unit_of_key(key) != ""


def is_time(key: str, figure: Any) -> bool:
    """Whether a figure of the catalogue is a length of time."""
    return is_quantity(key, figure) and unit_of_key(key) != "km"


def agree(key: str, figure: Any, found: Any, unit: str = "") -> bool:
    """Whether what was found says the same as the catalogue.

    Args:
        key: of the figure in the catalogue.
        figure: as the catalogue has it.
        found: a number or ISO 8601 text.
        unit: of what was found, a name of `UNITS`.
    """
    if isinstance(figure, list):
        return isinstance(found, list) and sorted(map(str, figure)) == sorted(map(str, found))
    demanded, given = _measure(figure, unit_of_key(key)), _measure(found, unit)
    if demanded == given:
        return True
    both_numbers = not isinstance(figure, str) and not isinstance(found, str)
    return both_numbers and demanded[0] != given[0] and figure == found


def duration(text: str) -> Duration | None:
    """A duration; weeks are seven days."""
    weeks = re.fullmatch(r"P(\d+)W", text)
    return DaysTime(int(weeks[1]) * 7 * DAY) if weeks else parse_duration(text)


def durations_in(text: str) -> list[str]:
    """The durations written out in an expression, except one that is multiplied: it is a unit."""
    return _DURATION.findall(_AS_UNIT.sub("", text))


def working_days_in(text: str) -> list[int]:
    """The numbers of working days written out in an expression."""
    return [int(number) for number in _WORKING_DAYS.findall(text)]


def numbers_in(text: str) -> list[Decimal]:
    """The numbers written out in an expression."""
    return [Decimal(number) for number in _NUMBER.findall(text)]


def unit_of_key(key: str) -> str:
    """The unit that the key of a figure names; empty when it is a count."""
    return next((unit for unit in _KEY_UNITS if unit in key), "")


def _measure(value: Any, unit: str) -> tuple[str, object]:
    """What is measured, and how much of it."""
    if isinstance(value, str):
        length = duration(value)
        return ("months", length.total) if isinstance(length, YearsMonths) else ("time", length.nanos) if length else ("text", value)
    one = UNITS[unit].length if unit else None
    if one is not None:
        return "time", Decimal(str(value)) * int(one.total_seconds()) * SECOND
    return ("working_days" if unit == "working_days" else "count"), value
