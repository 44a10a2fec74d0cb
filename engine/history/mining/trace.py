"""What mining keeps of one case: the runs of its elements and the flows it took. A pure function of its events.

A trace is kept packed (`Trace.packed`), since thousands of them are read for one map. Instants in it are milliseconds since the case began.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

import orjson

#: What a trace is made of; no other event changes it.
TYPES = (
    "InstanceStarted", "InstanceCompleted", "InstanceCancelled", "InstanceFailed", "CaseMigrated",
    "ElementEntered", "ElementCompleted", "ElementCancelled", "FlowTaken", "TimerFired",
    "UserTaskCreated", "UserTaskChanged", "UserTaskClaimed", "UserTaskCompleted", "CommentAdded", "AttachmentAdded",
)  # fmt: skip

OPEN, COMPLETED, CANCELLED = 0, 1, 2

_BODY = "multiInstanceBody"
_USER_TASK = "userTask"
_JOINS = frozenset(("parallelGateway", "inclusiveGateway", "complexGateway"))
_ANY_SCOPE = "*"
_ENDS = frozenset(("InstanceCompleted", "InstanceCancelled", "InstanceFailed"))
_TOUCHES = frozenset(("UserTaskClaimed", "UserTaskCompleted", "CommentAdded", "AttachmentAdded"))


class Hosts(Protocol):
    """Where the boundary events of a version stand."""

    def __call__(self, definition_id: str) -> Mapping[str, str]:
        """Id of the boundary event to id of its activity."""
        ...


class Run(NamedTuple):
    """One run of an element. A body of rounds is none; its rounds are."""

    element: str
    version: int  #: when it was entered; place in `Trace.versions`
    entered: int
    touched: int | None  #: of user tasks: when somebody claimed it, remarked, attached or completed, whatever came first
    left: int | None
    outcome: int  #: OPEN, COMPLETED or CANCELLED
    due: int | None  #: of user tasks
    alarmed: bool  #: a timer at its border fired
    again: bool  #: an earlier run of it was no round beside it: the case came back
    top: bool  #: not inside of a sub-process
    last_element: str  #: what it was called in the end: the case may have been migrated meanwhile
    last_version: int

    def is_breached(self, now: int) -> bool:
        """Whether it took longer than allowed, or has by now."""
        return self.alarmed or (self.due is not None and (now if self.left is None else self.left) > self.due)


class Passage(NamedTuple):
    """One token on one flow."""

    flow: str
    version: int
    at: int
    taken_up: int | None  #: when work on what it led to began: a user task touched, a join complete, anything else entered
    top: bool


@dataclass
class Trace:
    """One case of one process."""

    began: int  #: milliseconds since 1970
    ended: int | None  #: as all instants below since it began
    versions: list[str]  #: definitions it ran on, first to last
    types: dict[str, str]  #: BPMN type of each element
    runs: list[Run]
    passages: list[Passage]

    @property
    def path(self) -> str:
        """What the case has in common with others of its variant: which flows and elements of the top level it passed.

        In which order parallel branches happened to go on, and how many rounds a loop had, makes no difference.
        """
        passed = {run.element for run in self.runs if run.top} | {item.flow for item in self.passages if item.top}
        return sha256(orjson.dumps(sorted(passed))).hexdigest()[:16]

    def packed(self) -> bytes:
        """As bytes for `unpack`."""
        content = [
            self.began,
            self.ended,
            self.versions,
            self.types,
            [list(run) for run in self.runs],
            [list(item) for item in self.passages],
        ]
        return zlib.compress(orjson.dumps(content), 6)


def unpack(content: bytes) -> Trace:
    """What was packed."""
    began, ended, versions, types, runs, passages = orjson.loads(zlib.decompress(content))
    return Trace(began, ended, versions, types, list(map(Run._make, runs)), list(map(Passage._make, passages)))


def trace_of(events: Iterable[Any], hosts: Hosts) -> Trace | None:
    """The trace of an instance with these events, which are in order; None when it has none."""
    folding: _Folding | None = None
    for event in events:
        folding = folding or _Folding(_milliseconds(event.happened_at), hosts)
        folding.follow(event)
    return None if folding is None else folding.trace()


@dataclass
class _Passing:
    """A token that moved along a flow."""

    flow: str
    version: int
    at: int
    top: bool
    taken_up: int | None = None


@dataclass
class _Running:
    """A run while its case is folded."""

    number: int
    element: str
    type: str
    version: int
    parent_id: str | None
    parent: "_Running | None"
    entered: int
    last_element: str
    last_version: int
    again: bool = False
    touched: int | None = None
    left: int | None = None
    outcome: int = OPEN
    due: int | None = None
    alarmed: bool = False
    awaited: list[_Passing] = field(default_factory=list)  #: the tokens that led here and still wait to be taken up

    @property
    def is_round(self) -> bool:
        return self.parent is not None and self.parent.type == _BODY and self.parent.last_element == self.element

    def touch(self, at: int) -> None:
        """Work on it begins."""
        if self.touched is None:
            self.touched = at
            self.take_up(at)

    def take_up(self, at: int) -> None:
        for passing in self.awaited:
            passing.taken_up = at
        self.awaited.clear()

    def kept(self) -> Run:
        scope = self.parent.parent if self.is_round and self.parent else self.parent
        return Run(
            self.element, self.version, self.entered, self.touched, self.left, self.outcome, self.due, self.alarmed, self.again, scope is None,
            self.last_element, self.last_version,
        )  # fmt: skip


class _Folding:
    """A case, event by event."""

    def __init__(self, began: int, hosts: Hosts) -> None:
        self._began = began
        self._ended: int | None = None
        self._hosts = hosts
        self._versions: list[str] = []
        self._runs: dict[str, _Running] = {}
        self._passings: list[_Passing] = []
        self._visited: set[tuple[str | None, str]] = set()
        self._moving: dict[tuple[str | None, str], list[_Passing]] = {}  #: tokens on their way, by scope and target

    def trace(self) -> Trace:
        runs = [run for run in self._runs.values() if run.type != _BODY]
        types = {name: run.type for run in runs for name in (run.element, run.last_element)}
        passages = [Passage(item.flow, item.version, item.at, item.taken_up, item.top) for item in self._passings]
        return Trace(self._began, self._ended, self._versions, types, [run.kept() for run in runs], passages)

    def follow(self, event: Any) -> None:
        """Go one event further."""
        at = _milliseconds(event.happened_at) - self._began
        run = self._runs.get(event.element_instance_id or "")
        match event.type:
            case "InstanceStarted":
                self._versions.append(event.data["definition"])
            case "CaseMigrated":
                self._migrate(event.data["target"], event.data["mapping"])
            case "ElementEntered":
                self._enter(event, at)
            case "FlowTaken":
                self._pass(event, run, at)
            case "TimerFired":
                self._alarm(event)
            case ended if ended in _ENDS:
                self._end(at)
            case _ if run is not None:
                _follow_run(run, event, at, self._began)

    @property
    def _version(self) -> int:
        return len(self._versions) - 1

    def _enter(self, event: Any, at: int) -> None:
        parent_id, element, kind = event.data["parent"], event.element_id, event.data["type"]
        parent = self._runs.get(parent_id or "")
        run = _Running(_number(event.element_instance_id), element, kind, self._version, parent_id, parent, at, element, self._version)
        if run.is_round and parent is not None:
            run.again, run.awaited = parent.again, parent.awaited
        else:
            run.again = (parent_id, element) in self._visited or (parent is not None and parent.again)
            self._visited.add((parent_id, element))
            run.awaited = self._arrived(parent_id, element, joins=kind in _JOINS)
        if kind not in (_USER_TASK, _BODY):
            run.take_up(at)
        self._runs[event.element_instance_id] = run

    def _arrived(self, scope: str | None, element: str, *, joins: bool) -> list[_Passing]:
        """The tokens that a run takes: the first that came; a join takes the first of each flow."""
        waiting = self._moving.get((scope, element)) or self._moving.get((_ANY_SCOPE, element)) or []
        flows = {passing.flow: passing for passing in reversed(waiting)}
        taken = list(flows.values()) if joins else waiting[:1]
        for passing in taken:
            waiting.remove(passing)
        return taken

    def _pass(self, event: Any, source: _Running | None, at: int) -> None:
        """A token moves; one that was put there by hand comes from no run, and is looked for in every scope."""
        scope = _ANY_SCOPE if source is None else source.parent_id
        passing = _Passing(event.data["flow_id"], self._version, at, source is None or source.parent is None)
        self._passings.append(passing)
        self._moving.setdefault((scope, event.data["target"]), []).append(passing)

    def _alarm(self, event: Any) -> None:
        """A timer fired: the activity at whose border it was armed took longer than allowed; of rounds, those that are still open."""
        host = self._hosts(self._versions[-1]).get(event.element_id)
        number = _number(event.element_instance_id)
        open_ = [run for run in self._runs.values() if run.outcome == OPEN and run.last_element == host]
        armed = max((run for run in open_ if run.number < number and not run.is_round), key=lambda run: run.number, default=None)
        for run in open_:
            if armed is not None and (run is armed or (run.is_round and run.parent is armed)):
                run.alarmed = True

    def _migrate(self, target: str, mapping: Mapping[str, str]) -> None:
        self._versions.append(target)
        for run in self._runs.values():
            if run.outcome == OPEN:
                run.last_element, run.last_version = mapping.get(run.last_element, run.last_element), self._version
        self._visited |= {(scope, mapping[element]) for scope, element in self._visited if element in mapping}

    def _end(self, at: int) -> None:
        self._ended = at
        for run in self._runs.values():
            if run.outcome == OPEN:
                run.left, run.outcome = at, CANCELLED


def _follow_run(run: _Running, event: Any, at: int, began: int) -> None:
    if event.type in _TOUCHES:
        run.touch(at)
    elif event.type == "UserTaskCreated":
        run.due = _since(began, event.data.get("due_at"))
    elif event.type == "UserTaskChanged" and event.data["field"] == "due_at":
        run.due = _since(began, event.data["after"])
    elif event.type == "ElementCompleted":
        run.left, run.outcome = at, COMPLETED
        if run.type == _USER_TASK:
            run.touch(at)
    elif event.type == "ElementCancelled":
        run.left, run.outcome = at, CANCELLED


def _number(run_id: str | None) -> int:
    """Runs of an instance are numbered in the order in which they were made."""
    return int((run_id or "0").rpartition("-")[2])


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def _since(began: int, text: str | None) -> int | None:
    return _milliseconds(datetime.fromisoformat(text)) - began if text else None
