"""A BPMN file as parts: everything in it that has a meaning or a place, nothing left out silently."""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.reader import BPMN, CAMUNDA, local
from engine.difference.parts import Part, Parts
from engine.difference.xml_text import canonical, children, shapes
from engine.xml import read_xml

_CONTAINERS = frozenset(("process", "subProcess", "transaction", "adHocSubProcess"))
_EVENTS = frozenset(("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"))
_PARTS = _CONTAINERS | _EVENTS | frozenset((
    "task", "manualTask", "userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask", "callActivity",
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway",
    "sequenceFlow", "messageFlow", "association", "participant", "lane", "textAnnotation", "group", "dataObjectReference", "dataStoreReference",
    "message", "signal", "error", "escalation",
))  # fmt: skip
#: Named once, used by elements: of no meaning until an element names them.
DEFINITIONS = frozenset(("message", "signal", "error", "escalation"))
_ATTRIBUTES = {
    "sourceRef": "source",
    "targetRef": "target",
    "attachedToRef": "attached to",
    "default": "default",
    "cancelActivity": "interrupting",
    "isInterrupting": "interrupting",
    "messageRef": "trigger",
    "signalRef": "trigger",
    "errorRef": "trigger",
    "escalationRef": "trigger",
    "activityRef": "trigger",
    "calledElement": "called element",
}
_DEFAULTS = {
    "interrupting": "true",
    "isExecutable": "false",
    "event waitForCompletion": "true",
    "triggeredByEvent": "false",
    "isForCompensation": "false",
    # modelers leave out what is understood anyway
    "camunda:formRefBinding": "latest",
    "camunda:decisionRefBinding": "latest",
    "camunda:calledElementBinding": "latest",
}
_LOOPS = {"multiInstanceLoopCharacteristics": "", "standardLoopCharacteristics": "standard"}
_SAID_ELSEWHERE = frozenset(("incoming", "outgoing", "flowNodeRef", "laneSet", "childLaneSet", "ioSpecification"))


def read_parts(content: bytes) -> Parts:
    """The parts of a BPMN file by id.

    Raises:
        DiagramUnreadable: not XML, or not safe to read.
    """
    root = read_xml(content)
    drawings = shapes(root, "bpmnElement")
    lanes = {
        (ref.text or "").strip(): lane.get("id", "")
        for lane in root.iter(f"{{{BPMN}}}lane")
        for ref in lane.findall(f"{{{BPMN}}}flowNodeRef")
    }
    parts: Parts = {}
    for node in root.iter(f"{{{BPMN}}}*"):
        kind, identifier = local(node), node.get("id", "")
        if kind not in _PARTS or not identifier:
            continue
        facts = {aspect: text for aspect, text in _facts(node) if _DEFAULTS.get(aspect) != text}
        if identifier in lanes:
            facts["lane"] = lanes[identifier]
        name = " ".join((node.get("name") or node.findtext(f"{{{BPMN}}}text") or "").split())
        parts[identifier] = Part(identifier, kind, name, facts, _scope(node), drawing=drawings.get(identifier, ""))
    return parts


def _scope(node: etree._Element) -> str:
    """The sub-process that contains a node; nothing for what lies on the top level."""
    for above in node.iterancestors(f"{{{BPMN}}}*"):
        if local(above) in _CONTAINERS:
            return "" if local(above) == "process" else above.get("id", "")
    return ""


def _facts(node: etree._Element) -> Iterator[tuple[str, str]]:
    yield from _attributes(node)
    seen: dict[str, int] = {}
    for child in children(node):
        kind = local(child)
        if kind in _PARTS or kind in _SAID_ELSEWHERE:
            continue
        if kind == "extensionElements":
            yield from _extensions(child)
        elif kind in ("documentation", "script", "text"):
            yield kind, (child.text or "").strip()
        elif kind == "conditionExpression":
            yield "condition", (child.text or "").strip()
        elif kind.endswith("EventDefinition"):
            yield from _event(child, kind.removesuffix("EventDefinition"))
        elif kind in _LOOPS:
            yield from _loop(child, kind)
        else:
            seen[kind] = seen.get(kind, 0) + 1
            yield f"{kind} {seen[kind]}", canonical(child)


