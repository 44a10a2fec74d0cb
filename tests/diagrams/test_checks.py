"""Deployment checks: what cannot run, or would be ignored, is refused with the element, its name, its line and advice."""

import re
from pathlib import Path

import pytest

import engine.diagrams.checks
from tests.diagrams.conftest import Findings
from tests.diagrams.mistakes.mistakes import MISTAKES
from tests.engine.diagram import bpmn

_T = 'start a end <userTask id="a" name="检查" {}/>'
_S = 'start s end <serviceTask id="s" {}/>'
_UNDONE = 'start a end <boundaryEvent id="on_a" on="a" by="u"/>{}'
_UNDOES = '<userTask id="u" isForCompensation="true"/>'
_UNDOING = '<subProcess id="{0}" triggeredByEvent="true">start_{0} end_{0} <startEvent id="start_{0}" compensate=""/></subProcess>'
_LOOP = "<multiInstanceLoopCharacteristics>{}</multiInstanceLoopCharacteristics>"

#: rule, body, element id of the finding
CASES = [
    # structure
    ("unsupported-element", 'start t end <adHocSubProcess id="t"> x </adHocSubProcess>', "t"),
    ("unsupported-element", 'start g end <complexGateway id="g"/>', "g"),
    ("duplicate-id", 'start a end <task id="b"/><subProcess id="s">start_in b end_in</subProcess> a b s end', "b"),
    ("duplicate-id", 'start p end <userTask id="p"/>', "p"),
    ("loose-flow", 'start a end <sequenceFlow id="f" sourceRef="a"/>', "p"),
    ("loose-flow", 'start a end <sequenceFlow id="f" sourceRef="a" targetRef="nothing"/>', "p"),
    (
        "flow-across-levels",
        'start s end <subProcess id="s">start_in b end_in</subProcess><sequenceFlow id="f" sourceRef="b" targetRef="end"/>',
        "b",
    ),
    ("unreachable", "start a end \n b end_b", "b"),
    ("no-start", "a end", "p"),
    ("several-starts", "start a end \n start_2 a", "start_2"),
    ("event-sub-process-start", 'start a end <subProcess id="s" triggeredByEvent="true">start_in end_in</subProcess>', "s"),
    (
        "sub-process-start",
        'start s end <subProcess id="s">start_in end_in <startEvent id="start_in" message="m"/></subProcess>',
        "start_in",
    ),
    ("empty-sub-process", 'start s end <subProcess id="s"/>', "s"),
    (
        "event-sub-process-flow",
        'start s end <subProcess id="s" triggeredByEvent="true">start_in end_in <startEvent id="start_in" message="m"/></subProcess>',
        "s",
    ),
    (
        "event-sub-process-loop",
        'start a end <subProcess id="s" triggeredByEvent="true" times="2">start_in end_in <startEvent id="start_in" message="m"/></subProcess>',
        "s",
    ),
    ("dead-end", "start choose", "choose"),
    ("missing-condition", "start choose [x] a end \n choose b end_b", "choose"),
    ("unreachable", 'start a end \n there b end_b <intermediateCatchEvent id="there" link="L"/>', "there"),
    ("unreachable", "start a end \n b c b", "b"),
    ("deadlock", "start choose [initiator = null] a join end \n choose / b c join", "join"),
    ("livelock", "start merge choose [initiator = null] merge \n choose / merge_2 merge", "merge"),
    ("parallel-condition", "start fork [x] a end \n fork b end_b", "fork"),
    ("wrong-default", 'start g a end <exclusiveGateway id="g" default="nothing"/>', "g"),
    ("default-condition", 'start g [x] a end \n g [y] b end_b <exclusiveGateway id="g" default="flow_2"/>', "g"),
    # events
    ("multiple-events", 'start c end <intermediateCatchEvent id="c" message="m" signal="s"/>', "c"),
    ("unsupported-event", 'start c end <intermediateCatchEvent id="c" compensate=""/>', "c"),
    ("unsupported-event", 'start c end <intermediateThrowEvent id="c" cancel="true"/>', "c"),
    ("unsupported-event", 'start end <startEvent id="start" compensate=""/>', "start"),
    ("unsupported-event", 'start end <startEvent id="start" condition="x"/>', "start"),
    ("unsupported-event", 'start c end <intermediateCatchEvent id="c" error="E"/>', "c"),
    ("timer-without-time", 'start c end <intermediateCatchEvent id="c"><timerEventDefinition/></intermediateCatchEvent>', "c"),
    (
        "timer-with-two-times",
        'start c end <intermediateCatchEvent id="c"><timerEventDefinition><timeDate>x</timeDate><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>',
        "c",
    ),
    ("cycle-in-flow", 'start c end <intermediateCatchEvent id="c" cycle="R3/PT1H"/>', "c"),
    ("cycle-interrupts", 'start a end \n b end_b <boundaryEvent id="b" on="a" cycle="R3/PT1H"/>', "b"),
    ("missing-name", 'start c end <intermediateCatchEvent id="c"><messageEventDefinition/></intermediateCatchEvent>', "c"),
    ("missing-name", 'start c end <receiveTask id="c"/>', "c"),
    ("missing-name", 'start c end <sendTask id="c"/>', "c"),
    ("missing-name", 'start c end <intermediateCatchEvent id="c" signal=""/>', "c"),
    ("missing-code", 'start end <endEvent id="end"><errorEventDefinition/></endEvent>', "end"),
    ("missing-code", 'start c end <intermediateThrowEvent id="c"><escalationEventDefinition/></intermediateThrowEvent>', "c"),
    ("loose-boundary", 'start choose / end \n b end_b <boundaryEvent id="b" on="choose" duration="PT1H"/>', "b"),
    ("boundary-incoming", 'start a end \n a b end_b <boundaryEvent id="b" on="a" duration="PT1H"/>', "b"),
    ("error-interrupts", 'start a end \n b end_b <boundaryEvent id="b" on="a" cancelActivity="false" error="E"/>', "b"),
    (
        "duplicate-boundary",
        'start a end \n b end_b \n c end_c <boundaryEvent id="b" on="a" message="m"/><boundaryEvent id="c" on="a" message="m"/>',
        "a",
    ),
    ("link-target", 'start t <intermediateThrowEvent id="t" link="A"/>', "t"),
    (
        "link-target",
        'start t \n b end \n c end <intermediateThrowEvent id="t" link="A"/><intermediateCatchEvent id="b" link="A"/><intermediateCatchEvent id="c" link="A"/>',
        "t",
    ),
    ("event-gateway-exits", 'start g c end <eventBasedGateway id="g"/><intermediateCatchEvent id="c" message="m"/>', "g"),
    ("event-gateway-target", 'start g c end \n g a end_a <eventBasedGateway id="g"/><intermediateCatchEvent id="c" message="m"/>', "g"),
    (
        "event-gateway-target",
        """start fork g c end \n g d end_d \n fork c
        <eventBasedGateway id="g"/><intermediateCatchEvent id="c" message="m"/><intermediateCatchEvent id="d" message="n"/>""",
        "c",
    ),
    (
        "event-gateway-target",
        """start g c end \n g d end_d \n late end_late <eventBasedGateway id="g"/><receiveTask id="c" message="m"/>
        <intermediateCatchEvent id="d" message="n"/><boundaryEvent id="late" on="c" duration="PT1H"/>""",
        "c",
    ),
    # compensation and transactions
    ("compensation-boundary-flow", f"{_UNDONE.format(_UNDOES)} on_a end_a", "on_a"),
    ("compensation-without-handler", 'start a end <boundaryEvent id="on_a" on="a" compensate=""/>', "on_a"),
    (
        "compensation-without-handler",
        f'{_UNDONE.format(_UNDOES)} <userTask id="v" isForCompensation="true"/><association sourceRef="on_a" targetRef="v"/>',
        "on_a",
    ),
    ("no-compensation-activity", _UNDONE.format('<userTask id="u"/> u end_u'), "on_a"),
    ("no-compensation-activity", _UNDONE.format(f'<subProcess id="s">{_UNDOES}</subProcess> a s end_s'), "on_a"),
    ("compensation-activity-flow", f"{_UNDONE.format(_UNDOES)} u end_u", "u"),
    ("compensation-activity-flow", f"{_UNDONE.format(_UNDOES)} start u", "u"),
    ("compensation-activity-unused", 'start a end <userTask id="u" isForCompensation="true"/>', "u"),
    ("compensation-activity-boundary", f'{_UNDONE.format(_UNDOES)} <boundaryEvent id="b" on="u" duration="PT1H"/> b end_b', "u"),
    (
        "compensation-activity-event",
        """start a end <boundaryEvent id="on_a" on="a" by="s"/><subProcess id="s" isForCompensation="true" triggeredByEvent="true">start_in end_in
        <startEvent id="start_in" message="m"/></subProcess>""",
        "s",
    ),
    ("duplicate-boundary", f'{_UNDONE.format(_UNDOES)} <boundaryEvent id="b" on="a" by="u2"/>', "a"),
    ("compensation-of-process", f"start a end {_UNDOING.format('on')}", "on"),
    ("two-handlers", f'start s end <subProcess id="s">b {_UNDOING.format("on")}{_UNDOING.format("on_2")}</subProcess>', "on_2"),
    (
        "two-handlers",
        f'start s end <subProcess id="s">b {_UNDOING.format("on")}</subProcess><boundaryEvent id="on_s" on="s" by="u"/>',
        "on_s",
    ),
    ("compensation-catch-activity", _UNDONE.format(_UNDOES).replace('by="u"', 'by="u" compensate="a"'), "on_a"),
    ("unknown-compensated", f'{_UNDONE.format(_UNDOES)} <endEvent id="end" compensate="b"/>', "end"),
    (
        "unknown-compensated",
        f'{_UNDONE.format(_UNDOES)} a s end_s <subProcess id="s">b end_b <endEvent id="end_b" compensate="a"/></subProcess>',
        "end_b",
    ),
    ("not-compensable", 'start a end <endEvent id="end" compensate="a"/>', "end"),
    ("cancel-outside-transaction", 'start end <endEvent id="end" cancel="true"/>', "end"),
    (
        "cancel-outside-transaction",
        'start s end <subProcess id="s">start_in end_in <endEvent id="end_in" cancel="true"/></subProcess>',
        "end_in",
    ),
    ("cancel-outside-transaction", 'start a end \n b end_b <boundaryEvent id="b" on="a" cancel="true"/>', "b"),
    (
        "cancel-without-boundary",
        'start t end <transaction id="t">start_in end_in <endEvent id="end_in" cancel="true"/></transaction>',
        "end_in",
    ),
    (
        "cancel-interrupts",
        """start t end \n b end_b <boundaryEvent id="b" on="t" cancel="true" cancelActivity="false"/>
        <transaction id="t">start_in end_in <endEvent id="end_in" cancel="true"/></transaction>""",
        "b",
    ),
    ("empty-sub-process", 'start t end <transaction id="t"/>', "t"),
    ("transaction-event", 'start a end <transaction id="t" triggeredByEvent="true">start_in end_in</transaction>', "t"),
    ("unsupported-feature", 'start t end <transaction id="t" method="##Store">start_in end_in</transaction>', "t"),
    # BPMN's own features
    ("unsupported-feature", 'start r end <receiveTask id="r" message="m" instantiate="true"/>', "r"),
    ("unsupported-feature", 'start a end <userTask id="a"><potentialOwner/></userTask>', "a"),
    ("unsupported-feature", 'start a end <userTask id="a"><ioSpecification/></userTask>', "a"),
    (
        "unsupported-feature",
        f'start a end <userTask id="a">{_LOOP.format("<loopCardinality>2</loopCardinality><loopDataOutputRef>x</loopDataOutputRef>")}</userTask>',
        "a",
    ),
    (
        "unsupported-feature",
        'start a end <userTask id="a"><multiInstanceLoopCharacteristics behavior="One"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>',
        "a",
    ),
    (
        "unknown-reference",
        'start a end \n b end_b <boundaryEvent id="b" on="a"><errorEventDefinition errorRef="nothing"/></boundaryEvent>',
        "b",
    ),
    ("unknown-reference", 'start r end <receiveTask id="r" messageRef="nothing"/>', "r"),
    (
        "condition-language",
        'start choose / end <sequenceFlow id="f" sourceRef="choose" targetRef="end"><conditionExpression language="groovy">x</conditionExpression></sequenceFlow>',
        "",
    ),
    # dialect
    ("unsupported-attribute", _T.format('camunda:formKey="embedded:app:f.html"'), "a"),
    ("unsupported-attribute", _S.format('camunda:class="org.Foo"'), "s"),
    ("unsupported-attribute", _S.format('camunda:delegateExpression="${foo}"'), "s"),
    ("unsupported-attribute", _T.format('camunda:topic="x"'), "a"),
    (
        "unsupported-extension",
        'start a end <userTask id="a"><extensionElements><camunda:taskListener event="create"/></extensionElements></userTask>',
        "a",
    ),
    ("unsupported-extension", 'start a end <userTask id="a"><extensionElements><camunda:formData/></extensionElements></userTask>', "a"),
    (
        "unsupported-extension",
        'start a end <userTask id="a"><extensionElements><camunda:in source="x" target="y"/></extensionElements></userTask>',
        "a",
    ),
    ("unsupported-extension", 'start choose / end <exclusiveGateway id="choose" in:x="1"/>', "choose"),
    ("unknown-property", _T.format('opsbook:correlationkey="x"'), "a"),
    ("unknown-binding", _T.format('camunda:formRef="f_slip" camunda:formRefBinding="version"'), "a"),
    ("unknown-binding", 'start c end <callActivity id="c" calledElement="callback" camunda:calledElementBinding="version"/>', "c"),
    ("service-without-topic", _S.format(""), "s"),
    ("script-language", 'start s end <scriptTask id="s" scriptFormat="python"><script>import os</script></scriptTask>', "s"),
    ("empty-script", 'start s end <scriptTask id="s" scriptFormat="feel"/>', "s"),
    ("unsupported-mode", _T.format('opsbook:mode="票签"'), "a"),
    ("unknown-clock", 'start t end <intermediateCatchEvent id="t" duration="PT1H" opsbook:clock="lunar"/>', "t"),
    (
        "unknown-missed",
        'start a end \n r end_b <boundaryEvent id="r" on="a" cancelActivity="false" cycle="R/PT1H" opsbook:missed="never"/>',
        "r",
    ),
    ("missed-without-timer", _T.format('opsbook:missed="skip"'), "a"),
    ("missed-without-cycle", 'start t end <intermediateCatchEvent id="t" duration="PT1H" opsbook:missed="skip"/>', "t"),
    ("loop-without-items", f'start a end <userTask id="a">{_LOOP.format("")}</userTask>', "a"),
    # expressions
    ("bad-expression", "start choose [x &gt;&gt; 1] a end \n choose / end_b", "choose"),
    ("bad-expression", 'start s end <scriptTask id="s" scriptFormat="feel"><script>1 +</script></scriptTask>', "s"),
    ("bad-expression", _T.format('camunda:assignee="=("'), "a"),
    ("bad-expression", _T.format('camunda:candidateUsers="${a b c )}"'), "a"),
    ("bad-expression", _T.format('in:x="=1 +"'), "a"),
    ("bad-expression", _T.format('camunda:dueDate="=working time("'), "a"),
    ("bad-expression", 'start t end <intermediateCatchEvent id="t" duration="PT1H + )"/>', "t"),
    ("bad-expression", 'start t end <intermediateCatchEvent id="t" condition="n ="/>', "t"),
    ("bad-expression", 'start a end <userTask id="a" times="1 +"/>', "a"),
    ("bad-expression", 'start a end <userTask id="a" times="1" until="n ="/>', "a"),
    ("bad-expression", 'start a end <userTask id="a" again="n ="/>', "a"),
    ("bad-expression", 'start r end <receiveTask id="r" message="m" opsbook:correlationKey="a b ("/>', "r"),
    ("reserved-name", _T.format('out:initiator="=1"'), "a"),
    ("reserved-name", _S.format('topic="parts.issue" in:part="1" camunda:resultVariable="parameters"'), "s"),
    # references
    ("unknown-handler", _S.format('topic="parts.isue" in:part="1"'), "s"),
    ("missing-input", _S.format('topic="parts.issue"'), "s"),
    ("unknown-input", _S.format('topic="parts.issue" in:part="1" in:quantiti="1"'), "s"),
    ("unknown-form", _T.format('camunda:formRef="f_slipp"'), "a"),
    ("unknown-form", 'start end <startEvent id="start" camunda:formRef="f_no"/>', "start"),
    ("no-decision", 'start b end <businessRuleTask id="b"/>', "b"),
    ("unknown-decision", 'start b end <businessRuleTask id="b" camunda:decisionRef="dmn_cover"/>', "b"),
    ("unknown-mapping", 'start b end <businessRuleTask id="b" camunda:decisionRef="dmn_coverage" camunda:mapDecisionResult="all"/>', "b"),
    ("no-called-process", 'start c end <callActivity id="c"/>', "c"),
    ("unknown-process", 'start c end <callActivity id="c" calledElement="calback"/>', "c"),
]


