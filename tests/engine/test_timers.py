"""Timers: when they are due and why, and that each fires once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.runtime import timers
from engine.storage.database import Database
from engine.storage.tables import ProcessInstance
from tests.engine.conftest import Play

_WAIT = "start t a end <intermediateCatchEvent id='t' {}/>"


@pytest.mark.parametrize(
    ("timer", "due"),
    [
        ('duration="PT90M"', "2026-03-05T03:30:00+00:00"),
        ('duration="P1M"', "2026-04-05T02:00:00+00:00"),
        ("""duration='duration("PT" + string(n) + "H")'""", "2026-03-05T05:00:00+00:00"),
        ('duration="limit"', "2026-03-05T02:20:00+00:00"),
        ('date="2026-03-06T09:00:00"', "2026-03-06T01:00:00+00:00"),
        ('date="2026-03-06T09:00:00Z"', "2026-03-06T09:00:00+00:00"),
        ('date="when"', "2026-03-07T00:30:00+00:00"),
        ("""date='now() + duration("P1D")'""", "2026-03-06T02:00:00+00:00"),
        ("""date='working days(now(), 2)'""", "2026-03-09T02:00:00+00:00"),
    ],
)
def test_a_timer_is_due_when_its_text_says(play: Play, timer: str, due: str) -> None:
    """Durations and dates, literal, from variables or from FEEL, in the office's time zone; it fires then and not before."""
    case = play.begin(_WAIT.format(timer), n=3, limit="PT20M", when="2026-03-07T08:30:00+08:00")
    (timer_row,) = play.timers()
    assert timer_row.due_at == datetime.fromisoformat(due)
    play.clock.set(timer_row.due_at - timedelta(seconds=1))
    play.run()
    assert play.open_elements() == []
    play.clock.set(timer_row.due_at)
    play.run()
    assert play.open_elements() == ["a"]
    assert len(play.events(case, "TimerFired")) == 1


def test_a_working_clock_skips_nights_and_weekends_and_says_so(play: Play) -> None:
    """Given Friday 16:30, when four working hours are counted, then Monday 11:30 is due, and the explanation tells how."""
    play.clock.set(datetime(2026, 3, 6, 8, 30, tzinfo=UTC))
    play.begin(_WAIT.format('duration="PT4H" opsbook:clock="working"'))
    (timer,) = play.timers()
    assert timer.due_at == datetime(2026, 3, 9, 3, 30, tzinfo=UTC)
    assert "周五 16:30" in timer.explanation["zh"]
    assert "Fri" in timer.explanation["en"]


@pytest.mark.parametrize("text", ["PT", "soon", "P100Y", "=[1]", "null"])
def test_a_duration_that_is_none_is_an_incident_and_can_be_mended(play: Play, text: str) -> None:
    """Given a variable without a duration, then the case waits with an incident until it is corrected and retried."""
    case = play.begin(_WAIT.format('duration="limit"'), limit=text)
    assert [incident.element_id for incident in play.open_incidents()] == ["t"]
    play.set(case, limit="PT1H")
    play.retry()
    assert play.open_incidents() == []
    play.advance(hours=1)
    assert play.open_elements() == ["a"]


@pytest.mark.parametrize("cycle", ["R2/PT0S", "R/P0M", "R3/PT1H/x", "every day"])
def test_a_cycle_that_would_never_rest_is_refused(play: Play, cycle: str) -> None:
    """Repeating without a pause, or what is no cycle, is an incident at the element that should be watched."""
    play.begin('start a end \n r b end_b <boundaryEvent id="r" on="a" cancelActivity="false" cycle="cycle"/>', cycle=cycle)
    assert [incident.element_id for incident in play.open_incidents()] == ["a"]


def test_a_cycle_may_come_from_an_expression_and_count_working_time(play: Play) -> None:
    """Repetitions are counted on from when the last one was due, in working time."""
    play.clock.set(datetime(2026, 3, 6, 8, 30, tzinfo=UTC))
    play.begin(
        'start a end \n r b end_b <boundaryEvent id="r" on="a" cancelActivity="false" cycle="limit" opsbook:clock="working"/>',
        limit="R2/PT2H",
    )
    assert play.timers()[0].due_at == datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
    play.advance(days=4)
    assert [event.data["due_at"] for event in play.events(play.instances()[0].id, "TimerFired")] == [
        "2026-03-09T01:30:00+00:00",
        "2026-03-09T03:30:00+00:00",
    ]


def test_a_cycle_may_have_a_start(play: Play) -> None:
    """R2/start/interval fires first at the start."""
    play.begin('start a end \n r b end_b <boundaryEvent id="r" on="a" cancelActivity="false" cycle="R2/2026-03-05T12:00:00+08:00/PT1H"/>')
    assert play.timers()[0].due_at == datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
    play.advance(hours=9)
    assert play.open_elements() == ["a", "b", "b"]


