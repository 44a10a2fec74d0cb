"""Rules on variables that may not be there: asked for before anybody gave them, or not handed over to a called process."""

from collections.abc import Collection, Iterator

from engine.diagrams.checks.check import Check
from engine.diagrams.model import SUB_PROCESS_TYPES, Element, Process, SequenceFlow
from engine.diagrams.variables import ALWAYS, Variables, may_be_empty
from engine.errors import ExpressionError
from engine.feel import compile_expression
from engine.feel.nullness import can_be_null


def conditions(check: Check) -> None:
    """What a condition compares has been given on every way to it."""
    process = check.process
    variables = Variables(process, check.known.providers)
    by_callers = variables.from_callers
    if by_callers is None:
        return
    ignored = ALWAYS | by_callers | may_be_empty(process, check.known.providers)
    for flow in process.flows.values():
        source = process.elements.get(flow.source)
        if source is None or not flow.condition:
            continue
        there = variables.at(source)
        for name in sorted(_needed(flow) - ignored):
            if there is not None and name not in there:
                continue  # unknown here on every way, as the rule on expressions says
            givers = variables.givers(name)
            way = _way_without(process, source, givers) if givers else None
            if way is not None:
                _report(check, source, flow, name, way, givers)


def _report(check: Check, source: Element, flow: SequenceFlow, name: str, way: tuple[str, ...], givers: Collection[str]) -> None:
    elements = check.process.elements
    by = "、".join(f"“{elements[giver].label}”" for giver in sorted(givers)[:3])
    steps = "→".join(f"“{elements[item].name}”" for item in way if elements[item].name)
    check.report(
        "maybe-missing",
        source,
        f"变量 {name} 由{by}给出，但走 {steps} 到这里时还没有值，条件 {flow.condition} 既不真也不假；请先给值，或写 {name} != null and …。",
        f"The variable {name} is given by {by}, but on the way {steps} it has no value yet, and {flow.condition} is neither true nor false; "
        f"give it before, or write {name} != null and ….",
        line=flow.line,
        severity="warning",
        path=way,
    )


def _needed(flow: SequenceFlow) -> set[str]:
    """The variables without which a condition is null."""
    try:
        expression = compile_expression(flow.condition)
    except ExpressionError:
        return set()  # found and reported by the rule on expressions
    return {name for name in expression.names if can_be_null(expression.tree, {name})}


def _way_without(process: Process, element: Element, givers: frozenset[str]) -> tuple[str, ...] | None:
    """A way from the beginning to an element past everything that surely gives a variable, outermost level first; None if there is none."""
    inner = _way(process, element.scope, element.id, givers)
    owner = process.elements.get(element.scope)
    if inner is None or owner is None:
        return inner
    if owner.triggered_by_event or process.is_compensation(owner) or owner.id in givers:
        return None  # begins at any time: what it needs may well be there
    outer = _way_without(process, owner, givers)
    return None if outer is None else outer + inner


def _way(process: Process, scope: str, goal: str, givers: frozenset[str]) -> tuple[str, ...] | None:
    """The shortest way inside a level from one of its beginnings to an element (or, with '', out of the level)."""
    members = process.members.get(scope, [])
    starts = [item.id for item in process.start_events(scope)] or [
        item.id for item in members if not process.incoming.get(item.id) and not item.attached_to
    ]
    open_: list[tuple[str, ...]] = [(start,) for start in starts if start not in givers]
    seen = {way[0] for way in open_}
    while open_:
        way = open_.pop(0)
        if way[-1] == goal or (not goal and not process.outgoing.get(way[-1])):
            return way
        for following in _following(process, way[-1], givers):
            if following not in seen:
                seen.add(following)
                open_.append((*way, following))
    return None


def _following(process: Process, element_id: str, givers: frozenset[str]) -> Iterator[str]:
    """Where a token goes on without getting the variable; by a boundary event also when the element would give it."""
    element = process.elements[element_id]
    for boundary in process.boundaries.get(element_id, []):
        yield from (flow.target for flow in process.outgoing.get(boundary.id, []) if boundary.id not in givers)
    if element_id in givers:
        return
    if element.type in SUB_PROCESS_TYPES and element.loop is None and _way(process, element_id, "", givers) is None:
        return
    yield from (flow.target for flow in process.outgoing.get(element_id, []) if flow.target in process.elements)
    if element.event is not None and element.event.kind == "link" and element.type == "intermediateThrowEvent":
        yield from (
            item.id for item in process.members[element.scope] if item.type == "intermediateCatchEvent" and item.event == element.event
        )


def calls(check: Check) -> None:
    """A call hands over what the called process needs and nobody in it gives."""
    traffic = check.known.traffic
    if traffic is None:
        return
    for element in check.elements("callActivity"):
        called = traffic.processes.get(element.called_element)
        if called is None or any(mapping.all_variables for mapping in element.calls_in):
            continue
        given = ALWAYS | {mapping.target for mapping in element.calls_in}
        for name in sorted(_needed_from_callers(check, called) - given):
            check.report(
                "missing-in",
                element,
                f"流程“{called.name}”需要变量 {name}，这里没有传入；请在传入映射里加上。",
                f"The process “{called.name}” needs the variable {name}, which is not handed over here; add it to the in mappings.",
                severity="warning",
            )


def _needed_from_callers(check: Check, called: Process) -> set[str]:
    """The variables that conditions, rounds and handlers of a process cannot do without, and nothing in it gives."""
    needed = {name for flow in called.flows.values() for name in _needed(flow)}
    for element in called.elements.values():
        if element.loop is not None and element.loop.collection:
            needed |= _names(element.loop.collection)
        topic = check.known.topics.get(element.camunda.get("topic", ""))
        required = topic.required if topic is not None else frozenset()
        needed |= {
            name for item in element.inputs if item.name in required and isinstance(item.value, str) for name in _bare_name(item.value)
        }
    variables = Variables(called, check.known.providers)
    local = {item.name for element in called.elements.values() if called.members.get(element.id) for item in element.inputs}
    local |= {element.loop.element_variable for element in called.elements.values() if element.loop is not None}
    return {name for name in needed - local if not variables.givers(name)}


def _names(text: str) -> frozenset[str]:
    if not text.startswith(("=", "$")):
        return frozenset((text,))
    try:
        return compile_expression(text).names
    except ExpressionError:
        return frozenset()  # found and reported by the rule on expressions


def _bare_name(text: str) -> frozenset[str]:
    """The name of an expression that is nothing but a variable."""
    return _names(text) if text.startswith("=") and text[1:].strip().isidentifier() else frozenset()


RULES = (conditions, calls)
