"""Compensation: what completed is undone, last first."""

import pytest
from sqlalchemy import select

from engine.storage.tables import ProcessInstance
from tests.engine.conftest import Play

_TWO = """start a b c undo end
<boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
<intermediateThrowEvent id="undo" compensate=""/>"""


def _complete(play: Play, *elements: str) -> None:
    for element in elements:
        play.complete(element)


def _noted(handler: str, what: str) -> str:
    """A compensation activity that adds a value to the list `undone`."""
    return (
        f'<scriptTask id="{handler}" isForCompensation="true" scriptFormat="feel" camunda:resultVariable="undone">'
        f"<script>append(undone, {what})</script></scriptTask>"
    )


def test_what_completed_is_undone_last_first(play: Play) -> None:
    """Given two activities with handlers and one without, when compensation is thrown, then the handlers run one after the other, last first, and the case goes on."""
    case = play.begin(_TWO)
    _complete(play, "a", "b", "c")
    assert play.open_elements() == ["undo_b"]
    play.complete("undo_b")
    assert play.open_elements() == ["undo_a"]
    play.complete("undo_a")
    assert play.ended(case) == "end"
    assert play.path(case) == ["start", "a", "b", "c", "undo_b", "undo_a", "undo", "end"]


def test_one_activity_is_undone_and_the_rest_later(play: Play) -> None:
    """Given activityRef, when compensation is thrown, then only that activity is undone; a later throw undoes what is left, nothing twice."""
    case = play.begin(_TWO.replace("undo end", "undo rest undo_again end").replace('compensate=""', 'compensate="a"')
                      + '<intermediateThrowEvent id="undo_again" compensate=""/>')  # fmt: skip
    _complete(play, "a", "b", "c", "undo_a", "rest")
    assert play.open_elements() == ["undo_b"]
    play.complete("undo_b")
    assert play.ended(case) == "end"
    assert play.path(case).count("undo_a") == 1


def test_nothing_to_undo(play: Play) -> None:
    """Given that nothing completed yet, when compensation is thrown, then the case goes on at once."""
    case = play.begin('start undo a end <boundaryEvent id="on_a" on="a" by="undo_a"/><intermediateThrowEvent id="undo" compensate=""/>')
    play.complete("a")
    assert play.ended(case) == "end"


def test_an_activity_that_still_runs_is_not_undone(play: Play) -> None:
    """Given one branch at work, when another throws compensation, then the work goes on and is not undone."""
    case = play.begin(
        """start fork a join end \n fork b undo join
        <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
        <intermediateThrowEvent id="undo" compensate=""/>"""
    )
    play.complete("b")
    assert play.open_elements() == ["a", "undo_b"]
    _complete(play, "undo_b", "a")
    assert play.ended(case) == "end"


def test_an_interrupted_activity_is_not_undone(play: Play) -> None:
    """Given a sub-process left by its boundary event, when compensation is thrown, then nothing of it is undone."""
    case = play.begin(
        """start sub end \n late undo end_late <subProcess id="sub">start_in a b end_in <boundaryEvent id="on_a" on="a" by="undo_a"/></subProcess>
        <boundaryEvent id="late" on="sub" duration="PT1H"/><intermediateThrowEvent id="undo" compensate=""/>"""
    )
    play.complete("a")
    play.advance(hours=1)
    assert play.ended(case) == "end_late"


def test_a_loop_in_the_drawing_is_undone_once_for_each_round(play: Play) -> None:
    """Given an activity that completed three times, when compensation is thrown, then its handler runs three times."""
    case = play.begin(
        f"""start merge x choose / merge \n choose [n >= 3] undo end
        <scriptTask id="x" scriptFormat="feel" camunda:resultVariable="n"><script>n + 1</script></scriptTask>
        <boundaryEvent id="on_x" on="x" by="undo_x"/>{_noted("undo_x", "n")}<intermediateThrowEvent id="undo" compensate="x"/>""",
        n=0,
        undone=[],
    )
    assert play.ended(case) == "end"
    assert play.variables(case)["undone"] == [3, 3, 3]  # it sees the variables of its scope as they are now


