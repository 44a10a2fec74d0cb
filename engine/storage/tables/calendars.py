"""Working calendars: the days that differ from the ordinary week."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base, Id, Name


class WorkCalendar(Base):
    """One calendar; its office hours stand in the parameter file under the same id."""

    __tablename__ = "work_calendar"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Name)
    name_en: Mapped[str] = mapped_column(Name)
    time_zone: Mapped[str] = mapped_column(Name)
    confirmed_until: Mapped[date]  #: last day whose holidays are officially announced


class WorkCalendarDay(Base):
    """A day that is not worked although its weekday is, or the other way round (调休)."""

    __tablename__ = "work_calendar_day"

    calendar_id: Mapped[str] = mapped_column(ForeignKey("work_calendar.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(Name)
    name_en: Mapped[str] = mapped_column(Name)
