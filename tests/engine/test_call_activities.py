"""Call activities: a child instance that belongs to its caller."""

import pytest

from engine.errors import Conflict
from engine.runtime import instances
from tests.engine.conftest import Play, form

_CALL = '<callActivity id="call" calledElement="q"/>'


def test_the_caller_waits_for_the_called_process(play: Play) -> None:
    """Given a call, when the called process ends, then the caller goes on."""
    play.deploy("start b end_q", "q")
    case = play.begin(f"start call a end {_CALL}", "K")
    child = play.instances("q")[0]
    assert (child.parent_id, child.root_id, child.business_key) == (case, case, "K")
    play.complete("b")
    assert play.ended(child.id) == "end_q"
    assert play.open_elements() == ["a"]
    assert play.events(case, "CalledInstanceStarted")[0].data["instance_id"] == child.id


def test_variables_go_in_and_out_as_mapped(play: Play) -> None:
    """Only what is mapped goes in and comes out; the end event of the called process can be mapped, too."""
    play.deploy("start b end_q", "q", files=form("f", found="textfield"))
    play.deploy('start b choose / end_none \n choose [found != null] end_found <userTask id="b" camunda:formRef="f"/>', "q")
    case = play.begin(
        """start call end <callActivity id="call" calledElement="q"><extensionElements>
          <camunda:in source="device" target="what"/><camunda:in sourceExpression="=n + 1" target="m"/><camunda:in businessKey="=&quot;K-&quot; + device"/>
          <camunda:out source="found" target="result"/><camunda:out sourceExpression="=m * 10" target="ten"/>
          <camunda:out source="end_event" target="how"/></extensionElements></callActivity>""",
        device="pump",
        n=1,
        secret="x",
    )
    child = play.instances("q")[0]
    assert child.business_key == "K-pump"
    assert play.variables(child.id) == {"what": "pump", "m": 2}
    play.complete("b", found="yes")
    assert play.ended(case) == "end"
    assert play.variables(case) == {"device": "pump", "n": 1, "secret": "x", "result": "yes", "ten": 20, "how": "end_found"}


def test_all_variables_go_in_and_out(play: Play) -> None:
    """variables="all" copies everything, not the names every process has."""
    play.deploy('start x end_q <scriptTask id="x" scriptFormat="feel" camunda:resultVariable="n"><script>n + 1</script></scriptTask>', "q")
    case = play.begin(
        """start call end <callActivity id="call" calledElement="q"><extensionElements><camunda:in variables="all"/><camunda:out variables="all"/>
        </extensionElements></callActivity>""",
        n=1,
        other="o",
    )
    assert play.variables(play.instances("q")[0].id) == {"n": 2, "other": "o"}
    assert play.variables(case) == {"n": 2, "other": "o"}


def test_nested_calls_return_all_the_way_in_one_step(play: Play) -> None:
    """A process calls one that calls another; the last task of the innermost ends all."""
    play.deploy("start c end_r", "r")
    play.deploy('start call end_q <callActivity id="call" calledElement="r"/>', "q")
    case = play.begin(f"start call end {_CALL}")
    assert [row.process_key for row in play.instances()] == ["p", "q", "r"]
    play.complete("c")
    assert play.ended(case) == "end"
    assert {row.state for row in play.instances()} == {"completed"}


def test_an_error_of_the_called_process_reaches_the_boundary_of_the_call(play: Play) -> None:
    """An error nobody catches inside goes to the caller, through several levels."""
    play.deploy('start c end_r <endEvent id="end_r" error="LATE"/>', "r")
    play.deploy('start call end_q <callActivity id="call" calledElement="r"/>', "q")
    case = play.begin(f'start call end \n caught a end_a {_CALL}<boundaryEvent id="caught" on="call" error="LATE"/>')
    play.complete("c")
    assert play.open_elements() == ["a"]
    assert [play.state(row.id)[0] for row in play.instances()] == ["active", "failed", "failed"]
    play.complete("a")
    assert play.ended(case) == "end_a"


def test_an_error_nobody_catches_fails_every_caller(play: Play) -> None:
    """The case fails as a whole."""
    play.deploy('start c end_q <endEvent id="end_q" error="LATE"/>', "q")
    play.begin(f"start fork call end \n fork a end_a {_CALL}")
    play.complete("c")
    assert [row.state for row in play.instances()] == ["failed", "failed"]
    assert play.open_elements() == []


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_an_escalation_of_the_called_process_reaches_the_caller(play: Play, interrupting: str) -> None:
    """As in Camunda; an interrupting handler cancels the called process, another lets it go on."""
    play.deploy('start up c end_q <intermediateThrowEvent id="up" escalation="HEAD"/>', "q")
    play.begin(
        f'start call end \n told a end_a {_CALL}<boundaryEvent id="told" on="call" cancelActivity="{interrupting}" escalation="HEAD"/>'
    )
    assert play.open_elements() == (["a"] if interrupting == "true" else ["a", "c"])
    assert play.instances("q")[0].state == ("cancelled" if interrupting == "true" else "active")


def test_an_escalation_with_which_the_called_process_ends(play: Play) -> None:
    """Given that its end escalates and the caller's handler interrupts, then the called process came too late to complete."""
    play.deploy('start c end_q <endEvent id="end_q" escalation="HEAD"/>', "q")
    case = play.begin(f'start call end \n told end_told {_CALL}<boundaryEvent id="told" on="call" escalation="HEAD"/>')
    play.complete("c")
    assert play.ended(case) == "end_told"
    assert [row.state for row in play.instances()] == ["completed", "cancelled"]


