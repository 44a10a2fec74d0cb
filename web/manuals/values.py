"""Values of parameters: in words, as fields of a page, and back from what was entered."""

import re
from collections.abc import Iterable
from datetime import time, timedelta
from typing import Any

from babel.dates import get_day_names
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from engine.errors import InvalidInput
from engine.feel.durations import YearsMonths, parse_duration
from engine.manuals.parameters import Parameter
from engine.manuals.units import UNITS
from engine.manuals.values import kind_of
from engine.working_time.calendar import WEEKDAYS
from engine.working_time.words import Words
from web.labels import in_one_language, is_twin
from web.language import locale

#: Units in which a duration is entered: ISO 8601 pattern by name.
DURATION_UNITS = {"minutes": "PT{}M", "hours": "PT{}H", "days": "P{}D", "weeks": "P{}W", "months": "P{}M"}
_SIZES = (("weeks", timedelta(weeks=1)), ("days", timedelta(days=1)), ("hours", timedelta(hours=1)), ("minutes", timedelta(minutes=1)))
#: Empty rows that a table offers for more.
_BLANK_ROWS = 2


def shown_value(parameter: Parameter, value: Any = None) -> str:
    """A value of a parameter as a person reads it; its own one unless another is given."""
    value = parameter.value if value is None else value
    kind = kind_of(value)
    if kind == "duration":
        return _duration_text(value) + _clock(parameter)
    if kind == "number":
        return f"{value:g} {unit_name(parameter)}".strip()
    if kind == "time":
        return str(value)[:5]
    if kind == "truth":
        return str(gettext("是") if value else gettext("否"))
    if kind == "working_hours":
        return "\n".join(line for week in value.values() for line in _week_lines(week))
    if kind == "table":
        return str(gettext("；")).join("、".join(str(cell) for cell in in_one_language(row).values()) for row in value)
    if kind == "list":
        return str(gettext("、")).join(map(str, value))
    if isinstance(value, dict):
        items = ((key, gettext("、").join(map(str, item)) if isinstance(item, list) else item) for key, item in value.items())
        return "\n".join(f"{key}: {item}" for key, item in items)
    return str(value)


def unit_name(parameter: Parameter) -> str:
    """The unit of a parameter, in the reader's language."""
    unit = UNITS.get(parameter.unit)
    return "" if unit is None else unit.zh if locale() == "zh" else unit.en


def duration_fields(value: str) -> tuple[int, str]:
    """Number and unit by which a duration is edited: the largest unit that needs no fraction."""
    length = parse_duration(value)
    if isinstance(length, YearsMonths):
        return length.total, "months"
    whole = timedelta(microseconds=length.nanos // 1000) if length else timedelta()
    for unit, size in _SIZES:
        if whole and whole % size == timedelta() and unit != "weeks":
            return whole // size, unit
    return int(whole.total_seconds() // 60), "minutes"


def weekday_names() -> dict[str, str]:
    """The weekdays by their names in the parameter file."""
    names = get_day_names("abbreviated", locale="zh_Hans_CN" if locale() == "zh" else "en")
    return {day: names[number] for number, day in enumerate(WEEKDAYS)}


def column_title(name: str, columns: Iterable[str]) -> str:
    """What a column of a table is called: the two of a text in both languages by their language."""
    if is_twin(name, columns):
        return str(gettext("英文"))
    return str(gettext("中文")) if f"{name}_en" in columns else name


def rows_to_edit(value: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a table, and empty ones for more."""
    return [*value, *({} for _ in range(_BLANK_ROWS))]


def entered(given: Any, fields: MultiDict[str, str]) -> Any:
    """The value that a person entered for a parameter, of the kind that the file gives.

    Raises:
        InvalidInput: it cannot be read as that kind.
    """
    kind, text = kind_of(given), fields.get("value", "").strip()
    if kind == "duration":
        return _entered_duration(text, fields.get("unit", ""))
    if kind == "number":
        return _entered_number(text)
    if kind == "truth":
        return text == "true"
    if kind == "time":
        return _entered_time(text, str(given))
    if kind == "working_hours":
        return {name: {day: hours for day in WEEKDAYS if (hours := _spans(fields.get(f"{name}.{day}", "")))} for name in given}
    if kind == "list":
        return _lines(text)
    if kind == "table":
        return _entered_rows(list(given[0]), fields)
    if kind == "lists":
        return {name: _parts(fields.get(name, "")) for name in given}
    if kind == "numbers":
        return {name: _entered_number(fields.get(name, "")) for name in given}
    return text


def _duration_text(value: str) -> str:
    length = parse_duration(value)
    if isinstance(length, YearsMonths):
        words = Words.months(length.total)
    else:
        words = Words.duration(timedelta(microseconds=length.nanos // 1000) if length else timedelta())
    return words.zh if locale() == "zh" else words.en


def _clock(parameter: Parameter) -> str:
    """Only working time is worth a word: everything else is as the clock on the wall goes."""
    return str(gettext("（工作时间）")) if parameter.unit == "working_time" else ""


def _week_lines(week: dict[str, list[str]]) -> list[str]:
    """Days with the same hours in one line."""
    names, lines = weekday_names(), list[str]()
    days = [day for day in WEEKDAYS if week.get(day)]
    while days:
        same = [day for day in days if week[day] == week[days[0]]]
        lines.append(f"{gettext('、').join(names[day] for day in same)}  {' '.join(week[days[0]])}")
        days = [day for day in days if day not in same]
    return lines


def _entered_duration(text: str, unit: str) -> str:
    if unit not in DURATION_UNITS or not re.fullmatch(r"[0-9]{1,6}", text):
        raise InvalidInput("时长要填整数和单位。", "A duration is a whole number and a unit.")
    return f"P{int(text) * 7}D" if unit == "weeks" else DURATION_UNITS[unit].format(int(text))


def _entered_number(text: str) -> int | float:
    try:
        return int(text) if re.fullmatch(r"-?[0-9]+", text.strip()) else float(text)
    except ValueError:
        raise InvalidInput("请填数字。", "It must be a number.") from None


def _entered_time(text: str, given: str) -> str:
    """The time of day with the zone that the file's value has."""
    try:
        moment = time.fromisoformat(text)
    except ValueError:
        raise InvalidInput("请填一天中的时刻，如 18:00。", "It must be a time of day such as 18:00.") from None
    return f"{moment:%H:%M:%S}{given[8:]}"


def _entered_rows(columns: list[str], fields: MultiDict[str, str]) -> list[dict[str, str]]:
    """Rows in which anything is entered."""
    cells = [fields.getlist(f"column.{name}") for name in columns]
    rows = [dict(zip(columns, (cell.strip() for cell in row), strict=True)) for row in zip(*cells, strict=False)]
    return [row for row in rows if any(row.values())]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,，、;；\s]+", text) if part.strip()]


def _spans(text: str) -> list[str]:
    return [part.replace("–", "-").replace("：", ":") for part in _parts(text)]
