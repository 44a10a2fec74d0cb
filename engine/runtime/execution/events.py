"""Events: start, catch, throw, boundary, end (BPMN 2.0 §13.5)."""

from typing import Any, Literal

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.model import EventDefinition, SequenceFlow
from engine.errors import OpsbookError
from engine.runtime import due
from engine.runtime.execution import compensation, throwing
from engine.runtime.execution.element import ElementSpec
from engine.runtime.execution.execution import Execution, watches_host


class EventSpec(ElementSpec):
    """An event with its definition."""

    @property
    def definition(self) -> EventDefinition:
        """What the event waits for or does."""
        return self.element.event or EventDefinition("none")


class CatchingSpec(EventSpec):
    """An event that waits: opens a timer or a subscription, and is told when it happens."""

    @property
    def settles(self) -> Literal["", "inclusive", "conditional"]:  # type: ignore[override]
        """Conditional events look at the variables whenever the tokens rest."""
        return "conditional" if self.definition.kind == "conditional" else ""

    @property
    def watches(self) -> bool:
        """Whether it waits for something (error and escalation events are found when thrown)."""
        return self.definition.kind in ("timer", "message", "signal", "conditional")

    def arm(self, task: Task) -> None:
        """Start waiting."""
        execution: Execution = task.workflow
        kind = self.definition.kind
        if kind == "timer":
            self._schedule(task, due.first(execution.surroundings, self.element, execution.context(task)))
        elif kind in ("message", "signal"):
            key = throwing.correlation_key(self.element, task) if kind == "message" else None
            execution.effects.subscriptions[task.id] = {
                "id": task.id,
                "kind": kind,
                "name": self.definition.name,
                "correlation_key": key,
                "element_id": self.element.id,
                "created_at": execution.surroundings.now,
            }
            execution.effects.record(
                "SubscriptionOpened", self.element.id, task.id, kind=kind, name=self.definition.name, correlation_key=key
            )
        task.internal_data["armed"] = True
        task._set_state(TaskState.WAITING)

    def _schedule(self, task: Task, schedule: due.Schedule) -> None:
        execution: Execution = task.workflow
        execution.effects.timers[task.id] = {
            "id": task.id,
            "element_id": self.element.id,
            "state": "waiting",
            "suspended": False,
            "due_at": schedule.due_at,
            "explanation": schedule.explanation,
            "cycle": schedule.cycle,
            "remaining": schedule.remaining,
            "created_at": execution.surroundings.now,
        }
        execution.effects.record(
            "TimerScheduled",
            self.element.id,
            task.id,
            due_at=schedule.due_at.isoformat(),
            explanation=schedule.explanation,
            cycle=schedule.cycle,
        )

    def withdraw(self, task: Task) -> None:
        """Stop waiting."""
        super().withdraw(task)
        execution: Execution = task.workflow
        if not task.internal_data.get("armed"):
            return
        if self.definition.kind == "timer":
            execution.effects.withdraw_timer(task.id)
            execution.effects.record("TimerCancelled", self.element.id, task.id)
        elif self.definition.kind in ("message", "signal"):
            execution.effects.withdraw_subscription(self.element.id, task.id)

    def settle(self, task: Task) -> bool:
        """A conditional event happens when its condition becomes true; it is looked at when the event arms and when variables change."""
        execution: Execution = task.workflow
        was = task.internal_data.get("held", False)
        if not task.internal_data.get("armed") or ("held" in task.internal_data and not execution.variables_changed):
            return False
        try:
            holds, values = execution.surroundings.condition(self.definition.text, execution.context(task))
        except OpsbookError as error:  # neither true nor false: somebody must look, the case goes on
            holds, values = False, {}
            if "held" not in task.internal_data:
                execution.report(task, error)
        task.internal_data["held"] = holds
        if not holds or was:
            return False
        execution.effects.record("ConditionEvaluated", self.element.id, task.id, condition=self.definition.text, values=values, result=True)
        self.happened(task, {})
        return True

    def goes_on_waiting(self, task: Task) -> bool:
        """Whether it waits for another time: a non-interrupting event does, except for a timer without a repetition left."""
        again: bool = task.internal_data.pop("again", False)
        return not self.element.interrupting and (again or self.definition.kind != "timer")

    def stop_waiting(self, task: Task) -> None:
        """It happened, once and for all (the timer's row is settled by who fires it)."""
        del task.internal_data["armed"]
        if self.definition.kind in ("message", "signal"):
            task.workflow.effects.withdraw_subscription(self.element.id, task.id)

    def passed(self, token: Task, variables: dict[str, Any]) -> None:
        """The event has happened: its token runs on with the variables that came."""
        token.internal_data["arrived"] = variables
        token._ready()

    def execute(self, task: Task) -> bool | None:
        """Go on with what has arrived, else wait."""
        if "arrived" not in task.internal_data:
            return self.wait(task)
        self.map_outputs(task, task.internal_data["arrived"])
        return True

    def wait(self, task: Task) -> bool | None:
        """True if there is nothing to wait for, None after arming."""
        return True


class IntermediateCatchEventSpec(CatchingSpec):
    """Waits in the flow; behind an event-based gateway it races with its siblings."""

    def wait(self, task: Task) -> bool | None:
        """Arm; a link target passes at once."""
        if self.definition.kind in ("link", "none"):
            return True
        self.map_inputs(task)
        self.arm(task)
        return None

    def happened(self, task: Task, variables: dict[str, Any]) -> None:
        """Go on."""
        self.stop_waiting(task)
        gateway = task.parent
        token = gateway.task_spec.chosen(gateway, task) if "watch" in task.internal_data else task
        self.passed(token, variables)