@pytest.mark.parametrize("wait", ["true", "false"])
def test_an_end_event_undoes_and_the_case_ends_with_the_last_handler(play: Play, wait: str) -> None:
    """Given a compensation end event, waiting or not, then the case ends when all is undone."""
    case = play.begin(
        f'start a end <boundaryEvent id="on_a" on="a" by="undo_a"/><endEvent id="end" compensate="" waitForCompletion="{wait}"/>'
    )
    play.complete("a")
    assert play.ended(case) is None
    play.complete("undo_a")
    assert play.ended(case) == "end"


def test_without_waiting_the_thrower_goes_on_at_once(play: Play) -> None:
    """Given waitForCompletion="false", when compensation is thrown, then work goes on beside the undoing, also through an inclusive join."""
    case = play.begin(
        """start split b both end \n split c both
        <inclusiveGateway id="split"/><inclusiveGateway id="both"/>
        <subProcess id="b">start_b a undo d end_b <boundaryEvent id="on_a" on="a" by="undo_a"/>
          <intermediateThrowEvent id="undo" compensate="" waitForCompletion="false"/></subProcess>"""
    )
    play.complete("a")
    assert play.open_elements() == ["c", "d", "undo_a"]
    _complete(play, "d", "c")
    assert play.open_elements() == ["undo_a"]  # the sub-process is not over yet
    play.complete("undo_a")
    assert play.ended(case) == "end"


def test_undoing_beside_the_flow_does_not_hold_an_inclusive_join(play: Play) -> None:
    """Given waitForCompletion="false" before an inclusive join, then the join does not wait for the handlers."""
    play.begin(
        """start a split undo both e end \n split c both
        <inclusiveGateway id="split"/><inclusiveGateway id="both"/><boundaryEvent id="on_a" on="a" by="undo_a"/>
        <intermediateThrowEvent id="undo" compensate="" waitForCompletion="false"/>"""
    )
    _complete(play, "a", "c")
    assert play.open_elements() == ["e", "undo_a"]


_HANDLERS = {
    "user task": '<userTask id="h" isForCompensation="true"/>',
    "service task": '<serviceTask id="h" isForCompensation="true" topic="test.mark" in:value="undone" out:x="=answer"/>',
    "script": '<scriptTask id="h" isForCompensation="true" scriptFormat="feel" camunda:resultVariable="x"><script>"undone"</script></scriptTask>',
    "sub-process": '<subProcess id="h" isForCompensation="true">start_h u end_h</subProcess>',
    "call activity": '<callActivity id="h" isForCompensation="true" calledElement="q"/>',
    "multi-instance": '<userTask id="h" isForCompensation="true" times="2"/>',
    "later": '<userTask id="h" isForCompensation="true" camunda:asyncBefore="true" camunda:asyncAfter="true"/>',
}


@pytest.mark.parametrize("handler", _HANDLERS)
def test_any_activity_can_be_a_handler(play: Play, handler: str) -> None:
    """Given a handler of some kind, when compensation is thrown, then the case goes on when the handler has completed, and not before."""
    play.deploy("start v end_q", "q")
    case = play.begin(
        f'start a undo end <boundaryEvent id="on_a" on="a" by="h"/>{_HANDLERS[handler]}<intermediateThrowEvent id="undo" compensate=""/>'
    )
    play.complete("a")
    while play.tasks():
        assert play.ended(case) is None
        play.complete_any(play.tasks()[0].element_id)
    assert play.ended(case) == "end"
    assert play.path(case).index("h") < play.path(case).index("undo")


@pytest.mark.parametrize("kind", ['each="items" item="item"', 'each="items" item="item" sequential="true"', 'again="loopCounter &lt; 3"'])
def test_each_round_is_undone_with_its_own_item(play: Play, kind: str) -> None:
    """Given a multi-instance or loop that completed, when it is undone, then its handler runs for each round, last first, and sees the round's own variables."""
    case = play.begin(
        f"""start a undo end <task id="a" {kind}/><boundaryEvent id="on_a" on="a" by="h"/>
        {_noted("h", "if item = null then loopCounter else item")}<intermediateThrowEvent id="undo" compensate="a"/>""",
        items=[0, 1, 2],
        undone=[],
    )
    assert play.ended(case) == "end"
    assert play.variables(case)["undone"] == [2, 1, 0]


