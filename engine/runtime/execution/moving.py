"""Moves tokens by hand: takes them away, and puts them before, behind or on the way between elements (Camunda 7's modification)."""

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.model import Element, SequenceFlow
from engine.errors import InvalidInput
from engine.runtime.execution import rounds
from engine.runtime.execution.element import ElementSpec
from engine.runtime.execution.events import watch_event_sub_processes
from engine.runtime.execution.execution import Execution, is_token
from engine.runtime.execution.gateways import JoiningGatewaySpec


class CannotMove(InvalidInput):
    """A token cannot be taken from or put where somebody wants it; the message says why and what to do instead."""

    code = "OPS-140"


# -- looking ---------------------------------------------------------------------------------------------------------


def runs_of(execution: Execution, element_id: str) -> list[Task]:
    """Everything alive of an element: a multi-instance counts as one, tokens that wait at a gateway count each."""
    return [
        task
        for task in execution.tasks.values()
        if task.task_spec.element.id == element_id and is_token(task) and not rounds.is_round(task)
    ]


def resting(execution: Execution) -> list[Task]:
    """The tokens that stand somewhere, without the scopes around them."""
    return [
        task
        for task in execution.tasks.values()
        if task is not execution.task_tree and is_token(task) and not any(is_token(child) for child in task.children)
    ]


def positions(execution: Execution) -> list[dict[str, str]]:
    """Where the tokens stand, for the history."""
    return [{"element_id": task.task_spec.element.id, "element_instance_id": task.id} for task in resting(execution)]


def scope_id_of(execution: Execution, element: Element) -> str:
    """The scope in which an element starts; the start event of an event sub-process watches the scope around that."""
    around = execution.spec_of(element.scope).element
    return around.scope if around.triggered_by_event and element.type == "startEvent" else element.scope


def is_empty(scope: Task) -> bool:
    """Whether a scope has no token left."""
    return not any(is_token(child) for child in scope.children)


# -- taking away -----------------------------------------------------------------------------------------------------


def take_away(task: Task) -> None:
    """End an element run before its time, and with it the scopes that it would leave empty; the process itself stays, perhaps empty."""
    execution: Execution = task.workflow
    if task is execution.task_tree:
        _cancel(execution, [child for child in task.children if is_token(child)])
        return
    while task.parent is not execution.task_tree and _is_alone(task):
        task = task.parent
    body = task.parent if rounds.is_round(task) else None
    _cancel(execution, [task])
    if body is not None:
        rounds.round_removed(body)


def _is_alone(task: Task) -> bool:
    return [child.id for child in task.parent.children if is_token(child)] == [task.id]


def _cancel(execution: Execution, tasks: Iterable[Task]) -> None:
    for task in tasks:
        execution.cancel_task(task)


# -- putting ---------------------------------------------------------------------------------------------------------


def open_without_start(execution: Execution, variables: dict[str, Any]) -> None:
    """Begin a process without a token, to put one somewhere."""
    execution.open_root(variables)
    execution.spec.start.keep_initiator(execution.task_tree)
    watch_event_sub_processes(execution.spec.start, execution.task_tree)


def start_before(execution: Execution, element: Element, ancestor: Task | None, local: dict[str, Any]) -> None:
    """Put a token, with variables of its own, before an element; scopes that are not there are opened, without their start events.

    `ancestor` is the scope to begin in, or the body of the element's own multi-instance to add a round; None: the only one there is.

    Raises:
        CannotMove: the scope is ambiguous or not around the element.
    """
    spec = execution.spec_of(element.id)
    if ancestor is not None and ancestor.task_spec is spec and rounds.is_body(ancestor):
        round_ = _added_round(spec, ancestor)
        round_.data.update(local)
        spec._update(round_)
        return
    scope = scope_for(execution, scope_id_of(execution, element), ancestor)
    if element.triggered_by_event or scope_id_of(execution, element) != element.scope:
        _start_event_sub_process(execution, element, scope)
        return
    if element.type == "boundaryEvent" and (host := _only_host(scope, element)) is not None:
        execution.spec_of(element.id).caught(host, {})
        return
    token = execution.spawn(spec, scope)
    token.data.update(local)
    if flow := _arrival(spec, token):
        token.internal_data["flow"] = flow
    spec._update(token)


def take_flow(execution: Execution, flow: SequenceFlow, ancestor: Task | None, local: dict[str, Any]) -> None:
    """Put a token on a sequence flow, so that it arrives at the flow's target.

    Raises:
        CannotMove: as for `start_before`.
    """
    scope = scope_for(execution, execution.spec_of(flow.source).element.scope, ancestor)
    execution.effects.record("FlowTaken", flow.source, None, flow_id=flow.id, target=flow.target)
    spec = execution.spec_of(flow.target)
    token = execution.spawn(spec, scope, flow=flow.id)
    token.data.update(local)
    spec._update(token)


