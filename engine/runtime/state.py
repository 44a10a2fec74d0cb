"""The runtime state of an instance as bytes: what is alive and its variables, nothing of the past, so its size does not grow with time."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import orjson
from SpiffWorkflow.task import Task

from engine.errors import IntegrityViolated
from engine.runtime.execution.compile import ProcessSpec
from engine.runtime.execution.execution import Execution
from engine.runtime.surroundings import Surroundings

_VERSION = 1


@dataclass(frozen=True)
class TaskVariables:
    """The variables of a user task, without what expressions have besides."""

    visible: dict[str, Any]  #: its own before those around it
    local: dict[str, Any]  #: its own


def save(execution: Execution) -> bytes:
    """Serialize an execution between two steps."""
    tasks = [
        [
            number(task.id),
            None if task.parent is None else number(task.parent.id),
            task.task_spec.name,
            task.state,
            task.data,
            task.internal_data,
        ]
        for task in execution.tasks.values()
    ]
    state = {"v": _VERSION, "next": execution.next_number, "initiator": execution.initiator, "tasks": tasks}
    return orjson.dumps(state)


def load(
    content: bytes,
    spec: ProcessSpec,
    instance_id: str,
    business_key: str | None,
    surroundings: Surroundings,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Execution:
    """The execution as it was saved; with elements renamed, when it goes on in another version.

    Raises:
        IntegrityViolated: the state is of another version of the format.
    """
    state: dict[str, Any] = orjson.loads(content)
    if state["v"] != _VERSION:
        raise IntegrityViolated(f"实例状态的格式 {state['v']} 不认识。", f"Unknown state format {state['v']}.", instance_id=instance_id)
    execution = Execution(spec, instance_id, business_key, surroundings)
    execution.next_number = state["next"]
    execution.initiator = state["initiator"]
    for number, parent, element_id, task_state, data, internal in state["tasks"]:
        holder = None if parent is None else execution.tasks[f"{instance_id}-{parent}"]
        task = Task(
            execution, execution.spec_of(renamed.get(element_id, element_id)), holder, state=task_state, id=f"{instance_id}-{number}"
        )
        task.data = data
        task.internal_data = internal
        if holder is None:
            execution.task_tree = task
    return execution


def variables_of(content: bytes) -> dict[str, Any]:
    """The process variables in a saved state."""
    tasks = orjson.loads(content)["tasks"]
    root: dict[str, Any] = tasks[0][4]
    return root


def task_variables_of(content: bytes, task_id: str) -> TaskVariables:
    """The variables of a user task in a saved state; of an ended task, the process variables."""
    tasks = {task[0]: task for task in orjson.loads(content)["tasks"]}
    root: dict[str, Any] = next(iter(tasks.values()))[4]
    current = tasks.get(number(task_id))
    local: dict[str, Any] = current[4] if current is not None else {}
    seen: dict[str, Any] = {}
    while current is not None:
        seen = {**current[4], **seen}
        current = tasks.get(current[1])
    return TaskVariables(seen or root, local)


def number(task_id: str) -> int:
    """The number of an element run within its instance."""
    return int(task_id.rpartition("-")[2])
