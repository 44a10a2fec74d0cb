"""Correcting variables of a running instance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import InvalidInput
from engine.runtime.instances import refuse_reserved
from engine.runtime.step import Step


@dataclass(frozen=True)
class SetVariables:
    """Writes and removes variables, of the process or of one scope in it; conditional events look at the new values at once."""

    instance_id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    scope: str | None = None  #: an element run, to set its own variables; None for the process

    def carry_out(self, step: Step, reason: str) -> None:
        """Write, record each change, run on.

        Raises:
            Conflict: the instance is not running.
            InvalidInput: a reserved name, or no such scope.
        """
        refuse_reserved(dict(self.values))
        execution = step.open_active(self.instance_id).execution
        holder = execution.task_tree if self.scope in (None, self.instance_id) else execution.tasks.get(self.scope)
        if holder is None:
            raise InvalidInput(
                f"节点运行 {self.scope} 不在这个案例里，或已经结束。",
                f"The element run {self.scope} is not in this instance, or has ended.",
                element_instance_id=self.scope,
            )
        for name in self.removed:
            execution.remove_variable(holder, name, reason)
        execution.assign(holder, dict(self.values), reason=reason, local=True)
