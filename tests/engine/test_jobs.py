"""Jobs: leases, retries, incidents, business errors, and the two kinds of handlers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.errors import Conflict, DatabaseUnavailable
from engine.runtime import claims, instances, jobs
from engine.runtime.handlers import BpmnError
from engine.storage.tables import Job
from tests.engine.conftest import Play
from tests.engine.handling import marks

_FLAKY = 'start s a end <serviceTask id="s" topic="test.flaky" in:value="=1"/>'
_OUTSIDE = _FLAKY.replace("test.flaky", "test.flaky_outside")


class Died(BaseException):
    """The process is gone; nothing catches this."""


def _marks(play: Play, text: str) -> int:
    with play.engine.database.session() as session:
        return marks(session, text)


def _jobs(play: Play) -> list[Job]:
    return play.all(select(Job).order_by(Job.created_at, Job.id))


@pytest.mark.parametrize("body", [_FLAKY, _OUTSIDE])
def test_a_failing_job_is_tried_again_and_then_waits_for_a_person(play: Play, body: str) -> None:
    """Three attempts with growing waits, then an incident; a retry that fails keeps it open, one that succeeds closes it."""
    case = play.begin(body)
    assert len(play.flaky.keys) == 1
    play.advance(seconds=9)
    assert len(play.flaky.keys) == 1
    play.advance(seconds=1)
    assert len(play.flaky.keys) == 2
    play.advance(minutes=1)
    assert len(play.flaky.keys) == 3
    (incident,) = play.open_incidents()
    assert (incident.element_id, "broken" in incident.message) == ("s", True)
    play.advance(days=1)
    assert len(play.flaky.keys) == 3
    play.flaky.broken = ValueError("still broken")
    play.retry()
    assert ["still broken" in incident.message for incident in play.open_incidents()] == [True]
    play.flaky.broken = None
    play.retry()
    assert play.open_incidents() == []
    assert play.open_elements() == ["a"]
    assert play.variables(case) == {"answer": 1}
    assert len(set(play.flaky.keys)) == 1, "every attempt of one job has the same idempotency key"
    assert [event.type for event in play.events(case, "IncidentOpened", "IncidentResolved")] == ["IncidentOpened"] * 2 + [
        "IncidentResolved"
    ]


def test_a_transactional_handler_leaves_nothing_behind_when_it_fails(play: Play) -> None:
    """Effect and result commit together: after five failures and one success there is one effect."""
    play.begin(_FLAKY)
    play.advance(minutes=5)
    play.retry()
    assert _marks(play, "flaky") == 0
    play.flaky.broken = None
    play.retry()
    assert _marks(play, "flaky") == 1


def test_the_diagram_says_how_often_and_when_to_retry(play: Play) -> None:
    """failedJobRetryTimeCycle R2/PT5M: two attempts, five minutes apart."""
    play.begin(
        """start s end <serviceTask id="s" topic="test.flaky"><extensionElements><camunda:failedJobRetryTimeCycle>R2/PT5M
        </camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>"""
    )
    play.advance(minutes=4)
    assert len(play.flaky.keys) == 1
    play.advance(minutes=1)
    assert len(play.flaky.keys) == 2
    assert len(play.open_incidents()) == 1


def test_a_job_whose_worker_was_lost_is_taken_over_at_the_end_of_its_lease(play: Play) -> None:
    """Given a worker that died with a job, when its lease is over, then another one does the job; the history says what happened."""
    play.deploy(_FLAKY)
    play.flaky.broken = None
    case = instances.start(play.engine, "p")
    assert claims.claim(play.engine, "dying") is not None
    play.advance(seconds=29)
    assert play.flaky.keys == []
    play.advance(seconds=2)
    assert len(play.flaky.keys) == 1
    (lost,) = play.events(case, "JobFailed")
    assert "lost" in lost.data["error"]
    assert play.open_elements() == ["a"]


@pytest.mark.parametrize(("cycle", "attempts"), [("", 3), ("R2/PT5M", 2)])
def test_a_job_that_kills_its_workers_ends_as_an_incident(play: Play, cycle: str, attempts: int) -> None:
    """Given a job that takes every worker with it, when all attempts are lost, then a person is asked, whose retry has one attempt."""
    retry = f"<extensionElements><camunda:failedJobRetryTimeCycle>{cycle}</camunda:failedJobRetryTimeCycle></extensionElements>"
    play.deploy(f'start s a end <serviceTask id="s" topic="test.flaky" in:value="=1">{retry if cycle else ""}</serviceTask>')
    instances.start(play.engine, "p")
    play.flaky.broken = Died()
    for _ in range(attempts):
        assert play.open_incidents() == []
        with pytest.raises(Died):
            jobs.run_next(play.engine, "dying")
        play.clock.advance(claims.LEASE + timedelta(seconds=1))
    play.run()
    assert len(play.open_incidents()) == 1
    assert len(play.flaky.keys) == attempts
    play.flaky.broken = None
    play.retry()
    assert play.open_incidents() == []
    assert play.open_elements() == ["a"]


@pytest.mark.parametrize("body", [_FLAKY, _OUTSIDE])
def test_an_outage_of_the_database_is_no_failed_attempt(play: Play, body: str) -> None:
    """Given a database that is away for a while, when a job meets it again and again, then it only waits, and is done when it is back."""
    play.deploy(body)
    case = instances.start(play.engine, "p")
    play.flaky.broken = DatabaseUnavailable("没有了", "gone")
    for _ in range(9):
        with pytest.raises(DatabaseUnavailable):
            jobs.run_next(play.engine, "worker")
        play.clock.advance(jobs.OUTAGE_WAIT)
    play.flaky.broken = None
    play.run()
    assert play.open_elements() == ["a"]
    assert play.events(case, "JobFailed") == []


def test_wrong_input_is_an_incident_that_names_the_field(play: Play) -> None:
    """The request model says what is wrong."""
    play.begin('start s end <serviceTask id="s" topic="test.error" in:code="=[1]"/>')
    play.advance(hours=1)
    assert "code" in play.open_incidents()[0].message


def test_a_business_error_nobody_catches_is_not_retried(play: Play) -> None:
    """It would fail the same way: an incident at once, with the code."""
    play.begin('start s end <serviceTask id="s" topic="test.error" in:code="LATE"/>')
    (incident,) = play.open_incidents()
    assert "LATE" in incident.message
    assert _jobs(play)[0].attempt == 1


def test_a_business_error_leaves_no_effect(play: Play) -> None:
    """What a transactional handler wrote before it reported the error is rolled back, the case goes on at the boundary event."""
    play.begin(
        'start s end \n e a end_a <serviceTask id="s" topic="test.error" in:code="LATE"/><boundaryEvent id="e" on="s" error="LATE"/>'
    )
    assert play.open_elements() == ["a"]
    assert _marks(play, "error") == 0


def test_a_job_whose_element_is_cancelled_is_not_done(play: Play) -> None:
    """Given a failing service task with a timer, when the timer interrupts it, then its job and incident are off."""
    case = play.begin(f'{_FLAKY} \n late end_late <boundaryEvent id="late" on="s" duration="PT1H"/>')
    play.advance(hours=2)
    assert play.ended(case) == "end_late"
    assert play.open_incidents() == []
    assert [job.state for job in _jobs(play)] == ["cancelled"]


def test_async_before_and_after_are_steps_of_their_own(once: Play) -> None:
    """The step that leads to an asynchronous element commits before it; a job goes on, and another one leaves it."""
    once.deploy(
        'start x y end <scriptTask id="x" scriptFormat="feel" camunda:asyncBefore="true" camunda:asyncAfter="true"><script>{n: 1}</script></scriptTask><task id="y"/>'
    )
    case = instances.start(once.engine, "p")
    assert once.variables(case) == {}
    assert jobs.run_next(once.engine, "w")
    assert once.variables(case) == {"n": 1}
    assert once.path(case) == ["start"]
    assert jobs.run_next(once.engine, "w")
    assert once.ended(case) == "end"
    assert not jobs.run_next(once.engine, "w")


def test_an_asynchronous_element_that_fails_is_retried_as_a_job(play: Play) -> None:
    """Its incident stays open until it works."""
    case = play.begin('start a end <userTask id="a" each="people" camunda:asyncBefore="true"/>', people="nobody")
    play.advance(hours=1)
    (incident,) = play.open_incidents()
    assert incident.element_id == "a"
    assert [job.attempt for job in _jobs(play)] == [3]
    play.retry()
    assert [found.id for found in play.open_incidents()] == [incident.id]
    play.set(case, people=["li"])
    play.retry()
    assert play.open_incidents() == []
    assert play.open_elements() == ["a"]


def test_asynchronous_service_tasks_and_multi_instances(play: Play) -> None:
    """asyncBefore on a multi-instance is one job for the whole of it."""
    case = play.begin(
        """start s m end <serviceTask id="s" topic="test.echo" in:value="=1" camunda:asyncBefore="true" camunda:asyncAfter="true"/>
        <serviceTask id="m" topic="test.echo" times="2" in:value="=2" camunda:asyncBefore="true"/>"""
    )
    assert play.ended(case) == "end"
    assert sorted(job.kind for job in _jobs(play)) == ["continue"] * 3 + ["handler"] * 3


def test_a_cancelled_asynchronous_element_leaves_no_job(play: Play) -> None:
    """Cancelling the case withdraws what was to be continued."""
    play.deploy('start a end <userTask id="a" camunda:asyncBefore="true"/>')
    case = instances.start(play.engine, "p")
    instances.cancel(play.engine, case, "boss")
    play.run()
    assert [job.state for job in _jobs(play)] == ["cancelled"]


def test_a_lease_is_exclusive_until_it_runs_out(once: Play) -> None:
    """Another worker gets the job only after the lease; the first one's result is then refused."""
    once.flaky.broken = None
    once.deploy(_FLAKY)
    case = instances.start(once.engine, "p")
    first = claims.claim(once.engine, "w1")
    assert first is not None
    assert claims.claim(once.engine, "w2") is None
    once.clock.advance(timedelta(seconds=20))
    assert claims.extend(once.engine, first)
    once.clock.advance(timedelta(seconds=20))
    assert claims.claim(once.engine, "w2") is None
    once.clock.advance(timedelta(seconds=20))
    second = claims.claim(once.engine, "w2")
    assert second is not None and second.attempt == 2
    assert not claims.extend(once.engine, first)
    jobs.run(once.engine, first)
    assert once.variables(case) == {}
    assert _marks(once, "flaky") == 0
    jobs.run(once.engine, second)
    assert once.variables(case) == {"answer": 1}
    assert _marks(once, "flaky") == 1


