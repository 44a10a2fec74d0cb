"""Planning and applying an operation. A plan is the operation itself, carried out and rolled back, so that it cannot promise what does not come."""

from typing import Any, Protocol

from engine.errors import Conflict, InvalidInput
from engine.runtime.engine import Engine
from engine.runtime.operations import outcome
from engine.runtime.operations.outcome import Outcome
from engine.runtime.step import Step

#: Longest reason that is kept.
MAX_REASON = 4_000


class Operation(Protocol):
    """Something a person does to a case."""

    @property
    def instance_id(self) -> str:
        """The instance it is for."""

    def carry_out(self, step: Step, reason: str) -> None:
        """Do it, within a step that has locked the case.

        Raises:
            OpsbookError: it cannot be done; the step is rolled back.
        """


def plan(engine: Engine, operation: Operation, actor: str | None = None) -> Outcome:
    """What an operation would do now: what it closes, opens and changes. Nothing is kept.

    Raises:
        OpsbookError: whatever `apply` would raise now.
    """
    with engine.step(actor, rehearsed=True) as step:
        return _perform(step, operation, "?", None)


def apply(engine: Engine, operation: Operation, *, actor: str | None, reason: str, expected: int | None = None) -> Outcome:
    """Carry an operation out, in one transaction; returns what it did.

    The reason is obligatory and goes into the history. `expected` is the `revision` of the plan that the person has seen; without it the
    operation is done whatever has happened since.

    Raises:
        InvalidInput: no reason.
        NotFound: no such case.
        Conflict: the case has changed since, or is not in a state for this.
    """
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise InvalidInput(
            f"请写明原因（1 到 {MAX_REASON} 个字）。", f"Please give a reason (1 to {MAX_REASON} characters).", length=len(reason)
        )
    with engine.step(actor) as step:
        return _perform(step, operation, reason, expected)


def _perform(step: Step, operation: Operation, reason: str, expected: int | None) -> Outcome:
    root_id: Any = step.open(operation.instance_id).row["root_id"]
    before = outcome.snapshot(step, {root_id})
    if expected is not None and before.revision != expected:
        raise Conflict(
            "这个案例在您预览之后有了变动，什么也没有做。请重新预览。",
            "This case has changed since you looked; nothing was done. Please look at the preview again.",
            id=operation.instance_id,
        )
    operation.carry_out(step, reason)
    step.finish()
    after = outcome.snapshot(step, {instance.row["root_id"] for instance in step.instances.values()})
    return outcome.difference(operation.instance_id, before, after, step)
