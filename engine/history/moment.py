"""What an instance was after its first n events: a pure function of them, so any moment of the past can be shown again.

A moment is nine sheets, each a mapping from a key to a value. An event changes some of their entries; what it changes (`Change`) says what was there before
and what is there after, so a player that got the changes walks forward and backward without knowing what events mean.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

#: What a moment consists of: `case` (state, definition, business_key, end), `runs` (element runs that have begun and not ended, by id), `passed` (how often each
#: element was completed), `flows` (how often each flow was taken), `variables` (of the process), `locals` ("run name"), `tasks`, `timers`, `waits` (messages and
#: signals), `jobs` and `incidents` that are open.
SHEETS = ("case", "runs", "passed", "flows", "variables", "locals", "tasks", "timers", "waits", "jobs", "incidents")

#: Nothing there.
ABSENT: Any = object()


class Happened(Protocol):
    """An event of the history."""

    sequence: int
    type: str
    happened_at: Any
    element_id: str | None
    element_instance_id: str | None
    data: dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One entry of one sheet; before and after may be ABSENT."""

    sheet: str
    key: str
    before: Any
    after: Any

    def told(self) -> dict[str, Any]:
        """As JSON: sheet, key, and before and after where there was or is something."""
        found = {"sheet": self.sheet, "key": self.key, "before": self.before, "after": self.after}
        return {name: value for name, value in found.items() if value is not ABSENT}


class Moment:
    """An instance as its history has it up to an event."""

    def __init__(self) -> None:
        """Before the first event."""
        self.number = 0
        self.at: Any = None
        self.sheets: dict[str, dict[str, Any]] = {name: {} for name in SHEETS}

    def __getitem__(self, sheet: str) -> dict[str, Any]:
        """One of SHEETS."""
        return self.sheets[sheet]

    def follow(self, event: Happened) -> list[Change]:
        """Go one event further; what it changes."""
        self.number, self.at = event.sequence, event.happened_at
        tell = _TOLD.get(event.type)
        made: list[Change] = []
        for sheet, key, after in () if tell is None else tell(self, event):
            before = self.sheets[sheet].get(key, ABSENT)
            if before is after or (before is not ABSENT and after is not ABSENT and before == after):
                continue
            made.append(Change(sheet, key, before, after))
            if after is ABSENT:
                del self.sheets[sheet][key]
            else:
                self.sheets[sheet][key] = after
        return made


def moment_of(events: Iterable[Happened]) -> Moment:
    """The moment after these events, which are the first of an instance, in order."""
    moment = Moment()
    for event in events:
        moment.follow(event)
    return moment


# -- what each event changes: sheet, key, and what is there afterwards ------------------------------------------------------

_Entry = tuple[str, str, Any]


def _instance_started(_now: Moment, event: Happened) -> Iterator[_Entry]:
    yield "case", "state", "active"
    yield "case", "definition", event.data["definition"]
    yield "case", "business_key", event.data.get("business_key")
    for name, value in event.data["variables"].items():
        yield "variables", name, value


def _business_key_set(_now: Moment, event: Happened) -> Iterator[_Entry]:
    yield "case", "business_key", event.data["business_key"]


def _ended(state: str) -> Callable[[Moment, Happened], Iterator[_Entry]]:
    def ended(now: Moment, event: Happened) -> Iterator[_Entry]:
        yield "case", "state", state
        if event.element_id is not None:
            yield "case", "end", event.element_id
        for sheet in ("runs", "locals", "tasks", "timers", "waits", "jobs", "incidents"):
            for key in list(now[sheet]):
                yield sheet, key, ABSENT

    return ended


def _became(state: str) -> Callable[[Moment, Happened], Iterator[_Entry]]:
    def became(_now: Moment, _event: Happened) -> Iterator[_Entry]:
        yield "case", "state", state

    return became


