"""The calendars of the database: seeded with China's public holidays and make-up days, editable afterwards."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import holidays
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.clock import monotonic_s
from engine.errors import InvalidInput, NotFound
from engine.storage.database import Database
from engine.storage.tables import ParameterChange, WorkCalendar, WorkCalendarDay
from engine.working_time.calendar import CalendarDay, OfficeHours, WorkingCalendar

DEFAULT_CALENDAR = "default"

#: For how long a calendar is believed before it is read again, since another process may have edited it.
_FRESH_S = 60.0

_YEARS_BACK = 2
_YEARS_AHEAD = 2


@dataclass(frozen=True)
class _Read:
    """A calendar, when it was read, and under which parameters."""

    at_s: float
    edition: str | None
    calendar: WorkingCalendar


class Calendars:
    """The working calendars, built once and read again every minute."""

    def __init__(self, database: Database, working_hours: Mapping[str, Mapping[str, object]], time_zone: str) -> None:
        """Args: working_hours: as the parameter file gives them, calendar id to week. time_zone: of calendars that are seeded."""
        self._database = database
        self._hours = working_hours
        self._time_zone = time_zone
        self._read: dict[str, _Read] = {}

    def get(self, calendar_id: str | None = None, edition: str | None = None) -> WorkingCalendar:
        """A calendar; the office's own when no id is given.

        Args:
            calendar_id: of the calendar.
            edition: which parameters hold, where that is known; under another one than before the calendar is read again at once.

        Raises:
            NotFound: no such calendar.
            InvalidInput: the parameter file has no usable office hours for it.
        """
        identity = calendar_id or DEFAULT_CALENDAR
        known = self._read.get(identity)
        if known and monotonic_s() - known.at_s < _FRESH_S and edition in (None, known.edition):
            return known.calendar
        self._read[identity] = _Read(monotonic_s(), edition, self._load(identity))
        return self._read[identity].calendar

    def forget(self) -> None:
        """Read the calendars again at the next call, because they were edited here."""
        self._read.clear()

    def seed(self, today: date) -> None:
        """Make the office's calendar from public knowledge; later calls only add years announced since. Days edited within the confirmed years stay."""
        seeded = public_days(range(today.year - _YEARS_BACK, today.year + _YEARS_AHEAD + 1))
        confirmed = confirmed_until()
        with self._database.transaction() as session:
            self._database.one_at_a_time(session, "seed calendars")
            calendar = session.get(WorkCalendar, DEFAULT_CALENDAR)
            if calendar and calendar.confirmed_until >= confirmed:
                return
            if calendar is None:
                calendar = WorkCalendar(
                    id=DEFAULT_CALENDAR,
                    name="中国法定工作日",
                    name_en="Chinese working days",
                    time_zone=self._time_zone,
                    confirmed_until=date.min,
                )
                session.add(calendar)
                session.flush()
            session.execute(
                delete(WorkCalendarDay).where(WorkCalendarDay.calendar_id == calendar.id, WorkCalendarDay.day > calendar.confirmed_until)
            )
            session.add_all(
                WorkCalendarDay(calendar_id=calendar.id, day=day, working=item.working, name=item.name, name_en=item.name_en)
                for day, item in seeded.items()
                if day > calendar.confirmed_until
            )
            calendar.confirmed_until = confirmed
        self.forget()

    def _load(self, identity: str) -> WorkingCalendar:
        with self._database.session() as session:
            hours = self._current_hours(session)
            if identity not in hours:
                raise InvalidInput(
                    f"参数 working_hours 里没有日历“{identity}”的工作时间。",
                    f"The parameter working_hours has no office hours for the calendar {identity!r}.",
                )
            row = session.get(WorkCalendar, identity)
            if row is None:
                raise NotFound(f"没有工作日历“{identity}”。", f"There is no working calendar {identity!r}.")
            days = session.scalars(select(WorkCalendarDay).where(WorkCalendarDay.calendar_id == identity))
            return WorkingCalendar(
                id=row.id,
                name=row.name,
                time_zone=row.time_zone,
                hours=OfficeHours.read(hours[identity]),
                days={day.day: CalendarDay(day.working, day.name, day.name_en) for day in days},
                confirmed_until=row.confirmed_until,
            )

    def _current_hours(self, session: Session) -> Mapping[str, Mapping[str, object]]:
        """As the office set them last, else as the file gives them."""
        changes = ParameterChange.__table__.c
        newest = select(changes.after, changes.restored).where(changes.name == "working_hours").order_by(changes.id.desc()).limit(1)
        change = session.execute(newest).one_or_none()
        return self._hours if change is None or change.restored else change.after


def public_days(years: range) -> dict[date, CalendarDay]:
    """China's public holidays and the weekend days worked in exchange (调休), by date."""
    chinese = holidays.country_holidays("CN", years=years, language="zh_CN")
    english = holidays.country_holidays("CN", years=years, language="en_US")
    festivals = sorted(day for day in chinese if not chinese[day].startswith("休息日"))
    days = {}
    for day in sorted(chinese):
        festival = min(festivals, key=lambda other, day=day: abs(other - day))  # type: ignore[misc]
        days[day] = CalendarDay(working=False, name=_plain(chinese[festival]), name_en=_plain(english[festival]))
    for day in chinese.weekend_workdays:
        if day.year in years:
            days[day] = CalendarDay(working=True, name="调休上班", name_en="Working day in exchange")
    return days


def confirmed_until() -> date:
    """End of the last year whose days off are announced: only the announcement names weekend days to work."""
    known = holidays.country_holidays("CN", years=range(2020, 2100))
    return date(max(day.year for day in known.weekend_workdays), 12, 31)


def _plain(name: str) -> str:
    """The name of a holiday without its remark in brackets: 清明节（补假） → 清明节."""
    return re.sub(r"\s*[（(].*[）)]", "", name)
