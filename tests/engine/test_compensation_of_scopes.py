"""Compensation of sub-processes and event sub-processes, and what happens when undoing fails or is interrupted."""

import pytest

from tests.engine.conftest import Play
from tests.engine.undoing import complete_each

_SUB = """<subProcess id="sub" in:who="=name">start_in a b end_in
  <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
  <scriptTask id="undo_a" isForCompensation="true" scriptFormat="feel" camunda:resultVariable="undone"><script>append(undone, "a of " + who)</script></scriptTask>
  <scriptTask id="undo_b" isForCompensation="true" scriptFormat="feel" camunda:resultVariable="undone"><script>append(undone, "b of " + who)</script></scriptTask>
  %s</subProcess><intermediateThrowEvent id="undo" compensate="sub"/>"""


@pytest.mark.parametrize("kind", ["subProcess", "transaction"])
def test_a_completed_sub_process_is_undone_from_inside(play: Play, kind: str) -> None:
    """Given a completed sub-process or transaction, when it is undone, then its inner handlers run last first and see its local variables as they were at its completion."""
    case = play.begin(f"start sub c undo end {_SUB % ''}".replace("subProcess", kind), name="li", undone=[])
    complete_each(play, "a", "b")
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
    complete_each(play, "a", "b", "c")
    assert play.variables(case)["undone"] == ["b of li", "a of li"]


def test_each_round_of_a_sub_process_has_its_own_snapshot(play: Play) -> None:
    """Given a multi-instance sub-process, when it is undone, then round by round, last first, each with its own variables."""
    case = play.begin(
        f"start sub c undo end {_SUB % ''}".replace('in:who="=name"', 'each="names" item="name" sequential="true" in:who="=name"'),
        names=["li", "wu"],
        undone=[],
    )
    complete_each(play, "a", "b", "a", "b", "c")
    assert play.ended(case) == "end"
    assert play.variables(case)["undone"] == ["b of wu", "a of wu", "b of li", "a of li"]


def test_nested_sub_processes_are_undone_all_the_way_in(play: Play) -> None:
    """Given a sub-process in a sub-process, when compensation is thrown outside, then inner handlers run where they stood in the order of completion."""
    case = play.begin(
        """start outer undo end <subProcess id="outer">a inner c <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_c" on="c" by="undo_c"/>
          <subProcess id="inner">b <boundaryEvent id="on_b" on="b" by="undo_b"/></subProcess></subProcess>
        <intermediateThrowEvent id="undo" compensate=""/>"""
    )
    complete_each(play, "a", "b", "c", "undo_c", "undo_b", "undo_a")
    assert play.ended(case) == "end"


def test_a_handler_on_the_sub_process_replaces_the_inner_ones(play: Play) -> None:
    """Given a sub-process with a compensation boundary event, when it is undone, then only by that handler."""
    case = play.begin(f"start sub c undo end {_SUB % ''} <boundaryEvent id='on_sub' on='sub' by='undo_sub'/>", name="li", undone=[])
    complete_each(play, "a", "b", "c", "undo_sub")
    assert play.ended(case) == "end"
    assert play.variables(case)["undone"] == []


def test_a_compensation_event_sub_process_replaces_the_inner_handlers(play: Play) -> None:
    """Given a compensation event sub-process, when its sub-process is undone, then it runs instead, with the snapshot, and may undo single activities itself."""
    handler = """<subProcess id="on" triggeredByEvent="true">start_on only d end_on <startEvent id="start_on" compensate=""/>
      <intermediateThrowEvent id="only" compensate="a"/><userTask id="d" in:for="=who"/></subProcess>"""
    case = play.begin(f"start sub c undo end {_SUB % handler}", name="li", undone=[])
    complete_each(play, "a", "b", "c")
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
    complete_each(play, "a", "b", "undo_b")
    assert play.ended(case) == "end"


def test_a_sub_process_that_is_not_completed_is_not_undone(play: Play) -> None:
    """Given a sub-process at work in which something completed, when compensation is thrown outside, then nothing inside is undone."""
    case = play.begin(
        """start fork sub join end \n fork undo join <intermediateThrowEvent id="undo" compensate=""/>
        <subProcess id="sub">a split x \n split b <parallelGateway id="split"/><boundaryEvent id="on_a" on="a" by="undo_a"/></subProcess>"""
    )
    complete_each(play, "a", "x", "b")
    assert play.ended(case) == "end"


def test_an_error_handler_undoes_its_scope(play: Play) -> None:
    """Given an error end event, when the error event sub-process of the scope throws compensation, then what completed in the scope is undone, and the scope ends."""
    case = play.begin(
        """start sub end <subProcess id="sub">start_in a b end_in <endEvent id="end_in" error="BAD"/>
          <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
          <subProcess id="on" triggeredByEvent="true">start_on c undo <startEvent id="start_on" error="BAD"/><endEvent id="undo" compensate=""/>
            <boundaryEvent id="on_c" on="c" by="undo_c"/></subProcess></subProcess>"""
    )
    complete_each(play, "a", "b", "c", "undo_c", "undo_b", "undo_a")
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
    complete_each(play, "b", "undo_a")
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
    complete_each(play, "b", "c", "undo_c", "undo_b", "undo_a")
    assert play.ended(case) == "end"


def test_a_handler_that_fails_is_retried_in_its_place(play: Play) -> None:
    """Given a handler whose job fails, then an incident waits at it, and after a retry the undoing goes on where it was."""
    case = play.begin(
        """start a b undo end <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
        <serviceTask id="undo_b" isForCompensation="true" topic="test.flaky"/><intermediateThrowEvent id="undo" compensate=""/>"""
    )
    complete_each(play, "a", "b")
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
    complete_each(play, "b", "c", "a", "undo_a")
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
    complete_each(play, "a", "b", "c", "d", "undo_d", "e", "undo_b", "undo_a")
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