class BoundaryEventSpec(CatchingSpec):
    """Watches an activity (BPMN 2.0 §13.5.3)."""

    def happened(self, task: Task, variables: dict[str, Any]) -> None:
        """Interrupt the activity, or put a second token beside it."""
        host = task.parent
        if not self.goes_on_waiting(task):
            self.stop_waiting(task)
            task.workflow.remove(task)
        self.caught(host, variables)

    def caught(self, host: Task, variables: dict[str, Any]) -> None:
        """Put a token on this event, in the scope of its host."""
        execution: Execution = host.workflow
        scope = host.parent
        token = execution.spawn(self, scope)
        self.begin(token)
        if self.element.interrupting:
            execution.cancel_task(host)
        self.passed(token, variables)


class StartEventSpec(CatchingSpec):
    """Begins a process or a sub-process; in an event sub-process it watches the scope."""

    def happened(self, task: Task, variables: dict[str, Any]) -> None:
        """An event sub-process is triggered."""
        scope = task.parent
        if not self.goes_on_waiting(task):
            self.stop_waiting(task)
            task.workflow.remove(task)
        self.caught(scope, variables)

    def caught(self, scope: Task, variables: dict[str, Any]) -> None:
        """Run the event sub-process in its scope."""
        inner = scope.workflow.spawn(self, self.open_event_sub_process(scope))
        self.begin(inner)
        self.passed(inner, variables)

    def open_event_sub_process(self, scope: Task) -> Task:
        """A run of the event sub-process, still without a token; an interrupting one ends everything else in its scope."""
        execution: Execution = scope.workflow
        sub_process = execution.spec_of(self.element.scope)
        token = execution.spawn(sub_process, scope, started_by=self.element.id)
        if self.element.interrupting:
            for child in list(scope.children):
                if child is not token and not watches_host(child):
                    execution.cancel_task(child)
        sub_process.begin(token)
        token._set_state(TaskState.STARTED)
        watch_event_sub_processes(sub_process, token)
        return token


def watch_event_sub_processes(spec: ElementSpec, scope: Task) -> None:
    """Arm the start events of the event sub-processes of a scope."""
    execution: Execution = scope.workflow
    for sub_process in spec.process.event_sub_processes(spec.element.id):
        for start in spec.process.start_events(sub_process.id):
            watcher = execution.spec_of(start.id)
            if watcher.watches:
                watcher.arm(execution.spawn(watcher, scope, watch=True))


class ThrowEventSpec(EventSpec):
    """An intermediate throw event or the throwing part of an end event."""

    def execute(self, task: Task) -> bool | None:
        """Throw."""
        kind, name = self.definition.kind, self.definition.name
        values = self.map_inputs(task)
        task.data.clear()
        if kind == "message":
            throwing.throw_message(self, task, name, values)
        elif kind == "signal":
            throwing.throw_signal(self, task, name, values)
        elif kind == "escalation":
            throwing.throw_escalation(task, name)
        elif kind == "compensate" and not compensation.throw(task, self.definition.activity_ref, wait=self.definition.wait_for_completion):
            return None
        return True if task.id in task.workflow.tasks else None

    def finish_scope(self, task: Task) -> None:
        """All that this event wanted undone is undone."""
        self.depart(task)

    def choose_flows(self, task: Task) -> list[SequenceFlow]:
        """A link throw jumps to its target."""
        if self.definition.kind != "link":
            return super().choose_flows(task)
        for item in self.process.members[self.element.scope]:
            if (
                item.type == "intermediateCatchEvent"
                and item.event is not None
                and item.event.kind == "link"
                and item.event.name == self.definition.name
            ):
                return [SequenceFlow(f"link:{self.definition.name}", self.definition.name, self.element.id, item.id, "", self.element.line)]
        return []


class EndEventSpec(ThrowEventSpec):
    """Consumes a token; may throw, fail or terminate (BPMN 2.0 §13.5.6)."""

    def execute(self, task: Task) -> bool | None:
        """Do what the end event says."""
        execution: Execution = task.workflow
        kind = self.definition.kind
        if kind == "error":
            values = self.map_inputs(task)
            self.record_left(task)
            task.internal_data.pop("begun")
            if not throwing.throw_error(task, self.definition.name, self.element.label, values):
                throwing.fail_instance(task, self.definition.name, self.element.label, values)
            return None
        if kind == "terminate":
            for child in list(task.parent.children):
                if child is not task and not watches_host(child):
                    execution.cancel_task(child)
            return True
        if kind == "cancel":
            if compensation.cancel_transaction(task):
                self.finish_scope(task)
            return None
        return super().execute(task)

    def finish_scope(self, task: Task) -> None:
        """All that this event wanted undone is undone; a transaction is then left."""
        if self.definition.kind != "cancel":
            super().finish_scope(task)
            return
        self.record_left(task)
        task.internal_data.pop("begun")
        compensation.leave_cancelled(task)

    def leave(self, task: Task) -> None:
        """The token ends here."""
        execution: Execution = task.workflow
        scope = task.parent
        self.record_left(task)
        execution.remove(task)
        execution.token_ended(scope, self.element.id)
