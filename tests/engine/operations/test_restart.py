"""Restarting a finished case as a new, linked one."""

import pytest

from engine.errors import Conflict, InvalidInput
from engine.runtime import instances
from engine.runtime.operations import Restart
from tests.engine.conftest import Play, form
from tests.engine.operations.doing import before, cancel, do, names

_FORM = '<userTask id="a" camunda:formRef="f"/>'


def _finished(play: Play) -> str:
    case = play.begin(f"start a b end {_FORM}", "K", files=form("f", note="textfield"), n=1)
    play.complete("a", note="done")
    play.complete("b")
    assert play.ended(case) == "end"
    return case


def test_a_completed_case_begins_again_with_its_last_variables(play: Play) -> None:
    """The new case has the old one's key; the old one stays closed, and both know each other."""
    old = _finished(play)
    done = do(play, Restart(old))
    assert done.started is not None
    assert names(done.opens) == ["instance p", "task a"]
    assert play.open_elements(done.started) == ["a"]
    assert play.variables(done.started) == {"n": 1, "note": "done"}
    assert [(row.id, row.state, row.business_key) for row in play.instances()] == [(old, "completed", "K"), (done.started, "active", "K")]
    (told,) = play.events(old, "CaseRestarted")
    assert (told.data["instance_id"], told.data["reason"], told.actor) == (done.started, "because", "boss")
    assert play.events(done.started, "InstanceStarted")[0].data["restarted_from"] == old
    assert [event.sequence for event in play.events(old)] == list(range(1, len(play.events(old)) + 1))


def test_a_restart_with_the_first_variables_before_a_chosen_element(play: Play) -> None:
    """As Camunda 7 restarts: initial variables, start before."""
    done = do(play, Restart(_finished(play), (before("b", extra=2),), "initial", keeps_business_key=False))
    assert done.started is not None
    assert play.open_elements(done.started) == ["b"]
    assert play.variables(done.started) == {"n": 1, "extra": 2}
    assert play.instances()[1].business_key is None
    play.complete("b", instance=done.started)
    assert play.ended(done.started) == "end"


def test_cancelled_and_failed_cases_restart_too(play: Play) -> None:
    """By a newer version, if the person wants."""
    case = play.begin("start a end")
    instances.cancel(play.engine, case, "boss", "mistake")
    play.deploy("start a new end")
    for definition, expected in ((None, "end"), ("p:2", "new")):
        done = do(play, Restart(case, definition_id=definition))
        play.complete("a", instance=done.started)
        assert done.started is not None
        assert (play.ended(done.started) or play.open_elements(done.started)[0]) == expected
    play.deploy('start a end_fail <endEvent id="end_fail" error="E"/>', "q")
    failed = play.start("q")
    play.complete("a", instance=failed)
    assert play.state(failed)[0] == "failed"
    assert do(play, Restart(failed)).started is not None


def test_event_sub_processes_watch_a_case_that_is_restarted_in_the_middle(play: Play) -> None:
    """Everything that would be there is there."""
    body = (
        """start a b end <subProcess id="ev" triggeredByEvent="true">begin c end_c <startEvent id="begin" message="stop"/></subProcess>"""
    )
    case = play.begin(body, "K")
    instances.cancel(play.engine, case, "boss", "mistake")
    done = do(play, Restart(case, (before("b"),)))
    assert names(done.opens) == ["instance p", "subscription begin", "task b"]
    play.message("stop", "K")
    assert play.open_elements() == ["c"]


def test_what_cannot_be_restarted(play: Play) -> None:
    """A running case, a called one, one that only a message starts without a place to begin, another process, a cancel instruction."""
    play.deploy("start b end_q", "q")
    play.deploy('start a end_m <startEvent id="start" message="order"/>', "m")
    case = play.begin('start call end <callActivity id="call" calledElement="q"/>')
    with pytest.raises(Conflict, match="still runs"):
        do(play, Restart(case))
    play.complete("b")
    with pytest.raises(Conflict, match="called by another"):
        do(play, Restart(play.instances("q")[0].id))
    for operation in (Restart(case, (cancel("call"),)), Restart(case, definition_id="q:1")):
        with pytest.raises(InvalidInput):
            do(play, operation)
    play.message("order", "K")
    ordered = play.instances("m")[0].id
    instances.cancel(play.engine, ordered, "boss", "x")
    with pytest.raises(InvalidInput, match="choose the element"):
        do(play, Restart(ordered))
    assert do(play, Restart(ordered, (before("a"),))).started is not None
