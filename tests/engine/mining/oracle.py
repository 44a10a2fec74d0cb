"""The figures of a process once more, slowly: straight from the events, one question at a time, without traces."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.storage.tables import Event
from engine.working_time import WorkingCalendar

JOINS = ("parallelGateway", "inclusiveGateway")
TOUCHES = ("UserTaskClaimed", "CommentAdded", "AttachmentAdded", "UserTaskCompleted")
ENDS = ("InstanceCompleted", "InstanceCancelled", "InstanceFailed")


class History:
    """The events of one case."""

    def __init__(self, events: list[Event], hosts: Mapping[str, frozenset[str]]) -> None:
        """Args: hosts: boundary event to the names of its activity in all versions."""
        self.events = events
        self.hosts = hosts

    def version(self, event: Event) -> str:
        """The definition on which an event happened."""
        found = ""
        for other in self.events[: event.sequence]:
            if other.type == "InstanceStarted":
                found = other.data["definition"]
            elif other.type == "CaseMigrated":
                found = other.data["target"]
        return found

    @cached_property
    def entries(self) -> list[Event]:
        return [event for event in self.events if event.type == "ElementEntered"]

    def entry(self, run: str | None) -> Event | None:
        return next((event for event in self.entries if event.element_instance_id == run), None)

    def is_body(self, entry: Event | None) -> bool:
        return entry is not None and entry.data["type"] == "multiInstanceBody"

    def is_round(self, entry: Event) -> bool:
        body = self.entry(entry.data["parent"])
        return body is not None and self.is_body(body) and body.element_id == entry.element_id

    def is_again(self, entry: Event) -> bool:
        """Whether the case came back: the same element before in the same scope, or the scope itself again."""
        scope = self.entry(entry.data["parent"])
        if scope is not None and (self.is_round(entry) or self.is_again(scope)):
            return self.is_again(scope)
        before = self.entries[: self.entries.index(entry)]
        return any((self.name(other, entry.sequence), other.data["parent"]) == (entry.element_id, entry.data["parent"]) for other in before)

    def name(self, entry: Event, until: int) -> str:
        """What a run is called after the first events, since it may have been migrated."""
        found = str(entry.element_id)
        for event in self.events[entry.sequence : until]:
            if event.type == "CaseMigrated":
                found = event.data["mapping"].get(found, found)
        return found

    def end(self, run: str | None) -> Event | None:
        """What ended a run: its own end, or that of the case."""
        for event in self.events:
            if event.type in ENDS or (event.type in ("ElementCompleted", "ElementCancelled") and event.element_instance_id == run):
                return event
        return None

    def touched(self, run: str | None) -> datetime | None:
        return next((event.happened_at for event in self.events if event.type in TOUCHES and event.element_instance_id == run), None)

    def is_breached(self, entry: Event, now: datetime) -> bool:
        end, due = self.end(entry.element_instance_id), None
        for event in self.events:
            if event.element_instance_id == entry.element_instance_id and event.type == "UserTaskCreated":
                due = event.data["due_at"]
            if event.type == "TimerFired" and entry.element_id in self.hosts.get(str(event.element_id), ()):
                is_open = entry.sequence < event.sequence and (end is None or event.sequence < end.sequence)
                if is_open:
                    return True
        return due is not None and (end.happened_at if end else now) > datetime.fromisoformat(due)

    def passages(self) -> Iterable[tuple[Event, datetime | None]]:
        """Each flow taken, with when what it led to was taken up: the n-th token into an element is the n-th run of it, at a join by flow."""
        places: Counter[Any] = Counter()
        for event in self.events:
            if event.type != "FlowTaken":
                continue
            source = self.entry(event.element_instance_id)
            assert source is not None
            scope, target = source.data["parent"], event.data["target"]
            runs = [entry for entry in self.entries if (entry.element_id, entry.data["parent"]) == (target, scope)]
            joins = target.startswith("join")
            line = (scope, target, event.data["flow_id"] if joins else "")
            place = places[line]
            places[line] += 1
            yield event, self._taken_up(runs[place]) if place < len(runs) else None

    def _taken_up(self, run: Event) -> datetime | None:
        if self.is_body(run):
            rounds = [entry for entry in self.entries if entry.data["parent"] == run.element_instance_id]
            return min((at for at in map(self._taken_up, rounds) if at is not None), default=None)
        return self.touched(run.element_instance_id) if run.data["type"] == "userTask" else run.happened_at


class Oracle:
    """The figures of all cases, on one version or on all."""

    def __init__(self, histories: list[History], calendar: WorkingCalendar, now: datetime, version: str | None) -> None:
        self.entered: Counter[str] = Counter()
        self.again: Counter[str] = Counter()
        self.breached: Counter[str] = Counter()
        self.standing: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.total: dict[str, list[float]] = defaultdict(list)
        self.waiting: dict[str, list[float]] = defaultdict(list)
        self.handling: dict[str, list[float]] = defaultdict(list)
        self.flow_waiting: dict[str, list[float]] = defaultdict(list)
        self._calendar, self._now, self._version = calendar, now, version
        for history in histories:
            self._count(history)

    def _count(self, history: History) -> None:
        for entry in history.entries:
            if not history.is_body(entry):
                self._count_run(history, entry)
        for event, taken_up in history.passages():
            if self._is_wanted(history.version(event)):
                self.taken[event.data["flow_id"]] += 1
                if taken_up is not None:
                    self.flow_waiting[event.data["flow_id"]].append(self._worked(event.happened_at, taken_up))

    def _count_run(self, history: History, entry: Event) -> None:
        run, element = entry.element_instance_id, str(entry.element_id)
        if self._is_wanted(history.version(entry)):
            self.entered[element] += 1
            self.again[element] += history.is_again(entry)
        end = history.end(run)
        last = end or history.events[-1]
        name = history.name(entry, last.sequence)
        if not self._is_wanted(history.version(last)):
            return
        self.breached[name] += history.is_breached(entry, self._now)
        if end is None:
            self.standing[name] += 1
        elif end.type == "ElementCompleted":
            self.total[name].append(self._worked(entry.happened_at, end.happened_at))
            if entry.data["type"] == "userTask":
                touched = history.touched(run) or end.happened_at
                self.waiting[name].append(self._worked(entry.happened_at, touched))
                self.handling[name].append(self._worked(touched, end.happened_at))

    def _is_wanted(self, version: str) -> bool:
        return self._version in (None, version)

    def _worked(self, begin: datetime, end: datetime) -> float:
        return self._calendar.working_time_between(begin, end).total_seconds()


def path(history: History) -> Any:
    """What makes a variant."""
    passed: set[str] = set()
    for event in history.events:
        if event.type == "ElementEntered" and not history.is_body(event):
            scope = history.entry(event.data["parent"])
            if scope is None or (history.is_round(event) and scope.data["parent"] is None):
                passed.add(str(event.element_id))
        if event.type == "FlowTaken":
            source = history.entry(event.element_instance_id)
            if source is None or source.data["parent"] is None:
                passed.add(event.data["flow_id"])
    return frozenset(passed)
