"""What came from outside, as the history recorded it, and how it is done again. Everything else in a history is what the engine made of it."""

from collections.abc import Callable
from typing import Any

from engine.runtime import hierarchy
from engine.runtime.execution import moving
from engine.runtime.execution.effects import Ended
from engine.runtime.execution.rehousing import rehouse
from engine.runtime.operations.modification import Instruction, follow
from engine.runtime.replaying.recorded import Recorded
from engine.runtime.step import OpenInstance, Step
from engine.storage.tables import Event

#: What people and servers did around a case without moving it.
_REMARKS = frozenset(
    (
        "AttachmentAdded",
        "CaseRestarted",
        "CommentAdded",
        "IncidentOpened",
        "IncidentResolved",
        "InstanceResumed",
        "InstanceSuspended",
        "JobFailed",
        "JobRetried",
        "TimerRescheduled",
        "UserTaskAssigned",
        "UserTaskChanged",
        "UserTaskClaimed",
        "UserTaskUnclaimed",
    )
)

Do = Callable[[Step, OpenInstance, Event, Recorded], None]


class CannotReplay(Exception):
    """What was recorded cannot be done here: no such element run waits."""


def is_remark(event: Event) -> bool:
    """Whether an event did not move the case; so is the message that started it, which is told beside the start."""
    return event.type in _REMARKS or (event.type == "MessageReceived" and event.element_instance_id is None)


def input_of(event: Event) -> Do | None:
    """How an event is done again, if it came from outside."""
    return _changed_by_hand if event.type == "VariableChanged" and event.data.get("reason") is not None else _INPUTS.get(event.type)


def begin(step: Step, recorded: Recorded, restart: Event | None) -> OpenInstance:
    """The case begins as it began.

    Args:
        step: to begin in.
        recorded: the history of the case, from its first event.
        restart: what the finished case that it goes on from tells of it, if it goes on from one.

    Raises:
        CannotReplay: it went on from a finished case that does not tell of it.
    """
    first = recorded.take()
    if "restarted_from" in first.data and restart is None:
        message = f"the finished case {first.data['restarted_from']}, from which it goes on, does not tell of it"
        raise CannotReplay(message)
    compiled = step.surroundings.catalog.process(first.data["definition"])
    instance = step.create(compiled, first.data["variables"], first.data["business_key"], instance_id=first.instance_id)
    instance.execution.effects.events.clear()
    if restart is not None and restart.data["instructions"]:
        moving.open_without_start(instance.execution, first.data["variables"])
        _follow(instance, restart)
    else:
        instance.execution.start(_start_event(instance, recorded), first.data["variables"])
    return instance


def _start_event(instance: OpenInstance, recorded: Recorded) -> str | None:
    """The start event that was triggered; None for one without a trigger."""
    entered = recorded.next_of("ElementEntered")
    element = instance.execution.spec.process.elements.get(str(entered.element_id)) if entered is not None else None
    triggered = element is not None and element.type == "startEvent" and element.event is not None and element.event.kind != "none"
    return element.id if triggered and element is not None else None


def _token(instance: OpenInstance, run: str | None) -> Any:
    found = instance.execution.tasks.get(str(run))
    if found is None:
        message = f"no run {run} waits"
        raise CannotReplay(message)
    return found


def _completed(_step: Step, instance: OpenInstance, event: Event, _recorded: Recorded) -> None:
    token = _token(instance, event.element_instance_id)
    token.data["completed_by"] = event.actor
    token.task_spec.finish(token, event.data["values"])


def _job_succeeded(_step: Step, instance: OpenInstance, event: Event, recorded: Recorded) -> None:
    token = _token(instance, recorded.run_of_job(str(event.element_instance_id)))
    result, local = event.data["result"], set(event.data.get("local", ()))
    given = {name: value for name, value in result.items() if name not in local}
    if "worker" in event.data and token.task_spec.element.outputs:
        instance.execution.assign(token.parent, given, token)
    elif "worker" in event.data:
        result = given
    token.task_spec.finish(token, result)


