"""BPMN XML to `Process`. Knows the notation, judges nothing: what cannot run is found by `engine.diagrams.checks`."""

from dataclasses import dataclass, field

from lxml import etree

from engine.diagrams.model import (
    ACTIVITY_TYPES,
    EVENT_TYPES,
    GATEWAY_TYPES,
    CallMapping,
    Element,
    EventDefinition,
    EventKind,
    Lane,
    Loop,
    Parameter,
    ParameterValue,
    Process,
    SequenceFlow,
    TimerKind,
)
from engine.xml import read_xml

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
_NS = {"b": BPMN, "c": CAMUNDA}
_FLOW_NODES = ACTIVITY_TYPES | GATEWAY_TYPES | EVENT_TYPES
#: Kinds of flow nodes of BPMN 2.0 that are read only to be refused by name.
_UNSUPPORTED_NODES = frozenset(("adHocSubProcess", "complexGateway", "callChoreography", "choreographyTask", "subChoreography"))
_EVENT_KINDS: dict[str, EventKind] = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
    "compensateEventDefinition": "compensate",
    "cancelEventDefinition": "cancel",
}


@dataclass
class Diagram:
    """All that one BPMN file holds."""

    processes: list[Process] = field(default_factory=list)
    root: etree._Element | None = None
    references: dict[str, str] = field(default_factory=dict)  #: id of a message, signal, error … to its name or code


def read_diagram(content: bytes) -> Diagram:
    """Read a BPMN file.

    Raises:
        DiagramUnreadable: not XML, not safe, or not BPMN 2.0.
    """
    root = read_xml(content)
    diagram = Diagram(root=root, references=_references(root))
    for node in root.findall("b:process", _NS):
        if node.get("isExecutable", "false") == "true":
            diagram.processes.append(_process(node, diagram.references))
    return diagram


def local(node: etree._Element) -> str:
    """Local name of an element of the BPMN namespace, '' for others."""
    name = etree.QName(node)
    return name.localname if name.namespace == BPMN else ""


