"""How diagrams are drawn: what keeps people from reading them is found, and the shipped ones have none of it."""

import re
from pathlib import Path

import pytest

from engine.diagrams.layout import check_layout
from engine.diagrams.reader import read_diagram
from engine.errors import Problem

PROCESSES = Path(__file__).parents[2] / "processes"
DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))

_FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI">
 <collaboration id="c"><participant id="pool" processRef="p"/></collaboration>
 <process id="p" isExecutable="true">
  <laneSet id="lanes"><lane id="upper" name="热线"><flowNodeRef>start</flowNodeRef><flowNodeRef>ask</flowNodeRef><flowNodeRef>choose</flowNodeRef></lane>
   <lane id="lower" name="现场"><flowNodeRef>visit</flowNodeRef><flowNodeRef>end</flowNodeRef></lane></laneSet>
  <startEvent id="start" name="来电"/><userTask id="ask" name="询问"/><exclusiveGateway id="choose" name="要上门？"/><userTask id="visit" name="上门"/><endEvent id="end" name="完成"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="ask"/><sequenceFlow id="f2" sourceRef="ask" targetRef="choose"/>
  <sequenceFlow id="f3" name="是" sourceRef="choose" targetRef="visit"/><sequenceFlow id="f4" name="否" sourceRef="choose" targetRef="end"/>
  <sequenceFlow id="f5" sourceRef="visit" targetRef="end"/>
 </process>
 <di:BPMNDiagram><di:BPMNPlane bpmnElement="c">
  <di:BPMNShape bpmnElement="pool"><dc:Bounds x="0" y="0" width="900" height="400"/></di:BPMNShape>
  <di:BPMNShape bpmnElement="upper"><dc:Bounds x="30" y="0" width="870" height="200"/></di:BPMNShape>
  <di:BPMNShape bpmnElement="lower"><dc:Bounds x="30" y="200" width="870" height="200"/></di:BPMNShape>
  <di:BPMNShape bpmnElement="start"><dc:Bounds x="82" y="82" width="36" height="36"/><di:BPMNLabel><dc:Bounds x="88" y="122" width="25" height="14"/></di:BPMNLabel></di:BPMNShape>
  <di:BPMNShape bpmnElement="ask"><dc:Bounds x="200" y="60" width="100" height="80"/></di:BPMNShape>
  <di:BPMNShape bpmnElement="choose"><dc:Bounds x="375" y="75" width="50" height="50"/><di:BPMNLabel><dc:Bounds x="376" y="57" width="48" height="14"/></di:BPMNLabel></di:BPMNShape>
  <di:BPMNShape bpmnElement="visit"><dc:Bounds x="350" y="260" width="100" height="80"/></di:BPMNShape>
  <di:BPMNShape bpmnElement="end"><dc:Bounds x="702" y="282" width="36" height="36"/><di:BPMNLabel><dc:Bounds x="708" y="322" width="25" height="14"/></di:BPMNLabel></di:BPMNShape>
  <di:BPMNEdge bpmnElement="f1"><dd:waypoint x="118" y="100"/><dd:waypoint x="200" y="100"/></di:BPMNEdge>
  <di:BPMNEdge bpmnElement="f2"><dd:waypoint x="300" y="100"/><dd:waypoint x="375" y="100"/></di:BPMNEdge>
  <di:BPMNEdge bpmnElement="f3"><dd:waypoint x="400" y="125"/><dd:waypoint x="400" y="260"/><di:BPMNLabel><dc:Bounds x="405" y="135" width="12" height="14"/></di:BPMNLabel></di:BPMNEdge>
  <di:BPMNEdge bpmnElement="f4"><dd:waypoint x="425" y="100"/><dd:waypoint x="720" y="100"/><dd:waypoint x="720" y="282"/><di:BPMNLabel><dc:Bounds x="430" y="82" width="12" height="14"/></di:BPMNLabel></di:BPMNEdge>
  <di:BPMNEdge bpmnElement="f5"><dd:waypoint x="450" y="300"/><dd:waypoint x="702" y="300"/></di:BPMNEdge>
 </di:BPMNPlane></di:BPMNDiagram></definitions>"""


def _findings(text: str) -> list[Problem]:
    return check_layout(read_diagram(text.encode()), "p.bpmn")


def test_a_well_drawn_diagram_has_no_findings() -> None:
    """Everything in its place."""
    assert _findings(_FILE) == []


@pytest.mark.parametrize(
    ("was", "becomes", "code", "element"),
    [
        ('<dc:Bounds x="350" y="260" width="100" height="80"/>', '<dc:Bounds x="640" y="260" width="100" height="80"/>', "shapes-overlap", "visit"),
        ('<dc:Bounds x="350" y="260" width="100" height="80"/>', '<dc:Bounds x="350" y="160" width="100" height="80"/>', "outside-frame", "visit"),
        ("<flowNodeRef>visit</flowNodeRef>", "", "in-no-lane", "visit"),
        ('<dd:waypoint x="720" y="100"/>', '<dd:waypoint x="425" y="300"/><dd:waypoint x="720" y="300"/>', "flow-through-shape", "f4"),
        ('<dd:waypoint x="450" y="300"/>', '<dd:waypoint x="400" y="300"/>', "flow-through-shape", "f5"),
        ('<dd:waypoint x="425" y="100"/>', '<dd:waypoint x="400" y="125"/><dd:waypoint x="400" y="220"/><dd:waypoint x="600" y="220"/>', "flows-on-one-line", "f3"),
        ('name="询问"', 'name="询问客户的名称、地址、联系人、设备型号、序列号、购买日期以及故障现象和发生的时间"', "label-too-long", "ask"),
        ('name="要上门？"', 'name="需要工程师带着备件上门吗？"', "label-box-too-small", "choose"),
        ('<dc:Bounds x="405" y="135" width="12" height="14"/>', '<dc:Bounds x="405" y="265" width="12" height="14"/>', "label-on-shape", "f3"),
        ('<dc:Bounds x="405" y="135" width="12" height="14"/>', '<dc:Bounds x="394" y="135" width="12" height="14"/>', "label-on-flow", "f3"),
        ('<dc:Bounds x="430" y="82" width="12" height="14"/>', '<dc:Bounds x="408" y="135" width="12" height="14"/>', "labels-overlap", "f3"),
        (re.findall(r'<di:BPMNShape bpmnElement="ask">.*?</di:BPMNShape>', _FILE)[0], "", "not-drawn", "ask"),
        (re.findall(r'<di:BPMNEdge bpmnElement="f5">.*?</di:BPMNEdge>', _FILE)[0], "", "not-drawn", "f5"),
    ],
)  # fmt: skip
def test_what_is_hard_to_read_is_found_and_named(was: str, becomes: str, code: str, element: str) -> None:
    """One thing drawn badly; the finding names it, in both languages, as a warning."""
    assert _FILE.count(was) == 1
    found = _findings(_FILE.replace(was, becomes))
    assert (code, element) in [(problem.code, problem.element_id) for problem in found]
    assert all(problem.severity == "warning" and problem.zh and problem.en and problem.line for problem in found)


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_shipped_diagrams_are_well_drawn(path: Path) -> None:
    """No overlap, no flow through a shape, no label on anything, everybody in their lane."""
    assert [problem.text("en") for problem in check_layout(read_diagram(path.read_bytes()), path.name)] == []
