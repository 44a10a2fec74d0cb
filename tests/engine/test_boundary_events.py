"""Boundary events: every kind, interrupting and not, on tasks, sub-processes and multi-instances."""

import pytest

from tests.engine.conftest import Play

_WATCHED = {
    "message": 'message="order"',
    "signal": 'signal="alarm"',
    "timer": 'duration="PT1H"',
    "condition": 'condition="n = 1"',
}


def _happen(play: Play, kind: str, case: str) -> None:
    if kind == "message":
        play.message("order", "K", got=1)
    elif kind == "signal":
        play.signal("alarm", got=1)
    elif kind == "timer":
        play.advance(hours=1)
    else:
        play.set(case, n=1)


@pytest.mark.parametrize("kind", _WATCHED)
@pytest.mark.parametrize("host", ["task", "sub-process"])
def test_interrupting_boundary_event_ends_its_activity(play: Play, kind: str, host: str) -> None:
    """Given an activity at work, when its boundary event happens, then the activity is cancelled with all inside and the event's flow goes on."""
    inner = '<subProcess id="h">start_in a end_in</subProcess>' if host == "sub-process" else '<userTask id="h"/>'
    case = play.begin(f'start h end \n late b end_late {inner}<boundaryEvent id="late" on="h" {_WATCHED[kind]}/>', "K", n=0)
    _happen(play, kind, case)
    assert play.open_elements() == ["b"]
    assert play.timers() == []
    cancelled = [event.element_id for event in play.events(case, "ElementCancelled")]
    assert cancelled == (["a", "h"] if host == "sub-process" else ["h"])
    play.complete("b")
    assert play.ended(case) == "end_late"


@pytest.mark.parametrize("kind", _WATCHED)
def test_non_interrupting_boundary_event_puts_a_token_beside(play: Play, kind: str) -> None:
    """Given a non-interrupting boundary event, when it happens, then its flow runs beside the activity, and the case ends when both are done."""
    case = play.begin(f'start a end \n late b end_late <boundaryEvent id="late" on="a" cancelActivity="false" {_WATCHED[kind]}/>', "K", n=0)
    _happen(play, kind, case)
    assert play.open_elements() == ["a", "b"]
    play.complete("a")
    assert play.ended(case) is None
    play.complete("b")
    assert play.ended(case) == "end_late"


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_non_interrupting_message_or_signal_may_come_again(play: Play, kind: str) -> None:
    """Each further message or signal puts another token on the flow."""
    case = play.begin(f'start a end \n late b end_late <boundaryEvent id="late" on="a" cancelActivity="false" {_WATCHED[kind]}/>', "K")
    _happen(play, kind, case)
    _happen(play, kind, case)
    assert play.open_elements() == ["a", "b", "b"]


def test_non_interrupting_condition_fires_each_time_it_becomes_true(play: Play) -> None:
    """A condition that stays true does not fire again; after it was false, it does."""
    case = play.begin('start a end \n late b end_late <boundaryEvent id="late" on="a" cancelActivity="false" condition="n > 1"/>', n=0)
    for value, opened in ((2, 1), (3, 1), (0, 1), (5, 2)):
        play.set(case, n=value)
        assert play.open_elements().count("b") == opened


def test_boundary_event_is_off_when_its_activity_is_done(play: Play) -> None:
    """Given a task with a timer and a message, when it is completed in time, then neither does anything any more."""
    case = play.begin(
        """start a b end \n late end_late \n called end_called
        <boundaryEvent id="late" on="a" duration="PT1H"/><boundaryEvent id="called" on="a" message="order"/>""",
        "K",
    )
    play.complete("a")
    play.advance(hours=3)
    play.message("order", "K")
    assert play.open_elements() == ["b"]
    assert play.waiting_messages() == ["order"]
    assert [event.element_id for event in play.events(case, "TimerCancelled")] == ["late"]


def test_the_payload_of_a_boundary_message_reaches_the_case(play: Play) -> None:
    """Variables that come with the message are merged, or mapped by the event's outputs."""
    case = play.begin('start a end \n m b end_m <boundaryEvent id="m" on="a" message="order" out:kept="=got * 2"/>', "K")
    play.message("order", "K", got=3)
    assert play.variables(case) == {"kept": 6}


def test_repeating_timer_reminds_as_often_as_it_says(play: Play) -> None:
    """R2/PT1H fires after one hour and after two, not a third time."""
    case = play.begin('start a end \n remind b end_b <boundaryEvent id="remind" on="a" cancelActivity="false" cycle="R2/PT1H"/>')
    play.advance(hours=1)
    assert play.open_elements() == ["a", "b"]
    play.advance(hours=5)
    assert play.open_elements() == ["a", "b", "b"]
    assert len(play.events(case, "TimerFired")) == 2
    assert play.timers() == []


def test_error_boundary_event_catches_its_code(play: Play) -> None:
    """A business error of a handler goes to the boundary event of its code, with its variables."""
    case = play.begin(
        """start s end \n failed b end_b
        <serviceTask id="s" topic="test.error" in:code="LATE" in:text="too late"/><boundaryEvent id="failed" on="s" error="LATE"/>"""
    )
    assert play.open_elements() == ["b"]
    assert play.variables(case) == {"because": "too late"}


def test_error_boundary_event_without_a_code_catches_all_and_tells_which(play: Play) -> None:
    """camunda:errorCodeVariable and errorMessageVariable name the variables that get code and message."""
    case = play.begin(
        """start s end \n failed b end_b <serviceTask id="s" topic="test.error_outside" in:code="LATE" in:text="too late"/>
        <boundaryEvent id="failed" on="s"><errorEventDefinition camunda:errorCodeVariable="code" camunda:errorMessageVariable="text"/>
        </boundaryEvent>"""
    )
    assert play.open_elements() == ["b"]
    assert play.variables(case) == {"code": "LATE", "text": "too late"}


