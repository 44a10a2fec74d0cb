"""Rounds: parallel and sequential multi-instance and the standard loop (BPMN 2.0 §13.3.6, §13.3.7).

The body is a task of the activity whose children are the rounds; its counters are `nrOfInstances`, `nrOfActiveInstances` and
`nrOfCompletedInstances`, each round has `loopCounter` from 0 (as in Camunda 7) and the element variable.
"""

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import InvalidInput
from engine.feel import to_json
from engine.runtime.execution.execution import Execution

if TYPE_CHECKING:
    from engine.runtime.execution.activities import ActivitySpec

#: More rounds than this in one multi-instance is a mistake in the data, not a procedure.
MAX_ROUNDS = 1_000


def is_body(task: Task) -> bool:
    """Whether a task holds rounds."""
    return "rounds" in task.internal_data


def is_round(task: Task) -> bool:
    """Whether a task is one round."""
    return "round" in task.internal_data


def open_rounds(spec: "ActivitySpec", body: Task) -> bool | None:
    """Start the first round, or all of a parallel multi-instance; True if there is nothing to do."""
    execution: Execution = body.workflow
    loop = spec.element.loop
    if loop is None:
        return True
    state = body.internal_data["rounds"]
    state.update(started=0, completed=0, outputs=[])
    if loop.kind == "standard":
        state["total"] = _maximum(spec, body)
        if loop.test_before and not _loop_goes_on(spec, body):
            return True
        _start_round(spec, body, None)
        return None
    items = _items(spec, body)
    state["total"] = len(items)
    if not items:
        _store_outputs(spec, body)
        return True
    if loop.kind == "sequential":
        state["items"] = items
        _start_round(spec, body, items[0])
    else:
        for item in items:
            _start_round(spec, body, item)
    return None if body.id in execution.tasks else True


def round_completed(spec: "ActivitySpec", task: Task) -> None:
    """One round ended: count it, collect its output, and go on, or complete the body."""
    execution: Execution = task.workflow
    body = task.parent
    loop = spec.element.loop
    state = body.internal_data["rounds"]
    if output := spec.element.properties.get("opsbook:outputElement"):
        state["outputs"].append([task.internal_data["round"], execution.surroundings.evaluate_json(output, execution.context(task))])
    spec.record_left(task)
    state["completed"] += 1
    _count(body)
    done = loop is not None and loop.completion_condition and _completion_holds(spec, body, task)
    execution.remove(task)
    if not done:
        if loop is not None and loop.kind == "standard":
            if state["started"] < state["total"] and _loop_goes_on(spec, body):
                _start_round(spec, body, None)
                return
        elif state["completed"] + state.get("removed", 0) < state["total"]:
            if "items" in state:
                _start_round(spec, body, state["items"][state["started"]])
            return
    _store_outputs(spec, body)
    for rest in list(body.children):
        if is_round(rest):
            execution.cancel_task(rest)
    body.data.clear()
    if body.has_state(TaskState.STARTED):
        body.complete()


def _items(spec: "ActivitySpec", body: Task) -> list[Any]:
    execution: Execution = body.workflow
    loop = spec.element.loop
    context = execution.context(body)
    if loop is not None and loop.collection:
        text = loop.collection
        items = execution.surroundings.resolve(text, context) if text.startswith(("=", "$")) else context.get(text)
        if isinstance(items, dict):
            items = list(items.values())
        if items is None or isinstance(items, str | int | float | bool):
            raise InvalidInput(
                f"“{spec.element.label}”的多实例集合“{text}”不是列表。",
                f"The collection “{text}” of “{spec.element.label}” is not a list.",
                element_id=spec.element.id,
            )
    else:
        number = execution.surroundings.evaluate_json(loop.cardinality if loop else "0", context)
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise InvalidInput(
                f"“{spec.element.label}”的循环次数应为非负整数，得到 {number!r}。",
                f"The cardinality of “{spec.element.label}” must be a whole number, not {number!r}.",
                element_id=spec.element.id,
            )
        items = [None] * min(number, MAX_ROUNDS + 1)
    if len(items) > MAX_ROUNDS:
        raise InvalidInput(
            f"“{spec.element.label}”要运行超过 {MAX_ROUNDS} 次。",
            f"“{spec.element.label}” would run more than {MAX_ROUNDS} times.",
            element_id=spec.element.id,
        )
    return list(items)


def add_round(spec: "ActivitySpec", body: Task) -> Task:
    """One more round of a body, put there by hand; the caller starts it. A body that has just been opened gets its only round."""
    state = body.internal_data["rounds"]
    kind = spec.element.loop.kind if spec.element.loop else "parallel"
    if not state:
        state.update(started=0, completed=0, outputs=[], total=_maximum(spec, body) - 1 if kind == "standard" else 0)
        if kind == "sequential":
            state["items"] = [None]
    state["total"] += 1
    return _new_round(spec, body, None)


def round_removed(body: Task) -> None:
    """A round of a parallel multi-instance was taken away by hand: it counts as started, not as completed (as in Camunda 7)."""
    state = body.internal_data["rounds"]
    state["removed"] = state.get("removed", 0) + 1
    _count(body)


def _start_round(spec: "ActivitySpec", body: Task, item: Any) -> None:
    spec._update(_new_round(spec, body, item))


def _new_round(spec: "ActivitySpec", body: Task, item: Any) -> Task:
    execution: Execution = body.workflow
    state = body.internal_data["rounds"]
    number = state["started"]
    state["started"] += 1
    task = execution.spawn(spec, body, round=number)
    task.data["loopCounter"] = number
    if spec.element.loop is not None and spec.element.loop.element_variable:
        task.data[spec.element.loop.element_variable] = item
    _count(body)
    return task


def _count(body: Task) -> None:
    state = body.internal_data["rounds"]
    body.data.update(
        nrOfInstances=state["total"],
        nrOfCompletedInstances=state["completed"],
        nrOfActiveInstances=state["started"] - state["completed"] - state.get("removed", 0),
    )


def _completion_holds(spec: "ActivitySpec", body: Task, task: Task) -> bool:
    execution: Execution = body.workflow
    condition = spec.element.loop.completion_condition if spec.element.loop else ""
    result, _ = execution.surroundings.condition(condition, execution.context(task))
    return result


def _loop_goes_on(spec: "ActivitySpec", body: Task) -> bool:
    execution: Execution = body.workflow
    loop = spec.element.loop
    if loop is None or not loop.condition:
        return True
    context = {**execution.context(body), "loopCounter": body.internal_data["rounds"]["started"]}
    return execution.surroundings.condition(loop.condition, context)[0]


def _maximum(spec: "ActivitySpec", body: Task) -> int:
    execution: Execution = body.workflow
    text = spec.element.loop.maximum if spec.element.loop else ""
    if not text:
        return MAX_ROUNDS
    return min(int(to_json(execution.surroundings.evaluate(text, execution.context(body)))), MAX_ROUNDS)


def _store_outputs(spec: "ActivitySpec", body: Task) -> None:
    execution: Execution = body.workflow
    if name := spec.element.properties.get("opsbook:outputCollection"):
        outputs = [value for _, value in sorted(body.internal_data["rounds"]["outputs"], key=lambda pair: pair[0])]
        execution.assign(body.parent, {name: outputs}, body)