def test_rounds_that_ran_side_by_side_are_undone_side_by_side(play: Play) -> None:
    """Given a parallel multi-instance, when it is undone, then all its handlers are at work at once, and what completed before waits for all of them."""
    case = play.begin(
        """start a b undo end <task id="a"/><boundaryEvent id="on_a" on="a" by="undo_a"/>
        <task id="b" times="3"/><boundaryEvent id="on_b" on="b" by="undo_b"/><intermediateThrowEvent id="undo" compensate=""/>"""
    )
    for left in (3, 2, 1):
        assert play.open_elements() == ["undo_b"] * left
        play.complete_any("undo_b")
    assert play.open_elements() == ["undo_a"]
    play.complete("undo_a")
    assert play.ended(case) == "end"


def test_a_handler_may_wait_for_a_message(play: Play) -> None:
    """Given handlers that wait for a message, a receive task or an event sub-process inside the handler, then they get it."""
    case = play.begin(
        """start a b undo end <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
        <receiveTask id="undo_a" isForCompensation="true" message="returned"/>
        <subProcess id="undo_b" isForCompensation="true">c
          <subProcess id="on" triggeredByEvent="true">start_on d <startEvent id="start_on" message="changed"/></subProcess></subProcess>
        <intermediateThrowEvent id="undo" compensate=""/>""",
        "K",
    )
    _complete(play, "a", "b")
    play.message("changed", "K")
    assert play.open_elements() == ["d"]
    play.complete("d")
    play.message("returned", "K")
    assert play.ended(case) == "end"


def test_only_completed_rounds_are_undone(play: Play) -> None:
    """Given a multi-instance that its completion condition ended early, when it is undone, then only for the rounds that completed; while it runs, for none."""
    case = play.begin(
        f"""start fork a join undo_late end \n fork b undo join
        <userTask id="a" each="[1, 2, 3]" item="item" until="nrOfCompletedInstances = 2"/><boundaryEvent id="on_a" on="a" by="h"/>{_noted("h", "item")}
        <intermediateThrowEvent id="undo" compensate="a"/><intermediateThrowEvent id="undo_late" compensate="a"/>""".replace(
            "[1, 2, 3]", "=[1, 2, 3]"
        ),
        undone=[],
    )
    play.complete_any("a")
    play.complete("b")
    assert play.variables(case)["undone"] == []
    play.complete_any("a")
    assert play.ended(case) == "end"
    assert play.variables(case)["undone"] == [2, 1]


# -- sub-processes ---------------------------------------------------------------------------------------------------

_SUB = """<subProcess id="sub" in:who="=name">start_in a b end_in
  <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
  <scriptTask id="undo_a" isForCompensation="true" scriptFormat="feel" camunda:resultVariable="undone"><script>append(undone, "a of " + who)</script></scriptTask>
  <scriptTask id="undo_b" isForCompensation="true" scriptFormat="feel" camunda:resultVariable="undone"><script>append(undone, "b of " + who)</script></scriptTask>
  %s</subProcess><intermediateThrowEvent id="undo" compensate="sub"/>"""


@pytest.mark.parametrize("kind", ["subProcess", "transaction"])
def test_a_completed_sub_process_is_undone_from_inside(play: Play, kind: str) -> None:
    """Given a completed sub-process or transaction, when it is undone, then its inner handlers run last first and see its local variables as they were at its completion."""
    case = play.begin(f"start sub c undo end {_SUB % ''}".replace("subProcess", kind), name="li", undone=[])
    _complete(play, "a", "b")
    play.set(case, name="wu")
    play.complete("c")
    assert play.ended(case) == "end"
    assert play.variables(case) == {"name": "wu", "undone": ["b of li", "a of li"]}


