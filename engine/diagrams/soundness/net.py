"""One level of a process as a token game sees it: what holds a token, where tokens go, which joins wait.

Levels are played one by one: a sub-process is a single step of the level around it, so that big diagrams stay small to play.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from engine.diagrams.model import SUB_PROCESS_TYPES, Element, Process
from engine.diagrams.soundness.nodes import Exit, Kind, Node, Split
from engine.diagrams.soundness.reduction import reduce


@dataclass(frozen=True)
class Net:
    """A level: equal nets have equal verdicts."""

    nodes: tuple[Node, ...]
    starts: tuple[tuple[str, ...], ...]  #: each a way to begin: the nodes that get a token
    asides: tuple[str, ...]  #: boundary events whose branch shares nothing with the rest, each played by itself
    left_from_outside: bool  #: whether an event can interrupt the whole level

    @property
    def beginnings(self) -> tuple[tuple[str, ...], ...]:
        """Every way to begin, those of the branches aside last."""
        return (*self.starts, *((event,) for event in self.asides))


def nets_of(process: Process, never_completing: Collection[str]) -> Iterator[tuple[str, Net]]:
    """The levels of a process with their ids, innermost first.

    Args:
        process: as drawn.
        never_completing: sub-processes that are never left by their exits; looked at again for every level, so it may grow meanwhile.
    """
    for scope in reversed(list(process.members)):
        nodes = {node.id: node for node in _nodes(process, scope, never_completing)}
        starts = _starts(process, scope)
        if nodes and starts:
            first = {item for start in starts for item in start}
            asides = _asides(nodes, first)
            yield scope, Net(tuple(reduce(nodes, first | set(asides))), starts, asides, _is_left_from_outside(process, scope))


def _nodes(process: Process, scope: str, never_completing: Collection[str]) -> Iterator[Node]:
    for element in process.members.get(scope, []):
        if not _has_tokens(element):
            continue
        takes_time = waits(element)
        attached = [item for item in process.boundaries.get(element.id, []) if takes_time and not process.only_undoes(item)]
        yield Node(
            id=element.id,
            kind=_kind(process, element),
            split=_split(element),
            exits=tuple(_exits(process, element)),
            interrupted_by=tuple(item.id for item in attached if item.interrupting),
            told_by=tuple(item.id for item in attached if not item.interrupting),
            completes=element.id not in never_completing,
            waits=takes_time,
        )


def _kind(process: Process, element: Element) -> Kind:
    joins = len(process.incoming.get(element.id, [])) > 1
    event = element.event.kind if element.event is not None else "none"
    if element.type in ("parallelGateway", "inclusiveGateway"):
        return "pass" if not joins else "parallel" if element.type == "parallelGateway" else "inclusive"
    if element.type == "endEvent":
        return "terminate" if event == "terminate" else "abort" if event in ("error", "cancel") else "end"
    passes = element.type in ("exclusiveGateway", "boundaryEvent", "startEvent") or event == "link"
    return "pass" if passes else "work"


def _split(element: Element) -> Split:
    if element.type == "parallelGateway":
        return "all"
    return "one" if element.type in ("exclusiveGateway", "eventBasedGateway") else "some"


def _exits(process: Process, element: Element) -> Iterator[Exit]:
    inside = {item.id: item for item in process.members[element.scope] if _has_tokens(item)}
    for flow in process.outgoing.get(element.id, []):
        if flow.target in inside:
            yield Exit(flow.id, flow.target, "default" if flow.id == element.default_flow else "maybe" if flow.condition else "always")
    if element.type == "intermediateThrowEvent" and _is_link(element):
        for item in inside.values():
            if item.type == "intermediateCatchEvent" and _is_link(item) and item.event == element.event:
                yield Exit("", item.id)


def _has_tokens(element: Element) -> bool:
    return not element.triggered_by_event and not element.for_compensation


def _is_link(element: Element) -> bool:
    return element.event is not None and element.event.kind == "link"


def waits(element: Element) -> bool:
    """Whether a token stays at an element for a person, an event, a job or another process."""
    event = element.event.kind if element.event is not None else "none"
    return (
        element.type in ("userTask", "receiveTask", "callActivity", "eventBasedGateway", *SUB_PROCESS_TYPES)
        or (element.type == "intermediateCatchEvent" and event != "link")
        or bool(element.camunda.get("topic"))
    )


def _starts(process: Process, scope: str) -> tuple[tuple[str, ...], ...]:
    """A process begins with one of its start events, a sub-process with its own or with everything that nothing leads to."""
    events = process.start_events(scope)
    if events:
        return tuple((event.id,) for event in events)
    if scope == process.id:
        return ()
    first = tuple(
        item.id
        for item in process.members[scope]
        if not process.incoming.get(item.id)
        and not item.attached_to
        and not process.only_undoes(item)
        and not item.triggered_by_event
        and not (item.type == "intermediateCatchEvent" and _is_link(item))
    )
    return (first,) if first else ()


def _is_left_from_outside(process: Process, scope: str) -> bool:
    """Whether an event sub-process of the level, or a boundary event of it or of a level around it, can end it."""
    current: str | None = scope
    while current is not None:
        starts = [start for item in process.event_sub_processes(current) for start in process.start_events(item.id)]
        if any(item.interrupting and not process.only_undoes(item) for item in (*starts, *process.boundaries.get(current, []))):
            return True
        owner = process.elements.get(current)
        current = owner.scope if owner is not None else None
    return False


def _asides(nodes: dict[str, Node], starts: set[str]) -> tuple[str, ...]:
    """Boundary events that do not interrupt and whose branch meets the rest at ends only; they are taken off their hosts."""
    telling = {told for node in nodes.values() for told in node.told_by}
    main = _reachable(nodes, starts, without=telling)
    found: list[str] = []
    changed = True
    while changed:  # what joins the rest takes along whatever it meets
        found, changed = [], False
        for event in sorted(telling):
            behind = _reachable(nodes, {event}, without=frozenset())
            if behind & main and event not in main:
                main |= behind
                changed = True
            elif event not in main:
                found.append(event)
    for node in list(nodes.values()):
        nodes[node.id] = replace(node, told_by=tuple(told for told in node.told_by if told not in found))
    return tuple(found)


def _reachable(nodes: dict[str, Node], start: Collection[str], *, without: Collection[str]) -> set[str]:
    """The nodes behind some, these included, ends left out: tokens do not meet there."""
    found, open_ = set[str](), list(start)
    while open_:
        node = nodes[open_.pop()]
        if node.id in found or node.kind in ("end", "terminate", "abort"):
            continue
        found.add(node.id)
        open_ += [item.target for item in node.exits]
        open_ += [event for event in (*node.interrupted_by, *node.told_by) if event not in without]
    return found