def test_after_a_downtime_every_due_timer_fires_once_in_order(play: Play) -> None:
    """Given three days without a server, when it comes back, then the timers fire oldest first, each once."""
    play.deploy(_WAIT.format('duration="limit"'))
    cases = {hours: play.start("p", limit=f"PT{hours}H") for hours in (30, 10, 20)}
    play.clock.advance(timedelta(days=3))
    for hours in (10, 20, 30):
        timers.fire_due(play.engine, limit=1)
        assert play.open_elements(cases[hours]) == ["a"]
    play.run()
    assert [len(play.events(case, "TimerFired")) for case in cases.values()] == [1, 1, 1]


_REMIND = 'start a end \n r b end_b <boundaryEvent id="r" on="a" cancelActivity="false" cycle="R5/PT1H" {}/>'


def _fired(play: Play, case: str) -> list[tuple[str, str, int]]:
    """(type, hour of the day in UTC when it was due, how many repetitions passed without firing) of every turn."""
    turns = play.events(case, "TimerFired", "TimerSkipped")
    return [(event.type, event.data["due_at"][8:16], event.data.get("missed", 0)) for event in turns]


@pytest.mark.parametrize(
    ("policy", "turns", "left"),
    [
        ("", [("TimerFired", "05T03:00", 2)], [("05T06:00", 2)]),
        ("fireOnce", [("TimerFired", "05T03:00", 2)], [("05T06:00", 2)]),
        ("skip", [("TimerSkipped", "05T03:00", 3)], [("05T06:00", 2)]),
        ("keepRemaining", [("TimerFired", "05T03:00", 2)], [("05T06:00", 4)]),
    ],
)
def test_repetitions_missed_in_a_downtime_go_by_the_policy(
    play: Play, policy: str, turns: list[tuple[str, str, int]], left: list[tuple[str, int]]
) -> None:
    """Given five hourly reminders and a server that is away for three and a half hours, then one fires for all of them or none does, the rest go on in their rhythm."""
    case = play.begin(_REMIND.format(f'opsbook:missed="{policy}"' if policy else ""))
    play.clock.advance(timedelta(hours=3, minutes=30))
    play.run()
    assert _fired(play, case) == turns
    assert [(f"{timer.due_at:%dT%H:%M}", timer.remaining) for timer in play.timers()] == left
    assert play.open_elements() == ["a"] + ["b"] * (policy != "skip")
    assert play.events(case, "TimerFired", "TimerSkipped")[0].data["missed_until"][8:16] == "05T05:00"


@pytest.mark.parametrize(("policy", "total"), [("fireOnce", 1), ("skip", 0), ("keepRemaining", 5)])
def test_after_three_days_of_downtime_a_cycle_ends_or_goes_on(play: Play, policy: str, total: int) -> None:
    """Given five hourly reminders, all missed, then they are used up, or made up for one by one, and no timer is left behind."""
    case = play.begin(_REMIND.format(f'opsbook:missed="{policy}"'))
    play.clock.advance(timedelta(days=3))
    play.run()
    play.advance(days=1)
    assert play.open_elements() == ["a"] + ["b"] * total
    assert play.timers() == []
    play.complete("a")
    for _ in range(total):
        play.complete_any("b")
    assert play.ended(case) in ("end", "end_b")


def test_skip_lets_a_repetition_fire_that_is_hardly_late(play: Play) -> None:
    """A minute late still counts as on time; of two that are due the older one is missed."""
    case = play.begin(_REMIND.format('opsbook:missed="skip"'))
    play.clock.advance(timedelta(hours=2, seconds=60))
    play.run()
    assert _fired(play, case) == [("TimerFired", "05T03:00", 1)]
    play.clock.advance(timedelta(hours=1, seconds=1))
    play.run()
    assert _fired(play, case)[1:] == [("TimerSkipped", "05T05:00", 1)]


def test_an_endless_cycle_of_seconds_survives_a_year_without_a_server(play: Play) -> None:
    """Thirty million missed repetitions are one firing, reckoned at once."""
    case = play.begin('start a end \n r b end_b <boundaryEvent id="r" on="a" cancelActivity="false" cycle="R/PT1S"/>')
    play.clock.advance(timedelta(days=365))
    play.run()
    assert [missed for _, _, missed in _fired(play, case)] == [365 * 86_400 - 1]
    assert play.timers()[0].due_at == play.clock.now() + timedelta(seconds=1)


