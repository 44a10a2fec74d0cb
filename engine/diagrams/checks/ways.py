"""Rules on ways that lead nowhere: steps without a way on, events that cannot happen, rounds that run away."""

from collections.abc import Iterator

from engine.diagrams.checks.check import Check
from engine.diagrams.model import Element, Process
from engine.diagrams.soundness.net import waits
from engine.diagrams.variables import NotKnown, written_by
from engine.errors import ExpressionError
from engine.feel import compile_expression


def dead_ends(check: Check) -> None:
    """Where a level has end events, every way leads to one; a sub-process may be the last, it has ends of its own."""
    process = check.process
    for members in process.members.values():
        if not any(item.type == "endEvent" for item in members):
            continue
        for element in members:
            if _goes_on(process, element) or element.type.endswith("Gateway"):
                continue
            check.report(
                "no-way-on",
                element,
                "没有出线，令牌走到这里就悄悄结束；请连到下一步，或连到结束事件。",
                "There is no flow out of here, a token ends silently; connect it to the next step or to an end event.",
                severity="warning",
            )


def _goes_on(process: Process, element: Element) -> bool:
    is_link = element.event is not None and element.event.kind == "link" and element.type == "intermediateThrowEvent"
    stands_alone = element.triggered_by_event or process.only_undoes(element)
    ends = element.type == "endEvent" or bool(process.members.get(element.id))
    return bool(process.outgoing.get(element.id)) or ends or is_link or stands_alone


def events_that_never_happen(check: Check) -> None:
    """A boundary event needs an activity that takes time."""
    for element in check.elements("boundaryEvent"):
        host = check.process.elements.get(element.attached_to)
        if host is not None and not waits(host) and not check.process.only_undoes(element):
            check.report(
                "boundary-never",
                element,
                f"“{host.label}”一到就过去，不会等待，这个边界事件永远不会发生；请附着到要等待的活动上。",
                f"“{host.label}” passes at once and never waits, so this boundary event cannot happen; attach it to an activity that takes time.",
                severity="warning",
            )


def runaway_rounds(check: Check) -> None:
    """A round in which nothing waits changes what its conditions ask for: otherwise it goes on for ever once it has begun."""
    process = check.process
    reported = set[str]()
    for element in check.elements():
        around = _round_of(process, element)
        if not around or element.id in reported:
            continue
        reported |= around
        asked = set(_asked(process, around))
        written = _written(check, around)
        leaves = any(flow.target not in around for item in around for flow in process.outgoing.get(item, []))
        if leaves and written is not None and not asked & written:
            check.report(
                "round-without-wait",
                element,
                "这个循环里没有等待，也不改变条件用到的变量，一旦进入就停不下来，会超出步数上限；请在循环里加一个要等待的步骤。",
                "Nothing waits in this round and nothing in it changes what its conditions ask for: once begun it runs on until the limit of "
                "steps. Put a step into it that waits.",
                severity="warning",
            )


def _round_of(process: Process, element: Element) -> set[str]:
    """The elements of a round through an element in which nothing waits."""
    behind = _reach(process, element.id, forward=True)
    return behind & _reach(process, element.id, forward=False) if element.id in behind else set()


def _reach(process: Process, start: str, *, forward: bool) -> set[str]:
    found, open_ = set[str](), [start]
    while open_:
        current = open_.pop()
        flows = process.outgoing.get(current, []) if forward else process.incoming.get(current, [])
        for flow in flows:
            following = flow.target if forward else flow.source
            element = process.elements.get(following)
            if element is not None and following not in found and not waits(element) and not waits(process.elements[start]):
                found.add(following)
                open_.append(following)
    return found


def _asked(process: Process, around: set[str]) -> Iterator[str]:
    for item in around:
        for flow in process.outgoing.get(item, []):
            try:
                yield from compile_expression(flow.condition).names if flow.condition else ()
            except ExpressionError:
                continue  # found and reported by the rule on expressions


def _written(check: Check, around: set[str]) -> set[str] | None:
    """The variables that change in a round; None when that cannot be told."""
    found = set[str]()
    for item in around:
        try:
            found |= written_by(check.process.elements[item], check.known.providers)
        except NotKnown:
            return None
    return found


RULES = (dead_ends, events_that_never_happen, runaway_rounds)
