"""Activities: what is common to tasks, sub-processes and call activities (boundary events, mappings, rounds, asyncBefore/After)."""

from typing import Any

from SpiffWorkflow.task import Task

from engine.runtime.execution import compensation, rounds
from engine.runtime.execution.element import ElementSpec
from engine.runtime.execution.execution import Execution


class ActivitySpec(ElementSpec):
    """An activity (BPMN 2.0 §10.3). A task of it is either one run, or the body of a multi-instance or loop whose children are the runs."""

    def type_of(self, task: Task) -> str:
        """Bodies are called multiInstanceBody, as in Camunda 7."""
        return "multiInstanceBody" if rounds.is_body(task) else self.element.type

    def _run_hook(self, my_task: Task) -> bool | None:
        waits = self.element.camunda.get("asyncBefore") == "true" and not rounds.is_round(my_task)
        if waits and not my_task.internal_data.get("released"):
            self._continue_later(my_task)
            return None
        if self.element.loop is not None and not rounds.is_round(my_task):
            my_task.internal_data.setdefault("rounds", {})
        return super()._run_hook(my_task)

    def _continue_later(self, task: Task) -> None:
        priority = task.workflow.surroundings.resolve(self.element.camunda.get("jobPriority", "0"), task.workflow.context(task))
        self.open_job(task, kind="continue", priority=int(priority or 0), retry_cycle=self.element.retry_cycle or None)

    def execute(self, task: Task) -> bool | None:
        """Arm the boundary events, then work, or open the rounds."""
        for left_over in list(task.children):  # the element could not run and is retried
            task.workflow.cancel_task(left_over)
        if not rounds.is_body(task):
            self.map_inputs(task)
        if not rounds.is_round(task):
            self.arm_boundary_events(task)
        return rounds.open_rounds(self, task) if rounds.is_body(task) else self.work(task)

    def work(self, task: Task) -> bool | None:
        """The activity's own work: True when done, None to wait."""
        return True

    def arm_boundary_events(self, task: Task) -> None:
        """Start watching for the boundary events that wait for something (error and escalation are found when thrown)."""
        execution: Execution = task.workflow
        for boundary in self.process.boundaries.get(self.element.id, []):
            spec = execution.spec_of(boundary.id)
            if spec.watches:
                watcher = execution.spawn(spec, task, watch=True)
                spec.arm(watcher)

    def finish(self, task: Task, results: dict[str, Any]) -> None:
        """The waited-for work is done: map its results and complete."""
        self.map_outputs(task, results)
        task.complete()

    def record_left(self, task: Task) -> None:
        """Record that the activity, or one round of it, is completed, and remember what would undo it."""
        super().record_left(task)
        compensation.remember(self.process, self.element, task)

    def _on_complete(self, my_task: Task) -> None:
        for child in list(my_task.children):
            my_task.workflow.cancel_task(child)
        if rounds.is_round(my_task):
            rounds.round_completed(self, my_task)
            return
        if self.element.camunda.get("asyncAfter") == "true":
            my_task.internal_data["leaving"] = True
            self._continue_later(my_task)
            return
        self.depart(my_task)
