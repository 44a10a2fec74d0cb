"""Working time: against a minute-by-minute oracle, and the cases people ask about."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InvalidInput
from engine.working_time import CalendarDay, OfficeHours, WorkingCalendar, calendar_time
from engine.working_time.calendars import confirmed_until, public_days

OFFICE = OfficeHours.read(dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ["09:00-12:00", "13:00-18:00"]))
#: Also a Sunday night shift, which crosses the changes of the clock in Europe and America.
NIGHT = OfficeHours.read({"monday": ["09:00-12:00", "13:00-18:00"], "wednesday": ["22:00-23:30"], "sunday": ["00:00-06:00"]})
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = public_days(range(2025, 2029))


def _calendar(zone: str = "Asia/Shanghai", hours: OfficeHours = OFFICE, days: dict[date, CalendarDay] = DAYS) -> WorkingCalendar:
    return WorkingCalendar("default", "测试", zone, hours, days, date(2026, 12, 31))


def _works(calendar: WorkingCalendar, instant: datetime) -> bool:
    """The oracle: looks at one minute by the wall clock, knows nothing of spans."""
    local = instant.astimezone(ZoneInfo(calendar.time_zone))
    spans = calendar.hours.by_weekday[local.weekday()]
    exception = calendar.days.get(local.date())
    if exception:
        spans = (spans or calendar.hours.of_make_up_day()) if exception.working else ()
    return any(begin <= local.time() < end for begin, end in spans)


starts = st.builds(
    lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute),
    st.integers(min_value=0, max_value=364 * 1440),
)


@settings(max_examples=150, deadline=None)
@given(start=starts, minutes=st.integers(min_value=1, max_value=1500), zone=st.sampled_from(ZONES), hours=st.sampled_from((OFFICE, NIGHT)))
def test_adding_working_time_equals_counting_minutes(start: datetime, minutes: int, zone: str, hours: OfficeHours) -> None:
    """However it falls, the deadline is where counting working minutes one by one ends, and the way back gives the same amount."""
    calendar = _calendar(zone, hours)

    due = calendar.add_time(start, timedelta(minutes=minutes)).due_at

    instant, counted = start, 0
    while counted < minutes:
        counted += _works(calendar, instant)
        instant += timedelta(minutes=1)
    assert due == instant
    assert calendar.working_time_between(start, due) == timedelta(minutes=minutes)


@settings(max_examples=200, deadline=None)
@given(start=starts, days=st.integers(min_value=0, max_value=30))
def test_adding_working_days_ends_in_office_hours_of_the_nth_worked_day(start: datetime, days: int) -> None:
    """The due date is the n-th worked date after the start, within or at the end of its office hours."""
    calendar = _calendar()

    due = calendar.add_days(start, days).due_at

    first, last = start.astimezone(SHANGHAI).date(), due.astimezone(SHANGHAI).date()
    later = [first + timedelta(offset) for offset in range(1, (last - first).days + 1)]
    worked = [day for day in later if _works(calendar, datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI))]
    assert len(worked) == days if days else len(worked) <= 1
    assert calendar.is_working(due - timedelta(microseconds=1)) or calendar.is_working(due)


@settings(max_examples=100, deadline=None)
@given(start=starts, first=st.integers(min_value=0, max_value=3000), second=st.integers(min_value=0, max_value=3000))
def test_adding_in_two_parts_equals_adding_at_once(start: datetime, first: int, second: int) -> None:
    """A deadline may be reckoned in steps."""
    calendar = _calendar()

    halfway = calendar.add_time(start, timedelta(minutes=first)).due_at
    whole = calendar.add_time(start, timedelta(minutes=first + second)).due_at

    assert calendar.working_time_between(start, whole) == timedelta(minutes=first + second)
    assert calendar.add_time(halfway, timedelta(minutes=second)).due_at == whole or second == 0


def test_a_make_up_saturday_counts_and_spring_festival_does_not() -> None:
    """Thursday before Spring Festival 2026 plus 3 working days: Saturday 14th is worked, then the festival is skipped; the words say so."""
    deadline = _calendar().add_days(datetime(2026, 2, 12, 15, 0, tzinfo=SHANGHAI), 3)

    assert deadline.due_at == datetime(2026, 2, 24, 15, 0, tzinfo=SHANGHAI)
    assert deadline.explanation == {
        "zh": "2026-02-12 周四 15:00 + 3 个工作日 = 2026-02-24 周二 15:00（跳过 02-16 至 02-23 农历除夕、春节；02-14 调休上班）",
        "en": "Thu 2026-02-12 15:00 + 3 working days = Tue 2026-02-24 15:00 "
        "(skipped 02-16 to 02-23 Chinese New Year's Eve, Chinese New Year; worked in exchange: 02-14)",
        "provisional": False,
        "clock": "working",
    }


def test_a_weekend_is_crossed_without_a_remark() -> None:
    """Friday 16:30 plus 2 working days is Tuesday 16:30."""
    deadline = _calendar().add_days(datetime(2026, 3, 6, 16, 30, tzinfo=SHANGHAI), 2)

    assert deadline.explanation["zh"] == "2026-03-06 周五 16:30 + 2 个工作日 = 2026-03-10 周二 16:30"


def test_a_deadline_behind_the_announced_holidays_is_provisional() -> None:
    """What lies in a year whose holidays are not announced is marked, in both languages."""
    deadline = _calendar().add_days(datetime(2026, 12, 30, 10, 0, tzinfo=SHANGHAI), 5)

    assert deadline.explanation["provisional"] is True
    assert "暂定：2026-12-31 之后的放假安排尚未公布" in str(deadline.explanation["zh"])
    assert "provisional: holidays after 2026-12-31 are not announced yet" in str(deadline.explanation["en"])


def test_a_case_that_arrives_after_hours_is_due_by_closing_time() -> None:
    """A time of day outside office hours is moved into them."""
    deadline = _calendar().add_days(datetime(2026, 3, 5, 22, 0, tzinfo=SHANGHAI), 1)

    assert deadline.due_at == datetime(2026, 3, 6, 18, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "spoil", [{"someday": ["09:00-12:00"]}, {"monday": ["12:00-09:00"]}, {"monday": ["9-12"]}, {"monday": ["09:00-12:00", "11:00-13:00"]}]
)
def test_office_hours_that_make_no_sense_are_refused(spoil: dict[str, list[str]]) -> None:
    """Wrong names, formats and overlaps are said, not guessed at."""
    with pytest.raises(InvalidInput):
        OfficeHours.read(spoil)


def test_impossible_sums_are_refused() -> None:
    """Negative amounts, and calendars without any working time, do not loop for ever."""
    start = datetime(2026, 3, 5, 10, 0, tzinfo=SHANGHAI)
    never = _calendar(hours=OfficeHours.read({}), days={})

    with pytest.raises(InvalidInput):
        _calendar().add_time(start, timedelta(minutes=-1))
    with pytest.raises(InvalidInput):
        _calendar().add_days(start, -1)
    with pytest.raises(InvalidInput):
        never.add_time(start, timedelta(minutes=1))
    with pytest.raises(InvalidInput):
        never.add_days(start, 1)


def test_plain_time_adds_elapsed_days_and_calendar_months() -> None:
    """31 January plus one month is the end of February; hours are elapsed hours."""
    assert calendar_time(datetime(2026, 1, 31, 10, 0, tzinfo=SHANGHAI), timedelta(), "Asia/Shanghai", months=1).due_at == datetime(
        2026, 2, 28, 10, 0, tzinfo=SHANGHAI
    )
    deadline = calendar_time(datetime(2026, 1, 31, 10, 0, tzinfo=SHANGHAI), timedelta(days=7, hours=2), "Asia/Shanghai")
    assert deadline.explanation == {
        "zh": "2026-01-31 周六 10:00 + 7 天 2 小时 = 2026-02-07 周六 12:00",
        "en": "Sat 2026-01-31 10:00 + 7 days 2 hours = Sat 2026-02-07 12:00",
        "provisional": False,
        "clock": "calendar",
    }


def test_public_days_agree_with_a_second_source() -> None:
    """Every day of every announced year is worked or off exactly as another library has it."""
    import chinese_calendar

    calendar = _calendar()
    first, last = date(2025, 1, 1), confirmed_until()
    dates = [first + timedelta(offset) for offset in range((last - first).days + 1)]

    assert last >= date(2026, 12, 31)
    different = [
        day
        for day in dates
        if chinese_calendar.is_workday(day) != calendar.is_working(datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI))
    ]
    assert different == []