@pytest.mark.parametrize(("rule", "body", "element"), CASES, ids=[f"{rule}-{number}" for number, (rule, _, _) in enumerate(CASES)])
def test_every_rule_names_the_element_and_speaks_both_languages(findings: Findings, rule: str, body: str, element: str) -> None:
    """Given a diagram with one mistake, then the rule reports it at the element, with its line, in Chinese and in English."""
    found = [problem for problem in findings(body) if problem.code == rule]
    assert found, [(problem.code, problem.element_id, problem.en) for problem in findings(body)]
    problem = found[0]
    assert problem.element_id == element
    assert problem.severity == "error"
    assert problem.line > 0
    assert problem.resource == "p.bpmn"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in problem.zh)
    assert problem.en.isascii() or "“" in problem.en


def test_every_rule_has_a_case() -> None:
    """No rule without a test: the codes in the rules' source are those of the cases, of the modelling mistakes and of the warnings tested below."""
    folder = Path(engine.diagrams.checks.__file__).parent
    codes = {code for file in folder.glob("*.py") for code in re.findall(r'report\(\s*"([a-z-]+)"', file.read_text("utf-8"))}
    elsewhere = {"missing-id", "nothing-to-compensate", "cancel-never-thrown", "external-topic", "not-decided", "error-unhandled"}
    assert codes - {rule for rule, _, _ in CASES} - {mistake.code for mistake in MISTAKES} == elsewhere