def test_one_job_of_a_case_at_a_time(once: Play) -> None:
    """Jobs of one case are leased one after the other, those of other cases meanwhile."""
    once.deploy('start fork s end \n fork r end_r <serviceTask id="s" topic="test.echo"/><serviceTask id="r" topic="test.echo"/>')
    instances.start(once.engine, "p")
    assert claims.claim(once.engine, "w1") is not None
    assert claims.claim(once.engine, "w2") is None
    instances.start(once.engine, "p")
    assert claims.claim(once.engine, "w2") is not None


def test_urgent_jobs_go_first(once: Play) -> None:
    """jobPriority and taskPriority, then age."""
    once.deploy('start s end <serviceTask id="s" topic="test.mark" in:value="=n" camunda:taskPriority="=n"/>')
    for n in (1, 3, 2):
        instances.start(once.engine, "p", {"n": n})
    seen = []
    while (lease := claims.claim(once.engine, "w")) is not None:
        seen.append(next(job.priority for job in _jobs(once) if job.id == lease.job_id))
        jobs.run(once.engine, lease)
    assert seen == [3, 2, 1]


@pytest.mark.parametrize(
    "poison",
    [
        RuntimeError("no"),
        KeyError(5),
        MemoryError("too big"),
        BpmnError("ODD"),
        RecursionError("deep"),
        Conflict("冲突", "conflict"),
    ],
)
def test_a_poison_handler_does_not_stop_the_queue(play: Play, poison: Exception) -> None:
    """Whatever a handler raises, it becomes an incident after its attempts, and other cases go on."""
    play.flaky.broken = poison
    play.deploy('start s end <serviceTask id="s" topic="test.echo" in:value="=1"/>', "healthy")
    play.begin(_FLAKY)
    healthy = play.start("healthy")
    play.advance(hours=1)
    assert play.ended(healthy) == "end"
    assert len(play.open_incidents()) == 1


def test_a_result_that_is_too_big_is_refused(play: Play) -> None:
    """More than a megabyte belongs into an attachment."""
    play.begin('start s end <serviceTask id="s" topic="test.echo" in:value="=for i in 1..5000 return text"/>', text="x" * 300)
    play.advance(hours=1)
    assert len(play.open_incidents()) == 1
    assert "1 MB" in play.open_incidents()[0].message


def test_jobs_of_a_suspended_case_wait(play: Play) -> None:
    """Also one that was at work when the case was suspended: it is done again afterwards, under the same key."""
    play.flaky.broken = None
    play.deploy(_OUTSIDE)
    case = instances.start(play.engine, "p")
    lease = claims.claim(play.engine, "w")
    assert lease is not None
    instances.suspend(play.engine, case, "boss")
    jobs.run(play.engine, lease)
    play.run()
    assert play.variables(case) == {}
    instances.resume(play.engine, case, "boss")
    play.run()
    assert play.variables(case) == {"answer": 1}
    assert len(set(play.flaky.keys)) == 1
    assert play.open_incidents() == []
