"""Working time: office hours, public holidays and make-up working days; every deadline explains itself in words."""

from engine.working_time.calendar import CalendarDay, Deadline, OfficeHours, WorkingCalendar
from engine.working_time.calendars import DEFAULT_CALENDAR, Calendars
from engine.working_time.plain import calendar_time

__all__ = ["DEFAULT_CALENDAR", "CalendarDay", "Calendars", "Deadline", "OfficeHours", "WorkingCalendar", "calendar_time"]
