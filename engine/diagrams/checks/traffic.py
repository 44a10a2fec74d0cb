"""Rules on what processes send each other: somebody sends what is awaited, somebody awaits what is sent, somebody catches what is thrown."""

from engine.diagrams.checks.check import Check
from engine.diagrams.model import SUB_PROCESS_TYPES, Element
from engine.diagrams.reader import BPMN
from engine.diagrams.traffic import awaited_by, sent_by

_WORDS = {"message": ("消息", "message"), "signal": ("信号", "signal"), "error": ("错误", "error"), "escalation": ("升级", "escalation")}


def messages(check: Check) -> None:
    """Every message and signal has a sender and a receiver, among the processes or outside."""
    traffic = check.known.traffic
    if traffic is None:
        return
    outside = _Outside(check)
    for element in check.elements():
        for kind, name in awaited_by(element):
            zh, en = _WORDS[kind]
            if name and (kind, name) not in traffic.sent and not outside.sends_to(element):
                check.report(
                    f"{kind}-nobody-sends",
                    element,
                    f"没有流程发送{zh}“{name}”，这里会一直等；如果它来自外部，请从外部的泳池画一条消息流过来，或写属性 opsbook:sender。",
                    f"No process sends the {en} “{name}”, so this waits for ever; if it comes from outside, draw a message flow from a pool "
                    "outside or say who in the property opsbook:sender.",
                    severity="warning",
                )
        for kind, name in sent_by(element):
            zh, en = _WORDS[kind]
            if name and (kind, name) not in traffic.awaited and not outside.receives_from(element):
                check.report(
                    f"{kind}-nobody-awaits",
                    element,
                    f"没有流程接收{zh}“{name}”；如果接收者在外部，请画一条消息流到外部的泳池，或写属性 opsbook:receiver。",
                    f"No process awaits the {en} “{name}”; if the receiver is outside, draw a message flow to a pool outside or say who in the "
                    "property opsbook:receiver.",
                    severity="warning",
                )


class _Outside:
    """Who outside sends and receives, as drawn: message flows of the collaboration, and properties."""

    def __init__(self, check: Check) -> None:
        self.process = check.process
        flows = [(node.get("sourceRef", ""), node.get("targetRef", "")) for node in check.root.iter(f"{{{BPMN}}}messageFlow")]
        self.targets = {target for _, target in flows}
        self.sources = {source for source, _ in flows}

    def sends_to(self, element: Element) -> bool:
        """Whether somebody outside sends to an element, or to what is around it."""
        return "opsbook:sender" in element.properties or not self.targets.isdisjoint(self._around(element))

    def receives_from(self, element: Element) -> bool:
        """Whether somebody outside gets what an element sends."""
        return "opsbook:receiver" in element.properties or not self.sources.isdisjoint(self._around(element))

    def _around(self, element: Element) -> set[str]:
        found = {element.id, element.attached_to}
        while (owner := self.process.elements.get(element.scope)) is not None:
            found.add(owner.id)
            element = owner
        return found


def thrown(check: Check) -> None:
    """Errors of end events and escalations are caught, here or by a process that calls this one."""
    traffic = check.known.traffic
    if traffic is None:
        return
    for element in check.elements("endEvent", "intermediateThrowEvent"):
        if element.event is None or element.event.kind not in ("error", "escalation") or not element.event.name:
            continue
        kind, name = element.event.kind, element.event.name
        if traffic.catches(check.process, element.scope, kind, name):
            continue
        zh, en = _WORDS[kind]
        effect_zh, effect_en = ("案例会以失败告终", "the case fails") if kind == "error" else ("它不起任何作用", "it has no effect")
        check.report(
            f"{kind}-uncaught",
            element,
            f"没有谁捕获{zh}“{name}”，{effect_zh}；请在外层活动或调用它的流程上加边界事件。",
            f"Nobody catches the {en} “{name}”: {effect_en}. Attach a boundary event to an activity around it, or in a process that calls this one.",
            severity="warning",
        )


def caught(check: Check) -> None:
    """Boundary events on sub-processes and calls wait for errors and escalations that can come out of them."""
    traffic = check.known.traffic
    if traffic is None:
        return
    for element in check.elements("boundaryEvent"):
        host = check.process.elements.get(element.attached_to)
        event = element.event
        if (
            host is None
            or event is None
            or event.kind not in ("error", "escalation")
            or host.type not in (*SUB_PROCESS_TYPES, "callActivity")
        ):
            continue
        thrown = traffic.thrown_by(check.process, host, event.kind)
        if thrown is None or event.name in thrown or (not event.name and thrown):
            continue
        zh, en = _WORDS[event.kind]
        check.report(
            f"{event.kind}-never-thrown",
            element,
            f"“{host.label}”里面不会抛出{zh}“{event.name}”，这个边界事件永远不会发生。",
            f"Nothing in “{host.label}” throws the {en} “{event.name}”; this boundary event never happens.",
            severity="warning",
        )


def handlers_errors(check: Check) -> None:
    """Business errors of handlers that nobody catches are incidents; that may be meant, so it is only said."""
    traffic = check.known.traffic
    if traffic is None:
        return
    for element in check.elements("serviceTask", "sendTask"):
        topic = check.known.topics.get(element.camunda.get("topic", ""))
        attached = {
            item.event.name
            for item in check.process.boundaries.get(element.id, [])
            if item.event is not None and item.event.kind == "error"
        }
        if topic is None or "" in attached:
            continue
        codes = [code for code in sorted(topic.errors - attached) if not traffic.catches(check.process, element.scope, "error", code)]
        if codes:
            check.report(
                "error-unhandled",
                element,
                f"没有谁捕获处理器报告的{'、'.join(codes)}，发生时会成为异常，由运维人员处理。",
                f"Nobody catches {', '.join(codes)} of the handler; when it happens it is an incident for an operator.",
                severity="info",
            )


RULES = (messages, thrown, caught, handlers_errors)