def _entered(_now: Moment, event: Happened) -> Iterator[_Entry]:
    run = {"element": event.element_id, "type": event.data["type"], "parent": event.data["parent"], "since": event.happened_at.isoformat()}
    yield "runs", str(event.element_instance_id), run


def _left(now: Moment, event: Happened) -> Iterator[_Entry]:
    run = str(event.element_instance_id)
    yield "runs", run, ABSENT
    for sheet in ("tasks", "waits"):
        if run in now[sheet]:
            yield sheet, run, ABSENT
    for job_id, job in list(now["jobs"].items()):
        if job["run"] == run:
            yield "jobs", job_id, ABSENT
    for key in list(now["locals"]):
        if key.partition(" ")[0] == run:
            yield "locals", key, ABSENT
    for key, incident in list(now["incidents"].items()):
        if incident["run"] == run:
            yield "incidents", key, ABSENT


def _completed(now: Moment, event: Happened) -> Iterator[_Entry]:
    yield from _left(now, event)
    yield "passed", str(event.element_id), now["passed"].get(str(event.element_id), 0) + 1


def _flow_taken(now: Moment, event: Happened) -> Iterator[_Entry]:
    flow_id = event.data["flow_id"]
    yield "flows", flow_id, now["flows"].get(flow_id, 0) + 1


def _variable_changed(_now: Moment, event: Happened) -> Iterator[_Entry]:
    scope, name = event.data["scope"], event.data["name"]
    yield ("variables", name, event.data["after"]) if scope is None else ("locals", f"{scope} {name}", event.data["after"])


def _task_created(_now: Moment, event: Happened) -> Iterator[_Entry]:
    kept = {name: event.data.get(name) for name in ("name", "assignee", "candidates", "due_at", "explanation")}
    yield "tasks", str(event.element_instance_id), {"element": event.element_id, "since": event.happened_at.isoformat(), **kept}


def _task_with(**found: Callable[[Happened], Any]) -> Callable[[Moment, Happened], Iterator[_Entry]]:
    def changed(now: Moment, event: Happened) -> Iterator[_Entry]:
        task_id = str(event.element_instance_id)
        if task_id in now["tasks"]:
            yield "tasks", task_id, now["tasks"][task_id] | {name: read(event) for name, read in found.items()}

    return changed


def _task_changed(now: Moment, event: Happened) -> Iterator[_Entry]:
    task_id, field = str(event.element_instance_id), event.data["field"]
    if task_id in now["tasks"]:
        explained = {"explanation": event.data["explanation"]} if field == "due_at" and "explanation" in event.data else {}
        yield "tasks", task_id, now["tasks"][task_id] | {field: event.data["after"]} | explained


def _task_completed(_now: Moment, event: Happened) -> Iterator[_Entry]:
    yield "tasks", str(event.element_instance_id), ABSENT


def _timer_scheduled(_now: Moment, event: Happened) -> Iterator[_Entry]:
    kept = {name: event.data.get(name) for name in ("due_at", "explanation", "cycle")}
    yield "timers", str(event.element_instance_id), {"element": event.element_id, "since": event.happened_at.isoformat(), **kept}


def _timer_rescheduled(now: Moment, event: Happened) -> Iterator[_Entry]:
    timer_id = str(event.element_instance_id)
    changed = {name: event.data[name] for name in ("due_at", "explanation") if name in event.data}
    if timer_id in now["timers"]:
        yield "timers", timer_id, now["timers"][timer_id] | changed


def _gone(sheet: str) -> Callable[[Moment, Happened], Iterator[_Entry]]:
    def gone(_now: Moment, event: Happened) -> Iterator[_Entry]:
        yield sheet, str(event.element_instance_id), ABSENT

    return gone


def _subscription_opened(_now: Moment, event: Happened) -> Iterator[_Entry]:
    kept = {name: event.data.get(name) for name in ("kind", "name", "correlation_key")}
    yield "waits", str(event.element_instance_id), {"element": event.element_id, "since": event.happened_at.isoformat(), **kept}


