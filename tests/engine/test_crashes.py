"""The process dies at every point in turn: afterwards nothing is lost, doubled or locked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from engine.runtime import executor, instances, jobs, user_tasks
from engine.runtime.engine import Engine
from engine.storage.database import Database
from tests.engine.conftest import Play
from tests.engine.handling import marks

_BODY = """start fork s join e send a end \n fork t join
<serviceTask id="s" topic="test.mark" in:value="=business_key"/><serviceTask id="e" topic="test.mark_outside" in:value="=business_key"/>
<intermediateCatchEvent id="t" duration="PT1H"/><sendTask id="send" message="done" in:from="=business_key"/>"""
_RECEIVER = 'start m end <startEvent id="start" message="done"/><serviceTask id="m" topic="test.mark" in:value="=&quot;got &quot; + from"/>'


class Died(BaseException):
    """The process is gone; nothing catches this."""


@contextmanager
def _dying_at(database: Database, point: int) -> Iterator[list[int]]:
    """Die before the point-th statement: all of its transaction is lost, all before it is kept; yields the points passed so far."""
    passed = [0]

    def count(*_arguments: Any) -> None:
        passed[0] += 1
        if passed[0] == point:
            raise Died

    event.listen(database.engine, "before_cursor_execute", count)
    try:
        yield passed
    finally:
        event.remove(database.engine, "before_cursor_execute", count)


def _work(play: Play, engine: Engine, key: str) -> None:
    """What should happen, command by command; each can be given again."""
    if not [row for row in play.instances("p") if row.business_key == key]:
        instances.start(engine, "p", None, key)
    executor.run_until_idle(engine)
    play.clock.advance(timedelta(hours=1))
    executor.run_until_idle(engine)
    for task in [task for task in play.tasks() if task.business_key == key]:
        user_tasks.complete(engine, task.id, {}, "li")
    executor.run_until_idle(engine)


def _check(play: Play, key: str) -> None:
    (case,) = [row for row in play.instances("p") if row.business_key == key]
    assert case.state == "completed", (key, play.incidents())
    assert len(play.instances("q")) == len(play.instances("p"))
    for row in play.instances():
        if row.business_key == key:
            assert row.state == "completed"
            assert [item.sequence for item in play.events(row.id)] == list(range(1, row.event_count + 1))
    with play.engine.database.session() as session:
        assert [marks(session, text) for text in (key, f"outside {key}", f"got {key}")] == [1, 1, 1], key
    assert play.open_incidents() == []


def _die_everywhere(play: Play, checked: Any) -> int:
    """Play the story once for every point it may die at; returns how many points there are."""
    play.deploy(_RECEIVER, "q")
    play.deploy(_BODY)
    point = 1
    while True:
        engine, key = play.engine, f"K{point}"
        died = False
        with _dying_at(engine.database, point):
            try:
                _work(play, engine, key)
            except Died:
                died = True
        play.clock.advance(timedelta(minutes=2))  # leases of the dead run out
        _work(play, play.engine, key)
        checked(play, key)
        if not died:
            return point
        point += 1


@pytest.mark.timeout(900)
def test_dying_at_any_point_loses_and_doubles_nothing(once: Play) -> None:
    """Given a case with jobs of both kinds, a timer, a message and a person, when the process dies before any of its statements, then the next
    one finishes the case: every effect once, every history without a gap, nothing locked.
    """
    assert _die_everywhere(once, _check) > 60


@pytest.mark.timeout(900)
def test_a_job_written_in_a_second_transaction_would_be_noticed(
    stage: Callable[[Database], Play], sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above is strong enough: with effect and state committed apart, it fails."""
    finish = jobs._finish_handler

    def apart(engine: Engine, step: Any, job: Any, outcome: Any) -> None:
        step.session.connection().exec_driver_sql("COMMIT")
        step.session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        finish(engine, step, job, outcome)
        step.session.connection().exec_driver_sql("COMMIT")
        step.session.connection().exec_driver_sql("BEGIN IMMEDIATE")

    monkeypatch.setattr(jobs, "_finish_handler", apart)
    with pytest.raises(AssertionError):
        _die_everywhere(stage(sqlite_database), _check)


@pytest.mark.timeout(900)
def test_a_handler_that_ignores_its_key_would_be_noticed(
    stage: Callable[[Database], Play], sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And with an external handler that writes again what it wrote before, it fails, too."""
    monkeypatch.setattr("tests.engine.handling.already_done", lambda _session, _text: False)
    with pytest.raises(AssertionError):
        _die_everywhere(stage(sqlite_database), _check)
