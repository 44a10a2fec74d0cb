"""What a run of an execution wants done in the database: rows to write and events to append, decided purely, written by the step."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class HistoryEvent:
    """An event before it gets its sequence number."""

    type: str
    element_id: str | None
    element_instance_id: str | None
    data: dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A call activity that wants its process started."""

    task_id: str
    element_id: str
    process_key: str
    version: int | None  #: a fixed version, or None for the latest
    deployment_bound: bool
    business_key: str | None
    variables: dict[str, Any]


@dataclass(frozen=True)
class ThrownMessage:
    """A message on its way."""

    name: str
    correlation_key: str | None
    variables: dict[str, Any]
    expires_at: datetime


@dataclass(frozen=True)
class ThrownSignal:
    """A signal on its way to everybody who waits for it."""

    name: str
    variables: dict[str, Any]
    thrown_by: str | None = None  #: instance id
    before: int = 0  #: the thrower's element runs from this number on began to wait after the throw
    only_for: str | None = None  #: id of the instance that alone hears it


@dataclass(frozen=True)
class Ended:
    """How the instance ended."""

    state: str  #: completed, cancelled or failed
    end_element_id: str | None = None
    error_code: str | None = None
    error_message: str = ""
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass
class Effects:
    """Everything one step does for one instance; rows are keyed by id so that what is made and ended in one step is never written."""

    events: list[HistoryEvent] = field(default_factory=list)
    elements: dict[str, dict[str, Any]] = field(default_factory=dict)
    elements_left: dict[str, dict[str, Any]] = field(default_factory=dict)
    user_tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    user_tasks_cancelled: list[str] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    jobs_cancelled: list[str] = field(default_factory=list)
    timers: dict[str, dict[str, Any]] = field(default_factory=dict)
    timers_cancelled: list[str] = field(default_factory=list)
    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    subscriptions_closed: list[str] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    incidents_settled: list[str] = field(default_factory=list)  #: ids of what has mended itself
    messages: list[ThrownMessage] = field(default_factory=list)
    signals: list[ThrownSignal] = field(default_factory=list)
    escalations: list[str] = field(default_factory=list)  #: codes nobody here catches, for the calling process
    calls: list[Call] = field(default_factory=list)
    called_cancelled: list[str] = field(default_factory=list)  #: element instance ids of cancelled call activities
    ended: Ended | None = None

    def record(self, kind: str, element_id: str | None = None, element_instance_id: str | None = None, /, **data: Any) -> HistoryEvent:
        """Append an event; what is known only at the end of the step may still be added to its data."""
        self.events.append(HistoryEvent(kind, element_id, element_instance_id, data))
        return self.events[-1]

    def enter(self, row: dict[str, Any]) -> None:
        """An element instance begins."""
        self.elements[row["id"]] = row

    def leave(self, element_instance_id: str, state: str, at: datetime) -> None:
        """An element instance ends."""
        if element_instance_id in self.elements:
            self.elements[element_instance_id].update(state=state, left_at=at)
        else:
            self.elements_left[element_instance_id] = {"state": state, "left_at": at}

    def withdraw_user_task(self, task_id: str) -> None:
        """Nobody needs to do this user task any more."""
        _withdraw(task_id, self.user_tasks, self.user_tasks_cancelled)

    def withdraw_job(self, task_id: str) -> None:
        """Nobody needs to do this job any more."""
        _withdraw(task_id, self.jobs, self.jobs_cancelled)

    def withdraw_timer(self, task_id: str) -> None:
        """This timer need not fire any more."""
        _withdraw(task_id, self.timers, self.timers_cancelled)

    def withdraw_subscription(self, element_id: str, task_id: str) -> None:
        """Nothing waits for this message or signal any more."""
        _withdraw(task_id, self.subscriptions, self.subscriptions_closed)
        self.record("SubscriptionClosed", element_id, task_id)


def _withdraw(task_id: str, made: dict[str, dict[str, Any]], closed: list[str]) -> None:
    if made.pop(task_id, None) is None:
        closed.append(task_id)
