"""What an auditor jumps to: where a case left the drawn way, where something went wrong, where a deadline was missed."""

from datetime import datetime
from typing import Any

from engine.history.moment import Moment
from engine.storage.tables import Event
from web.definitions import Definition

#: Interventions by people: the case did not simply follow its drawing.
_DEVIATIONS = frozenset(
    (
        "CaseMigrated",
        "CaseModified",
        "CaseRestarted",
        "InstanceCancelRequested",
        "InstanceSuspended",
        "TimerSkipped",
        "TransactionCancelled",
        "CompensationThrown",
    )
)
_INCIDENTS = frozenset(("IncidentOpened", "JobFailed", "InstanceFailed"))


def mark_of(event: Event, before: Moment, drawn: Definition) -> str:
    """deviation, incident, breach, or nothing; before: the moment just before the event."""
    if event.type in _INCIDENTS:
        return "incident"
    if event.type in _DEVIATIONS:
        return "deviation"
    if event.type == "VariableChanged" and event.data.get("reason") is not None:
        return "deviation"  # corrected by hand
    if event.type == "UserTaskAssigned" and event.data.get("before") not in (None, event.data.get("after")):
        return "deviation"  # taken from one person and given to another
    if event.type == "UserTaskCompleted":
        return _of_completion(event, before)
    if event.type == "TimerFired" and _watches_deadline(event, drawn):
        return "breach"
    return ""


def _of_completion(event: Event, before: Moment) -> str:
    if event.data.get("on_behalf_of"):
        return "deviation"
    task: dict[str, Any] = before["tasks"].get(str(event.element_instance_id), {})
    due_at = task.get("due_at")
    return "breach" if due_at and event.happened_at > datetime.fromisoformat(due_at) else ""


def _watches_deadline(event: Event, drawn: Definition) -> bool:
    """Whether a timer that fired stood beside an activity: the activity took longer than it should."""
    element = drawn.element(event.element_id or "")
    return element is not None and element.type == "boundaryEvent"
