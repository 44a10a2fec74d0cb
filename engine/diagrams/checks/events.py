"""Rules on events."""

from collections import Counter

from engine.diagrams.checks.check import Check
from engine.diagrams.model import ACTIVITY_TYPES, Element
from engine.diagrams.reader import local

#: Event kinds that run, by element type.
KINDS = {
    "startEvent": {"none", "message", "timer", "signal"},
    "eventSubProcessStart": {"message", "timer", "signal", "conditional", "error", "escalation", "compensate"},
    "intermediateCatchEvent": {"message", "timer", "signal", "conditional", "link"},
    "intermediateThrowEvent": {"none", "message", "signal", "escalation", "link", "compensate"},
    "boundaryEvent": {"message", "timer", "signal", "conditional", "error", "escalation", "compensate", "cancel"},
    "endEvent": {"none", "message", "signal", "error", "escalation", "terminate", "compensate", "cancel"},
}
_DEFINITIONS = "EventDefinition"


def supported_kinds(check: Check) -> None:
    """Only events that run, each with one definition."""
    for node in check.root.iter():
        element = check.process.elements.get(node.get("id", "")) if isinstance(node.tag, str) else None
        if element is None or element.event is None:
            continue
        definitions = [local(child) for child in node if isinstance(child.tag, str) and local(child).endswith(_DEFINITIONS)]
        if len(definitions) > 1:
            check.report("multiple-events", element, "一个事件只能有一个定义。", "An event has one definition.")
        place = "eventSubProcessStart" if _starts_event_sub_process(check, element) else element.type
        kind = definitions[0].removesuffix(_DEFINITIONS) if definitions else "none"
        if kind not in KINDS.get(place, set()) and not (place == "eventSubProcessStart" and kind == "none"):
            check.report("unsupported-event", element, f"这里不支持 {kind} 事件。", f"A {kind} event is not supported here.")


def _starts_event_sub_process(check: Check, element: Element) -> bool:
    owner = check.process.elements.get(element.scope)
    return element.type == "startEvent" and owner is not None and owner.triggered_by_event


def names(check: Check) -> None:
    """Messages, signals and links have names; errors that are thrown have codes."""
    for element in check.elements():
        event = element.event
        if event is not None and event.kind in ("message", "signal", "link") and not event.name:
            check.report(
                "missing-name",
                element,
                f"{event.kind} 事件没有名称，请选择或新建。",
                f"The {event.kind} event has no name; choose or create one.",
            )
        if (
            event is not None
            and event.kind in ("error", "escalation")
            and not event.name
            and element.type in ("endEvent", "intermediateThrowEvent")
        ):
            check.report("missing-code", element, f"抛出的 {event.kind} 没有代码。", f"The {event.kind} that is thrown has no code.")
        if element.type == "receiveTask" and not element.message:
            check.report("missing-name", element, "接收任务没有消息。", "The receive task has no message.")
        if element.type == "sendTask" and not element.message and not element.camunda.get("topic"):
            check.report(
                "missing-name", element, "发送任务没有消息，也没有处理器主题。", "The send task has neither a message nor a topic."
            )


def boundaries(check: Check) -> None:
    """Boundary events sit on activities; two on one activity differ."""
    for element in check.elements("boundaryEvent"):
        host = check.process.elements.get(element.attached_to)
        if host is None or host.type not in ACTIVITY_TYPES:
            check.report("loose-boundary", element, "边界事件没有附着在活动上。", "The boundary event is not attached to an activity.")
        if check.process.incoming.get(element.id):
            check.report("boundary-incoming", element, "边界事件不能有进线。", "A boundary event has no incoming flow.")
        if element.event is not None and element.event.kind == "error" and not element.interrupting:
            check.report("error-interrupts", element, "错误边界事件总是中断活动。", "An error boundary event always interrupts.")
    for host_id, attached in check.process.boundaries.items():
        counted = Counter(
            (item.event.kind, item.event.name)
            for item in attached
            if item.event is not None and item.event.kind in ("message", "error", "escalation", "signal", "compensate", "cancel")
        )
        for (kind, name), count in counted.items():
            if count > 1:
                check.report(
                    "duplicate-boundary",
                    check.process.elements.get(host_id),
                    f"同一活动上有 {count} 个相同的 {kind} 边界事件“{name}”。",
                    f"{count} equal {kind} boundary events “{name}” on one activity.",
                )


def links(check: Check) -> None:
    """A link throw has exactly one target on its level."""
    for scope, members in check.process.members.items():
        linked = [item for item in members if item.event is not None and item.event.kind == "link"]
        targets = Counter(item.event.name for item in linked if item.type == "intermediateCatchEvent" and item.event is not None)
        for element in linked:
            name = element.event.name if element.event is not None else ""
            if element.type == "intermediateThrowEvent" and targets[name] != 1:
                check.report(
                    "link-target",
                    element,
                    f"链接“{name}”在同一层有 {targets[name]} 个目标，应恰好一个。",
                    f"The link “{name}” has {targets[name]} targets on its level ({scope}); it needs one.",
                )


def event_gateways(check: Check) -> None:
    """Behind an event-based gateway stand only events, each for it alone."""
    for gateway in check.elements("eventBasedGateway"):
        flows = check.process.outgoing.get(gateway.id, [])
        if len(flows) < 2:
            check.report("event-gateway-exits", gateway, "事件网关至少要有两条出线。", "An event-based gateway needs two outgoing flows.")
        for flow in flows:
            target = check.process.elements.get(flow.target)
            if target is None:
                continue
            catches = target.type == "receiveTask" or (
                target.type == "intermediateCatchEvent" and target.event is not None and target.event.kind != "link"
            )
            if not catches:
                check.report(
                    "event-gateway-target", gateway, f"“{target.label}”不是等待的事件。", f"“{target.label}” is not an event that waits."
                )
            elif len(check.process.incoming.get(target.id, [])) > 1:
                check.report(
                    "event-gateway-target",
                    target,
                    "事件网关后的事件只能有一条进线。",
                    "An event behind an event-based gateway has one incoming flow.",
                )
            if target.type == "receiveTask" and (check.process.boundaries.get(target.id) or target.loop is not None):
                check.report(
                    "event-gateway-target",
                    target,
                    "事件网关后的接收任务不能有边界事件或循环。",
                    "A receive task behind an event-based gateway has no boundary events and no loop.",
                )


RULES = (supported_kinds, names, boundaries, links, event_gateways)
