"""Commands on whole cases, and the history they leave."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.errors import Conflict, InvalidInput, NotFound
from engine.runtime import assignment, incidents, instances, user_tasks
from tests.engine.conftest import Play, form


def test_the_history_has_no_gap_and_knows_who(play: Play) -> None:
    """Given a case with two people, then its events count 1, 2, 3 … and each says whose command it was."""
    case = play.begin("start a b end")
    play.complete("a", actor="li")
    play.complete("b", actor="wang")
    events = play.events(case)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.type for event in events][:4] == ["InstanceStarted", "ElementEntered", "ElementCompleted", "FlowTaken"]
    assert [event.actor for event in events if event.type == "UserTaskCompleted"] == ["li", "wang"]
    assert events[-1].type == "InstanceCompleted"


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'mallory'", "DELETE FROM event"])
def test_nobody_rewrites_the_history(once: Play, statement: str) -> None:
    """The database itself refuses."""
    once.begin("start a end")
    with pytest.raises(DBAPIError, match="append-only"), once.engine.database.transaction() as session:
        session.execute(text(statement))


def test_a_suspended_case_stands_still(play: Play) -> None:
    """Tasks cannot be completed, claimed or changed until it is resumed; called cases stand still, too."""
    play.deploy("start b end_q", "q")
    case = play.begin('start fork a end \n fork call end_c <callActivity id="call" calledElement="q"/>')
    instances.suspend(play.engine, case, "boss", "waiting for the customer")
    for element in ("a", "b"):
        with pytest.raises(Conflict):
            play.complete(element)
        with pytest.raises(Conflict):
            assignment.claim(play.engine, play.task(element).id, "li")
    assert {task.suspended for task in play.tasks()} == {True}
    with pytest.raises(Conflict):
        instances.suspend(play.engine, case, "boss")
    instances.resume(play.engine, case, "boss")
    for element in ("a", "b"):
        play.complete(element)
    assert play.ended(case) is not None
    assert play.events(case, "InstanceSuspended")[0].data == {"reason": "waiting for the customer"}


def test_cancelling_says_why_and_closes_everything(play: Play) -> None:
    """Tasks, timers, subscriptions and jobs are withdrawn; the history keeps the reason."""
    case = play.begin(
        """start fork a end \n fork m end_m \n fork s end_s <intermediateCatchEvent id="m" message="news"/>
        <serviceTask id="s" topic="test.flaky"/><boundaryEvent id="late" on="a" duration="PT1H"/> late end_late""",
        "K",
    )
    instances.cancel(play.engine, case, "boss", "customer withdrew")
    assert (play.tasks(), play.timers(), play.open_incidents()) == ([], [], [])
    play.message("news", "K")
    play.advance(days=1)
    assert play.state(case) == ("cancelled", None)
    assert play.events(case, "InstanceCancelRequested")[0].data == {"reason": "customer withdrew"}
    assert len(play.flaky.keys) == 1


def test_variables_are_corrected_with_a_reason(play: Play) -> None:
    """The change is recorded with before, after, who and why; reserved names are refused."""
    case = play.begin("start a end", n=1)
    instances.set_variables(play.engine, case, {"n": 2}, "boss", "typo")
    (event,) = play.events(case, "VariableChanged")
    assert (event.actor, event.data) == ("boss", {"name": "n", "before": 1, "after": 2, "scope": None, "reason": "typo"})
    for name in ("initiator", "parameters", "business_key", "instance_id"):
        with pytest.raises(InvalidInput):
            instances.set_variables(play.engine, case, {name: 1}, "boss")
        with pytest.raises(InvalidInput):
            instances.start(play.engine, "p", {name: 1})


def test_expressions_know_the_case(play: Play) -> None:
    """initiator, business_key and instance_id are there everywhere."""
    case = play.begin('start a end <userTask id="a" camunda:assignee="=initiator" name="${business_key}"/>', "K7")
    task = play.task("a")
    assert (task.assignee, task.name, task.instance_id) == ("tester", "K7", case)


def test_starting_what_is_not_there_or_not_meant_to_be_started(play: Play) -> None:
    """An unknown process is not found; one that only a message starts is refused."""
    with pytest.raises(NotFound):
        play.start("nothing")
    play.deploy('start a end <startEvent id="start" message="order"/>')
    with pytest.raises(InvalidInput):
        play.start("p")


def test_a_running_case_keeps_its_version(play: Play) -> None:
    """Given a new version, when the old case goes on, then it goes on by the old diagram; a new case takes the new one."""
    old = play.begin("start a old end")
    play.deploy("start a new end")
    new = play.start("p")
    for case in (old, new):
        play.complete("a", instance=case)
    assert (play.open_elements(old), play.open_elements(new)) == (["old"], ["new"])


def test_claiming_and_giving_back(play: Play) -> None:
    """Only who has a task completes it or gives it back; an assignment says why."""
    case = play.begin("start a end")
    task = play.task("a")
    assignment.claim(play.engine, task.id, "li")
    assignment.claim(play.engine, task.id, "li")
    with pytest.raises(Conflict):
        assignment.claim(play.engine, task.id, "wang")
    with pytest.raises(Conflict):
        user_tasks.complete(play.engine, task.id, {}, "wang")
    with pytest.raises(Conflict):
        assignment.unclaim(play.engine, task.id, "wang")
    assignment.unclaim(play.engine, task.id, "li")
    assignment.assign(play.engine, task.id, "wang", "boss", "knows the device")
    user_tasks.complete(play.engine, task.id, {}, "wang")
    assert [event.type for event in play.events(case) if event.type.startswith("UserTask")] == [
        "UserTaskCreated",
        "UserTaskClaimed",
        "UserTaskUnclaimed",
        "UserTaskAssigned",
        "UserTaskCompleted",
    ]
    with pytest.raises(Conflict):
        user_tasks.complete(play.engine, task.id, {}, "wang")


def test_a_draft_is_kept_and_goes_with_the_task(play: Play) -> None:
    """Saving a draft moves nothing; completing removes it."""
    case = play.begin('start a end <userTask id="a" camunda:formRef="f"/>', files=form("f", note="textfield"))
    task = play.task("a")
    user_tasks.save_draft(play.engine, task.id, {"note": "half"}, "li")
    assert (play.task("a").draft, play.task("a").draft_by) == ({"note": "half"}, "li")
    play.complete("a", actor="li", note="whole")
    assert play.variables(case) == {"note": "whole"}
    with pytest.raises(Conflict):
        user_tasks.save_draft(play.engine, task.id, {"note": "late"}, "li")
    with pytest.raises(NotFound):
        user_tasks.save_draft(play.engine, "nothing", {}, "li")


def test_an_incident_is_resolved_once(play: Play) -> None:
    """Unknown and resolved incidents cannot be resolved."""
    play.begin('start s end <serviceTask id="s" topic="test.flaky"/>')
    play.advance(hours=1)
    (incident,) = play.open_incidents()
    play.flaky.broken = None
    play.retry()
    with pytest.raises(Conflict):
        incidents.resolve(play.engine, incident.id, "boss")
    with pytest.raises(NotFound):
        incidents.resolve(play.engine, "nothing", "boss")


@pytest.mark.parametrize("script", ["n.x.y + 1", "sum(n)", "if n then 1 else 2", "{a: b}"])
def test_feel_gives_null_rather_than_an_error(play: Play, script: str) -> None:
    """What makes no sense is null, and the case goes on."""
    case = play.begin(
        f'start x end <scriptTask id="x" scriptFormat="feel" camunda:resultVariable="r"><script>{script}</script></scriptTask>', n="text"
    )
    assert play.ended(case) == "end"


def test_an_expression_that_is_stopped_is_an_incident_that_can_be_mended(play: Play) -> None:
    """Given an expression that would run for ever, then it is stopped, and after the correction the case goes on."""
    case = play.begin(
        """start x end <scriptTask id="x" scriptFormat="feel" camunda:resultVariable="r"><script>count(for i in 1..n, j in 1..n, k in 1..n return 1)
        </script></scriptTask>""",
        n=5000,
    )
    assert [incident.element_id for incident in play.open_incidents()] == ["x"]
    play.set(case, n=2)
    play.retry()
    assert play.ended(case) == "end"
    assert play.variables(case)["r"] == 8
