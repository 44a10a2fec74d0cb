"""Compensation: what completed is undone, last first."""

import pytest
from sqlalchemy import select

from engine.storage.tables import ProcessInstance
from tests.engine.conftest import Play
from tests.engine.undoing import complete_each, noted

_TWO = """start a b c undo end
<boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
<intermediateThrowEvent id="undo" compensate=""/>"""


def test_what_completed_is_undone_last_first(play: Play) -> None:
    """Given two activities with handlers and one without, when compensation is thrown, then the handlers run one after the other, last first, and the case goes on."""
    case = play.begin(_TWO)
    complete_each(play, "a", "b", "c")
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
    complete_each(play, "a", "b", "c", "undo_a", "rest")
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
    complete_each(play, "undo_b", "a")
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
        <boundaryEvent id="on_x" on="x" by="undo_x"/>{noted("undo_x", "n")}<intermediateThrowEvent id="undo" compensate="x"/>""",
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
    complete_each(play, "d", "c")
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
    complete_each(play, "a", "c")
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
        {noted("h", "if item = null then loopCounter else item")}<intermediateThrowEvent id="undo" compensate="a"/>""",
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
    complete_each(play, "a", "b")
    play.message("changed", "K")
    assert play.open_elements() == ["d"]
    play.complete("d")
    play.message("returned", "K")
    assert play.ended(case) == "end"


def test_only_completed_rounds_are_undone(play: Play) -> None:
    """Given a multi-instance that its completion condition ended early, when it is undone, then only for the rounds that completed; while it runs, for none."""
    case = play.begin(
        f"""start fork a join undo_late end \n fork b undo join
        <userTask id="a" each="[1, 2, 3]" item="item" until="nrOfCompletedInstances = 2"/><boundaryEvent id="on_a" on="a" by="h"/>{noted("h", "item")}
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


# -- what is kept ----------------------------------------------------------------------------------------------------


def test_the_history_says_what_was_undone_and_by_what(play: Play) -> None:
    """Given compensation, then the history has what was to be undone, and each run that was with its handler, which belongs to the throwing event."""
    case = play.begin(_TWO)
    complete_each(play, "a", "b", "c", "undo_b", "undo_a")
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
