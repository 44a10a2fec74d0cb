"""Rules on compensation and transactions (BPMN 2.0 §10.7): who undoes what, who may ask for it, and how a transaction is cancelled."""

from engine.diagrams.checks.check import Check, nearest
from engine.diagrams.model import Element


def _is(element: Element, kind: str) -> bool:
    return element.event is not None and element.event.kind == kind


def compensation_boundaries(check: Check) -> None:
    """A compensation boundary event leads, by an association only, to the one activity that undoes its host."""
    process = check.process
    for element in check.elements("boundaryEvent"):
        if not _is(element, "compensate"):
            continue
        if process.outgoing.get(element.id):
            check.report(
                "compensation-boundary-flow",
                element,
                "补偿边界事件不能有出线，请用关联（虚线）连到补偿活动。",
                "A compensation boundary event has no outgoing flow; connect it to its handler by an association (dotted line).",
            )
        handlers = [process.elements[item] for item in process.associations.get(element.id, []) if item in process.elements]
        if len(handlers) != 1:
            check.report(
                "compensation-without-handler",
                element,
                f"补偿边界事件关联了 {len(handlers)} 个活动，应恰好一个：请用关联（虚线）连到一个补偿活动。",
                f"The compensation boundary event is associated with {len(handlers)} activities; associate it (dotted line) with one.",
            )
        for handler in handlers:
            if not handler.for_compensation or handler.scope != element.scope:
                check.report(
                    "no-compensation-activity",
                    element,
                    f"“{handler.label}”不是同一层的补偿活动，请把它标为“用于补偿”（isForCompensation）。",
                    f"“{handler.label}” is no compensation activity of this level; mark it as for compensation (isForCompensation).",
                )
        host = process.elements.get(element.attached_to)
        if host is not None and any(process.is_compensation(item) for item in process.event_sub_processes(host.id)):
            check.report(
                "two-handlers",
                element,
                "子流程里已有补偿事件子流程，不能再有补偿边界事件；请删去其中一个。",
                "The sub-process already has a compensation event sub-process; remove that or this boundary event.",
            )


def compensation_activities(check: Check) -> None:
    """A compensation activity stands outside the flow and belongs to a compensation boundary event."""
    process = check.process
    used = {target for element in check.elements("boundaryEvent") for target in process.associations.get(element.id, [])}
    for element in check.elements():
        if not element.for_compensation:
            continue
        if process.incoming.get(element.id) or process.outgoing.get(element.id):
            check.report(
                "compensation-activity-flow",
                element,
                "补偿活动不能有进出的连线，它只由补偿边界事件启动；请删去连线。",
                "A compensation activity has no flows in or out, only its compensation boundary event starts it; remove the flows.",
            )
        if element.id not in used:
            check.report(
                "compensation-activity-unused",
                element,
                "没有补偿边界事件关联到这个补偿活动，它永远不会运行；请加关联（虚线），或取消“用于补偿”。",
                "No compensation boundary event is associated with this compensation activity, it can never run; "
                "draw the association or unmark the activity.",
            )
        if process.boundaries.get(element.id):
            check.report(
                "compensation-activity-boundary",
                element,
                "补偿活动上不能有边界事件；请改用子流程作补偿活动，把边界事件画在里面。",
                "A compensation activity has no boundary events; make it a sub-process and draw them inside.",
            )
        if element.triggered_by_event:
            check.report(
                "compensation-activity-event",
                element,
                "事件子流程不能标为“用于补偿”；请给它补偿开始事件。",
                "An event sub-process is not marked as for compensation; give it a compensation start event.",
            )


def compensation_starts(check: Check) -> None:
    """A compensation start event begins the one compensation event sub-process of an embedded sub-process."""
    process = check.process
    for scope, members in process.members.items():
        found = [item for item in members if item.triggered_by_event and process.is_compensation(item)]
        if found and scope == process.id:
            check.report(
                "compensation-of-process",
                found[0],
                "整个流程不能被补偿；补偿事件子流程只能画在子流程里。",
                "A whole process is never compensated; draw the compensation event sub-process inside a sub-process.",
            )
        for element in found[1:]:
            check.report(
                "two-handlers", element, "一个子流程只能有一个补偿事件子流程。", "A sub-process has one compensation event sub-process."
            )


