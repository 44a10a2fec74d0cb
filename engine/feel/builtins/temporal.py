"""Functions of dates, times and durations."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.builtins.numeric import whole_number
from engine.feel.builtins.registry import builtin
from engine.feel.compare import equal
from engine.feel.durations import HOUR, MINUTE, SECOND, DaysTime, Duration, YearsMonths, parse_duration
from engine.feel.errors import NullResult
from engine.feel.numbers import CONTEXT
from engine.feel.scope import Run
from engine.feel.temporal_text import parse_date, parse_date_time, parse_time, with_seconds
from engine.feel.temporals import Date, DateTime, Time, Zone

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def _unreadable(text: str, kind_zh: str, kind_en: str, example: str) -> NullResult:
    return NullResult(f"“{text[:50]}”不是{kind_zh}，例如 {example}。", f"'{text[:50]}' is no {kind_en}, such as {example}.")


@builtin("date(from: string)")
def date_from_text(text: str) -> Date:
    """`date("2026-11-20")`."""
    date = parse_date(text)
    if date is None:
        raise _unreadable(text, "日期", "date", "2026-11-20")
    return date


@builtin("date(from: date|date and time)")
def date_of(value: Date | DateTime) -> Date:
    """The day of a date and time."""
    return value if isinstance(value, Date) else value.date


@builtin("date(year: number, month: number, day: number)")
def date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Date:
    """`date(2026, 11, 20)`."""
    date = Date.valid(whole_number(year), whole_number(month), whole_number(day))
    if date is None:
        raise NullResult(f"日历中没有 {year}-{month}-{day}。", f"the calendar has no {year}-{month}-{day}.")
    return date


@builtin("date and time(from: string)")
def date_and_time_from_text(run: Run, text: str) -> DateTime:
    """`date and time("2026-11-20T10:30:00+08:00")`; browsers leave the seconds out."""
    value = parse_date_time(text if run.env.standard else with_seconds(text))
    if value is None:
        raise _unreadable(text, "日期时间", "date and time", "2026-11-20T10:30:00")
    return value


@builtin("date and time(date: date|date and time, time: time)")
def date_and_time_of(date: Date | DateTime, time: Time) -> DateTime:
    """A day and a time put together."""
    return DateTime(date if isinstance(date, Date) else date.date, time)


@builtin("date and time(from: date and time)")
def date_and_time_itself(value: DateTime) -> DateTime:
    """A date and time stays what it is; a date becomes its midnight in UTC."""
    return value


@builtin("time(from: string)")
def time_from_text(run: Run, text: str) -> Time:
    """`time("10:30:00")`; browsers leave the seconds out."""
    time = parse_time(text if run.env.standard else with_seconds(text))
    if time is None:
        raise _unreadable(text, "时间", "time", "10:30:00")
    return time


@builtin("time(from: time|date and time)")
def time_of(value: Time | DateTime) -> Time:
    """The time of a date and time."""
    return value if isinstance(value, Time) else value.time


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration|Null)")
def time_of_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None) -> Time:
    """`time(10, 30, 0)`, with an offset from UTC."""
    hours, minutes = whole_number(hour), whole_number(minute)
    nanos = int(CONTEXT.multiply(second, Decimal(SECOND)))
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= nanos < 60 * SECOND):
        raise NullResult(f"没有 {hour}:{minute}:{second} 这个时间。", f"there is no time {hour}:{minute}:{second}.")
    zone: Zone = None if offset is None else offset.nanos // SECOND
    if isinstance(zone, int) and abs(zone) > 18 * 3600:
        raise NullResult("时差不能超过 18 小时。", "an offset is at most 18 hours.")
    return Time(hours * HOUR + minutes * MINUTE + nanos, zone)


@builtin("duration(from: string)")
def duration(text: str) -> Duration:
    """`duration("P1DT2H")` or `duration("P1Y2M")`."""
    value = parse_duration(text)
    if value is None:
        raise _unreadable(text, "时长", "duration", "P1DT2H")
    return value


@builtin("duration(from: days and time duration|years and months duration)")
def duration_itself(value: Duration) -> Duration:
    """A duration stays what it is."""
    return value


@builtin("years and months duration(from: date|date and time, to: date|date and time)")
def years_and_months_duration(start: Date | DateTime, end: Date | DateTime) -> YearsMonths:
    """Whole months between two days."""
    first, last = (value if isinstance(value, Date) else value.date for value in (start, end))
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)


@builtin("day of year(date: date|date and time)")
def day_of_year(value: Date | DateTime) -> Decimal:
    """1 to 366."""
    return Decimal(date_of(value).day_of_year)


@builtin("day of week(date: date|date and time)")
def day_of_week(value: Date | DateTime) -> str:
    """`Monday` to `Sunday`."""
    return _DAYS[date_of(value).weekday - 1]


@builtin("month of year(date: date|date and time)")
def month_of_year(value: Date | DateTime) -> str:
    """`January` to `December`."""
    return _MONTHS[date_of(value).month - 1]


@builtin("week of year(date: date|date and time)")
def week_of_year(value: Date | DateTime) -> Decimal:
    """The week by ISO 8601: week 1 has the year's first Thursday."""
    date = date_of(value)
    thursday = Date.from_ordinal(date.ordinal + 4 - date.weekday)
    return Decimal((thursday.day_of_year - 1) // 7 + 1) if thursday else Decimal(1)


@builtin("is(value1?: Any, value2?: Any)")
def is_same(run: Run, first: Any = None, second: Any = None) -> bool:
    """Whether two values are the very same, zones and kinds included."""
    if isinstance(first, Time | DateTime) and first.__class__ is second.__class__:
        return str(first) == str(second)
    return first.__class__ is second.__class__ and equal(first, second, run) is True


@builtin("now()")
def now(run: Run) -> DateTime:
    """The present instant of the environment, in its time zone."""
    return DateTime.of(run.env.now.astimezone(ZoneInfo(run.env.time_zone)))


@builtin("today()")
def today(run: Run) -> Date:
    """The present day in the environment's time zone."""
    return now(run).date
