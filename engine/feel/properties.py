"""What stands behind the dot: properties of dates, times, durations and ranges."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.durations import DAY, HOUR, MINUTE, SECOND, DaysTime, YearsMonths
from engine.feel.ranges import Range
from engine.feel.temporals import Date, DateTime, Time, offset_at

Property = Callable[[Any], Any]


def _offset(time: Time, date: Date) -> DaysTime | None:
    return None if time.zone is None else DaysTime(offset_at(time.zone, date, time.nanos) * SECOND)


def _truncated(total: int, unit: int, within: int) -> Decimal:
    """A part of a duration, with the duration's sign."""
    part = abs(total) // unit % within
    return Decimal(-part if total < 0 else part)


_DATE: dict[str, Property] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(date.weekday),
}
_TIME: dict[str, Property] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: Decimal(time.second),
    "time offset": lambda time: _offset(time, Date(1970, 1, 1)),
    "timezone": lambda time: time.zone if isinstance(time.zone, str) else None,
}


def _of_date(name: str) -> Property:
    return lambda value: _DATE[name](value.date)


def _of_time(name: str) -> Property:
    return lambda value: _TIME[name](value.time)


_PROPERTIES: dict[type, dict[str, Property]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _of_date(name) for name in _DATE},
        **{name: _of_time(name) for name in _TIME},
        "time offset": lambda value: _offset(value.time, value.date),
    },
    YearsMonths: {
        "years": lambda value: _truncated(value.total, 12, 2**64),
        "months": lambda value: _truncated(value.total, 1, 12),
    },
    DaysTime: {
        "days": lambda value: _truncated(value.nanos, DAY, 2**64),
        "hours": lambda value: _truncated(value.nanos, HOUR, 24),
        "minutes": lambda value: _truncated(value.nanos, MINUTE, 60),
        "seconds": lambda value: _truncated(value.nanos, SECOND, 60),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}


def property_of(value: Any, name: str) -> tuple[bool, Any]:
    """Whether the kind of value has the property, and the property."""
    getter = _PROPERTIES.get(value.__class__, {}).get(name)
    return (False, None) if getter is None else (True, getter(value))


def property_names(value: Any) -> tuple[str, ...]:
    """The names of the properties that this kind of value has."""
    return tuple(_PROPERTIES.get(value.__class__, {}))