def _references(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag, attribute in (("message", "name"), ("signal", "name"), ("error", "errorCode"), ("escalation", "escalationCode")):
        for node in root.findall(f"b:{tag}", _NS):
            if identifier := node.get("id"):
                found[identifier] = node.get(attribute, "")
    return found


def _process(node: etree._Element, references: dict[str, str]) -> Process:
    process = Process(
        id=node.get("id", ""),
        name=node.get("name", "") or node.get("id", ""),
        line=node.sourceline or 0,
        camunda=_camunda(node),
        properties=_properties(node),
        documentation=_documentation(node),
    )
    _members(node, process.id, process, references)
    for association in node.getroottree().iterfind(".//b:association", _NS):  # drawn in the process, a sub-process or the collaboration
        process.add_association(association.get("sourceRef", ""), association.get("targetRef", ""))
    for lane in node.iterfind(".//b:lane", _NS):
        members = frozenset((ref.text or "").strip() for ref in lane.findall("b:flowNodeRef", _NS))
        process.lanes.append(Lane(lane.get("id", ""), lane.get("name", "") or lane.get("id", ""), members))
    return process


def _members(node: etree._Element, scope: str, process: Process, references: dict[str, str]) -> None:
    for child in node:
        if not isinstance(child.tag, str):
            continue
        kind = local(child)
        if kind == "sequenceFlow":
            process.add_flow(_flow(child))
        elif kind in _FLOW_NODES or kind in _UNSUPPORTED_NODES:
            process.add_element(_element(child, kind, scope, references))
            if kind in ("subProcess", "transaction", "adHocSubProcess"):
                _members(child, child.get("id", ""), process, references)


def _flow(node: etree._Element) -> SequenceFlow:
    source, target = node.get("sourceRef", ""), node.get("targetRef", "")
    return SequenceFlow(
        id=node.get("id") or f"flow_{source}_{target}",
        name=node.get("name", ""),
        source=source,
        target=target,
        condition=(node.findtext("b:conditionExpression", "", _NS) or "").strip(),
        line=node.sourceline or 0,
    )


def _element(node: etree._Element, kind: str, scope: str, references: dict[str, str]) -> Element:
    camunda = _camunda(node)
    return Element(
        id=node.get("id", ""),
        name=" ".join(node.get("name", "").split()),
        type=kind,
        line=node.sourceline or 0,
        scope=scope,
        camunda=camunda,
        properties=_properties(node),
        inputs=_parameters(node, "inputParameter"),
        outputs=_parameters(node, "outputParameter"),
        calls_in=_call_mappings(node, "in"),
        calls_out=_call_mappings(node, "out"),
        event=_event(node, references) if kind in EVENT_TYPES else None,
        message=_reference(node.get("messageRef", ""), references),
        attached_to=node.get("attachedToRef", ""),
        interrupting=node.get("cancelActivity", node.get("isInterrupting", "true")) == "true",
        default_flow=node.get("default", ""),
        loop=_loop(node),
        script=(node.findtext("b:script", "", _NS) or "").strip(),
        script_format=node.get("scriptFormat", ""),
        called_element=node.get("calledElement", ""),
        triggered_by_event=node.get("triggeredByEvent", "false") == "true",
        for_compensation=node.get("isForCompensation", "false") == "true",
        retry_cycle=(node.findtext("b:extensionElements/c:failedJobRetryTimeCycle", "", _NS) or "").strip(),
        documentation=_documentation(node),
    )


def _event(node: etree._Element, references: dict[str, str]) -> EventDefinition:
    for child in node:
        if not isinstance(child.tag, str) or local(child) not in _EVENT_KINDS:
            continue
        kind = _EVENT_KINDS[local(child)]
        timer, text = _timer(child) if kind == "timer" else (None, "")
        if kind == "conditional":
            text = (child.findtext("b:condition", "", _NS) or "").strip()
        reference = next((child.get(a, "") for a in ("messageRef", "signalRef", "errorRef", "escalationRef") if child.get(a)), "")
        camunda = _camunda(child)
        return EventDefinition(
            kind=kind,
            name=child.get("name", "") if kind == "link" else _reference(reference, references),
            timer=timer,
            text=text,
            code_variable=camunda.get("errorCodeVariable", camunda.get("escalationCodeVariable", "")),
            message_variable=camunda.get("errorMessageVariable", ""),
            activity_ref=child.get("activityRef", ""),
            wait_for_completion=child.get("waitForCompletion", "true") == "true",
        )
    return EventDefinition("none")


def _timer(node: etree._Element) -> tuple[TimerKind | None, str]:
    kinds: tuple[TimerKind, ...] = ("timeDate", "timeDuration", "timeCycle")
    for kind in kinds:
        text = (node.findtext(f"b:{kind}", "", _NS) or "").strip()
        if text:
            return kind, text
    return None, ""


def _reference(identifier: str, references: dict[str, str]) -> str:
    return references.get(identifier, references.get(identifier.rpartition(":")[2], "")) if identifier else ""


def _loop(node: etree._Element) -> Loop | None:
    multi = node.find("b:multiInstanceLoopCharacteristics", _NS)
    if multi is not None:
        camunda = _camunda(multi)
        data_input = (multi.findtext("b:loopDataInputRef", "", _NS) or "").strip()
        item = multi.find("b:inputDataItem", _NS)
        return Loop(
            kind="sequential" if multi.get("isSequential", "false") == "true" else "parallel",
            cardinality=(multi.findtext("b:loopCardinality", "", _NS) or "").strip(),
            collection=camunda.get("collection", data_input),
            element_variable=camunda.get("elementVariable", "" if item is None else item.get("name", item.get("id", ""))),
            completion_condition=(multi.findtext("b:completionCondition", "", _NS) or "").strip(),
        )
    standard = node.find("b:standardLoopCharacteristics", _NS)
    if standard is not None:
        return Loop(
            kind="standard",
            condition=(standard.findtext("b:loopCondition", "", _NS) or "").strip(),
            test_before=standard.get("testBefore", "false") == "true",
            maximum=standard.get("loopMaximum", ""),
        )
    return None


def _camunda(node: etree._Element) -> dict[str, str]:
    prefix = f"{{{CAMUNDA}}}"
    return {str(key)[len(prefix) :]: str(value) for key, value in node.attrib.items() if str(key).startswith(prefix)}


def _properties(node: etree._Element) -> dict[str, str]:
    found = node.findall("b:extensionElements/c:properties/c:property", _NS)
    return {item.get("name", ""): item.get("value", "") for item in found}


def _parameters(node: etree._Element, tag: str) -> tuple[Parameter, ...]:
    found = node.findall(f"b:extensionElements/c:inputOutput/c:{tag}", _NS)
    return tuple(Parameter(item.get("name", ""), _parameter_value(item)) for item in found)


def _parameter_value(node: etree._Element) -> ParameterValue:
    for child in node:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname
        if name == "list":
            return [_parameter_value(value) if len(value) else (value.text or "").strip() for value in child]
        if name == "map":
            return {entry.get("key", ""): _parameter_value(entry) for entry in child}
    return (node.text or "").strip()


def _call_mappings(node: etree._Element, tag: str) -> tuple[CallMapping, ...]:
    found = node.findall(f"b:extensionElements/c:{tag}", _NS)
    return tuple(
        CallMapping(
            target=item.get("target", ""),
            source=item.get("source", ""),
            expression=item.get("sourceExpression", "") or item.get("businessKey", ""),
            all_variables=item.get("variables") == "all",
            business_key=item.get("businessKey") is not None,
        )
        for item in found
    )


def _documentation(node: etree._Element) -> str:
    return (node.findtext("b:documentation", "", _NS) or "").strip()