def test_all_problems_at_once_in_the_order_of_the_file(findings: Findings) -> None:
    """Given several mistakes, then all are reported together."""
    found = findings(
        """start a s choose [x y] end
        <userTask id="a" camunda:formRef="f_no" camunda:assignee="=("/><serviceTask id="s" topic="parts.none"/>"""
    )
    assert {problem.code for problem in found} == {"unknown-form", "bad-expression", "unknown-handler", "missing-default"}
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)


def test_a_near_miss_is_suggested(findings: Findings) -> None:
    """“Did you mean …?”"""
    (problem,) = findings(_S.format('topic="parts.isue" in:part="1"'))
    assert "parts.issue" in problem.zh and "parts.issue" in problem.en


def test_an_error_the_handler_never_reports_is_a_warning(findings: Findings) -> None:
    """It does not stop the deployment."""
    (problem,) = findings(
        'start s end \n b end_b <serviceTask id="s" topic="parts.issue" in:part="1"/><boundaryEvent id="b" on="s" error="LATE"/>'
    )
    assert (problem.code, problem.severity) == ("error-never-thrown", "warning")


def test_a_topic_for_external_workers_is_a_warning(findings: Findings) -> None:
    """Where external workers are to be expected, a topic that nothing here resembles is theirs."""
    (problem,) = findings(_S.format('topic="sms"'))
    assert (problem.code, problem.severity, problem.element_id) == ("external-topic", "warning", "s")


