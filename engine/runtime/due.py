"""When timers are due: durations, dates and cycles (ISO 8601 or FEEL), by the calendar or in working time, each with its explanation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.diagrams.model import Element
from engine.feel import to_json
from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.temporals import Date, DateTime
from engine.runtime.cycles import Cycle, Rhythm
from engine.runtime.intervals import Interval, wrong
from engine.runtime.surroundings import Surroundings
from engine.working_time import WorkingCalendar

#: {"zh": …, "en": …, "provisional": bool, "clock": working or calendar}; no clock when somebody named the instant itself.
Explanation = dict[str, Any]

_CYCLE = re.compile(r"R\d*/(?:[^/]+/)?P[^/]+")
_FROM_NOW = re.compile(r"\b(?:now|today)\s*\(")


@dataclass(frozen=True)
class Schedule:
    """The next time a timer is due, and how often it repeats after that."""

    due_at: datetime
    explanation: Explanation
    cycle: str | None = None
    remaining: int | None = None  #: repetitions left including the next; None for endless or for a timer without a cycle


def first(surroundings: Surroundings, element: Element, context: Mapping[str, Any]) -> Schedule:
    """When a timer event is due for the first time.

    Raises:
        InvalidInput: the text gives no duration, date or cycle.
    """
    event = element.event
    text = event.text if event else ""
    if event is not None and event.timer == "timeCycle":
        return _first_of_cycle(surroundings, element, context)
    if event is not None and event.timer == "timeDate":
        due_at, explanation = instant_of(surroundings, text, context, element)
        if due_at is None:
            raise wrong(text, "日期", "a date")
        return Schedule(due_at, explanation or {})
    due_at, explanation = after(surroundings, text, context, calendar_of(surroundings, element))
    return Schedule(due_at, explanation)


def after(
    surroundings: Surroundings, text: str, context: Mapping[str, Any], calendar: WorkingCalendar | None = None
) -> tuple[datetime, Explanation]:
    """Now plus a duration, with a calendar in working time; with its explanation.

    Raises:
        InvalidInput: the text gives no duration.
    """
    deadline = _interval(surroundings, text, context).after(surroundings.now, surroundings.time_zone, calendar)
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
    if Interval.read(source) is not None:
        return after(surroundings, source, context, calendar_of(surroundings, element))
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
        deadline = Interval.of(value).after(surroundings.now, surroundings.time_zone)
        return deadline.due_at, dict(deadline.explanation)
    else:
        found = None
    if found is None:
        raise wrong(text, "日期时间", "a date and time")
    if environment.explanations:
        return found, dict(environment.explanations[-1])
    reckoned = {"clock": "calendar"} if _FROM_NOW.search(source) else {}
    return found, _plain(found, surroundings.time_zone) | reckoned


def cycle_of(surroundings: Surroundings, element: Element, context: Mapping[str, Any]) -> str:
    """The cycle of a timer event as text, '' when it has none."""
    event = element.event
    return _text(surroundings, event.text, context) if event is not None and event.timer == "timeCycle" else ""


def rhythm(surroundings: Surroundings, element: Element, cycle: str) -> Rhythm:
    """How the cycle of a timer event goes on."""
    return Rhythm(Cycle.read(cycle).interval, surroundings.time_zone, calendar_of(surroundings, element))


def calendar_of(surroundings: Surroundings, element: Element) -> WorkingCalendar | None:
    """The office's calendar for an element that counts in working time (`opsbook:clock`)."""
    return surroundings.calendar() if element.properties.get("opsbook:clock") == "working" else None


def _first_of_cycle(surroundings: Surroundings, element: Element, context: Mapping[str, Any]) -> Schedule:
    text = cycle_of(surroundings, element, context)
    cycle = Cycle.read(text)
    if cycle.start:
        start = _iso_instant(cycle.start, surroundings.time_zone)
        if start is None:
            raise wrong(text, "周期的开始时间", "a cycle with a start")
        return Schedule(start, _plain(start, surroundings.time_zone), text, cycle.times)
    deadline = rhythm(surroundings, element, text).after(surroundings.now)
    return Schedule(deadline.due_at, dict(deadline.explanation), text, cycle.times)


def _text(surroundings: Surroundings, text: str, context: Mapping[str, Any]) -> str:
    return text if _CYCLE.fullmatch(text) else str(to_json(surroundings.evaluate(text, context)))


def _interval(surroundings: Surroundings, text: str, context: Mapping[str, Any]) -> Interval:
    interval = Interval.read(text.strip())
    if interval is not None:
        return interval
    value: Any = surroundings.evaluate(text, context)
    if isinstance(value, str):
        interval = Interval.read(value)
    elif isinstance(value, DaysTime | YearsMonths):
        interval = Interval.of(value)
    if interval is None:
        raise wrong(text, "时长（例如 PT2H）", "a duration such as PT2H")
    return interval


def _iso_instant(text: str, time_zone: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(time_zone))


def _plain(instant: datetime, time_zone: str) -> Explanation:
    local = instant.astimezone(ZoneInfo(time_zone))
    return {"zh": f"{local:%Y-%m-%d %H:%M}", "en": f"{local:%Y-%m-%d %H:%M}", "provisional": False}
