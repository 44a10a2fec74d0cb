"""Gateways: splits and joins by tokens on incoming flows (BPMN 2.0 §13.4)."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import Literal

from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.model import Element, Process, SequenceFlow
from engine.runtime.execution.element import ElementSpec
from engine.runtime.execution.execution import Execution


class ExclusiveGatewaySpec(ElementSpec):
    """Passes every token on along the first flow whose condition holds (BPMN 2.0 §13.4.2)."""

    def choose_flows(self, task: Task) -> list[SequenceFlow]:
        """The first flow that holds, else the default flow."""
        flows = self.process.outgoing.get(self.element.id, [])
        for flow in flows:
            if flow.id != self.element.default_flow and (not flow.condition or self.holds(task, flow)):
                return [flow]
        return [self.default_flow(flows)] if flows else []


class JoiningGatewaySpec(ElementSpec, ABC):
    """A gateway where tokens wait for each other."""

    def __init__(self, wf_spec: WorkflowSpec, process: Process, element: Element) -> None:
        """What can be reached is a property of the drawing, looked up once."""
        super().__init__(wf_spec, process, element)
        self._reachable: dict[str, frozenset[str]] = {}

    def may_run(self, task: Task) -> bool:
        """A token waits until the gateway can be activated."""
        if len(self.process.incoming.get(self.element.id, [])) <= 1:
            return True
        task._set_state(TaskState.WAITING)
        self.activate_if_complete(task)
        return False

    def activate_if_complete(self, task: Task) -> None:
        """Activate at once when the tokens that are here suffice."""

    def waiting(self, task: Task) -> dict[str, list[Task]]:
        """Tokens waiting at this gateway in the same scope, by incoming flow, first come first."""
        found: dict[str, list[Task]] = {}
        for sibling in task.parent.children:
            if sibling.task_spec is self and sibling.state == TaskState.WAITING:
                found.setdefault(sibling.internal_data["flow"], []).append(sibling)
        return found

    def activate(self, tokens: list[Task]) -> None:
        """Merge the tokens into one and go on."""
        last = tokens[-1]
        execution: Execution = last.workflow
        for token in tokens[:-1]:
            execution.remove(token)
        last._ready()

    def missing(self, task: Task) -> list[SequenceFlow]:
        """The incoming flows on which no token waits."""
        waiting = self.waiting(task)
        return [flow for flow in self.process.incoming[self.element.id] if flow.id not in waiting]

    @abstractmethod
    def may_complete(self, task: Task, moving: Collection[str]) -> bool:
        """Whether tokens at the elements `moving`, if all goes well, make this gateway go on."""

    def reachable_flows(self, start: str) -> frozenset[str]:
        """Incoming flows of this gateway that a token at an element can reach without passing the gateway."""
        if start not in self._reachable:
            self._reachable[start] = frozenset(self._find_reachable(start))
        return self._reachable[start]

    def _find_reachable(self, start: str) -> set[str]:
        seen, open_, found = {start}, [start], set()
        while open_:
            current = open_.pop()
            exits = list(self.process.outgoing.get(current, []))
            for boundary in self.process.boundaries.get(current, []):
                exits += self.process.outgoing.get(boundary.id, [])
            element = self.process.elements[current]
            if element.event is not None and element.event.kind == "link" and element.type == "intermediateThrowEvent":
                exits += self._link_exits(element.event.name)
            for flow in exits:
                if flow.target == self.element.id:
                    found.add(flow.id)
                elif flow.target not in seen:
                    seen.add(flow.target)
                    open_.append(flow.target)
        return found

    def _link_exits(self, name: str) -> list[SequenceFlow]:
        targets = [
            item.id
            for item in self.process.members[self.element.scope]
            if item.type == "intermediateCatchEvent" and item.event is not None and item.event.kind == "link" and item.event.name == name
        ]
        return [flow for target in targets for flow in self.process.outgoing.get(target, [])]


class ParallelGatewaySpec(JoiningGatewaySpec):
    """Waits for one token on every incoming flow, then sends one along every outgoing flow (BPMN 2.0 §13.4.1)."""

    def activate_if_complete(self, task: Task) -> None:
        """Activate when every incoming flow has a token."""
        waiting = self.waiting(task)
        if len(waiting) == len(self.process.incoming[self.element.id]):
            self.activate([tokens[0] for tokens in waiting.values()])

    def may_complete(self, task: Task, moving: Collection[str]) -> bool:
        """Whether every missing flow can be reached."""
        reachable = frozenset[str]().union(*(self.reachable_flows(start) for start in moving))
        return all(flow.id in reachable for flow in self.missing(task))

    def choose_flows(self, task: Task) -> list[SequenceFlow]:
        """All of them; conditions are ignored, as the standard says."""
        return self.process.outgoing.get(self.element.id, [])


class InclusiveGatewaySpec(JoiningGatewaySpec):
    """Waits while a token could still reach an empty incoming flow, then sends one along every flow that holds (BPMN 2.0 §13.4.3)."""

    settles: Literal["", "inclusive", "conditional"] = "inclusive"

    def settle(self, task: Task) -> bool:
        """With all tokens at rest: activate if no token elsewhere can still arrive on an empty flow."""
        if task.state != TaskState.WAITING:
            return False
        waiting = self.waiting(task)
        if any(self._may_still_come(other, waiting) for other in task.parent.children):
            return False
        self.activate([tokens[0] for tokens in waiting.values()])
        return True

    def may_complete(self, task: Task, moving: Collection[str]) -> bool:
        """Whether all tokens it waits for get somewhere."""
        waiting = self.waiting(task)
        return all(other.task_spec.element.id in moving for other in task.parent.children if self._may_still_come(other, waiting))

    def _may_still_come(self, other: Task, waiting: dict[str, list[Task]]) -> bool:
        if other.task_spec is self or "watch" in other.internal_data or other.task_spec.element.id not in self.process.elements:
            return False  # here already, or no token of a sequence flow
        reachable = self.reachable_flows(other.task_spec.element.id)
        return bool(reachable - waiting.keys()) and not reachable & waiting.keys()


class EventBasedGatewaySpec(ElementSpec):
    """Waits for the first of the events behind it (BPMN 2.0 §13.4.4)."""

    def execute(self, task: Task) -> None:
        """Arm every event behind the gateway."""
        execution: Execution = task.workflow
        for watcher in list(task.children):  # left over when the gateway could not run and is retried
            execution.cancel_task(watcher)
        for flow in self.process.outgoing.get(self.element.id, []):
            spec = execution.spec_of(flow.target)
            spec.arm(execution.spawn(spec, task, watch=True, flow=flow.id))

    def chosen(self, task: Task, winner: Task) -> Task:
        """One event happened: the others are off; the token moves to that event and is returned."""
        execution: Execution = task.workflow
        flow_id = winner.internal_data["flow"]
        scope = task.parent
        spec = winner.task_spec
        execution.remove(winner)
        for child in list(task.children):
            execution.cancel_task(child)
        self.record_left(task)
        execution.effects.record("FlowTaken", self.element.id, task.id, flow_id=flow_id, target=spec.element.id)
        token = execution.spawn(spec, scope, flow=flow_id)
        execution.remove(task)
        spec.begin(token)
        return token
