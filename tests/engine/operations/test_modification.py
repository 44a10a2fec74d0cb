"""Moving tokens of a running case, as Camunda 7's process instance modification does."""

from typing import Any

import pytest

from engine.errors import Conflict, InvalidInput
from engine.runtime import instances, operations
from engine.runtime.execution.moving import CannotMove
from engine.runtime.operations import Instruction, Modify
from tests.engine.conftest import Play, form
from tests.engine.operations.doing import after, before, cancel, cancel_run, flow, modify, names


def test_a_task_goes_back_to_an_earlier_one(play: Play) -> None:
    """Given a case at b, when b is cancelled and a started, then a is open again with the variable that came along, and b comes after it."""
    case = play.begin('start a b end <boundaryEvent id="late" on="b" duration="PT1H"/> late end_late', n=1)
    play.complete("a")
    done = modify(play, case, cancel("b"), before("a", why="photo is blurred"))
    assert (names(done.closes), names(done.opens)) == (["task b", "timer late"], ["task a"])
    assert [(change.name, change.after) for change in done.variables] == [("why", "photo is blurred")]
    assert play.open_elements() == ["a"]
    play.complete("a")
    play.complete("b")
    assert play.ended(case) == "end"
    assert play.path(case) == ["start", "a", "a", "b", "end"]


def test_the_history_keeps_instructions_reason_before_and_after(play: Play) -> None:
    """Who, why, what exactly, where the tokens were and where they are then; the cause comes before its effects."""
    case = play.begin("start a b end")
    modify(play, case, cancel("a"), before("b", n=2))
    (event,) = play.events(case, "CaseModified")
    assert event.actor == "boss"
    assert event.data["reason"] == "because"
    assert event.data["instructions"] == [
        {"kind": "cancel", "element_id": "a"},
        {"kind": "start_before", "element_id": "b", "variables": {"n": 2}},
    ]
    assert [item["element_id"] for item in event.data["before"]] == ["a"]
    assert [item["element_id"] for item in event.data["after"]] == ["b"]
    assert event.sequence < play.events(case, "ElementCancelled")[0].sequence
    assert [item.sequence for item in play.events(case)] == list(range(1, len(play.events(case)) + 1))


def test_a_plan_changes_nothing(play: Play) -> None:
    """The dry run says what would be, and nothing is."""
    case = play.begin('start a b end <serviceTask id="b" topic="test.echo"/>')
    known = (play.events(case), play.tasks()[0].id)
    outcome = operations.plan(play.engine, Modify(case, (cancel("a"), before("b"))))
    assert (names(outcome.closes), names(outcome.opens)) == (["task a"], ["job b"])
    assert ([event.sequence for event in play.events(case)], play.tasks()[0].id) == ([event.sequence for event in known[0]], known[1])
    play.run()
    assert play.open_elements() == ["a"]


def test_a_plan_names_whom_it_affects_and_what_is_run_through(play: Play) -> None:
    """The assignee of the closed task; the elements between the start and the next wait; the new task's candidates and deadline."""
    case = play.begin(
        """start a x b end <userTask id="a" camunda:assignee="li"/>
        <scriptTask id="x" scriptFormat="feel" camunda:resultVariable="n"><script>n + 1</script></scriptTask>
        <userTask id="b" camunda:candidateGroups="office" camunda:dueDate="PT2H"/>""",
        n=1,
    )
    outcome = operations.plan(play.engine, Modify(case, (cancel("a"), before("x"))))
    assert outcome.affected_people() == {"li"}
    assert [item.element_id for item in outcome.passes] == ["x"]
    (task,) = outcome.opens
    assert task.facts["candidates"] == ["group:office"]
    assert (task.facts["due_at"] - play.clock.now()).total_seconds() == 7200
    (change,) = outcome.variables
    assert (change.name, change.before, change.after, change.changes_type) == ("n", 1, 2, False)


