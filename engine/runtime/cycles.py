"""Timers that repeat: when the next repetition is due, and what becomes of repetitions whose time passed while nothing could fire.

No record of downtimes is needed: a repetition was missed when the one after it is due, too. Under `skip` the newest that is due counts as
missed as well when it is more than a minute late.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.runtime.intervals import Interval, wrong
from engine.working_time import Deadline, WorkingCalendar

#: A repetition that is later than this was missed; the same threshold as Quartz's.
PUNCTUAL = timedelta(minutes=1)

_CYCLE = re.compile(r"R(\d*)/(?:([^/]+)/)?(P[^/]+)")


@dataclass(frozen=True)
class Cycle:
    """An ISO 8601 repetition such as `R3/PT30M`."""

    start: str | None  #: when it is due first, if it says so
    interval: Interval
    times: int | None  #: None for endless

    @classmethod
    def read(cls, text: str) -> "Cycle":
        """Read a repetition.

        Raises:
            InvalidInput: the text is none, or its interval is no duration of at least a second.
        """
        match = _CYCLE.fullmatch(text)
        if match is None:
            raise wrong(text, "周期（例如 R3/PT30M）", "a cycle such as R3/PT30M")
        interval = Interval.read(match[3])
        if interval is None or interval.least < timedelta(seconds=1):
            raise wrong(match[3], "不少于一秒的时长", "a duration of at least a second")
        return cls(match[2], interval, int(match[1]) if match[1] else None)


@dataclass(frozen=True)
class Turn:
    """What happens when the time of a cycle has come."""

    fires: bool
    missed: int  #: repetitions that passed without firing by themselves
    missed_until: datetime  #: when the newest that is due was due
    following: Deadline | None  #: the next repetition; None after the last
    remaining: int | None  #: repetitions left including the next; None for endless


@dataclass(frozen=True)
class Rhythm:
    """How a cycle goes on: by its interval in plain time, or with a calendar in working time."""

    interval: Interval
    time_zone: str
    calendar: WorkingCalendar | None

    def after(self, due_at: datetime, times: int = 1) -> Deadline:
        """The repetition so many intervals after one that was due at `due_at`."""
        return self.interval.times(times).after(due_at, self.time_zone, self.calendar)

    def turn(self, due_at: datetime, remaining: int | None, now: datetime, policy: str) -> Turn:
        """What becomes of a repetition that was due at `due_at`, not after `now`, and of those that followed it until now.

        Args:
            due_at: when it was due.
            remaining: repetitions left including this one; None for endless.
            now: the present instant.
            policy: `opsbook:missed`. fireOnce: fire once for all of them; skip: only the newest may fire, if it is on time;
                keepRemaining: fire once, and what was missed is made up for by later repetitions.
        """
        others = self._due_since(due_at, now)
        left = None if remaining is None else remaining - 1
        if left is not None and policy != "keepRemaining":
            others = min(others, left)
            left -= others
        newest = self._at(due_at, others)
        fires = policy != "skip" or now - newest <= PUNCTUAL
        return Turn(fires, others + (not fires), newest, None if left == 0 else self.after(due_at, others + 1), left)

    def _at(self, due_at: datetime, times: int) -> datetime:
        return self.after(due_at, times).due_at if times else due_at

    def _due_since(self, due_at: datetime, now: datetime) -> int:
        """How many more repetitions are due by now: estimated, then counted down."""
        if now < self._at(due_at, 1):
            return 0
        passed = self.calendar.working_time_between(due_at, now) if self.calendar and not self.interval.months else now - due_at
        number = passed // self.interval.least + 1
        while self._at(due_at, number) > now:
            number -= 1
        return number