def scope_for(execution: Execution, scope_id: str, ancestor: Task | None) -> Task:
    """The run of a scope in which to put a token: the only one there is, the one inside `ancestor`, or a new one.

    Raises:
        CannotMove: there are several and none was named, or the one named is not around the element.
    """
    root = execution.task_tree
    if ancestor is not None and ancestor.task_spec.element.id == scope_id:
        return _opened_round(ancestor) if rounds.is_body(ancestor) else ancestor
    if scope_id == root.task_spec.element.id:
        if ancestor is None:
            return root
        label = ancestor.task_spec.element.label
        raise CannotMove(
            f"“{label}”（{ancestor.id}）不在要开始的节点之外层，请选包含它的子流程。",
            f"“{label}” ({ancestor.id}) is not around the element to start; name a sub-process that contains it.",
            element_instance_id=ancestor.id,
        )
    if ancestor is None:
        alive = [task for task in execution.tasks.values() if task.task_spec.element.id == scope_id and _is_open_scope(task)]
        if len(alive) > 1:
            label = execution.spec_of(scope_id).element.label
            raise CannotMove(
                f"“{label}”有 {len(alive)} 个正在运行，请指明在哪一个里开始：{'、'.join(task.id for task in alive)}。",
                f"There are {len(alive)} runs of “{label}”; name the one to start in: {', '.join(task.id for task in alive)}.",
                element_id=scope_id,
                element_instance_ids=[task.id for task in alive],
            )
        if alive:
            return alive[0]
    return _open_scope(execution, scope_id, ancestor)


def _is_open_scope(task: Task) -> bool:
    return bool(task.has_state(TaskState.STARTED)) and is_token(task) and not rounds.is_body(task) and "job" not in task.internal_data


def _open_scope(execution: Execution, scope_id: str, ancestor: Task | None) -> Task:
    spec = execution.spec_of(scope_id)
    parent = scope_for(execution, spec.element.scope, ancestor)
    if spec.element.triggered_by_event:
        start = spec.process.start_events(scope_id)[0]
        opened: Task = execution.spec_of(start.id).open_event_sub_process(parent)
        return opened
    scope = execution.spawn(spec, parent, **({"rounds": {}} if spec.element.loop else {}))
    scope._set_state(TaskState.STARTED)
    spec.begin(scope)
    spec.arm_boundary_events(scope)
    return _opened_round(scope) if rounds.is_body(scope) else _set_up(spec, scope)


def _opened_round(body: Task) -> Task:
    spec = body.task_spec
    scope = _added_round(spec, body)
    scope._set_state(TaskState.STARTED)
    spec.begin(scope)
    return _set_up(spec, scope)


def _set_up(spec: ElementSpec, scope: Task) -> Task:
    spec.map_inputs(scope)
    watch_event_sub_processes(spec, scope)
    return scope


def _added_round(spec: Any, body: Task) -> Task:
    loop = spec.element.loop
    if "job" in body.internal_data or (body.internal_data["rounds"] and loop.kind != "parallel"):
        raise CannotMove(
            f"“{spec.element.label}”是逐个运行的多实例（或正有异常），不能加一个；请取消它再重新开始。",
            f"“{spec.element.label}” runs one after the other (or has an incident), so no round can be added; cancel it and start it anew.",
            element_id=spec.element.id,
        )
    return rounds.add_round(spec, body)


def _start_event_sub_process(execution: Execution, element: Element, scope: Task) -> None:
    """Its event happens: an interrupting one ends everything else in the scope."""
    start = element if element.type == "startEvent" else execution.spec.process.start_events(element.id)[0]
    execution.spec_of(start.id).caught(scope, {})


def _only_host(scope: Task, element: Element) -> Task | None:
    """The activity that a boundary event watches, if exactly one run of it is in the scope: then the event happens to it."""
    hosts = [child for child in scope.children if child.task_spec.element.id == element.attached_to and is_token(child)]
    return hosts[0] if len(hosts) == 1 else None


def _arrival(spec: ElementSpec, token: Task) -> str | None:
    """As which arrival a token counts that is put before a join: the first incoming flow on which none waits."""
    incoming = spec.process.incoming.get(spec.element.id, [])
    if not isinstance(spec, JoiningGatewaySpec) or len(incoming) < 2:
        return None
    waiting = spec.waiting(token)
    return next((flow.id for flow in incoming if flow.id not in waiting), incoming[0].id)
