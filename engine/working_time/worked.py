"""Working time between many pairs of instants: added up once, looked up often."""

from bisect import bisect_right
from datetime import datetime, timedelta

from engine.working_time.calendar import WorkingCalendar

_A_DAY = timedelta(days=1)


class WorkedTime:
    """How much has been worked until any instant of a span."""

    def __init__(self, calendar: WorkingCalendar, since: datetime, until: datetime) -> None:
        """Add up the office hours from the day of `since` to that of `until` (aware)."""
        first, last = (instant.astimezone(calendar.zone).date() for instant in (since - _A_DAY, until + _A_DAY))
        self._opens: list[float] = []
        self._closes: list[float] = []
        self._before: list[float] = []  #: seconds worked before each of them
        total = 0.0
        for opens, closes in calendar.hours_between(first, last):
            self._opens.append(opens.timestamp())
            self._closes.append(closes.timestamp())
            self._before.append(total)
            total += (closes - opens).total_seconds()

    def until(self, instant: float) -> float:
        """Working seconds from the beginning of the span to an instant (seconds since 1970) within it."""
        place = bisect_right(self._opens, instant) - 1
        if place < 0:
            return 0.0
        return self._before[place] + min(instant, self._closes[place]) - self._opens[place]

    def between(self, begin: float, end: float) -> float:
        """Working seconds from one instant to a later one."""
        return self.until(end) - self.until(begin)
