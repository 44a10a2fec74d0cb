"""Operations while others work on the same case: one winner, a clear answer for the other, nothing half done."""

import pytest

from engine.errors import Conflict, OpsbookError
from engine.runtime import jobs, operations, user_tasks
from engine.runtime.operations import Cancel, Modify, migration
from engine.runtime.operations.migration import Migrate
from tests.engine.conftest import Play
from tests.engine.operations.doing import before, cancel
from tests.engine.test_at_once import _at_once


@pytest.mark.parametrize("attempt", range(5))
def test_a_task_is_completed_while_it_is_moved(once: Play, attempt: int) -> None:
    """Either the person or the operator was first; the case stands at exactly one place."""
    case = once.begin("start a b end")
    task, engine = once.task("a"), once.engine
    operation = Modify(case, (cancel("a"), before("b")))
    seen = operations.plan(engine, operation).revision
    raised = _at_once(
        [
            lambda: user_tasks.complete(engine, task.id, {}, "li"),
            lambda: operations.apply(engine, operation, actor="boss", reason="x", expected=seen),
        ]
    )
    assert [isinstance(error, Conflict) for error in raised].count(True) == 1, raised
    assert once.open_elements() == ["b"]
    done = once.events(case, "UserTaskCompleted", "CaseModified")
    assert len(done) == 1
    events = once.events(case)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))


def test_two_people_do_the_same_operation(once: Play) -> None:
    """The second is told that the case has changed, and the first one's result stands."""
    case = once.begin("start a b end")
    engine, operation = once.engine, Modify(case, (before("b"), cancel("a")))
    seen = operations.plan(engine, operation).revision
    raised = _at_once([lambda: operations.apply(engine, operation, actor="boss", reason="x", expected=seen)] * 2)
    assert sorted(type(error).__name__ for error in raised) == ["Conflict", "NoneType"]
    assert once.open_elements() == ["b"]


def test_a_job_runs_while_its_case_is_cancelled(once: Play) -> None:
    """The job's effect and the cancelled case: one of them, in order, and no job is left over."""
    once.deploy('start a s end <serviceTask id="s" topic="test.mark"/>')
    case = once.start("p")
    user_tasks.complete(once.engine, once.task("a").id, {}, "li")
    engine = once.engine
    raised = _at_once([lambda: jobs.run_next(engine, "w"), lambda: operations.apply(engine, Cancel(case), actor="boss", reason="x")])
    assert all(error is None or isinstance(error, OpsbookError) for error in raised), raised
    assert once.state(case)[0] in ("completed", "cancelled")
    once.run()
    assert once.open_incidents() == []


def test_a_case_is_migrated_while_a_task_of_it_is_completed(once: Play) -> None:
    """Both happen, one after the other: the task ends in the version in which it was completed, the case goes on in the new one, or is refused whole."""
    case = once.begin("start a b end")
    once.deploy("start a b c end")
    engine = once.engine
    plan = migration.generate(engine, "p:1", "p:2")
    task = once.task("a")
    raised = _at_once(
        [
            lambda: user_tasks.complete(engine, task.id, {}, "li"),
            lambda: operations.apply(engine, Migrate(case, plan), actor="boss", reason="x"),
        ]
    )
    assert [error for error in raised if error is not None and not isinstance(error, Conflict)] == []
    if raised[0] is not None:  # the task's row was changed by the migration between the look and the lock
        once.complete("a")
    once.complete("b")
    assert once.open_elements() == ["c"]
