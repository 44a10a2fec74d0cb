"""Handlers run in processes of their own: whatever one does, it is a failed attempt, and the others go on."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.clock import SystemClock
from engine.runtime import deployments, instances
from engine.runtime.engine import Engine
from engine.storage.database import Database
from engine.storage.tables import Event, Incident, Job, ProcessInstance
from engine.workers import Executor
from tests.engine.diagram import bpmn
from tests.engine.handling import marks
from tests.workers.poison import GOOD, POISON, TIMEOUT_S, engine_on

ROOT = Path(__file__).parents[2]
WAIT_S = 100

_TASK = """start s end <serviceTask id="s" topic="{}" in:value="=file"><extensionElements>
<camunda:failedJobRetryTimeCycle>R2/PT0S</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>"""


@pytest.fixture
def engine(database: Database) -> Engine:
    """An engine on the real clock, with a process for each handler."""
    made = engine_on(database.url.render_as_string(hide_password=False), SystemClock())
    made.calendars.seed(made.clock.now().date())
    for handler in (*POISON, GOOD):
        key = handler.topic.removeprefix("test.")
        deployments.deploy(made, {f"{key}.bpmn": bpmn(_TASK.format(handler.topic), key)}, name=key)
    return made


@pytest.fixture
def executor(engine: Engine) -> Iterator[Executor]:
    """At work with two threads, and processes for handlers."""
    executor = Executor(engine, 2, make_engine=partial(engine_on, engine.database.url.render_as_string(hide_password=False)))
    executor.start()
    yield executor
    executor.stop()
    engine.database.dispose()


def _until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(WAIT_S * 5):
        if holds():
            return
        pause.wait(0.2)
    pytest.fail("it did not come about")


def _states(engine: Engine) -> dict[str, str]:
    with engine.database.session() as session:
        return {row.id: row.state for row in session.scalars(select(ProcessInstance))}


def _incidents(engine: Engine) -> dict[str | None, Incident]:
    with engine.database.session() as session:
        return {incident.instance_id: incident for incident in session.scalars(select(Incident).where(Incident.state == "open"))}


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("executor")
def test_a_poison_handler_is_an_incident_and_the_queue_goes_on(engine: Engine) -> None:
    """Given handlers that hang, crash, exit and return nonsense among good ones, then each is an incident after its two attempts, and the good ones are done."""
    poisoned, good = {}, []
    for handler in POISON:
        poisoned[instances.start(engine, handler.topic.removeprefix("test."), {"file": ""})] = handler
        good.append(instances.start(engine, "good_transactional", {"file": ""}))

    _until(lambda: set(_incidents(engine)) == set(poisoned))
    _until(lambda: all(_states(engine)[case] == "completed" for case in good))

    for case, incident in _incidents(engine).items():
        handler = poisoned[str(case)]
        if "hang" in handler.topic:
            assert handler.title in incident.message and f"{TIMEOUT_S} 秒" in incident.message
            assert f"within {TIMEOUT_S} s" in incident.detail
        elif any(word in handler.topic for word in ("exit", "leave", "crash", "too_much", "nonsense")):
            assert handler.title in incident.message
    with engine.database.session() as session:
        assert set(session.scalars(select(Job.attempt).where(Job.state == "failed"))) == {2}
        assert {job.state for job in session.scalars(select(Job))} == {"failed", "done"}
        assert marks(session, "good") == len(good)
        assert (marks(session, "hung"), marks(session, "exited")) == (0, 0), "what was not committed is undone"
        failed = session.scalars(select(Event).where(Event.type == "JobFailed")).all()
        assert len(failed) == 2 * len(poisoned)


@pytest.mark.timeout(200)
def test_a_hanging_handler_does_not_outlive_its_worker(engine: Engine, tmp_path: Path) -> None:
    """Given a worker whose handler hangs, when the worker is killed, then the handler's process ends, too."""
    file = tmp_path / "pid"
    instances.start(engine, "hang_external", {"file": str(file)})
    url = engine.database.url.render_as_string(hide_password=False)
    worker = subprocess.Popen([sys.executable, "-m", "tests.workers.poison", url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None and worker.stdout.readline() == "working\n"
    _until(lambda: file.exists() and file.read_text() != "")

    worker.kill()
    worker.communicate()

    _until(lambda: not _is_alive(int(file.read_text())))
    engine.database.dispose()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.timeout(200)
def test_a_process_that_cannot_start_is_said_and_costs_no_case(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """Given processes for handlers that do not start, then the log says so, and the job waits for a worker that can."""
    case = instances.start(engine, "good_transactional", {"file": ""})
    executor = Executor(engine, 1, make_engine=_broken)
    executor.start()
    _until(lambda: "no process for handlers could be started: ValueError: broken" in caplog.text)
    executor.stop()
    assert _states(engine)[case] == "active"
    assert _incidents(engine) == {}
    engine.database.dispose()


def _broken(_clock: object) -> Engine:
    message = "broken"
    raise ValueError(message)
