"""Joins that can never complete: a drawing in which a token is waited for that nothing can send any more."""

from collections.abc import Iterator, Mapping

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import OpsbookError
from engine.ids import new_id
from engine.runtime.execution.execution import Execution, is_token
from engine.runtime.execution.gateways import JoiningGatewaySpec


class JoinBlocked(OpsbookError):
    """No token can come any more on a flow that a join waits for."""

    code = "OPS-502"


def report_deadlocks(execution: Execution) -> None:
    """With all tokens at rest: open an incident at each join that can never complete; settle that of a join that can again, or is left."""
    known: dict[str, str] = execution.task_tree.internal_data.get("blocked", {})
    blocked = dict(_blocked_joins(execution))
    for element_id in blocked.keys() - known.keys():
        known[element_id] = new_id()
        execution.report(blocked[element_id], _error(blocked[element_id]), id=known[element_id], kind="join")
    for element_id in known.keys() - blocked.keys():
        execution.effects.incidents_settled.append(known.pop(element_id))
        execution.effects.record("IncidentResolved", element_id)
    if known:
        execution.task_tree.internal_data["blocked"] = known
    else:
        execution.task_tree.internal_data.pop("blocked", None)


def rename(execution: Execution, names: Mapping[str, str]) -> None:
    """The process goes on in another version: the incidents that are open belong to the elements of that one."""
    internal = execution.task_tree.internal_data
    if "blocked" in internal:
        internal["blocked"] = {names.get(element_id, element_id): incident for element_id, incident in internal["blocked"].items()}


def _blocked_joins(execution: Execution) -> Iterator[tuple[str, Task]]:
    """(element id, a token that waits there) of each."""
    waiting = execution.live(lambda task: isinstance(task.task_spec, JoiningGatewaySpec) and task.state == TaskState.WAITING)
    for scope in {token.parent.id: token.parent for token in waiting}.values():
        here = [token for token in waiting if token.parent is scope]
        blocked = {token.task_spec.element.id: token for token in here}
        others = {child.task_spec.element.id for child in scope.children if is_token(child) and child not in here}
        moving = others & execution.spec.process.elements.keys()
        # A join may be freed by a token that waits at another join, if that one can complete: look again until nothing changes.
        while freed := {name for name, token in blocked.items() if token.task_spec.may_complete(token, moving)}:
            moving |= freed
            blocked = {name: token for name, token in blocked.items() if name not in freed}
        yield from blocked.items()


def _error(token: Task) -> JoinBlocked:
    spec = token.task_spec
    elements = spec.process.elements
    flows = [f"“{elements[flow.source].label}”出来的连线“{flow.name or flow.id}”" for flow in spec.missing(token)]
    named = [f"“{flow.name or flow.id}” from “{elements[flow.source].label}”" for flow in spec.missing(token)]
    return JoinBlocked(
        f"“{spec.element.label}”还在等{'、'.join(flows)}，但已没有任何工作能走到那里，案例停住了。"
        "请把令牌移到它之后继续，或取消案例，并改正流程图（没走的分支请用包容网关合并）。",
        f"“{spec.element.label}” still waits for the flow {', '.join(named)}, but no work is left that could get there: the case is stuck. "
        "Move the token behind it or cancel the case, and correct the diagram (branches that need not run are joined by an inclusive gateway).",
        element_id=spec.element.id,
    )