@pytest.mark.parametrize("later", ["asyncAfter", "asyncBefore"])
def test_the_snapshot_waits_with_the_sub_process(play: Play, later: str) -> None:
    """Given a sub-process that is entered or left by a job, then its snapshot is the same."""
    case = play.begin(
        f"start sub c undo end {_SUB % ''}".replace("<subProcess ", f'<subProcess camunda:{later}="true" '), name="li", undone=[]
    )
    _complete(play, "a", "b", "c")
    assert play.variables(case)["undone"] == ["b of li", "a of li"]


def test_each_round_of_a_sub_process_has_its_own_snapshot(play: Play) -> None:
    """Given a multi-instance sub-process, when it is undone, then round by round, last first, each with its own variables."""
    case = play.begin(
        f"start sub c undo end {_SUB % ''}".replace('in:who="=name"', 'each="names" item="name" sequential="true" in:who="=name"'),
        names=["li", "wu"],
        undone=[],
    )
    _complete(play, "a", "b", "a", "b", "c")
    assert play.ended(case) == "end"
    assert play.variables(case)["undone"] == ["b of wu", "a of wu", "b of li", "a of li"]


def test_nested_sub_processes_are_undone_all_the_way_in(play: Play) -> None:
    """Given a sub-process in a sub-process, when compensation is thrown outside, then inner handlers run where they stood in the order of completion."""
    case = play.begin(
        """start outer undo end <subProcess id="outer">a inner c <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_c" on="c" by="undo_c"/>
          <subProcess id="inner">b <boundaryEvent id="on_b" on="b" by="undo_b"/></subProcess></subProcess>
        <intermediateThrowEvent id="undo" compensate=""/>"""
    )
    _complete(play, "a", "b", "c", "undo_c", "undo_b", "undo_a")
    assert play.ended(case) == "end"


def test_a_handler_on_the_sub_process_replaces_the_inner_ones(play: Play) -> None:
    """Given a sub-process with a compensation boundary event, when it is undone, then only by that handler."""
    case = play.begin(f"start sub c undo end {_SUB % ''} <boundaryEvent id='on_sub' on='sub' by='undo_sub'/>", name="li", undone=[])
    _complete(play, "a", "b", "c", "undo_sub")
    assert play.ended(case) == "end"
    assert play.variables(case)["undone"] == []


def test_a_compensation_event_sub_process_replaces_the_inner_handlers(play: Play) -> None:
    """Given a compensation event sub-process, when its sub-process is undone, then it runs instead, with the snapshot, and may undo single activities itself."""
    handler = """<subProcess id="on" triggeredByEvent="true">start_on only d end_on <startEvent id="start_on" compensate=""/>
      <intermediateThrowEvent id="only" compensate="a"/><userTask id="d" in:for="=who"/></subProcess>"""
    case = play.begin(f"start sub c undo end {_SUB % handler}", name="li", undone=[])
    _complete(play, "a", "b", "c")
    assert play.variables(case)["undone"] == ["a of li"]
    play.complete("d")
    assert play.ended(case) == "end"
    assert play.path(case)[-4:] == ["end_on", "on", "undo", "end"]


def test_compensation_does_not_reach_outside_its_scope(play: Play) -> None:
    """Given a throw inside a sub-process, then what completed outside is not undone."""
    case = play.begin(
        """start a sub end <boundaryEvent id="on_a" on="a" by="undo_a"/>
        <subProcess id="sub">b undo <boundaryEvent id="on_b" on="b" by="undo_b"/><endEvent id="undo" compensate=""/></subProcess>"""
    )
    _complete(play, "a", "b", "undo_b")
    assert play.ended(case) == "end"


def test_a_sub_process_that_is_not_completed_is_not_undone(play: Play) -> None:
    """Given a sub-process at work in which something completed, when compensation is thrown outside, then nothing inside is undone."""
    case = play.begin(
        """start fork sub join end \n fork undo join <intermediateThrowEvent id="undo" compensate=""/>
        <subProcess id="sub">a split x \n split b <parallelGateway id="split"/><boundaryEvent id="on_a" on="a" by="undo_a"/></subProcess>"""
    )
    _complete(play, "a", "x", "b")
    assert play.ended(case) == "end"


