"""What the office does by itself every week, without anybody calling."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Routine:
    """A procedure that somebody begins on a day of the week (Monday is 0), at a time of the office's day."""

    process: str
    weekday: int
    at: time
    starter: str
    at_first: Mapping[str, Any] = field(default_factory=dict)  #: what is entered at the start the first time


ROUTINES = (
    Routine("position_check", 0, time(9, 15), "head1"),
    Routine("service_improvement", 0, time(9, 5), "head1", {"planned_branches": ["monthly", "quarterly", "half_yearly"]}),
)
#: Their cases are nobody's call.
PROCESSES = frozenset(routine.process for routine in ROUTINES)


def occasions(begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, Routine]]:
    """When which routine begins between two instants."""
    day: date = begins.astimezone(zone).date()
    while day <= ends.astimezone(zone).date():
        for routine in ROUTINES:
            at = datetime.combine(day, routine.at, zone)
            if day.weekday() == routine.weekday and begins < at <= ends:
                yield at, routine
        day += timedelta(days=1)
