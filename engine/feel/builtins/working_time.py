"""Opsbook's own functions: reckoning in working time. They are the only additions to the standard."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.feel.builtins.numeric import whole_number
from engine.feel.builtins.registry import builtin
from engine.feel.builtins.temporal import date_and_time_from_text
from engine.feel.durations import DaysTime
from engine.feel.errors import NullResult
from engine.feel.scope import Deadline, Run, WorkingTime
from engine.feel.temporals import Date, DateTime, Time

MAX_DAYS = 3660


def _calendar(run: Run) -> WorkingTime:
    if run.env.calendar is None:
        raise NullResult("这里没有工作日历。", "there is no working calendar here.")
    return run.env.calendar


def _start(value: Any, run: Run) -> Any:
    """The instant that counting begins at; a date means its midnight in the environment's time zone."""
    if isinstance(value, str):
        value = date_and_time_from_text(run, value)
    if isinstance(value, Date):
        value = DateTime(value, Time(0))
    try:
        return value.to_datetime(run.env.time_zone)
    except ValueError:
        raise NullResult("起点超出工作日历的范围。", "the start is beyond the working calendar.") from None


def _kept(deadline: Deadline, run: Run) -> DateTime:
    run.env.explanations.append(dict(deadline.explanation))
    return DateTime.of(deadline.due_at)


@builtin("working days(from: date and time|date|string, n: number)")
def working_days(run: Run, start: Any, n: Decimal) -> DateTime:
    """The instant `n` working days after `from`; the reckoning goes to the environment's explanations."""
    days = whole_number(n, "天数", "the number of days")
    if abs(days) > MAX_DAYS:
        raise NullResult(f"天数不能超过 {MAX_DAYS}。", f"at most {MAX_DAYS} days can be counted.")
    return _kept(_calendar(run).add_days(_start(start, run), days), run)


@builtin("working time(from: date and time|date|string, duration: days and time duration)")
def working_time(run: Run, start: Any, duration: DaysTime) -> DateTime:
    """The instant after `duration` of working time; the reckoning goes to the environment's explanations."""
    if abs(duration.nanos) > MAX_DAYS * 86_400 * 10**9:
        raise NullResult(f"时长不能超过 {MAX_DAYS} 天。", f"at most {MAX_DAYS} days can be counted.")
    return _kept(_calendar(run).add_time(_start(start, run), timedelta(microseconds=duration.nanos // 1000)), run)