def test_an_error_handler_undoes_its_scope(play: Play) -> None:
    """Given an error end event, when the error event sub-process of the scope throws compensation, then what completed in the scope is undone, and the scope ends."""
    case = play.begin(
        """start sub end <subProcess id="sub">start_in a b end_in <endEvent id="end_in" error="BAD"/>
          <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
          <subProcess id="on" triggeredByEvent="true">start_on c undo <startEvent id="start_on" error="BAD"/><endEvent id="undo" compensate=""/>
            <boundaryEvent id="on_c" on="c" by="undo_c"/></subProcess></subProcess>"""
    )
    _complete(play, "a", "b", "c", "undo_c", "undo_b", "undo_a")
    assert play.ended(case) == "end"


def test_an_event_sub_process_beside_the_work_undoes_it_while_it_goes_on(play: Play) -> None:
    """Given a non-interrupting event sub-process that throws compensation, then what completed around it is undone, and the work goes on."""
    case = play.begin(
        """start a b end <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
        <subProcess id="on" triggeredByEvent="true">start_on undo <startEvent id="start_on" isInterrupting="false" message="changed"/>
          <endEvent id="undo" compensate="a"/></subProcess>""",
        "K",
    )
    play.complete("a")
    play.message("changed", "K")
    assert play.open_elements() == ["b", "undo_a"]
    _complete(play, "b", "undo_a")
    assert play.ended(case) == "undo"


def test_what_an_event_sub_process_did_is_undone_with_its_scope(play: Play) -> None:
    """Given work in an event sub-process, when the sub-process it is in is undone, then that work is undone in its place in the order."""
    case = play.begin(
        """start sub undo end <subProcess id="sub">a c <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_c" on="c" by="undo_c"/>
          <subProcess id="on" triggeredByEvent="true">start_on b <startEvent id="start_on" isInterrupting="false" message="changed"/>
            <boundaryEvent id="on_b" on="b" by="undo_b"/></subProcess></subProcess><intermediateThrowEvent id="undo" compensate="sub"/>""",
        "K",
    )
    play.complete("a")
    play.message("changed", "K")
    _complete(play, "b", "c", "undo_c", "undo_b", "undo_a")
    assert play.ended(case) == "end"


def test_a_handler_that_fails_is_retried_in_its_place(play: Play) -> None:
    """Given a handler whose job fails, then an incident waits at it, and after a retry the undoing goes on where it was."""
    case = play.begin(
        """start a b undo end <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
        <serviceTask id="undo_b" isForCompensation="true" topic="test.flaky"/><intermediateThrowEvent id="undo" compensate=""/>"""
    )
    _complete(play, "a", "b")
    play.advance(hours=1)
    assert [incident.element_id for incident in play.open_incidents()] == ["undo_b"]
    play.flaky.broken = None
    play.retry()
    play.complete("undo_a")
    assert play.ended(case) == "end"


def test_the_error_of_a_handler_leaves_the_thrower(play: Play) -> None:
    """Given a handler that fails with a business error, then the scope of the throwing event handles it; what was not undone yet stays."""
    case = play.begin(
        """start outer end \n bad d end_bad
        <subProcess id="outer">sub a undo <endEvent id="undo" compensate=""/><boundaryEvent id="on_a" on="a" by="undo_a"/>
          <subProcess id="sub">b c <boundaryEvent id="on_b" on="b" by="undo_b"/><boundaryEvent id="on_c" on="c" by="undo_c"/>
            <serviceTask id="undo_c" isForCompensation="true" topic="test.error" in:code="LATE"/></subProcess>
          <boundaryEvent id="not_here" on="sub" error="LATE"/></subProcess>
        <boundaryEvent id="bad" on="outer" error="LATE"/>"""
    )
    _complete(play, "b", "c", "a", "undo_a")
    assert play.open_elements() == ["d"]
    play.complete("d")
    assert play.ended(case) == "end_bad"


