"""Compensation: what completed is undone, last first (BPMN 2.0 §13.5.5).

A scope remembers each completed activity that has a compensation handler, or whose inside remembers something; nothing else of the past
is kept. A memory (`Memory`) has the activity, its run, and where a handler would see them its local variables as they were
at its completion. Throwing compensation takes the memories out of the scope, so nothing is undone twice, and undoes one after the other;
what it had not begun with when it is interrupted goes back.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.model import Element, Process
from engine.runtime.execution.element import ElementSpec
from engine.runtime.execution.execution import Execution

#: activity: id; run: id of its element instance; variables: a snapshot; inside: memories of its own scope; rounds: memories of its rounds;
#: scope: id of the task that remembered it, once it was taken from there.
Memory = dict[str, Any]

#: Where tasks keep memories: of their scope, and those that they are undoing.
_REMEMBERED = ("completed", "undoing")

#: No id of a diagram's element can be like this.
SPEC_NAME = ":compensation"


class CompensationSpec(ElementSpec):
    """What holds the handlers while something is undone: for a throwing event, and below it for each activity with its snapshot."""

    def __init__(self, wf_spec: WorkflowSpec, process: Process) -> None:
        """Args: process: one such spec serves all its activities."""
        super().__init__(wf_spec, process, Element(SPEC_NAME, "", "compensation", process.line, process.id, {}, {}))

    def finish_scope(self, task: Task) -> None:
        """One handler ended: the next one; after the last, whoever waits for it goes on."""
        if _undo_next(task):
            return
        execution: Execution = task.workflow
        parent = task.parent
        if undone := task.internal_data.get("undoes"):
            execution.effects.record("CompensationCompleted", undone["activity"], undone["run"])
        execution.remove(task)
        execution.token_ended(parent)

    def _on_cancel(self, my_task: Task) -> None:
        """The undoing is interrupted: what it had not begun with is remembered again (what is inside was cancelled before)."""
        left: list[Memory] = my_task.internal_data["undoing"]
        undone = my_task.internal_data.get("undoes")
        if undone is not None and left:
            my_task.parent.internal_data["undoing"].append(undone | {my_task.internal_data["kept"]: left, "variables": dict(my_task.data)})
        elif undone is None:
            _give_back(my_task.workflow, left)


def remember(process: Process, element: Element, task: Task) -> None:
    """An activity completed: remember in its scope what will be needed to undo it, if it can be undone at all."""
    if process.is_compensation(element):
        return
    memory: Memory = {"activity": element.id, "run": task.id}
    handler = process.compensation_handler(element.id)
    inside = task.internal_data.get("completed", [])
    if "rounds" in task.internal_data:
        if not inside:
            return
        memory["rounds"] = inside
    elif handler is None or handler.triggered_by_event:  # undone from inside, where the variables of the scope are seen
        if handler is None and not inside:
            return
        memory.update(inside=inside, variables=task.internal_data["snapshot"])
    elif "round" in task.internal_data:
        memory["variables"] = {name: task.data[name] for name in _locals_of_round(element) if name in task.data}
    task.parent.internal_data.setdefault("completed", []).append(memory)


def _locals_of_round(element: Element) -> list[str]:
    names = ["loopCounter", *(parameter.name for parameter in element.inputs)]
    return [*names, element.loop.element_variable] if element.loop is not None else names


def throw(task: Task, activity_id: str, *, wait: bool = True) -> bool:
    """Undo what completed in the thrower's scope, or only an activity of it; True when there is nothing to wait for."""
    execution: Execution = task.workflow
    memories = _take(task, activity_id)
    undone = [memory["activity"] for memory in reversed(memories)]
    execution.effects.record("CompensationThrown", task.task_spec.element.id, task.id, activity=activity_id or None, undoes=undone)
    holder = _hold(execution, task if wait else task.parent, memories)
    if _undo_next(holder):
        return not wait
    execution.remove(holder)
    return True


def cancel_transaction(task: Task) -> bool:
    """A cancel end event: end what still runs in the transaction, then undo what completed; True when there is nothing to wait for.

    From now on nothing watches the transaction any more: no deadline may interrupt the undoing.
    """
    execution: Execution = task.workflow
    transaction = task.parent
    for child in list(transaction.children):
        if child is not task:
            execution.cancel_task(child)
    execution.effects.record("TransactionCancelled", transaction.task_spec.element.id, transaction.id)
    return throw(task, "")


