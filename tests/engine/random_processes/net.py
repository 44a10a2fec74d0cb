"""A diagram as the token game sees it: nodes, flows and scopes, read from BPMN without the engine's reader."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
_CONDITION = re.compile(r"(\w+) (=|>=|>|<) (\d+)")
_TIMER = re.compile(r"(?:(R)(\d*)/)?PT(\d+)H")


class Drawn:
    """What is drawn never changes, so copies of a game share it."""

    def __deepcopy__(self, memo: object) -> "Drawn":
        return self


@dataclass(frozen=True, eq=False)
class Flow(Drawn):
    """A sequence flow."""

    id: str
    source: str
    target: str
    condition: str


@dataclass(frozen=True, eq=False)
class Timer(Drawn):
    """Hours until it is due; with `again`, each time anew, `times` in all (None: without end); what becomes of repetitions that were missed."""

    hours: int
    again: bool
    times: int | None
    missed: str


@dataclass(frozen=True, eq=False)
class Rounds(Drawn):
    """Multi-instance (parallel, sequential) or standard loop."""

    kind: str
    times: int
    until: str
    again: str
    test_before: bool


@dataclass(frozen=True, eq=False)
class Node(Drawn):
    """A flow node."""

    id: str
    kind: str  #: BPMN's name of the element
    event: str  #: none, message, timer, signal, conditional, error, escalation, link, terminate
    name: str  #: of the message, signal or link; code of the error or escalation
    condition: str
    timer: Timer | None
    host: str  #: what a boundary event is attached to
    interrupting: bool
    default: str
    by_event: bool  #: an event sub-process
    rounds: Rounds | None
    called: str
    undoes: bool  #: runs only to undo another
    waits: bool  #: a throw of compensation waits for it
    job_before: bool
    job_after: bool


class Net(Drawn):
    """One process."""

    def __init__(self, content: bytes) -> None:
        """Args: content: BPMN XML with one process."""
        root = ET.fromstring(content)
        self.names = {
            str(item.get("id")): item.get("errorCode", item.get("escalationCode", item.get("name", ""))) for item in root if item.get("id")
        }
        process = next(item for item in root if item.tag == f"{_BPMN}process")
        self.id = process.get("id", "")
        self.nodes: dict[str, Node] = {}
        self.inside: dict[str, list[Node]] = {}
        self.into: dict[str, list[Flow]] = {}
        self.out: dict[str, list[Flow]] = {}
        self._associations: list[tuple[str, str]] = []
        self._read(process)
        self.boundaries: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.host:
                self.boundaries.setdefault(node.host, []).append(node)
        self.handlers = {self.nodes[boundary].host: self.nodes[handler] for boundary, handler in self._associations}
        for scope in self.inside:
            self.handlers.update((scope, node) for node, start in self.event_starts(scope) if start.event == "compensate")
        self.undoing = {node.id for node in self.handlers.values()}
        self._upstream: dict[str, dict[str, frozenset[str]]] = {}

    def _read(self, scope: ET.Element) -> None:
        inside = self.inside.setdefault(scope.get("id", ""), [])
        for item in scope:
            kind = item.tag.removeprefix(_BPMN)
            if kind == "sequenceFlow":
                condition = item.findtext(f"{_BPMN}conditionExpression", "")
                flow = Flow(item.get("id", ""), item.get("sourceRef", ""), item.get("targetRef", ""), condition)
                self.out.setdefault(flow.source, []).append(flow)
                self.into.setdefault(flow.target, []).append(flow)
            elif kind == "association":
                self._associations.append((item.get("sourceRef", ""), item.get("targetRef", "")))
            elif item.get("id"):
                node = self._node(kind, item)
                self.nodes[node.id] = node
                inside.append(node)
                if kind in ("subProcess", "transaction"):
                    self._read(item)

    def _node(self, kind: str, item: ET.Element) -> Node:
        definition = next((child for child in item if child.tag.endswith("EventDefinition")), None)
        event, name, timer = "none", self.names.get(item.get("messageRef", ""), ""), None
        if definition is not None:
            event = definition.tag.removeprefix(_BPMN).removesuffix("EventDefinition")
            reference = next((value for key, value in definition.items() if key.endswith("Ref")), "")
            name = definition.get("activityRef", "") or definition.get("name", "") or self.names.get(reference, "")
            timer = _timer(item, definition) if event == "timer" else None
        return Node(
            id=item.get("id", ""),
            kind=kind,
            event=event,
            name=name,
            condition=item.findtext(f"{_BPMN}conditionalEventDefinition/{_BPMN}condition", ""),
            timer=timer,
            host=item.get("attachedToRef", ""),
            interrupting="false" not in (item.get("cancelActivity"), item.get("isInterrupting")),
            default=item.get("default", ""),
            by_event=item.get("triggeredByEvent") == "true",
            rounds=_rounds(item),
            called=item.get("calledElement", ""),
            undoes=item.get("isForCompensation") == "true",
            waits=definition is None or definition.get("waitForCompletion") != "false",
            job_before=item.get(f"{_CAMUNDA}asyncBefore") == "true",
            job_after=item.get(f"{_CAMUNDA}asyncAfter") == "true",
        )

    def starts(self, scope: str) -> list[Node]:
        """Where the tokens of a scope begin: its start event, else whatever nothing leads to."""
        events = [node for node in self.inside[scope] if node.kind == "startEvent"]
        return events or [
            node
            for node in self.inside[scope]
            if not self.into.get(node.id)
            and not node.host
            and not node.by_event
            and not node.undoes
            and (node.event != "link" or "Throw" in node.kind)
        ]

    def event_starts(self, scope: str) -> list[tuple[Node, Node]]:
        """The event sub-processes of a scope with their start events."""
        return [(node, self.inside[node.id][0]) for node in self.inside.get(scope, []) if node.by_event]

    def link_target(self, throw: Node) -> Node:
        """Where a link leads."""
        return next(node for node in self.nodes.values() if node.kind == "intermediateCatchEvent" and node.name == throw.name)

    def upstream(self, join: str) -> dict[str, frozenset[str]]:
        """For every flow into a gateway, the nodes from which a token can come along it without passing the gateway."""
        if join not in self._upstream:
            self._upstream[join] = {flow.id: self._behind(flow, join) for flow in self.into[join]}
        return self._upstream[join]

    def _behind(self, flow: Flow, join: str) -> frozenset[str]:
        found, open_ = set[str](), [flow.source]
        while open_:
            node = self.nodes[open_.pop()]
            if node.id == join or node.id in found:
                continue
            found.add(node.id)
            open_ += [item.source for item in self.into.get(node.id, [])]
            if node.host:
                open_.append(node.host)
            if node.event == "link":
                open_ += [item.id for item in self.nodes.values() if item.event == "link" and item.name == node.name]
        return frozenset(found)


def holds(condition: str, value_of: Callable[[str], int | None]) -> bool:
    """Whether a comparison like `x > 1` holds; nothing compares to a value that is not there."""
    match = _CONDITION.fullmatch(condition)
    assert match, condition
    value, bound = value_of(match[1]), int(match[3])
    return value is not None and {"=": value == bound, ">": value > bound, ">=": value >= bound, "<": value < bound}[match[2]]


def _timer(item: ET.Element, definition: ET.Element) -> Timer:
    match = _TIMER.fullmatch("".join(definition.itertext()).strip())
    assert match
    missed = next(
        (str(found.get("value")) for found in item.iter(f"{_CAMUNDA}property") if found.get("name") == "opsbook:missed"), "fireOnce"
    )
    return Timer(int(match[3]), again=bool(match[1]), times=int(match[2]) if match[2] else None, missed=missed)


def _rounds(item: ET.Element) -> Rounds | None:
    multi, loop = item.find(f"{_BPMN}multiInstanceLoopCharacteristics"), item.find(f"{_BPMN}standardLoopCharacteristics")
    if multi is not None:
        kind = "sequential" if multi.get("isSequential") == "true" else "parallel"
        times = int(multi.findtext(f"{_BPMN}loopCardinality", ""))
        return Rounds(kind, times, multi.findtext(f"{_BPMN}completionCondition", ""), "", test_before=False)
    if loop is not None:
        again = loop.findtext(f"{_BPMN}loopCondition", "")
        return Rounds("loop", int(loop.get("loopMaximum", "")), "", again, test_before=loop.get("testBefore") == "true")
    return None
