"""A suspended case stands still: its timers do not fire, and what was left of its deadlines counts again when it is resumed."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.runtime import assignment, instances
from tests.engine.conftest import Play

_WAIT = "start t a end <intermediateCatchEvent id='t' {}/>"


def _pause(play: Play, case: str, **delta: float) -> None:
    instances.suspend(play.engine, case, "boss", "the customer is away")
    play.advance(**delta)
    instances.resume(play.engine, case, "boss")
    play.run()


def test_a_timer_has_left_what_it_had_left(play: Play) -> None:
    """Given half an hour of two left, when the case was suspended for three days, then the timer fires half an hour after it is resumed, and the history says why."""
    case = play.begin(_WAIT.format('duration="PT2H"'))
    play.advance(minutes=90)
    _pause(play, case, days=3)
    (timer,) = play.timers()
    assert timer.due_at == play.clock.now() + timedelta(minutes=30)
    assert "挂起" in timer.explanation["zh"] and "was suspended from 2026-03-05 11:30 to 2026-03-08 11:30" in timer.explanation["en"]
    (event,) = play.events(case, "TimerRescheduled")
    assert (event.actor, event.data["before"], event.data["explanation"]) == ("boss", "2026-03-05T04:00:00+00:00", timer.explanation)
    play.advance(minutes=29)
    assert play.open_elements() == []
    play.advance(minutes=1)
    assert play.open_elements() == ["a"]


def test_working_time_that_was_left_counts_in_working_time(play: Play) -> None:
    """Given one of four working hours used on Thursday morning, when the case is resumed on Friday 17:00, then Monday 11:00 is due."""
    case = play.begin(_WAIT.format('duration="PT4H" opsbook:clock="working"'))
    play.advance(hours=1)
    _pause(play, case, days=1, hours=6)
    assert play.timers()[0].due_at == datetime(2026, 3, 9, 3, 0, tzinfo=UTC)


def test_a_night_without_work_costs_nobody_working_time(play: Play) -> None:
    """Given a case suspended after hours and resumed before the office opens, then its working-time deadline stays as it was."""
    play.clock.set(datetime(2026, 3, 5, 9, 0, tzinfo=UTC))  # Thursday 17:00
    case = play.begin(_WAIT.format('duration="PT4H" opsbook:clock="working"'))
    before = play.timers()[0].due_at
    play.clock.set(datetime(2026, 3, 5, 10, 30, tzinfo=UTC))
    _pause(play, case, hours=12)
    assert play.timers()[0].due_at == before
    assert play.events(case, "TimerRescheduled") == []


@pytest.mark.parametrize("timer", ['date="2026-03-06T09:00:00"', 'date="promised"', "date='date and time(promised)'"])
def test_a_date_somebody_named_stays(play: Play, timer: str) -> None:
    """Given a timer at a fixed date, when the case was suspended over it, then it fires as soon as the case is resumed."""
    case = play.begin(_WAIT.format(timer), promised="2026-03-06T09:00:00")
    _pause(play, case, hours=2)
    assert play.timers()[0].due_at == datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
    _pause(play, case, days=2)
    assert play.open_elements() == ["a"]


@pytest.mark.parametrize("timer", ['date="PT2H"', "date='now() + duration(\"PT2H\")'", "date='working time(now(), duration(\"PT2H\"))'"])
def test_a_date_that_was_reckoned_moves(play: Play, timer: str) -> None:
    """An instant counted from the moment the timer began is a duration, however it is written."""
    case = play.begin(_WAIT.format(timer))
    _pause(play, case, minutes=30)
    assert play.timers()[0].due_at == datetime(2026, 3, 5, 5 if "working" in timer else 4, 30, tzinfo=UTC)


def test_a_repeating_timer_keeps_its_repetitions(play: Play) -> None:
    """Given two of three reminders left, when the case was suspended for a day, then none was missed."""
    case = play.begin('start a end \n r b end_b <boundaryEvent id="r" on="a" cancelActivity="false" cycle="R3/PT1H"/>')
    play.advance(minutes=80)
    _pause(play, case, days=1)
    (timer,) = play.timers()
    assert (timer.due_at - play.clock.now(), timer.remaining) == (timedelta(minutes=40), 2)
    play.advance(hours=3)
    assert play.open_elements() == ["a", "b", "b", "b"]


def test_a_timer_that_was_late_already_fires_at_once(play: Play) -> None:
    """What was due before the case was suspended is due when it is resumed."""
    case = play.begin(_WAIT.format('duration="PT1H"'))
    play.clock.advance(timedelta(hours=2))
    _pause(play, case, days=1)
    assert play.open_elements() == ["a"]


def test_a_case_suspended_twice_moves_twice(play: Play) -> None:
    """Two pauses of a day are two days."""
    case = play.begin(_WAIT.format('duration="PT2H"'))
    _pause(play, case, days=1)
    _pause(play, case, days=1)
    assert play.timers()[0].due_at == play.clock.now() + timedelta(hours=2)


def test_due_dates_of_tasks_move_and_say_so(play: Play) -> None:
    """Given a task due in four working hours with a follow-up in one, then both move with the pause, and a date set by a person does not."""
    case = play.begin(
        """start a end <userTask id="a" camunda:dueDate='=working time(now(), duration("PT4H"))' camunda:followUpDate="PT1H"/>"""
    )
    _pause(play, case, hours=5)
    task = play.task("a")
    assert task.due_at == datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
    assert task.follow_up_at == datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
    changes = {event.data["field"]: event.data for event in play.events(case, "UserTaskChanged")}
    assert changes["due_at"]["explanation"] == task.due_explanation
    assert changes["follow_up_at"]["after"] == "2026-03-05T08:00:00+00:00"
    wanted = datetime(2026, 3, 7, 2, 0, tzinfo=UTC)
    assignment.set_due(play.engine, task.id, wanted, "boss")
    assignment.set_follow_up(play.engine, task.id, wanted, "boss")
    _pause(play, case, days=1)
    assert (play.task("a").due_at, play.task("a").follow_up_at) == (wanted, wanted)
    play.complete("a")
    assert play.ended(case) == "end"


def test_called_processes_pause_with_the_case(play: Play) -> None:
    """The timer of a called process moves, and its own history says so."""
    play.deploy(_WAIT.format('duration="PT2H"'), "inner")
    case = play.begin('start c end <callActivity id="c" calledElement="inner"/>')
    _pause(play, case, days=1)
    assert play.timers()[0].due_at == play.clock.now() + timedelta(hours=2)
    (inner,) = play.instances("inner")
    assert len(play.events(inner.id, "TimerRescheduled")) == 1