def test_start_after_and_on_a_flow(play: Play) -> None:
    """start_after takes the only exit; where there are several, one of them is chosen by its flow."""
    play.deploy("start a choose [n = 1] b end_b \n choose / c end_c")
    case = play.start("p", n=1)
    with pytest.raises(CannotMove) as refused:
        modify(play, case, after("choose"))
    assert len(refused.value.details["flow_ids"]) == 2
    last = refused.value.details["flow_ids"][-1]
    modify(play, case, cancel("a"), after("a"))
    assert play.open_elements() == ["b"]
    modify(play, case, cancel("b"), flow(last))
    assert play.open_elements() == ["c"]
    assert last in [event.data["flow_id"] for event in play.events(case, "FlowTaken")]


_SUB = """start sub end <subProcess id="sub"> begin fork b join_in end_in \n fork c join_in
    <startEvent id="begin"/></subProcess><boundaryEvent id="late" on="sub" duration="PT1H"/> late d end_late"""


def test_starting_inside_a_sub_process_opens_it_with_its_boundary_events(play: Play) -> None:
    """Given the sub-process is not active, when one of its elements is started, then it is opened without its start event."""
    case = play.begin(f"start a sub end {_SUB.partition('end ')[2]}")
    done = modify(play, case, cancel("a"), before("b"))
    assert names(done.opens) == ["task b", "timer late"]
    play.advance(hours=1)
    assert play.open_elements() == ["d"]


def test_starting_inside_a_running_sub_process_uses_it(play: Play) -> None:
    """Nothing is opened twice, and the plan says that the parallel join can then never complete, with two arrivals on one flow and none on the other."""
    case = play.begin(_SUB)
    play.complete("b")
    done = modify(play, case, cancel("c"), before("b"))
    assert (names(done.closes), names(done.opens)) == (["task c"], ["incident join_in", "task b"])
    assert names(done.keeps) == ["instance p", "timer late", "token join_in"]


def test_a_sub_process_that_loses_its_last_token_goes_too(play: Play) -> None:
    """As in Camunda 7: cancelling first ends the scope, starting first keeps it."""
    for first_start, timers in ((False, 1), (True, 0)):
        case = play.begin(_SUB)
        instructions = [cancel("b"), cancel("c"), before("b")]
        done = modify(play, case, *(reversed(instructions) if first_start else instructions))
        assert names(done.closes).count("timer late") == timers
        assert play.open_elements(case) == ["b"]


def test_a_case_without_a_token_is_cancelled(play: Play) -> None:
    """Taking the last token ends the case; the plan says so."""
    case = play.begin("start a end")
    done = modify(play, case, cancel("a"))
    assert done.state == "cancelled"
    assert names(done.closes) == ["instance p", "task a"]
    assert play.state(case) == ("cancelled", None)


def test_everything_is_cancelled_by_the_id_of_the_instance(play: Play) -> None:
    """And a new token keeps the case alive."""
    case = play.begin("start fork a join end \n fork b join")
    modify(play, case, cancel_run(case), before("join"), before("a"))
    assert play.open_elements() == ["a"]
    play.complete("a")
    assert play.ended(case) is None  # the token put before the join counted as the arrival from a; one from b is missing
    modify(play, case, before("b"))
    play.complete("b")
    assert play.ended(case) is None


def test_a_token_before_a_join_counts_as_the_arrival_that_is_missing(play: Play) -> None:
    """Given a waits at the join's other side, when a token is put before the join, then it opens."""
    case = play.begin("start fork a join end \n fork b join")
    play.complete("b")
    modify(play, case, cancel("a"), before("join"))
    assert play.ended(case) == "end"


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_rounds_are_taken_and_added(play: Play, sequential: str) -> None:
    """One round of a parallel multi-instance may be cancelled or added; the last takes the whole; sequential ones refuse another."""
    case = play.begin(f'start a end <userTask id="a" times="3" sequential="{sequential}"/>')
    body = next(item.parent_id for item in play.all(_element_runs(case)) if item.element_id == "a" and item.parent_id)
    if sequential == "true":
        with pytest.raises(CannotMove):
            modify(play, case, before("a", body))
        modify(play, case, cancel_run(play.task("a").id), before("a"))
        assert len(play.tasks()) == 1
        return
    modify(play, case, cancel_run(play.tasks()[0].id), before("a", body, x=1), before("a", body))
    assert len(play.tasks()) == 4
    for _ in range(4):
        assert play.ended(case) is None
        play.complete_any("a")
    assert play.ended(case) == "end"


