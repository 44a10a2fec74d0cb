"""The embedded executor does jobs and timers by itself, wakes at commits, and stops without leaving work half done."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import BaseModel
from sqlalchemy import select, text

from engine.clock import SimulatedClock
from engine.runtime import claims, deployments, instances, jobs
from engine.runtime.engine import Engine
from engine.runtime.handlers import Handler, HandlerRegistry, JobContext, handler
from engine.runtime.tracing import keep_traces
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.tables import CaseTrace, Job, ProcessInstance
from engine.workers import Executor
from engine.workers.leases import LONGEST_JOB_S, HeldLeases
from engine.working_time import Calendars

WEEK = {"monday": ["09:00-12:00", "13:00-18:00"]}
WAIT_S = 20

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="test">
 <bpmn:collaboration id="pools"><bpmn:participant id="pool" processRef="work" /></bpmn:collaboration>
 <bpmn:process id="work" name="工作" isExecutable="true">
  <bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="系统">{members}</bpmn:lane></bpmn:laneSet>
  <bpmn:startEvent id="begin" /><bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="{first}" />{body}
  <bpmn:endEvent id="done" />
 </bpmn:process>
</bpmn:definitions>"""


class Nothing(BaseModel):
    """No fields."""


class Bench:
    """A handler that counts its calls and can be held."""

    def __init__(self) -> None:
        """Free to run."""
        self.calls: list[str] = []
        self.begun = threading.Semaphore(0)
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def handlers(self) -> HandlerRegistry:
        """The registry with it."""

        def work(ctx: JobContext, request: Nothing) -> Nothing:
            self.begun.release()
            assert self.may_go_on.wait(WAIT_S)
            self.calls.append(ctx.job_id)
            return Nothing()

        declared: Handler = handler("test.work", title="工作", title_en="Work", kind="external")(work)
        return HandlerRegistry([declared])


@pytest.fixture
def bench() -> Bench:
    """A free bench."""
    return Bench()


@pytest.fixture
def engine(database: Database, clock: SimulatedClock, bench: Bench) -> Engine:
    """An engine whose one handler stands at the bench."""
    calendars = Calendars(database, {"default": WEEK}, "Asia/Shanghai")
    calendars.seed(clock.now().date())
    return Engine(database, clock, Settings(), bench.handlers(), calendars)


@pytest.fixture
def executor(engine: Engine) -> Iterator[Executor]:
    """An executor of two threads, at work."""
    executor = Executor(engine, threads=2)
    executor.start()
    yield executor
    executor.stop()


def _deploy(engine: Engine, first: str, body: str) -> None:
    members = "".join(f"<bpmn:flowNodeRef>{element}</bpmn:flowNodeRef>" for element in ("begin", first, "done"))
    diagram = DIAGRAM.format(first=first, body=body, members=members)
    deployments.deploy(engine, {"work/work.bpmn": diagram.encode()}, name="test")


def _deploy_job(engine: Engine) -> None:
    _deploy(
        engine,
        "task",
        '<bpmn:serviceTask id="task" name="工作" camunda:type="external" camunda:topic="test.work" />'
        '<bpmn:sequenceFlow id="f2" sourceRef="task" targetRef="done" />',
    )


def _state(engine: Engine, instance_id: str) -> str:
    with engine.database.session() as session:
        return session.get_one(ProcessInstance, instance_id).state


def _wait_until_ended(engine: Engine, *instance_ids: str) -> None:
    """Look at every commit that makes or ends work, and now and then."""
    moved = threading.Event()
    for _ in range(WAIT_S * 10):
        if all(_state(engine, instance_id) == "completed" for instance_id in instance_ids):
            return
        moved.wait(0.1)
    pytest.fail(f"still {[_state(engine, instance_id) for instance_id in instance_ids]}")


def test_a_commit_wakes_the_executor(engine: Engine, executor: Executor, bench: Bench) -> None:
    """Cases started while the executor runs are finished by it, each job once."""
    _deploy_job(engine)

    started = [instances.start(engine, "work") for _ in range(10)]

    _wait_until_ended(engine, *started)
    assert len(bench.calls) == len(set(bench.calls)) == 10


def test_work_that_waited_is_found_at_the_start(engine: Engine, bench: Bench) -> None:
    """Given a job from before the executor started, when it starts, then it is done."""
    _deploy_job(engine)
    started = instances.start(engine, "work")
    executor = Executor(engine, threads=1)

    executor.start()

    _wait_until_ended(engine, started)
    executor.stop()


def test_a_due_timer_fires(engine: Engine, executor: Executor, clock: SimulatedClock) -> None:
    """Given a case that waits an hour, when the hour has passed, then the tick moves it on."""
    _deploy(
        engine,
        "pause",
        '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration>'
        '</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent><bpmn:sequenceFlow id="f2" sourceRef="pause" targetRef="done" />',
    )
    started = instances.start(engine, "work")

    clock.advance(timedelta(hours=1))

    _wait_until_ended(engine, started)


def test_stopping_finishes_the_job_at_hand_and_takes_no_other(engine: Engine, bench: Bench) -> None:
    """Given two jobs and one thread, when the executor is stopped during the first, then that one is finished and the other waits."""
    _deploy_job(engine)
    bench.may_go_on.clear()
    for _ in range(2):
        instances.start(engine, "work")
    executor = Executor(engine, threads=1)
    executor.start()
    assert bench.begun.acquire(timeout=WAIT_S)

    stopping = threading.Thread(target=executor.stop)
    stopping.start()
    bench.may_go_on.set()
    stopping.join(WAIT_S)

    assert not stopping.is_alive()
    assert len(bench.calls) == 1
    with engine.database.session() as session:
        assert sorted(session.scalars(select(Job.state).where(Job.kind == "handler"))) == ["done", "ready"]


