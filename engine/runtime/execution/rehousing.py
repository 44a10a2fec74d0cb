"""Puts what is alive in an execution into another version of its process: tokens, scopes and what watches them."""

from collections.abc import Mapping

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.model import Process
from engine.runtime import state
from engine.runtime.execution import compensation, deadlocks, rounds
from engine.runtime.execution.compile import ProcessSpec
from engine.runtime.execution.execution import Execution, is_token
from engine.runtime.execution.gateways import EventBasedGatewaySpec, JoiningGatewaySpec

#: Elements that wait for their event in the flow, and can do so anew.
_CATCHING = frozenset(("intermediateCatchEvent", "receiveTask"))


def rehouse(old: Execution, spec: ProcessSpec, targets: Mapping[str, str], renewed: frozenset[str]) -> Execution:
    """The execution in a new version; the old one is used up.

    Every token must have a target (see migration's validation). Watchers without one stop watching; those that are new begin to; of those in
    `renewed` (source element ids) the trigger is computed anew, all others go on waiting for what they waited for.
    """
    flows = {token.id: flow_in(old, token, spec.process, targets) for token in arrivals(old)}
    again = _stop_watching(old, targets, renewed)
    names = {**targets, old.spec.process.id: spec.process.id}
    new = state.load(state.save(old), spec, old.instance_id, old.business_key, old.surroundings, names)
    new.effects = old.effects
    deadlocks.rename(new, targets)
    for task in new.tasks.values():
        compensation.rename(task, targets)
    for token_id, flow_id in flows.items():
        if token_id in new.tasks and flow_id is not None:
            new.tasks[token_id].internal_data["flow"] = flow_id
    _watch(new, frozenset(targets.values()) - {targets[element_id] for element_id in again})
    for token in list(new.tasks.values()):
        if token.id in new.tasks and is_token(token) and old.tasks[token.id].task_spec.element.id in renewed and _waits_in_flow(token):
            _wait_anew(new, token)
    for token in arrivals(new):
        if token.id in new.tasks and token.has_state(TaskState.WAITING):
            token.task_spec._update(token)  # the new gateway may need fewer arrivals
    return new


def arrivals(execution: Execution) -> list[Task]:
    """Tokens that wait at a join for others."""
    return [
        task
        for task in execution.tasks.values()
        if isinstance(task.task_spec, JoiningGatewaySpec) and task.state == TaskState.WAITING and is_token(task)
    ]


def flow_in(execution: Execution, token: Task, target: Process, targets: Mapping[str, str]) -> str | None:
    """The flow of the new version on which a waiting token counts as arrived: from the same element, by preference of the same id."""
    flow_id = token.internal_data["flow"]
    gateway = targets.get(token.task_spec.element.id, "")
    incoming = target.incoming.get(gateway, [])
    old = execution.spec.process.flows.get(flow_id)
    source = targets.get(old.source) if old is not None else None
    same = [flow.id for flow in incoming if flow.source == source]
    return flow_id if flow_id in same else next(iter(same), None)


def _stop_watching(old: Execution, targets: Mapping[str, str], renewed: frozenset[str]) -> frozenset[str]:
    """Cancel the watchers without a target, and those to be armed anew; returns the elements of the latter."""
    again = set()
    for task in list(old.tasks.values()):
        element_id = task.task_spec.element.id
        if is_token(task) or (element_id in targets and element_id not in renewed):
            continue
        if element_id in targets:
            again.add(element_id)
        old.cancel_task(task)
    return frozenset(again)


def _watch(new: Execution, known: frozenset[str]) -> None:
    """Arm what the new version watches and the old one did not know; an event that had happened already is known, and does not come back."""
    process = new.spec.process
    for task in list(new.tasks.values()):
        if not task.has_state(TaskState.STARTED) or not is_token(task) or task.internal_data.get("leaving"):
            continue
        element_id = task.task_spec.element.id
        watchers: list[tuple[str, dict[str, str]]] = []
        if not rounds.is_round(task):
            watchers += [(boundary.id, {}) for boundary in process.boundaries.get(element_id, [])]
        if not rounds.is_body(task):
            watchers += [
                (start.id, {}) for sub_process in process.event_sub_processes(element_id) for start in process.start_events(sub_process.id)
            ]
        if isinstance(task.task_spec, EventBasedGatewaySpec):
            watchers += [(flow.target, {"flow": flow.id}) for flow in process.outgoing.get(element_id, [])]
        for watcher_id, internal in watchers:
            spec = new.spec_of(watcher_id)
            if spec.watches and watcher_id not in known:
                spec.arm(new.spawn(spec, task, watch=True, **internal))


def _waits_in_flow(token: Task) -> bool:
    return token.task_spec.element.type in _CATCHING and "armed" in token.internal_data


def _wait_anew(new: Execution, token: Task) -> None:
    scope, element_id, flow_id = token.parent, token.task_spec.element.id, token.internal_data.get("flow")
    new.cancel_task(token)
    new.enter(element_id, scope, flow_id)