def _job_continued(_step: Step, instance: OpenInstance, event: Event, _recorded: Recorded) -> None:
    token = _token(instance, event.element_instance_id)
    token.task_spec.release(token)


def _business_error(step: Step, instance: OpenInstance, event: Event, _recorded: Recorded) -> None:
    token = _token(instance, event.element_instance_id)
    token.internal_data.pop("job", None)
    if not step.throw_error(instance, token, event.data["code"], event.data["message"], event.data["variables"]):
        message = f"nobody catches {event.data['code']}"
        raise CannotReplay(message)


def _timer_fired(_step: Step, instance: OpenInstance, event: Event, recorded: Recorded) -> None:
    token = _token(instance, event.element_instance_id)
    if _goes_on(event, recorded):
        token.internal_data["again"] = True
    token.task_spec.happened(token, {})


def _timer_skipped(_step: Step, instance: OpenInstance, event: Event, recorded: Recorded) -> None:
    token = _token(instance, event.element_instance_id)
    if not _goes_on(event, recorded):
        token.task_spec.stop_waiting(token)
        instance.execution.remove(token)


def _goes_on(event: Event, recorded: Recorded) -> bool:
    """Whether the timer waits for another repetition, which was recorded beside its firing."""
    head = recorded.head()
    again = head is not None and head.type == "TimerScheduled" and head.element_instance_id == event.element_instance_id
    if again:
        recorded.take()
    return again


def _received(_step: Step, instance: OpenInstance, event: Event, _recorded: Recorded) -> None:
    token = _token(instance, event.element_instance_id)
    token.task_spec.happened(token, event.data["variables"])


def _changed_by_hand(_step: Step, instance: OpenInstance, event: Event, recorded: Recorded) -> None:
    """All variables that were set at once; each change is told anew."""
    execution = instance.execution
    for change in [
        event,
        *recorded.peek_while(lambda next_: input_of(next_) is _changed_by_hand and next_.happened_at == event.happened_at),
    ]:
        holder = execution.task_tree if change.data["scope"] is None else _token(instance, change.data["scope"])
        if change.data.get("removed"):
            execution.remove_variable(holder, change.data["name"], change.data["reason"])
        else:
            execution.assign(holder, {change.data["name"]: change.data["after"]}, reason=change.data["reason"], local=True)


def _modified(step: Step, instance: OpenInstance, event: Event, _recorded: Recorded) -> None:
    _follow(instance, event)
    hierarchy.end_if_empty(step, instance)


def _follow(instance: OpenInstance, told: Event) -> None:
    follow(instance.execution, tuple(Instruction(**instruction) for instruction in told.data["instructions"]), told.data["reason"])


def _migrated(step: Step, instance: OpenInstance, event: Event, _recorded: Recorded) -> None:
    target = step.surroundings.catalog.process(event.data["target"]).spec
    instance.execution = rehouse(instance.execution, target, event.data["mapping"], frozenset(event.data.get("renewed", ())))
    instance.row["process_definition_id"] = event.data["target"]


def _cancel_requested(step: Step, instance: OpenInstance, _event: Event, _recorded: Recorded) -> None:
    if instance.row["parent_id"] is not None:
        hierarchy.take_call_away(step, instance)
    else:
        instance.execution.end(Ended("cancelled"))


#: Inputs that the engine tells by itself when they are done again.
TELL_THEMSELVES = frozenset(("BpmnErrorThrown", "JobContinued", "VariableChanged"))

_INPUTS: dict[str, Do] = {
    "BpmnErrorThrown": _business_error,
    "CaseMigrated": _migrated,
    "CaseModified": _modified,
    "InstanceCancelRequested": _cancel_requested,
    "JobContinued": _job_continued,
    "JobSucceeded": _job_succeeded,
    "MessageReceived": _received,
    "SignalReceived": _received,
    "TimerFired": _timer_fired,
    "TimerSkipped": _timer_skipped,
    "UserTaskCompleted": _completed,
}