def test_jobs_keep_their_leases_while_the_executor_stops(engine: Engine, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a job that takes longer than a lease, when the executor is stopped during it, then its heartbeat goes on until it is finished."""
    monkeypatch.setattr("engine.workers.executor.HEARTBEAT_S", 0.1)
    beats = threading.Semaphore(0)
    extend = claims.extend
    monkeypatch.setattr(claims, "extend", lambda *arguments: (beats.release(), extend(*arguments))[1])
    _deploy_job(engine)
    bench.may_go_on.clear()
    started = instances.start(engine, "work")
    executor = Executor(engine, threads=2)
    executor.start()
    assert bench.begun.acquire(timeout=WAIT_S)

    stopping = threading.Thread(target=executor.stop)
    stopping.start()
    while beats.acquire(blocking=False):
        pass  # only what comes from now on counts
    assert beats.acquire(timeout=WAIT_S)
    assert beats.acquire(timeout=WAIT_S)
    bench.may_go_on.set()
    stopping.join(WAIT_S)

    assert not stopping.is_alive()
    assert _state(engine, started) == "completed"


def test_lost_connections_cost_a_reconnect(
    request: pytest.FixtureRequest, postgres_database: Database, clock: SimulatedClock, bench: Bench
) -> None:
    """Given an executor at work, when the server drops every connection, then the next case is finished all the same."""
    calendars = Calendars(postgres_database, {"default": WEEK}, "Asia/Shanghai")
    calendars.seed(clock.now().date())
    engine = Engine(postgres_database, clock, Settings(), bench.handlers(), calendars)
    _deploy_job(engine)
    executor = Executor(engine, threads=2)
    executor.start()
    request.addfinalizer(executor.stop)
    _wait_until_ended(engine, instances.start(engine, "work"))

    other = Database(postgres_database.url)
    with other.session() as session:
        drop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        dropped = session.execute(text(drop)).all()
    other.dispose()
    started = instances.start(engine, "work")

    assert dropped
    _wait_until_ended(engine, started)


def _is_listened_to(database: Database) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND query LIKE 'LISTEN%'"
    with database.session() as session:
        return bool(session.execute(text(query)).scalar())


def test_a_notification_wakes_a_worker_of_another_process(
    request: pytest.FixtureRequest, postgres_database: Database, clock: SimulatedClock, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a worker that never looks by itself, when another process commits work, then it is done at once, since PostgreSQL tells the worker."""
    monkeypatch.setattr("engine.workers.executor.TICK_S", 3600)
    calendars = Calendars(postgres_database, {"default": WEEK}, "Asia/Shanghai")
    calendars.seed(clock.now().date())
    here, there = (
        Engine(database, clock, Settings(), bench.handlers(), calendars)
        for database in (postgres_database, Database(postgres_database.url))
    )
    request.addfinalizer(there.database.dispose)
    _deploy_job(here)
    executor = Executor(here, threads=2)
    executor.start()
    request.addfinalizer(executor.stop)
    while not _is_listened_to(there.database):
        threading.Event().wait(0.05)

    started = [instances.start(there, "work") for _ in range(5)]

    _wait_until_ended(there, *started)


def test_the_heartbeat_keeps_a_lease(engine: Engine, clock: SimulatedClock) -> None:
    """A job that runs longer than its lease is not given to another worker while its heartbeat beats."""
    _deploy_job(engine)
    instances.start(engine, "work")
    lease = claims.claim(engine, "slow")
    assert lease is not None
    leases = HeldLeases(engine)

    with leases.hold(lease):
        for _ in range(6):
            clock.advance(timedelta(seconds=10))
            leases.extend()
        taken_over = claims.claim(engine, "eager")

    assert taken_over is None


def test_a_hung_job_loses_its_lease(engine: Engine, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that runs beyond all measure is given to another worker; what the hung one does then is refused."""
    _deploy_job(engine)
    started = instances.start(engine, "work")
    hung = claims.claim(engine, "hung")
    assert hung is not None
    leases = HeldLeases(engine)

    with leases.hold(hung):
        monkeypatch.setattr("engine.workers.leases.monotonic_s", lambda: LONGEST_JOB_S * 10.0**6)
        leases.extend()
        clock.advance(claims.LEASE + timedelta(seconds=1))
        successor = claims.claim(engine, "successor")
    assert successor is not None
    jobs.run(engine, hung)

    assert _state(engine, started) == "active"
    jobs.run(engine, successor)
    assert _state(engine, started) == "completed"


def test_histories_are_folded_for_the_maps_without_anybody_looking(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a case, then the executor's own rounds make its trace; a round that fails is told and tried again the next time."""
    folded, tried = threading.Event(), iter((False,))

    def fold(engine: Engine) -> None:
        if not next(tried, True):
            message = "the database went away"
            raise RuntimeError(message)
        keep_traces(engine)
        folded.set()

    monkeypatch.setattr("engine.workers.executor.SWEEP_S", 1)
    monkeypatch.setattr("engine.workers.executor.keep_traces", fold)
    _deploy_job(engine)
    case = instances.start(engine, "work")
    executor = Executor(engine, 1)
    executor.start()
    assert folded.wait(WAIT_S)
    executor.stop()

    with engine.database.session() as session:
        assert session.scalars(select(CaseTrace.instance_id)).all() == [case]
