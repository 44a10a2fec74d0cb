"""What came to a case from outside, by the element runs that waited for it: the n-th run of an element gets what its n-th run got."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.diagrams.model import Element, Process
from engine.runtime.hindsight.order import in_order
from engine.runtime.replaying.recorded import Recorded
from engine.storage.tables import Event

#: Answers to runs that wait, by what they wait for.
_ANSWERS = {
    "UserTaskCompleted": "task",
    "JobSucceeded": "handler",
    "JobContinued": "continue",
    "TimerFired": "timer",
    "TimerSkipped": "timer",
    "MessageReceived": "message",
    "SignalReceived": "signal",
}
#: What people did to a case from outside; that it moved to another version does not matter on one that is tried.
_BY_HAND = frozenset(("CaseModified", "InstanceCancelRequested"))


@dataclass
class PastRun:
    """A run that waited, and what it got, in order."""

    id: str
    since: datetime
    due: list[dict[str, Any]] = field(default_factory=list)  #: of a timer: each time it was set, what was told
    due_at: str | None = None  #: of a user task
    over_at: datetime | None = None  #: of a timer: when nothing waited for it any more
    answers: deque[tuple[int, Event]] = field(default_factory=deque)  #: with their place in the case


@dataclass(frozen=True)
class ByHand:
    """Something that people did at one instant."""

    place: int
    events: list[Event]


class Past:
    """The inputs of a finished case; element ids are those of the files that are tried."""

    def __init__(self, histories: Mapping[str, Recorded], processes: Mapping[str, "PastProcess"]) -> None:
        """Args: processes: what is known of each instance's process."""
        self.processes = processes
        self.by_hand: deque[ByHand] = deque()
        self.ended_at: datetime = max(recorded.events[-1].happened_at for recorded in histories.values())
        self.entered: dict[tuple[str, str], list[str]] = defaultdict(list)  #: runs by instance and element
        self._runs: dict[tuple[str, str, str], dict[str, PastRun]] = defaultdict(dict)
        self._called: dict[tuple[str, str], deque[str]] = defaultdict(deque)
        self.events = in_order(histories)
        waiting: dict[tuple[str, str], PastRun] = {}
        for place, event in enumerate(self.events):
            self._take(place, event, histories[event.instance_id], waiting)

    def element_of(self, event: Event) -> str:
        """The element of an event, by the name it has now."""
        return self.processes[event.instance_id].name(str(event.element_id))

    def nth(self, instance_id: str, element_id: str, kind: str, number: int) -> PastRun | None:
        """The run of an element that waited as the n-th for something, from 0."""
        runs = list(self._runs[instance_id, element_id, kind].values())
        return runs[number] if number < len(runs) else None

    def next_called(self, caller_id: str, element_id: str) -> str | None:
        """The instance that a call activity started next."""
        called = self._called[caller_id, element_id]
        return called.popleft() if called else None

    def _take(self, place: int, event: Event, recorded: Recorded, waiting: dict[tuple[str, str], PastRun]) -> None:
        run, element_id = str(event.element_instance_id), self.element_of(event)
        if event.type == "ElementEntered":
            self.entered[event.instance_id, element_id].append(run)
        elif event.type == "CalledInstanceStarted":
            self._called[event.instance_id, element_id].append(event.data["instance_id"])
        elif kind := _wait_of(event, recorded):
            known = self._runs[event.instance_id, element_id, kind].setdefault(run, PastRun(run, event.happened_at))
            waiting[run, kind] = known
            known.due_at = event.data.get("due_at")
            known.due.append(event.data)
        elif event.type == "TimerCancelled" and (run, "timer") in waiting:
            waiting[run, "timer"].over_at = event.happened_at
        elif kind := _ANSWERS.get(event.type):
            asked = recorded.run_of_job(run) if event.type == "JobSucceeded" else run
            if (str(asked), kind) in waiting:
                waiting[str(asked), kind].answers.append((place, event))
        elif event.type == "BpmnErrorThrown":
            for found in (waiting.get((run, "handler")), waiting.get((run, "task"))):
                if found is not None:
                    found.answers.append((place, event))
        elif event.type in _BY_HAND or (event.type == "VariableChanged" and event.data.get("reason") is not None):
            self._by_hand(place, event)

    def _by_hand(self, place: int, event: Event) -> None:
        last = self.by_hand[-1].events[-1] if self.by_hand else None
        together = last is not None and (last.type, last.instance_id, last.happened_at) == (
            event.type,
            event.instance_id,
            event.happened_at,
        )
        if together and event.type == "VariableChanged":
            self.by_hand[-1].events.append(event)
        else:
            self.by_hand.append(ByHand(place, [event]))


def _wait_of(event: Event, recorded: Recorded) -> str | None:
    """What a run begins to wait for by an event, if it does."""
    if event.type == "IncidentOpened":
        is_of_a_job = recorded.run_of_job(str(event.element_instance_id)) is not None
        return None if is_of_a_job else "continue"
    kinds = {"UserTaskCreated": "task", "TimerScheduled": "timer"}
    return event.data["kind"] if event.type in ("JobCreated", "SubscriptionOpened") else kinds.get(event.type)


@dataclass(frozen=True)
class PastProcess:
    """The process of an instance as it was drawn then, against how it is drawn in the files that are tried."""

    now: Process
    then: Mapping[str, Element]  #: of all versions the instance went through
    renamed: Mapping[str, str]  #: element ids then to ids now
    added: frozenset[str]  #: ids now that were not there then
    gone: frozenset[str]  #: ids then that are there no more

    def name(self, element_id: str) -> str:
        """The id that an element has now."""
        return self.renamed.get(element_id, element_id)

    def label(self, element_id: str) -> str:
        """What people call an element."""
        element = self.now.elements.get(element_id) or self.then.get(element_id)
        return element.label if element is not None else element_id


def compare(then: list[Process], now: Process) -> PastProcess:
    """What became of the elements: one that is gone and one of the same kind and name that is new are the same."""
    elements = {element.id: element for process in then for element in process.elements.values()}
    gone, come = elements.keys() - now.elements.keys(), now.elements.keys() - elements.keys()
    renamed = dict(_pairs([elements[name] for name in gone], [now.elements[name] for name in come]))
    return PastProcess(now, elements, renamed, frozenset(come - set(renamed.values())), frozenset(gone - renamed.keys()))


def _pairs(gone: list[Element], come: list[Element]) -> Iterator[tuple[str, str]]:
    for old in gone:
        same = [new for new in come if (new.type, new.name) == (old.type, old.name) and new.name]
        rivals = [other for other in gone if (other.type, other.name) == (old.type, old.name)]
        if len(same) == len(rivals) == 1:
            yield old.id, same[0].id
