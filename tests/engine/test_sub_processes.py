"""Embedded sub-processes, event sub-processes, terminate and link events."""

import pytest

from tests.engine.conftest import Play

_STARTS = {
    "message": 'message="order"',
    "signal": 'signal="alarm"',
    "timer": 'duration="PT1H"',
    "condition": 'condition="n = 1"',
}


def _happen(play: Play, kind: str, case: str) -> None:
    if kind == "message":
        play.message("order", "K", got=1)
    elif kind == "signal":
        play.signal("alarm")
    elif kind == "timer":
        play.advance(hours=1)
    else:
        play.set(case, n=1)


def test_sub_process_ends_with_its_last_token(play: Play) -> None:
    """Given two tokens inside, when one ends, then the sub-process goes on; when both did, then it is left once."""
    case = play.begin('start sub c end <subProcess id="sub">start_in fork a end_a \n fork b end_b</subProcess>')
    play.complete("a")
    assert play.open_elements() == ["b"]
    play.complete("b")
    assert play.open_elements() == ["c"]
    assert play.path(case).count("sub") == 1


def test_sub_process_without_start_and_end_events(play: Play) -> None:
    """Inside, everything nothing leads to begins, and a token ends where no flow leads on (BPMN 2.0 §13.3.4)."""
    case = play.begin('start sub end <subProcess id="sub">a b \n c</subProcess>')
    assert play.open_elements() == ["a", "c"]
    for element in ("a", "b", "c"):
        assert play.ended(case) is None
        play.complete(element)
    assert play.ended(case) == "end"


def test_terminate_ends_the_sub_process_it_is_in(play: Play) -> None:
    """A terminate end event inside a sub-process cancels what else runs in it, and only there; outside the case goes on."""
    case = play.begin(
        """start fork sub b end_b
        fork a end_a
        <subProcess id="sub">start_in fork_in x end_x \n fork_in y end_y <endEvent id="end_y" terminate="true"/></subProcess>"""
    )
    play.complete("y")
    assert play.open_elements() == ["a", "b"]
    assert [event.element_id for event in play.events(case, "ElementCancelled")] == ["x"]


def test_terminate_ends_the_case(play: Play) -> None:
    """On the top level everything is cancelled and the case is completed at that event."""
    case = play.begin(
        'start fork a end \n fork sub end_b \n fork c end_t <endEvent id="end_t" terminate="true"/><subProcess id="sub">start_in b end_in</subProcess>'
    )
    play.complete("c")
    assert play.ended(case) == "end_t"
    assert play.open_elements() == []


def test_link_events_jump(play: Play) -> None:
    """A link throw goes on at the link catch of the same name, also backwards and from several places."""
    case = play.begin(
        """start choose [n = 1] there_1 \n choose / there_2 \n here a end
        <intermediateThrowEvent id="there_1" link="A"/><intermediateThrowEvent id="there_2" link="A"/><intermediateCatchEvent id="here" link="A"/>"""
    )
    assert play.open_elements() == ["a"]
    assert play.path(case)[-2:] == ["there_2", "here"]


@pytest.mark.parametrize("kind", _STARTS)
@pytest.mark.parametrize("place", ["process", "sub-process"])
def test_interrupting_event_sub_process_replaces_its_scope(play: Play, kind: str, place: str) -> None:
    """Given work in a scope, when its event sub-process is triggered, then the work is cancelled and the scope ends with the event sub-process."""
    handler = f'<subProcess id="on" triggeredByEvent="true">start_on b end_on <startEvent id="start_on" {_STARTS[kind]}/></subProcess>'
    if place == "process":
        case = play.begin(f"start a end {handler}", "K", n=0)
    else:
        case = play.begin(f'start sub end <subProcess id="sub">start_in a end_in {handler}</subProcess>', "K", n=0)
    _happen(play, kind, case)
    assert play.open_elements() == ["b"]
    assert play.timers() == []
    play.complete("b")
    assert play.ended(case) == ("end_on" if place == "process" else "end")


