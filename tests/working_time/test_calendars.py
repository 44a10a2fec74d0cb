"""Calendars of the database: seeded once, edited by people, completed when a new year is announced."""

from datetime import UTC, date, datetime

import pytest

from engine.errors import InvalidInput, NotFound
from engine.storage.database import Database, count_statements
from engine.storage.tables import WorkCalendar, WorkCalendarDay
from engine.working_time import Calendars

WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ["09:00-12:00", "13:00-18:00"])
TODAY = date(2026, 3, 5)


@pytest.fixture
def calendars(database: Database) -> Calendars:
    """Seeded calendars."""
    calendars = Calendars(database, {"default": WEEK, "warehouse": WEEK}, "Asia/Shanghai")
    calendars.seed(TODAY)
    return calendars


def test_the_seeded_calendar_knows_holidays_and_make_up_days(calendars: Calendars) -> None:
    """National Day is off, the Saturday worked in exchange is not."""
    calendar = calendars.get()

    assert not calendar.is_working(datetime(2026, 10, 1, 2, 0, tzinfo=UTC))
    assert calendar.is_working(datetime(2026, 10, 10, 2, 0, tzinfo=UTC))
    assert calendar.confirmed_until >= date(2026, 12, 31)


def test_an_edited_day_counts_and_survives_the_next_start(database: Database, calendars: Calendars) -> None:
    """Given a day the office closes, when Opsbook starts again, then it is still closed."""
    with database.transaction() as session:
        session.add(WorkCalendarDay(calendar_id="default", day=date(2026, 3, 9), working=False, name="公司年会", name_en="Company day"))
    calendars.forget()
    calendars.seed(TODAY)

    deadline = calendars.get().add_days(datetime(2026, 3, 6, 2, 0, tzinfo=UTC), 1)

    assert deadline.due_at == datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
    assert "跳过 03-09 公司年会" in str(deadline.explanation["zh"])


def test_an_announced_year_replaces_the_provisional_one(database: Database, calendars: Calendars) -> None:
    """Given a calendar confirmed only until 2025, when the days of 2026 are known, then they are filled in."""
    with database.transaction() as session:
        calendar = session.get_one(WorkCalendar, "default")
        calendar.confirmed_until = date(2025, 12, 31)
        make_up = session.get_one(WorkCalendarDay, ("default", date(2026, 10, 10)))
        session.delete(make_up)

    calendars.seed(TODAY)

    assert calendars.get().is_working(datetime(2026, 10, 10, 2, 0, tzinfo=UTC))


def test_a_calendar_is_read_once(database: Database, calendars: Calendars) -> None:
    """Every expression may ask for the calendar: the second time costs no statement."""
    calendars.get()

    with count_statements(database) as count:
        calendars.get()

    assert count.statements == []


def test_unknown_calendars_are_named(calendars: Calendars) -> None:
    """A calendar without office hours, and one without days, are different mistakes."""
    with pytest.raises(InvalidInput, match="no office hours"):
        calendars.get("moon")
    with pytest.raises(NotFound, match="no working calendar"):
        calendars.get("warehouse")
