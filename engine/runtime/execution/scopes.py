"""Scopes: the process and embedded sub-processes, and the event sub-processes that watch them (BPMN 2.0 §13.3.4, §13.5.4)."""

from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.task import Task

from engine.diagrams.model import Element, Process
from engine.runtime.execution.activities import ActivitySpec
from engine.runtime.execution.element import ElementSpec
from engine.runtime.execution.events import watch_event_sub_processes
from engine.runtime.execution.execution import Execution


def open_scope(spec: ElementSpec, task: Task, start_element_id: str | None = None) -> None:
    """Watch for event sub-processes, then put tokens on the start event, or on everything nothing leads to."""
    execution: Execution = task.workflow
    scope_id = spec.element.id
    watch_event_sub_processes(spec, task)
    starts = [start_element_id] if start_element_id else _starts(spec.process, scope_id)
    for element_id in starts:
        if task.id in execution.tasks:
            execution.enter(element_id, task)
    execution.token_ended(task)


def _starts(process: Process, scope_id: str) -> list[str]:
    """The none start event, or what begins a compensation event sub-process; without a start event, every element that nothing leads to (BPMN 2.0 §13.3.4)."""
    events = process.start_events(scope_id)
    if events:
        return [event.id for event in events if event.event is None or event.event.kind in ("none", "compensate")][:1]
    return [
        element.id
        for element in process.members.get(scope_id, [])
        if not process.incoming.get(element.id)
        and not element.attached_to
        and not element.triggered_by_event
        and not element.for_compensation
        and not (element.type == "intermediateCatchEvent" and element.event is not None and element.event.kind == "link")
    ]


class ProcessScopeSpec(ElementSpec):
    """The process itself as the root scope."""

    def __init__(self, wf_spec: WorkflowSpec, process: Process) -> None:
        """Args: process: stands in as an element of its own, so that every task has one."""
        element = Element(process.id, process.name, "process", process.line, "", process.camunda, process.properties)
        super().__init__(wf_spec, process, element)

    def open_scope(self, task: Task, start_element_id: str | None) -> None:
        """Begin the process at a start event."""
        self.keep_initiator(task)
        open_scope(self, task, start_element_id)

    def keep_initiator(self, task: Task) -> None:
        """camunda:initiator of a start event names the variable that keeps who started the process."""
        for start in self.process.start_events(self.element.id):
            if name := start.camunda.get("initiator"):
                task.data[name] = task.workflow.initiator


class SubProcessSpec(ActivitySpec):
    """An embedded sub-process, a transaction, or an event sub-process once it is triggered."""

    def work(self, task: Task) -> None:
        """Open the scope; it completes when its last token ends."""
        open_scope(self, task)

    def finish_scope(self, task: Task) -> None:
        """The last token ended."""
        task.internal_data["snapshot"] = dict(task.data)
        if self.element.triggered_by_event:
            task.parent.internal_data["end"] = task.internal_data.get("end")
        self.finish(task, {})
