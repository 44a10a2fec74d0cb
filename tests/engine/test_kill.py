"""Processes are killed while they work: every effect happens once, every case ends, every history is whole."""

import threading
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, text

from engine.clock import SystemClock
from engine.runtime import instances
from engine.runtime.engine import Engine
from engine.storage.database import Database
from engine.storage.tables import Event, Job, ProcessInstance
from tests.engine import worker
from tests.engine.conftest import Play
from tests.engine.handling import marks

_BODY = """start fork a join u b t c end \n fork d join
<serviceTask id="a" topic="test.mark" in:value="=&quot;a &quot; + business_key"/><serviceTask id="d" topic="test.mark" in:value="=&quot;d &quot; + business_key"/>
<serviceTask id="b" topic="test.mark_outside" in:value="=business_key"/><serviceTask id="c" topic="test.mark" in:value="=&quot;c &quot; + business_key"/>
<userTask id="u"/><intermediateCatchEvent id="t" duration="PT1S"/>"""
_SEED = 20260305
_STARTED_S, _DONE_S = 60, 300

#: New processes are forked from one that has imported everything, so that killing them is cheap.
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.engine.worker"])


class _Team:
    """Processes on one database, replaced when they are killed."""

    def __init__(self, url: str, *members: Callable[..., None]) -> None:
        self.url = url
        self.members = members
        self.started = 0
        self.processes: list[BaseProcess] = [self._start(member) for member in members]

    def _start(self, member: Callable[..., None]) -> BaseProcess:
        self.started += 1
        ready = _PROCESSES.Event()
        process = _PROCESSES.Process(target=member, args=(self.url, f"{member.__name__}-{self.started}", ready))
        process.start()
        assert ready.wait(_STARTED_S)
        return process

    def kill(self, number: int) -> None:
        """Kill one without warning and start another."""
        self._end(self.processes[number])
        self.processes[number] = self._start(self.members[number])

    def stop(self) -> None:
        """Kill all."""
        for process in self.processes:
            self._end(process)

    def _end(self, process: BaseProcess) -> None:
        assert process.is_alive(), "it ended by itself"
        process.kill()
        process.join()
        process.close()


def _kill_again_and_again(play: Play, database: Database, kills: int, cases: int, *members: Callable[..., None]) -> None:
    """Start cases and kill random members in between, then wait until everything is done."""
    random, pause = Random(_SEED), threading.Event()
    play.deploy(_BODY)
    forgetful = play.engine
    engine = Engine(database, SystemClock(), forgetful.settings, forgetful.handlers, forgetful.calendars)
    team = _Team(database.url.render_as_string(hide_password=False), *members)
    try:
        for number in range(max(kills, cases)):
            if number < cases:
                instances.start(engine, "p", None, f"K{number}")
            if number * kills // max(kills, cases) != (number + 1) * kills // max(kills, cases):
                pause.wait(random.uniform(0.02, 0.3))
                team.kill(random.randrange(len(members)))
        for _ in range(_DONE_S * 5):
            if {row.state for row in play.instances()} == {"completed"}:
                break
            pause.wait(0.2)
    finally:
        team.stop()


@pytest.mark.parametrize(
    ("kills", "cases", "members"),
    [
        pytest.param(8, 24, (worker.work, worker.work, worker.complete_tasks), id="short", marks=pytest.mark.timeout(600)),
        pytest.param(
            200, 400, (worker.work,) * 3 + (worker.complete_tasks,) * 2, id="long", marks=[pytest.mark.soak, pytest.mark.timeout(3600)]
        ),
    ],
)
def test_killed_processes_lose_and_double_nothing(once: Play, database: Database, kills: int, cases: int, members: Any) -> None:
    """Given cases with jobs of both kinds, a person and a timer, when the processes that work on them are killed again and again, then all cases
    end as if nothing was.
    """
    _kill_again_and_again(once, database, kills, cases, *members)
    _check(once, database, cases)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("wrong", [worker.work_in_two_transactions, worker.work_without_keys])
def test_the_kills_would_notice(once: Play, database: Database, wrong: Callable[..., None]) -> None:
    """The test above is strong enough: with workers that commit effect and state apart, or ignore the idempotency key, it fails."""
    _kill_again_and_again(once, database, 60, 120, *(wrong,) * 3, worker.complete_tasks)
    with pytest.raises(AssertionError):
        _check(once, database, 120)


def _check(play: Play, database: Database, cases: int) -> None:
    assert {row.state for row in play.instances()} == {"completed"}, (play.incidents(), play.path(play.instances()[0].id))
    with database.session() as session:
        for number in range(cases):
            expected = (f"a K{number}", f"d K{number}", f"outside K{number}", f"c K{number}")
            assert [marks(session, mark) for mark in expected] == [1, 1, 1, 1], number
        assert set(session.scalars(select(Job.state))) == {"done"}
        if not database.is_postgres:
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        for case in session.scalars(select(ProcessInstance.id)):
            events = play.events(case)
            assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        completed = Counter(session.scalars(select(Event.instance_id).where(Event.type == "UserTaskCompleted")))
        assert sorted(completed.values()) == [1] * cases
