"""Restarting a case that is over, as a new one that is linked to it; the closed record stays closed."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select

from engine.errors import Conflict, InvalidInput
from engine.runtime import state
from engine.runtime.execution import moving
from engine.runtime.operations.modification import Instruction, follow
from engine.runtime.step import Step
from engine.storage.tables import Event, ProcessInstance


@dataclass(frozen=True)
class Restart:
    """Begins a finished case again: a new case with the old one's key and variables, by the same version unless another is named.

    The new case's first event names the old one (`restarted_from`), and the old one gets the event CaseRestarted with the new one's id.
    """

    instance_id: str
    instructions: tuple[Instruction, ...] = ()  #: where to begin; none: at the start event
    variables: Literal["initial", "last"] = "last"
    definition_id: str | None = None
    keeps_business_key: bool = True

    def carry_out(self, step: Step, reason: str) -> None:
        """Start the new case.

        Raises:
            Conflict: the case still runs, or was called by another.
            InvalidInput: nothing says where to begin, or the instructions cancel something.
        """
        old = step.open(self.instance_id)
        row = old.row
        if row["ended_at"] is None:
            raise Conflict(
                "这个案例还没有结束，不能重启；可以移动它的节点。", "This case still runs; move its tokens instead.", id=row["id"]
            )
        if row["parent_id"] is not None:
            raise Conflict(
                "这是被调用的流程，请重启整个案例。", "This process was called by another; restart the whole case.", id=row["id"]
            )
        if any(instruction.kind == "cancel" for instruction in self.instructions):
            raise InvalidInput("重启时没有可取消的节点。", "In a restart there is nothing to cancel.")
        compiled = step.surroundings.catalog.process(self.definition_id or row["process_definition_id"])
        if compiled.definition.key != row["process_key"]:
            raise InvalidInput(
                "只能用同一流程的版本重启。", "A case restarts with a version of its own process.", definition=self.definition_id
            )
        values = self._variables(step)
        key = row["business_key"] if self.keeps_business_key else None
        new = step.create(compiled, values, key, restarted_from=row["id"], reason=reason)
        if self.instructions:
            moving.open_without_start(new.execution, values)
            follow(new.execution, self.instructions, reason)
        elif any(start.event is None or start.event.kind == "none" for start in compiled.spec.process.start_events(row["process_key"])):
            new.execution.start(None, values)
        else:
            raise InvalidInput(
                "这个流程由消息或时间启动，请选从哪个节点开始。",
                "This process is started by a message or a timer; choose the element to begin at.",
            )
        old.execution.effects.record(
            "CaseRestarted",
            instance_id=new.row["id"],
            definition=compiled.definition.id,
            variables=self.variables,
            instructions=[instruction.told() for instruction in self.instructions],
            reason=reason,
        )

    def _variables(self, step: Step) -> dict[str, Any]:
        if self.variables == "initial":
            table = Event.__table__
            started = select(table.c.data).where(table.c.instance_id == self.instance_id, table.c.type == "InstanceStarted")
            return dict(step.session.scalars(started).one()["variables"])
        content = step.session.scalars(select(ProcessInstance.runtime_state).where(ProcessInstance.id == self.instance_id)).one()
        return state.variables_of(content)
