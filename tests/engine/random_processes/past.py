"""The whole past of an instance, never compacted: its history, folded into what must be alive.

The engine's tree has only what is alive, by construction: a task is removed the moment its token leaves, and nothing reads a task that ended.
So there is no run without compaction to compare with; the history is the record that forgets nothing.
"""

from typing import Any

from SpiffWorkflow.task import Task

from engine.runtime.execution.effects import HistoryEvent
from engine.runtime.execution.execution import Execution


class Past:
    """What the events so far leave alive."""

    def __init__(self) -> None:
        """Nothing has happened."""
        self.alive: dict[str, tuple[str | None, str | None]] = {}  #: element and surrounding element run, by element run
        self.variables: dict[str, Any] = {}

    def add(self, events: list[HistoryEvent]) -> None:
        """Something happened."""
        for event in events:
            run = str(event.element_instance_id)
            if event.type == "InstanceStarted":
                self.variables.update(event.data["variables"])
            elif event.type == "VariableChanged" and event.data["scope"] is None:
                assert self.variables.get(event.data["name"]) == event.data["before"], event
                self.variables[event.data["name"]] = event.data["after"]
            elif event.type == "ElementEntered":
                assert run not in self.alive, event
                self.alive[run] = (event.element_id, event.data["parent"])
            elif event.type in ("ElementCompleted", "ElementCancelled"):
                assert self.alive.pop(run)[0] == event.element_id, event

    def check(self, execution: Execution, *, active: bool) -> None:
        """What is in the tree is what the past left alive, and no more."""
        kept = {task.id: (task.task_spec.name, _around(task)) for task in execution.tasks.values() if task.internal_data.get("begun")}
        assert kept == self.alive, (kept, self.alive)
        assert execution.task_tree.data == self.variables
        assert active or len(execution.tasks) == 1


def _around(task: Task) -> str | None:
    """The element run around a task; what only holds others is none."""
    parent = task.parent
    while parent is not None and not parent.internal_data.get("begun"):
        parent = parent.parent
    return None if parent is None else str(parent.id)
