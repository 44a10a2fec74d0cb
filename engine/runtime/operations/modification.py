"""Moving tokens of a running instance: cancel, start before or after an element, take a flow (Camunda 7's process instance modification)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from SpiffWorkflow.task import Task

from engine.diagrams.model import Element, SequenceFlow
from engine.errors import InvalidInput
from engine.runtime import hierarchy
from engine.runtime.execution import moving, rounds
from engine.runtime.execution.execution import Execution, is_token
from engine.runtime.execution.moving import CannotMove
from engine.runtime.instances import refuse_reserved
from engine.runtime.step import Step

Kind = Literal["cancel", "start_before", "start_after", "start_transition"]


@dataclass(frozen=True)
class Instruction:
    """One move of a token.

    `cancel` takes all runs of `element_id`, or the one run `element_instance_id` (the instance's own id: everything). It takes what was there
    before the modification, never what another instruction of it starts. `start_before` and `start_after` name an element,
    `start_transition` a flow.
    """

    kind: Kind
    element_id: str | None = None
    element_instance_id: str | None = None
    flow_id: str | None = None
    ancestor_element_instance_id: str | None = None  #: the scope to start in, where several run
    variables: dict[str, Any] = field(default_factory=dict)  #: set in the scope before the start
    local_variables: dict[str, Any] = field(default_factory=dict)  #: of the new token alone

    def told(self) -> dict[str, Any]:
        """As the history keeps it: without what it does not say."""
        return {name: value for name, value in asdict(self).items() if value not in (None, {})}


@dataclass(frozen=True)
class Modify:
    """Moves tokens of one running instance.

    The instructions are carried out in their order, then the case runs on. A sub-process that loses its last token is cancelled at once: start
    the new token before cancelling the old one to keep it. An instance without a token in the end is cancelled; a called one
    takes the activity that called it along (as in Camunda 7).
    """

    instance_id: str
    instructions: tuple[Instruction, ...]

    def carry_out(self, step: Step, reason: str) -> None:
        """Move the tokens.

        Raises:
            Conflict: the instance is suspended or has ended.
            CannotMove: an instruction makes no sense here.
        """
        instance = step.open_active(self.instance_id)
        if not self.instructions:
            raise InvalidInput("没有要做的改动。", "There is nothing to do.")
        self._refuse_reserved()
        execution = instance.execution
        told = execution.effects.record(
            "CaseModified",
            reason=reason,
            instructions=[instruction.told() for instruction in self.instructions],
            before=moving.positions(execution),
        ).data
        follow(execution, self.instructions, reason)
        hierarchy.end_if_empty(step, instance)
        step.run()
        told["after"] = moving.positions(execution)

    def _refuse_reserved(self) -> None:
        for instruction in self.instructions:
            refuse_reserved(instruction.variables | instruction.local_variables)


def follow(execution: Execution, instructions: tuple[Instruction, ...], reason: str) -> None:
    """Carry out instructions on an execution, in order, without running it.

    Raises:
        CannotMove: the first that cannot be carried out.
    """
    cancelled = {number: _runs(execution, item) for number, item in enumerate(instructions) if item.kind == "cancel"}
    for number, instruction in enumerate(instructions):
        if instruction.kind == "cancel":
            for task in cancelled[number]:
                if task.id in execution.tasks:
                    moving.take_away(task)
        else:
            _start(execution, instruction, reason)


def _runs(execution: Execution, instruction: Instruction) -> list[Task]:
    if instruction.element_instance_id is not None:
        return [_run(execution, instruction.element_instance_id)]
    element = _element(execution, instruction.element_id)
    if element.id == execution.task_tree.task_spec.element.id:
        return [execution.task_tree]
    found = moving.runs_of(execution, element.id)
    if not found:
        raise CannotMove(
            f"“{element.label}”现在没有在运行，没有可取消的。",
            f"“{element.label}” is not active; there is nothing to cancel.",
            element_id=element.id,
        )
    return found


def _run(execution: Execution, element_instance_id: str) -> Task:
    if element_instance_id == execution.instance_id:
        return execution.task_tree
    task = execution.tasks.get(element_instance_id)
    if task is None:
        raise CannotMove(
            f"节点运行 {element_instance_id} 不在这个案例里，或已经结束。",
            f"The element run {element_instance_id} is not in this instance, or has ended.",
            element_instance_id=element_instance_id,
        )
    if not is_token(task):
        label = task.task_spec.element.label
        raise CannotMove(
            f"“{label}”只是在等待事件，不能单独取消；请取消它所属的活动或网关。",
            f"“{label}” only waits for its event and cannot be cancelled by itself; cancel the activity or gateway it belongs to.",
            element_id=task.task_spec.element.id,
            element_instance_id=element_instance_id,
        )
    return task


def _start(execution: Execution, instruction: Instruction, reason: str) -> None:
    ancestor = None if instruction.ancestor_element_instance_id is None else _run(execution, instruction.ancestor_element_instance_id)
    place, scope_id = _place(execution, instruction)
    if instruction.variables:
        adds_round = ancestor is not None and rounds.is_body(ancestor) and ancestor.task_spec.element.id == instruction.element_id
        ancestor = ancestor if adds_round else moving.scope_for(execution, scope_id, ancestor)
        execution.assign(ancestor, instruction.variables, reason=reason)
    place(ancestor)


def _place(execution: Execution, instruction: Instruction) -> tuple[Callable[[Task | None], None], str]:
    """(what puts the token there, the scope it is put in)."""
    local = instruction.local_variables
    if instruction.kind == "start_before":
        element = _element(execution, instruction.element_id)
        if not element.scope:
            raise CannotMove("请选流程里面的一个节点。", "Choose an element inside the process.", element_id=element.id)
        if execution.spec.process.only_undoes(element):
            raise CannotMove(
                f"“{element.label}”只用来撤销（补偿）别的活动，不能单独开始；请从抛出补偿的事件开始。",
                f"“{element.label}” only undoes another activity and cannot be started by itself; start the event that throws compensation.",
                element_id=element.id,
            )
        return lambda ancestor: moving.start_before(execution, element, ancestor, local), moving.scope_id_of(execution, element)
    flow = _flow(execution, instruction.flow_id) if instruction.kind == "start_transition" else _only_exit(execution, instruction)
    return lambda ancestor: moving.take_flow(execution, flow, ancestor, local), execution.spec_of(flow.source).element.scope


def _only_exit(execution: Execution, instruction: Instruction) -> SequenceFlow:
    element = _element(execution, instruction.element_id)
    flows = execution.spec.process.outgoing.get(element.id, [])
    if len(flows) != 1:
        raise CannotMove(
            f"“{element.label}”有 {len(flows)} 条出线，无法在它之后开始；请选一条出线，或在后面的节点之前开始。",
            f"“{element.label}” has {len(flows)} outgoing flows; choose one of them, or start before an element behind it.",
            element_id=element.id,
            flow_ids=[flow.id for flow in flows],
        )
    only: SequenceFlow = flows[0]
    return only


def _element(execution: Execution, element_id: str | None) -> Element:
    process = execution.spec.process
    if element_id is None or (element_id != process.id and element_id not in process.elements):
        raise CannotMove(
            f"流程“{process.name}”没有节点 {element_id}。",
            f"The process “{process.name}” has no element {element_id}.",
            element_id=element_id,
        )
    return execution.spec_of(element_id).element


def _flow(execution: Execution, flow_id: str | None) -> SequenceFlow:
    flow: SequenceFlow | None = execution.spec.process.flows.get(flow_id or "")
    if flow is None:
        raise CannotMove(
            f"流程“{execution.spec.process.name}”没有连线 {flow_id}。",
            f"The process “{execution.spec.process.name}” has no sequence flow {flow_id}.",
            flow_id=flow_id,
        )
    return flow
