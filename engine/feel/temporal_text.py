"""Reads dates, times and dates with times from ISO 8601 text, as strictly as the DMN standard demands."""

import re
from collections.abc import Callable

from engine.feel.durations import HOUR, MINUTE, SECOND, Duration, parse_duration
from engine.feel.temporals import Date, DateTime, Time, Zone, zone_known

_DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(?:(Z|z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@(.{1,64}))?", re.ASCII)
_NO_SECONDS = re.compile(r"((?:^|T)\d\d:\d\d)(?![\d:])", re.ASCII)
_MAX_OFFSET = 18 * 3600  # as java.time and most calendars have it


def parse_date(text: str) -> Date | None:
    """`2026-11-20`; None when the text is no date of the calendar."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year = int(match[2])
    return Date.valid(-year if match[1] else year, int(match[3]), int(match[4]))


def parse_time(text: str) -> Time | None:
    """`10:30:00`, `10:30:00.5+08:00`, `10:30:00@Asia/Shanghai`; None when the text is no time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    if hour > 23 or minute > 59 or second > 59:
        return None
    nanos = hour * HOUR + minute * MINUTE + second * SECOND + int((match[4] or "").ljust(9, "0")[:9])
    zone: Zone = None
    if match[5]:
        zone = 0
    elif match[6]:
        zone = int(match[7]) * 3600 + int(match[8]) * 60 + int(match[9] or 0)
        if zone > _MAX_OFFSET or int(match[8]) > 59:
            return None
        zone = -zone if match[6] == "-" else zone
    elif match[10]:
        if not zone_known(match[10]):
            return None
        zone = match[10]
    return Time(nanos, zone)


def parse_date_time(text: str) -> DateTime | None:
    """`2026-11-20T10:30:00` with an optional zone; a date alone means its midnight; None when the text is neither."""
    day, separator, clock = text.partition("T")
    date = parse_date(day)
    if date is None:
        return None
    if not separator:
        return DateTime(date, Time(0))
    time = parse_time(clock)
    return None if time is None else DateTime(date, time)


def with_seconds(text: str) -> str:
    """The text with `:00` behind a time of hours and minutes, as the date and time fields of browsers write it."""
    return _NO_SECONDS.sub(r"\1:00", text)


def read_as(text: str, type_name: str) -> Date | DateTime | Time | Duration | None:
    """A text, as JSON has it, as the temporal type that is declared for it; None when it is none or the type is no temporal one."""
    read = _READERS.get(type_name)
    return None if read is None else read(with_seconds(text))


def parse_temporal(text: str) -> Date | DateTime | Time | Duration | None:
    """What `@"…"` means: a date, a time, a date and time or a duration."""
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text.partition("@")[0] else parse_date(text)


_READERS: dict[str, Callable[[str], Date | DateTime | Time | Duration | None]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}
