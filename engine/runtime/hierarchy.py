"""What cancelling from outside means between a called instance and its caller (Camunda 7: propagated upwards while nothing else is left)."""

from engine.runtime.execution import moving
from engine.runtime.execution.effects import Ended
from engine.runtime.step import OpenInstance, Step


def end_if_empty(step: Step, instance: OpenInstance) -> None:
    """Cancel an instance that has lost its last token; a called one takes the activity that called it along."""
    row, execution = instance.row, instance.execution
    if not moving.is_empty(execution.task_tree):
        return
    if row["parent_id"] is None:
        execution.end(Ended("cancelled"))
    else:
        take_call_away(step, instance)


def take_call_away(step: Step, called: OpenInstance) -> None:
    """Cancel the activity that called an instance, and the instance with it (Camunda 7: cancellation from outside)."""
    caller = step.open_active(called.row["parent_id"], called.row["root_id"])
    call = caller.execution.tasks.get(called.row["parent_element_instance_id"])
    if call is not None:
        moving.take_away(call)
        end_if_empty(step, caller)
