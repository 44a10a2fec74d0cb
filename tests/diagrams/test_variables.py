"""Variables and functions in expressions: what nothing provides is a warning, with the nearest name."""

from engine.diagrams.checks import Known, check_diagram
from engine.diagrams.reader import read_diagram
from engine.diagrams.variables import Providers, Variables
from engine.errors import Problem
from tests.engine.diagram import bpmn

_HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">'
_FORM = {"f_visit": frozenset(("距离", "amount"))}


def _process(condition: str, key: str = "p", start: str = "") -> bytes:
    return f"""{_HEAD}<message id="m" name="call.incoming"/><process id="{key}" isExecutable="true">
      <startEvent id="s">{start}</startEvent><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
      <userTask id="a" camunda:formRef="f_visit"/><sequenceFlow id="f2" sourceRef="a" targetRef="g"/>
      <exclusiveGateway id="g" name="远吗？" default="f4"/>
      <sequenceFlow id="f3" name="是" sourceRef="g" targetRef="e"><conditionExpression>{condition}</conditionExpression></sequenceFlow>
      <sequenceFlow id="f4" sourceRef="g" targetRef="e"/><endEvent id="e"/></process></definitions>""".encode()


def _findings(content: bytes) -> list[Problem]:
    diagram = read_diagram(content)
    known = Known(forms=("f_visit",), providers=Providers(processes=diagram.processes, form_keys=_FORM))
    return check_diagram(diagram, "p.bpmn", known)


def test_misspelt_variable_is_a_warning_with_the_nearest_name() -> None:
    """Given a condition on a variable that no form has, when it is checked, then the warning names the one that was meant."""
    (finding,) = _findings(_process("距里 &gt; 80"))

    assert (finding.code, finding.severity, finding.element_id) == ("feel-unknown-variable", "warning", "g")
    assert "距里" in finding.zh
    assert "距离" in finding.zh


def test_condition_on_a_field_that_may_be_empty_is_a_warning() -> None:
    """Given a condition on a field people may leave empty, when it is checked, then the warning says how to guard it."""
    diagram = read_diagram(_process("距离 &gt; 80"))
    providers = Providers(processes=diagram.processes, form_keys=_FORM, optional_keys={"f_visit": frozenset(("距离",))})

    (finding,) = check_diagram(diagram, "p.bpmn", Known(forms=("f_visit",), providers=providers))

    assert (finding.code, finding.severity) == ("feel-condition-null", "warning")
    assert "距离 != null" in finding.zh


def test_unknown_function_refuses() -> None:
    """Given a function that does not exist, when it is checked, then it is an error with the nearest name."""
    (finding,) = _findings(_process("cuont([距离]) &gt; 0"))

    assert finding.severity == "error"
    assert "count" in finding.en


def test_form_fields_and_names_that_are_always_there_are_known() -> None:
    """Given conditions on a form's field and on the parameters, when they are checked, then nothing is found."""
    assert _findings(_process("距离 &gt; parameters.far and completed_by != initiator")) == []


def test_field_of_a_later_form_is_not_there_yet() -> None:
    """Given a condition before the form that has its field, when it is checked, then the variable counts as unknown there, but not behind it."""
    text = _process("距离 &gt; 80").decode()
    early = text.replace('<startEvent id="s">', '<startEvent id="s0"/><sequenceFlow id="f0" sourceRef="s0" targetRef="g0"/><exclusiveGateway id="g0" default="f6"/>'
        '<sequenceFlow id="f5" name="远" sourceRef="g0" targetRef="s"><conditionExpression>距离 &gt; 80</conditionExpression></sequenceFlow>'
        '<sequenceFlow id="f6" sourceRef="g0" targetRef="s"/><task id="s">').replace("</startEvent>", "</task>")  # fmt: skip

    found = _findings(early.encode())

    assert [(finding.code, finding.element_id) for finding in found] == [("feel-unknown-variable", "g0")]


def test_message_from_outside_may_bring_anything() -> None:
    """Given a start by a message that nobody here throws, when it is checked, then no variable counts as unknown."""
    assert _findings(_process("number != null", start='<messageEventDefinition messageRef="m"/>')) == []


def test_message_from_another_process_brings_its_input_parameters() -> None:
    """Given a start by a message of another process, when it is checked, then exactly what that one sends is known."""
    thrower = read_diagram(
        f"""{_HEAD}<message id="m" name="call.incoming"/><process id="q" isExecutable="true"><startEvent id="s"/>
        <sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"><extensionElements><camunda:inputOutput>
        <camunda:inputParameter name="number">1</camunda:inputParameter></camunda:inputOutput></extensionElements>
        <messageEventDefinition messageRef="m"/></endEvent></process></definitions>""".encode()
    ).processes
    (process,) = read_diagram(_process("true", start='<messageEventDefinition messageRef="m"/>')).processes

    names = Variables(process, Providers(processes=(process, *thrower), form_keys=_FORM)).at(process.elements["g"])

    assert names is not None
    assert {"number", "距离", "amount"} <= names
    assert "nobody_sends_this" not in names


def test_a_compensation_handler_sees_what_came_later() -> None:
    """Given a handler that reads a field of a form after the activity it undoes, when it is checked, then nothing is found; it runs after that."""
    body = """start sub b end
    <subProcess id="sub">a <boundaryEvent id="on_a" on="a" by="undo_a"/><userTask id="undo_a" isForCompensation="true" in:far="=距离"/></subProcess>
    <userTask id="b" camunda:formRef="f_visit"/><endEvent id="end" compensate=""/>"""
    assert _findings(bpmn(body)) == []