def test_missed_repetitions_in_working_time_keep_their_rhythm(play: Play) -> None:
    """Given a reminder every two working hours and a weekend without a server, then it fires once and goes on as if it had not been away."""
    play.clock.set(datetime(2026, 3, 6, 2, 0, tzinfo=UTC))
    case = play.begin(
        'start a end \n r b end_b <boundaryEvent id="r" on="a" cancelActivity="false" cycle="R/PT2H" opsbook:clock="working"/>'
    )
    play.clock.set(datetime(2026, 3, 9, 3, 40, tzinfo=UTC))  # Friday 10:00 to Monday 11:40: ten hours less twenty minutes of work
    play.run()
    assert _fired(play, case) == [("TimerFired", "06T04:00", 3)]
    assert play.timers()[0].due_at == datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("policy", "cases"), [("fireOnce", 1), ("skip", 0)])
def test_start_timers_missed_in_a_downtime_go_by_the_policy(play: Play, policy: str, cases: int) -> None:
    """An hourly process begins once after three and a half hours, or not at all; at the next hour it does."""
    play.deploy(f'start a end <startEvent id="start" cycle="R/PT1H" opsbook:missed="{policy}"/>')
    play.clock.advance(timedelta(hours=3, minutes=30))
    play.run()
    assert len(play.instances("p")) == cases
    play.advance(minutes=30)
    assert len(play.instances("p")) == cases + 1


def test_a_clock_that_goes_back_fires_nothing_twice(play: Play) -> None:
    """What has fired has fired."""
    case = play.begin('start a end \n r b end_b <boundaryEvent id="r" on="a" cancelActivity="false" cycle="R3/PT1H"/>')
    play.advance(hours=1)
    play.clock.advance(timedelta(days=-30))
    play.run()
    play.clock.advance(timedelta(days=30))
    play.run()
    assert len(play.events(case, "TimerFired")) == 1


def test_two_servers_fire_a_timer_once(once: Play) -> None:
    """Given a timer that another server has just fired, then this one does nothing."""
    case = once.begin(_WAIT.format('duration="PT1H"'))
    (timer,) = once.timers()
    once.clock.advance(timedelta(hours=1))
    once.run()
    with once.engine.step() as step:
        assert not timers.fire_one(step, timer.id)
    assert len(once.events(case, "TimerFired")) == 1


def test_a_case_somebody_is_at_work_on_keeps_nobody_waiting(stage: Callable[[Database], Play], postgres_database: Database) -> None:
    """Given two due cases, one of them locked by a click, then the other one's timer fires at once, and the first one's when the click is over."""
    play = stage(postgres_database)
    play.deploy(_WAIT.format('duration="PT1H"'))
    first, second = play.start("p"), play.start("p")
    play.clock.advance(timedelta(hours=1))
    with postgres_database.transaction() as session:
        session.execute(select(ProcessInstance).where(ProcessInstance.id == first).with_for_update())
        assert timers.fire_due(play.engine) == 1
        assert play.open_elements(second) == ["a"]
        assert timers.fire_due(play.engine) == 0
    assert timers.fire_due(play.engine) == 1
    assert play.open_elements(first) == ["a"]


def test_a_timer_starts_a_process_again_and_again(play: Play) -> None:
    """A timer start event with a cycle begins a case each time; a new version replaces the timers of the old one."""
    play.deploy('start a end <startEvent id="start" cycle="R3/PT1H"/>')
    play.advance(hours=2, minutes=30)
    assert len(play.instances("p")) == 2
    play.deploy('start b end <startEvent id="start" cycle="R1/PT1H"/>')
    play.advance(hours=5)
    assert play.open_elements() == ["a", "a", "b"]


def test_a_timer_starts_a_process_at_a_date_or_after_a_duration_once(play: Play) -> None:
    """It begins one case."""
    play.deploy('start a end <startEvent id="start" duration="PT1H"/>')
    play.advance(days=3)
    assert play.open_elements() == ["a"]


def test_a_start_timer_cycle_may_be_an_expression(play: Play) -> None:
    """The cycle is computed once, at deployment."""
    play.deploy("""start a end <startEvent id="start" cycle='"R2/PT" + string(1) + "H"'/>""")
    play.advance(days=3)
    assert play.open_elements() == ["a", "a"]


def test_a_timer_that_runs_away_does_not_hold_up_the_others(play: Play) -> None:
    """Given a timer whose flow loops for ever, when it is due with others, then they fire, and it is an incident that can be retried."""
    play.deploy(
        'start t merge x choose / merge \n choose [stop = true] end <intermediateCatchEvent id="t" duration="PT1H"/><task id="x"/>', "loop"
    )
    loop = play.start("loop")
    case = play.begin(_WAIT.format('duration="PT1H"'))
    play.advance(hours=1)
    assert play.open_elements() == ["a"]
    assert len(play.open_incidents()) == 1
    play.set(loop, stop=True)
    play.retry()
    assert play.ended(loop) == "end"
    assert play.open_incidents() == []
    assert play.ended(case) is None