@pytest.mark.parametrize("kind", _STARTS)
@pytest.mark.parametrize("place", ["process", "sub-process"])
def test_non_interrupting_event_sub_process_runs_beside(play: Play, kind: str, place: str) -> None:
    """Given a non-interrupting event sub-process, when it is triggered, then both run, and the scope waits for both."""
    handler = (
        '<subProcess id="on" triggeredByEvent="true">start_on b end_on'
        f'<startEvent id="start_on" isInterrupting="false" {_STARTS[kind]}/></subProcess>'
    )
    if place == "process":
        case = play.begin(f"start a end {handler}", "K", n=0)
    else:
        case = play.begin(f'start sub end <subProcess id="sub">start_in a end_in {handler}</subProcess>', "K", n=0)
    _happen(play, kind, case)
    assert play.open_elements() == ["a", "b"]
    play.complete("a")
    assert play.ended(case) is None
    play.complete("b")
    assert play.ended(case) is not None


def test_non_interrupting_event_sub_process_may_run_several_times_at_once(play: Play) -> None:
    """Each message begins another run."""
    play.begin(
        'start a end <subProcess id="on" triggeredByEvent="true">start_on b end_on<startEvent id="start_on" isInterrupting="false" message="order"/></subProcess>',
        "K",
    )
    play.message("order", "K")
    play.message("order", "K")
    assert play.open_elements() == ["a", "b", "b"]


def test_a_waiting_event_sub_process_does_not_keep_its_scope_alive(play: Play) -> None:
    """The scope ends with its last token, and nothing waits any more."""
    case = play.begin(
        'start a end <subProcess id="on" triggeredByEvent="true">start_on b end_on<startEvent id="start_on" duration="PT1H"/></subProcess>'
    )
    play.complete("a")
    assert play.ended(case) == "end"
    assert play.timers() == []


def test_error_event_sub_process_catches_before_the_boundary_event(play: Play) -> None:
    """An error inside a sub-process goes to its own event sub-process first."""
    case = play.begin(
        """start sub end \n caught c end_c
        <subProcess id="sub">start_in s end_in <serviceTask id="s" topic="test.error" in:code="LATE" in:text="why"/>
          <subProcess id="on" triggeredByEvent="true">start_on b end_on <startEvent id="start_on" error="LATE"/></subProcess></subProcess>
        <boundaryEvent id="caught" on="sub" error="LATE"/>"""
    )
    assert play.open_elements() == ["b"]
    assert play.variables(case) == {"because": "why"}
    play.complete("b")
    assert play.ended(case) == "end"


def test_an_error_inside_an_event_sub_process_leaves_its_scope(play: Play) -> None:
    """It is not caught by the same scope again, but by the boundary event around it, also in each round of a multi-instance."""
    case = play.begin(
        """start sub end \n caught c end_c
        <subProcess id="sub" times="1">start_in s end_in <serviceTask id="s" topic="test.error" in:code="LATE"/>
          <subProcess id="on" triggeredByEvent="true">start_on end_on <startEvent id="start_on" error="LATE"/><endEvent id="end_on" error="LATE"/>
          </subProcess></subProcess>
        <boundaryEvent id="caught" on="sub" error="LATE"/>"""
    )
    assert play.open_elements() == ["c"]
    play.complete("c")
    assert play.ended(case) == "end_c"


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_escalation_event_sub_process(play: Play, interrupting: str) -> None:
    """An escalation starts the event sub-process of the scope it was thrown in."""
    play.begin(
        f"""start up a end <intermediateThrowEvent id="up" escalation="HEAD"/>
        <subProcess id="on" triggeredByEvent="true">start_on b end_on
          <startEvent id="start_on" isInterrupting="{interrupting}" escalation="HEAD"/></subProcess>"""
    )
    assert play.open_elements() == (["b"] if interrupting == "true" else ["a", "b"])


def test_the_payload_reaches_an_event_sub_process(play: Play) -> None:
    """Variables of the message are merged into the case."""
    case = play.begin(
        'start a end <subProcess id="on" triggeredByEvent="true">start_on b end_on <startEvent id="start_on" message="order"/></subProcess>',
        "K",
    )
    play.message("order", "K", got=1)
    assert play.variables(case) == {"got": 1}


def test_repeating_timer_starts_an_event_sub_process_again(play: Play) -> None:
    """A non-interrupting start event may repeat."""
    play.begin(
        'start a end <subProcess id="on" triggeredByEvent="true">start_on b end_on <startEvent id="start_on" isInterrupting="false" cycle="R3/PT1H"/></subProcess>'
    )
    play.advance(hours=2)
    assert play.open_elements() == ["a", "b", "b"]
    play.advance(hours=9)
    assert play.open_elements() == ["a", "b", "b", "b"]