def _job_created(_now: Moment, event: Happened) -> Iterator[_Entry]:
    kept = {"kind": event.data["kind"], "topic": event.data["topic"], "since": event.happened_at.isoformat()}
    yield "jobs", event.data["job_id"], {"element": event.element_id, "run": event.element_instance_id, **kept}


def _job_cancelled(_now: Moment, event: Happened) -> Iterator[_Entry]:
    yield "jobs", event.data["job_id"], ABSENT


def _job_continued(now: Moment, event: Happened) -> Iterator[_Entry]:
    yield "jobs", event.data["job_id"], ABSENT
    yield from _incident_resolved(now, event)


def _job_succeeded(now: Moment, event: Happened) -> Iterator[_Entry]:
    yield "jobs", str(event.element_instance_id), ABSENT
    yield from _incident_resolved(now, event)


def _job_failed(now: Moment, event: Happened) -> Iterator[_Entry]:
    job_id = str(event.element_instance_id)
    if job_id in now["jobs"]:
        yield "jobs", job_id, now["jobs"][job_id] | {name: event.data.get(name) for name in ("error", "retries")}


def _incident_opened(now: Moment, event: Happened) -> Iterator[_Entry]:
    source = str(event.element_instance_id)
    run = now["jobs"].get(source, {}).get("run", source)
    told = {"zh": event.data["zh"], "en": event.data["en"], "since": event.happened_at.isoformat()}
    yield "incidents", source, {"element": event.element_id, "run": run, **told}


def _incident_resolved(now: Moment, event: Happened) -> Iterator[_Entry]:
    source = event.element_instance_id
    for key, incident in list(now["incidents"].items()):
        if source in (key, incident["run"]) or (source is None and incident["element"] == event.element_id):
            yield "incidents", key, ABSENT


def _migrated(now: Moment, event: Happened) -> Iterator[_Entry]:
    yield "case", "definition", event.data["target"]
    names = event.data["mapping"]
    for sheet in ("runs", "tasks", "timers", "waits", "jobs", "incidents"):
        for key, entry in list(now[sheet].items()):
            yield sheet, key, entry | {"element": names.get(entry["element"], entry["element"])}


_TOLD: dict[str, Callable[[Moment, Happened], Iterable[_Entry]]] = {
    "InstanceStarted": _instance_started,
    "BusinessKeySet": _business_key_set,
    "InstanceCompleted": _ended("completed"),
    "InstanceCancelled": _ended("cancelled"),
    "InstanceFailed": _ended("failed"),
    "InstanceSuspended": _became("suspended"),
    "InstanceResumed": _became("active"),
    "CaseMigrated": _migrated,
    "ElementEntered": _entered,
    "ElementCompleted": _completed,
    "ElementCancelled": _left,
    "FlowTaken": _flow_taken,
    "VariableChanged": _variable_changed,
    "UserTaskCreated": _task_created,
    "UserTaskClaimed": _task_with(assignee=lambda event: getattr(event, "actor", None)),
    "UserTaskUnclaimed": _task_with(assignee=lambda _event: None),
    "UserTaskAssigned": _task_with(assignee=lambda event: event.data["after"]),
    "UserTaskChanged": _task_changed,
    "UserTaskCompleted": _task_completed,
    "TimerScheduled": _timer_scheduled,
    "TimerRescheduled": _timer_rescheduled,
    "TimerFired": _gone("timers"),
    "TimerSkipped": _gone("timers"),
    "TimerCancelled": _gone("timers"),
    "SubscriptionOpened": _subscription_opened,
    "SubscriptionClosed": _gone("waits"),
    "JobCreated": _job_created,
    "JobCancelled": _job_cancelled,
    "JobContinued": _job_continued,
    "JobSucceeded": _job_succeeded,
    "JobFailed": _job_failed,
    "IncidentOpened": _incident_opened,
    "IncidentResolved": _incident_resolved,
}