def test_an_exact_error_code_wins_over_a_catch_all(play: Play) -> None:
    """With both on one activity, the exact one catches."""
    play.begin(
        """start s end \n any a end_a \n exact b end_b
        <serviceTask id="s" topic="test.error" in:code="LATE"/>
        <boundaryEvent id="any" on="s"><errorEventDefinition/></boundaryEvent><boundaryEvent id="exact" on="s" error="LATE"/>"""
    )
    assert play.open_elements() == ["b"]


def test_an_error_end_event_is_caught_by_the_nearest_boundary_around_it(play: Play) -> None:
    """Given nested sub-processes, when the inner one ends with an error, then the innermost matching boundary event catches it."""
    case = play.begin(
        """start outer end \n caught_far f end_f
        <subProcess id="outer"> start_out fork inner end_out \n fork beside end_beside \n caught near end_near
          <subProcess id="inner">start_in end_in <endEvent id="end_in" error="LATE"/></subProcess>
          <boundaryEvent id="caught" on="inner" error="LATE"/>
        </subProcess>
        <boundaryEvent id="caught_far" on="outer" error="LATE"/>"""
    )
    assert play.open_elements() == ["beside", "near"]
    assert [event.element_id for event in play.events(case, "ErrorCaught")] == ["caught"]


def test_an_error_nobody_catches_fails_the_case(play: Play) -> None:
    """An error end event without a catcher ends the case as failed, with its code."""
    case = play.begin('start fork end_error \n fork a end <endEvent id="end_error" error="LATE" name="迟到"/>')
    assert play.state(case) == ("failed", "end_error")
    assert play.open_elements() == []
    assert play.events(case, "InstanceFailed")[0].data == {"error_code": "LATE", "message": "迟到"}


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_escalation_boundary_event(play: Play, interrupting: str) -> None:
    """An escalation thrown inside reaches the boundary event; only an interrupting one ends the sub-process."""
    case = play.begin(
        f"""start sub end \n told b end_b
        <subProcess id="sub">start_in up a end_in <intermediateThrowEvent id="up" escalation="HEAD"/></subProcess>
        <boundaryEvent id="told" on="sub" cancelActivity="{interrupting}" escalation="HEAD"/>"""
    )
    assert play.open_elements() == (["b"] if interrupting == "true" else ["a", "b"])
    play.complete("b")
    assert play.ended(case) == ("end_b" if interrupting == "true" else None)


def test_an_escalation_boundary_event_without_a_code_catches_all_and_tells_which(play: Play) -> None:
    """camunda:escalationCodeVariable names the variable that gets the code."""
    case = play.begin(
        """start sub end \n told b end_b <subProcess id="sub">start_in end_in <endEvent id="end_in" escalation="HEAD"/></subProcess>
        <boundaryEvent id="told" on="sub"><escalationEventDefinition camunda:escalationCodeVariable="code"/></boundaryEvent>"""
    )
    assert play.open_elements() == ["b"]
    assert play.variables(case) == {"code": "HEAD"}


def test_an_escalation_reaches_only_the_innermost_handler(play: Play) -> None:
    """The outer handler of the same code does not hear of it."""
    play.begin(
        """start outer end \n told_far f end_f
        <subProcess id="outer">start_out inner end_out \n told near end_near
          <subProcess id="inner">start_in end_in <endEvent id="end_in" escalation="HEAD"/></subProcess>
          <boundaryEvent id="told" on="inner" cancelActivity="false" escalation="HEAD"/></subProcess>
        <boundaryEvent id="told_far" on="outer" cancelActivity="false" escalation="HEAD"/>"""
    )
    assert play.open_elements() == ["near"]


def test_an_escalation_nobody_catches_is_recorded_and_the_case_goes_on(play: Play) -> None:
    """As in Camunda: no handler, no effect."""
    case = play.begin('start up a end <intermediateThrowEvent id="up" escalation="HEAD"/>')
    assert play.open_elements() == ["a"]
    assert play.events(case, "EscalationThrown")[0].data == {"code": "HEAD"}


def test_boundary_event_on_a_multi_instance_ends_all_rounds(play: Play) -> None:
    """The boundary event belongs to the whole multi-instance; its timer runs once."""
    case = play.begin('start a end \n late b end_b <userTask id="a" times="3"/><boundaryEvent id="late" on="a" duration="PT1H"/>')
    assert len(play.timers()) == 1
    play.complete_any("a")
    play.advance(hours=1)
    assert play.open_elements() == ["b"]
    play.complete("b")
    assert play.ended(case) == "end_b"


def test_boundary_event_may_lead_back_to_its_activity(play: Play) -> None:
    """A reminder loop by an interrupting timer: each round opens the task and its timer anew."""
    case = play.begin('start merge a end \n late merge <boundaryEvent id="late" on="a" duration="PT1H"/>')
    for _ in range(3):
        play.advance(hours=1)
    assert play.open_elements() == ["a"]
    assert len(play.timers()) == 1
    play.complete("a")
    assert play.ended(case) == "end"


def test_a_condition_that_is_neither_true_nor_false_is_reported_and_does_not_stop_the_case(play: Play) -> None:
    """Given a boundary condition that gives a number, then an incident says so, and the task can still be completed."""
    case = play.begin('start a end \n c b end_b <boundaryEvent id="c" on="a" condition="1 + 1"/>')
    assert [incident.element_id for incident in play.open_incidents()] == ["c"]
    play.complete("a")
    assert play.ended(case) == "end"
    assert play.open_incidents() == []