def leave_cancelled(task: Task) -> None:
    """All of the transaction is undone: go on at its cancel boundary event (on a multi-instance that ends every round)."""
    execution: Execution = task.workflow
    transaction = task.parent
    host = transaction.parent if "round" in transaction.internal_data else transaction
    attached = task.task_spec.process.boundaries[transaction.task_spec.element.id]
    boundary = next(item for item in attached if item.event is not None and item.event.kind == "cancel")
    execution.spec_of(boundary.id).caught(host, {})


def _take(task: Task, activity_id: str) -> list[Memory]:
    """Take memories out of the thrower's scope; an event sub-process also undoes the scope it is in (BPMN 2.0 §10.7.2)."""
    taken: list[Memory] = []
    scope = task.parent
    while True:
        memories = scope.internal_data.pop("completed", [])
        if left := [memory for memory in memories if activity_id not in ("", memory["activity"])]:
            scope.internal_data["completed"] = left
        taken = [memory | {"scope": scope.id} for memory in memories if activity_id in ("", memory["activity"])] + taken
        if not scope.task_spec.element.triggered_by_event:
            return taken
        scope = scope.parent


def _give_back(execution: Execution, memories: list[Memory]) -> None:
    for memory in reversed(memories):
        scope = execution.tasks.get(memory.pop("scope"))
        if scope is not None:
            scope.internal_data.setdefault("completed", []).insert(0, memory)


def _hold(execution: Execution, parent: Task, memories: list[Memory]) -> Task:
    holder = execution.spawn(execution.spec_of(SPEC_NAME), parent, undoing=memories)
    holder._set_state(TaskState.STARTED)
    return holder


def _undo_next(holder: Task) -> bool:
    """Begin to undo what completed last, or all rounds that ran side by side; False when all is undone."""
    memories: list[Memory] = holder.internal_data["undoing"]
    begun = False
    while memories and (not begun or "side_by_side" in holder.internal_data):
        begun = _undo(holder, memories.pop()) or begun
    return begun


def _undo(holder: Task, memory: Memory) -> bool:
    """Begin to undo one activity; False when there is nothing to do for it (a new version of the process may undo less)."""
    execution: Execution = holder.workflow
    process: Process = holder.task_spec.process
    handler = None if "rounds" in memory else process.compensation_handler(memory["activity"])
    inside = memory.get("rounds") or memory.get("inside", [])
    if handler is None and not inside:
        return False
    execution.effects.record("CompensationStarted", memory["activity"], memory["run"], handler=None if handler is None else handler.id)
    inner = _hold(execution, holder, [] if handler is not None else inside)
    loop = process.elements[memory["activity"]].loop
    if "rounds" in memory and loop is not None and loop.kind == "parallel":
        inner.internal_data["side_by_side"] = True
    inner.internal_data["undoes"] = {key: memory[key] for key in ("activity", "run", "scope") if key in memory}
    inner.internal_data["kept"] = "rounds" if "rounds" in memory else "inside"
    inner.data.update(memory.get("variables", {}))
    if handler is None:
        if not _undo_next(inner):
            execution.remove(inner)
        return inner.id in execution.tasks
    inner.internal_data["completed"] = inside  # for what the handler itself may throw
    execution.enter(handler.id, inner)
    return True


# -- another version of the process ---------------------------------------------------------------------------------


def activities(execution: Execution) -> set[str]:
    """Ids of all activities that may still have to be undone."""
    found: set[str] = set()
    open_ = [memory for task in execution.tasks.values() for key in _REMEMBERED for memory in task.internal_data.get(key, [])]
    while open_:
        memory = open_.pop()
        found.add(memory["activity"])
        open_ += memory.get("inside", []) + memory.get("rounds", [])
    return found


def rename(task: Task, names: Mapping[str, str]) -> None:
    """The process goes on in another version: what is remembered gets the names it has there; what is not there cannot be undone any more."""
    for key in _REMEMBERED:
        if key in task.internal_data:
            task.internal_data[key] = _renamed(task.internal_data[key], names)
    if undone := task.internal_data.get("undoes"):
        undone["activity"] = names.get(undone["activity"], undone["activity"])


def _renamed(memories: list[Memory], names: Mapping[str, str]) -> list[Memory]:
    found = []
    for memory in memories:
        if memory["activity"] in names:
            inner = {key: _renamed(memory[key], names) for key in ("inside", "rounds") if key in memory}
            found.append(memory | inner | {"activity": names[memory["activity"]]})
    return found