def test_inside_several_rounds_the_one_meant_must_be_named(play: Play) -> None:
    """Ambiguous scopes are refused with their ids; with one of them it works."""
    case = play.begin('start sub end <subProcess id="sub" times="2">begin b c end_in <startEvent id="begin"/></subProcess>')
    with pytest.raises(CannotMove) as refused:
        modify(play, case, before("c"))
    ids = refused.value.details["element_instance_ids"]
    assert len(ids) == 2
    modify(play, case, before("c", ids[0]))
    assert play.open_elements() == ["b", "b", "c"]
    play.complete("c")
    play.complete_any("b")
    play.complete("c")
    assert play.ended(case) is None


def test_a_multi_instance_sub_process_opened_by_hand_has_one_round(play: Play) -> None:
    """As in Camunda 7."""
    case = play.begin(
        'start a sub end <subProcess id="sub" each="items" item="it">begin b end_in <startEvent id="begin"/></subProcess>', items=[1, 2, 3]
    )
    modify(play, case, cancel("a"), before("b"))
    play.complete("b")
    assert play.ended(case) == "end"


def test_local_variables_belong_to_the_new_token(play: Play) -> None:
    """They are seen by the element and gone with it."""
    case = play.begin('start a b end <userTask id="b" camunda:assignee="=who"/>')
    modify(play, case, cancel("a"), Instruction("start_before", "b", local_variables={"who": "li"}))
    assert play.task("b").assignee == "li"
    play.complete("b")
    assert play.variables(case) == {}


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_events_happen_by_hand(play: Play, interrupting: str) -> None:
    """Starting before a boundary event or an event sub-process is as if its event had happened."""
    case = play.begin(
        f"""start a end <boundaryEvent id="told" on="a" message="told" cancelActivity="{interrupting}"/> told b end_b
        <subProcess id="ev" triggeredByEvent="true">begin c end_c <startEvent id="begin" message="other" isInterrupting="{interrupting}"/></subProcess>"""
    )
    modify(play, case, before("told"))
    assert play.open_elements() == (["b"] if interrupting == "true" else ["a", "b"])
    modify(play, case, before("begin"))
    assert play.open_elements() == (["c"] if interrupting == "true" else ["a", "b", "c"])
    modify(play, case, before("ev"))
    assert play.open_elements().count("c") == (1 if interrupting == "true" else 2)


def test_compensation_can_be_thrown_by_hand(play: Play) -> None:
    """Given a completed activity with a handler, when the throwing event is started, then the activity is undone."""
    case = play.begin('start a b undo end <boundaryEvent id="on_a" on="a" by="undo_a"/><intermediateThrowEvent id="undo" compensate=""/>')
    play.complete("a")
    modify(play, case, cancel("b"), before("undo"))
    assert play.open_elements() == ["undo_a"]


def test_what_was_moved_can_be_undone(play: Play) -> None:
    """A sub-process opened by hand remembers what completed in it; a compensation handler itself is not started by hand."""
    case = play.begin(
        """start x sub c undo end <subProcess id="sub">begin a b end_in <startEvent id="begin"/><boundaryEvent id="on_a" on="a" by="undo_a"/></subProcess>
        <intermediateThrowEvent id="undo" compensate=""/>"""
    )
    modify(play, case, before("b"), before("a"), cancel("x"))
    for element in ("a", "b", "b", "c"):
        play.complete_any(element)
    assert play.open_elements() == ["undo_a"]
    for element in ("undo_a", "on_a"):
        with pytest.raises(CannotMove, match="only undoes"):
            modify(play, case, before(element))
    modify(play, case, cancel("undo_a"), before("end"))
    assert play.ended(case) == "end"


def test_jobs_and_incidents_of_a_cancelled_element_go(play: Play) -> None:
    """A token that waits with a failed job, or before an asynchronous activity, can be moved."""
    case = play.begin('start s a end <serviceTask id="s" topic="test.flaky"/><userTask id="a" camunda:asyncBefore="true"/>')
    play.advance(hours=1)
    assert len(play.open_incidents()) == 1
    done = modify(play, case, cancel("s"), after("s"))
    assert names(done.closes) == ["incident s", "job s"]
    assert (play.open_elements(), play.open_incidents()) == (["a"], [])