def test_an_element_without_an_id_is_found(findings: Findings) -> None:
    """It is reported at the process."""
    assert "missing-id" in [problem.code for problem in findings("start a end <userTask/>")]


def test_a_file_without_an_executable_process(findings: Findings) -> None:
    """The advice says which box to tick."""
    (problem,) = findings(bpmn("start a end").replace(b'isExecutable="true"', b'isExecutable="false"'))
    assert problem.code == "no-process"
    assert "可执行" in problem.zh


def test_a_sound_diagram_has_no_findings(findings: Findings) -> None:
    """Lanes, labels, properties and everything supported pass."""
    assert (
        findings(
            """start a s c b choose [amount > 1] end \n choose / end_b \n late end_late
        <userTask id="a" name="检查" camunda:candidateGroups="hotline" camunda:formRef="f_slip" camunda:formRefBinding="latest"
          camunda:dueDate="=working time(now(), duration(&quot;PT2H&quot;))" opsbook:clause="M3-1" opsbook:guidance="M3-2"/>
        <serviceTask id="s" topic="parts.issue" in:part="=part" in:quantity="1" camunda:asyncBefore="true"/>
        <callActivity id="c" calledElement="callback"/><businessRuleTask id="b" camunda:decisionRef="dmn_coverage"/>
        <boundaryEvent id="late" on="a" cancelActivity="false" cycle="R2/PT30M" opsbook:clock="working"/>"""
        )
        == []
    )
