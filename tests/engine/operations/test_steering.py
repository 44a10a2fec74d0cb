"""Dry runs of what was possible before: cancel, suspend, resume, set variables."""

import pytest

from engine.errors import Conflict, InvalidInput
from engine.runtime import instances, operations
from engine.runtime.operations import Cancel, Resume, SetVariables, Suspend
from tests.engine.conftest import Play
from tests.engine.operations.doing import do, names

_FAMILY = """start fork call join end \n fork a join <callActivity id="call" calledElement="q"/>
    <userTask id="a" camunda:dueDate="PT4H"/><boundaryEvent id="late" on="a" duration="PT1H"/> late end_late"""


def _family(play: Play) -> tuple[str, str]:
    play.deploy("start b end_q", "q")
    case = play.begin(_FAMILY)
    return case, play.instances("q")[0].id


def test_cancelling_says_what_closes_also_in_called_processes(play: Play) -> None:
    """Tasks, timers and called processes are named before, and gone after."""
    case, _ = _family(play)
    done = do(play, Cancel(case))
    assert names(done.closes) == ["instance p", "instance q", "task a", "task b", "timer late"]
    assert done.state == "cancelled"
    with pytest.raises(Conflict):
        do(play, Cancel(case))


def test_cancelling_a_called_process_takes_the_call_along(play: Play) -> None:
    """As in Camunda 7: its caller's activity is cancelled, and a caller left with nothing is cancelled, too."""
    case, child = _family(play)
    done = do(play, Cancel(child))
    assert names(done.closes) == ["instance q", "task b"]
    assert (play.state(case)[0], play.state(child)[0]) == ("active", "cancelled")
    assert [event.element_id for event in play.events(case, "ElementCancelled")] == ["call"]
    play.deploy('start call end <callActivity id="call" calledElement="q"/>', "r")
    case = play.start("r")
    do(play, Cancel(play.instances("q")[1].id))
    assert play.state(case)[0] == "cancelled"


def test_a_suspended_case_can_be_cancelled_from_its_root_only(play: Play) -> None:
    """Its caller stands still, so a called process waits for the caller."""
    case, child = _family(play)
    do(play, Suspend(case))
    with pytest.raises(Conflict):
        do(play, Cancel(child))
    do(play, Cancel(case))
    assert {row.state for row in play.instances()} == {"cancelled"}


def test_suspending_and_resuming_name_what_is_paused(play: Play) -> None:
    """Tasks with their deadlines, timers and called processes; nothing closes."""
    case, _ = _family(play)
    paused = do(play, Suspend(case))
    assert (paused.closes, paused.opens, paused.state) == ((), (), "suspended")
    changed = {(change.after.kind, change.after.element_id) for change in paused.changes}
    assert {("task", "a"), ("task", "b"), ("timer", "late"), ("instance", None)} <= changed
    assert {change.after.facts["suspended"] for change in paused.changes if change.after.kind in ("task", "timer")} == {True}
    resumed = do(play, Resume(case))
    assert {(change.after.kind, change.after.element_id) for change in resumed.changes} == changed
    assert resumed.state == "active"


def test_variables_before_and_after_with_changes_of_type(play: Play) -> None:
    """New, changed, removed; what stays the same is not named; conditional events look at once."""
    case = play.begin('start a end <boundaryEvent id="high" on="a" condition="n &gt; 5"/> high b end_b', n=1, kind="x", gone=True, same=[1])
    done = do(play, SetVariables(case, {"n": 7, "kind": 3, "new": None, "same": [1]}, removed=("gone", "never")))
    changes = {change.name: change for change in done.variables}
    assert sorted(changes) == ["gone", "kind", "n", "new"]
    assert (changes["kind"].changes_type, changes["n"].changes_type) == (True, False)
    assert (changes["new"].was_there, changes["gone"].is_there) == (False, False)
    assert (names(done.closes), names(done.opens)) == (["task a"], ["task b"])
    assert play.variables(case) == {"n": 7, "kind": 3, "new": None, "same": [1]}
    assert {event.data["reason"] for event in play.events(case, "VariableChanged")} == {"because"}


def test_variables_of_one_scope(play: Play) -> None:
    """A round's own variable is set without touching the process's."""
    case = play.begin('start a end <userTask id="a" each="items" item="it"/>', items=[1, 2], it=0)
    first = play.tasks()[0].id
    done = do(play, SetVariables(case, {"it": 5}, scope=first))
    assert [(change.scope, change.before, change.after) for change in done.variables] == [(first, 1, 5)]
    with pytest.raises(InvalidInput):
        do(play, SetVariables(case, {"it": 5}, scope="nothing"))
    with pytest.raises(InvalidInput):
        do(play, SetVariables(case, {"initiator": 5}))


def test_an_unchanged_revision_is_demanded_by_every_operation(play: Play) -> None:
    """What was seen is what is done."""
    case = play.begin("start a end")
    planned = operations.plan(play.engine, Cancel(case))
    instances.set_variables(play.engine, case, {"n": 1}, "li", "x")
    with pytest.raises(Conflict, match="preview"):
        operations.apply(play.engine, Cancel(case), actor="boss", reason="x", expected=planned.revision)
    assert play.state(case)[0] == "active"
