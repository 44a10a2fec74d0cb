"""The receive task: an activity that waits for a message (BPMN 2.0 §10.3.3)."""

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.execution.activities import ActivitySpec
from engine.runtime.execution.execution import Execution
from engine.runtime.execution.throwing import correlation_key


class ReceiveTaskSpec(ActivitySpec):
    """Waits for its message, also behind an event-based gateway."""

    watches = True

    def work(self, task: Task) -> None:
        """Open the subscription."""
        self.arm(task)

    def arm(self, task: Task) -> None:
        """Start waiting."""
        execution: Execution = task.workflow
        key = correlation_key(self.element, task)
        execution.effects.subscriptions[task.id] = {
            "id": task.id,
            "kind": "message",
            "name": self.element.message,
            "correlation_key": key,
            "element_id": self.element.id,
            "created_at": execution.surroundings.now,
        }
        execution.effects.record(
            "SubscriptionOpened", self.element.id, task.id, kind="message", name=self.element.message, correlation_key=key
        )
        task.internal_data["armed"] = True
        task._set_state(TaskState.WAITING)

    def happened(self, task: Task, variables: dict[str, Any]) -> None:
        """The message is here."""
        gateway = task.parent
        del task.internal_data["armed"]
        task.workflow.effects.withdraw_subscription(self.element.id, task.id)
        token = gateway.task_spec.chosen(gateway, task) if "watch" in task.internal_data else task
        self.finish(token, variables)

    def withdraw(self, task: Task) -> None:
        """Stop waiting."""
        super().withdraw(task)
        if task.internal_data.get("armed"):
            task.workflow.effects.withdraw_subscription(self.element.id, task.id)
