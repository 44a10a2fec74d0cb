"""When timers are due: durations, dates and cycles (ISO 8601 or FEEL), by the calendar or in working time, each with its explanation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.diagrams.model import Element
from engine.errors import InvalidInput
from engine.feel import to_json
from engine.feel.durations import DaysTime, YearsMonths, parse_duration
from engine.feel.temporals import Date, DateTime
from engine.runtime.surroundings import Surroundings
from engine.working_time import Deadline, WorkingCalendar, calendar_time

Explanation = dict[str, Any]

#: A timer further away is a mistake in the diagram or the data.
LONGEST = timedelta(days=3660)
_CYCLE = re.compile(r"R(\d*)/(?:([^/]+)/)?(P[^/]+)")


@dataclass(frozen=True)
class Schedule:
    """The next time a timer is due, and how often it repeats after that."""

    due_at: datetime
    explanation: Explanation
    cycle: str | None = None
    remaining: int | None = None  #: repetitions left including the next; None for endless or for a timer without a cycle


@dataclass(frozen=True)
class _Months:
    months: int


def first(surroundings: Surroundings, element: Element, context: Mapping[str, Any]) -> Schedule:
    """When a timer event is due for the first time.

    Raises:
        InvalidInput: the text gives no duration, date or cycle.
    """
    event = element.event
    text = event.text if event else ""
    working = element.properties.get("opsbook:clock") == "working"
    if event is not None and event.timer == "timeCycle":
        return _first_of_cycle(surroundings, _text(surroundings, text, context), working)
    if event is not None and event.timer == "timeDate":
        due_at, explanation = instant_of(surroundings, text, context, element)
        if due_at is None:
            raise _wrong(text, "日期", "a date")
        return Schedule(due_at, explanation or {})
    due_at, explanation = after(surroundings, text, context, working=working)
    return Schedule(due_at, explanation)


def after(surroundings: Surroundings, text: str, context: Mapping[str, Any], *, working: bool) -> tuple[datetime, Explanation]:
    """Now plus a duration, with its explanation.

    Raises:
        InvalidInput: the text gives no duration.
    """
    deadline = _add(
        surroundings.calendar() if working else None, surroundings.time_zone, surroundings.now, _duration(surroundings, text, context)
    )
    return deadline.due_at, dict(deadline.explanation)


def instant_of(
    surroundings: Surroundings, text: str, context: Mapping[str, Any], element: Element
) -> tuple[datetime | None, Explanation | None]:
    """The instant a date expression gives, None for null; working-time functions leave their explanation.

    Raises:
        InvalidInput: the value is no date and time.
    """
    source = text.strip()
    environment = surroundings.environment()
    literal = _iso_instant(source, surroundings.time_zone)
    if literal is not None:
        return literal, _plain(literal, surroundings.time_zone)
    if parse_duration(source) is not None:
        return after(surroundings, source, context, working=element.properties.get("opsbook:clock") == "working")
    value = surroundings.evaluate(source, context, environment)
    if value is None:
        return None, None
    if isinstance(value, str):
        found = _iso_instant(value, surroundings.time_zone)
    elif isinstance(value, Date):
        found = _iso_instant(str(value), surroundings.time_zone)
    elif isinstance(value, DateTime):
        found = value.to_datetime(surroundings.time_zone)
    elif isinstance(value, DaysTime | YearsMonths):
        deadline = _add(None, surroundings.time_zone, surroundings.now, value)
        return deadline.due_at, dict(deadline.explanation)
    else:
        found = None
    if found is None:
        raise _wrong(text, "日期时间", "a date and time")
    explanation = environment.explanations[-1] if environment.explanations else _plain(found, surroundings.time_zone)
    return found, dict(explanation)


def cycle_of(surroundings: Surroundings, element: Element, context: Mapping[str, Any]) -> str:
    """The cycle of a timer event as text, '' when it has none."""
    event = element.event
    return _text(surroundings, event.text, context) if event is not None and event.timer == "timeCycle" else ""


def next_of_cycle(calendar: WorkingCalendar | None, time_zone: str, due_at: datetime, cycle: str, remaining: int | None) -> Schedule | None:
    """The repetition after one that was due, counted from when it was due; None after the last."""
    if remaining is not None and remaining <= 1:
        return None
    match = _CYCLE.fullmatch(cycle)
    if match is None:
        return None
    deadline = _add(calendar, time_zone, due_at, _interval(match[3]))
    return Schedule(deadline.due_at, dict(deadline.explanation), cycle, None if remaining is None else remaining - 1)


def _first_of_cycle(surroundings: Surroundings, text: str, working: bool) -> Schedule:
    match = _CYCLE.fullmatch(text)
    if match is None:
        raise _wrong(text, "周期（例如 R3/PT30M）", "a cycle such as R3/PT30M")
    remaining = int(match[1]) if match[1] else None
    if match[2]:
        start = _iso_instant(match[2], surroundings.time_zone)
        if start is None:
            raise _wrong(text, "周期的开始时间", "a cycle with a start")
        return Schedule(start, _plain(start, surroundings.time_zone), text, remaining)
    deadline = _add(surroundings.calendar() if working else None, surroundings.time_zone, surroundings.now, _interval(match[3]))
    return Schedule(deadline.due_at, dict(deadline.explanation), text, remaining)


def _interval(text: str) -> DaysTime | YearsMonths:
    duration = parse_duration(text)
    if duration is None or (duration.nanos < 1_000_000_000 if isinstance(duration, DaysTime) else duration.total < 1):
        raise _wrong(text, "不少于一秒的时长", "a duration of at least a second")
    return duration


def _text(surroundings: Surroundings, text: str, context: Mapping[str, Any]) -> str:
    return text if _CYCLE.fullmatch(text) else str(to_json(surroundings.evaluate(text, context)))


def _duration(surroundings: Surroundings, text: str, context: Mapping[str, Any]) -> DaysTime | YearsMonths:
    value: Any = parse_duration(text.strip())
    if value is None:
        value = surroundings.evaluate(text, context)
        if isinstance(value, str):
            value = parse_duration(value)
    if not isinstance(value, DaysTime | YearsMonths):
        raise _wrong(text, "时长（例如 PT2H）", "a duration such as PT2H")
    return value


def _add(calendar: WorkingCalendar | None, time_zone: str, start: datetime, duration: DaysTime | YearsMonths) -> Deadline:
    if isinstance(duration, YearsMonths):
        if abs(duration.total) > LONGEST.days // 28:
            raise _wrong(str(duration), "十年以内的时长", "a duration of at most ten years")
        return calendar_time(start, _Months(duration.total), time_zone)
    if abs(duration.nanos) > LONGEST // timedelta(microseconds=1) * 1000:
        raise _wrong(str(duration), "十年以内的时长", "a duration of at most ten years")
    amount = timedelta(microseconds=duration.nanos / 1000)
    return calendar_time(start, amount, time_zone) if calendar is None else calendar.add_time(start, amount)


def _iso_instant(text: str, time_zone: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(time_zone))


def _plain(instant: datetime, time_zone: str) -> Explanation:
    local = instant.astimezone(ZoneInfo(time_zone))
    return {"zh": f"{local:%Y-%m-%d %H:%M}", "en": f"{local:%Y-%m-%d %H:%M}", "provisional": False}


def _wrong(text: str, zh: str, en: str) -> InvalidInput:
    return InvalidInput(f"“{text}”没有给出{zh}。", f"“{text}” does not give {en}.", text=text)
