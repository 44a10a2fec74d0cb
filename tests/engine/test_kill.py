"""Worker processes are killed while they work: every effect happens once, every case ends, every history is whole."""

import subprocess
import sys
import threading
from random import Random

import pytest
from sqlalchemy import select, text

from engine.clock import SystemClock
from engine.runtime import instances
from engine.runtime.engine import Engine
from engine.storage.database import Database
from engine.storage.tables import Job, ProcessInstance
from tests.engine.conftest import Play
from tests.engine.handling import marks

_WORKERS, _KILLS, _CASES = 2, 8, 24

_BODY = """start fork a join b t c end \n fork d join
<serviceTask id="a" topic="test.mark" in:value="=&quot;a &quot; + business_key"/><serviceTask id="d" topic="test.mark" in:value="=&quot;d &quot; + business_key"/>
<serviceTask id="b" topic="test.mark_outside" in:value="=business_key"/><serviceTask id="c" topic="test.mark" in:value="=&quot;c &quot; + business_key"/>
<intermediateCatchEvent id="t" duration="PT1S"/>"""


class _Workers:
    """Two worker processes, replaced when they are killed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.started = 0
        self.processes = [self._start() for _ in range(_WORKERS)]

    def _start(self) -> "subprocess.Popen[str]":
        self.started += 1
        command = [sys.executable, "-m", "tests.engine.worker", self.url, f"worker-{self.started}"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        return process

    def kill(self, number: int) -> None:
        """Kill one without warning and start another."""
        self._end(self.processes[number])
        self.processes[number] = self._start()

    def stop(self) -> None:
        """Kill all."""
        for process in self.processes:
            self._end(process)

    def _end(self, process: "subprocess.Popen[str]") -> None:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.mark.timeout(600)
def test_killed_workers_lose_and_double_nothing(once: Play, database: Database) -> None:
    """Given two dozen cases with jobs of both kinds and timers, when workers are killed again and again, then all cases end as if nothing was."""
    seed = 20260305
    random, pause = Random(seed), threading.Event()
    once.deploy(_BODY)
    forgetful = once.engine
    engine = Engine(database, SystemClock(), forgetful.settings, forgetful.handlers, forgetful.calendars)
    workers = _Workers(database.url.render_as_string(hide_password=False))
    try:
        for number in range(_CASES):
            instances.start(engine, "p", None, f"K{number}")
            if number % (_CASES // _KILLS) == 0:
                pause.wait(random.uniform(0.05, 0.5))
                workers.kill(random.randrange(_WORKERS))
        for _ in range(300):
            if {row.state for row in once.instances()} == {"completed"}:
                break
            pause.wait(0.2)
    finally:
        workers.stop()
    assert {row.state for row in once.instances()} == {"completed"}, (seed, once.incidents(), once.path(once.instances()[0].id))
    _check(once, database)


def _check(play: Play, database: Database) -> None:
    with database.session() as session:
        for number in range(_CASES):
            expected = (f"a K{number}", f"d K{number}", f"outside K{number}", f"c K{number}")
            assert [marks(session, mark) for mark in expected] == [1, 1, 1, 1]
        assert set(session.scalars(select(Job.state))) == {"done"}
        if not database.is_postgres:
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        for case in session.scalars(select(ProcessInstance.id)):
            events = play.events(case)
            assert [event.sequence for event in events] == list(range(1, len(events) + 1))