def throws(check: Check) -> None:
    """Thrown compensation names an activity of its own level that can be undone; caught compensation names none."""
    for element in check.elements():
        if element.event is None or element.event.kind != "compensate":
            continue
        name = element.event.activity_ref
        if element.type in ("boundaryEvent", "startEvent"):
            if name:
                check.report(
                    "compensation-catch-activity",
                    element,
                    "捕获补偿的事件不能有 activityRef，它属于所附着的活动；请删除。",
                    "An event that catches compensation has no activityRef, it belongs to what it is attached to; remove it.",
                )
            continue
        visible = {item.id: item for item in _visible(check, element)}
        if not name:
            if not any(check.process.is_compensable(item) for item in visible):
                check.report(
                    "nothing-to-compensate",
                    element,
                    "这一层没有活动带补偿处理，抛出补偿不会有任何作用。",
                    "No activity of this level has a compensation handler; throwing compensation has no effect.",
                    severity="warning",
                )
        elif name not in visible:
            zh, en = nearest(name, [item for item in visible if check.process.is_compensable(item)])
            check.report(
                "unknown-compensated",
                element,
                f"activityRef 指向的“{name}”不是这一层的活动。{zh}",
                f"activityRef refers to “{name}”, which is no activity of this level. {en}",
            )
        elif not check.process.is_compensable(name):
            check.report(
                "not-compensable",
                element,
                f"“{visible[name].label}”没有补偿处理，无法补偿；请给它加补偿边界事件和补偿活动。",
                f"“{visible[name].label}” has no compensation handler; give it a compensation boundary event and a compensation activity.",
            )


def _visible(check: Check, thrower: Element) -> list[Element]:
    """The activities whose completion a thrower can undo: of its level, and from an event sub-process also of the level around it."""
    process = check.process
    scope: str = thrower.scope
    found = list(process.members.get(scope, []))
    while (owner := process.elements.get(scope)) is not None and owner.triggered_by_event:
        scope = owner.scope
        found += process.members.get(scope, [])
    return [item for item in found if not process.is_compensation(item)]


def transactions(check: Check) -> None:
    """A transaction is cancelled from inside by a cancel end event, and left by its cancel boundary event."""
    process = check.process
    for element in check.elements("transaction"):
        if element.triggered_by_event:
            check.report("transaction-event", element, "事务不能由事件触发。", "A transaction is not triggered by an event.")
        ends = [item for item in process.members.get(element.id, []) if item.type == "endEvent" and _is(item, "cancel")]
        left_by = [item for item in process.boundaries.get(element.id, []) if _is(item, "cancel")]
        if ends and not left_by:
            check.report(
                "cancel-without-boundary",
                ends[0],
                f"事务“{element.label}”没有取消边界事件，取消之后无处可去；请在事务边上加一个。",
                f"The transaction “{element.label}” has no cancel boundary event, so there is no way on after the cancel; attach one.",
            )
        if left_by and not ends:
            check.report(
                "cancel-never-thrown",
                left_by[0],
                f"事务“{element.label}”里没有取消结束事件，这个边界事件永远不会发生。",
                f"The transaction “{element.label}” has no cancel end event; this boundary event never happens.",
                severity="warning",
            )
    for element in check.elements("endEvent", "boundaryEvent"):
        if not _is(element, "cancel"):
            continue
        owner = process.elements.get(element.scope if element.type == "endEvent" else element.attached_to)
        if owner is None or owner.type != "transaction":
            check.report(
                "cancel-outside-transaction",
                element,
                "取消事件只能用在事务里：结束事件直接画在事务内，边界事件附着在事务上；别处请用错误事件。",
                "Cancel events belong to a transaction: the end event directly inside it, the boundary event on it; elsewhere use an error.",
            )
        if not element.interrupting:
            check.report("cancel-interrupts", element, "取消边界事件总是中断事务。", "A cancel boundary event always interrupts.")


RULES = (compensation_boundaries, compensation_activities, compensation_starts, throws, transactions)