def test_what_was_left_when_a_handler_failed_can_still_be_undone(play: Play) -> None:
    """Given a handler that fails with an error, when the scope's error handler throws compensation, then the rest is undone, also of the sub-process it was in; nothing twice."""
    case = play.begin(
        """start a sub d undo <endEvent id="undo" compensate=""/>
        <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_d" on="d" by="undo_d"/>
        <subProcess id="sub" in:who="li">b c <boundaryEvent id="on_b" on="b" by="undo_b"/><boundaryEvent id="on_c" on="c" by="undo_c"/>
          <userTask id="undo_b" isForCompensation="true" out:undone="=who"/>
          <serviceTask id="undo_c" isForCompensation="true" topic="test.error" in:code="LATE"/></subProcess>
        <subProcess id="on" triggeredByEvent="true">start_on e rest <startEvent id="start_on" error="LATE"/><endEvent id="rest" compensate=""/></subProcess>"""
    )
    _complete(play, "a", "b", "c", "d", "undo_d", "e", "undo_b", "undo_a")
    assert play.ended(case) == "rest"
    assert play.variables(case)["undone"] == "li"
    assert play.path(case).count("undo_d") == 1


def test_an_interruption_also_ends_the_undoing(play: Play) -> None:
    """Given handlers at work, when the scope is interrupted, then they are withdrawn."""
    case = play.begin(
        """start sub end \n late end_late <boundaryEvent id="late" on="sub" duration="PT1H"/>
        <subProcess id="sub">inner undo <subProcess id="inner">a <boundaryEvent id="on_a" on="a" by="undo_a"/></subProcess>
          <endEvent id="undo" compensate=""/></subProcess>"""
    )
    play.complete("a")
    assert play.open_elements() == ["undo_a"]
    play.advance(hours=1)
    assert play.open_elements() == []
    assert play.ended(case) == "end_late"
    assert sorted(str(event.element_id) for event in play.events(case, "ElementCancelled")) == ["sub", "undo", "undo_a"]


# -- what is kept ----------------------------------------------------------------------------------------------------


def test_the_history_says_what_was_undone_and_by_what(play: Play) -> None:
    """Given compensation, then the history has what was to be undone, and each run that was with its handler, which belongs to the throwing event."""
    case = play.begin(_TWO)
    _complete(play, "a", "b", "c", "undo_b", "undo_a")
    (thrown,) = play.events(case, "CompensationThrown")
    assert (thrown.element_id, thrown.data) == ("undo", {"activity": None, "undoes": ["b", "a"]})
    entered = {event.element_id: event for event in play.events(case, "ElementEntered")}
    undone = play.events(case, "CompensationStarted")
    assert [(event.element_id, event.data["handler"]) for event in undone] == [("b", "undo_b"), ("a", "undo_a")]
    assert [event.element_instance_id for event in undone] == [entered["b"].element_instance_id, entered["a"].element_instance_id]
    done = play.events(case, "CompensationCompleted")
    assert [(event.element_id, event.element_instance_id) for event in done] == [
        (event.element_id, event.element_instance_id) for event in undone
    ]
    assert entered["undo_a"].data["parent"] == entered["undo"].element_instance_id


def test_only_what_can_be_undone_is_kept(play: Play) -> None:
    """Given loops with and without something to undo, then the saved case grows only with what can be undone, and is small again once it is."""

    def size() -> int:
        return len(play.all(select(ProcessInstance.runtime_state).where(ProcessInstance.id == case))[0])

    def rounds(count: int, more: bool) -> None:
        play.set(case, undoable=more)
        for _ in range(count):
            play.complete("wait")

    case = play.begin(
        """start merge choose_kind [undoable] x merge_kind wait choose [done] undo b end \n choose_kind / y merge_kind \n choose / merge
        <exclusiveGateway id="choose_kind"/><exclusiveGateway id="merge_kind"/><task id="x"/><subProcess id="y" in:local="=1"><task id="z"/></subProcess>
        <boundaryEvent id="on_x" on="x" by="undo_x"/><task id="undo_x" isForCompensation="true"/><intermediateThrowEvent id="undo" compensate=""/>""",
        undoable=False,
        done=False,
    )
    before = size()
    rounds(12, more=False)
    assert size() <= before + 10
    rounds(12, more=True)
    assert size() > before + 11 * len('{"activity":"x","run":""}')
    play.set(case, done=True)
    play.complete("wait")
    assert play.path(case).count("undo_x") == 12
    assert play.open_elements() == ["b"]
    assert size() <= before + 10
