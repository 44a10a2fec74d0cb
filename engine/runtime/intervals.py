"""Lengths of time a diagram names, added in plain or in working time.

A day written as text is a day of the calendar (ISO 8601): `P1D` after 09:00 is 09:00 also when the clocks change in between, `PT24H` is 24 hours.
FEEL knows only elapsed time, so a duration that an expression computes is elapsed time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import InvalidInput
from engine.feel.durations import DAY, DaysTime, YearsMonths, parse_duration
from engine.working_time import Deadline, WorkingCalendar, calendar_time

#: A timer further away is a mistake in the diagram or the data.
LONGEST = timedelta(days=3660)


@dataclass(frozen=True)
class Interval:
    """A length of time: months, days of the calendar, and elapsed time."""

    months: int = 0
    days: int = 0
    elapsed: timedelta = timedelta()

    @classmethod
    def of(cls, duration: DaysTime | YearsMonths) -> "Interval":
        """What a FEEL duration means.

        Raises:
            InvalidInput: longer than ten years.
        """
        if isinstance(duration, YearsMonths):
            return cls._bounded(duration, abs(duration.total) * 28 * DAY, months=duration.total)
        return cls._bounded(duration, abs(duration.nanos), elapsed=timedelta(microseconds=duration.nanos / 1000))

    @classmethod
    def read(cls, text: str) -> "Interval | None":
        """What ISO 8601 text means, None when it is no duration.

        Raises:
            InvalidInput: longer than ten years.
        """
        duration = parse_duration(text)
        if not isinstance(duration, DaysTime):
            return None if duration is None else cls.of(duration)
        whole = cls.of(duration)
        sign, _, written = text.partition("P")
        days = int(written.partition("D")[0]) if "D" in written else 0
        days = -days if sign else days
        return cls(days=days, elapsed=whole.elapsed - timedelta(days=days))

    @classmethod
    def _bounded(cls, duration: DaysTime | YearsMonths, nanos: int, *, months: int = 0, elapsed: timedelta | None = None) -> "Interval":
        if nanos > LONGEST // timedelta(microseconds=1) * 1000:
            raise wrong(str(duration), "十年以内的时长", "a duration of at most ten years")
        return cls(months=months, elapsed=elapsed or timedelta())

    @property
    def least(self) -> timedelta:
        """No less time than this passes in it, whatever the calendar."""
        return timedelta(days=28 * self.months) + timedelta(days=self.days) + self.elapsed

    def times(self, number: int) -> "Interval":
        """So many of it."""
        return Interval(self.months * number, self.days * number, self.elapsed * number)

    def after(self, start: datetime, time_zone: str, calendar: WorkingCalendar | None = None) -> Deadline:
        """The instant after it, with a calendar in working time (days are then 24 hours of work each, months are always plain).

        Raises:
            InvalidInput: no such instant, or the calendar does not reach that far.
        """
        if calendar is None or self.months:
            return calendar_time(start, self.elapsed, time_zone, days=self.days, months=self.months)
        return calendar.add_time(start, timedelta(days=self.days) + self.elapsed)


def wrong(text: str, zh: str, en: str) -> InvalidInput:
    """The error for text that does not give what a timer needs."""
    return InvalidInput(f"“{text}”没有给出{zh}。", f"“{text}” does not give {en}.", text=text)