def test_two_calls_of_which_one_fails_while_the_other_ends(play: Play) -> None:
    """Given that both end in one step and the first error interrupts both, then the case goes on once, behind the handler."""
    play.deploy('start end_q <endEvent id="end_q" error="LATE"/>', "q")
    play.begin(
        f"""start sub end \n caught a end_a <boundaryEvent id="caught" on="sub" error="LATE"/>
        <subProcess id="sub">fork call \n fork call_2 {_CALL}<callActivity id="call_2" calledElement="q"/></subProcess>"""
    )
    assert play.open_elements() == ["a"]
    assert [row.state for row in play.instances()] == ["active", "failed", "cancelled"]


def test_a_business_error_of_a_handler_reaches_the_caller(play: Play) -> None:
    """Given a handler's error that only the caller of its process catches, then the call has failed; no incident; its values come along."""
    play.deploy('start work end_q <serviceTask id="work" topic="test.error" in:code="LATE"/>', "q")
    case = play.begin(f'start call end \n caught a end_a {_CALL}<boundaryEvent id="caught" on="call" error="LATE"/>')
    assert play.open_elements() == ["a"]
    assert play.open_incidents() == []
    assert play.instances("q")[0].state == "failed"
    assert play.variables(case)["because"] == "broken"


def test_a_business_error_that_no_caller_catches(play: Play) -> None:
    """It stays an incident where it happened."""
    play.deploy('start work end_q <serviceTask id="work" topic="test.error" in:code="LOST"/>', "q")
    play.begin(f'start call end \n caught a end_a {_CALL}<boundaryEvent id="caught" on="call" error="LATE"/>')
    assert [incident.element_id for incident in play.open_incidents()] == ["work"]
    assert [row.state for row in play.instances()] == ["active", "active"]


def test_cancelling_the_call_cancels_the_called_process(play: Play) -> None:
    """An interrupting timer on the call ends everything below it."""
    play.deploy("start c end_r", "r")
    play.deploy('start call end_q <callActivity id="call" calledElement="r"/>', "q")
    case = play.begin(f'start call end \n late end_late {_CALL}<boundaryEvent id="late" on="call" duration="PT1H"/>')
    play.advance(hours=1)
    assert play.ended(case) == "end_late"
    assert [row.state for row in play.instances()] == ["completed", "cancelled", "cancelled"]
    assert play.open_elements() == []


def test_cancelling_a_case_cancels_what_it_called(play: Play) -> None:
    """From the root; once."""
    play.deploy("start c end_q", "q")
    case = play.begin(f"start call end {_CALL}")
    instances.cancel(play.engine, case, "boss", "no")
    assert [row.state for row in play.instances()] == ["cancelled", "cancelled"]
    assert play.open_elements() == []
    with pytest.raises(Conflict):
        instances.cancel(play.engine, case, "boss", "again")


def test_multi_instance_call_activity(play: Play) -> None:
    """Each round is an instance of its own; outputs are collected."""
    play.deploy(
        'start b x end_q <scriptTask id="x" scriptFormat="feel" camunda:resultVariable="m"><script>n * 2</script></scriptTask>', "q"
    )
    case = play.begin(
        """start call end <callActivity id="call" calledElement="q" each="numbers" item="n" opsbook:outputCollection="doubled" opsbook:outputElement="=m">
          <extensionElements><camunda:in source="n" target="n"/><camunda:out source="m" target="m"/></extensionElements></callActivity>""",
        numbers=[1, 2, 3],
    )
    while tasks := play.tasks():
        play.complete_task(tasks[-1].id)
    assert play.ended(case) == "end"
    assert play.variables(case)["doubled"] == [2, 4, 6]


def test_a_call_that_ends_at_once(play: Play) -> None:
    """The called process may run through within the caller's step."""
    play.deploy("start end_q", "q")
    case = play.begin(f"start call call_2 end {_CALL}" + '<callActivity id="call_2" calledElement="=&quot;q&quot;"/>')
    assert play.ended(case) == "end"
    assert len(play.instances("q")) == 2


def test_a_call_of_an_unknown_process_waits_with_an_incident(play: Play) -> None:
    """The name may come from an expression; when it is wrong, the case waits until it is right."""
    case = play.begin('start call end <callActivity id="call" calledElement="=name"/>', name="nothing")
    assert [incident.element_id for incident in play.open_incidents()] == ["call"]
    play.deploy("start b end_q", "q")
    play.set(case, name="q")
    play.retry()
    assert play.open_elements() == ["b"]
    assert play.open_incidents() == []


def test_the_latest_version_is_called_unless_bound(play: Play) -> None:
    """latest takes the newest version, version a given one."""
    play.deploy("start old end_q", "q")
    play.deploy("start new end_q", "q")
    play.begin(
        f"""start fork call end \n fork call_1 end_1 {_CALL}
        <callActivity id="call_1" calledElement="q" camunda:calledElementBinding="version" camunda:calledElementVersion="1"/>"""
    )
    assert play.open_elements() == ["new", "old"]


def test_a_process_that_calls_itself_for_ever_is_stopped(play: Play) -> None:
    """The step is rolled back and says which element calls too deep."""
    from engine.errors import StepBudgetExceeded

    play.deploy('start call end <callActivity id="call" calledElement="p"/>', "p")
    with pytest.raises(StepBudgetExceeded) as stopped:
        play.start("p")
    assert stopped.value.details["element_id"] == "call"
    assert play.instances() == []
