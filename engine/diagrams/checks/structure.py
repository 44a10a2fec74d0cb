"""Rules on how elements are connected."""

from collections import Counter

from engine.diagrams.checks.check import Check
from engine.diagrams.model import ACTIVITY_TYPES, EVENT_TYPES, GATEWAY_TYPES, SUB_PROCESS_TYPES, Element
from engine.diagrams.reader import local

_ADVICE = {
    "adHocSubProcess": ("请改用普通子流程。", "Use an embedded sub-process."),
    "complexGateway": ("请改用包容网关或排他网关。", "Use an inclusive or an exclusive gateway."),
}


def supported_types(check: Check) -> None:
    """Only element types that run."""
    for element in check.elements():
        if element.type not in ACTIVITY_TYPES | GATEWAY_TYPES | EVENT_TYPES:
            zh, en = _ADVICE.get(element.type, ("请换一种元素。", "Use another element."))
            check.report("unsupported-element", element, f"不支持 {element.type}。{zh}", f"{element.type} is not supported. {en}")


def unique_ids(check: Check) -> None:
    """Ids are there and occur once."""
    ids = Counter(
        node.get("id", "")
        for node in check.root.iter()
        if isinstance(node.tag, str)
        and (local(node) in ACTIVITY_TYPES | GATEWAY_TYPES | EVENT_TYPES or local(node) in ("process", "sequenceFlow"))
    )
    for identifier, count in ids.items():
        if identifier and count > 1:
            element = check.process.elements.get(identifier)
            check.report("duplicate-id", element, f"标识“{identifier}”出现了 {count} 次。", f"The id “{identifier}” occurs {count} times.")
    if any(not element.id for element in check.elements()):
        check.report("missing-id", check.process, "有元素没有 id。", "An element has no id.")


def flows_connect(check: Check) -> None:
    """Sequence flows join two elements of the same level."""
    elements = check.process.elements
    for flow in check.process.flows.values():
        source, target = elements.get(flow.source), elements.get(flow.target)
        if source is None or target is None:
            check.report(
                "loose-flow",
                check.process,
                f"连线“{check.process.label_of(flow)}”有一端没有接上。",
                f"The flow “{check.process.label_of(flow)}” is not connected at both ends.",
                line=flow.line,
            )
        elif source.scope != target.scope:
            check.report(
                "flow-across-levels",
                source,
                f"连线“{check.process.label_of(flow)}”穿过了子流程的边界。",
                f"The flow “{check.process.label_of(flow)}” crosses the border of a sub-process.",
                line=flow.line,
            )


def reachable(check: Check) -> None:
    """Everything can be reached from a start event."""
    process = check.process
    for scope in process.members:
        if not process.start_events(scope):
            continue
        for element in process.members[scope]:
            is_entry = element.type == "startEvent" or element.attached_to or element.triggered_by_event or element.for_compensation
            if not is_entry and not process.incoming.get(element.id) and not _is_linked_to(check, element):
                check.report("unreachable", element, "没有连线通到这里，它永远不会运行。", "No flow leads here; it can never run.")


def _is_linked_to(check: Check, element: Element) -> bool:
    """Whether a link of the same level leads to an element."""
    if element.type != "intermediateCatchEvent" or element.event is None or element.event.kind != "link":
        return False
    return any(item.type == "intermediateThrowEvent" and item.event == element.event for item in check.process.members[element.scope])


def starts(check: Check) -> None:
    """A level has at most one plain start; a process has at least one start."""
    process = check.process
    if not process.start_events(process.id):
        check.report("no-start", process, "流程没有开始事件。", "The process has no start event.")
    for scope in process.members:
        owner = process.elements.get(scope)
        events = process.start_events(scope)
        plain = [event for event in events if event.event is None or event.event.kind == "none"]
        if len(plain) > 1:
            check.report(
                "several-starts",
                plain[1],
                "同一层有多个空白开始事件，只能有一个。",
                "There are several plain start events on one level; one is allowed.",
            )
        if owner is not None and owner.triggered_by_event:
            if len(events) != 1 or plain:
                check.report(
                    "event-sub-process-start",
                    owner,
                    "事件子流程要有恰好一个带事件的开始事件。",
                    "An event sub-process needs exactly one start event with an event.",
                )
        elif owner is not None:
            for event in events:
                if event not in plain:
                    check.report(
                        "sub-process-start", event, "子流程只能由空白开始事件开始。", "A sub-process starts with a plain start event."
                    )
    for element in check.elements(*SUB_PROCESS_TYPES):
        if not process.members.get(element.id):
            check.report("empty-sub-process", element, "子流程是空的。", "The sub-process is empty.")


def event_sub_processes(check: Check) -> None:
    """Event sub-processes stand alone."""
    for element in check.elements("subProcess"):
        if element.triggered_by_event and (check.process.incoming.get(element.id) or check.process.outgoing.get(element.id)):
            check.report("event-sub-process-flow", element, "事件子流程不能有进出的连线。", "An event sub-process has no flows in or out.")
        if element.triggered_by_event and element.loop is not None:
            check.report("event-sub-process-loop", element, "事件子流程不能循环或多实例。", "An event sub-process cannot loop.")


def gateways(check: Check) -> None:
    """Splits say where every token goes."""
    process = check.process
    for element in check.elements("exclusiveGateway", "inclusiveGateway"):
        flows = process.outgoing.get(element.id, [])
        if not flows:
            check.report("dead-end", element, "网关没有出线。", "The gateway has no outgoing flow.")
        if element.type == "exclusiveGateway" and len(flows) > 1:
            for flow in flows:
                if not flow.condition and flow.id != element.default_flow:
                    check.report(
                        "missing-condition",
                        element,
                        f"出线“{process.label_of(flow)}”没有条件，也不是默认出线。",
                        f"The flow “{process.label_of(flow)}” has no condition and is not the default flow.",
                        line=flow.line,
                    )
    for element in check.elements("parallelGateway"):
        for flow in process.outgoing.get(element.id, []):
            if flow.condition:
                check.report(
                    "parallel-condition",
                    element,
                    "并行网关的出线不能有条件。",
                    "Flows leaving a parallel gateway have no conditions.",
                    line=flow.line,
                )


def defaults(check: Check) -> None:
    """The default flow leaves its own element and has no condition."""
    for element in check.elements():
        if not element.default_flow:
            continue
        flow = check.process.flows.get(element.default_flow)
        if flow is None or flow.source != element.id:
            check.report("wrong-default", element, "默认出线不是从这里出发的连线。", "The default flow does not leave this element.")
        elif flow.condition:
            check.report("default-condition", element, "默认出线不能有条件。", "The default flow has no condition.", line=flow.line)


RULES = (supported_types, unique_ids, flows_connect, reachable, starts, event_sub_processes, gateways, defaults)
