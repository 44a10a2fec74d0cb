"""What happened to activities, in the words of the standard lifecycle of XES (IEEE 1849)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from engine.history.export.reading import Titles

#: The transitions of the standard that the engine knows; readers ignore others.
LIFECYCLE = (
    "schedule", "assign", "reassign", "start", "suspend", "resume", "complete", "withdraw", "ate_abort", "pi_abort", "manualskip",
)  # fmt: skip


@dataclass
class Run:
    """One run of an element, while it lasts."""

    id: str
    instance_id: str
    element_id: str
    type: str
    round: int  #: which run of this element in its instance it is, from 1
    is_started: bool
    groups: list[str] = field(default_factory=list)
    due_at: datetime | None = None
    assignee: str | None = None
    completed_by: str | None = None
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class Transition:
    """Something happened to an activity."""

    lifecycle: str  #: one of LIFECYCLE
    at: datetime
    instance_id: str
    number: int  #: of the event in its instance
    definition_id: str
    run_id: str
    element_id: str
    element_type: str
    activity: str  #: what people call the element
    round: int
    resource: str | None
    on_behalf_of: str | None
    groups: tuple[str, ...]
    reason: str | None
    overdue: bool


class Activities:
    """The activities of one case, event by event."""

    def __init__(self, titles: Titles) -> None:
        """Before the first event."""
        self._titles = titles
        self._definitions: dict[str, str] = {}
        self._runs: dict[str, Run] = {}
        self._rounds: Counter[tuple[str, str]] = Counter()

    def follow(self, events: Iterable[Any]) -> Iterator[Transition]:
        """The transitions of all events of a case, in order.

        The end of a run is told apart by what else happened to its instance at that instant, so events are looked at instant by instant.
        """
        for _, found in groupby(events, lambda event: event.happened_at):
            instant = list(found)
            aborted = {event.instance_id for event in instant if event.type in ("InstanceCancelled", "InstanceFailed")}
            moved = {event.instance_id for event in instant if event.type == "CaseModified"}
            for event in instant:
                for lifecycle, run, resource in self._told(event, aborted, moved):
                    yield self._transition(lifecycle, run, resource, event)

    def _told(self, event: Any, aborted: set[str], moved: set[str]) -> Iterator[tuple[str, Run, str | None]]:
        match event.type:
            case "InstanceStarted":
                self._definitions[event.instance_id] = event.data["definition"]
            case "CaseMigrated":
                self._migrate(event)
            case "ElementEntered":
                run = self._enter(event)
                yield ("start" if run.is_started else "schedule"), run, None
            case "InstanceSuspended" | "InstanceResumed":
                lifecycle = "suspend" if event.type == "InstanceSuspended" else "resume"
                for run in [run for run in self._runs.values() if run.instance_id == event.instance_id]:
                    yield lifecycle, run, run.assignee
            case "ElementCompleted" | "ElementCancelled":
                left = self._runs.pop(event.element_instance_id, None)
                if left is not None:
                    yield _end(event, left, aborted, moved), left, left.completed_by
            case _:
                task = self._runs.get(event.element_instance_id or "")
                if task is not None:
                    yield from _task_told(event, task)

    def _enter(self, event: Any) -> Run:
        key = (event.instance_id, event.element_id)
        self._rounds[key] += 1
        kind = event.data["type"]
        run = Run(event.element_instance_id, *key, kind, self._rounds[key], is_started=kind != "userTask")
        self._runs[run.id] = run
        return run

    def _migrate(self, event: Any) -> None:
        self._definitions[event.instance_id] = event.data["target"]
        for run in self._runs.values():
            if run.instance_id == event.instance_id:
                run.element_id = event.data["mapping"].get(run.element_id, run.element_id)

    def _transition(self, lifecycle: str, run: Run, resource: str | None, event: Any) -> Transition:
        definition_id = self._definitions.get(run.instance_id, "")
        return Transition(
            lifecycle=lifecycle,
            at=event.happened_at,
            instance_id=run.instance_id,
            number=event.sequence,
            definition_id=definition_id,
            run_id=run.id,
            element_id=run.element_id,
            element_type=run.type,
            activity=self._titles(definition_id).get(run.element_id, run.element_id),
            round=run.round,
            resource=resource,
            on_behalf_of=run.on_behalf_of,
            groups=tuple(run.groups),
            reason=event.data.get("reason") or None,
            overdue=run.due_at is not None and event.happened_at > run.due_at,
        )


def _end(event: Any, run: Run, aborted: set[str], moved: set[str]) -> str:
    if event.type == "ElementCompleted":
        return "complete"
    if event.instance_id in aborted:
        return "pi_abort"
    if event.instance_id in moved:
        return "manualskip"
    return "ate_abort" if run.is_started else "withdraw"


def _task_told(event: Any, task: Run) -> Iterator[tuple[str, Run, str | None]]:
    match event.type:
        case "UserTaskCreated":
            task.groups = [text.removeprefix("group:") for text in event.data["candidates"] if text.startswith("group:")]
            task.due_at = _instant(event.data.get("due_at"))
            task.assignee = event.data.get("assignee")
            if task.assignee:
                yield "assign", task, task.assignee
        case "UserTaskClaimed":
            task.assignee = event.actor
            yield ("reassign" if task.is_started else "start"), task, task.assignee
            task.is_started = True
        case "UserTaskUnclaimed":
            task.assignee = None
            yield "reassign", task, None
        case "UserTaskAssigned":
            task.assignee = event.data["after"]
            yield ("reassign" if event.data["before"] else "assign"), task, task.assignee
        case "UserTaskChanged" if event.data["field"] == "due_at":
            task.due_at = _instant(event.data["after"])
        case "UserTaskCompleted":
            task.completed_by, task.on_behalf_of = event.actor, event.data.get("on_behalf_of")


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