def _attributes(node: etree._Element, prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in node.attrib.items():
        name = etree.QName(str(key))
        if name.localname == "id" and not name.namespace:
            continue
        if name.namespace == CAMUNDA:
            yield f"{prefix}camunda:{name.localname}", _list_of_names(name.localname, str(value))
        elif name.namespace is None:
            known = _ATTRIBUTES.get(name.localname)
            text = " ".join(str(value).split())
            yield known or f"{prefix}{name.localname}", text
        else:
            yield f"{prefix}{canonical_name(name)}", str(value)


def canonical_name(name: etree.QName) -> str:
    """A foreign attribute's name, independent of the file's prefixes."""
    return f"{{{name.namespace}}}{name.localname}"


def _list_of_names(attribute: str, value: str) -> str:
    """Lists of people and groups mean the same in any spacing."""
    if attribute in (
        "candidateGroups",
        "candidateUsers",
        "candidateStarterGroups",
        "candidateStarterUsers",
    ) and not value.lstrip().startswith(("=", "${")):
        return ",".join(item.strip() for item in value.split(","))
    return value.strip()


def _extensions(node: etree._Element) -> Iterator[tuple[str, str]]:
    seen: dict[str, int] = {}
    for child in children(node):
        name = etree.QName(child)
        if name.namespace == CAMUNDA and name.localname == "properties":
            yield from ((f"property {item.get('name', '')}", item.get("value", "")) for item in children(child))
        elif name.namespace == CAMUNDA and name.localname == "inputOutput":
            for item in children(child):
                direction = "input" if etree.QName(item).localname == "inputParameter" else "output"
                yield f"{direction} {item.get('name', '')}", (item.text or "").strip() if len(item) == 0 else canonical(item)
        elif name.namespace == CAMUNDA and name.localname in ("in", "out"):
            yield _mapping(child, name.localname)
        elif name.namespace == CAMUNDA and name.localname == "failedJobRetryTimeCycle":
            yield "retries", (child.text or "").strip()
        else:
            seen[name.localname] = seen.get(name.localname, 0) + 1
            yield f"extension {name.localname} {seen[name.localname]}", canonical(child)


def _mapping(node: etree._Element, direction: str) -> tuple[str, str]:
    if node.get("businessKey") is not None:
        return f"{direction} business key", node.get("businessKey", "")
    if node.get("variables") is not None:
        return f"{direction} variables", node.get("variables", "")
    return f"{direction} {node.get('target', '')}", node.get("sourceExpression", "") or node.get("source", "")


def _event(node: etree._Element, kind: str) -> Iterator[tuple[str, str]]:
    yield "event", kind
    for child in children(node):
        tag = local(child)
        if kind == "timer":
            yield "timer", f"{tag} {(child.text or '').strip()}"
        elif tag == "condition":
            yield "event condition", (child.text or "").strip()
        elif tag == "extensionElements":
            yield from ((f"event {aspect}", text) for aspect, text in _extensions(child))
        else:
            yield f"event {tag}", canonical(child)
    yield from _attributes(node, "event ")


def _loop(node: etree._Element, kind: str) -> Iterator[tuple[str, str]]:
    yield "loop", _LOOPS[kind] or ("sequential" if node.get("isSequential") == "true" else "parallel")
    yield from ((aspect, text) for aspect, text in _attributes(node, "loop ") if aspect != "loop isSequential")
    for child in children(node):
        if local(child) == "extensionElements":
            yield from ((f"loop {aspect}", text) for aspect, text in _extensions(child))
        else:
            yield f"loop {local(child)}", (child.text or "").strip() if len(child) == 0 else canonical(child)
