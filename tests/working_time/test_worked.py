"""Working time added up once is that of the calendar."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.working_time.worked import WorkedTime
from tests.working_time.test_calendar import DAYS, NIGHT, ZONES, _calendar, starts


@given(zone=st.sampled_from(ZONES), start=starts, minutes=st.integers(min_value=0, max_value=60 * 24 * 40))
def test_between_any_two_instants_it_is_what_the_calendar_says(zone: str, start: object, minutes: int) -> None:
    """Given any calendar and any two instants of a span, then both ways come to the same."""
    calendar = _calendar(zone, NIGHT, DAYS)
    end = start + timedelta(minutes=minutes)  # type: ignore[operator]
    worked = WorkedTime(calendar, start, end)  # type: ignore[arg-type]

    assert worked.between(start.timestamp(), end.timestamp()) == calendar.working_time_between(start, end).total_seconds()  # type: ignore[attr-defined,arg-type]
