"""What every flow element does: be entered, run, end, and send tokens along its sequence flows (BPMN 2.0 §13.3)."""

from typing import Any, Literal

from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.model import Element, Process, SequenceFlow
from engine.errors import OpsbookError
from engine.runtime.execution.execution import Execution


class NoFlowTaken(OpsbookError):
    """No condition of an exclusive or inclusive split holds and there is no default flow."""

    code = "OPS-501"


class ElementSpec(TaskSpec):
    """A flow element as a SpiffWorkflow task spec.

    SpiffWorkflow's life cycle stays (update, ready, run, complete, cancel); its prediction of future tasks does not: children are
    made when they happen, which is what makes loops, joins and long instances right and cheap.
    """

    #: What this element waits for that only the whole instance can tell: "inclusive", "conditional" or nothing.
    settles: Literal["", "inclusive", "conditional"] = ""

    def __init__(self, wf_spec: WorkflowSpec, process: Process, element: Element) -> None:
        """Register the element under its id."""
        super().__init__(wf_spec, element.id)
        self.process = process
        self.element = element

    # -- SpiffWorkflow's hooks ---------------------------------------------------------------------------------------

    def test(self) -> None:
        """Every element may be entered from anywhere; the deployment check has looked at the connections."""

    def _update(self, my_task: Task) -> None:
        if self.may_run(my_task):
            my_task._ready()

    def _on_ready_hook(self, my_task: Task) -> None:
        my_task.workflow.queue.append(my_task)

    def _run_hook(self, my_task: Task) -> bool | None:
        self.begin(my_task)
        return self.execute(my_task)

    def _on_complete(self, my_task: Task) -> None:
        self.leave(my_task)

    def _on_error(self, my_task: Task) -> None:
        """Errors park the task (see Execution.park)."""

    def _on_cancel(self, my_task: Task) -> None:
        self.withdraw(my_task)
        if my_task.internal_data.get("begun"):
            execution: Execution = my_task.workflow
            execution.effects.leave(my_task.id, "cancelled", execution.surroundings.now)
            execution.effects.record("ElementCancelled", self.element.id, my_task.id)

    # -- what elements do --------------------------------------------------------------------------------------------

    def may_run(self, task: Task) -> bool:
        """Whether an arriving token can go on at once (joins say no)."""
        return True

    def begin(self, task: Task) -> None:
        """Record that the element is entered."""
        if task.internal_data.get("begun"):
            return
        task.internal_data["begun"] = True
        execution: Execution = task.workflow
        parent = task.parent
        while parent is not None and "begun" not in parent.internal_data:  # the process itself, or what only holds handlers
            parent = parent.parent
        parent_id = None if parent is None else parent.id
        execution.effects.enter(
            {
                "id": task.id,
                "parent_id": parent_id,
                "element_id": self.element.id,
                "element_type": self.type_of(task),
                "state": "active",
                "entered_at": execution.surroundings.now,
                "left_at": None,
            }
        )
        execution.effects.record("ElementEntered", self.element.id, task.id, type=self.type_of(task), parent=parent_id)

    def type_of(self, task: Task) -> str:
        """The element type for people and Camunda clients."""
        return self.element.type

    def execute(self, task: Task) -> bool | None:
        """Do the element's work: True when done, None to wait."""
        return True

    def withdraw(self, task: Task) -> None:
        """Stop waiting: the task is cancelled."""
        if "job" in task.internal_data:
            effects, job_id = task.workflow.effects, task.internal_data["job"]
            effects.withdraw_job(job_id)
            effects.record("JobCancelled", self.element.id, task.id, job_id=job_id)

    def open_job(self, task: Task, *, kind: str, **values: Any) -> None:
        """Leave the task to a job, and remember which."""
        execution: Execution = task.workflow
        job = execution.surroundings.job_row(task, kind=kind, **values)
        task.internal_data["job"] = job["id"]
        execution.effects.jobs[job["id"]] = job
        if job["state"] == "ready":
            execution.effects.record("JobCreated", self.element.id, task.id, job_id=job["id"], kind=kind, topic=job["topic"])

    def release(self, task: Task) -> None:
        """A continue job runs: go on where asyncBefore, asyncAfter or an incident had stopped; what fails again is for the job to retry."""
        task.workflow.effects.record("JobContinued", self.element.id, task.id, job_id=task.internal_data.pop("job"))
        task.internal_data["released"] = True
        task.workflow.released = task.id
        if task.internal_data.get("leaving"):
            self.depart(task)
        else:
            task._set_state(TaskState.FUTURE)
            task._ready()

    def depart(self, task: Task) -> None:
        """Leave, or stay with an incident when no flow can be chosen."""
        task.internal_data["leaving"] = True
        try:
            self.leave(task)
        except OpsbookError as error:
            task.workflow.park(task, error)

    def leave(self, task: Task) -> None:
        """The element is done: record it and move on."""
        execution: Execution = task.workflow
        scope = task.parent
        flows = self.choose_flows(task)
        self.record_left(task)
        for flow in flows:
            self.take(task, scope, flow)
        execution.remove(task)
        execution.token_ended(scope)

    def record_left(self, task: Task) -> None:
        """Record that the element is completed."""
        execution: Execution = task.workflow
        execution.effects.leave(task.id, "completed", execution.surroundings.now)
        execution.effects.record("ElementCompleted", self.element.id, task.id)

    # -- sequence flows ----------------------------------------------------------------------------------------------

    def choose_flows(self, task: Task) -> list[SequenceFlow]:
        """Every outgoing flow whose condition holds (BPMN 2.0 §13.3.2), else the default flow."""
        flows = self.process.outgoing.get(self.element.id, [])
        chosen = [flow for flow in flows if flow.id != self.element.default_flow and (not flow.condition or self.holds(task, flow))]
        return chosen or ([self.default_flow(flows)] if flows else [])

    def default_flow(self, flows: list[SequenceFlow]) -> SequenceFlow:
        """The default flow.

        Raises:
            NoFlowTaken: there is none.
        """
        for flow in flows:
            if flow.id == self.element.default_flow:
                return flow
        raise NoFlowTaken(
            f"“{self.element.label}”没有一条出线的条件成立，也没有默认出线。请改正变量后重试，或在图上加默认出线。",
            f"No condition on the flows leaving “{self.element.label}” holds and there is no default flow. "
            "Correct the variables and retry, or draw a default flow.",
            element_id=self.element.id,
        )

    def holds(self, task: Task, flow: SequenceFlow) -> bool:
        """Evaluate the condition of a flow and record it with the values it saw."""
        execution: Execution = task.workflow
        result, values = execution.surroundings.condition(flow.condition, execution.context(task))
        execution.effects.record(
            "ConditionEvaluated",
            self.element.id,
            task.id,
            flow_id=flow.id,
            name=flow.name,
            condition=flow.condition,
            values=values,
            result=result,
        )
        return result

    def take(self, task: Task, scope: Task, flow: SequenceFlow) -> None:
        """Move a token along a flow."""
        execution: Execution = task.workflow
        execution.effects.record("FlowTaken", self.element.id, task.id, flow_id=flow.id, target=flow.target)
        execution.enter(flow.target, scope, flow.id)

    # -- mappings ----------------------------------------------------------------------------------------------------

    def map_inputs(self, task: Task) -> dict[str, Any]:
        """Evaluate the input parameters; the values are the element's local variables and are returned."""
        execution: Execution = task.workflow
        values: dict[str, Any] = {}
        for parameter in self.element.inputs:
            values[parameter.name] = execution.surroundings.resolve(parameter.value, {**execution.context(task), **values})
        task.data.update(values)
        return values

    def map_outputs(self, task: Task, results: dict[str, Any]) -> None:
        """Give results to the enclosing scope: only the output parameters if there are any, else all of them."""
        execution: Execution = task.workflow
        context = {**execution.context(task), **results}
        if self.element.outputs:
            mapped: dict[str, Any] = {}
            for parameter in self.element.outputs:
                mapped[parameter.name] = execution.surroundings.resolve(parameter.value, {**context, **mapped})
        elif "round" in task.internal_data and "opsbook:outputElement" in self.element.properties:
            mapped = {}
        else:
            mapped = results
        execution.assign(task.parent, mapped, task)
        if "round" in task.internal_data:
            task.data.update(results)  # the completion condition and the output element may ask for them
        else:
            task.data.clear()