def test_emptying_a_called_process_cancels_the_call(play: Play) -> None:
    """As in Camunda 7: the cancellation goes up while nothing else is left there."""
    play.deploy("start b end_q", "q")
    case = play.begin('start fork call join end \n fork a join <callActivity id="call" calledElement="q"/>')
    child = play.instances("q")[0].id
    done = modify(play, child, cancel("b"))
    assert names(done.closes) == ["instance q", "task b"]
    assert (play.state(child)[0], play.state(case)[0], play.open_elements()) == ("cancelled", "active", ["a"])
    modify(play, case, before("call"), cancel("a"))
    child = play.instances("q")[1].id
    modify(play, child, cancel("b"))
    assert {row.state for row in play.instances()} == {"cancelled"}


def test_cancelling_a_call_from_its_caller_cancels_the_called_process(play: Play) -> None:
    """And starting the call again starts another one."""
    play.deploy("start b end_q", "q")
    case = play.begin('start call end <callActivity id="call" calledElement="q"/>')
    done = modify(play, case, before("call"), cancel("call"))
    assert (names(done.closes), names(done.opens)) == (["instance q", "task b"], ["instance q", "task b"])
    assert [row.state for row in play.instances("q")] == ["cancelled", "active"]


@pytest.mark.parametrize(
    ("instructions", "words"),
    [
        ([], "nothing to do"),
        ([before("nowhere")], "no element nowhere"),
        ([flow("nowhere")], "no sequence flow"),
        ([cancel("b")], "not active"),
        ([cancel_run("nothing")], "not in this instance"),
        ([before("p")], "inside the process"),
        ([after("end")], "0 outgoing flows"),
        ([before("b", business_key="x")], "reserved"),
    ],
)
def test_what_makes_no_sense_is_refused_with_advice(play: Play, instructions: list[Instruction], words: str) -> None:
    """Nothing is done, also when an earlier instruction was right."""
    case = play.begin("start a b end")
    valid = [cancel("a")] if instructions else []
    with pytest.raises(InvalidInput, match=words):
        operations.apply(play.engine, Modify(case, (*valid, *instructions)), actor="boss", reason="x")
    assert play.open_elements() == ["a"]
    assert play.events(case, "CaseModified") == []


def test_an_event_that_only_watches_cannot_be_cancelled_by_itself(play: Play) -> None:
    """The advice is to cancel the activity it belongs to."""
    case = play.begin('start a end <boundaryEvent id="late" on="a" duration="PT1H"/> late end_late')
    with pytest.raises(CannotMove, match="only waits"):
        modify(play, case, cancel_run(play.timers()[0].id))


def test_somebody_else_was_faster(play: Play) -> None:
    """Given a preview, when a colleague completes the task meanwhile, then nothing is done and the person is told."""
    case = play.begin("start a b c end")
    operation = Modify(case, (cancel("a"), before("c")))
    planned = operations.plan(play.engine, operation)
    play.complete("a")
    with pytest.raises(Conflict, match="preview"):
        operations.apply(play.engine, operation, actor="boss", reason="x", expected=planned.revision)
    assert play.open_elements() == ["b"]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 4001])
def test_a_reason_is_obligatory(play: Play, reason: str) -> None:
    """Empty, blank and endless ones are refused."""
    case = play.begin("start a end")
    with pytest.raises(InvalidInput, match="reason"):
        operations.apply(play.engine, Modify(case, (cancel("a"),)), actor="boss", reason=reason)


def test_suspended_and_ended_cases_are_not_modified(play: Play) -> None:
    """Resume first; an ended one can be restarted."""
    case = play.begin("start a end", files=form("f"))
    instances.suspend(play.engine, case, "boss", "x")
    with pytest.raises(Conflict, match="resume it first"):
        modify(play, case, cancel("a"))
    instances.resume(play.engine, case, "boss", "x")
    play.complete("a")
    with pytest.raises(Conflict, match="has ended"):
        modify(play, case, before("a"))


def _element_runs(case: str) -> Any:
    from sqlalchemy import select

    from engine.storage.tables import ElementInstance

    return select(ElementInstance).where(ElementInstance.instance_id == case)
