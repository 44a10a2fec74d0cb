"""Clocks that change: daylight saving in the office's zone, and a server whose clock is set back or forward."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.runtime import instances, jobs, timers
from engine.storage.database import Database
from engine.working_time import DEFAULT_CALENDAR, Calendars
from tests.engine.conftest import Play
from tests.engine.handling import WEEK

BERLIN = ZoneInfo("Europe/Berlin")
_WAIT = "start t a end <intermediateCatchEvent id='t' {}/>"
_REPEAT = 'start a end \n r b end_b <boundaryEvent id="r" on="a" cancelActivity="false" cycle="{}" {}/>'


@pytest.fixture
def berlin(database: Database, stage: Callable[[Database], Play], monkeypatch: pytest.MonkeyPatch) -> Play:
    """An office in Berlin, open from Monday to Sunday, and at night between Saturday and Sunday."""
    play = stage(database)
    night = {"saturday": ["22:00-23:59"], "sunday": ["00:00-06:00"]}
    made = play.engine
    settings = replace(made.settings, time_zone="Europe/Berlin")
    calendars = Calendars(database, {DEFAULT_CALENDAR: WEEK | night}, "Europe/Berlin")
    monkeypatch.setattr(play, "_make_engine", lambda: replace(made, settings=settings, calendars=calendars))
    with database.transaction() as session:
        from engine.storage.tables import WorkCalendar

        session.get_one(WorkCalendar, DEFAULT_CALENDAR).time_zone = "Europe/Berlin"
    return play


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "timer", "due"),
    [
        # in the night to 2026-03-29 the clocks go from 02:00 to 03:00
        ("2026-03-28T09:00", 'duration="P1D"', "2026-03-29T09:00"),
        ("2026-03-28T09:00", 'duration="PT24H"', "2026-03-29T10:00"),
        ("2026-03-28T09:00", """duration='duration("P1D")'""", "2026-03-29T10:00"),
        ("2026-03-29T01:30", 'duration="PT1H"', "2026-03-29T03:30"),
        ("2026-03-28T02:30", 'duration="P1D"', "2026-03-29T03:30"),
        ("2026-02-28T02:30", 'duration="P1M"', "2026-03-28T02:30"),
        ("2026-03-28T09:00", 'date="2026-03-29T02:30:00"', "2026-03-29T03:30"),
        # in the night to 2026-10-25 they go from 03:00 back to 02:00
        ("2026-10-24T09:00", 'duration="P1D"', "2026-10-25T09:00"),
        ("2026-10-24T09:00", 'duration="PT24H"', "2026-10-25T08:00"),
        ("2026-10-24T09:00", 'duration="P1DT2H"', "2026-10-25T11:00"),
    ],
)
def test_days_are_days_of_the_wall_clock_and_hours_are_hours(berlin: Play, now: str, timer: str, due: str) -> None:
    """A day written as text ends at the same time of day; hours, and what FEEL computes, are elapsed time; a time that does not exist is the one after the gap."""
    berlin.clock.set(_local(now))
    berlin.begin(_WAIT.format(timer))
    assert berlin.timers()[0].due_at == _local(due)


def test_a_daily_cycle_keeps_its_time_of_day(berlin: Play) -> None:
    """Given a reminder every day at nine, when the clocks change, then it still comes at nine, once a day."""
    berlin.clock.set(_local("2026-03-27T09:00"))
    case = berlin.begin(_REPEAT.format("R/P1D", ""))
    berlin.advance(days=4)
    fired = [datetime.fromisoformat(event.data["due_at"]).astimezone(BERLIN) for event in berlin.events(case, "TimerFired")]
    assert [f"{instant:%d %H:%M}" for instant in fired] == ["28 09:00", "29 09:00", "30 09:00", "31 09:00"]


def test_an_hourly_cycle_fires_every_hour_of_a_long_night(berlin: Play) -> None:
    """The night in which the clocks go back has an hour twice: both have their repetition."""
    berlin.clock.set(_local("2026-10-25T00:00"))
    case = berlin.begin(_REPEAT.format("R5/PT1H", ""))
    berlin.advance(hours=6)
    fired = [datetime.fromisoformat(event.data["due_at"]).astimezone(BERLIN) for event in berlin.events(case, "TimerFired")]
    assert [f"{instant:%H:%M}" for instant in fired] == ["01:00", "02:00", "02:00", "03:00", "04:00"]


def test_a_downtime_over_the_change_keeps_the_rhythm(berlin: Play) -> None:
    """Given a daily cycle at nine and no server from the day before the change to two days after, then the next one is at nine."""
    berlin.clock.set(_local("2026-10-23T09:00"))
    case = berlin.begin(_REPEAT.format("R/P1D", ""))
    berlin.clock.set(_local("2026-10-27T08:30"))
    berlin.run()
    assert [event.data["missed"] for event in berlin.events(case, "TimerFired")] == [2]
    assert berlin.timers()[0].due_at == _local("2026-10-27T09:00")


@pytest.mark.parametrize(("saturday", "hours"), [("2026-03-28", 5), ("2026-10-24", 7), ("2026-03-21", 6)])
def test_working_time_counts_the_hours_that_are_worked(berlin: Play, saturday: str, hours: int) -> None:
    """The night shift from midnight to six has five hours when the clocks go forward and seven when they go back."""
    midnight = _local(f"{saturday}T00:00") + timedelta(days=1)
    berlin.clock.set(midnight)
    berlin.begin(_WAIT.format(f'duration="PT{hours}H" opsbook:clock="working"'))
    sunday = datetime.fromisoformat(saturday).date() + timedelta(days=1)
    assert berlin.timers()[0].due_at == _local(f"{sunday}T06:00")


def test_a_pause_over_the_change_gives_back_elapsed_time(berlin: Play) -> None:
    """Two hours left before the pause are two hours after it."""
    berlin.clock.set(_local("2026-03-28T20:00"))
    case = berlin.begin(_WAIT.format('duration="PT2H"'))
    instances.suspend(berlin.engine, case, "boss")
    berlin.advance(hours=12)
    instances.resume(berlin.engine, case, "boss")
    assert berlin.timers()[0].due_at == berlin.clock.now() + timedelta(hours=2)


def test_a_clock_that_is_set_back_fires_nothing_twice_and_loses_nothing(play: Play) -> None:
    """Given a cycle that has fired, when the clock is set back a day, then it waits until its next repetition really comes."""
    case = play.begin(_REPEAT.format("R3/PT1H", ""))
    play.advance(hours=1)
    play.clock.set(play.clock.now() - timedelta(days=1))
    play.run()
    assert len(play.events(case, "TimerFired")) == 1
    play.advance(days=1, hours=2)
    assert [event.data["due_at"][11:16] for event in play.events(case, "TimerFired")] == ["03:00", "04:00", "05:00"]
    assert [event.sequence for event in play.events(case)] == list(range(1, len(play.events(case)) + 1))


def test_a_clock_that_is_set_forward_and_back_again_loses_nothing(play: Play) -> None:
    """Given a clock that was ahead by a month, when it is right again, then what fired early is not repeated and the rest goes on in its rhythm."""
    case = play.begin(_REPEAT.format("R/P1D", ""))
    wrong_by = timedelta(days=30)
    play.clock.set(play.clock.now() + wrong_by)
    play.run()
    assert len(play.events(case, "TimerFired")) == 1
    play.clock.set(play.clock.now() - wrong_by)
    play.run()
    assert len(play.events(case, "TimerFired")) == 1
    assert play.timers()[0].due_at == play.clock.now() + wrong_by + timedelta(days=1)


def test_work_at_hand_does_not_wait_for_a_clock_that_was_set_back(play: Play) -> None:
    """Given a message on its way and a job, when the clock is set back an hour before they are done, then they are done all the same."""
    play.deploy('start s m a end <serviceTask id="s" topic="test.echo" in:value="=1"/><receiveTask id="m" message="news"/>')
    case = instances.start(play.engine, "p", business_key="K")
    play.clock.set(play.clock.now() - timedelta(hours=1))
    play.run()
    assert play.path(case) == ["start", "s"]
    play.message("news", "K")
    assert play.open_elements() == ["a"]


def test_a_job_that_waits_for_its_retry_waits_by_the_clock(once: Play) -> None:
    """Given a failed job, when the clock is set back, then its retry comes when its time has come, once."""
    once.begin('start s end <serviceTask id="s" topic="test.flaky"/>')
    once.clock.set(once.clock.now() - timedelta(hours=1))
    assert not jobs.run_next(once.engine, "w")
    once.advance(hours=1, seconds=10)
    assert len(once.flaky.keys) == 2
    assert timers.fire_due(once.engine) == 0
