"""What counts towards a figure: single observations, and what is needed to make them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Executable, Row, and_
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.errors import NotFound
from engine.working_time import WorkingCalendar

#: A text in Chinese and in English.
Words = tuple[str, str]

NO_GROUP: Words = ("", "")

_DURATION = TypeAdapter(timedelta)


class Observation(NamedTuple):
    """One thing that counts: a slip, a call, a promise …"""

    about: str  #: number of the order, or what else names it
    at: datetime  #: when it happened
    value: float = 1  #: summed to the numerator
    weight: float = 1  #: summed to the denominator
    missed: bool = False  #: whether it is what the rule does not want
    person: str | None = None  #: whose work it was
    group: Words = NO_GROUP  #: class that the indicator is broken down by


@dataclass(frozen=True)
class Scope:
    """The month that is looked at, and what is known of the world."""

    session: Session
    begin: datetime
    end: datetime  #: not any more in it
    now: datetime
    zone: ZoneInfo
    calendar: WorkingCalendar
    parameters: Mapping[str, Any]
    processes: Mapping[str, Words]  #: titles by key

    @property
    def until(self) -> datetime:
        """The end of what is known of the month."""
        return min(self.end, self.now)

    def within(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Whether an instant lies in the month."""
        return and_(column >= self.begin, column < self.end)

    def on_days(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Whether a day lies in the month."""
        return and_(column >= self.day(self.begin), column < self.day(self.end))

    def day(self, instant: datetime) -> date:
        """The office's day of an instant."""
        return instant.astimezone(self.zone).date()

    def noon(self, day: date) -> datetime:
        """An instant of a day that has none of its own."""
        return datetime.combine(day, time(12), self.zone)

    def rows(self, query: Executable) -> list[Row[Any]]:
        """What a select finds."""
        return list(self.session.execute(query))

    def worked(self, begin: datetime, end: datetime) -> float:
        """Working time between two instants, in seconds."""
        return self.calendar.working_time_between(begin, end).total_seconds()

    def length(self, parameter: str) -> float:
        """A parameter that is a duration, in seconds."""
        return _DURATION.validate_python(self.figure(parameter)).total_seconds()

    def days(self, parameter: str) -> int:
        """A parameter that is a number of days."""
        return int(self.figure(parameter))

    def figure(self, parameter: str) -> Any:
        """A parameter of the manuals.

        Raises:
            NotFound: the manuals of this office do not have it.
        """
        if parameter not in self.parameters:
            raise NotFound(
                f"计算这个指标需要参数 {parameter}，本单位的手册里没有它。",
                f"This indicator needs the parameter {parameter}, which the manuals of this office do not have.",
                parameter=parameter,
            )
        return self.parameters[parameter]
